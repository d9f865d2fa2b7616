"""Files of captions: encodings, formats told apart, damage."""

import time
from pathlib import Path

import pytest

from src.media.caption_file import read_captions
from src.media.probe import UnreadableFile

SUBRIP = "1\n00:00:01,000 --> 00:00:02,000\nÜber “alles”\n"
HEAD = """\
[Script Info]
Title: a title
PlayResX: 1080
PlayResY: 1920

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: Default,Inter,60,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,2,1,2,10,10,40,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
EVENT = "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,One\n"


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "captions.bin"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_by_its_mark_or_as_utf8(tmp_path: Path, encoding: str) -> None:
    read = read_captions(written(tmp_path, SUBRIP.replace("\n", "\r\n").encode(encoding)))
    assert [line.text for event in read.events for line in event.lines] == ["Über “alles”"]
    assert read.warnings == ()


def test_what_is_not_utf8_is_read_as_windows_1252_and_told(tmp_path: Path) -> None:
    read = read_captions(written(tmp_path, SUBRIP.encode("cp1252")))
    assert [line.text for event in read.events for line in event.lines] == ["Über “alles”"]
    (warning,) = read.warnings
    assert "Windows-1252" in warning


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no caption"),
        (b"  \n", "no caption"),
        (b"WEBVTT\n\nNOTE nothing\n", "no caption"),
        (HEAD.encode(), "no caption"),
        (b"just some words\n", "line 1: neither SubRip"),
        (b"\xff\xfe\x00", "neither UTF-8 nor"),
        (b"a\x00b", "U\\+0000"),
        (b"\x89PNG\r\n\x1a\n\x81\x8d", "neither UTF-8 nor"),
        (b"1\n00:00:02,000 --> 00:00:01,000\nx", "line 2: it ends"),
        (HEAD.encode() + b"Dialogue: 0,when,0:00:02.00,Default,,0,0,0,,x\n", "line 12: cannot be read"),
        (HEAD.encode() + b"Dialogue: 0,-0:00:01.00,0:00:02.00,Default,,0,0,0,,x\n", "begins before the film"),
        (
            HEAD.replace("Layer, Start, End", "Start, End, Layer").encode() + EVENT.encode(),
            "line 11: its fields",
        ),
        (HEAD.replace(",60,", ",1e300,").encode() + EVENT.encode(), "a number beyond"),
        (HEAD.replace(",60,", ",nan,").encode() + EVENT.encode(), "a number beyond"),
    ],
)
def test_a_damaged_file_is_told_with_its_line(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        read_captions(written(tmp_path, content))


def test_a_script_is_read_in_one_spelling(tmp_path: Path) -> None:
    text = (
        HEAD
        + EVENT
        + "Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not seen\n"
        + (
            "Dialogue: 5,0:00:03.00,0:00:03.00,Default,,0,0,0,,never\n"
            "Dialogue: 2,0:00:03.00,0:00:04.00,Default,Ann,1,2,3,,{\\fnPoppins\\move(1,2,3,4)}Two\n"
        )
    )
    read = read_captions(written(tmp_path, text))
    script = read.script
    assert script is not None
    assert script.size == (1080, 1920)
    assert script.families == ("Inter", "Poppins")
    assert "Title" not in script.head
    assert "Style: Default,Inter,60,&H00FFFFFF" in script.head
    assert [(event.layer, event.rest, event.changes_ms, event.is_placed) for event in script.events] == [
        (0, "Default,,0,0,0,,One", (), False),
        (2, "Default,Ann,1,2,3,,{\\fnPoppins\\move(1,2,3,4)}Two", ((0, 1000),), True),
    ]
    assert [event.lines[0].text for event in read.events] == ["One", "Two"]


def test_too_large_a_script_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="more than 20,000 events"):
        read_captions(written(tmp_path, HEAD + EVENT * 20_001))
    with pytest.raises(UnreadableFile, match="more than 20,000 characters"):
        read_captions(written(tmp_path, HEAD + EVENT.strip() + "x" * 20_000))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "[" + "a" * 1_000_000, "line 12: a heading of more"),
        (
            HEAD + ("Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,x\n") * 400_000,
            "more than 20,000 events",
        ),
        (HEAD + (EVENT.strip() + "x" * 19_000 + "\n") * 300, "in all events together"),
        (HEAD.replace(",60,", f",{'9' * 100_000},") + EVENT, "a number beyond"),
        ("1\n" + "9" * 1_000_000 + ":00 --> 00:00:01,000\nx", "line 2"),
    ],
    ids=["heading", "events", "text", "number", "time"],
)
def test_a_bomb_is_refused_at_once(tmp_path: Path, text: str, told: str) -> None:
    started = time.process_time()
    with pytest.raises(UnreadableFile, match=told):
        read_captions(written(tmp_path, text))
    assert time.process_time() - started < 10


def test_an_attached_font_is_unpacked(tmp_path: Path) -> None:
    content = bytes(range(256)) * 3 + b"ab"
    padded = content + bytes(-len(content) % 3)
    sixes = [
        int.from_bytes(padded[at : at + 3], "big") >> shift & 63
        for at in range(0, len(padded), 3)
        for shift in (18, 12, 6, 0)
    ]
    packed = "".join(chr(six + 33) for six in sixes)[: -(-len(content) * 8 // 6)]
    lines = "\n".join(packed[at : at + 80] for at in range(0, len(packed), 80))
    read = read_captions(written(tmp_path, f"{HEAD}{EVENT}\n[Fonts]\nfontname: own_0.ttf\n{lines}\n"))
    assert read.script is not None
    assert [(font.name, font.content) for font in read.script.fonts] == [("own_0.ttf", content)]
