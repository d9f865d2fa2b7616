"""Characters that no font has."""

import pytest

from src.errors import UndrawableText
from src.plan.film import plan
from src.plan.glyphs import drawable
from tests.unit.plan.facts_for import facts_for, job_of


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Look 🔥 here", "Look here"),
        ("🔥", ""),
        ("wow👩‍👩‍👧!", "wow!"),
        ("☀️ morning", "morning"),
        ("nothing to do", "nothing to do"),
    ],
)
def test_symbols_the_font_lacks_are_left_out_whole(text: str, kept: str) -> None:
    assert drawable(text, lambda _: ("🔥", "👩‍👩‍👧", "☀️")) == kept


def test_left_out_symbols_are_told_and_never_become_a_caption_of_their_own() -> None:
    job = job_of('{"scenes":[{"text":"Hello 🔥 there"}]}')
    film = plan(job, facts_for(job))
    assert [word.text for cue in film.cues for line in cue.lines for word in line] == ["Hello", "there"]
    assert film.warnings == ("scenes[0].text: the font has no 🔥; left out of the picture",)


@pytest.mark.parametrize(
    ("scene", "path"),
    [
        ('{"text":"Привет 你好"}', "scenes[0].text"),
        ('{"visuals":[{"type":"title","text":"你好"}]}', "scenes[0].visuals[0].text"),
        ('{"duration":1,"overlays":[{"type":"text","text":"ไทย"}]}', "scenes[0].overlays[0].text"),
    ],
)
def test_letters_the_font_lacks_are_refused(scene: str, path: str) -> None:
    job = job_of(f'{{"scenes":[{scene}]}}')
    with pytest.raises(UndrawableText) as refused:
        plan(job, facts_for(job))
    assert refused.value.path == path


def test_what_is_not_drawn_may_have_any_letters() -> None:
    job = job_of('{"captions":{"enabled":false},"scenes":[{"text":"你好"}]}')
    assert plan(job, facts_for(job)).warnings == ()
