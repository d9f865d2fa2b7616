"""Parts of the README that pages of the site take over, so that they are written once."""

import re


def section(text: str, title: str) -> str:
    """Cut a section out, without its heading."""
    found = re.search(rf"^## {re.escape(title)}\n+(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise ValueError(f"the README has no section {title!r}: name the one that took its place")
    return found[1].strip()
