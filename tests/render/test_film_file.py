"""Segments, join and inspection on real, tiny films."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from src.engines.encode import inspection
from src.engines.encode.join import join
from src.engines.encode.segments import SegmentEncoder
from src.engines.encode.watch import Thumbnails, thumbnail
from src.errors import FilmRejected, RenderFailed
from src.media.planes import Yuv
from src.media.sound import encode_aac
from src.models.timeline import EncoderPlan, Timeline
from src.plan.film import plan
from src.plan.segments import PlacedSegment, cut
from tests.synthetic import decoded_frames, tone
from tests.unit.plan.facts_for import facts_for, job_of

JOB = """{"output":{"width":96,"height":128,"fps":%s},"scenes":[{"duration":2,"visuals":[{"type":"color"}]},
    {"duration":1.5,"visuals":[{"type":"color","color":"#fff"}]}]}"""


def planned(fps: str = "30") -> Timeline:
    job = job_of(JOB.replace("%s", fps))
    return plan(job, facts_for(job))


def paint(number: int, out: Yuv) -> None:
    """Draw a block that stands somewhere else in every frame."""
    for plane, value in zip(out, (60, 128, 128), strict=True):
        plane.fill(value)
    x, y = number * 7 % 80, number * 11 % 110
    out.y[y : y + 16, x : x + 16] = 220


def written(placed: PlacedSegment, file: Path) -> Thumbnails:
    found = []
    with SegmentEncoder(file, placed.segment) as encoder:
        for frame in range(placed.segment.frames):
            paint(placed.start_frame + frame, encoder.canvas)
            found.append(thumbnail(encoder.canvas.y))
            encoder.write()
    return np.array(found)


class Film:
    """A finished film of its parts."""

    def __init__(self, folder: Path, timeline: Timeline) -> None:
        self.timeline = timeline
        self.file = folder / "film.mp4"
        placed = cut(timeline)
        self.segments = [folder / f"{index}.mp4" for index in range(len(placed))]
        parts = [written(part, file) for part, file in zip(placed, self.segments, strict=True)]
        self.thumbnails = np.concatenate(parts)
        self.sound = folder / "sound.m4a"
        encode_aac(tone(timeline.audio.samples / 48_000), self.sound)

    def join(self) -> None:
        join(self.segments, self.sound, self.timeline, self.file)

    def inspect(self) -> tuple[str, ...]:
        return inspection.inspect(self.file, self.timeline, self.thumbnails)


@pytest.mark.parametrize("fps", ["30", "29.97", "60", "12.5"])
def test_every_frame_stands_at_its_place(tmp_path: Path, fps: str) -> None:
    film = Film(tmp_path, planned(fps))
    film.join()
    assert film.inspect() == ()
    with av.open(str(film.file)) as container:
        times = [(frame.pts or 0) * (frame.time_base or Fraction(0)) for frame in container.decode(video=0)]
    assert times == [Fraction(n) / film.timeline.fps for n in range(film.timeline.frames)]
    expected = Yuv.empty(96, 128)
    for number, luma in enumerate(decoded_frames(film.file)):
        paint(number, expected)
        assert np.abs(luma.astype(int) - expected.y).mean() < 4


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    films = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        film = Film(tmp_path / name, planned())
        film.join()
        films.append(film.file.read_bytes())
    assert films[0] == films[1]


@pytest.mark.parametrize("preset", ["ultrafast", "superfast", "faster"])
def test_every_quality_is_h264_high(tmp_path: Path, preset: str) -> None:
    plan_ = planned().model_copy(update={"encoder": EncoderPlan(preset=preset, crf=22)})
    film = Film(tmp_path, plan_)
    film.join()
    assert film.inspect() == ()


def test_pictures_of_mere_noise_take_no_more_than_the_plan_allows(tmp_path: Path) -> None:
    noise = np.random.default_rng(1)
    bounded = planned().model_copy(update={"encoder": EncoderPlan(preset="superfast", crf=22, max_kbps=800)})
    placed, *_ = cut(bounded)
    with SegmentEncoder(tmp_path / "noise.mp4", placed.segment) as encoder:
        for _ in range(placed.segment.frames):
            encoder.canvas.y[:] = noise.integers(16, 235, encoder.canvas.y.shape, np.uint8)
            encoder.write()
    seconds = placed.segment.frames / 30
    # What the first second may take beyond its share is in the buffer.
    assert (tmp_path / "noise.mp4").stat().st_size < 800_000 / 8 * (seconds + 1) * 1.1


def test_segments_with_other_settings_are_not_joined(tmp_path: Path) -> None:
    film = Film(tmp_path, planned())
    other = cut(planned().model_copy(update={"encoder": EncoderPlan(preset="faster", crf=22)}))
    written(other[-1], film.segments[-1])
    with pytest.raises(RenderFailed, match="other settings"):
        film.join()


def test_a_missing_segment_is_noticed(tmp_path: Path) -> None:
    film = Film(tmp_path, planned())
    del film.segments[1]
    with pytest.raises(RenderFailed, match="the film needs 105"):
        film.join()


def _other_size(film: Film) -> None:
    film.timeline = film.timeline.model_copy(update={"width": 98})


def _more_frames(film: Film) -> None:
    film.timeline = film.timeline.model_copy(update={"frames": film.timeline.frames + 1})


def _other_rate(film: Film) -> None:
    film.timeline = film.timeline.model_copy(update={"fps_numerator": 25})


def _other_pictures(film: Film) -> None:
    film.thumbnails = 255 - film.thumbnails


def _cut_off(film: Film) -> None:
    film.file.write_bytes(film.file.read_bytes()[:20])


def _index_last(film: Film) -> None:
    with av.open(str(film.file)) as source, av.open(str(film.file.with_name("x.mp4")), "w") as out:
        streams = {s.index: out.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
    film.file.with_name("x.mp4").replace(film.file)


def _short_sound(film: Film) -> None:
    encode_aac(tone(2.0), film.sound)
    film.join()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_other_size, "frame size"),
        (_more_frames, "105 of 106 frames"),
        (_other_rate, "frame rate"),
        (_other_pictures, "not the picture that was composed"),
        (_cut_off, "no index"),
        (_index_last, "no faststart"),
        (_short_sound, "sound ends at 2.0"),
    ],
)
def test_a_wrong_film_is_not_handed_over(tmp_path: Path, spoil: Callable[[Film], None], told: str) -> None:
    film = Film(tmp_path, planned())
    film.join()
    spoil(film)
    with pytest.raises(FilmRejected, match=told):
        film.inspect()


def test_black_and_standing_pictures_are_told_unless_they_were_asked_for(tmp_path: Path) -> None:
    film = Film(tmp_path, planned())
    film.join()
    film.thumbnails = np.full_like(film.thumbnails, 60)
    film.thumbnails[30:75] = 16
    assert inspection._stretch_warnings(film.timeline, film.thumbnails) == (
        "the picture is black from 1.0 s for 1.5 s",
    )


def _fail_after_a_frame(file: Path) -> None:
    with SegmentEncoder(file, cut(planned())[0].segment) as encoder:
        encoder.write()
        raise ZeroDivisionError


def test_an_encoder_leaves_no_open_file_when_drawing_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_a_frame(tmp_path / "a.mp4")
