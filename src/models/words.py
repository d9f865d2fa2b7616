"""Words: as an author writes them, as a voice says them, and when they are heard."""

import re
from typing import Literal, NamedTuple, Self

#: Where Chinese characters differ in shape: Japan, Korea, mainland China, Taiwan, Hong Kong.
Region = Literal["JP", "KR", "SC", "TC", "HK"]


class Word(NamedTuple):
    """What stands on screen as one word, and what a voice says for it."""

    shown: str
    """As the author wrote it, without marks of emphasis."""
    spoken: str
    """What is said, in one word or several; empty for what is only seen."""
    emphasised: bool = False
    joined: bool = False
    """Stands directly behind the word before it: Chinese, Japanese and Thai have no spaces."""


class TimedWord(NamedTuple):
    """A word as it is written, and the samples between which it is heard."""

    text: str
    start_sample: int
    end_sample: int
    """First sample after it."""
    emphasised: bool = False
    joined: bool = False
    """See `Word`."""
    carried: str | None = None
    """See `CueWord`."""


class Utterance(NamedTuple):
    """A text to be spoken, and which parts of it are to be timed."""

    text: str
    spans: tuple[tuple[int, int], ...]
    """First character and the one after the last of each part, in order; none is empty."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Take everything between white space for a part."""
        return cls(text, tuple(match.span() for match in re.finditer(r"\S+", text)))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts themselves."""
        return tuple(self.text[start:end] for start, end in self.spans)
