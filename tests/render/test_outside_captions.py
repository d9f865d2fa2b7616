"""Captions from a file on real frames: in the job's style, or as their author styled them."""

import contextlib
import json
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from src.errors import RejectedJob
from src.media import libass
from src.media.colour import yuv_to_rgb
from src.media.fonts import font_file
from src.media.libass import Canvas, ScriptDrawings, ScriptNotDrawn, drawing_command
from src.media.script_fonts import ScriptFonts, gather_fonts
from src.models.job import parse_job
from src.models.subtitles import AttachedFont
from src.pipeline import film as pipeline
from src.pipeline.preview import preview_frame
from src.pipeline.request import Request
from src.settings import Settings
from src.store.cache import DiskCache
from tests.conftest import LoggedErrors

Rgb8 = npt.NDArray[np.uint8]
SMALL = {"width": 180, "height": 320, "fps": 10}
GRAY = {"type": "color", "color": "#808080"}
HEAD = """\
[Script Info]
PlayResX: 180
PlayResY: 320

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: A,Inter,40,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,0,0,2,0,0,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
SQUARE = r"{\an7\pos(%d,%d)\p1\1c&H%s&\1a&H%s&}m 0 0 l 40 0 40 40 0 40"


def event(start: str, end: str, text: str) -> str:
    return f"Dialogue: 0,0:00:{start},0:00:{end},A,,0,0,0,,{text}\n"


class Room:
    """A folder with jobs that are rendered in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    def request(self, text: str, **job: Any) -> Request:
        self._count += 1
        work_dir = self.folder / f"work-{self._count}"
        work_dir.mkdir()
        (self.folder / "captions.bin").write_text(text, encoding="utf-8")
        scenes = [{"duration": 3, "visuals": [GRAY]}]
        written = json.dumps({"output": SMALL, "captions": {"src": "captions.bin"}, "scenes": scenes} | job)
        cache = DiskCache(self.folder / "cache", 10**9, work_dir)
        film = self.folder / f"film-{self._count}.mp4"
        return Request(parse_job(written), self.folder, work_dir, film, Settings(workers=2), cache)

    def frames(self, text: str, **job: Any) -> list[Rgb8]:
        return [yuv_to_rgb(frame) for frame in pipeline.raw_frames(self.request(text, **job))]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> ScriptFonts:
    return gather_fonts((), (), tmp_path_factory.mktemp("fonts"))


def is_drawn(frame: Rgb8) -> bool:
    return bool((np.abs(frame.astype(int) - 128) > 12).any())


def test_colours_and_translucency_are_right(room: Room) -> None:
    """White stays white, half of a colour is half of it, also of one that has no green."""
    squares = [(0, "FFFFFF", "00"), (40, "000000", "00"), (80, "0000FF", "80"), (120, "FF00FF", "40")]
    text = "".join(event("00.00", "03.00", SQUARE % (x, 100, color, alpha)) for x, color, alpha in squares)

    frame = room.frames(HEAD + text)[5]

    wanted = [(255, 255, 255), (0, 0, 0), (191, 64, 64), (223, 32, 223)]
    for (x, _, _), color in zip(squares, wanted, strict=True):
        assert frame[120, x + 20].astype(int) == pytest.approx(color, abs=5)
    assert frame[20, 20].astype(int) == pytest.approx((128, 128, 128), abs=2)


def test_edges_have_no_fringe(room: Room) -> None:
    """A gray letter over the same gray is not seen, neither its edges."""
    gray = HEAD.replace("&H00FFFFFF", "&H00808080")
    frame = room.frames(gray + event("00.00", "03.00", "Whales"))[5]
    assert np.abs(frame.astype(int) - 128).max() <= 3


def test_a_line_is_seen_on_its_frames_only(room: Room) -> None:
    frames = room.frames(HEAD + event("00.50", "01.20", SQUARE % (0, 0, "FFFFFF", "00")))
    assert [number for number, frame in enumerate(frames) if is_drawn(frame)] == list(range(5, 12))


def test_karaoke_fills_and_a_moving_line_moves_through_segments(room: Room) -> None:
    """The film is cut where its scenes meet: a line goes on there as if it was not."""
    scenes = [{"duration": 1.5, "visuals": [GRAY]}] * 2
    square = SQUARE.replace(r"\pos(%d,%d)", r"\move(0,0,140,0,0,3000)") % ("FFFFFF", "00")
    frames = room.frames(HEAD + event("00.00", "03.00", square), scenes=scenes)
    lefts = [int(np.flatnonzero(frame[20, :, 1] > 200)[0]) for frame in frames]
    assert lefts == pytest.approx([140 * number / 30 for number in range(30)], abs=1.5)


def test_a_preview_shows_the_frame_of_the_film(room: Room) -> None:
    text = HEAD + event("00.00", "03.00", r"{\k100}One {\k100}two {\k100}go")
    film = room.frames(text)[15]
    assert np.array_equal(preview_frame(room.request(text), 1.5), film)


