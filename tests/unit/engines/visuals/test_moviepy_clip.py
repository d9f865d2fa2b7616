"""MoviePy clips from registered factories."""

import sys
from collections.abc import Iterator
from fractions import Fraction
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from src.engines.visuals import moviepy_clip
from src.engines.visuals.moviepy_clip import cover_scaled, factories, open_moviepy
from src.errors import RenderFailed, UnknownName
from src.media.colour import yuv_of_rgb
from src.media.planes import Yuv
from src.models.timeline import MoviePySource, Shot

FPS = Fraction(10)
SIZE = (64, 96)


class _Clip:
    """A clip whose colour tells the time: red is tenths of a second."""

    def __init__(self, size: tuple[int, int], duration: float | None) -> None:
        self.duration = duration
        self.closed = False
        self._size = size

    def get_frame(self, t: float) -> npt.NDArray[np.generic]:
        width, height = self._size
        picture = np.zeros((height, width, 3))
        picture[:, :, 0] = round(t * 10) * 10
        return picture

    def close(self) -> None:
        self.closed = True


def _plain(*, size: tuple[int, int], duration: float) -> _Clip:
    return _Clip(size, duration)


def _short(*, size: tuple[int, int], duration: float) -> _Clip:
    return _Clip(size, duration / 2)


def _broken(*, size: tuple[int, int], duration: float) -> _Clip:
    raise ZeroDivisionError("no light")


def _grey(*, size: tuple[int, int], duration: float) -> _Clip:
    clip = _Clip(size, duration)
    clip.get_frame = lambda t: np.zeros((4, 4))  # type: ignore[method-assign]  # a clip gone wrong
    return clip


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType("clips_of_this_test")
    entries = []
    for factory in (_plain, _short, _broken, _grey):
        setattr(module, factory.__name__, factory)
        value = f"clips_of_this_test:{factory.__name__}"
        entries.append(EntryPoint(factory.__name__.strip("_"), value, moviepy_clip.GROUP))
    entries.append(
        EntryPoint("spotlight", "src.engines.visuals.moviepy_example:spotlight", moviepy_clip.GROUP)
    )
    entries.append(EntryPoint("absent", "no_such_module_anywhere:clip", moviepy_clip.GROUP))

    def installed(*, group: str) -> EntryPoints:
        return EntryPoints(entries).select(group=group)

    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(moviepy_clip, "entry_points", installed)
    moviepy_clip.factories.cache_clear()
    yield
    moviepy_clip.factories.cache_clear()


def _draw(factory: str, frame: int, params_json: str = "{}", *, own: int = 10, lead: int = 0) -> Yuv:
    picture = Yuv.empty(*SIZE)
    source = MoviePySource(factory=factory, params_json=params_json)
    shot = Shot(
        source=source,
        fit="cover",
        start_frame=0,
        frames=lead + own + 3,
        lead_frames=lead,
        tail_frames=3,
    )
    opened = open_moviepy(shot, source, SIZE, FPS)
    opened.draw(frame, picture)
    opened.close()
    return picture


def _color(picture: Yuv) -> tuple[int, int, int]:
    return int(picture.y[5, 5]), int(picture.u[5, 5]), int(picture.v[5, 5])


def test_factories_are_listed_without_importing_them() -> None:
    assert sorted(factories()) == ["absent", "broken", "grey", "plain", "short", "spotlight"]


def test_a_frame_is_the_clip_at_its_time() -> None:
    assert _color(_draw("plain", 7)) == pytest.approx(yuv_of_rgb((70, 0, 0)), abs=1)


@pytest.mark.parametrize(("frame", "own"), [(0, 0), (4, 0), (5, 1), (13, 9), (15, 9)])
def test_a_clip_plays_in_the_own_time_of_its_shot_and_stands_in_its_handles(frame: int, own: int) -> None:
    shown = _color(_draw("plain", frame, lead=4))
    assert shown == pytest.approx(yuv_of_rgb((own * 10, 0, 0)), abs=1)


def test_a_clip_that_is_too_short_is_played_again() -> None:
    assert _color(_draw("short", 7)) == pytest.approx(yuv_of_rgb((20, 0, 0)), abs=1)


def test_an_unknown_factory_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownName, match="plain, short") as caught:
        _draw("neon", 0)

    assert "spotlight" in caught.value.known


@pytest.mark.parametrize(
    ("factory", "params_json", "reason"),
    [
        ("broken", "{}", "ZeroDivisionError: no light"),
        ("plain", '{"colour":"red"}', "unexpected keyword argument 'colour'"),
        ("plain", '{"duration":3}', "multiple values"),
        ("absent", "{}", "No module named 'no_such_module_anywhere'"),
        ("grey", "{}", r"shape \(4, 4\)"),
    ],
)
def test_a_broken_factory_is_named(factory: str, params_json: str, reason: str) -> None:
    with pytest.raises(RenderFailed, match=f"'{factory}'.*{reason}"):
        _draw(factory, 0, params_json)


@pytest.mark.parametrize("has", [(64, 96), (32, 48), (640, 96), (64, 960), (31, 17), (1, 1)])
def test_a_clip_of_another_size_covers_the_frame(has: tuple[int, int]) -> None:
    rgb = np.full((has[1], has[0], 3), 200, np.uint8)

    scaled = cover_scaled(rgb, SIZE)

    assert scaled.shape == (96, 64, 3)
    assert scaled.min() == 200


def test_a_wider_clip_loses_equal_parts_on_both_sides() -> None:
    rgb = np.zeros((96, 192, 3), np.uint8)
    rgb[:, 64:128] = 255

    assert cover_scaled(rgb, SIZE).min() == 255


class TestSpotlight:
    """The example factory, a real MoviePy clip."""

    PARAMS = '{"author":"Ada","color":"#40c0ff","text":"The more I study, the more insatiable I feel."}'

    def test_it_shows_bright_text_on_a_dark_wall(self) -> None:
        picture = _draw("spotlight", 8, self.PARAMS)

        assert picture.y.max() > 200
        assert float(np.median(picture.y)) < 110

    def test_text_fades_in(self) -> None:
        assert _draw("spotlight", 0, self.PARAMS).y.max() < _draw("spotlight", 8, self.PARAMS).y.max()

    def test_a_short_shot_without_an_author_works(self) -> None:
        assert _draw("spotlight", 0, '{"text":"Hi"}', own=1).y.size

    def test_a_very_long_text_is_set_smaller(self) -> None:
        long: dict[str, Any] = {"text": "word " * 80}
        clip = factories()["spotlight"].load()(size=(270, 480), duration=1.0, **long)

        frame = clip.get_frame(0.9)

        assert frame.shape == (480, 270, 3)
        assert frame[400:].max() < 150


def test_the_example_is_registered_by_this_distribution() -> None:
    installed = {entry.name: entry.value for entry in entry_points(group=moviepy_clip.GROUP)}

    assert installed.get("spotlight") == "src.engines.visuals.moviepy_example:spotlight"
