"""RGB to BT.709 limited-range YUV 4:2:0 and back.

Source: ITU-R BT.709-6, section 3 (luma coefficients, quantisation of 8-bit video levels).
"""

import cv2
import numpy as np
import numpy.typing as npt

from .planes import Plane, Sprite, Yuv

#: Luma coefficients of BT.709.
KR, KG, KB = 0.2126, 0.7152, 0.0722
_LUMA_SCALE, _CHROMA_SCALE = 219 / 255, 224 / 255
_RGB_TO_YUV = np.array(
    [
        [KR * _LUMA_SCALE, KG * _LUMA_SCALE, KB * _LUMA_SCALE, 16],
        [
            -KR / (2 * (1 - KB)) * _CHROMA_SCALE,
            -KG / (2 * (1 - KB)) * _CHROMA_SCALE,
            0.5 * _CHROMA_SCALE,
            128,
        ],
        [
            0.5 * _CHROMA_SCALE,
            -KG / (2 * (1 - KR)) * _CHROMA_SCALE,
            -KB / (2 * (1 - KR)) * _CHROMA_SCALE,
            128,
        ],
    ],
    np.float64,
)

Rgb8 = npt.NDArray[np.uint8]


def yuv_of_rgb(color: tuple[int, int, int]) -> tuple[int, int, int]:
    """Convert one colour, 0-255 each, to limited-range (y, u, v)."""
    y, u, v = np.rint(_RGB_TO_YUV @ np.array([*color, 1.0])).astype(int)
    return int(y), int(u), int(v)


def rgb_to_yuv(rgb: Rgb8) -> Yuv:
    """Convert an (H, W, 3) uint8 picture with even H and W; chroma is the mean of its 2x2 pixels."""
    height, width = rgb.shape[:2]
    y = cv2.transform(rgb, _RGB_TO_YUV[:1])
    half = cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    chroma = cv2.transform(half, _RGB_TO_YUV[1:])
    u, v = cv2.split(chroma)
    return Yuv(_plane(y), _plane(u), _plane(v))


def yuv_to_rgb(picture: Yuv) -> Rgb8:
    """Convert to an (H, W, 3) uint8 picture; chroma is interpolated linearly."""
    full = [
        cv2.resize(plane, picture.size, interpolation=cv2.INTER_LINEAR) for plane in (picture.u, picture.v)
    ]
    yuv = np.dstack([picture.y, *full])
    inverse = np.linalg.inv(_RGB_TO_YUV[:, :3])
    matrix = np.hstack([inverse, -inverse @ np.array([[16.0], [128.0], [128.0]])])
    return _plane(cv2.transform(yuv, matrix))


def sprite_of_rgba(rgba: Rgb8, x: int, y: int) -> Sprite:
    """Premultiply an (H, W, 4) uint8 picture with straight alpha into a sprite at an even corner (x, y).

    Height and width are padded to even numbers with transparent pixels.
    """
    height, width = rgba.shape[:2]
    rgba = np.pad(rgba, ((0, height % 2), (0, width % 2), (0, 0)))
    alpha = rgba[:, :, 3]
    half_size = (rgba.shape[1] // 2, rgba.shape[0] // 2)
    half_alpha = cv2.resize(alpha, half_size, interpolation=cv2.INTER_AREA)
    coverage = alpha.astype(np.float32) / 255
    premultiplied = rgba[:, :, :3].astype(np.float32) * coverage[:, :, None]
    # The offset of each plane (16, 128, 128) belongs to the covered part only: add it weighted by alpha.
    linear = _RGB_TO_YUV.copy()
    linear[:, 3] = 0
    luma = cv2.transform(premultiplied, linear[:1])
    chroma = cv2.transform(cv2.resize(premultiplied, half_size, interpolation=cv2.INTER_AREA), linear[1:])
    half_offset = half_alpha.astype(np.float32) * (128 / 255)
    planes = [
        luma.reshape(alpha.shape) + coverage * 16,
        chroma[:, :, 0] + half_offset,
        chroma[:, :, 1] + half_offset,
    ]
    color = Yuv(*(_plane(np.clip(np.rint(plane), 0, 255)) for plane in planes))
    return Sprite(x, y, color, (_plane(255 - alpha), _plane(255 - half_alpha)))


def sprite_of_premultiplied(rgba: Rgb8, x: int, y: int) -> Sprite:
    """Make a sprite at an even corner (x, y) of an (H, W, 4) uint8 picture, premultiplied, H and W even."""
    half = cv2.resize(rgba, (rgba.shape[1] // 2, rgba.shape[0] // 2), interpolation=cv2.INTER_AREA)
    # The offset of each plane (16, 128, 128) belongs to the covered part only: alpha carries it.
    weighted = _RGB_TO_YUV.copy()
    weighted[:, 3] /= 255
    u, v = cv2.split(cv2.transform(half, weighted[1:]))
    color = Yuv(_plane(cv2.transform(rgba, weighted[:1])), _plane(u), _plane(v))
    return Sprite(x, y, color, (_plane(255 - rgba[:, :, 3]), _plane(255 - half[:, :, 3])))


def _plane(array: npt.NDArray[np.generic]) -> Plane:
    return np.ascontiguousarray(array, dtype=np.uint8)
