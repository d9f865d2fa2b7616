"""From the times of phonemes to the places in a text where words begin."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from ...models.words import Utterance
from .word_times import WordEvent

#: What stands between the phonemes of words: pauses, marks of a sentence, its begin and its end.
_BETWEEN = frozenset(" ^$_.,;:!?…-—\"'()«»“”¿¡")


def events_of(
    utterance: Utterance, heard: Sequence[tuple[str, int]], parts: Sequence[Sequence[str]]
) -> tuple[WordEvent, ...]:
    """Find where the parts of an utterance begin.

    Words sound otherwise in a sentence than alone, and some run together: the phonemes of all parts are laid
    beside those that are heard, and a part begins where its first one that fits does. A part of which none
    fits has no event.

    Args:
        utterance: what is spoken.
        heard: each phoneme of the sound and how many samples it lasts.
        parts: the phonemes of each part, spoken alone.
    """
    starts = [0, *accumulate(samples for _, samples in heard)]
    places = [place for place, (phoneme, _) in enumerate(heard) if phoneme not in _BETWEEN]
    alone = [[phoneme for phoneme in part if phoneme not in _BETWEEN] for part in parts]
    wanted = [phoneme for part in alone for phoneme in part]
    found = _laid_beside(wanted, [heard[place][0] for place in places])
    events: list[WordEvent] = []
    firsts = [0, *accumulate(map(len, alone))]
    after_last = 0
    for (character, _), (first, end) in zip(utterance.spans, pairwise(firsts), strict=True):
        fitting = [(match, skipped) for skipped, match in enumerate(found[first:end]) if match is not None]
        if fitting:
            # What is heard instead of its first phonemes, but nothing that belongs to the part before.
            match, skipped = fitting[0]
            begin = max(after_last, match - skipped)
            events.append(WordEvent(character, starts[places[begin]]))
            after_last = fitting[-1][0] + 1
    return tuple(events)


def _laid_beside(wanted: Sequence[str], heard: Sequence[str]) -> list[int | None]:
    """Tell for each phoneme that is wanted which of those that are heard it is."""
    found: list[int | None] = [None] * len(wanted)
    for block in SequenceMatcher(None, wanted, heard, autojunk=False).get_matching_blocks():
        found[block.a : block.a + block.size] = range(block.b, block.b + block.size)
    return found
