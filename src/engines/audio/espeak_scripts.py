"""Scripts that the built-in voice cannot read."""

import regex

from ...errors import NotSupported, RejectedJob
from ...text.alphabets import Foreign, foreign_letters

#: Scripts whose words the engine cannot find: it would name the letters one by one.
_REFUSED_SCRIPTS = {
    "Japanese": regex.compile(r"[\p{Hiragana}\p{Katakana}]"),
    "Thai": regex.compile(r"\p{Thai}"),
}
_REFUSED_LANGUAGES = {"ja": "Japanese", "jpn": "Japanese", "th": "Thai", "tha": "Thai"}


class ForeignLetters(NotSupported):
    """A text in letters that the language does not have; they would be spelt one by one."""

    def __init__(self, found: Foreign, language: str) -> None:
        told = f"the text is in {found.script} letters, which espeak spells one by one in {language!r}"
        advice = f"set it to the language of the text, such as {found.language!r}"
        RejectedJob.__init__(self, f"{told}: {advice}", path="voice.language")


def unspeakable(text: str, language: str) -> str | None:
    """Name the language or script that keeps a text from being spoken."""
    found = (name for name, script in _REFUSED_SCRIPTS.items() if script.search(text))
    return _REFUSED_LANGUAGES.get(language.lower().split("-")[0]) or next(found, None)


def refuse_unspeakable(text: str, language: str) -> None:
    """Refuse what the engine would only spell out.

    Raises:
        NotSupported: the language or the script is Japanese or Thai.
        ForeignLetters: most letters are of another language.
    """
    if name := unspeakable(text, language):
        raise NotSupported(
            f"{name} speech by espeak",
            path="voice.language",
            instead="choose another voice.provider, or bring the narration along in scenes[].audio",
        )
    if foreign := foreign_letters(text, language):
        raise ForeignLetters(foreign, language)
