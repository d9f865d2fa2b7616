"""Trace contexts: read strictly, passed on unchanged but for the span. Source: W3C Trace Context, level 1."""

import pytest

from src.trace import TraceContext

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def test_a_header_is_read_and_written_alike() -> None:
    header = f"00-{TRACE}-{SPAN}-01"
    context = TraceContext.read(header)
    assert context == (TRACE, SPAN, 1)
    assert context.traceparent == header


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01 ",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE[:-1]}g-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"0-{TRACE}-{SPAN}-01",
        f"01-{TRACE}-{SPAN}-01more",
        f"01-{TRACE}-{SPAN}-01-{'x' * 1000}",
    ],
)
def test_what_is_no_trace_context_is_not_taken_for_one(header: str) -> None:
    assert TraceContext.read(header) is None


@pytest.mark.parametrize("header", [f"01-{TRACE}-{SPAN}-01", f"cc-{TRACE}-{SPAN}-01-what-comes-later"])
def test_a_later_version_is_read_as_far_as_it_is_known(header: str) -> None:
    context = TraceContext.read(header)
    assert context
    assert context.traceparent == f"00-{TRACE}-{SPAN}-01"


def test_flags_that_nobody_knows_are_not_passed_on() -> None:
    assert TraceContext.below(f"00-{TRACE}-{SPAN}-ff").flags == 1
    assert TraceContext.below(f"00-{TRACE}-{SPAN}-fe").flags == 0


def test_a_child_keeps_the_trace_and_has_a_span_of_its_own() -> None:
    child = TraceContext.below(f"00-{TRACE}-{SPAN}-01")
    assert (child.trace_id, child.flags) == (TRACE, 1)
    assert child.span_id != SPAN
    assert TraceContext.read(child.traceparent) == child


def test_each_new_trace_is_another() -> None:
    first, second = TraceContext.below(""), TraceContext.begin()
    assert first.trace_id != second.trace_id
    assert TraceContext.read(first.traceparent) == first
