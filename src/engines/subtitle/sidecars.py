"""Caption files for other programs: SubRip, WebVTT, Advanced SubStation Alpha, and words as JSON.

Lines end with a line feed alone; write the text as UTF-8 without translating that.
"""

import json
import re
from collections.abc import Iterator, Sequence

from ...models.caption_plan import CaptionLook, Cue, CueWord
from ...models.output import SidecarKind
from .substation import substation
from .text import joined_up

#: What players take for a tag, or for an override in the manner of SubStation.
_SRT_TAG = re.compile(r"<(?=[/a-zA-Z])")
_OVERRIDE = re.compile(r"\{(?=\\)")
_COMMAND = re.compile(r"\\(?=[Nnh])")


def write(kind: SidecarKind, cues: Sequence[Cue], look: CaptionLook, width: int, height: int) -> str:
    """Write the captions of a film of this frame size as the text of one sidecar file."""
    match kind:
        case "srt":
            return subrip(cues)
        case "vtt":
            return webvtt(cues)
        case "ass":
            return substation(cues, look, width, height)
        case "words":
            return words_json(cues)


def subrip(cues: Sequence[Cue]) -> str:
    """Write SubRip: numbered captions, commas before the milliseconds.

    The format cannot escape anything: what would be read as a tag or an arrow is written with look-alikes.
    """
    blocks = []
    for number, cue in enumerate(cues, 1):
        lines = _whole_lines(cue)
        text = "\n".join(joined_up(line, [_plain(written) for written in _written(line)]) for line in lines)
        times = f"{_clock(cue.start_ms, ',')} --> {_clock(_end_ms(cue), ',')}"
        blocks.append(f"{number}\n{times}\n{text}\n")
    return "\n".join(blocks)


def _whole_lines(cue: Cue) -> Sequence[Sequence[CueWord]]:
    """Put words that are divided over lines together: players set lines of any length."""
    lines = list[list[CueWord]]()
    goes_on = False
    for line in cue.read_lines:
        whole = 0
        if goes_on:
            whole = next((at for at, word in enumerate(line, 1) if word.carried is None), len(line))
            lines[-1] += line[:whole]
        if line[whole:]:
            lines.append(list(line[whole:]))
        goes_on = bool(line) and line[-1].carried is not None
    return lines


def _written(line: Sequence[CueWord]) -> list[str]:
    """Write the words of a line; a hyphen stands only where one goes on in the next caption."""
    return [word.text for word in line[:-1]] + [word.written for word in line[-1:]]


def _plain(text: str) -> str:
    plain = _OVERRIDE.sub("(", _SRT_TAG.sub("\u2039", text.replace("-->", "→")))
    return _COMMAND.sub("\\\\\u2060", plain)


def webvtt(cues: Sequence[Cue]) -> str:
    """Write WebVTT with the time of each word.

    Source: W3C WebVTT, "WebVTT cue timestamp": it lies within the cue, and they increase.
    """
    blocks = ["WEBVTT\n"]
    for cue in cues:
        times = f"{_clock(cue.start_ms, '.')} --> {_clock(_end_ms(cue), '.')}"
        blocks.append(f"{times}\n{_vtt_lines(cue)}\n")
    return "\n".join(blocks)


def _vtt_lines(cue: Cue) -> str:
    latest_ms = cue.start_ms
    lines = []
    for line in _whole_lines(cue):
        pieces = []
        for word, written in zip(line, _written(line), strict=True):
            stamp = ""
            if latest_ms < word.start_ms < _end_ms(cue):
                stamp = f"<{_clock(word.start_ms, '.')}>"
                latest_ms = word.start_ms
            pieces.append(stamp + _escaped(written))
        lines.append(joined_up(line, pieces))
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words_json(cues: Sequence[Cue]) -> str:
    """Write every word with its times in seconds, its scene, and the caption that shows it first."""
    words = [
        {**_timed(parts), "scene": cues[number].scene, "cue": number} for number, parts in _whole_words(cues)
    ]
    rows = ",\n    ".join(json.dumps(word, ensure_ascii=False) for word in words)
    return '{\n  "words": [\n    ' + rows + "\n  ]\n}\n" if words else '{\n  "words": []\n}\n'


def _whole_words(cues: Sequence[Cue]) -> Iterator[tuple[int, list[CueWord]]]:
    """Put the parts of divided words together, with the number of the caption that they begin in."""
    parts = list[CueWord]()
    begun = 0
    for number, cue in enumerate(cues):
        for word in (word for line in cue.read_lines for word in line):
            begun = begun if parts else number
            parts.append(word)
            if word.carried is None:
                yield begun, parts
                parts = []


def _timed(parts: Sequence[CueWord]) -> dict[str, object]:
    text = "".join(part.text for part in parts)
    return {"text": text, "start": parts[0].start_ms / 1000, "end": parts[-1].end_ms / 1000}


def _end_ms(cue: Cue) -> int:
    # No program shows a caption of no length.
    return max(cue.end_ms, cue.start_ms + 1)


def _clock(ms: int, mark: str) -> str:
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{ms:03}"
