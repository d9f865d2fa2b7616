"""Scripts cut for segments: what is seen, on which frames, and equal wherever in the film it stands."""

from fractions import Fraction

import pytest

from src.media.timebase import fps_of
from src.models.caption_plan import ScriptEvent, ScriptPlan
from src.models.segment import ScriptSlice
from src.plan.scripts import slice_of

HEAD = "[Script Info]\n"
FPS = Fraction(30)


def event(
    start_ms: int,
    end_ms: int,
    text: str = "x",
    *,
    moves: bool = False,
    changes: tuple[tuple[int, int], ...] = (),
    placed: bool = False,
) -> ScriptEvent:
    return ScriptEvent(
        start_ms=start_ms,
        end_ms=end_ms,
        layer=0,
        rest=f"A,,0,0,0,,{text}",
        changes_ms=((0, end_ms - start_ms),) if moves else changes,
        is_placed=placed,
    )


def sliced(span: range, *events: ScriptEvent, fps: Fraction = FPS) -> ScriptSlice | None:
    plan = ScriptPlan(sha256="a" * 64, fonts="b" * 64, head=HEAD, events=events)
    return slice_of(plan, span, fps)


def lines_of(part: ScriptSlice | None) -> list[str]:
    assert part is not None
    return [line for line in part.text.splitlines() if line.startswith("Dialogue")]


def test_nothing_is_cut_out_where_nothing_is_seen() -> None:
    assert slice_of(None, range(30), FPS) is None
    assert sliced(range(30, 60), event(0, 1000), event(2000, 3000), event(1010, 1020)) is None


def test_a_line_that_stands_still_is_drawn_once() -> None:
    part = sliced(range(30, 90), event(1500, 2500))
    assert part is not None
    assert part.frames == (0, 15, 45)
    assert part.origin_frame == 0
    assert lines_of(part) == ["Dialogue: 0,0:00:00.50,0:00:01.50,A,,0,0,0,,x"]


def test_a_line_that_moves_is_drawn_on_all_its_frames() -> None:
    part = sliced(range(30, 90), event(1500, 1700, moves=True))
    assert part is not None
    assert part.frames == (0, 15, 16, 17, 18, 19, 20, 21)


def test_a_line_that_changes_for_a_while_is_drawn_then() -> None:
    part = sliced(range(30, 90), event(1500, 2500, changes=((0, 0), (500, 560))))
    assert part is not None
    assert part.frames == (0, 15, 16, 30, 31, 32, 45)


def test_a_line_that_began_before_has_its_own_clock() -> None:
    part = sliced(range(30, 60), event(400, 1500))
    assert part is not None
    assert part.origin_frame == 18
    assert lines_of(part) == ["Dialogue: 0,0:00:00.00,0:00:01.10,A,,0,0,0,,x"]


@pytest.mark.parametrize("rate", [24, 25, 29.97, 30, 59.94, 60])
@pytest.mark.parametrize("start_frame", [0, 1, 7, 299, 300, 1234])
def test_a_line_is_seen_on_the_same_frames_in_its_slice(rate: float, start_frame: int) -> None:
    fps = fps_of(rate)
    start_ms = round(start_frame * 1000 / fps / 10) * 10
    part = sliced(range(start_frame, start_frame + 50), event(start_ms, start_ms + 1230), fps=fps)
    assert part is not None
    begins, ends = (_ms(written) for written in lines_of(part)[0].split(",")[1:3])

    def seen(frame: int, from_ms: int, until_ms: int) -> bool:
        return from_ms <= frame * 1000 / fps < until_ms

    assert [seen(part.origin_frame + n, begins, ends) for n in range(50)] == [
        seen(start_frame + n, start_ms, start_ms + 1230) for n in range(50)
    ]


def _ms(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


def test_slices_are_equal_when_script_and_film_move_together() -> None:
    def at(second: int) -> ScriptSlice | None:
        start, ms = second * 30, second * 1000
        return sliced(
            range(start, start + 60), event(ms - 200, ms + 900, moves=True), event(ms + 100, ms + 500)
        )

    assert at(3) == at(17)


def test_lines_that_others_had_to_keep_clear_of_come_along() -> None:
    events = (event(0, 2000, "first"), event(1000, 5000, "above"), event(0, 2000, "elsewhere", placed=True))
    part = sliced(range(90, 120), *events)
    assert [line.rpartition(",")[2] for line in lines_of(part)] == ["first", "above"]
    assert part is not None
    assert part.frames == (-90, -60, 0)
