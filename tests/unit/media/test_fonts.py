"""The packaged families, own font files, and what they can draw."""

import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import ImageFont

from src.media import fonts
from src.media.charmap import FontError, characters_of


def test_built_in_choices_are_among_the_families() -> None:
    assert {fonts.CAPTION_FAMILY, fonts.TITLE_FAMILY, fonts.TEXT_FAMILY} <= set(fonts.families())


@pytest.mark.parametrize("family", fonts.families())
def test_every_family_has_a_font_file_that_draws(family: str) -> None:
    file = fonts.font_file(family)

    assert fonts.is_font(file)
    assert fonts.load_family(family, 40).getlength("mountains") > 100


def test_weights_of_a_family_differ_in_width() -> None:
    thin, regular, black = (
        fonts.load_family(family, 60).getlength("mountains")
        for family in ("Inter Thin", "Inter", "Inter Black")
    )

    assert thin < regular < black


def test_the_greatest_weight_of_a_file_is_known_if_it_has_several() -> None:
    assert fonts.heaviest_in(fonts.font_file("Montserrat")) == 900
    assert fonts.heaviest_in(fonts.font_file("Anton")) is None


def test_an_unknown_family_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        fonts.font_file("Comic Sans MS")


@pytest.mark.parametrize(
    "spelling", ["montserrat extrabold", "Montserrat-ExtraBold", "MONTSERRAT EXTRA BOLD"]
)
def test_spelling_of_a_family_does_not_matter(spelling: str) -> None:
    assert fonts.font_file(spelling) == fonts.font_file("Montserrat ExtraBold")
    assert fonts.weight_of(spelling) == 800
    assert fonts.family_named(spelling) == "Montserrat ExtraBold"


def test_a_static_font_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_axes(_: ImageFont.FreeTypeFont) -> None:
        raise OSError("not a variation font")

    monkeypatch.setattr(ImageFont.FreeTypeFont, "get_variation_axes", no_axes)

    # Sizes that no other test asks for: fonts are kept.
    regular, black = (
        fonts.load_family(family, 61).getlength("mountains") for family in ("Inter", "Inter Black")
    )

    assert regular == black


def test_an_own_file_is_set_heavy() -> None:
    assert fonts.family_named("0" * 64) is None
    assert fonts.weight_of("0" * 64) == fonts.OWN_FILE_WEIGHT


def test_each_thread_has_its_own_font() -> None:
    here = fonts.load_family("Inter", 40)

    with ThreadPoolExecutor(1) as pool:
        there = pool.submit(fonts.load_family, "Inter", 40).result()

    assert fonts.load_family("Inter", 40) is here
    assert there is not here


def test_a_size_below_one_pixel_becomes_one() -> None:
    assert fonts.load_family("Inter", 0).size == 1


def test_a_picture_or_a_damaged_font_is_no_font(tmp_path: Path) -> None:
    picture, cut, absent = tmp_path / "a.ttf", tmp_path / "b.ttf", tmp_path / "c.ttf"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    cut.write_bytes(fonts.font_file("Inter").read_bytes()[:200])

    assert [fonts.is_font(file) for file in (picture, cut, absent)] == [False, False, False]


def _font_with_cmap(table: bytes, tag: bytes = b"cmap") -> bytes:
    head = b"\x00\x01\x00\x00" + struct.pack(">HHHH", 1, 0, 0, 0)
    return head + struct.pack(">4sIII", tag, 0, 28, len(table)) + table


def _cmap(subtable: bytes, platform: int, encoding: int) -> bytes:
    return struct.pack(">HHHHI", 0, 1, platform, encoding, 12) + subtable


def _format_12(*groups: tuple[int, int, int]) -> bytes:
    return struct.pack(">HHIII", 12, 0, 0, 0, len(groups)) + b"".join(struct.pack(">III", *g) for g in groups)


def _read(tmp_path: Path, data: bytes) -> frozenset[int]:
    file = tmp_path / "font.ttf"
    file.write_bytes(data)
    return characters_of(file)


def test_a_full_character_map_is_read(tmp_path: Path) -> None:
    data = _font_with_cmap(_cmap(_format_12((0x41, 0x43, 5), (0x1F600, 0x1F600, 9)), 3, 10))

    assert _read(tmp_path, data) == {0x41, 0x42, 0x43, 0x1F600}


def test_a_basic_character_map_is_read_and_its_empty_glyphs_are_left_out(tmp_path: Path) -> None:
    # Two segments: A-C by delta, where B is not glyph 0; D-E through an array whose second entry is none.
    ends, starts, deltas, offsets = (0x43, 0x45, 0xFFFF), (0x41, 0x44, 0xFFFF), (-0x40, 0, 1), (0, 4, 0)
    columns = struct.pack(">3H", *ends) + bytes(2) + struct.pack(">3H3h3H", *starts, *deltas, *offsets)
    subtable = struct.pack(">HHHHHHH", 4, 0, 0, 6, 0, 0, 0) + columns + struct.pack(">HH", 7, 0)

    assert _read(tmp_path, _font_with_cmap(_cmap(subtable, 3, 1))) == {0x41, 0x42, 0x43, 0x44}


@pytest.mark.parametrize(
    "data",
    [
        _font_with_cmap(b"", tag=b"glyf"),
        _font_with_cmap(_cmap(_format_12(), 1, 0)),
        _font_with_cmap(_cmap(struct.pack(">H", 99), 3, 1)),
        _font_with_cmap(_cmap(_format_12((5, 0xFFFFFFFF, 1)), 3, 10)),
        _font_with_cmap(_cmap(_format_12(*[(0, 0x10FFFF, 1)] * 3), 3, 10)),
        b"\x00\x01\x00\x00\xff",
    ],
    ids=["no map", "not Unicode", "unknown format", "beyond Unicode", "claims too much", "cut off"],
)
def test_a_font_without_a_sound_character_map_is_an_error(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FontError):
        _read(tmp_path, data)
