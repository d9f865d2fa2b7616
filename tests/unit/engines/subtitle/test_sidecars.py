"""Caption files, compared whole."""

import json
import re
from pathlib import Path

import pytest

from src.engines.subtitle.presets import presets
from src.engines.subtitle.sidecars import write
from src.models.caption_plan import CaptionLook, Cue, CueWord
from src.models.output import SidecarKind
from src.plan.captions import look_of

GOLDEN = Path(__file__).parents[3] / "golden" / "sidecars"


def word(text: str, start_ms: int, end_ms: int) -> CueWord:
    return CueWord(text=text, start_frame=0, end_frame=1, start_ms=start_ms, end_ms=end_ms)


def cue(start_ms: int, end_ms: int, *lines: tuple[CueWord, ...], scene: int = 0) -> Cue:
    return Cue(scene=scene, start_frame=0, end_frame=1, start_ms=start_ms, end_ms=end_ms, lines=lines)


CUES = (
    cue(
        200,
        1480,
        (word("Every", 200, 480), word("night,", 500, 900)),
        (word("the", 900, 1000), word("sky", 1100, 1480)),
    ),
    cue(
        1480,
        3_601_750,
        (word("turns", 1600, 1900), word("—", 1900, 1900), word("grün.", 1950, 2400)),
        scene=1,
    ),
)
HOSTILE = (cue(0, 900, (word("<b>x</b>", 0, 300), word("-->", 300, 500), word(r"{\an8}&\Ny", 500, 900))),)


def look(style: str = "highlight", font: str = "Montserrat ExtraBold") -> CaptionLook:
    changes = {"font": font, "active_color": (255, 221, 0, 128)}
    return look_of(presets()[style], (1080, 1920), "en").model_copy(update=changes)


@pytest.mark.parametrize("kind", ["srt", "vtt", "ass", "words"])
@pytest.mark.parametrize(("name", "cues"), [("plain", CUES), ("hostile", HOSTILE), ("empty", ())])
def test_sidecars_are_as_agreed(kind: SidecarKind, name: str, cues: tuple[Cue, ...]) -> None:
    golden = (GOLDEN / f"{name}.{kind}").read_bytes().decode("utf-8")

    assert write(kind, cues, look(), 1080, 1920) == golden.replace("\r\n", "\n")


def test_karaoke_fills_smoothly_and_phrases_have_no_times() -> None:
    karaoke = write("ass", CUES[:1], look("karaoke"), 1080, 1920)
    phrase = write("ass", CUES[:1], look("phrase"), 1080, 1920)

    assert karaoke.splitlines()[-1].endswith(
        r",,{\kf28}Every {\k2}{\kf40}night,\N{\kf10}the {\k10}{\kf38}sky"
    )
    assert phrase.splitlines()[-1].endswith(r",,Every night,\Nthe sky")
    assert "&H00FFFFFF,&H00FFFFFF" in phrase


def test_a_font_file_of_the_job_is_replaced_by_a_family_that_readers_have() -> None:
    assert "Style: Caption,Arial,88" in write("ass", (), look(font="ab" * 32), 1080, 1920)


def test_a_caption_of_no_length_lasts_a_moment() -> None:
    instant = (cue(1000, 1000, (word("x", 1000, 1000),)),)

    assert "00:00:01,000 --> 00:00:01,001" in write("srt", instant, look(), 1080, 1920)
    assert "0:00:01.00,0:00:01.01" in write("ass", instant, look(), 1080, 1920)


def test_words_are_valid_json_in_seconds() -> None:
    words = json.loads(write("words", CUES, look(), 1080, 1920))["words"]

    assert words[1] == {"text": "night,", "start": 0.5, "end": 0.9, "scene": 0, "cue": 0}
    assert words[-1]["scene"] == words[-1]["cue"] == 1


def _said(*words: str) -> Cue:
    """Say words for 300 ms each; `*` emphasises, `+` joins to the word before."""
    said = [word(text.strip("*+"), 300 * place, 300 * place + 300) for place, text in enumerate(words)]
    marked = [
        one.model_copy(update={"emphasised": "*" in text, "joined": "+" in text})
        for one, text in zip(said, words, strict=True)
    ]
    return cue(0, 300 * len(words), tuple(marked))


