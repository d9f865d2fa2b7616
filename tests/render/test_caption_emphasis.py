"""Emphasised words are larger and bolder where their style says so, and captions have room for them."""

from fractions import Fraction

import numpy as np
import pytest

from src.engines.subtitle.cues import CueRules, build_cues
from src.engines.subtitle.layout import Arrangement, arrange, caption_measure, caption_width_px, safe_rect
from src.engines.subtitle.presets import presets, style_of
from src.engines.subtitle.sidecars import write
from src.engines.subtitle.sprites import CaptionRenderer
from src.engines.subtitle.text import texts_of
from src.media.fonts import bolder, font_file
from src.media.lettering import FontStack, caption_fonts_of, font_stack
from src.media.planes import Yuv, blend
from src.models.caption_plan import CaptionLook, Cue
from src.models.captions import Captions
from src.models.words import TimedWord
from src.plan.captions import look_of

SIZE = (540, 960)
FPS = Fraction(30)


def look(**style: object) -> CaptionLook:
    return look_of(style_of(Captions.model_validate({"style": style}), presets()), SIZE, "en")


def fonts_of(of: CaptionLook) -> FontStack:
    return font_stack(of.font, {}, strong=of.emphasis_font)


def cues_of(of: CaptionLook, *words: str, max_words: int = 6) -> tuple[Cue, ...]:
    """Speak words for ten frames each; `*` emphasises."""
    timed = [
        TimedWord(word.strip("*"), place * 16_000, (place + 1) * 16_000, "*" in word)
        for place, word in enumerate(words)
    ]
    rules = CueRules(max_words, 2, caption_width_px(*SIZE, of.safe_area), FPS)
    measures = (caption_measure(part, font_stack(part.font, {})) for part in (of, of.emphasised))
    return build_cues(0, timed, range(0, len(words) * 10 + 10), rules, *measures)


def arranged(of: CaptionLook, *words: str) -> Arrangement:
    (cue,) = cues_of(of, *words)
    return arrange(texts_of(cue, of), of, fonts_of(of), SIZE)


def test_a_scale_makes_emphasised_words_larger_and_no_others() -> None:
    of = look(base="phrase", emphasis={"scale": 130, "weight": None})

    plain, strong = arranged(of, "mmm", "*mmm*").words

    assert strong.width_px == pytest.approx(1.3 * plain.width_px, rel=0.03)
    assert plain.width_px == arranged(of, "mmm", "mmm").words[1].width_px


def test_a_weight_makes_them_bolder_where_the_family_has_such_a_face() -> None:
    of = look(base="minimal", emphasis={"scale": 100, "weight": 900})
    only_one = look(base="comic", emphasis={"scale": 100, "weight": 900})

    assert (of.emphasis_font, only_one.emphasis_font) == ("Inter Black", "")
    assert arranged(of, "*mmm*").words[0].width_px > arranged(of, "mmm").words[0].width_px * 1.03


def test_an_own_font_with_a_bolder_weight_has_it_in_emphasised_words() -> None:
    sha256 = "f" * 64
    own = {sha256: font_file("Montserrat")}
    of = look(base="phrase", emphasis={"scale": 100}).model_copy(update={"font": sha256, "emphasis_font": ""})
    bold = of.model_copy(update={"emphasis_weight": 900})
    (cue,) = cues_of(look(base="phrase"), "*mountains*")

    def width_px(of: CaptionLook) -> int:
        return arrange(texts_of(cue, of), of, caption_fonts_of(of, own), SIZE).words[0].width_px

    def measured(of: CaptionLook) -> float:
        return caption_measure(of, caption_fonts_of(of, own))("mountains")

    assert width_px(bold) > width_px(of) + 1
    grown_px = width_px(bold) - width_px(of)
    assert measured(bold.emphasised) - measured(of.emphasised) == pytest.approx(grown_px, abs=1)


@pytest.mark.parametrize(
    ("family", "weight", "found"),
    [
        ("Montserrat ExtraBold", 900, "Montserrat Black"),
        ("Montserrat Black", 900, None),
        ("inter", 650, "Inter SemiBold"),
        ("Anton", 900, None),
        ("Noto Sans Arabic Bold", 800, "Noto Sans Arabic ExtraBold"),
        ("f" * 64, 900, None),
    ],
)
def test_the_boldest_face_up_to_a_weight_is_found(family: str, weight: int, found: str | None) -> None:
    assert bolder(family, weight) == found


@pytest.mark.parametrize("name", presets())
def test_captions_have_room_for_emphasised_words(name: str) -> None:
    of = look(base=name, emphasis={"scale": 160})
    cues = cues_of(of, "the", "*mountains*", "burn", "*brighter*", "than", "fire")
    area, renderer = safe_rect(*SIZE, of.safe_area), CaptionRenderer(of, *SIZE, fonts_of(of))

    for cue in cues:
        set_in = arrange(texts_of(cue, of), of, fonts_of(of), SIZE)
        assert len(cue.lines) <= 2
        assert set_in.proportions.size_px >= of.size_px * 0.62
    for frame in range(0, cues[-1].end_frame, 2):
        out = Yuv.filled(*SIZE, (100, 60, 200))
        for sprite in renderer.sprites(cues, frame):
            blend(sprite, out)
        out.y[area.top : area.bottom, area.left : area.right] = 100
        assert np.ptp(out.y) == 0


def test_lines_stay_apart_around_large_words() -> None:
    of = look(base="phrase", emphasis={"scale": 160})

    set_in = arrange(texts_of(_stacked(of), of), of, fonts_of(of), SIZE)
    upper, lower = set_in.words

    assert upper.baseline + set_in.proportions.ink_rise([upper])[1] < (
        lower.baseline - set_in.proportions.ink_rise([lower])[0]
    )


def _stacked(of: CaptionLook) -> Cue:
    first, second = (cues_of(of, text)[0] for text in ("*gjpq*", "*ÅÉ*"))
    return first.model_copy(update={"lines": (*first.lines, *second.lines)})


def test_a_script_beside_the_film_has_the_size_and_the_face() -> None:
    of = look(base="phrase")

    script = write("ass", cues_of(of, "*so*"), of, *SIZE)

    assert r"\fscx110\fscy110\fnMontserrat Black}so{\1c\2c\fscx\fscy\fn}" in script
