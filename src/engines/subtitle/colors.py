"""Colours that can be read.

Source: WCAG 2.2, definitions of relative luminance and contrast ratio.
"""

from ...models.planned import Rgb, Rgba

#: Outline and text on light boxes: a black that does not look like a hole.
DARK: Rgb = (14, 14, 18)
LIGHT: Rgb = (255, 255, 255)


def luminance(color: Rgb) -> float:
    """Tell how light a colour is, 0-1."""
    red, green, blue = (_linear(channel / 255) for channel in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def contrast(one: Rgb, other: Rgb) -> float:
    """Tell the contrast ratio of two colours, 1-21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(color: Rgb) -> Rgb:
    """Choose dark or white, whichever stands out more from a colour; the ratio is at least 4.3."""
    return max(DARK, LIGHT, key=lambda candidate: contrast(candidate, color))


def outline_of(color: Rgba) -> Rgba:
    """Choose the outline of a text: the opposite of its colour, as opaque as it is."""
    return (*readable_on((color[0], color[1], color[2])), color[3])
