"""Characters that no font has."""

import pytest

from src.errors import UndrawableText
from src.plan.facts import FontsFact, Lacking
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
    missing = [Lacking(grapheme, "fonts-noto-color-emoji") for grapheme in ("🔥", "👩‍👩‍👧", "☀️")]

    assert drawable(text, missing) == kept


def test_left_out_symbols_are_told_and_never_become_a_caption_of_their_own() -> None:
    job = job_of('{"scenes":[{"text":"Hello 🔥 there"}]}')
    film = plan(job, facts_for(job))
    assert [word.text for cue in film.cues for line in cue.lines for word in line] == ["Hello", "there"]
    (told,) = film.warnings
    assert told.startswith(
        "scenes[0].text: no font here has 🔥 (U+1F525 FIRE); left out of the picture; install"
    )
    assert "apt-get install fonts-noto-core" in told


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


def test_a_letter_lacking_inside_of_a_word_is_left_out_and_told() -> None:
    job = job_of('{"scenes":[{"text":"Mr. Kowalſ📌 Ǿ日x"}]}')
    film = plan(job, facts_for(job))
    assert [word.text for cue in film.cues for line in cue.lines for word in line] == ["Mr.", "Kowalſ", "Ǿx"]
    assert "日 (U+65E5 CJK UNIFIED IDEOGRAPH-65E5)" in film.warnings[0]


def test_letters_that_nothing_shapes_are_refused() -> None:
    job = job_of('{"scenes":[{"text":"abc"}]}')
    facts = facts_for(job)._replace(fonts=lambda font, text, region: FontsFact(unshaped=("م",)))
    with pytest.raises(UndrawableText, match="install FriBiDi"):
        plan(job, facts)


def test_a_keycap_is_a_sign_and_not_a_number() -> None:
    job = job_of('{"scenes":[{"text":"number 1️⃣ here"}]}')
    assert "U+20E3" in plan(job, facts_for(job)).warnings[0]


def test_many_lacking_characters_are_counted() -> None:
    job = job_of('{"scenes":[{"text":"a ☀☁☂☃☄★☆☇☈☉"}]}')
    assert "2 more;" in plan(job, facts_for(job)).warnings[0]


def test_captions_that_are_not_drawn_lose_nothing_in_their_sidecars() -> None:
    job = job_of('{"captions":{"enabled":false},"scenes":[{"text":"so 你好"}]}')
    words = [word.text for cue in plan(job, facts_for(job)).cues for line in cue.lines for word in line]
    assert words == ["so", "你好"]


def test_what_is_not_drawn_may_have_any_letters() -> None:
    job = job_of('{"captions":{"enabled":false},"scenes":[{"text":"你好"}]}')
    assert plan(job, facts_for(job)).warnings == ()
