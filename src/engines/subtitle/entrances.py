"""How a caption comes. A new entrance is a function here, named in `ENTRANCES` and in `EntranceKind`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ...media.planes import Sprite
from ...models.caption_style import Entrance, EntranceKind
from .geometry import Rect
from .paint import faded, moved, scaled

#: Share of the way after which something that comes into sight is all there.
_SEEN_AFTER = 0.6


class Arrival(NamedTuple):
    """How far a caption has come."""

    entrance: Entrance
    share: float
    """0-1 and, where the curve goes beyond its end, more."""
    size_px: int
    """Of the font."""
    area: Rect
    """What nothing may be drawn outside of."""
    is_rtl: bool


def _pop(picture: Sprite, arrival: Arrival) -> Sprite:
    start = arrival.entrance.scale / 100
    scale = start + (1 - start) * arrival.share
    if scale <= 1:
        return scaled(picture, scale)
    room_px = min(picture.x - arrival.area.left, arrival.area.right - picture.x - picture.color.size[0])
    return scaled(picture, min(scale, 1 + 2 * max(0, room_px) / picture.color.size[0]))


def _rise(picture: Sprite, arrival: Arrival) -> Sprite:
    return moved(_fade(picture, arrival), 0, (1 - arrival.share) * _distance_px(arrival))


def _slide(picture: Sprite, arrival: Arrival) -> Sprite:
    right_px = (1 - arrival.share) * _distance_px(arrival)
    return moved(_fade(picture, arrival), -right_px if arrival.is_rtl else right_px, 0)


def _fade(picture: Sprite, arrival: Arrival) -> Sprite:
    seen = arrival.share if arrival.entrance.kind == "fade" else arrival.share / _SEEN_AFTER
    return faded(picture, seen) if seen < 1 else picture


def _distance_px(arrival: Arrival) -> float:
    return arrival.entrance.distance * arrival.size_px / 100


ENTRANCES: Mapping[EntranceKind, Callable[[Sprite, Arrival], Sprite]] = MappingProxyType(
    {
        "none": lambda picture, _: picture,
        "pop": _pop,
        "rise": _rise,
        "fade": _fade,
        "slide": _slide,
    }
)
