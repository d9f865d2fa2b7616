"""How things move from where they start (0) to where they rest (1). A new curve is one line in `CURVES`."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ...models.caption_style import Easing

#: Strength of `back`: 3.0 goes a quarter beyond the end.
_BACK = 3.0


class Curve(NamedTuple):
    """A movement; `at` takes a share of time, 0-1, and gives one of the way."""

    at: Callable[[float], float]
    peak: float
    """The farthest that it goes: what rests at 1 may pass it on the way there."""


def _ease_out(share: float) -> float:
    return float(1 - (1 - share) ** 3)


def _back(share: float) -> float:
    """Go beyond the end and come back.

    Source: R. Penner, "back" easing out.
    """
    rest = share - 1
    return 1 + (_BACK + 1) * rest**3 + _BACK * rest**2


def _elastic(share: float) -> float:
    """Swing about the end, less and less: a damped spring, at rest when the time is over."""
    return 1 - math.exp(-5.5 * share) * math.cos(4 * math.pi * share) * (1 - share)


CURVES: Mapping[Easing, Curve] = MappingProxyType(
    {
        "linear": Curve(lambda share: share, 1.0),
        "ease_out": Curve(_ease_out, 1.0),
        "back": Curve(_back, 1.25),
        "elastic": Curve(_elastic, 1.22),
    }
)