def test_lines_keep_their_places_where_a_segment_begins(room: Room) -> None:
    """The second line was put above the first, and stays there when that has gone."""
    scenes = [{"duration": 1.5, "visuals": [GRAY]}] * 2
    text = HEAD + event("00.00", "01.40", "One") + event("00.50", "03.00", "Two")
    frames = room.frames(text, scenes=scenes)
    assert np.array_equal(frames[14], frames[29])


def test_families_are_found_and_a_missing_one_is_told(room: Room) -> None:
    def film_in(family: str) -> tuple[Rgb8, tuple[str, ...]]:
        text = HEAD.replace("Inter", family) + event("00.00", "03.00", "Whales")
        return room.frames(text)[5], pipeline.check(room.request(text))

    inter, no_warning = film_in("Inter")
    heavy, also_none = film_in("Montserrat ExtraBold")
    lost, warnings = film_in("Comic Sans MS")

    assert no_warning == also_none == ()
    assert warnings == ("captions.src: no font 'Comic Sans MS': another one is used; attach it",)
    assert np.count_nonzero(heavy[:, :, 1] > 200) > np.count_nonzero(inter[:, :, 1] > 200) * 1.3
    assert is_drawn(lost)


def test_an_attached_font_is_drawn_with(room: Room, fonts: ScriptFonts, tmp_path: Path) -> None:
    content = font_file("Inter").read_bytes()
    folder = tmp_path / "gathered"
    folder.mkdir()
    gathered = gather_fonts(
        [AttachedFont("../../own.ttf", content), AttachedFont("bad.ttf", b"no font")], [], folder
    )
    assert gathered.unusable == ("bad.ttf",)
    assert gathered.sha256 != fonts.sha256
    assert not (tmp_path / "own.ttf").exists()


def test_what_no_font_has_is_left_out_and_told(room: Room) -> None:
    """Emoji have colours of their own, which libass does not draw."""
    text = HEAD + event("00.00", "03.00", "One 😀")
    (warning,) = pipeline.check(room.request(text))
    assert "has 😀 (U+1F600); left out" in warning
    plain = HEAD + event("00.00", "03.00", "One ")
    assert np.array_equal(room.frames(text)[5], room.frames(plain)[5])


def test_a_script_of_another_shape_is_told(room: Room) -> None:
    wide = HEAD.replace("PlayResX: 180", "PlayResX: 1920").replace("PlayResY: 320", "PlayResY: 1080")
    (warning,) = pipeline.check(room.request(wide + event("00.00", "01.00", "One")))
    assert warning.startswith("captions.src: its places count in 1920 x 1080, the film has 180 x 320")


def test_sidecars_tell_what_a_script_says_and_hold_its_file(room: Room) -> None:
    text = HEAD + event("00.00", "01.00", r"{\k50}One{\k50} two") + event("00.50", "02.00", "three")
    sidecars = ["srt", "vtt", "ass", "words"]
    request = room.request(text, output={**SMALL, "sidecars": sidecars})

    result = pipeline.render(request, lambda _: None, threading.Event())

    told = {kind: Path(result.sidecars[kind]).read_text(encoding="utf-8") for kind in sidecars}
    assert told["ass"] == text
    assert "00:00:00,000 --> 00:00:01,000\nOne two\n" in told["srt"]
    assert "00:00:00,500 --> 00:00:02,000\nthree\n" in told["srt"]
    assert "One <00:00:00.500>two" in told["vtt"]
    assert [word["text"] for word in json.loads(told["words"])["words"]] == ["One", "two", "three"]


def test_captions_that_are_not_enabled_are_not_drawn(room: Room) -> None:
    captions = {"src": "captions.bin", "enabled": False}
    frames = room.frames(HEAD + event("00.00", "03.00", "One"), captions=captions)
    assert not any(map(is_drawn, frames))


def test_an_edit_of_one_line_renders_its_segment_only(room: Room) -> None:
    job = {"scenes": [{"duration": 2, "visuals": [GRAY]}] * 3}

    def film(word: str) -> Any:
        text = (
            HEAD
            + event("00.50", "01.50", "One")
            + event("02.50", "03.50", word)
            + event("04.50", "05.50", "x")
        )
        return pipeline.render(room.request(text, **job), lambda _: None, threading.Event()).cache

    assert film("two").segments_hit == 0
    again = film("three")
    assert (again.segments_hit, again.segments_total) == (again.segments_total - 1, again.segments_total)


