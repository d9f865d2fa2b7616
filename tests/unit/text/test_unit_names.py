"""What units are called, kept so that nobody waits for CLDR."""

import pytest

from src.text import unit_names as module
from src.text.unit_names import KEPT, names_in_cldr, table, unit_names


def test_what_is_kept_is_what_cldr_says() -> None:
    assert table() == KEPT.read_text("utf-8"), "write it anew: python -m src.text.unit_names"


@pytest.mark.parametrize(("language", "name"), [("en", "kilometers"), ("en-GB", "metres"), ("ru", "рублеи")])
def test_names_that_are_kept_are_found_without_cldr(
    language: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit_names.cache_clear()
    monkeypatch.setattr(module, "names_in_cldr", lambda _: pytest.fail("CLDR was asked"))

    assert name in unit_names(language)


def test_names_in_other_languages_come_from_cldr() -> None:
    assert "kilogramov" in unit_names("sl") == names_in_cldr("sl")
    assert unit_names("qxx") == frozenset()
