"""Lines of text measured and drawn, each grapheme in the first of several fonts that has it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..models.caption_plan import CaptionLook, FallbackFont
from .emoji import EmojiSize, Pixels, draw_emoji, emoji_ink, emoji_length
from .faces import GRAPHEME, FontFace, FontStack
from .fonts import font_file, has_raqm, load_font, weight_of
from .planes import Plane
from .runs import Run, is_loose, runs_of

__all__ = ["Drawn", "FontFace", "FontStack", "Lettering", "caption_fonts_of", "font_stack"]

#: Height of capitals against the size of the type, in the families that step in for others: Noto Sans, Inter
#: and Heebo differ by hundredths, and Noto's other scripts are drawn to go with them.
_FALLBACK_CAPITALS = 0.72
#: Features of OpenType that letters at a distance do without: ligatures.
_APART = ("-liga", "-clig")
#: The least and the most by which a font that steps in is scaled: what leads may have odd capitals, or none.
_LEAST, _MOST = 0.8, 1.3


def font_stack(
    font: str, own_files: Mapping[str, Path], fallbacks: Sequence[FallbackFont] = (), strong: str = ""
) -> FontStack:
    """Choose the fonts for a family's name, or for the sha256 of a file that the job brings.

    Args:
        font: what leads.
        own_files: where files lie, by sha256.
        fallbacks: what draws the characters that it lacks.
        strong: family that leads in emphasised words, if it is another one.

    Raises:
        KeyError: when `font` is neither, or a file of a fallback is not there.
    """
    lead = FontFace(own_files.get(font) or font_file(font), weight_of(font))
    behind = (FontFace(own_files[face.sha256], face.weight, face.number, face.region) for face in fallbacks)
    stronger = FontFace(font_file(strong), weight_of(strong)) if strong else None
    return FontStack((lead, *behind), stronger)


def caption_fonts_of(look: CaptionLook, own_files: Mapping[str, Path]) -> FontStack:
    """Choose the fonts of captions; see `font_stack`."""
    stack = font_stack(look.font, own_files, look.fallbacks, look.emphasis_font)
    lead, *behind = stack.faces
    if look.font_weight:
        stack = stack._replace(faces=(lead._replace(weight=look.font_weight), *behind))
    return (
        stack._replace(strong=lead._replace(weight=look.emphasis_weight)) if look.emphasis_weight else stack
    )


class Drawn(NamedTuple):
    """Text drawn on a canvas of (H, W)."""

    fill: Plane
    """What letters cover, 0-255."""
    outline: Plane
    """What letters, pictures and their outline cover; the same array as `fill` without an outline."""
    picture: Pixels | None
    """(H, W, 4) RGBA, premultiplied: what has colours of its own; None where nothing has."""


class _Set(NamedTuple):
    """A run at its place."""

    run: Run
    pen_px: float


class Lettering:
    """Text of one stack at one size; lengths in pixels count from where the pen starts, on the baseline.

    Usable by several threads, though a font itself is not.
    """

    def __init__(self, stack: FontStack, size_px: int, tracking: int = 0) -> None:
        """Take fonts, their size, and the space between letters in thousandths of it."""
        self._stack, self._size_px = stack, size_px
        self._tracking_px = size_px * tracking / 1000
        self._lines: dict[str, tuple[tuple[_Set, ...], float]] = {}
        self._inks: dict[str, tuple[float, float, float, float]] = {}

    @cached_property
    def space_px(self) -> float:
        """Width of a space."""
        return self._font(0).getlength(" ") + 2 * self._tracking_px

    @cached_property
    def middle_px(self) -> float:
        """How far above the baseline the middle of a line lies, whatever letters it has."""
        ascent, descent = self._font(0).getmetrics()
        return (ascent - descent) / 2

    def joint_px(self, text: str) -> float:
        """Tell how far a word stands from the one before it that it is joined to."""
        runs = runs_of(text, self._stack) if self._tracking_px else ()
        return self._tracking_px if runs and is_loose(runs[0].text) else 0.0

    def length(self, text: str) -> float:
        """Tell how far the pen moves."""
        return self._line(text)[1]

    def ink(self, text: str) -> tuple[float, float, float, float]:
        """Tell what is drawn: left, top, right, bottom."""
        if text not in self._inks:
            boxes = [self._ink(part) for part in self._line(text)[0]] or [(0.0, 0.0, 0.0, 0.0)]
            lefts, tops, rights, bottoms = zip(*boxes, strict=True)
            self._inks[text] = min(lefts), min(tops), max(rights), max(bottoms)
        return self._inks[text]

    def draw(self, text: str, size: tuple[int, int], origin: tuple[float, float], stroke_px: int) -> Drawn:
        """Draw a text.

        Args:
            text: one line.
            size: width and height of the canvas.
            origin: where the pen starts.
            stroke_px: width of the outline; 0 for none.
        """
        parts = self._line(text)[0]
        letters = [part for part in parts if not self._is_emoji(part.run)]
        picture = self._picture([part for part in parts if self._is_emoji(part.run)], size, origin)
        fill = self._mask(letters, size, origin, 0)
        outline = self._mask(letters, size, origin, stroke_px) if stroke_px else fill
        if stroke_px and picture is not None:
            outline = np.maximum(outline, _widened(picture[:, :, 3], stroke_px))
        return Drawn(fill, outline, picture)

    def _line(self, text: str) -> tuple[tuple[_Set, ...], float]:
        """Put runs side by side; they and the whole length."""
        if text not in self._lines:
            parts, pen_px = list[_Set](), 0.0
            for run in runs_of(text, self._stack):
                if self._tracking_px:
                    pen_px = self._put_apart(run, parts, pen_px)
                else:
                    parts.append(_Set(run, pen_px))
                    pen_px += self._run_length(run)
            self._lines[text] = tuple(parts), pen_px
        return self._lines[text]

    def _put_apart(self, run: Run, parts: list[_Set], pen_px: float) -> float:
        """Put letters behind what stands there, at their distance; tell where the pen comes to."""
        letters = GRAPHEME.findall(run.text) if is_loose(run.text) else [run.text]
        if parts and is_loose(run.text) and is_loose(parts[-1].run.text):
            pen_px += self._tracking_px
        for letter, following in zip(letters, [*letters[1:], ""], strict=True):
            parts.append(_Set(run._replace(text=letter), pen_px))
            # What a pair is longer than its second letter is the first one with the kerning between them.
            pair = run._replace(text=letter + following)
            pen_px += self._run_length(pair, _APART) - self._run_length(run._replace(text=following), _APART)
            pen_px += self._tracking_px if following else 0.0
        return pen_px

    def _run_length(self, run: Run, features: Sequence[str] = ()) -> float:
        if not run.text:
            return 0.0
        if self._is_emoji(run):
            return emoji_length(run.text, self._stack.faces[run.place], self._emoji_size)
        told = list(features) if features and has_raqm() else None
        return self._font(run.place).getlength(run.text, direction=run.direction, features=told)

    def _ink(self, part: _Set) -> tuple[float, float, float, float]:
        run = part.run
        if self._is_emoji(run):
            box = emoji_ink(run.text, self._stack.faces[run.place], self._emoji_size)
        else:
            box = self._font(run.place).getbbox(run.text, direction=run.direction, anchor="ls")
        return box[0] + part.pen_px, box[1], box[2] + part.pen_px, box[3]

    def _mask(
        self, parts: Sequence[_Set], size: tuple[int, int], origin: tuple[float, float], stroke_px: int
    ) -> Plane:
        canvas = Image.new("L", size)
        pen = ImageDraw.Draw(canvas)
        for run, pen_px in parts:
            pen.text(
                (origin[0] + pen_px, origin[1]),
                run.text,
                font=self._font(run.place),
                fill=255,
                anchor="ls",
                stroke_width=stroke_px,
                direction=run.direction,
            )
        return np.asarray(canvas)

    def _picture(
        self, parts: Sequence[_Set], size: tuple[int, int], origin: tuple[float, float]
    ) -> Pixels | None:
        if not parts:
            return None
        canvas = np.zeros((size[1], size[0], 4), np.uint8)
        top = round(origin[1] + self._emoji_size.top_px)
        for run, pen_px in parts:
            drawn = draw_emoji(run.text, self._stack.faces[run.place], self._emoji_size)
            _put(drawn, round(origin[0] + pen_px), top, canvas)
        return canvas

    def _font(self, place: int) -> ImageFont.FreeTypeFont:
        face = self._stack.faces[place]
        size_px = self._size_px if place == 0 else round(self._size_px * self._fallback_scale)
        return load_font(face.file, size_px, face.weight, face.number)

    def _is_emoji(self, run: Run) -> bool:
        return run.place > 0 and self._stack.faces[run.place].has_pictures

    @cached_property
    def _fallback_scale(self) -> float:
        """By what fonts that step in are scaled to look as large as the one that leads."""
        _, top, _, _ = self._font(0).getbbox("H", anchor="ls")
        return min(max(-top / self._size_px / _FALLBACK_CAPITALS, _LEAST), _MOST)

    @cached_property
    def _emoji_size(self) -> EmojiSize:
        return EmojiSize(_FALLBACK_CAPITALS * self._fallback_scale * self._size_px)


def _widened(mask: Plane, by_px: int) -> Plane:
    round_px = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by_px + 1, 2 * by_px + 1))
    return np.asarray(cv2.dilate(mask, round_px), np.uint8)


def _put(picture: Pixels, x: int, y: int, canvas: Pixels) -> None:
    """Put a premultiplied picture on a canvas, clipped."""
    height, width = picture.shape[:2]
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, canvas.shape[1]), min(y + height, canvas.shape[0])
    if left < right and top < bottom:
        here, part = canvas[top:bottom, left:right], picture[top - y : bottom - y, left - x : right - x]
        np.maximum(here, part, out=here)
