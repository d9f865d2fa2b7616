"""Titles keep clear of the captions that are seen over them."""

from collections.abc import Sequence

from ..engines.subtitle.layout import safe_rect
from ..models.caption_plan import CaptionLook, Cue
from ..models.timeline import PPM, Shot, TitleSource

#: Height of a line of captions in sizes of its type, with what letters that reach far and boxes need.
_LINE_PERCENT = 135
#: What lies between a title and a caption, and around the letters of this, in sizes of the caption's type.
_CLEARANCE_PERCENT = 90


def clear_of_captions(
    shots: Sequence[Shot], cues: Sequence[Cue], look: CaptionLook, frame: tuple[int, int]
) -> tuple[Shot, ...]:
    """Tell each title which rows of a frame of (width, height) its own captions leave."""
    return tuple(_clear(shot, cues, look, frame) for shot in shots)


def _clear(shot: Shot, cues: Sequence[Cue], look: CaptionLook, frame: tuple[int, int]) -> Shot:
    if not isinstance(shot.source, TitleSource):
        return shot
    begin = shot.start_frame + shot.lead_frames
    end = begin + shot.own_frames
    lines = [
        len(cue.lines) + len(cue.free_lines)
        for cue in cues
        if cue.start_frame < end and cue.end_frame > begin
    ]
    if not lines:
        return shot
    top, bottom = _band(max(lines), look, frame)
    height = frame[1]
    rows = {"top_ppm": top * PPM // height, "bottom_ppm": bottom * PPM // height}
    return shot.model_copy(update={"source": shot.source.model_copy(update=rows)})


def _band(lines: int, look: CaptionLook, frame: tuple[int, int]) -> tuple[int, int]:
    """Find the first row, and the one after the last, of the larger part that lines of captions leave."""
    area = safe_rect(*frame, look.safe_area)
    line_px = look.size_px * max(look.line_height_percent, _LINE_PERCENT) // 100
    taken = lines * line_px + look.size_px * _CLEARANCE_PERCENT // 100
    clearance = look.size_px * _CLEARANCE_PERCENT // 200
    if look.position == "bottom":
        return 0, max(area.bottom - taken, area.top)
    if look.position == "top":
        return min(area.top + taken, area.bottom), frame[1]
    return area.top, max(frame[1] // 2 - taken // 2 - clearance, area.top)
