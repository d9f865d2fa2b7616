"""The rules by which a word is said otherwise than it is written: one line for each, the first that fits."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from .addresses import ADDRESS, EMAIL, HANDLE, TAG, said_address, said_email, said_handle, said_tag
from .measures import CURRENCIES, MAGNITUDES, UNITS, money
from .quantities import (
    NUMBER,
    and_of,
    has_hundredths,
    magnitude_words,
    said_currency,
    said_magnitude,
    said_money,
    said_unit,
    unit_name,
    value_of,
)
from .vocabulary import DECADES, abbreviated, notion, sign


class Place(NamedTuple):
    """Where a word stands."""

    words: tuple[str, ...]
    """All words of the text, without the marks around them."""
    at: int
    language: str

    def word(self, away: int) -> str:
        """Give a neighbour; empty where there is none."""
        at = self.at + away
        return self.words[at] if 0 <= at < len(self.words) else ""

    @property
    def before(self) -> str:
        """The word before it."""
        return self.word(-1)

    @property
    def after(self) -> str:
        """The word after it."""
        return self.word(1)


def reading(core: str, place: Place) -> str | None:
    """Say a word without the marks around it; None when it is said as it is written."""
    if len(core) > _LONGEST:
        return None
    for looks_like, say in _RULES:
        match = looks_like.fullmatch(core)
        said = say(match, place) if match else None
        if said is not None:
            return said
    return None


def _address(match: re.Match[str], place: Place) -> str | None:
    return said_address(match["scheme"] or "", match["host"], match["rest"] or "", place.language)


def _email(match: re.Match[str], place: Place) -> str | None:
    return said_email(match["who"], match["host"], place.language)


def _handle(match: re.Match[str], place: Place) -> str | None:
    return said_handle(match["name"], place.language)


def _tag(match: re.Match[str], place: Place) -> str | None:
    return said_tag(match["name"], place.language)


def _range(match: re.Match[str], place: Place) -> str | None:
    """Join what rises: what does not is a date, a score or a telephone number."""
    first, last = (value_of(match[name], place.language) for name in ("first", "last"))
    to = notion("to", place.language)
    if first is None or last is None or not to or (first >= last and not match["large"]):
        return None
    large = said_magnitude(match["first"], match["large"], place.language) if match["large"] else None
    tail = f"{match['sign'] or ''}{match['last']}{match['rest']}"
    return f"{large or match['first']} {to} {_again(tail, place)}"


def _money(match: re.Match[str], place: Place) -> str | None:
    large = match["large"] or ""
    # "$3 million": the money is said behind the million.
    if not large and _is_large(place.after, place.language):
        return match["number"]
    return said_money(match["number"], match["sign"], large, place.language)


def _money_sign(match: re.Match[str], place: Place) -> str | None:
    """Say a sign between spaces: behind its number, or with the number behind it."""
    if _is_large(place.before, place.language):
        return said_currency(match[0], _MILLION, place.language, large=True)
    value = value_of(place.before, place.language)
    if value is not None:
        is_said = has_hundredths(value) and money(CURRENCIES[match[0]], place.language)
        return "" if is_said else said_currency(match[0], value, place.language)
    return "" if value_of(place.after, place.language) is not None else None


def _number(match: re.Match[str], place: Place) -> str | None:
    """Say a number with the money sign ahead of it, unless that belongs to the number before."""
    value = value_of(match[0], place.language)
    if place.before in CURRENCIES and value_of(place.word(-2), place.language) is None:
        is_said_later = _is_large(place.after, place.language)
        return match[0] if is_said_later else said_money(match[0], place.before, "", place.language)
    if place.after in CURRENCIES and value is not None and has_hundredths(value):
        # "3 euros 50": the sign has nothing left to say.
        return said_money(match[0], place.after, "", place.language)
    return None


def _large_word(match: re.Match[str], place: Place) -> str | None:
    """Say the money of "$3 million" behind the million."""
    owner = _MONEY_AHEAD.fullmatch(place.before) or _MONEY_AHEAD.fullmatch(place.word(-2) + place.before)
    if not owner or not _is_large(match[0], place.language):
        return None
    name = said_currency(owner["sign"], _MILLION, place.language, large=True)
    is_written, is_sign_next = name and name.endswith(place.after.lower() or "-"), place.after in CURRENCIES
    return None if is_written or is_sign_next or not name else f"{match[0]} {name}"


def _is_large(word: str, language: str) -> bool:
    """Tell whether a word is a million or the like, written out or not."""
    words = {word.lower(), (abbreviated(f"{word}.", language) or "").lower()}
    return bool(words & magnitude_words(language))


def _large(match: re.Match[str], place: Place) -> str | None:
    return said_magnitude(match["number"], match["large"], place.language)


def _unit(match: re.Match[str], place: Place) -> str | None:
    return said_unit(match["number"], match["unit"], place.language)


def _lone_unit(match: re.Match[str], place: Place) -> str | None:
    number = re.fullmatch(rf".*?({NUMBER})", place.before)
    return unit_name(number[1], match[0], place.language) if number else None


def _hours(match: re.Match[str], place: Place) -> str | None:
    hours = said_unit(match["hours"], "h", place.language)
    return f"{hours} {match['minutes']}" if hours else None


def _full_hour(match: re.Match[str], place: Place) -> str | None:
    if match["half"]:
        return f"{match['hours']} {match['half']}"
    if place.after.lower() in _HOUR_WORDS:
        return match["hours"]
    hour = notion("full hour", place.language)
    return hour.format(match["hours"]) if hour else None


def _first_minutes(match: re.Match[str], place: Place) -> str | None:
    oh = notion("first minutes", place.language)
    return f"{match['hours']} {oh} {match['minutes']}{match['half']}" if oh else None


def _as_written(match: re.Match[str], place: Place) -> str | None:
    return match[0]


def _fraction(match: re.Match[str], place: Place) -> str | None:
    """Say a fraction, and what is whole before it, in the same word or the one before."""
    written = unicodedata.normalize("NFKC", match["part"]).replace("⁄", "/")
    said, joint = notion(written, place.language), and_of(place.language)
    whole = f"{match['whole']} " if match["whole"] else ""
    is_mixed = whole or value_of(place.before, place.language) is not None
    return f"{whole}{joint} {said}" if said and joint and is_mixed else said


def _notion_behind(name: str) -> "_Say":
    def say(match: re.Match[str], place: Place) -> str | None:
        word = notion(name, place.language)
        return f"{match[1]} {word}" if word else None

    return say


def _notion_ahead(name: str) -> "_Say":
    def say(match: re.Match[str], place: Place) -> str | None:
        word = notion(name, place.language)
        return f"{word} {_again(match[1], place)}" if word else None

    return say


def _notion_between(name: str) -> "_Say":
    def say(match: re.Match[str], place: Place) -> str | None:
        word = notion(name, place.language)
        return f"{_again(match[1], place)} {word} {match[2]}" if word else None

    return say


def _spaced(match: re.Match[str], place: Place) -> str | None:
    return f"{match[1]} {match[2]}"


def _compound(match: re.Match[str], place: Place) -> str | None:
    said = reading(match[1], place)
    return f"{said} {match[2]}" if said else None


def _decade(match: re.Match[str], place: Place) -> str | None:
    said = DECADES.get(match[2]) if place.language.lower().startswith("en") else None
    if not match[1] and match[2] < "60s" and place.before.lower() not in _BEFORE_DECADES:
        return None  # "30s" alone are seconds
    return f"{match[1] or ''} {said}".strip() if said else None


def _sign(match: re.Match[str], place: Place) -> str | None:
    return and_of(place.language) if match[0] == "&" else sign(match[0], place.language)


def _signs_between(match: re.Match[str], place: Place) -> str | None:
    parts = re.split(r"([+=×÷<>&])", match[0])
    said = [_again(part, Place((part,), 0, place.language)) for part in parts]
    return " ".join(said)


def _squared(match: re.Match[str], place: Place) -> str | None:
    power = sign(match[2], place.language)
    return f"{match[1]} {power}" if power else None


def _again(part: str, place: Place) -> str:
    """Say a part of a word."""
    said = reading(part, place)
    return part if said is None else said


def _one_of(signs: dict[str, str] | dict[str, int]) -> str:
    """Match any of some signs, the longest that fits."""
    return "|".join(re.escape(one) for one in sorted(signs, key=len, reverse=True))


_CURRENCY, _LARGE, _UNIT = _one_of(CURRENCIES), _one_of(MAGNITUDES), _one_of(UNITS)
_LETTERS = r"[^\W\d_²³]+"
_MONEY_AHEAD = re.compile(rf"(?P<sign>{_CURRENCY})(?P<number>{NUMBER})")
#: Words that tell a decade from seconds.
_BEFORE_DECADES = frozenset({"the", "early", "mid", "late", "my", "your", "his", "her", "our", "their"})
#: Words that say themselves that a time is one.
_HOUR_WORDS = frozenset({"uhr", "am", "pm", "a.m", "p.m", "o'clock", "heures"})

#: Characters of a word that is looked at: longer ones are no words, and would take long.
_LONGEST = 300
#: What stands for any large number: names of money have one form behind all of them.
_MILLION = Decimal(1_000_000)

_Say = Callable[[re.Match[str], Place], str | None]
#: What a word looks like, and what says it. The order counts: what is special stands above what is general.
_RULES: tuple[tuple[re.Pattern[str], _Say], ...] = tuple(
    (re.compile(looks_like), say)
    for looks_like, say in (
        (EMAIL, _email),  # me@example.com
        (ADDRESS, _address),  # https://www.example.com/a, example.com/free
        (HANDLE, _handle),  # @somebody
        (r"#(\d+)", _notion_ahead("number")),  # #1
        (TAG, _tag),  # #NoFilter
        (rf"(?P<sign>{_CURRENCY})(?P<number>{NUMBER})(?P<large>{_LARGE})?", _money),  # $5, $1.5M
        (rf"(?P<number>{NUMBER})(?P<large>{_LARGE})?(?P<sign>{_CURRENCY})", _money),  # 3,50€
        (_CURRENCY, _money_sign),  # 5 €, R$ 5
        (NUMBER, _number),  # R$ 5
        (_LETTERS, _large_word),  # $3 million
        (
            rf"(?P<sign>{_CURRENCY})?(?P<first>{NUMBER})(?P<large>{_LARGE})?[–—-](?:{_CURRENCY})?"
            rf"(?P<last>(?!0\d){NUMBER})(?P<rest>\S*)",
            _range,
        ),  # 5–10, $5-10, 20-30km
        (r"(\d\d)?([2-9]0s)", _decade),  # 1990s
        (rf"(?P<number>{NUMBER})(?P<unit>{_UNIT})", _unit),  # 25°C, 10km
        (_UNIT, _lone_unit),  # 10 km
        (r"(?P<hours>\d{1,2})h(?P<minutes>[0-5]\d)", _hours),  # 10h30
        (r"(?P<hours>\d{1,2}):00(?P<half>[ap]m)?", _full_hour),  # 10:00, 10:00am
        (r"(?P<hours>\d{1,2}):0(?P<minutes>[1-9])(?P<half>([ap]m)?)", _first_minutes),  # 10:05
        (r"\d{1,2}:[0-5]\d.*", _as_written),  # 10:30
        (r"(\d+):(\d+)", _notion_between("ratio")),  # 16:9
        (r"[48][kK]", _as_written),  # 4K, of pictures
        (rf"(?P<number>{NUMBER})(?P<large>{_LARGE})", _large),  # 100K
        (rf"({NUMBER})[xX×]", _notion_behind("times")),  # 3x
        (r"(\d+)[x×](\d+)", _notion_between("by")),  # 1080x1920
        (r"(?P<whole>\d+)?(?P<part>[½⅓⅔¼¾])", _fraction),  # ½, 2½
        (r"(?P<whole>)(?P<part>1/2|[12]/3|[13]/4)", _fraction),  # 1/2
        (r"(\d+)/(\d+)", _spaced),  # 24/7
        (r"(\d+)\.([ºª])", lambda match, place: match[1] + match[2]),  # 1.º
        (r"[~≈](\d.*)", _notion_ahead("about")),  # ~5
        (r"<(\D?\d.*)", _notion_ahead("less")),  # <5
        (r">(\D?\d.*)", _notion_ahead("more")),  # >5
        (rf"(.*\d.*)/({_LETTERS})", _notion_between("per")),  # $5/month
        (rf"({_LETTERS})/({_LETTERS})", _spaced),  # and/or
        (rf"(.*\d.*?)-({_LETTERS})", _compound),  # $5-off
        (r"[+=×÷<>@%→²³&]", _sign),  # a & b
        (r"\w+(?:[+=×÷<>&]\w+)+", _signs_between),  # 1+1=2, R&D
        (rf"({_LETTERS})([²³])", _squared),  # x²
    )
)
