"""What errors tell."""

import pytest

from src.errors import UnknownName

MANY = [f"voice-{number}" for number in range(100)]


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [
        ("bob", ["ann", "eve"], "unknown voice 'bob'; known: ann, eve"),
        ("Fade-In", ["cut", "fade_in"], "unknown voice 'Fade-In'; did you mean fade_in? known: cut, fade_in"),
        ("evvan", ["ann", "evan"], "unknown voice 'evvan'; did you mean evan? known: ann, evan"),
        ("bob", [], "unknown voice 'bob'; known: none is installed"),
        (
            "anna",
            [*MANY, "Anna B"],
            "unknown voice 'anna'; nearest of 101: Anna B; `neuroshorts voices` lists all",
        ),
        ("bob", MANY, "unknown voice 'bob'; none of 100 is like it; `neuroshorts voices` lists all"),
    ],
)
def test_few_names_are_listed_and_of_many_the_nearest(name: str, known: list[str], told: str) -> None:
    error = UnknownName("voice", name, known, path="voice.voice", listed_by="voices")

    assert error.message == told
    assert error.known == tuple(known)


def test_at_most_five_of_many_names_are_told() -> None:
    error = UnknownName("speaker", "voice-1x", MANY, path="voice.voice")

    assert error.message.startswith("unknown speaker 'voice-1x'; nearest of 100: voice-1")
    assert error.message.count("voice-") == 6
    assert "neuroshorts" not in error.message
