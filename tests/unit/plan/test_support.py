"""What a valid job may ask for in vain."""

import pytest

from src.errors import UnknownName
from src.plan.support import refuse_unsupported
from tests.unit.plan.facts_for import job_of


@pytest.mark.parametrize(
    ("job", "path"),
    [
        ('{"defaults":{"transition":{"type":"Fads"}},"scenes":[{"text":"a"}]}', "defaults.transition.type"),
        ('{"scenes":[{"text":"a","transition":{"type":"fads"}}]}', "scenes[0].transition.type"),
    ],
)
def test_a_transition_that_does_not_exist_is_refused_with_those_that_do(job: str, path: str) -> None:
    with pytest.raises(UnknownName, match=r"unknown transition .*fade") as refused:
        refuse_unsupported(job_of(job))
    assert refused.value.path == path
