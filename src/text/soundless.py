"""What of a text has no sound: emoji, marks, control characters."""

import regex

#: Emoji with all that belongs to one: modifiers, joiners, flags, keycaps. Legal signs are read aloud instead.
_EMOJI = regex.compile(
    r"""
      [0-9#*]\uFE0F?\u20E3
    | [\U0001F1E6-\U0001F1FF]{1,2}
    | (?![\u00A9\u00AE\u2122])\p{Extended_Pictographic}
      (?:[\uFE0E\uFE0F\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F]|\u200D\p{Extended_Pictographic})*
    | \uFE0F
    """,
    regex.VERBOSE,
)
#: What a C library, a line of JSON or a clause splitter would stumble over.
_UNSPEAKABLE = regex.compile(r"[\p{C}--[\u200C\u200D]]|\s", regex.VERSION1)
#: Signs that a voice may name, beside letters and digits.
_SAYABLE = regex.compile(r"[\p{L}\p{N}\p{Sc}\p{Sm}%&#@§°©®™]")
_LETTER_OR_DIGIT = regex.compile(r"[\p{L}\p{N}]")


def spoken_form(text: str) -> str:
    """Blank out what is not spoken; every other character keeps its position."""
    return str(_UNSPEAKABLE.sub(" ", _EMOJI.sub(_blank, text)))


def _blank(emoji: regex.Match[str]) -> str:
    # A keycap is its digit to a listener.
    first = emoji[0][0] if emoji[0][0].isdecimal() else " "
    return first + " " * (len(emoji[0]) - 1)


def is_spoken(token: str) -> bool:
    """Tell whether a voice gives sound for a token: it has a letter or a digit outside of emoji."""
    return _LETTER_OR_DIGIT.search(spoken_form(token)) is not None


def is_emoji(token: str) -> bool:
    """Tell whether a token is only seen: emoji, with nothing in it that a voice could name."""
    return _EMOJI.search(token) is not None and _SAYABLE.search(spoken_form(token)) is None