def test_words_that_are_joined_have_no_space_in_any_sidecar() -> None:
    cues = (_said("今日", "+は", "Python"),)

    texts = {kind: write(kind, cues, look(), 1080, 1920) for kind in ("srt", "vtt", "ass")}

    assert "今日は Python" in texts["srt"]
    assert re.sub(r"<[^>]*>", "", texts["vtt"]).rstrip().endswith("今日は Python")
    assert re.sub(r"{[^}]*}", "", texts["ass"]).rstrip().endswith("今日は Python")


def _divided(*parts: str) -> tuple[CueWord, ...]:
    """Divide a word; `-` is written behind each part that goes on."""
    last = len(parts) - 1
    return tuple(
        word(part.rstrip("-"), at, at + 1).model_copy(
            update={"joined": at > 0, "carried": None if at == last else "-" if part.endswith("-") else ""}
        )
        for at, part in enumerate(parts)
    )


@pytest.mark.parametrize(
    ("parts", "behind", "lines"),
    [
        (("example.com/", "islands"), (), ["Visit example.com/islands"]),
        (("example.com/", "islands"), ("now",), ["Visit example.com/islands", "now"]),
        (("Dampf-", "schiff-", "fahrt"), (), ["Visit Dampfschifffahrt"]),
    ],
)
def test_files_have_words_whole_that_the_film_divides(
    parts: tuple[str, ...], behind: tuple[str, ...], lines: list[str]
) -> None:
    first, *middle, last = _divided(*parts)
    after = tuple(word(text, 10, 11) for text in behind)
    said = cue(0, 20, (word("Visit", 0, 0), first), *((part,) for part in middle), (last, *after))

    srt, vtt = (write(kind, (said,), look(), 1080, 1920) for kind in ("srt", "vtt"))

    assert srt.splitlines()[2:] == lines
    assert re.sub(r"<[^>]*>", "", vtt).splitlines()[3:] == lines


def test_a_word_that_goes_on_in_the_next_caption_has_its_hyphen() -> None:
    first, last = _divided("Dampf-", "schiff")

    srt = write("srt", (cue(0, 1, (first,)), cue(1, 2, (last,))), look(), 1080, 1920)

    assert "\nDampf-\n" in srt


@pytest.mark.parametrize("style", presets())
def test_emphasised_words_have_their_colour_in_a_script(style: str) -> None:
    red, green, blue, _ = look(style).emphasis_color

    text = write("ass", (_said("so", "*good*"),), look(style), 1080, 1920)

    color = f"&H{blue:02X}{green:02X}{red:02X}&"
    written = "GOOD" if look(style).casing == "upper" else "good"
    told = re.search(rf"{{(\\[^{{}}]*)}}{written}{{(\\[^{{}}]*)}}", text)
    assert told
    assert (told[1].startswith(rf"\1c{color}\2c{color}"), told[2].startswith(r"\1c\2c")) == (True, True)


def test_a_script_has_the_space_between_letters() -> None:
    of = look().model_copy(update={"tracking": 50})

    (style,) = (line for line in write("ass", CUES, of, 1080, 1920).splitlines() if line.startswith("Style:"))

    assert style.split(",")[13] == "3.6"


def test_a_script_has_capitals_and_the_other_sidecars_what_was_written() -> None:
    cues = (_said("straße"),)

    assert "STRASSE" in write("ass", cues, look("bold"), 1080, 1920)
    assert "straße" in write("srt", cues, look("bold"), 1080, 1920)


def test_a_script_has_the_box_of_its_style() -> None:
    styled = write("ass", (_said("so"),), look("classic"), 1080, 1920).split("\nStyle: ")[1].splitlines()[0]

    # BorderStyle 3: a box behind each line in the colour of the outline.
    assert styled.split(",")[5] == "&H00000000"
    assert styled.split(",")[15] == "3"
