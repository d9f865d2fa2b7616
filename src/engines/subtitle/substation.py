"""Captions as Advanced SubStation Alpha, in the look that they have in the film as far as it goes.

Source: ASS File Format Specification of libass; Aegisub manual, "ASS tags".
"""

from collections.abc import Iterator, Sequence

from ...media.fonts import family_named
from ...models.timeline import CaptionLook, Cue, CueWord, Rgba
from .colors import outline_of
from .layout import safe_rect

#: Height of a line against the size of its font: ASS gives the former, a film's look the latter.
_LINE_HEIGHT = 1.22
#: Font that a reader surely finds in place of a font file that only the job has.
_ANY_FAMILY = "Arial"
_ALIGNMENT = {"bottom": 2, "center": 5, "top": 8}
_HEADER = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
ScaledBorderAndShadow: yes
WrapStyle: 2
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: Caption,{font},{size},{primary},{secondary},{outline},&H80000000,{bold},0,0,0,100,100,0,0,1,{stroke},\
{shadow},{alignment},{left},{right},{vertical},1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def substation(cues: Sequence[Cue], look: CaptionLook, width: int, height: int) -> str:
    """Write the captions with karaoke times; only the style `karaoke` fills its words smoothly."""
    return _header(look, width, height) + "".join(_event(cue, look) for cue in cues)


def _header(look: CaptionLook, width: int, height: int) -> str:
    area = safe_rect(width, height, look.safe_area)
    vertical = {"bottom": height - area.bottom, "center": 0, "top": area.top}
    family = family_named(look.font)
    return _HEADER.format(
        width=width,
        height=height,
        font=family or _ANY_FAMILY,
        size=round(look.size_px * _LINE_HEIGHT),
        primary=_color(look.color if look.style == "phrase" else look.active_color),
        secondary=_color(look.color),
        outline=_color(outline_of(look.color)),
        # The name of a packaged family holds its weight already.
        bold=0 if family else -1,
        stroke=look.stroke_px,
        shadow=max(1, round(look.size_px / 24)),
        alignment=_ALIGNMENT[look.position],
        left=area.left,
        right=width - area.right,
        vertical=vertical[look.position],
    )


def _event(cue: Cue, look: CaptionLook) -> str:
    start_cs, end_cs = _cs(cue.start_ms), max(_cs(cue.end_ms), _cs(cue.start_ms) + 1)
    return f"Dialogue: 0,{_clock(start_cs)},{_clock(end_cs)},Caption,,0,0,0,,{_text(cue, look)}\n"


def _text(cue: Cue, look: CaptionLook) -> str:
    if look.style == "phrase":
        return r"\N".join(" ".join(_safe(word.text) for word in line) for line in cue.lines)
    tag = r"\kf" if look.style == "karaoke" else r"\k"
    sung = _sung([word for line in cue.lines for word in line], _cs(cue.start_ms), tag)
    return r"\N".join(" ".join(next(sung) for _ in line) for line in cue.lines)


def _sung(words: Sequence[CueWord], now_cs: int, tag: str) -> Iterator[str]:
    """Give each word with its duration; silence before it becomes a syllable without text."""
    for word in words:
        start_cs, end_cs = max(now_cs, _cs(word.start_ms)), max(now_cs, _cs(word.end_ms))
        silence = rf"{{\k{start_cs - now_cs}}}" if start_cs > now_cs else ""
        yield rf"{silence}{{{tag}{end_cs - start_cs}}}{_safe(word.text)}"
        now_cs = end_cs


def _safe(text: str) -> str:
    # A word joiner after the backslash keeps it from being read as a command; braces cannot be escaped
    # everywhere.
    return text.replace("\\", "\\\u2060").replace("{", "(").replace("}", ")")


def _color(color: Rgba) -> str:
    red, green, blue, alpha = color
    return f"&H{255 - alpha:02X}{blue:02X}{green:02X}{red:02X}"


def _cs(ms: int) -> int:
    return (ms + 5) // 10


def _clock(cs: int) -> str:
    return f"{cs // 360_000}:{cs // 6000 % 60:02}:{cs // 100 % 60:02}.{cs % 100:02}"
