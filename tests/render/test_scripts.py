"""Captions in many scripts, compared with frames that people have looked at."""

import pytest

from src.media import fonts
from tests.script_frames import SAMPLES, distance, drawn, read, reduced
from tests.system_fonts import needs_system_fonts

#: Levels by which a letter may differ: another version of a font may set it a pixel further.
_NEAR = 5.0

pytestmark = [
    needs_system_fonts,
    pytest.mark.skipif(not fonts.has_raqm(), reason="without FriBiDi: apt-get install libfribidi0"),
]


@pytest.mark.parametrize("name", SAMPLES)
def test_captions_look_as_they_did_when_somebody_looked(name: str) -> None:
    """To write the frames anew: `python -m tests.script_frames sheet.png`, and look at the sheet."""
    assert distance(reduced(drawn(SAMPLES[name])), read(name)) < _NEAR


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("latin", "Viet Nam: phở, ngữ, Łódź, Ångström, żółć"),
        ("arabic", "مرحبا بالعالم في ٢٠٢٤ و 2026"),
        ("hindi", "नमस्ते, क्षमा कीजिए शरी"),
        ("chinese_simplified", "我喜歡学习Python，真的很有趣。"),
        ("japanese", "今日は「元気」がとても良いです！"),
        ("korean", "한국어 텍스트입니다, 좋이요"),
        ("emoji", "ok 👩‍👩‍👧‍👦 🇩🇪🇩🇪 👶🏽 👩🏿‍🎓 1️⃣ ❤️🔥"),
    ],
)
def test_one_letter_that_is_wrong_is_told(name: str, wrong: str) -> None:
    assert distance(reduced(drawn(SAMPLES[name]._replace(text=wrong))), read(name)) > _NEAR


def test_frames_are_small_and_of_plain_text() -> None:
    for name in SAMPLES:
        planes = read(name)
        assert len(planes) == (3 if name == "emoji" else 1)
