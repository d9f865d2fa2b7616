"""Fonts that step in for what the chosen one lacks."""

import shutil
from pathlib import Path

import pytest

from src.media.faces import FontFace
from src.media.fallbacks import Fallbacks, FontFolders, choose_fallbacks, missing_packages, package_of
from src.media.fonts import font_file
from src.models.words import Region
from tests.system_fonts import CJK, needs_system_fonts

_LEAD = FontFace(font_file("Montserrat"), 800)
_NONE = FontFolders(())
_MACHINE = FontFolders((Path("/usr/share/fonts"),))


def _names(chosen: Fallbacks) -> list[tuple[str, int]]:
    return [(face.file.name.partition("[")[0], face.number) for face in chosen.faces]


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Größe, Привет, 12 €", []),
        ("ψυχή", ["Inter"]),
        ("ꟸ", ["NotoSans"]),
        ("שלום עולם", ["Heebo"]),
        ("مرحبا، 12", ["NotoSansArabic"]),
        ("नमस्ते।", ["NotoSansDevanagari"]),
        ("ภาษาไทย", ["NotoSansThai"]),
        ("தமிழ்", ["NotoSansTamil"]),
        ("שלום ψυχή", ["Inter", "Heebo"]),
    ],
)
def test_packaged_fonts_step_in_without_any_on_the_machine(text: str, families: list[str]) -> None:
    chosen = choose_fallbacks(text, _LEAD, "SC", _NONE)

    assert [name for name, _ in _names(chosen)] == families
    assert all(face.weight == 800 for face in chosen.faces)


def test_what_nothing_has_is_told_in_order() -> None:
    assert choose_fallbacks("日 ok 本 👍🏽 日", _LEAD, "SC", _NONE).missing == ("日", "本", "👍🏽")


@needs_system_fonts
@pytest.mark.parametrize(
    ("text", "region", "fonts"),
    [
        ("বাংলা", "SC", [("NotoSansBengali-Bold.ttf", 0)]),
        ("བོད་སྐད།", "SC", [("NotoSerifTibetan-Bold.ttf", 0)]),
        ("你好，世界。", "SC", [("NotoSansCJK-Bold.ttc", 2)]),
        ("你好，世界。", "TC", [("NotoSansCJK-Bold.ttc", 3)]),
        ("こんにちは", "JP", [("NotoSansCJK-Bold.ttc", 0)]),
        ("한국어", "KR", [("NotoSansCJK-Bold.ttc", 1)]),
        ("🔥 👩‍🚀 1️⃣", "SC", [("NotoColorEmoji.ttf", 0)]),
        ("你 বা 🔥 ψ", "SC", [("Inter", 0), ("NotoSansBengali-Bold.ttf", 0), ("NotoSansCJK-Bold.ttc", 2)]),
    ],
)
def test_fonts_of_the_machine_step_in_by_script(
    text: str, region: Region, fonts: list[tuple[str, int]]
) -> None:
    chosen = choose_fallbacks(text, _LEAD, region, _MACHINE)

    assert _names(chosen)[: len(fonts)] == fonts
    assert chosen.missing == ()


@needs_system_fonts
def test_light_text_gets_light_fonts() -> None:
    chosen = choose_fallbacks("বাংলা", _LEAD._replace(weight=400), "SC", _MACHINE)

    assert _names(chosen) == [("NotoSansBengali-Regular.ttf", 0)]


def test_a_file_that_only_has_the_name_of_a_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "NotoColorEmoji.ttf").write_bytes(b"nothing")

    assert choose_fallbacks("🔥", _LEAD, "SC", FontFolders((tmp_path,))).missing == ("🔥",)


def test_the_first_folder_wins_and_names_in_it_are_found_at_any_depth(tmp_path: Path) -> None:
    for folder in ("own/deep", "shared"):
        (tmp_path / folder).mkdir(parents=True)
        shutil.copy(font_file("Noto Sans Thai"), tmp_path / folder / "NotoSansLao-Bold.ttf")
    folders = FontFolders((tmp_path / "own", tmp_path / "shared", tmp_path / "absent"))

    assert folders.find("NotoSansLao-Black.ttf", "NotoSansLao-Bold.ttf") == (
        tmp_path / "own/deep/NotoSansLao-Bold.ttf"
    )


def test_the_package_to_install_is_told_by_script() -> None:
    assert [package_of(grapheme) for grapheme in ("🔥", "日", "한", "ლ")] == [
        "fonts-noto-color-emoji",
        "fonts-noto-cjk",
        "fonts-noto-cjk",
        "fonts-noto-core",
    ]


def test_packages_that_are_not_there_are_told() -> None:
    assert list(missing_packages(_NONE)) == ["fonts-noto-cjk", "fonts-noto-core", "fonts-noto-color-emoji"]


@needs_system_fonts
def test_no_package_is_missing_where_all_are_installed() -> None:
    assert missing_packages(_MACHINE) == {}


@needs_system_fonts
@pytest.mark.parametrize("name", ["NotoSansCJKjp-Bold.otf", "NotoSansJP[wght].ttf", "NotoSansJP-Regular.otf"])
def test_fonts_of_one_region_are_found_under_the_names_that_others_give_them(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / name).symlink_to(CJK)

    chosen = choose_fallbacks("日本です", _LEAD, "JP", FontFolders((tmp_path,)))

    assert chosen.faces == (FontFace(tmp_path / name, 800, 0),)
