"""Captions that an author brings as a file, as they are read before a film is planned."""

from typing import NamedTuple

from .caption_plan import ScriptEvent


class StyledLine(NamedTuple):
    """A line of a caption without its marks; places count characters of `text`."""

    text: str
    strong: tuple[tuple[int, int], ...] = ()
    """First character and the one after the last of what is bold or italic."""
    stamps: tuple[tuple[int, int], ...] = ()
    """Places from which on the text is spoken at a time in milliseconds, increasing in both."""


class TextEvent(NamedTuple):
    """A caption: times count in milliseconds from the start of the film."""

    start_ms: int
    end_ms: int
    lines: tuple[StyledLine, ...]
    number: int
    """Line of the file that tells its times."""


class AttachedFont(NamedTuple):
    """A font that a script carries in `[Fonts]`."""

    name: str
    content: bytes


class Script(NamedTuple):
    """A file of Advanced SubStation Alpha, in one spelling."""

    head: str
    """Everything before its events, attached files left out."""
    size: tuple[int, int]
    """Width and height that its places count in."""
    events: tuple[ScriptEvent, ...]
    families: tuple[str, ...]
    """Families that its styles and texts name, each once."""
    fonts: tuple[AttachedFont, ...]


class CaptionFile(NamedTuple):
    """A file of captions, read."""

    events: tuple[TextEvent, ...]
    """What is to be read, in order of time."""
    script: Script | None
    """How all of it looks; None of files that tell only what is said."""
    warnings: tuple[str, ...]
