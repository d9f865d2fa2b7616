"""Headers that a job may have sent along: whole lines, and none of ours."""

import json

import pytest

from src.errors import InvalidJob
from src.models.job import parse_job


def parsed(headers: object) -> dict[str, str]:
    return parse_job(json.dumps({"webhook_headers": headers, "scenes": [{"text": "Hello"}]})).webhook_headers


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer a.b-c", "X-A": "", "x_b": "a \t b"}, {f"X-{n}": "1" for n in range(20)}],
)
def test_usual_headers_are_taken_as_they_are(headers: dict[str, str]) -> None:
    assert parsed(headers) == headers


@pytest.mark.parametrize(
    ("headers", "path", "code"),
    [
        ({"Host": "evil"}, "webhook_headers.Host", "reserved_header"),
        ({"content-length": "1"}, "webhook_headers.content-length", "reserved_header"),
        ({"Transfer-Encoding": "chunked"}, "webhook_headers.Transfer-Encoding", "reserved_header"),
        ({"CONNECTION": "close"}, "webhook_headers.CONNECTION", "reserved_header"),
        ({"X-NeuroShorts-Signature": "t=1"}, "webhook_headers.X-NeuroShorts-Signature", "reserved_header"),
        ({"User-Agent": "me"}, "webhook_headers.User-Agent", "reserved_header"),
        ({"traceparent": "00"}, "webhook_headers.traceparent", "reserved_header"),
        ({"Content-Type": "text/html"}, "webhook_headers.Content-Type", "reserved_header"),
        ({"X-A": "a\r\nX-B: b"}, "webhook_headers.X-A", "bad_header"),
        ({"X-A": "a\nb"}, "webhook_headers.X-A", "bad_header"),
        ({"X-A": "größer"}, "webhook_headers.X-A", "bad_header"),
        ({"X-A": " a"}, "webhook_headers.X-A", "bad_header"),
        ({"X-A\r\nX-B": "a"}, "webhook_headers.X-A\r\nX-B", "bad_header"),
        ({"X A": "a"}, "webhook_headers.X A", "bad_header"),
        ({"X:A": "a"}, "webhook_headers.X:A", "bad_header"),
        ({"": "a"}, "webhook_headers.", "bad_header"),
        ({"X-A": "1", "x-a": "2"}, "webhook_headers", "bad_header"),
        ({"X-A": "x" * 9000}, "webhook_headers", "headers_too_large"),
        ({f"X-{n}": "1" for n in range(21)}, "webhook_headers", "too_long"),
        ({"X-A": 1}, "webhook_headers.X-A", "string_type"),
    ],
)
def test_other_headers_are_refused_with_their_place(headers: dict[str, str], path: str, code: str) -> None:
    with pytest.raises(InvalidJob) as refused:
        parsed(headers)
    (problem,) = refused.value.problems
    assert (problem.path, problem.code) == (path, code)
