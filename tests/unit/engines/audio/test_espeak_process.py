"""What the helper process answers."""

import io
import json
from typing import Any

import espeakng_loader

from src.engines.audio.espeak_process import serve

REQUEST = {"text": "One two", "voice": "gmw/en-US", "rate": 170, "volume": 70, "pitch": 50, "range": 50}


def answers_to(*requests: dict[str, Any]) -> list[tuple[dict[str, Any], bytes]]:
    """Send requests and split what comes back."""
    sent = io.BytesIO(b"".join(json.dumps(request).encode() + b"\n" for request in requests))
    received = io.BytesIO()
    serve(espeakng_loader.get_library_path(), espeakng_loader.get_data_path(), sent, received)
    received.seek(0)
    found = []
    while line := received.readline():
        answer = json.loads(line)
        found.append((answer, received.read(answer.get("bytes", 0))))
    return found


def test_an_answer_has_sound_its_rate_and_where_words_begin() -> None:
    [(answer, sound)] = answers_to(REQUEST)

    assert answer["sample_rate"] == 22_050
    assert len(sound) == answer["bytes"] > 20_000
    assert [character for character, _ in answer["words"]] == [0, 4]
    assert 0 == answer["words"][0][1] < answer["words"][1][1] < len(sound) // 2


def test_equal_requests_get_equal_answers_with_others_in_between() -> None:
    first, _, again = answers_to(REQUEST, {**REQUEST, "text": "Something else"}, REQUEST)

    assert first == again


def test_an_unknown_voice_is_an_error_and_the_next_request_is_served() -> None:
    (error, nothing), (answer, _) = answers_to({**REQUEST, "voice": "nope"}, REQUEST)

    assert error == {"error": "there is no voice 'nope'"}
    assert nothing == b""
    assert answer["bytes"]


def test_no_requests_no_answers() -> None:
    assert answers_to() == []
