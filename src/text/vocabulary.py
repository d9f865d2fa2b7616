"""What languages call the things that people write as signs.

A new language, notion or abbreviation is a new entry here. What is missing is left to the voice, as it is
written. Signs of money and units are in `measures`.
"""

#: Notions by language. "{}" stands where a number goes.
_NOTIONS: dict[str, dict[str, str]] = {
    "to": {"en": "to", "de": "bis", "es": "a", "fr": "à", "pt": "a", "it": "a", "nl": "tot"},
    "ratio": {"en": "to", "de": "zu", "es": "a", "fr": "à", "pt": "por", "it": "a", "nl": "op"},
    "by": {"en": "by", "de": "mal", "es": "por", "fr": "par", "pt": "por", "it": "per", "nl": "bij"},
    "times": {
        "en": "times",
        "de": "mal",
        "es": "veces",
        "fr": "fois",
        "pt": "vezes",
        "it": "volte",
        "nl": "keer",
    },
    "about": {
        "en": "about",
        "de": "etwa",
        "es": "unos",
        "fr": "environ",
        "pt": "cerca de",
        "it": "circa",
        "nl": "ongeveer",
    },
    "less": {
        "en": "less than",
        "de": "weniger als",
        "es": "menos de",
        "fr": "moins de",
        "pt": "menos de",
        "it": "meno di",
        "nl": "minder dan",
    },
    "more": {
        "en": "more than",
        "de": "mehr als",
        "es": "más de",
        "fr": "plus de",
        "pt": "mais de",
        "it": "più di",
        "nl": "meer dan",
    },
    "number": {
        "en": "number",
        "de": "Nummer",
        "es": "número",
        "fr": "numéro",
        "pt": "número",
        "it": "numero",
        "nl": "nummer",
    },
    "of money": {"es": "de", "fr": "de", "pt": "de", "it": "di"},
    "at": {
        "en": "at",
        "de": "ät",
        "es": "arroba",
        "fr": "arobase",
        "pt": "arroba",
        "it": "chiocciola",
        "nl": "at",
    },
    "dot": {
        "en": "dot",
        "de": "Punkt",
        "es": "punto",
        "fr": "point",
        "pt": "ponto",
        "it": "punto",
        "nl": "punt",
    },
    "slash": {
        "en": "slash",
        "de": "Slash",
        "es": "barra",
        "fr": "slash",
        "pt": "barra",
        "it": "barra",
        "nl": "slash",
    },
    "per": {"en": "per", "de": "pro", "es": "por", "fr": "par", "pt": "por", "it": "al", "nl": "per"},
    "hashtag": {"en": "hashtag", "de": "Hashtag", "es": "hashtag", "fr": "hashtag", "pt": "hashtag"},
    "first minutes": {"en": "oh"},
    "full hour": {"en": "{} o'clock", "de": "{} Uhr", "fr": "{} heures"},
    "1/2": {"en": "a half", "de": "ein halb", "es": "medio", "fr": "un demi", "pt": "meio", "it": "mezzo"},
    "1/3": {"en": "a third", "de": "ein Drittel", "es": "un tercio", "fr": "un tiers", "pt": "um terço"},
    "2/3": {
        "en": "two thirds",
        "de": "zwei Drittel",
        "es": "dos tercios",
        "fr": "deux tiers",
        "pt": "dois terços",
    },
    "1/4": {"en": "a quarter", "de": "ein Viertel", "es": "un cuarto", "fr": "un quart", "pt": "um quarto"},
    "3/4": {
        "en": "three quarters",
        "de": "drei Viertel",
        "es": "tres cuartos",
        "fr": "trois quarts",
        "pt": "três quartos",
    },
}

#: Signs that stand alone, or between two words. `&` is not here: CLDR knows "and" in every language.
_SIGNS: dict[str, dict[str, str]] = {
    "+": {"en": "plus", "de": "plus", "es": "más", "fr": "plus", "pt": "mais", "it": "più", "nl": "plus"},
    "=": {
        "en": "equals",
        "de": "gleich",
        "es": "igual a",
        "fr": "égale",
        "pt": "igual a",
        "it": "uguale",
        "nl": "is",
    },
    "×": {"en": "times", "de": "mal", "es": "por", "fr": "fois", "pt": "vezes", "it": "per", "nl": "keer"},
    "÷": {
        "en": "divided by",
        "de": "geteilt durch",
        "es": "entre",
        "fr": "divisé par",
        "pt": "dividido por",
        "it": "diviso",
    },
    "<": {
        "en": "is less than",
        "de": "kleiner als",
        "es": "menor que",
        "fr": "inférieur à",
        "pt": "menor que",
    },
    ">": {
        "en": "is more than",
        "de": "größer als",
        "es": "mayor que",
        "fr": "supérieur à",
        "pt": "maior que",
    },
    "@": {
        "en": "at",
        "de": "ät",
        "es": "arroba",
        "fr": "arobase",
        "pt": "arroba",
        "it": "chiocciola",
        "nl": "at",
    },
    "%": {"en": "percent", "de": "Prozent", "es": "por ciento", "fr": "pour cent", "pt": "por cento"},
    "→": {"en": "to", "de": "wird zu", "es": "a", "fr": "à", "pt": "a", "it": "a", "nl": "naar"},
    "²": {"en": "squared", "de": "Quadrat", "es": "al cuadrado", "fr": "au carré", "pt": "ao quadrado"},
    "³": {"en": "cubed", "de": "hoch drei", "es": "al cubo", "fr": "au cube", "pt": "ao cubo"},
}

