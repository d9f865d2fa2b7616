"""Capitals and small letters, by language."""

import pytest

from src.text.casing import cased


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("straße", "de", "STRASSE"),
        ("kişi ılık", "tr", "KİŞİ ILIK"),
        ("bizim", "az-Latn", "BİZİM"),
        ("kişi", "de", "KIŞI"),
        ("ήλιος", "el", "ΗΛΙΟΣ"),
        ("ρολόι", "el", "ΡΟΛΟΪ"),
        ("μάιος", "el", "ΜΑΪΟΣ"),
        ("προϊόν", "el", "ΠΡΟΪΟΝ"),
        ("ή", "el", "Ή"),
        ("ΰ", "el", "Ϋ"),
        ("καφέ", "en", "ΚΑΦΕ"),
        ("թև", "hy", "ԹԵՎ"),
        ("ქართული", "ka", "ქართული"),
        ("déjà vu", "fr", "DÉJÀ VU"),
        ("привет, мир", "ru", "ПРИВЕТ, МИР"),
        ("ﬁn", "en", "FIN"),
        ("مرحبا 你好 नमस्ते", "ar", "مرحبا 你好 नमस्ते"),
    ],
)
def test_capitals_are_those_of_the_language(text: str, language: str, expected: str) -> None:
    assert cased(text, "upper", language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("IŞIK İZ", "tr", "ışık iz"),
        ("İZ", "en", "iz"),
        ("ΟΔΟΣ", "el", "οδο\u03c2"),
        ("STRASSE", "de", "strasse"),
    ],
)
def test_small_letters_are_those_of_the_language(text: str, language: str, expected: str) -> None:
    assert cased(text, "lower", language) == expected


def test_what_is_to_stay_as_written_stays() -> None:
    assert cased("iPhone ß", "as_written", "tr") == "iPhone ß"
