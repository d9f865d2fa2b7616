"""What follows from each answer to a webhook."""

from datetime import UTC, datetime

import pytest

from src.errors import ForbiddenHost, NeuroShortsError, UncallableUrl
from src.network.calls import Answer
from src.network.failures import AnswerTimeout, Unreachable
from src.worker.redelivery import SCHEDULE_SECONDS, Again, Calls, GivenUp, Told, decide

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DAY_SECONDS = 24 * 3600.0
RUNNING = '{"code":409,"message":"The execution \\"7 is running already."}'
FINISHED = '{"code":409,"message":"The execution \\"7 has finished already."}'
BROKEN = '{"code":409,"message":"The execution \\"7\\" has finished with error."}'


def answer(status: int, text: str = "", **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, text)


def calls(attempt: int = 1, age: float = 0.0, same: float = 0.0, roll: float = 0.5) -> Calls:
    return Calls(attempt, age, same, roll)


@pytest.mark.parametrize(
    ("came", "so_far", "expected"),
    [
        (answer(200), calls(), Told()),
        (answer(204), calls(), Told()),
        (answer(200, "n8n is starting up. Please wait"), calls(1), Again(1.0)),
        (answer(200, "n8n is starting up. Please wait"), calls(100), Again(30.0)),
        (answer(200, "thank you"), calls(), Told()),
        (answer(299), calls(9, age=DAY_SECONDS * 2), Told()),
        (answer(409, FINISHED), calls(), Told()),
        (
            answer(409, BROKEN),
            calls(),
            GivenUp("the execution of n8n that waited for this has ended with an error"),
        ),
        (answer(409, RUNNING), calls(1), Again(1.0)),
        (answer(409, RUNNING), calls(3), Again(10.0)),
        (answer(409, RUNNING), calls(100), Again(30.0)),
        (answer(409, "conflict"), calls(6), Again(300.0)),
        (answer(404), calls(1), Again(1.0)),
        (answer(404), calls(50, age=4000, same=3599), Again(30.0)),
        (
            answer(404),
            calls(50, age=4000, same=3600),
            GivenUp("nothing has been found at this address (404) for over an hour"),
        ),
        (answer(410), calls(), GivenUp("the receiver says that this address is gone for good (410)")),
        (answer(301), calls(), Again(1.0)),
        (answer(400), calls(2), Again(3.0)),
        (answer(500), calls(5), Again(60.0)),
        (answer(500), calls(5, roll=0.0), Again(48.0)),
        (answer(500), calls(5, roll=1.0), Again(72.0)),
        (AnswerTimeout("a", 15), calls(4), Again(30.0)),
        (Unreachable("a", "refused"), calls(8), Again(3600.0)),
        (Unreachable("a", "refused"), calls(99, age=3600), Again(12 * 3600.0)),
        (Unreachable("a", "refused"), calls(11, age=DAY_SECONDS - 60), Again(60.0)),
        (
            Unreachable("a", "refused"),
            calls(12, age=DAY_SECONDS),
            GivenUp("it could not be told for 24 hours"),
        ),
        (answer(409, RUNNING), calls(99, age=DAY_SECONDS), GivenUp("it could not be told for 24 hours")),
        (answer(429, retry_after="120"), calls(), Again(120.0)),
        (answer(503, retry_after="Mon, 01 Jan 99999999999999999999 00:00:00 GMT"), calls(), Again(1.0)),
        (answer(503, retry_after="Mon, 01 Jan 2026 00:00:00 +99999999999999"), calls(), Again(1.0)),
        (answer(503, retry_after="0"), calls(), Again(1.0)),
        (answer(503, retry_after="99999999999999999999"), calls(), Again(6 * 3600.0)),
        (answer(503, retry_after="Fri, 02 Jan 2026 03:05:05 GMT"), calls(), Again(60.0)),
        (answer(503, retry_after="Thu, 01 Jan 2026 03:05:05 GMT"), calls(), Again(1.0)),
        (answer(503, retry_after="soon"), calls(), Again(1.0)),
        (answer(503, retry_after="-5"), calls(), Again(1.0)),
        (answer(503, retry_after="3600"), calls(9, age=DAY_SECONDS - 5), Again(5.0)),
    ],
)
def test_each_answer_has_its_consequence(
    came: Answer | NeuroShortsError, so_far: Calls, expected: object
) -> None:
    decided = decide(came, so_far, NOW)
    if isinstance(decided, Again):
        decided = Again(round(decided.seconds, 6))
    assert decided == expected


@pytest.mark.parametrize(
    "error", [ForbiddenHost("10.0.0.1", path="webhook_url"), UncallableUrl("it is no URL")]
)
def test_who_may_not_be_called_is_given_up_at_once(error: NeuroShortsError) -> None:
    assert decide(error, calls(), NOW) == GivenUp(error.message)


def test_the_schedule_ends_after_a_day() -> None:
    age, attempt = 0.0, 1
    while isinstance(decided := decide(answer(503), calls(attempt, age=age), NOW), Again):
        age, attempt = age + decided.seconds, attempt + 1
    assert age == DAY_SECONDS
    assert attempt == len(SCHEDULE_SECONDS) + 2
