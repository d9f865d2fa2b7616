"""The order of the tests: those that share what takes long to start stand together.

xdist gives each of its processes as many tests in a row, and those that have run out of them some of
another's last ones. So each row begins with tests of other servers, and goes on with those that need none.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

import pytest

#: Fixtures that take seconds to start, the slowest first.
SLOW = ("started_ceph", "started_rabbitmq", "postgres", "browser")
#: Fixtures that ask for one of those only when they are made.
ASKING = {"broker": "started_rabbitmq", "url": "postgres"}


def arranged(items: Sequence[pytest.Item], processes: int) -> list[pytest.Item]:
    """Order tests for so many processes; modules stay together, but for one at the end of each row."""
    modules = [list(tests) for _, tests in groupby(items, lambda item: item.path)]
    rows: list[list[pytest.Item]] = [[] for _ in range(processes)]
    for number, name in enumerate(SLOW):
        rows[number % processes] += _flat(module for module in modules if _slowest(module) == name)
    for module in (module for module in modules if _slowest(module) is None):
        min(rows, key=len).extend(module)
    return _flat(_evened(rows))


def _slowest(module: Iterable[pytest.Item]) -> str | None:
    names = {name for item in module for name in getattr(item, "fixturenames", ())}
    needed = names | {ASKING[name] for name in names & ASKING.keys()}
    return next((name for name in SLOW if name in needed), None)


def _evened(rows: list[list[pytest.Item]]) -> list[list[pytest.Item]]:
    """Move last tests to and from the row behind, until each has as many as xdist takes for one."""
    left = sum(map(len, rows))
    for number, (row, behind) in enumerate(pairwise(rows)):
        share = left // (len(rows) - number)
        while len(row) > share:
            behind.append(row.pop())
        while len(row) < share and behind:
            row.append(behind.pop())
        left -= share
    return rows


def _flat(lists: Iterable[Iterable[pytest.Item]]) -> list[pytest.Item]:
    return [item for each in lists for item in each]
