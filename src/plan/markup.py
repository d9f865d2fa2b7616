"""Markup of other programs in texts: it is spoken and shown as it stands, which nobody wants."""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import NamedTuple

from ..models.job import RenderJob, Scene
from ..models.visual import TextOverlay, TitleVisual
from ..text.emphasis import marked, marked_words

#: Tags of SSML and HTML, headings, code and links as Markdown writes them.
_FOREIGN = re.compile(
    r"</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>|^\s*#{1,6}\s|`+|\[[^\[\]]+\]\([^()\s]+\)", re.MULTILINE
)
#: Points of a list and quotations. On a picture they may be meant.
_LISTED = re.compile(r"^\s*[-*+]\s|^\s*>\s", re.MULTILINE)
#: A character as HTML writes it.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\dA-Fa-f]{1,6}|(?P<name>[A-Za-z]\w{1,31}));")
#: Where a value was meant to stand: templates of other programs, and what JavaScript writes for an object.
_UNFILLED = re.compile(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}|\[object Object\]")
#: Characters of it that are told.
_SHOWN = 40


class _Text(NamedTuple):
    """A text of the job, and what becomes of it."""

    path: str
    text: str
    is_said: bool
    """It is not only drawn."""
    has_stars: bool
    """Stars are left in it that mark no words."""


def markup_warnings(job: RenderJob) -> tuple[str, ...]:
    """Tell of each text with markup, or with a mark that is not closed, what it has first."""
    told = []
    for index, scene in enumerate(job.scenes):
        path = f"scenes[{index}]"
        told += [_told(text) for text in _texts(scene, path)]
        # What is wrong with one of them mostly is with thousands.
        told.append(next(filter(None, map(_told, _words(scene, path))), ""))
    return tuple(filter(None, told))


def _texts(scene: Scene, path: str) -> Iterator[_Text]:
    is_unclosed = any("**" in part.text for part in marked(scene.text))
    yield _Text(f"{path}.text", scene.text, is_said=True, has_stars=is_unclosed)
    for place, visual in enumerate(scene.visuals):
        if isinstance(visual, TitleVisual):
            yield _drawn(f"{path}.visuals[{place}].text", visual.text)
            yield _drawn(f"{path}.visuals[{place}].subtitle", visual.subtitle)
    for place, overlay in enumerate(scene.overlays):
        if isinstance(overlay, TextOverlay):
            yield _drawn(f"{path}.overlays[{place}].text", overlay.text)


def _drawn(path: str, text: str) -> _Text:
    return _Text(path, text, is_said=False, has_stars=any(part.emphasised for part in marked(text)))


def _words(scene: Scene, path: str) -> Iterator[_Text]:
    words = scene.audio.words if scene.audio else ()
    for place, part in enumerate(marked_words([word.text for word in words])):
        here = f"{path}.audio.words[{place}].text"
        yield _Text(here, part.text, is_said=False, has_stars="**" in part.text)


def _told(text: _Text) -> str:
    stands = f"{'is spoken and shown' if text.is_said else 'is shown'} as it stands"
    if unfilled := _UNFILLED.search(text.text):
        return f"{text.path}: {_shown(unfilled[0])} {stands}: what makes the job has put no value there"
    if entity := next(filter(_is_entity, _ENTITY.finditer(text.text)), None):
        return f"{text.path}: {_shown(entity[0])} {stands}: write the character that it means"
    if piece := _markup(text):
        only = "only **words** of what is said are understood: take it out"
        return f"{text.path}: {_shown(piece)} {stands}; {only}"
    return ""


def _shown(piece: str) -> str:
    return repr(piece.strip()[:_SHOWN])


def _is_entity(found: re.Match[str]) -> bool:
    return found["name"] is None or f"{found['name']};" in html5


def _markup(text: _Text) -> str:
    found = _FOREIGN.search(text.text) or (_LISTED.search(text.text) if text.is_said else None)
    if found:
        return found[0]
    return "**" if text.has_stars else ""
