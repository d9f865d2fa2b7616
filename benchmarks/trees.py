"""Conifers, stroke by stroke: the fine dark detail in front of a landscape."""

import cv2
import numpy as np

from .noise import Field

#: Needled strokes of a tree: per pixel of its height, and most of one.
BRANCHES_PER_PX, MOST_BRANCHES = 2, 700
#: Height of a grown tree in cells of the land.
TREE_HEIGHT = 6.5


def plant(light: Field, distance: Field, rise: Field, count: int, random: np.random.Generator) -> None:
    """Draw trees over a picture in place, the far ones first, each standing on dry land.

    `light` is linear (H, W, 3); `distance` and `rise` (H, W) are overwritten where a tree stands.
    """
    height, width = distance.shape
    focal_px = 0.9 * max(width, height)
    for stand in sorted(random.uniform(13, 80, count * 4), reverse=True)[: count * 3]:
        column = int(random.integers(0, width))
        below = np.flatnonzero(np.isfinite(distance[:, column]) & (distance[:, column] >= stand))
        if len(below) == 0 or rise[below[-1], column] < 0.35 or below[-1] >= height - 2:
            continue
        tall_px = int(TREE_HEIGHT * random.uniform(0.6, 1.2) / stand * focal_px)
        tree = _conifer(tall_px, random)
        _stamp(tree, light, distance, rise, (column, int(below[-1]), float(stand)))


def _conifer(tall_px: int, random: np.random.Generator) -> Field:
    """Paint a tree as (h, w, 4) premultiplied linear RGB with coverage."""
    tall_px = max(tall_px, 8)
    wide_px = int(tall_px * random.uniform(0.36, 0.5)) // 2 * 2 + 2
    tree = np.zeros((tall_px, wide_px, 4), np.float32)
    middle = wide_px // 2
    thick = max(1, tall_px // 420)
    cv2.line(
        tree, (middle, tall_px), (middle, 2), (0.035, 0.025, 0.018, 1), max(1, tall_px // 60), cv2.LINE_AA
    )
    for down in np.sort(random.uniform(0.02, 0.95, min(MOST_BRANCHES, BRANCHES_PER_PX * tall_px))):
        side = random.choice((-1, 1))
        reach = wide_px * 0.5 * down**0.8 * random.uniform(0.45, 1.0)
        sunny = 0.75 + 0.6 * (side < 0) + random.normal(0, 0.35)
        shade = np.clip(sunny, 0.2, 2.2) * (0.6 + 0.5 * (1 - down))
        start = np.array((middle, down * tall_px))
        bend = start + np.array((side * reach * 0.6, tall_px * random.uniform(0.0, 0.035)))
        tip = start + np.array((side * reach, tall_px * random.uniform(-0.01, 0.06)))
        points = np.rint(np.array((start, bend, tip)) * 16).astype(np.int32)
        color = (0.028 * shade, 0.050 * shade, 0.026 * shade, 1.0)
        cv2.polylines(tree, [points], False, color, thick + int(random.integers(0, 2)), cv2.LINE_AA, 4)
    return tree


def _stamp(tree: Field, light: Field, distance: Field, rise: Field, place: tuple[int, int, float]) -> None:
    column, base, stand = place
    tall, wide = tree.shape[:2]
    top, left = max(base - tall, 0), max(column - wide // 2, 0)
    bottom, right = min(base, light.shape[0]), min(column - wide // 2 + wide, light.shape[1])
    if top >= bottom or left >= right:
        return
    here = np.s_[top:bottom, left:right]
    tree = tree[
        top - base + tall : bottom - base + tall, left - column + wide // 2 : right - column + wide // 2
    ]
    hidden = (distance[here] < stand * 0.97)[:, :, None]
    cover = np.where(hidden, 0, tree[:, :, 3:])
    light[here] = light[here] * (1 - cover) + np.where(hidden, 0, tree[:, :, :3])
    solid = cover[:, :, 0] > 0.5
    distance[here][solid] = stand
    rise[here][solid] = 1
