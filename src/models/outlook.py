"""What a job will come to, told before anything is rendered."""

from pydantic import ConfigDict

from .base import Described


class Outlook(Described):
    """A job that can be rendered, and what its film will be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid: bool = True
    """Always true: a job that cannot be rendered is answered with its problems."""
    scenes: int
    duration: float
    """Seconds of film."""
    frames: int
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    fps: float
    """Frames a second."""
    estimated: bool = False
    """Whether a service has to speak some of the film still: it is not asked before the film is rendered, for
    that may cost money. How long it speaks, and all that depends on that, is estimated then."""
    warnings: tuple[str, ...] = ()
    """What will be bent to fit the job, for people to read."""
    segments_total: int
    """Parts in which the film is rendered."""
    segments_cached: int
    """Parts that an earlier render has finished."""
    estimated_cpu_seconds: float
    """CPU time of the render on a core of the machine of docs/benchmarks.md."""
    estimated_bytes: int
    """Size of the film's file; of segments that are finished, their true sizes count."""
