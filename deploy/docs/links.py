"""Links that work where the repository is read, made to work in the site."""

import posixpath
import re
from collections.abc import Callable

from deploy.docs import command, http, job, settings

#: Pages of the site that stand for parts of the README.
_README_PAGES = {
    "README.md#your-own-film": job.PAGE,
    "README.md#over-http": http.PAGE,
    "README.md#the-command": command.PAGE,
    "README.md#settings": settings.PAGE,
}
_DOCS = "docs/"
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\(([^)\s]+)\)")


def for_site(text: str, file: str, page: str) -> str:
    """Lead the links of a text to pages of the site.

    What is in the repository and not in the site keeps its name alone.

    Args:
        text: Markdown of the file, or of a part of it.
        file: the file's path in the repository.
        page: where the text stands, as a path below docs/.
    """

    def replaced(found: re.Match[str]) -> str:
        return _link(found[1], found[2], file, page)

    return _outside_code(text, lambda part: _LINK.sub(replaced, part))


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else change(part) for part in parts)


def _link(told: str, target: str, file: str, page: str) -> str:
    is_here = target.startswith("#") and file.startswith(_DOCS)
    if is_here or re.match(r"[a-z]+:", target):
        return f"[{told}]({target})"
    place = file + target if target.startswith("#") else posixpath.join(posixpath.dirname(file), target)
    place = posixpath.normpath(place)
    leads_to = _README_PAGES.get(place) or (place.removeprefix(_DOCS) if place.startswith(_DOCS) else "")
    if not re.search(r"\.(md|txt|png)(#|$)", leads_to):
        return told
    return f"[{told}]({posixpath.relpath(leads_to, posixpath.dirname(page) or '.')})"
