"""What becomes of a job, by how its process ended."""

import pytest

from src.models.status import JobError
from src.settings import Settings
from src.worker.messages import Failed, Finished
from src.worker.process import Ending, Kill
from src.worker.verdict import Done, Failure, HandedBack, LetGo, Lost, Unwanted, verdict
from tests.unit.store.jobs.results import ERROR, RESULT

FINISHED, FAILED = Finished(result=RESULT), Failed(error=ERROR)
INTERRUPTED = Failed(error=JobError(code="interrupted", message="stopped before the film was finished"))


def ending(killed: Kill | None = None, told: Finished | Failed | None = None, returncode: int = -9) -> Ending:
    return Ending(returncode, killed, told, "", 0)


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (ending(told=FINISHED, returncode=0), Done(RESULT)),
        (ending(told=FAILED, returncode=0), Failure(ERROR)),
        (ending(told=INTERRUPTED, returncode=0), HandedBack("stopped before the film was finished")),
        (ending(Kill.CANCELLED), Unwanted()),
        (ending(Kill.CANCELLED, FINISHED), Unwanted()),
        (ending(Kill.CLAIM_LOST, FINISHED), LetGo()),
        (ending(Kill.STOPPED), HandedBack("the worker was stopped")),
        (ending(Kill.STOPPED, FINISHED), Done(RESULT)),
        (ending(Kill.TIME_LIMIT, FINISHED), Done(RESULT)),
        (ending(Kill.MEMORY_LIMIT, FAILED), Failure(ERROR)),
        (ending(), Lost("its process was ended by SIGKILL")),
        (ending(returncode=-63), Lost("its process was ended by signal 63")),
        (ending(returncode=3), Lost("its process ended with code 3 and told nothing")),
    ],
)
def test_each_ending_has_its_verdict(ended: Ending, expected: object) -> None:
    assert verdict(ended, Settings()) == expected


@pytest.mark.parametrize(
    ("killed", "code", "told"),
    [
        (
            Kill.TIME_LIMIT,
            "time_limit",
            "not finished after 7 s, the limit that NEUROSHORTS_MAX_RENDER_SECONDS",
        ),
        (
            Kill.MEMORY_LIMIT,
            "memory_limit",
            "more than 256 MiB of memory, the limit that NEUROSHORTS_MAX_RENDER_M",
        ),
    ],
)
def test_a_limit_is_told_with_its_setting(killed: Kill, code: str, told: str) -> None:
    settings = Settings(max_render_seconds=7, max_render_memory_bytes=256 * 1024**2)
    judged = verdict(ending(killed), settings)
    assert isinstance(judged, Failure)
    assert (judged.error.code, judged.error.retryable) == (code, False)
    assert told in judged.error.message
