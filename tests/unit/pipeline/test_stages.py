"""How much of the work each stage is."""

from src.pipeline.request import Progress
from src.pipeline.stages import STAGE_SHARES, share_done


def test_shares_of_the_work_grow_from_stage_to_stage() -> None:
    shares = [share_done(Progress(stage, done, 4)) for stage in STAGE_SHARES for done in (0, 2, 4, 5)]

    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_an_unknown_stage_or_total_counts_as_nothing() -> None:
    assert share_done(Progress("dreaming", 1, 2)) == 0.0
    assert share_done(Progress("rendering", 3, 0)) == STAGE_SHARES["rendering"][0]
