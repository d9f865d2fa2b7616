"""Captions that mark each word as it is spoken, as scripts usually write them for libass: an event a word.

libass takes the thinnest instance of a variable font; a stroke in the colour of the words makes up for it.
"""

from collections.abc import Iterator
from typing import Any

_HEADER = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, \
Shadow, Alignment, MarginL, MarginR, MarginV
Style: Caption,{family},{size},{color},{color},&H00000000,-1,1,{stroke},3,2,60,60,{vertical}

[Events]
Format: Layer, Start, End, Style, Text
"""


def substation(timeline: Any, family: str) -> str:
    """Write all captions of a timeline as Advanced SubStation Alpha."""
    look = timeline["look"]
    header = _HEADER.format(
        width=timeline["width"],
        height=timeline["height"],
        family=family,
        size=round(look["size_px"] * 1.22),
        color=_color(look["color"]),
        stroke=look["stroke_px"],
        vertical=round(timeline["height"] * 0.28),
    )
    return header + "".join(_events(timeline))


def _events(timeline: Any) -> Iterator[str]:
    """Yield an event from each word to the next, so that one of them is always on screen in a cue."""
    active = _color(timeline["look"]["active_color"])
    marked = f"{{\\c{active}&\\3c{active}&}}"
    fps = timeline["fps_numerator"] / timeline["fps_denominator"]
    for cue in timeline["cues"]:
        words = [word for line in cue["lines"] for word in line]
        borders = [cue["start_frame"], *(word["start_frame"] for word in words[1:]), cue["end_frame"]]
        for number in range(len(words)):
            span = f"{_clock(borders[number] / fps)},{_clock(borders[number + 1] / fps)}"
            yield f"Dialogue: 0,{span},Caption,{_text(cue, words[number], marked)}\n"


def _text(cue: Any, spoken: Any, marked: str) -> str:
    return r"\N".join(
        " ".join(f"{marked}{word['text']}{{\\r}}" if word is spoken else word["text"] for word in line)
        for line in cue["lines"]
    )


def _color(rgba: list[int]) -> str:
    red, green, blue = rgba[:3]
    return f"&H00{blue:02X}{green:02X}{red:02X}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"0:{int(minutes):02}:{rest:05.2f}"
