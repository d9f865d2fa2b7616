"""From an author's text to words, from words to what is spoken, and back once it has been heard."""

from collections.abc import Sequence
from itertools import pairwise

from ..models.words import TimedWord, Utterance, Word
from .emphasis import marked
from .segmentation import parted
from .verbal import verbal

#: Share of time that a word which is only seen takes from the spoken one before it, in letters.
_SILENT_WEIGHT = 0.25


def words_of(text: str, language: str) -> tuple[Word, ...]:
    """Take a text apart into the words that are seen, with what is said for each.

    Args:
        text: as the author wrote it; `**so**` is emphasised.
        language: BCP 47 tag.
    """
    parts = [
        (part, piece.emphasised, piece.joined or place > 0)
        for piece in marked(text)
        for place, part in enumerate(parted(piece.text, language))
    ]
    spoken = verbal([part for part, _, _ in parts], language)
    return tuple(
        Word(part, said, emphasised, joined)
        for (part, emphasised, joined), said in zip(parts, spoken, strict=True)
    )


def utterance_of(words: Sequence[Word]) -> Utterance:
    """Put together what a voice says for words; each that is spoken is one part."""
    text, spans = "", []
    for word in words:
        if word.spoken:
            text += "" if word.joined or not text else " "
            spans.append((len(text), len(text) + len(word.spoken)))
            text += word.spoken
    return Utterance(text, tuple(spans))


def seen(words: Sequence[Word], heard: Sequence[TimedWord], samples: int) -> tuple[TimedWord, ...]:
    """Give words the times at which they were heard.

    What is only seen comes with the word before it, or with the first one.

    Args:
        words: all of them.
        heard: the parts of their `utterance_of`.
        samples: length of the sound.
    """
    timed: list[TimedWord] = []
    for group, (start, end) in zip(_groups(words), _times(heard, samples), strict=True):
        weights = [len(word.shown) if word.spoken else _SILENT_WEIGHT for word in group]
        borders = [start + int((end - start) * sum(weights[:n]) / sum(weights)) for n in range(len(group))]
        for word, (first, last) in zip(group, pairwise([*borders, end]), strict=True):
            timed.append(TimedWord(word.shown, first, max(last, first + 1), word.emphasised, word.joined))
    return tuple(timed)


def _groups(words: Sequence[Word]) -> list[list[Word]]:
    """Put what is only seen together with the spoken word before it, or the first one."""
    groups: list[list[Word]] = []
    for word in words:
        if not groups or (word.spoken and any(other.spoken for other in groups[-1])):
            groups.append([])
        groups[-1].append(word)
    return groups


def _times(heard: Sequence[TimedWord], samples: int) -> list[tuple[int, int]]:
    return [(word.start_sample, word.end_sample) for word in heard] or [(0, samples)]
