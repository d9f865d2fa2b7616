"""What is said for what authors write, by language."""

import pytest

from src.text.verbal import verbal

#: A text, and what is said for its words; "·" stands for a word that is only seen.
ENGLISH = {
    "It costs $5.": "It costs 5 dollars.",
    "$1 or $5.50 or $0.99": "1 dollar or 5 dollars 50 or 99 cents",
    "$1,250.00 and €3.50": "1,250 dollars and 3 euros 50",
    "$5M, $1.5B, £1.2bn": "5 million dollars, 1.5 billion dollars, 1.2 billion pounds",
    "$3 million": "3 million dollars",
    "$3 million dollars": "3 million dollars",
    "$5/month": "5 dollars per month",
    "$ 5": "· 5 dollars",
    "10 km 10km 1 km": "10 kilometers 10 kilometers 1 kilometer",
    "-5°C at 60 km/h, 5m²": "-5 degrees Celsius at 60 kilometers per hour, 5 square meters",
    "5% #1 #NoFilter": "5% number 1 hashtag No Filter",
    "24/7 1st 3x ½ 2½ 1/2": "twenty-four seven 1st 3 times a half 2 and a half a half",
    "1 ½ cups": "1 and a half cups",
    "10:30 10:00 10:00am 10:05": "10:30 10 o'clock 10 am 10 oh 5",
    "16:9 1080x1920": "16 to 9 1080 by 1920",
    "5–10 5-10 $5–$10 20-30km": "5 to 10 5 to 10 5 to 10 dollars 20 to 30 kilometers",
    "1,000,000 555-123-4567 2024-11-21": "1,000,000 555-123-4567 2024-11-21",
    "100K 4K 5-star": "100 thousand 4K 5-star",
    "the 1990s, the 30s, 30s": "the 19 nineties, the thirties, 30 seconds",
    "a & b = c + 1": "a and b equals c plus 1",
    "R&D 1+1=2 x² and/or C++": "R and D 1 plus 1 equals 2 x squared and or C++",
    "~5 <5 >5": "about 5 less than 5 more than 5",
    "<3 :D xD :)": "· · · ·",
    "cats vs. dogs, e.g. mine w/ a hat": "cats versus dogs, for example mine with a hat",
    "No. 1 — Dr. Who": "number 1 · doctor Who",
    "https://www.example.com/a?b=c": "example dot com",
    "example.com/free-trial (example.org)": "example dot com slash free trial (example dot org)",
    "me@example.com or @me_too": "me at example dot com or at me too",
    "😀 hi😀you 5️⃣ … ?!": "· hi you 5 · ·",
    "Node.js is e-mail's end": "Node.js is e-mail's end",
}
GERMAN = {
    "5 € und 3,50 €": "5 Euro und 3 Euro 50 ·",
    "$5 3,50€ 3 Mio. €": "5 Dollar 3 Euro 50 3 Millionen Euro",
    "10 km bei 25 °C, 2,5 kg": "10 Kilometer bei 25 Grad Celsius, 2,5 Kilogramm",
    "z. B. das, d.h. usw.": "zum Beispiel · das, das heißt und so weiter.",
    "Nr. 1 #1 5–10 & 3x": "Nummer 1 Nummer 1 5 bis 10 und 3 mal",
    "10:00 Uhr 10:30 10:00": "10 Uhr 10:30 10 Uhr",
    "1.000.000 100K ca. ½": "1.000.000 100 Tausend circa ein halb",
    "ich@web.de": "ich ät web Punkt de",
}
SPANISH = {
    "5 € $5 $5,50": "5 euros 5 dólares 5 dólares 50",
    "$3 millones": "3 millones de dólares",
    "10 km 25°C 5–10": "10 kilómetros 25 grados Celsius 5 a 10",
    "a & b #1 1.º 1er": "a y b número 1 1º primer",
    "p. ej. esto vs. eso 3x ½": "por ejemplo · esto versus eso 3 veces medio",
    "ejemplo.es": "ejemplo punto es",
}
FRENCH = {
    "3,50 € 5 €": "3 euros 50 · 5 euros",
    "10h30 10 h 1,5 km": "10 heures 30 10 heures 1,5 kilomètre",
    "25 °C 5–10 3x": "25 degrés Celsius 5 à 10 3 fois",
    "a & b #1 p. ex. M. Dupont": "a et b numéro 1 par exemple · monsieur Dupont",
    "$3 millions exemple.fr": "3 millions de dollars exemple point fr",
}
PORTUGUESE = {
    "R$ 5 R$5 R$ 5,90": "· 5 reais 5 reais · 5 reais 90",
    "R$ 3 milhões": "· 3 milhões de reais",
    "10 km 10h30 5–10": "10 quilômetros 10 horas 30 5 a 10",
    "a & b #1 3x ½": "a e b número 1 3 vezes meio",
    "exemplo.com.br": "exemplo ponto com ponto br",
}
OTHERS = {
    ("5 ₽ 10 км 2 км &", "ru"): "5 российских рублей 10 километров 2 километра и",
    ("$5 25°C", "zh-CN"): "5 美元 25摄氏度",
    ("$5 & #1", "tlh"): "$5 & #1",
    ("10 km", "en-XX"): "10 kilometers",
}
CASES = [
    *((text, "en", said) for text, said in ENGLISH.items()),
    *((text, "de", said) for text, said in GERMAN.items()),
    *((text, "es", said) for text, said in SPANISH.items()),
    *((text, "fr-FR", said) for text, said in FRENCH.items()),
    *((text, "pt-BR", said) for text, said in PORTUGUESE.items()),
    *((text, language, said) for (text, language), said in OTHERS.items()),
]


@pytest.mark.parametrize(("text", "language", "said"), CASES)
def test_what_is_said(text: str, language: str, said: str) -> None:
    forms = verbal(text.split(), language)
    assert " ".join(form or "·" for form in forms) == said


def test_each_word_stays_one_however_much_is_said() -> None:
    assert verbal(["$5", "🎉", "w/"], "en") == ("5 dollars", "", "with")


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "pt-BR", "it", "nl", "ja", "ar", "xx"])
def test_no_word_breaks_it_and_plain_words_are_said_as_they_are_written(language: str) -> None:
    odd = [
        "",
        "\0",
        "\ud800",
        "$",
        "€€",
        "1.2.3.4",
        "1,2,3",
        "5-",
        "-",
        "@",
        "#",
        "//",
        "..",
        "1/0",
        "٣",
        "½½",
        "$" * 99,
    ]
    assert len(verbal(odd, language)) == len(odd)
    plain = ["Hello,", "it's", "(me)", "naïve", "«oui»", "привет!", "你好"]
    assert verbal(plain, language) == tuple(plain)
