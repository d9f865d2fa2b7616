"""Keys are told once, kept without their secrets, found by their text alone, and revoked for good."""

import hmac
import logging
import re
import string
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa

from src.store import keys
from src.store.jobs.tables import metadata
from src.store.keys import KeyOrder, KeyRing, OwnLimits, Scope, UnknownKey, WrongKeyName, WrongKeyText


@pytest.fixture
def ring(engine: sa.Engine) -> KeyRing:
    return KeyRing(engine)


def altered(text: str) -> Iterable[str]:
    """Change each character of a text in turn, leave it out, and say it twice."""
    for place, letter in enumerate(text):
        other = next(other for other in string.ascii_lowercase + string.digits if other != letter)
        yield text[:place] + other + text[place + 1 :]
        yield text[:place] + text[place + 1 :]
        yield text[:place] + letter + text[place:]


def test_a_key_is_found_by_its_text(ring: KeyRing) -> None:
    order = KeyOrder("n8n", "anna", (Scope.READ,), OwnLimits(60, 0, None))
    key, text = ring.create(order)
    assert re.fullmatch(r"ns_[0-9a-f]{16}_[A-Za-z0-9_-]{43}", text)
    assert ring.find(text) == key
    assert (key.name, key.owner, key.scopes, key.limits) == ("n8n", "anna", (Scope.READ,), OwnLimits(60, 0))


def test_a_key_that_was_made_elsewhere_is_kept_once(ring: KeyRing) -> None:
    text = f"ns_{'0a' * 8}_{'s' * 43}"
    key = ring.adopt(KeyOrder("n8n"), text)
    assert ring.find(text) == key
    assert ring.adopt(KeyOrder("n8n"), text) == key
    assert ring.all() == (key,)


@pytest.mark.parametrize(
    "text", ["", "ns_", f"ns_{'0a' * 8}_{'s' * 42}", f"ns_{'0A' * 8}_{'s' * 43}", "secret"]
)
def test_what_is_no_key_is_not_kept(ring: KeyRing, text: str) -> None:
    with pytest.raises(WrongKeyText):
        ring.adopt(KeyOrder("n8n"), text)
    assert ring.all() == ()


def test_a_key_does_not_take_the_place_of_another(ring: KeyRing) -> None:
    first = ring.adopt(KeyOrder("n8n"), f"ns_{'0a' * 8}_{'s' * 43}")
    with pytest.raises(WrongKeyText):
        ring.adopt(KeyOrder("other"), f"ns_{'0a' * 8}_{'t' * 43}")
    assert ring.all() == (first,)


def test_a_key_hands_in_and_reads_its_names_jobs_unless_told_otherwise(ring: KeyRing) -> None:
    key, _ = ring.create(KeyOrder("anna"))
    assert (key.owner, key.scopes, key.limits) == ("anna", (Scope.SUBMIT, Scope.READ), OwnLimits())


def test_no_other_text_finds_a_key(ring: KeyRing) -> None:
    _, text = ring.create(KeyOrder("anna"))
    _, other = ring.create(KeyOrder("berta"))
    assert [wrong for wrong in altered(text) if ring.find(wrong)] == []
    mixed = f"{text[:20]}{other[20:]}"
    for wrong in ("", "ns_", " ", "\0", "ä" * 63, text + " ", text.upper(), text * 1000, mixed):
        assert ring.find(wrong) is None, wrong


def test_secrets_are_compared_in_constant_time_also_those_of_no_key(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, str]] = []

    def compare_digest(kept: str, presented: str) -> bool:
        compared.append((kept, presented))
        return hmac.compare_digest(kept, presented)

    monkeypatch.setattr(keys, "compare_digest", compare_digest)
    _, text = ring.create(KeyOrder("anna"))
    assert ring.find(text)
    assert not ring.find(f"ns_{'0' * 16}_{'a' * 43}")
    assert [len(kept) for kept, _ in compared] == [len(presented) for _, presented in compared] == [64, 64]


def test_a_revoked_key_is_told_apart_and_stays_revoked(ring: KeyRing) -> None:
    key, text = ring.create(KeyOrder("anna"))
    revoked = ring.revoke(key.id)
    assert revoked.revoked_ms
    assert ring.revoke(key.id) == revoked == ring.find(text)


def test_other_keys_of_the_same_owner_stay_good(ring: KeyRing) -> None:
    old, _ = ring.create(KeyOrder("old", "anna"))
    _, text = ring.create(KeyOrder("new", "anna"))
    ring.revoke(old.id)
    found = ring.find(text)
    assert found
    assert (found.owner, found.revoked_ms) == ("anna", None)


@pytest.mark.parametrize("id", ["0" * 16, "", "x" * 500])
def test_a_key_that_is_not_there_cannot_be_revoked(ring: KeyRing, id: str) -> None:
    with pytest.raises(UnknownKey):
        ring.revoke(id)


def test_all_keys_are_listed_the_oldest_first(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((3, 1, 2))
    monkeypatch.setattr(keys, "now_ms", lambda: next(times))
    made = [ring.create(KeyOrder(name))[0] for name in ("c", "a", "b")]
    assert [key.name for key in ring.all()] == ["a", "b", "c"]
    assert set(ring.all()) == set(made)


@pytest.mark.parametrize("wrong", [" ", "x" * 65, "a\0b", "a\nb"])
def test_a_name_that_cannot_be_printed_is_refused(ring: KeyRing, wrong: str) -> None:
    for order in (KeyOrder(wrong), KeyOrder(wrong, "anna"), KeyOrder("anna", wrong), KeyOrder("")):
        with pytest.raises(WrongKeyName):
            ring.create(order)
    assert ring.all() == ()


def test_nothing_that_is_kept_or_logged_tells_the_secret(
    ring: KeyRing, engine: sa.Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="src"):
        _, text = ring.create(KeyOrder("anna"))
        ring.find(text)
        ring.all()
    secret = text.split("_", 2)[2]
    assert secret not in caplog.text
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows: list[Any] = list(connection.execute(sa.select(table)))
            assert secret not in repr(rows), table.name
