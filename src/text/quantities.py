"""Numbers with money, units and magnitudes, as they are said; the names come from CLDR."""

import re
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, get_currency_name
from babel.units import UnknownUnitError, format_unit

from .measures import CURRENCIES, MAGNITUDES, UNITS, money
from .vocabulary import notion

#: Digits with what stands between them: decimal signs, and signs between thousands.
NUMBER = r"\d+(?:[.,'’\u00A0\u202F]\d+)*"
_BETWEEN = re.compile(r"[.,'’\u00A0\u202F]")
#: Characters of a number that anybody would say as one.
_LONGEST = 24
#: Decimal places that are the hundredth part of money.
_HUNDREDTHS = 2


@cache
def locale_of(language: str) -> Locale | None:
    """Find what CLDR knows of a language; None where it knows nothing."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        plain, _, rest = language.partition("-")
        return locale_of(plain) if rest else None


def and_of(language: str) -> str | None:
    """Tell what a language says between two things."""
    locale = locale_of(language)
    word = locale.list_patterns["standard"]["2"].format("", "").strip() if locale else ""
    return word if word.isalpha() else None


def value_of(number: str, language: str) -> Decimal | None:
    """Read a number in the language's own way of writing, or the way that its digits leave open.

    What is no number has no value.

    "1,500" is a thousand and a half in English, and one and a half in German; "3.50" can only be one thing.
    """
    if not re.fullmatch(NUMBER, number) or len(number) > _LONGEST:
        return None
    parts, between = _BETWEEN.split(number), _BETWEEN.findall(number)
    if not between:
        return Decimal(number)
    locale = locale_of(language)
    decimal = locale.number_symbols.get("latn", {}).get("decimal", ".") if locale else "."
    is_decimal = between.count(between[-1]) == 1 and (
        between[-1] == decimal or (len(parts[-1]) != 3 and between[-1] in ".,")
    )
    groups = parts[1:-1] if is_decimal else parts[1:]
    if any(len(group) != 3 for group in groups):
        return None
    whole = "".join(parts[:-1] if is_decimal else parts)
    return Decimal(f"{whole}.{parts[-1]}" if is_decimal else whole)


def said_money(number: str, sign: str, magnitude: str, language: str) -> str | None:
    """Say an amount of money: "5 dollars", "3 euros 50", "2 million pounds"."""
    value = value_of(number, language)
    if value is None:
        return None
    if magnitude:
        said = said_magnitude(number, magnitude, language)
        name = said_currency(sign, Decimal(10) ** MAGNITUDES[magnitude], language, large=True)
        return f"{said} {name}" if said and name else None
    names = money(CURRENCIES[sign], language)
    if not has_hundredths(value) or not names or not names[2]:
        name = said_currency(sign, value, language)
        return f"{number} {name}" if name else None
    whole, hundredths = int(value), int(value % 1 * 100)
    if not whole and hundredths:
        return f"{hundredths} {names[2]}"
    written = re.split(r"[.,]", number[::-1], maxsplit=1)[1][::-1]
    name = said_currency(sign, Decimal(whole), language)
    return f"{written} {name} {hundredths}" if hundredths else f"{written} {name}"


def has_hundredths(value: Decimal) -> bool:
    """Tell whether a number is written with two decimal places."""
    return value.as_tuple().exponent == -_HUNDREDTHS


def said_currency(sign: str, value: Decimal, language: str, *, large: bool = False) -> str | None:
    """Name a currency as it stands behind an amount; after "million" some languages put a word between."""
    locale = locale_of(language)
    if not locale:
        return None
    names = money(CURRENCIES[sign], language)
    name = (
        names[0 if _is_one(value, locale) and not large else 1]
        if names
        else get_currency_name(CURRENCIES[sign], count=float(value), locale=locale)
    )
    between = notion("of money", language) if large else None
    return f"{between} {name}" if between else name


def said_unit(number: str, unit: str, language: str) -> str | None:
    """Say a number with its unit: "10 kilometers"."""
    pattern = _unit_pattern(number, unit, language)
    return pattern.format(number) if pattern else None


def unit_name(number: str, unit: str, language: str) -> str | None:
    """Name a unit as it stands behind a number."""
    pattern = _unit_pattern(number, unit, language)
    return pattern.format("").strip() if pattern else None


def said_magnitude(number: str, magnitude: str, language: str) -> str | None:
    """Say a number with thousand, million or billion behind it."""
    value, locale = value_of(number, language), locale_of(language)
    if value is None or not locale:
        return None
    pattern = _magnitudes(locale, _plural(value, locale)).get(MAGNITUDES[magnitude])
    # Some count in thousands of millions: "0000 M" has no name of its own.
    if not pattern or pattern.count("0") != 1:
        return None
    return pattern.replace("0", number).replace("\u00a0", " ")


@cache
def magnitude_words(language: str) -> frozenset[str]:
    """List what a language says for thousand, million and billion."""
    locale = locale_of(language)
    patterns = [
        pattern
        for plural in ("one", "few", "many", "other")
        for pattern in (_magnitudes(locale, plural).values() if locale else ())
    ]
    return frozenset(pattern.replace("0", "").strip().lower() for pattern in patterns)


def _magnitudes(locale: Locale, plural: str) -> dict[int, str]:
    """Read the patterns of powers of ten, such as `0 million`."""
    found = locale.compact_decimal_formats.get("long", {})
    known = found.get(plural) or found.get("other") or {}
    return {
        power: str(known[str(10**power)].pattern)
        for power in sorted(set(MAGNITUDES.values()))
        if str(10**power) in known
    }


def _unit_pattern(number: str, unit: str, language: str) -> str | None:
    value, locale = value_of(number, language), locale_of(language)
    if value is None or not locale or unit not in UNITS:
        return None
    try:
        said = format_unit(value, UNITS[unit], "long", locale=locale).replace("\u00a0", " ")
    except UnknownUnitError:
        return None
    if UNITS[unit] in said:  # what stands in for a name that a language has not got
        return None
    digits = format_decimal(value, locale=locale).replace("\u00a0", " ")
    # A language may say one or two of something without the number: then it is said as it is written.
    return said.replace("{", "").replace("}", "").replace(digits, "{}", 1) if digits in said else None


def _plural(value: Decimal, locale: Locale) -> str:
    return str(locale.plural_form(value))


def _is_one(value: Decimal, locale: Locale) -> bool:
    return _plural(value, locale) == "one"
