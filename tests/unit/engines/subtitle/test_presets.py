"""Styles by name, from files, and as a job changes them."""

from pathlib import Path
from typing import get_args

import pytest

from src.engines.subtitle.colors import contrast
from src.engines.subtitle.curves import CURVES
from src.engines.subtitle.entrances import ENTRANCES
from src.engines.subtitle.marks import MARKS
from src.engines.subtitle.presets import BadStyleFile, presets, style_of
from src.errors import UnknownName
from src.models.caption_style import CaptionStyle, Easing, EntranceKind, MarkKind
from src.models.captions import Captions
from src.models.job import parse_job


def captions(text: str) -> Captions:
    return parse_job(f'{{"scenes":[{{"text":"a"}}],"captions":{text}}}').captions


def test_there_are_many_styles_each_with_a_line_for_people() -> None:
    assert len(presets()) >= 12
    assert {"highlight", "karaoke", "pop", "phrase"} <= set(presets())
    assert [name for name, style in presets().items() if not 10 < len(style.about) < 110] == []
    assert len({style.about for style in presets().values()}) == len(presets())


def test_no_two_styles_are_the_same() -> None:
    looks = [style.model_copy(update={"about": ""}).model_dump_json() for style in presets().values()]

    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("name", presets())
def test_emphasis_can_be_told_from_other_words(name: str) -> None:
    style = presets()[name]

    assert style.emphasis_color[:7] != style.color[:7]
    assert style.emphasis_color[:7] != (style.said_color or style.color)[:7]


@pytest.mark.parametrize("name", presets())
def test_words_can_be_read_on_what_stands_behind_them(name: str) -> None:
    style = presets()[name]
    behind = style.box.color if style.box.kind != "none" else style.stroke_color or "#0e0e12"
    ground = tuple(bytes.fromhex(behind[1:7]))

    for color in (style.color, style.active_color if style.mark.kind != "box" else style.color):
        red, green, blue = bytes.fromhex(color[1:7])
        assert contrast((red, green, blue), (ground[0], ground[1], ground[2])) > 3.5


def test_every_mark_entrance_and_curve_is_there() -> None:
    assert set(MARKS) == set(get_args(MarkKind))
    assert set(ENTRANCES) == set(get_args(EntranceKind))
    assert set(CURVES) == set(get_args(Easing))


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_goes_from_start_to_rest_and_never_beyond_its_peak(name: Easing) -> None:
    curve = CURVES[name]
    way = [curve.at(step / 200) for step in range(201)]

    assert way[0] == pytest.approx(0)
    assert way[-1] == pytest.approx(1)
    assert max(way) <= curve.peak + 1e-9
    assert max(way) > curve.peak - 0.01


def test_a_job_names_a_style() -> None:
    assert style_of(captions('{"style": "neon"}'), presets()) == presets()["neon"]


def test_what_a_job_says_beside_its_style_overrules_it() -> None:
    style = style_of(
        captions(
            '{"style":"bold","color":"#112233","activeColor":"red","emphasis_color":"blue","stroke":2.5,'
            '"position":"top","max_words":7,"max_lines":1,"font":{"family":"Anton","size":50}}'
        ),
        presets(),
    )

    assert (style.color, style.active_color, style.emphasis_color) == ("#112233", "#ff3b30", "#0a84ff")
    assert (style.stroke, style.position, style.max_words, style.max_lines) == (2.5, "top", 7, 1)
    assert (style.font.family, style.font.size) == ("Anton", 50)
    assert style.mark == presets()["bold"].mark


def test_a_size_leaves_the_family_of_the_style() -> None:
    assert style_of(captions('{"style":"punch","font":{"size":99}}'), presets()).font.family == "Anton"


def test_an_own_style_changes_its_base_part_by_part() -> None:
    own = captions('{"style":{"base":"comic","mark":{"rise":30},"shadow":{"kind":"none"},"casing":"lower"}}')

    style = style_of(own, presets())

    comic = presets()["comic"]
    assert style.mark == comic.mark.model_copy(update={"rise": 30})
    assert style.shadow.kind == "none"
    assert (style.casing, style.font, style.stroke) == ("lower", comic.font, comic.stroke)


def test_an_own_style_without_a_base_has_the_defaults() -> None:
    style = style_of(captions('{"style":{"mark":{"kind":"lift"}}}'), presets())

    assert style.mark.kind == "lift"
    assert style.font == CaptionStyle().font


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"style":"glitter"}', "captions.style"),
        ('{"style":{"base":"glitter"}}', "captions.style.base"),
        ('{"style":{"font":{"family":"Comic Sans"}}}', "captions.style.font.family"),
    ],
)
def test_an_unknown_name_is_told_with_its_place(text: str, path: str) -> None:
    with pytest.raises(UnknownName) as told:
        style_of(captions(text), presets())

    assert told.value.path == path


def test_an_unknown_style_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match=r"karaoke.*neon"):
        style_of(captions('{"style":"glitter"}'), presets())


def test_an_operator_adds_styles_and_replaces_others(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("base: neon\nabout: Our own.\ncolor: '#abc'\n")
    (tmp_path / "theirs.yml").write_text("base: ours\nstroke: 3\n")
    (tmp_path / "pop.yaml").write_text("base: pop\nactive_color: red\n")

    known = presets(tmp_path)

    assert known["ours"].color == "#aabbcc"
    assert known["ours"].shadow == presets()["neon"].shadow
    assert (known["theirs"].color, known["theirs"].stroke) == ("#aabbcc", 3)
    assert (known["pop"].active_color, known["pop"].mark) == ("#ff3b30", presets()["pop"].mark)
    assert known["bold"] == presets()["bold"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("colour: red\n", "colour"),
        ("- a\n", "no mapping"),
        ("a: [\n", "while parsing"),
        ("base: glitter\n", "glitter"),
        ("base: ours\n", "back to itself"),
        ("base: [bold, neon]\n", "base"),
        ("about: 2026-02-30\n", "out of range"),
        ("font: {family: Comic Sans}\n", "Comic Sans"),
        ("mark: {kind: explode}\n", "mark.kind"),
    ],
)
def test_a_file_that_is_no_style_is_named(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "ours.yaml").write_text(text)

    with pytest.raises(BadStyleFile, match=problem) as told:
        presets(tmp_path)

    assert "ours.yaml" in told.value.message


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadStyleFile, match="nowhere"):
        presets(tmp_path / "nowhere")
