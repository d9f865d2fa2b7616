"""Marks of emphasis in words that are parted already."""

import pytest

from src.text.emphasis import marked_words


@pytest.mark.parametrize(
    ("words", "emphasised"),
    [
        (["a", "**b**", "c"], ["b"]),
        (["**a", "b", "c**.", "d"], ["a", "b", "c."]),
        (["**New York**", "is"], ["New York"]),
        (["**a**", "b", "**c**"], ["a", "c"]),
        (["你", "**好**", "吗"], ["好"]),
        (["**a", "b"], []),
        (["**", "b"], []),
        (["2**3", "f**k"], []),
        ([], []),
    ],
)
def test_each_word_is_told_whether_it_is_emphasised(words: list[str], emphasised: list[str]) -> None:
    found = marked_words(words)
    assert [part.text for part in found if part.emphasised] == emphasised
    assert len(found) == len(words)
    if emphasised:
        assert [part.text for part in found] == [word.replace("*", "") for word in words]
    else:
        assert [part.text for part in found] == words
