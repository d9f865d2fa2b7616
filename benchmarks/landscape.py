"""Landscapes seen through a camera: fractal land, eroded light, haze, water, trees, a lens and a sensor.

Land is a height field seen in perspective: for each column of the picture rays meet the land slice by
slice, from near to far, and what a nearer slice hides is dropped. Every picture comes with the distance of
each pixel, so that a moving camera can be imitated from it.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from .noise import Field, fractal, ridged, smoothstep
from .trees import plant

Color = tuple[float, float, float]
Rgb8 = npt.NDArray[np.uint8]
#: Cells along one side of the height field, and along one side of the world in which it repeats.
MAP_CELLS = 1024
#: Slices between the nearest and the farthest land; their distances grow geometrically.
SLICES = 1500
NEAREST, FARTHEST = 6.0, 900.0


class Scenery(NamedTuple):
    """A place and its light; lengths in cells of the map, colours as linear RGB 0-1."""

    seed: int
    relief: float
    """Height of the mountains."""
    lift: float
    """Height of the mean land over the water."""
    eye: float
    """Height of the camera over the ground or water below it."""
    horizon: float
    """Row of the horizon as a fraction of the picture's height."""
    grass: Color
    rock: Color
    peak: Color
    peak_line: float
    """Height above which slopes wear the peak's colour."""
    zenith: Color
    glow: Color
    """Sky at the horizon; distant land fades into it."""
    sun: Color
    sun_from: Color
    """Direction towards the sun: right, up, away."""
    haze: float
    """Distance at which a third of a colour is left."""
    clouds: float
    """Cover, 0-1."""
    trees: int


#: Snow over a fjord, low sun.
FJORD = Scenery(
    13, 95, -4, 16, 0.44, (0.10, 0.13, 0.05), (0.21, 0.17, 0.14), (0.85, 0.86, 0.9), 46,
    (0.10, 0.22, 0.50), (0.95, 0.62, 0.42), (2.2, 1.5, 1.0), (-0.75, 0.5, -0.3), 900, 0.5, 24,
)  # fmt: skip
#: Green hills before noon.
HILLS = Scenery(
    25, 42, 26, 9, 0.36, (0.10, 0.17, 0.03), (0.24, 0.20, 0.13), (0.22, 0.24, 0.08), 44,
    (0.10, 0.27, 0.66), (0.72, 0.84, 0.95), (1.9, 1.75, 1.5), (-0.8, 0.6, 0.1), 900, 0.62, 60,
)  # fmt: skip
#: Red rock in the evening.
DESERT = Scenery(
    42, 70, 20, 12, 0.42, (0.42, 0.24, 0.12), (0.36, 0.15, 0.07), (0.52, 0.27, 0.13), 40,
    (0.16, 0.24, 0.50), (0.98, 0.72, 0.48), (2.2, 1.5, 0.95), (-0.9, 0.35, 0.1), 1000, 0.35, 8,
)  # fmt: skip
#: A lake below pines after rain.
LAKE = Scenery(
    58, 70, 0, 9, 0.47, (0.06, 0.10, 0.03), (0.16, 0.16, 0.15), (0.26, 0.28, 0.28), 52,
    (0.40, 0.48, 0.58), (0.78, 0.80, 0.82), (1.3, 1.28, 1.25), (0.5, 0.7, -0.2), 330, 0.75, 90,
)  # fmt: skip


class View(NamedTuple):
    """A picture before the camera."""

    light: Field
    """Linear, (H, W, 3)."""
    distance: Field
    """(H, W) in cells of the map; infinite in the sky."""
    water: Field
    """(H, W), 1 where water is seen."""


def view(scenery: Scenery, width: int, height: int) -> View:
    """See a landscape as a camera of this size of sensor would."""
    random = np.random.default_rng(scenery.seed)
    land = ridged(MAP_CELLS, random) * scenery.relief * 0.45 + scenery.lift
    texture = fractal(MAP_CELLS, 0.7, random)
    sky = _sky(scenery, width, height, random)
    seen = _land(scenery, land, texture, width, height)
    distance = np.where(seen.distance > 0, seen.distance, np.inf).astype(np.float32)
    veil = np.exp(-distance / scenery.haze)[:, :, None]
    fog = np.array(scenery.glow, np.float32)
    light = np.where(np.isfinite(distance)[:, :, None], seen.light * veil + fog * (1 - veil), sky)
    light = light.astype(np.float32)
    plant(light, distance, seen.rise, scenery.trees, random)
    water = (1 - smoothstep(0.02, 0.25, seen.rise)) * np.isfinite(distance)
    return _flood(scenery, View(light, distance, water), random)


