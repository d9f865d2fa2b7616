"""Markup of other programs in what is said: it is spoken and shown as it stands, which nobody wants."""

import re

from ..models.job import RenderJob
from ..text.emphasis import marked

#: Tags of SSML and HTML, headings, points of a list, quotations, code and links as Markdown writes them.
_FOREIGN = re.compile(
    r"</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>|^\s*#{1,6}\s|^\s*[-*+]\s|^\s*>\s|`+|\[[^\[\]]+\]\([^()\s]+\)",
    re.MULTILINE,
)
#: Characters of it that are told.
_SHOWN = 40


def markup_warnings(job: RenderJob) -> tuple[str, ...]:
    """Tell of each text with markup, or with a mark that is not closed, what it has first."""
    told = []
    for index, scene in enumerate(job.scenes):
        found = _FOREIGN.search(scene.text)
        piece = found[0].strip() if found else "**" if _is_unclosed(scene.text) else ""
        if piece:
            told.append(
                f"scenes[{index}].text: {piece[:_SHOWN]!r} is spoken and shown as it stands; "
                "only **words** are understood: take it out"
            )
    return tuple(told)


def _is_unclosed(text: str) -> bool:
    """Tell whether stars are left that mark nothing."""
    return any("**" in part.text for part in marked(text))
