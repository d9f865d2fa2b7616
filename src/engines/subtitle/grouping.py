"""Which words of a scene stand on screen together."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...models.words import TimedWord
from ...text.ties import is_list_number
from .tokens import ends_clause, ends_sentence, is_wordless

#: Costs of a group, weighed against each other. One more caption costs 1; what is worse than any number of
#: captions costs in tens.
_GROUP = 1.0
#: A group that is not full, times the squared share that it lacks.
_UNFILLED = 4.0
#: One word by itself, though its sentence has more; an emoji apart from the word before it.
_ORPHAN = 6.0
#: Earned by ending where a clause ends.
_CLAUSE = -1.5
#: Ending within a word that is divided over lines.
_DIVIDED = 20.0
#: Ending between a number and its unit, or between the number of a list and its entry.
_TIED = 20.0
#: Times the silence that parts others for which the number of a list waits for its entry.
_LIST_PAUSE = 3
#: Ending on a short word without punctuation ("of the"): a tie-breaker.
_WEAK_END, _WEAK_END_LETTERS = 0.15, 3
#: Words of two sentences, or from either side of a silence, in one group.
_CROSSING = 30.0
#: A group that holds more than it may, and each word or line that is too much in it.
_OVERFULL, _TOO_MUCH = 1000.0, 1.0
#: Words or lines too much that are tried at least: neighbours that flash may have to share one group.
_TRIED = 4
#: The same at most, whatever flashes: words that all come at once would be tried with all others.
_TRIED_AT_MOST = 16
#: A group that would only flash: worse than anything.
_FLASH = 100_000.0

#: Tells something of the words from the first one to before the end.
Lines = Callable[[int, int], int]
Flashes = Callable[[int, int], bool]


class GroupLimits(NamedTuple):
    """What a group may hold, and what parts it from the next."""

    max_words: int
    max_lines: int
    bridged_samples: int
    """A silence as long as this parts groups."""


def group_words(
    words: Sequence[TimedWord],
    limits: GroupLimits,
    lines_needed: Lines,
    flashes: Flashes,
    tied: Sequence[bool],
) -> list[tuple[int, int]]:
    """Choose the groups of least total cost; each is (first word, word after its last).

    `lines_needed(first, end)` tells how many lines those words take; single words always pass.
    `flashes(first, end)` tells whether a caption of those words is seen too shortly: only to avoid that, a
    group holds more than the limits. `tied` tells which words are read with the next one.
    """
    borders = _Borders.of(words, limits, tied)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        choices = []
        for first in range(end - 1, -1, -1):
            lines = lines_needed(first, end) if end - first > 1 else 1
            held = _words(words, first, end)
            too_much = max(0, held - limits.max_words) + max(0, lines - limits.max_lines)
            if too_much > _TRIED_AT_MOST:
                break
            if too_much > _TRIED and not (flashes(first + 1, end) or flashes(first, end - 1)):
                break
            cost = _cost(words, first, end, borders, limits)
            cost += (_OVERFULL + _TOO_MUCH * too_much if too_much else 0.0) + _FLASH * flashes(first, end)
            choices.append((best[first][0] + cost, first))
        best.append(min(choices))
    groups = []
    end = len(words)
    while end > 0:
        groups.append((best[end][1], end))
        end = best[end][1]
    return groups[::-1]


def lone_beside(words: Sequence[TimedWord], at: int, bridged_samples: int) -> tuple[bool, bool]:
    """Tell whether the word before one, and that behind it, has no other of the sentence on its side."""

    def ends(place: int) -> bool:
        after = words[place + 1] if place + 1 < len(words) else None
        silence = after.start_sample - words[place].end_sample if after else bridged_samples
        return silence >= bridged_samples or ends_sentence(words[place].text, has_following=after is not None)

    before = at > 0 and not ends(at - 1) and (at == 1 or ends(at - 2))
    return before, at + 1 < len(words) and not ends(at) and ends(at + 1)


class _Borders(NamedTuple):
    """For each word whether a thought ends with it, or it is read with the next one."""

    hard: tuple[bool, ...]
    clause: tuple[bool, ...]
    tied: tuple[bool, ...]

    @classmethod
    def of(cls, words: Sequence[TimedWord], limits: GroupLimits, tied: Sequence[bool]) -> "_Borders":
        hard, clause, kept = list[bool](), list[bool](), list[bool]()
        ended = False
        for word, after, is_tied in zip(words, [*words[1:], None], tied, strict=True):
            begins = not hard or hard[-1]
            silence = after.start_sample - word.end_sample if after else 0
            kept.append(is_tied or (begins and _counts(word, after, limits)))
            clause.append(word.carried is None and ends_clause(word.text))
            if word.carried is not None or (begins and kept[-1] and not is_tied):
                # Whatever marks an address has inside, or a number of a list behind it.
                hard.append(False)
                continue
            # An emoji behind a sentence belongs to it.
            ended = (ended and is_wordless(word.text)) or ends_sentence(
                word.text, has_following=after is not None
            )
            hard.append(
                silence >= limits.bridged_samples or (ended and not (after and is_wordless(after.text)))
            )
        return cls(tuple(hard), tuple(clause), tuple(kept))


def _counts(word: TimedWord, after: TimedWord | None, limits: GroupLimits) -> bool:
    """Tell whether the first word of a sentence only counts what comes next; a countdown counts nothing."""
    if after is None or not is_list_number(word.text) or is_list_number(after.text):
        return False
    return after.start_sample - word.end_sample < _LIST_PAUSE * limits.bridged_samples


def _words(words: Sequence[TimedWord], first: int, end: int) -> int:
    """Count words: one that is divided is one."""
    return end - first - sum(word.carried is not None for word in words[first : end - 1])


def _cost(words: Sequence[TimedWord], first: int, end: int, borders: _Borders, limits: GroupLimits) -> float:
    lacking = max(0, limits.max_words - _words(words, first, end)) / limits.max_words
    cost = _GROUP + _UNFILLED * lacking**2
    cost += _CROSSING * sum(borders.hard[first : end - 1])
    if first and is_wordless(words[first].text):
        cost += _ORPHAN
    if borders.hard[end - 1]:
        is_sentence = first == 0 or borders.hard[first - 1]
        return cost + (_ORPHAN if end - first == 1 and not is_sentence else 0.0)
    if words[end - 1].carried is not None:
        return cost + _DIVIDED
    if borders.tied[end - 1]:
        cost += _TIED
    if end - first == 1 and limits.max_words > 1:
        cost += _ORPHAN
    if borders.clause[end - 1]:
        return cost + _CLAUSE
    return cost + (_WEAK_END if len(words[end - 1].text) <= _WEAK_END_LETTERS else 0.0)
