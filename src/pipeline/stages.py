"""The stages of a render, and how much of the work each is."""

import time
from typing import Protocol

from ..models.progress import Setback

#: Share of the work that is done when a stage begins and when it ends, as measured on a 30 s short.
STAGE_SHARES = {
    "fetching": (0.0, 0.02),
    "speaking": (0.02, 0.08),
    "planning": (0.08, 0.1),
    "rendering": (0.1, 0.88),
    "mixing": (0.88, 0.94),
    "joining": (0.94, 0.96),
    "checking": (0.96, 0.98),
    "uploading": (0.98, 1.0),
}


class Step(Protocol):
    """What the renderer reports: a stage, and how much of it is done."""

    @property
    def stage(self) -> str:
        """Name of the stage."""
        ...

    @property
    def done(self) -> int:
        """Frames that are rendered, or parts of another stage."""
        ...

    @property
    def total(self) -> int:
        """What `done` ends at; 0 when that is not known."""
        ...

    @property
    def setback(self) -> Setback | None:
        """What holds the stage up and is tried again."""
        ...


class StageClock:
    """Wall seconds of each stage, counted by whoever hears a render tell its steps."""

    def __init__(self, stage: str = "") -> None:
        self.stage = stage
        """The present one; nothing is counted while it has no name."""
        self.seconds: dict[str, float] = {}
        self._since = time.monotonic()

    def enter(self, stage: str) -> None:
        """Go on to a stage, if it is another one."""
        if stage != self.stage:
            self.close()
            self.stage = stage

    def close(self) -> None:
        """Count the time since the last one was closed towards the present stage."""
        now = time.monotonic()
        if self.stage:
            self.seconds[self.stage] = self.seconds.get(self.stage, 0.0) + now - self._since
        self._since = now


def share_done(step: Step) -> float:
    """Tell the share of the whole work, 0 to 1, that is done."""
    begin, end = STAGE_SHARES.get(step.stage, (0.0, 0.0))
    return begin + (end - begin) * (min(step.done / step.total, 1.0) if step.total else 0.0)
