"""Where the parts of a text begin among phonemes that were heard."""

import pytest

from src.engines.audio.phoneme_times import events_of
from src.models.words import Utterance


def heard(phonemes: str) -> list[tuple[str, int]]:
    """Give each phoneme ten samples."""
    return [(phoneme, 10) for phoneme in phonemes]


@pytest.mark.parametrize(
    ("text", "sound", "parts", "starts"),
    [
        ("a bc", "^ab bc.$", ["ab", "bc"], {0: 10, 2: 40}),
        ("two run together", "^tu rʌntəɡɛðɚ$", ["tu", "rʌn", "təɡɛðɚ"], {0: 10, 4: 40, 8: 70}),
        ("the end", "^ði ɛnd$", ["ðə", "ɛnd"], {0: 10, 4: 40}),  # "the" sounds otherwise alone
        ("an x y", "^ʌn ks waɪ$", ["æn", "ɛks", "waɪ"], {0: 10, 3: 40, 5: 70}),  # so do first phonemes
        ("a — b", "^a, b$", ["a", "", "b"], {0: 10, 4: 40}),  # nothing is heard of a dash
        ("x", "^^^$", ["q"], {}),
    ],
)
def test_a_part_begins_where_its_first_phoneme_is_heard(
    text: str, sound: str, parts: list[str], starts: dict[int, int]
) -> None:
    events = events_of(Utterance.of(text), heard(sound), parts)
    assert {event.character: event.sample for event in events} == starts
