"""Small pictures of frames: of the right colours, and not too many."""

import io
import threading

import numpy as np
import pytest
from PIL import Image

from src.media.colour import rgb_to_yuv
from src.pipeline.liveview import LiveView

#: Columns of a test card: the colours that BT.601 and full range would show otherwise.
COLORS = [(191, 0, 0), (0, 191, 0), (0, 0, 191), (191, 191, 0), (16, 16, 16), (255, 255, 255)]


def card(width: int, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Draw columns of one colour each."""
    columns = np.repeat(np.array(COLORS, np.uint8), width // len(COLORS), axis=0)
    return np.broadcast_to(columns, (height, width, 3)).copy()


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((1080, 1920), (270, 480)),
        ((1920, 1080), (480, 270)),
        ((60, 40), (60, 40)),
        ((2160, 3840), (270, 480)),
    ],
)
def test_a_picture_shows_the_colours_of_its_frame(size: tuple[int, int], small: tuple[int, int]) -> None:
    shown: list[bytes] = []
    LiveView(shown.append).offer(rgb_to_yuv(card(*size)))
    with Image.open(io.BytesIO(shown[0])) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", small)
        for index, color in enumerate(COLORS):
            middle = ((2 * index + 1) * small[0] // (2 * len(COLORS)), small[1] // 2)
            assert picture.getpixel(middle) == pytest.approx(color, abs=6)


def test_the_frame_stays_as_it_is() -> None:
    frame = rgb_to_yuv(card(120, 160))
    before = [plane.copy() for plane in frame]
    LiveView(lambda jpeg: None).offer(frame)
    assert all(np.array_equal(*planes) for planes in zip(frame, before, strict=True))


def test_one_picture_in_a_period_is_shown() -> None:
    frame, seldom, often = rgb_to_yuv(card(60, 80)), list[bytes](), list[bytes]()
    for shown, period_seconds in ((seldom, 3600.0), (often, 0.0)):
        view = LiveView(shown.append, period_seconds)
        for _ in range(3):
            view.offer(frame)
    assert (len(seldom), len(often)) == (1, 3)


def test_threads_do_not_wait_for_each_other() -> None:
    frame, shown = rgb_to_yuv(card(60, 80)), list[bytes]()

    def show(jpeg: bytes) -> None:
        # Another thread paints meanwhile; it would wait for ever if offering waited.
        other = threading.Thread(target=view.offer, args=(frame,))
        other.start()
        other.join()
        shown.append(jpeg)

    view = LiveView(show, 0.0)
    view.offer(frame)
    assert len(shown) == 1
