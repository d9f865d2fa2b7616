"""Wire colours as numbers."""

from .planned import Rgb, Rgba


def rgba_of(color: str) -> Rgba:
    """Read `#rrggbb` or `#rrggbbaa`, as the models store colours."""
    r, g, b, a = bytes.fromhex(color[1:].ljust(8, "f"))
    return r, g, b, a


def rgb_of(color: str) -> Rgb:
    """Read a colour, its alpha left out."""
    return rgba_of(color)[:3]
