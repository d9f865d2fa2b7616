"""Which of several fonts draws a grapheme."""

import unicodedata
from pathlib import Path
from typing import NamedTuple

import regex

from ..models.words import Region
from .charmap import characters_of, has_pictures

#: What people see as one character: a letter with its marks, a flag, a family joined from people.
GRAPHEME = regex.compile(r"\X")
#: What is drawn as a coloured picture: emoji by themselves, or what a selector, a tone of skin, a keycap or a
#: joiner makes one.
#: Source: Unicode Technical Standard 51, sections 1.4 and 2.
_PICTURED = regex.compile(
    r"\p{Emoji_Presentation}(?!\ufe0e)|\p{Emoji}(?:\ufe0f|\p{Emoji_Modifier})|[0-9#*]\u20e3"
    r"|\u200d\p{Extended_Pictographic}"
)
_PICTOGRAPH = regex.compile(r"\p{Extended_Pictographic}(?!\ufe0e)")
#: Characters that draw nothing: spaces, controls, joiners, variation selectors, tags.
_INVISIBLE = regex.compile(r"[\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+")


class FontFace(NamedTuple):
    """A font, and the weight (100-900) in which a variable one is set."""

    file: Path
    weight: int
    number: int = 0
    """Its place in a collection of fonts (TTC)."""
    region: Region | None = None
    """Draws only texts in the shapes of this region; None: all."""

    @property
    def has_pictures(self) -> bool:
        """Tell whether its glyphs have colours of their own."""
        return has_pictures(self.file)

    def draws(self, grapheme: str) -> bool:
        """Tell whether it has everything of a grapheme, composed or decomposed.

        A font of emoji has digits, too, though only for what is made of them.
        """
        if self.has_pictures and not (is_pictured(grapheme) or _PICTOGRAPH.search(grapheme)):
            return False
        known = characters_of(self.file, self.number)
        return any(
            known.issuperset(map(ord, _INVISIBLE.sub("", unicodedata.normalize(form, grapheme))))
            for form in ("NFC", "NFD")
        )


class FontStack(NamedTuple):
    """Fonts in the order in which they are asked for a grapheme."""

    faces: tuple[FontFace, ...]
    """One at least; the first one leads: the others are set as large as it looks."""
    strong: FontFace | None = None
    """What leads in emphasised words, if it is another one."""

    @property
    def emphasised(self) -> "FontStack":
        """The stack of emphasised words."""
        return FontStack((self.strong or self.faces[0], *self.faces[1:]))

    def of_region(self, region: Region | None) -> "FontStack":
        """Leave out the fonts of other regions."""
        lead, *behind = self.faces
        return self._replace(faces=(lead, *(face for face in behind if face.region == region)))

    def place_of(self, grapheme: str) -> int | None:
        """Find the face that draws a grapheme; None when none has all of it.

        What is a picture comes from a font of pictures, if one has it.
        """
        pictured = is_pictured(grapheme)
        places = range(len(self.faces))
        for place in sorted(places, key=lambda place: self.faces[place].has_pictures != pictured):
            if self.faces[place].draws(grapheme):
                return place
        return None


def is_pictured(text: str) -> bool:
    """Tell whether a grapheme is meant as a coloured picture, or a text holds one that is."""
    return not text.isascii() and bool(_PICTURED.search(text))


def is_emoji(text: str) -> bool:
    """Tell whether a text is emoji, coloured or not, and at most marks beside them."""
    parts = GRAPHEME.findall(text)
    shown = [is_pictured(part) or bool(_PICTOGRAPH.search(part)) for part in parts]
    return any(shown) and not any(part.isalnum() for part, seen in zip(parts, shown, strict=True) if not seen)


def missing_graphemes(text: str, stack: FontStack) -> tuple[str, ...]:
    """List what no font of a stack can draw, each once, in order of appearance."""
    graphemes = dict.fromkeys(GRAPHEME.findall(text))
    return tuple(grapheme for grapheme in graphemes if stack.place_of(grapheme) is None)
