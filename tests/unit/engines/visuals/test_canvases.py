"""Prepared pictures: made once, forgotten when there are many, taken from a shelf when there is one."""

import threading
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor

from src.engines.visuals.canvases import Canvases
from src.media.planes import Yuv


class Shelf:
    """Keeps pictures in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[Hashable, Yuv] = {}

    def load(self, key: Hashable) -> Yuv | None:
        return self.kept.get(key)

    def keep(self, key: Hashable, picture: Yuv) -> None:
        self.kept[key] = picture


class Maker:
    """Makes pictures of 96 bytes and counts them."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> Yuv:
        self.made += 1
        return Yuv.filled(8, 8)


def test_threads_that_ask_at_the_same_time_get_the_same_picture() -> None:
    canvases, make, together = Canvases(), Maker(), threading.Barrier(8)

    def ask() -> Yuv:
        together.wait(60)
        return canvases.get("key", make)

    with ThreadPoolExecutor(8) as pool:
        pictures = [asked.result() for asked in [pool.submit(ask) for _ in range(8)]]
    assert make.made == 1
    assert all(picture is pictures[0] for picture in pictures)


def test_what_was_not_asked_for_the_longest_is_forgotten_first() -> None:
    canvases, make = Canvases(limit_bytes=2 * 96), Maker()
    for key in ("a", "b", "a", "c", "a"):
        canvases.get(key, make)
    assert make.made == 3
    canvases.get("b", make)
    assert make.made == 4


def test_one_picture_larger_than_the_limit_is_kept_while_it_is_the_last() -> None:
    canvases, make = Canvases(limit_bytes=10), Maker()
    canvases.get("a", make)
    canvases.get("a", make)
    assert make.made == 1


def test_a_shelf_is_asked_first_and_filled_after() -> None:
    shelf, make = Shelf(), Maker()
    first = Canvases(shelf).get("a", make)
    second = Canvases(shelf).get("a", make)
    assert make.made == 1
    assert first is second is shelf.kept["a"]