class _Seen(NamedTuple):
    light: Field
    distance: Field
    rise: Field


def _focal_px(width: int, height: int) -> float:
    return 0.9 * max(width, height)


def _land(scenery: Scenery, land: Field, texture: Field, width: int, height: int) -> _Seen:
    depth = np.geomspace(NEAREST, FARTHEST, SLICES).astype(np.float32)
    across = (np.arange(width, dtype=np.float32) - width / 2) / _focal_px(width, height)
    world_x, world_z = depth[:, None] * across[None, :], np.repeat(depth[:, None], width, 1)
    rise = _sample(land, world_x, world_z) + _sample(land, world_x * 7, world_z * 7) * 0.05
    rise = rise + _sample(land, world_x * 31, world_z * 31) * 0.012 * np.minimum(1, depth / 40)[:, None]
    rise = np.maximum(rise, 0)
    albedo = _albedo(scenery, land, texture, world_x, world_z, rise)
    eye = scenery.eye + rise[0, width // 2]
    rows = scenery.horizon * height + (eye - rise) / depth[:, None] * _focal_px(width, height)
    slices = _first_hits(rows, height)
    column = np.repeat(np.arange(width, dtype=np.float32)[None, :], height, 0)
    light = _look_up(albedo, column, slices)
    distance = np.interp(slices, np.arange(SLICES), depth).astype(np.float32)
    height_map = _look_up(rise, column, slices)
    light = light * _grain_of_ground(texture, distance, across, height_map)[:, :, None]
    return _Seen(light, np.where(slices < 0, 0, distance).astype(np.float32), height_map)


def _first_hits(rows: Field, height: int) -> Field:
    """Find for each pixel the fractional slice that it shows; -1 is the sky. `rows` is (slices, width)."""
    skyline = np.minimum.accumulate(rows, 0)
    found = np.full((height, rows.shape[1]), -1, np.float32)
    wanted = -np.arange(height, dtype=np.float32)
    for column in range(rows.shape[1]):
        rising = -skyline[:, column]
        index = np.searchsorted(rising, wanted)
        hit = index < len(rising)
        high = np.minimum(index, len(rising) - 1)
        low = np.maximum(high - 1, 0)
        step = np.maximum(rising[high] - rising[low], 1e-6)
        part = np.clip((wanted - rising[low]) / step, 0, 1)
        found[hit, column] = (low + part)[hit]
    return found


def _sample(field: Field, x: Field, z: Field) -> Field:
    cells = np.float32(field.shape[0])
    x, z = np.mod(x + 400, cells), np.mod(z + 80, cells)
    return np.asarray(cv2.remap(field, x, z, cv2.INTER_LINEAR, None, cv2.BORDER_WRAP), np.float32)


def _look_up(image: Field, column: Field, row: Field) -> Field:
    return np.asarray(cv2.remap(image, column, row, cv2.INTER_LINEAR), np.float32)


def _albedo(
    scenery: Scenery, land: Field, texture: Field, world_x: Field, world_z: Field, rise: Field
) -> Field:
    """Colour the ground by slope and height, and light it."""
    lit = _sample(_sunlight(scenery, land), world_x, world_z)
    steep = _sample(_steepness(land), world_x, world_z)
    mottle = _sample(texture, world_x * 3, world_z * 3)
    stony = smoothstep(0.35, 0.75, steep + mottle * 0.10)
    high = smoothstep(-5, 5, rise - scenery.peak_line + mottle * 4) * (1 - smoothstep(0.9, 1.5, steep))
    color = np.array(scenery.grass, np.float32) * (1 + 0.28 * mottle[:, :, None])
    color = (
        color
        + (np.array(scenery.rock, np.float32) * (1 + 0.2 * mottle[:, :, None]) - color) * stony[:, :, None]
    )
    color = color + (np.array(scenery.peak, np.float32) - color) * high[:, :, None]
    shade = lit[:, :, None] * np.array(scenery.sun, np.float32)
    ambient = np.array(scenery.zenith, np.float32) * 0.5 + 0.12
    return np.asarray(np.maximum(color, 0) * (shade + ambient), np.float32)


def _slopes(land: Field) -> tuple[Field, Field]:
    right = (np.roll(land, -1, 1) - np.roll(land, 1, 1)) / 2
    away = (np.roll(land, -1, 0) - np.roll(land, 1, 0)) / 2
    return np.asarray(right, np.float32), np.asarray(away, np.float32)


def _steepness(land: Field) -> Field:
    right, away = _slopes(land)
    return np.asarray(np.hypot(right, away), np.float32)


def _sunlight(scenery: Scenery, land: Field) -> Field:
    """Light on each cell: the slope against the sun, and the shadow that mountains throw."""
    right, away = _slopes(land)
    x, up, z = np.array(scenery.sun_from) / np.linalg.norm(scenery.sun_from)
    facing = (up - right * x - away * z) / np.sqrt(1 + right**2 + away**2)
    blocked = np.full_like(land, -np.inf)
    for step in range(2, 60, 2):
        shifted = np.roll(land, (-round(step * z), -round(step * x)), (0, 1))
        blocked = np.maximum(blocked, shifted - step * up)
    shadow = 1 - smoothstep(-0.3, 1.2, blocked - land)
    return np.asarray(np.clip(facing, 0, 1) * (0.15 + 0.85 * shadow), np.float32)


#: Scales of stones and grass in texture cells a cell of land, the distance at which each has grown finer
#: than a pixel and fades, and its strength.
GROUND_SCALES = ((420, 26, 0.5), (110, 85, 0.38), (30, 260, 0.26), (8, 900, 0.17))


def _grain_of_ground(texture: Field, distance: Field, across: Field, rise: Field) -> Field:
    """Stones and grass in perspective; cliffs are mapped by their height, or they would be smeared."""
    world_x, world_z = distance * across[None, :], distance + rise * 0.8
    grain = np.ones_like(distance)
    for scale, fading, strength in GROUND_SCALES:
        grain += _sample(texture, world_x * scale, world_z * scale) * np.exp(-distance / fading) * strength
    return np.asarray(np.clip(grain, 0.18, 2.4), np.float32)


def _sky(scenery: Scenery, width: int, height: int, random: np.random.Generator) -> Field:
    """Paint the air and clouds that lie flat in perspective, lit from below near the horizon."""
    rows = np.arange(height, dtype=np.float32)[:, None] / (scenery.horizon * height)
    up = np.clip(1 - rows, 0.0, 1)
    zenith, glow = np.array(scenery.zenith, np.float32), np.array(scenery.glow, np.float32)
    air = zenith + (glow - zenith) * np.exp(-3.2 * up)[:, :, None]
    far = 1 / (up + 0.09)
    across = (np.arange(width, dtype=np.float32)[None, :] - width / 2) / width
    cover = fractal(MAP_CELLS, 1.35, random)
    x, z = np.broadcast_to(across * far * 120, (height, width)), np.broadcast_to(far * 95, (height, width))
    thick = _sample(cover, x.astype(np.float32), z.astype(np.float32))
    thick = smoothstep(1.4 - 2 * scenery.clouds, 2.8 - 2 * scenery.clouds, thick)
    thick = cv2.GaussianBlur(thick, (0, 0), width / 1500) * np.clip(up * 9, 0, 1)
    bright = np.array(scenery.sun, np.float32) * 0.62 * (1.12 - 0.5 * thick[:, :, None])
    return np.asarray(air + (bright - air) * (thick * 0.85)[:, :, None], np.float32)


def _flood(scenery: Scenery, dry: View, random: np.random.Generator) -> View:
    """Let water mirror what stands above it, broken by waves."""
    height, width = dry.distance.shape
    waves = fractal(MAP_CELLS, 1.1, random)
    far = np.minimum(dry.distance, FARTHEST)
    across = ((np.arange(width, dtype=np.float32) - width / 2) / _focal_px(width, height))[None, :]
    swell = _sample(waves, far * across * 8, far * 22) * np.clip(18 / far, 0.05, 1)
    horizon = scenery.horizon * height
    row, column = np.indices((height, width), np.float32)
    mirrored = np.clip(np.abs(2 * horizon - row + swell * height * 0.02), 0, horizon - 1)
    mirror = _look_up(dry.light, column, mirrored)
    facing = np.clip(scenery.eye / far, 0, 1)[:, :, None]
    water = mirror * (0.82 - 0.5 * facing)
    water += np.array(scenery.zenith, np.float32) * 0.22 * (0.18 + 0.5 * facing)
    water *= 1 + 0.18 * np.clip(swell, -2, 2)[:, :, None]
    light = dry.light + (water - dry.light) * dry.water[:, :, None]
    return dry._replace(light=light.astype(np.float32))
