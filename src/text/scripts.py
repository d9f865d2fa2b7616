"""Scripts: which one a character belongs to, and what follows from it."""

from functools import lru_cache

import regex

from ..models.words import Region

CHINESE_JAPANESE_KOREAN = ("Han", "Hiragana", "Katakana", "Hangul", "Bopomofo")
#: All scripts that have fonts of their own, by their names in Unicode. Latin, Greek, Cyrillic and the signs
#: that all scripts share have no name here. Where a sign belongs to several, the first one counts.
_LISTED = (
    "Hebrew Arabic Devanagari Tamil Thai Hiragana Katakana Hangul Bopomofo Han Adlam Ahom "
    "Anatolian_Hieroglyphs Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki Brahmi "
    "Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Coptic Cuneiform "
    "Cypriot Deseret Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic "
    "Gothic Grantha Gujarati Gunjala_Gondi Gurmukhi Hanifi_Rohingya Hanunoo Hatran Imperial_Aramaic "
    "Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Kayah_Li Kharoshthi Khmer "
    "Khojki Khudawadi Lao Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Malayalam Mandaic "
    "Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Miao Modi Mongolian Mro "
    "Multani Myanmar NKo Nabataean New_Tai_Lue Newa Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki "
    "Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian "
    "Old_Turkic Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician "
    "Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala "
    "Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet "
    "Takri Tangut Telugu Thaana Tibetan Tifinagh Tirhuta Ugaritic Vai Wancho Warang_Citi Yezidi Yi "
    "Zanabazar_Square "
)
NAMES = tuple(_LISTED.split())
#: Scripts whose letters neither join, nor stack, nor run from right to left.
_PLAIN = frozenset(
    {"", *CHINESE_JAPANESE_KOREAN, "Armenian", "Georgian", "Ethiopic", "Cherokee", "Canadian_Aboriginal"}
    | {"Coptic", "Deseret", "Glagolitic", "Gothic", "Ogham", "Runic", "Shavian", "Tifinagh", "Vai", "Yi"}
)
#: Scripts in which words stand side by side without a space.
SPACELESS = frozenset({"Han", "Hiragana", "Katakana", "Bopomofo", "Thai", "Lao", "Khmer", "Myanmar"})
#: Full-width letters and signs belong to no script by themselves.
_FULL_WIDTH = regex.compile(r"[\u3000-\u303f\uff00-\uffef]")
_LANGUAGES: dict[str, Region] = {"ja": "JP", "ko": "KR", "yue": "HK"}
_CHINESE: dict[str, Region] = {
    "hk": "HK",
    "mo": "HK",
    "hant": "TC",
    "tw": "TC",
    "hans": "SC",
    "cn": "SC",
    "sg": "SC",
}
_KANA = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}]")
_HANGUL = regex.compile(r"\p{Script=Hangul}")
_HAN = regex.compile(r"\p{Script=Han}")
#: Standards that have the Chinese characters which these two write.
_STANDARDS: dict[Region, str] = {"JP": "cp932", "KR": "euc_kr"}


@lru_cache(maxsize=1)
def _finder() -> regex.Pattern[str]:
    return regex.compile("|".join(rf"(?P<{name}>\p{{Script_Extensions={name}}})" for name in NAMES))


@lru_cache(maxsize=4096)
def script_of(grapheme: str) -> str:
    """Name the script of a grapheme, as `NAMES` does; empty for what has no fonts of its own."""
    found = _finder().match(grapheme)
    if found:
        return found.lastgroup or ""
    return "Han" if _FULL_WIDTH.match(grapheme) else ""


def is_spaceless(char: str) -> bool:
    """Tell whether a character belongs to a script without spaces between words."""
    return bool(char) and not char.isascii() and script_of(char) in SPACELESS


def needs_shaping(grapheme: str) -> bool:
    """Tell whether a letter looks wrong unless its neighbours are drawn with it."""
    return script_of(grapheme) not in _PLAIN


def has_chinese_characters(text: str) -> bool:
    """Tell whether a text has letters or marks that regions write differently."""
    return not text.isascii() and any(script_of(char) in CHINESE_JAPANESE_KOREAN for char in text)


def region_of(text: str, language: str, around: str = "") -> Region:
    """Choose whose shapes of Chinese characters a text is set in.

    Its language tells. Where that is none of these, Japanese and Korean letters do, those around it last, and
    then the characters themselves: which ones only one of the two Chinese standards has.

    Args:
        text: what is set.
        language: BCP 47 tag of what is said.
        around: what is set beside it, in the same film.
    """
    primary, *rest = language.casefold().replace("_", "-").split("-")
    if primary in _LANGUAGES:
        return _LANGUAGES[primary]
    if primary in ("zh", "cmn"):
        return next((_CHINESE[part] for part in rest if part in _CHINESE), None) or _chinese_of(text, around)
    own = lettered_region(text)
    if own or not _HAN.search(text):
        return own or "SC"
    near = lettered_region(around)
    if near and not all(_encodes(char, _STANDARDS[near]) for char in _HAN.findall(text)):
        near = None
    return near or _chinese_of(text, around)


@lru_cache(maxsize=16)  # all that a film says is asked for once a scene
def lettered_region(text: str) -> Region | None:
    """Tell the region whose own letters a text has."""
    return "JP" if _KANA.search(text) else "KR" if _HANGUL.search(text) else None


def _chinese_of(*texts: str) -> Region:
    """Take the first text that leans to one of the two."""
    return "TC" if next(filter(None, map(_leaning, texts)), 0) > 0 else "SC"


@lru_cache(maxsize=16)
def _leaning(text: str) -> int:
    """Count the characters that only Big5 has, less those that only GB 2312 has."""
    characters = _HAN.findall(text)
    return sum(_encodes(char, "big5") - _encodes(char, "gb2312") for char in characters)


def _encodes(char: str, standard: str) -> bool:
    try:
        char.encode(standard)
    except UnicodeEncodeError:
        return False
    return True