@pytest.mark.parametrize("style", ["highlight", "karaoke"])
def test_subrip_is_drawn_in_the_style_of_the_job(room: Room, style: str) -> None:
    captions = {"src": "captions.bin", "style": style, "color": "#ffffff", "active_color": "#00ff00"}
    frames = room.frames("1\n00:00:01,000 --> 00:00:02,000\nOne <b>two</b>\n", captions=captions)
    assert [is_drawn(frame) for frame in (frames[9], frames[10], frames[19], frames[20])] == [
        *(False, True, True, False)
    ]
    green = frames[12].astype(int)
    assert ((green[:, :, 1] - green[:, :, 0]) > 90).any()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no caption"),
        ("1\n00:00:02,000 --> 00:00:01,000\nx\n", "line 2"),
        (HEAD + "Dialogue: 0,a,b,A,,0,0,0,,x\n", "line 11"),
    ],
)
def test_a_damaged_file_is_refused_before_anything_is_rendered(room: Room, text: str, told: str) -> None:
    with pytest.raises(RejectedJob, match=told) as refused:
        pipeline.check(room.request(text))
    assert (refused.value.code, refused.value.path) == ("unreadable_media", "captions.src")


HOSTILE = {
    "blur": r"{\blur1000000\be1000000\bord100000\fscx1000000\fscy1000000}x",
    "huge letters": r"{\fs1000000000}Whales\N{\fs-5}x",
    "drawing": r"{\p1\clip(1,m 0 0 l 1e9 -1e9 5 5 s 0 0)}" + "m 0 0 b " + "99999999 -99999999 " * 900,
    "nesting": "{" * 4000 + r"\t(" * 4000 + "x",
    "transforms": "{" + r"\t(0,1,\frx999999\fry9999\org(1e30,-1e30))" * 400 + "}x",
    "files": r"{\img(/etc/passwd)\1img(file:///etc/passwd)\fn/etc/passwd}x",
    "numbers": r"{\pos(nan,inf)\fscx-0\fsp1e308\k999999999\move(1,2)\fad(-1,99999999999)}x",
    "direction": "\u202e\u2066" * 2000 + "x",
    "marks": "a" + "\u0301" * 5000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_line_neither_breaks_nor_holds_up_a_film(
    room: Room, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libass, "_MOST_SECONDS", 8.0)
    monkeypatch.setattr(libass, "_MOST_SECONDS_A_FRAME", 0.0)
    with contextlib.suppress(ScriptNotDrawn):
        assert len(room.frames(HEAD + event("00.00", "00.30", HOSTILE[name]))) == 30


def test_what_takes_too_long_is_ended(fonts: ScriptFonts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libass, "_MOST_SECONDS", 0.0)
    monkeypatch.setattr(libass, "_MOST_SECONDS_A_FRAME", 0.0)
    canvas = Canvas(1080, 1920, Fraction(30), range(3000))
    text = HEAD + event("00.00", "59.00", r"{\t(0,59000,\frz9999)}Whales")
    with (
        ScriptDrawings(text, fonts.folder, canvas) as drawings,
        pytest.raises(ScriptNotDrawn, match="too long") as told,
    ):
        list(drawings.drawings())
    assert (told.value.code, told.value.path) == ("captions_not_drawn", "captions.src")


def test_time_that_the_film_takes_between_its_frames_is_not_the_scripts(
    fonts: ScriptFonts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libass, "_MOST_SECONDS", 8.0)
    monkeypatch.setattr(libass, "_MOST_SECONDS_A_FRAME", 0.0)
    # Frames that are drawn in far less time than there is.
    canvas = Canvas(540, 960, Fraction(30), range(6))
    text = HEAD + event("00.00", "09.00", r"{\t(0,9000,\fscx300)}" + "Whales sing at night " * 6)
    with ScriptDrawings(text, fonts.folder, canvas) as drawings:
        coming = drawings.drawings()
        first = next(coming)
        # An encoder at work: the program fills its pipe meanwhile, and waits.
        threading.Event().wait(8.2)
        assert len([first, *coming]) == 6


def test_a_program_that_breaks_is_told(
    fonts: ScriptFonts, monkeypatch: pytest.MonkeyPatch, logged_errors: LoggedErrors
) -> None:
    monkeypatch.setattr(libass, "_MOST_BYTES", 1024**2)
    monkeypatch.setattr(libass, "_MOST_BYTES_A_PIXEL", 0)
    with (
        ScriptDrawings(
            HEAD + event("00.00", "01.00", "x"), fonts.folder, Canvas(1080, 1920, Fraction(30), range(90))
        ) as d,
        pytest.raises(ScriptNotDrawn, match="ended"),
    ):
        list(d.drawings())


def test_nothing_of_a_job_stands_in_the_command(fonts: ScriptFonts) -> None:
    command = drawing_command("ffmpeg", Canvas(180, 320, Fraction(30000, 1001), [0, 1, 2, 9]))
    graph = command[command.index("-filter_complex") + 1]
    assert "ass=filename=script.ass" in graph
    assert r"select=between(n\,0\,2)+between(n\,9\,9)" in graph
    assert "1001000/30000" in graph
