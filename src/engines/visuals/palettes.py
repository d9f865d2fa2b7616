"""Named palettes of the procedural backgrounds, from dark to light.

Each runs through at least two hues, so that light is never just a paler shadow, and ends in a colour that
is bright enough to glow yet is meant for highlights only: white captions stand in front.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ...models.planned import Rgb

#: Multiplier of Knuth's multiplicative hash (2**32 over the golden ratio): neighbouring seeds land far apart.
_GOLDEN = 2_654_435_761


def _colors(text: str) -> tuple[Rgb, ...]:
    return tuple((value >> 16, value >> 8 & 255, value & 255) for value in (int(h, 16) for h in text.split()))


#: Colours by palette name, dark to light.
PALETTES: Mapping[str, tuple[Rgb, ...]] = MappingProxyType(
    {
        "midnight": _colors("040615 0c1640 1f2f96 4a5fe0 8fa6ff e3e9ff"),
        "sunset": _colors("160a2b 43124f 962060 e8505b ff9a5a ffe2a8"),
        "ocean": _colors("020d1a 04324a 06637e 149aa6 62dcd0 dcfff6"),
        "forest": _colors("03100c 0a2f27 15604a 3d9b62 9fd37c f4f7c6"),
        "candy": _colors("1b0933 4e1878 ac2a98 ff5fa8 ffa3cb fff0f6"),
        "ember": _colors("0b0405 340a10 861a17 e0481d ffa040 ffe9b4"),
        "ice": _colors("050f1f 0f2f52 27659a 5aa5d8 a4d9f2 f2fcff"),
        "gold": _colors("0b0705 2e1a10 6f4319 c08330 f0c468 fff2cc"),
        "mono": _colors("07080a 181b21 363b46 6c7480 aeb5c0 f3f5f8"),
        "neon": _colors("060219 270a74 7d14de f026b8 a98eff 74f1ff"),
        "lavender": _colors("0f0a22 2d2056 5d46a3 9a7fe0 cfb8ff f7f0ff"),
        "rose": _colors("17060f 4a1029 942649 dc5b72 ffa79c ffe9de"),
        "peacock": _colors("040b1e 0a2a5c 0a6a86 10a88c 7fd860 f6f3a0"),
        "dusk": _colors("080c1f 1f2557 5a3a8c b0528f f08a80 ffd9b0"),
        "mint": _colors("03110f 08342f 0d6e62 2bb392 8fe6bd efffef"),
    }
)

#: Palettes that "auto" never picks, because they are a statement.
_NOT_AUTOMATIC = frozenset({"mono"})


def palette(name: str) -> tuple[Rgb, ...]:
    """Return the colours of a palette.

    Raises: KeyError for a name that is not in `PALETTES`.
    """
    return PALETTES[name]


def auto_palette(seed: int) -> str:
    """Choose a palette for a seed; neighbouring seeds get different ones."""
    names = [name for name in PALETTES if name not in _NOT_AUTOMATIC]
    hashed = (seed * _GOLDEN) % 2**32
    return names[hashed * len(names) >> 32]
