"""The fonts that a film needs beside those it names."""

from pathlib import Path

from src.media.fonts import CAPTION_FAMILY, font_file
from src.media.probe import sha256_of
from src.pipeline.typecase import TypeCase
from tests.system_fonts import EMOJI, needs_system_fonts


def test_latin_text_needs_no_other_fonts() -> None:
    fonts = TypeCase({}, ())

    assert fonts.choose(CAPTION_FAMILY, "Größe 12 €", "SC") == ((), (), ())
    assert fonts.files == {}


def test_a_fallback_is_named_by_its_bytes_and_by_what_it_draws() -> None:
    fonts = TypeCase({}, ())

    (inter,) = fonts.choose(CAPTION_FAMILY, "Hello ψυ", "SC").fallbacks

    assert inter.sha256 == sha256_of(font_file("Inter"))
    assert inter.characters == "υψ"
    assert fonts.files == {inter.sha256: font_file("Inter")}


def test_an_own_font_leads() -> None:
    own = {"a" * 64: font_file("Noto Sans Thai")}

    chosen = TypeCase(own, ()).choose("a" * 64, "ไทย", "SC")

    assert chosen == ((), (), ())


@needs_system_fonts
def test_what_is_missing_on_one_machine_is_found_on_another() -> None:
    missing = TypeCase({}, ()).choose(CAPTION_FAMILY, "fire 🔥", "SC")
    found = TypeCase({}, (Path("/usr/share/fonts"),)).choose(CAPTION_FAMILY, "fire 🔥", "SC")

    assert [(lacking.grapheme, lacking.package) for lacking in missing.missing] == [
        ("🔥", "fonts-noto-color-emoji")
    ]
    assert found.missing == ()
    assert [font.sha256 for font in found.fallbacks] == [sha256_of(EMOJI)]
