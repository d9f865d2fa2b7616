"""Signs of money, units and large numbers, and what CLDR calls them: it has their names in every language."""

from .vocabulary import plain_tag

#: What people say for money where CLDR is too formal ("US dollars"): one, several, and the hundredth parts.
_MONEY: dict[str, dict[str, tuple[str, str, str]]] = {
    "USD": {
        "en": ("dollar", "dollars", "cents"),
        "de": ("Dollar", "Dollar", "Cent"),
        "es": ("dólar", "dólares", "centavos"),
        "fr": ("dollar", "dollars", "cents"),
        "pt": ("dólar", "dólares", "centavos"),
        "it": ("dollaro", "dollari", "centesimi"),
        "nl": ("dollar", "dollar", "cent"),
    },
    "EUR": {
        "en": ("euro", "euros", "cents"),
        "de": ("Euro", "Euro", "Cent"),
        "es": ("euro", "euros", "céntimos"),
        "fr": ("euro", "euros", "centimes"),
        "pt": ("euro", "euros", "cêntimos"),
        "it": ("euro", "euro", "centesimi"),
        "nl": ("euro", "euro", "cent"),
    },
    "GBP": {
        "en": ("pound", "pounds", "pence"),
        "de": ("Pfund", "Pfund", "Pence"),
        "es": ("libra", "libras", "peniques"),
        "fr": ("livre", "livres", "pence"),
        "pt": ("libra", "libras", "pence"),
    },
    "BRL": {"pt": ("real", "reais", "centavos"), "en": ("real", "reais", "centavos")},
    "INR": {"en": ("rupee", "rupees", "paise")},
    "JPY": {"en": ("yen", "yen", "")},
}

#: Signs of money, and the currency that CLDR knows by that code.
CURRENCIES = {
    "US$": "USD",
    "R$": "BRL",
    "A$": "AUD",
    "C$": "CAD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₫": "VND",
    "₪": "ILS",
    "₴": "UAH",
    "₦": "NGN",
    "₱": "PHP",
    "zł": "PLN",
    "USD": "USD",
    "EUR": "EUR",
    "GBP": "GBP",
    "CHF": "CHF",
}

#: Signs of units, and what CLDR calls them.
UNITS = {
    "mm": "length-millimeter",
    "cm": "length-centimeter",
    "m": "length-meter",
    "km": "length-kilometer",
    "ft": "length-foot",
    "mi": "length-mile",
    "км": "length-kilometer",
    "m²": "area-square-meter",
    "m2": "area-square-meter",
    "km²": "area-square-kilometer",
    "m³": "volume-cubic-meter",
    "ml": "volume-milliliter",
    "mL": "volume-milliliter",
    "l": "volume-liter",
    "L": "volume-liter",
    "mg": "mass-milligram",
    "g": "mass-gram",
    "kg": "mass-kilogram",
    "кг": "mass-kilogram",
    "t": "mass-tonne",
    "oz": "mass-ounce",
    "lb": "mass-pound",
    "lbs": "mass-pound",
    "ms": "duration-millisecond",
    "s": "duration-second",
    "sec": "duration-second",
    "min": "duration-minute",
    "h": "duration-hour",
    "hr": "duration-hour",
    "hrs": "duration-hour",
    "km/h": "speed-kilometer-per-hour",
    "kmh": "speed-kilometer-per-hour",
    "m/s": "speed-meter-per-second",
    "mph": "speed-mile-per-hour",
    "°": "angle-degree",
    "°C": "temperature-celsius",
    "℃": "temperature-celsius",
    "°F": "temperature-fahrenheit",
    "℉": "temperature-fahrenheit",
    "W": "power-watt",
    "kW": "power-kilowatt",
    "kWh": "energy-kilowatt-hour",
    "kcal": "energy-kilocalorie",
    "V": "electric-volt",
    "Hz": "frequency-hertz",
    "kHz": "frequency-kilohertz",
    "MHz": "frequency-megahertz",
    "GHz": "frequency-gigahertz",
    "KB": "digital-kilobyte",
    "kB": "digital-kilobyte",
    "MB": "digital-megabyte",
    "GB": "digital-gigabyte",
    "TB": "digital-terabyte",
    "dB": "sound-decibel",
}

#: Letters behind a number, and the power of ten that they stand for.
MAGNITUDES = {"k": 3, "K": 3, "M": 6, "mn": 6, "B": 9, "bn": 9, "T": 12}


def money(currency: str, language: str) -> tuple[str, str, str] | None:
    """Tell what people call a currency, and its hundredth part."""
    return _MONEY.get(currency, {}).get(plain_tag(language))
