"""Captions as Advanced SubStation Alpha, in the look that they have in the film as far as it goes.

Source: ASS File Format Specification of libass; Aegisub manual, "ASS tags".
"""

from collections.abc import Iterator, Sequence

from ...media.fonts import family_named
from ...models.caption_plan import CaptionLook, Cue, CueWord
from ...models.colors import rgba_of
from ...models.planned import Rgba
from ...text.casing import cased
from .colors import outline_of
from .layout import safe_rect
from .text import joined_up

#: Height of a line against the size of its font: ASS gives the former, a film's look the latter.
_LINE_HEIGHT = 1.22
#: Font that a reader surely finds in place of a font file that only the job has.
_ANY_FAMILY = "Arial"
_ALIGNMENT = {"bottom": 2, "center": 5, "top": 8}
_ALIGNED = {"start": -1, "center": 0, "end": 1}
#: Kinds of border: an outline, or a box behind each line in the colour of the outline.
_OUTLINE, _OPAQUE_BOX = 1, 3
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
Style: Caption,{font},{size},{primary},{secondary},{outline},&H80000000,{bold},0,0,0,100,100,{spacing:g},0,\
{border},{stroke},{shadow},{alignment},{left},{right},{vertical},1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def substation(cues: Sequence[Cue], look: CaptionLook, width: int, height: int) -> str:
    """Write the captions with karaoke times; only words that fill do so smoothly."""
    return _header(look, width, height) + "".join(_event(cue, look) for cue in cues)


def _header(look: CaptionLook, width: int, height: int) -> str:
    area = safe_rect(width, height, look.safe_area)
    vertical = {"bottom": height - area.bottom, "center": 0, "top": area.top}
    family = family_named(look.font)
    is_boxed = look.box.kind != "none"
    outline = (*look.stroke_color[:3], look.color[3]) if look.stroke_color else outline_of(look.color)
    return _HEADER.format(
        width=width,
        height=height,
        font=family or _ANY_FAMILY,
        size=round(look.size_px * _LINE_HEIGHT),
        primary=_color(look.active_color if _is_marked(look) else look.color),
        secondary=_color(look.color),
        outline=_color(rgba_of(look.box.color) if is_boxed else outline),
        # The name of a packaged family holds its weight already.
        bold=0 if family else -1,
        spacing=round(look.size_px * look.tracking / 1000, 1),
        border=_OPAQUE_BOX if is_boxed else _OUTLINE,
        stroke=round(look.size_px * look.box.pad_y / 100) if is_boxed else look.stroke_px,
        shadow=_shadow_px(look),
        alignment=_ALIGNMENT[look.position] + _ALIGNED[look.align],
        left=area.left,
        right=width - area.right,
        vertical=vertical[look.position],
    )


def _is_marked(look: CaptionLook) -> bool:
    return look.mark.kind not in ("none", "underline", "glow")


def _shadow_px(look: CaptionLook) -> int:
    return 0 if look.shadow.kind == "none" else max(1, round(look.size_px / 24))


def _event(cue: Cue, look: CaptionLook) -> str:
    start_cs, end_cs = _cs(cue.start_ms), max(_cs(cue.end_ms), _cs(cue.start_ms) + 1)
    return f"Dialogue: 0,{_clock(start_cs)},{_clock(end_cs)},Caption,,0,0,0,,{_text(cue, look)}\n"


def _text(cue: Cue, look: CaptionLook) -> str:
    words = [word for line in cue.read_lines for word in line]
    look = look.model_copy(update={"language": cue.language or look.language})
    if _is_marked(look):
        parts = _sung(words, _cs(cue.start_ms), r"\kf" if look.mark.kind == "fill" else r"\k", look)
    else:
        parts = (_written(word, look) for word in words)
    return r"\N".join(joined_up(line, [next(parts) for _ in line]) for line in cue.read_lines)


def _sung(words: Sequence[CueWord], now_cs: int, tag: str, look: CaptionLook) -> Iterator[str]:
    """Give each word with its duration; silence before it becomes a syllable without text."""
    for word in words:
        start_cs, end_cs = max(now_cs, _cs(word.start_ms)), max(now_cs, _cs(word.end_ms))
        silence = rf"{{\k{start_cs - now_cs}}}" if start_cs > now_cs else ""
        yield rf"{silence}{{{tag}{end_cs - start_cs}}}{_written(word, look)}"
        now_cs = end_cs


def _written(word: CueWord, look: CaptionLook) -> str:
    """Write a word in its case; an emphasised one looks so before and after it is sung."""
    text = _safe(cased(word.written, look.casing, look.language))
    if not word.emphasised:
        return text
    color = f"&H{_color(look.emphasis_color)[4:]}&"
    begin, end = rf"\1c{color}\2c{color}", r"\1c\2c"
    if look.emphasis_percent != 100:
        begin += rf"\fscx{look.emphasis_percent}\fscy{look.emphasis_percent}"
        end += r"\fscx\fscy"
    if look.emphasis_font:
        begin, end = begin + rf"\fn{look.emphasis_font}", end + r"\fn"
    return f"{{{begin}}}{text}{{{end}}}"


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