#: Abbreviations in small letters (or in capitals where only those are meant), and what is said for them.
_ABBREVIATIONS: dict[str, dict[str, str]] = {
    "en": {
        "vs.": "versus",
        "vs": "versus",
        "e.g.": "for example",
        "i.e.": "that is",
        "w/": "with",
        "w/o": "without",
        "b/c": "because",
        "approx.": "approximately",
        "max.": "maximum",
        "min.": "minimum",
        "mr.": "mister",
        "mrs.": "missus",
        "dr.": "doctor",
        "btw": "by the way",
        "imo": "in my opinion",
        "tbh": "to be honest",
        "idk": "I don't know",
        "24/7": "twenty-four seven",
        "1900s": "nineteen hundreds",
        "2000s": "two thousands",
    },
    "de": {
        "z.b.": "zum Beispiel",
        "d.h.": "das heißt",
        "u.a.": "unter anderem",
        "usw.": "und so weiter",
        "bzw.": "beziehungsweise",
        "ca.": "circa",
        "vgl.": "vergleiche",
        "vs.": "versus",
        "mio.": "Millionen",
        "mrd.": "Milliarden",
        "inkl.": "inklusive",
        "dr.": "Doktor",
        "max.": "maximal",
        "min.": "mindestens",
    },
    "es": {
        "vs.": "versus",
        "p.ej.": "por ejemplo",
        "aprox.": "aproximadamente",
        "sr.": "señor",
        "sra.": "señora",
        "dr.": "doctor",
        "dra.": "doctora",
        "1er": "primer",
        "3er": "tercer",
    },
    "fr": {
        "vs": "versus",
        "vs.": "versus",
        "p.ex.": "par exemple",
        "env.": "environ",
        "M.": "monsieur",
        "mme": "madame",
        "dr": "docteur",
    },
    "pt": {
        "vs.": "versus",
        "p.ex.": "por exemplo",
        "aprox.": "aproximadamente",
        "sr.": "senhor",
        "sra.": "senhora",
        "dr.": "doutor",
        "dra.": "doutora",
    },
    "it": {"vs.": "contro", "ecc.": "eccetera", "p.es.": "per esempio", "dott.": "dottor", "sig.": "signor"},
    "nl": {"vs.": "versus", "bijv.": "bijvoorbeeld", "o.a.": "onder andere", "enz.": "enzovoort"},
}

#: Decades of a century, in English: other languages write them in words.
DECADES = {
    "20s": "twenties",
    "30s": "thirties",
    "40s": "forties",
    "50s": "fifties",
    "60s": "sixties",
    "70s": "seventies",
    "80s": "eighties",
    "90s": "nineties",
}

#: Abbreviations of "number", where a number follows.
NUMBER_SIGNS = frozenset({"no.", "nr.", "#", "nº", "n.º", "n°", "nº.", "№"})

#: Faces written in letters: seen, never spoken.
FACES = frozenset(
    {":d", ":p", ";p", ":o", ":3", "xd", "=d", ":-d", ":-p", ":-o", "<3", "</3", "^_^", "o_o", ":'d"}
)


def notion(name: str, language: str) -> str | None:
    """Tell what a language says for a notion."""
    return _NOTIONS[name].get(plain_tag(language))


def sign(shown: str, language: str) -> str | None:
    """Tell what a language says for a sign."""
    return _SIGNS.get(shown, {}).get(plain_tag(language))


def abbreviated(shown: str, language: str) -> str | None:
    """Tell what an abbreviation stands for."""
    known = _ABBREVIATIONS.get(plain_tag(language), {})
    return known.get(shown) or known.get(shown.lower())


def plain_tag(language: str) -> str:
    """Tell the language of a tag, without region and script."""
    return language.lower().split("-")[0]
