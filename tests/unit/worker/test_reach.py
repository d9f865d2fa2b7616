"""A store that is away for a while."""

import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from src.worker import reach as reach_module
from src.worker.closing import Closing
from src.worker.reach import Reach

AWAY = sa.exc.OperationalError("SELECT 1", {}, Exception("server closed the connection"))


@pytest.fixture
def reach(monkeypatch: pytest.MonkeyPatch) -> Reach:
    monkeypatch.setattr(reach_module, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(reach_module, "_LONGEST_PAUSE_SECONDS", 0.01)
    return Reach(Closing(10))


def answers(*given: object) -> Iterator[object]:
    yield from given


def asked(answer: Iterator[object]) -> object:
    given = next(answer)
    if isinstance(given, Exception):
        raise given
    return given


def test_a_store_that_is_away_is_told_once_and_so_is_its_return(
    reach: Reach, caplog: pytest.LogCaptureFixture
) -> None:
    given = answers(AWAY, AWAY, AWAY, 1, 2)
    with caplog.at_level(logging.INFO):
        assert [reach.once(lambda: asked(given), 0) for _ in range(5)] == [0, 0, 0, 1, 2]
    assert [record.getMessage() for record in caplog.records] == ["database_away", "database_back"]


def test_pauses_grow_up_to_a_bound_and_are_short_again_afterwards(reach: Reach) -> None:
    given = answers(*[AWAY] * 9, 1)
    pauses = [(reach.once(lambda: asked(given), 0), reach.pause_seconds)[1] for _ in range(10)]
    assert pauses == [*sorted(pauses[:-1]), pauses[-1]]
    assert (pauses[-2], pauses[-1]) == (0.01, 0.001)


def test_what_has_to_be_told_is_told_again_until_it_is_heard(reach: Reach) -> None:
    given = answers(AWAY, AWAY, AWAY, True)
    assert reach.until_told(lambda: asked(given)) is True


def test_nothing_is_told_any_more_when_all_work_is_over() -> None:
    closing = Closing(10)
    closing.end()
    given = answers(AWAY, True)
    assert Reach(closing).until_told(lambda: asked(given)) is None


def test_a_bug_is_not_taken_for_a_store_that_is_away(reach: Reach) -> None:
    given = answers(KeyError("no such column"))
    with pytest.raises(KeyError):
        reach.once(lambda: asked(given), None)
