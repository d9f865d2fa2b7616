"""What a service tells instead of speaking, in a few words that people can use."""

import json
import re
from collections.abc import Iterator

from ..engines.audio.speech import SpeechBroken
from .calls import Reply

#: Characters of a service's own words that are told on.
_MOST_CHARACTERS = 200
#: Fields in which services put their words, the plainest first.
_FIELDS = ("message", "msg", "detail", "error", "title", "status")
#: Media types that sound comes with; some services do not say what they send.
_SOUND = re.compile(r"audio/.*|(application|binary)/octet-stream|application/ogg|")
#: Characters of a key that give it away when a service shows it with its middle left out.
_SHOWN_OF_KEY = 6


def refuse_other_than_sound(provider: str, reply: Reply) -> None:
    """Refuse an answer that is no file of sound by what it says of itself.

    Raises:
        SpeechBroken: it is empty, or text.
    """
    if not reply.body:
        raise SpeechBroken(f"{provider} answered without any sound: try again later")
    if not _SOUND.fullmatch(reply.media_type):
        told = f"{provider} answered with {reply.media_type} instead of sound ({words_of_answer(reply)})"
        raise SpeechBroken(f"{told}: check the address of the service")


def words_of_answer(reply: Reply, key: str = "") -> str:
    """Tell what a service says, without markup, bounded, and without the key."""
    text = reply.body[: 64 * 1024].decode("utf-8", "replace")
    try:
        found = next(_sentences(json.loads(text)), "")
    except (ValueError, RecursionError):
        found = "a page of HTML" if "<html" in text.lower() or "html" in reply.media_type else text
    plain = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in without_key(found, key)))
    shown = plain.strip()
    return (f"{shown[:_MOST_CHARACTERS]}..." if len(shown) > _MOST_CHARACTERS else shown) or "no reason given"


def without_key(text: str, key: str) -> str:
    """Take a key out of a text, also where its middle is left out."""
    if not key:
        return text
    text = text.replace(key, "***")
    if len(key) > 2 * _SHOWN_OF_KEY:
        text = re.sub(re.escape(key[:_SHOWN_OF_KEY]) + r"\S*", "***", text)
    return text


def _sentences(value: object) -> Iterator[str]:
    """Find texts in the fields that services use, however deep."""
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, dict):
        for name in _FIELDS:
            yield from _sentences(value.get(name))
    elif isinstance(value, list):
        for item in value:
            yield from _sentences(item)
