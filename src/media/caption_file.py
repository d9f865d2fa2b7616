"""Files of captions: told apart by what they hold, decoded, bounded, read."""

import codecs
from pathlib import Path

from ..models.subtitles import CaptionFile
from ..text.timed_text import DamagedText, subrip_events, webvtt_events
from .probe import UnreadableFile

#: Bytes of the largest file, for its attached fonts, and characters of the longest without such.
MOST_BYTES, MOST_CHARACTERS = 32 * 1024**2, 4 * 1024**2
#: Marks at the start of a file, and what they tell.
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: What programs on Windows wrote before UTF-8.
_OLD = "cp1252"


def read_captions(file: Path) -> CaptionFile:
    """Read a file of SubRip, WebVTT, SubStation Alpha or Advanced SubStation Alpha.

    Raises:
        UnreadableFile: it is none of them, or damaged; the message tells the line.
    """
    if file.stat().st_size > MOST_BYTES:
        raise UnreadableFile(
            f"more than {MOST_BYTES // 1024**2} MiB: captions of a film have some kilobytes", file
        )
    text, warnings = _decoded(file.read_bytes(), file)
    try:
        read = _read(text)
    except DamagedText as error:
        raise UnreadableFile(str(error), file) from error
    if not read.events and not (read.script and read.script.events):
        raise UnreadableFile("there is no caption in it", file)
    return read._replace(warnings=warnings + read.warnings)


def _decoded(data: bytes, file: Path) -> tuple[str, tuple[str, ...]]:
    """Decode by the mark at the start, or else as UTF-8, or else as Windows-1252, which is told."""
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", "utf-8"))
    warnings: tuple[str, ...] = ()
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        try:
            text = data.decode(_OLD) if not mark else ""
        except UnicodeDecodeError:
            text = ""
        if not text or "\0" in text:
            raise UnreadableFile(
                "neither UTF-8 nor UTF-16 nor Windows-1252: save it as UTF-8", file
            ) from error
        warnings = ("it is not UTF-8 and was read as Windows-1252; save it as UTF-8 if letters are wrong",)
    if "\0" in text:
        raise UnreadableFile("it is no text: it holds the character U+0000", file)
    return text.replace("\r\n", "\n").replace("\r", "\n"), warnings


def _read(text: str) -> CaptionFile:
    if text.startswith("WEBVTT"):
        _refuse_long(text)
        return CaptionFile(webvtt_events(text), None, ())
    if _is_substation(text):
        # SubRip and WebVTT do without the library.
        from .substation_file import read_substation

        return read_substation(text)
    if "-->" not in text and text.strip():
        raise DamagedText(1, "neither SubRip (.srt) nor WebVTT (.vtt) nor Advanced SubStation Alpha (.ass)")
    _refuse_long(text)
    return CaptionFile(subrip_events(text), None, ())


def _refuse_long(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise DamagedText(
            1, f"more than {MOST_CHARACTERS:,} characters: captions of a film have some thousands"
        )


def _is_substation(text: str) -> bool:
    head = text.lstrip()[:40].lower()
    return head.startswith(("[script info]", "[v4", "[events]", "; ", "!:"))
