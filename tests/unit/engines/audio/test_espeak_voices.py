"""Voices and languages by name."""

import pytest

from src.engines.audio.espeak_voices import DEFAULT_VARIANT, engine_voice, voices
from src.errors import UnknownName


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "gmw/en-US"),
        ("EN-us", "gmw/en-US"),
        ("en-GB", "gmw/en"),
        ("en-NZ", "gmw/en-US"),
        ("de-AT", "gmw/de"),
        ("pt", "roa/pt"),
        ("pt-BR", "roa/pt-BR"),
        ("zh", "sit/cmn"),
        ("zh-Hans-CN", "sit/cmn"),
        ("no", "gmq/nb"),
        ("fr", "roa/fr"),
        ("eo", "art/eo"),
    ],
)
def test_a_language_has_the_voice_that_suits_it_best(language: str, voice: str) -> None:
    assert engine_voice("", language) == f"{voice}+{DEFAULT_VARIANT}"


@pytest.mark.parametrize(
    ("voice", "expected"),
    [
        ("en-gb", f"gmw/en+{DEFAULT_VARIANT}"),
        ("+annie", "gmw/en-US+Annie"),
        ("EN-gb-x-rp+F2", "gmw/en-GB-x-rp+f2"),
        ("de+Mr serious", "gmw/de+Mr serious"),
    ],
)
def test_a_voice_is_a_language_a_variant_or_both(voice: str, expected: str) -> None:
    assert engine_voice(voice, "en") == expected


@pytest.mark.parametrize("voice", ["nope", "+nope", "en-gb+nope", "ja", "../en"])
def test_an_unknown_voice_is_refused_with_the_known_ones(voice: str) -> None:
    with pytest.raises(UnknownName) as caught:
        engine_voice(voice, "en")

    assert caught.value.path == "voice.voice"
    assert {"en-us", "+f2"} <= set(caught.value.known)


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownName) as caught:
        engine_voice("", "xx-YY")

    assert caught.value.path == "voice.language"
    assert {"en", "en-us", "de", "zh"} <= set(caught.value.known)


def test_every_listed_voice_can_be_named_and_no_name_stands_twice() -> None:
    names = [voice.name for voice in voices()]

    assert len(names) == len(set(names)) > 200
    for name in names:
        assert engine_voice(name, "en")


def test_variants_say_their_gender_and_no_language() -> None:
    annie = next(voice for voice in voices() if voice.name == "+Annie")

    assert (annie.language, annie.gender) == ("", "female")
