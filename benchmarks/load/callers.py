"""Callers of an HTTP endpoint: `python -m benchmarks.load.callers`, a process of its own.

At a given rate, requests are due at even times, whether or not earlier ones have been answered, and the time
of an answer counts from when its request was due: a service that stalls cannot hide that by being asked less.
Without a rate, each connection asks again as soon as it is answered.
"""

import asyncio
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, NamedTuple


class Load(NamedTuple):
    """What callers do."""

    port: int
    path: str
    body: str
    seconds: float
    connections: int
    rate: float | None
    """Requests a second; None for as many as are answered."""


class _Caller:
    """One connection that is kept."""

    def __init__(self, load: Load) -> None:
        self._load = load
        body = load.body.encode()
        head = (
            f"POST {load.path} HTTP/1.1\r\nHost: localhost:{load.port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._request = head.encode() + body

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._load.port)

    def close(self) -> None:
        self._writer.close()

    async def ask(self) -> int:
        """Send one request; return the status of its answer, 0 for a broken connection."""
        self._writer.write(self._request)
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
            lowered = head.lower()
            length = int(lowered.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            await self._reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError):
            await self.open()
            return 0
        return int(head[9:12])


async def _due(load: Load) -> AsyncIterator[float]:
    """Give the times at which requests are due, when they are."""
    began = time.perf_counter()
    for number in range(int(load.seconds * (load.rate or 0))):
        due = began + number / (load.rate or 1)
        if (ahead := due - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        yield due


async def _at_a_rate(load: Load, callers: list[_Caller], answers: list[tuple[float, int]]) -> None:
    free: asyncio.Queue[_Caller] = asyncio.Queue()
    for caller in callers:
        free.put_nowait(caller)

    async def call(due: float) -> None:
        caller = await free.get()
        status = await caller.ask()
        answers.append((time.perf_counter() - due, status))
        free.put_nowait(caller)

    async with asyncio.TaskGroup() as calls:
        async for due in _due(load):
            calls.create_task(call(due))


async def _without_pause(load: Load, callers: list[_Caller], answers: list[tuple[float, int]]) -> None:
    until = time.perf_counter() + load.seconds

    async def go_on(caller: _Caller) -> None:
        while (began := time.perf_counter()) < until:
            status = await caller.ask()
            answers.append((time.perf_counter() - began, status))

    async with asyncio.TaskGroup() as calls:
        for caller in callers:
            calls.create_task(go_on(caller))


async def _call(load: Load) -> dict[str, Any]:
    callers = [_Caller(load) for _ in range(load.connections)]
    for caller in callers:
        await caller.open()
    answers: list[tuple[float, int]] = []
    began = time.perf_counter()
    await (_at_a_rate if load.rate else _without_pause)(load, callers, answers)
    took = time.perf_counter() - began
    for caller in callers:
        with suppress(OSError):
            caller.close()
    return _figures(answers, took)


def _figures(answers: list[tuple[float, int]], took: float) -> dict[str, Any]:
    centiles = statistics.quantiles((seconds for seconds, _ in answers), n=100)
    return {
        "requests": len(answers),
        "requests_per_s": round(len(answers) / took, 1),
        "statuses": {str(status): count for status, count in Counter(s for _, s in answers).items()},
        **{f"p{n}_ms": round(centiles[n - 1] * 1000, 1) for n in (50, 90, 99)},
        "most_ms": round(max(answers)[0] * 1000, 1),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_call(Load(*json.load(sys.stdin))))))
