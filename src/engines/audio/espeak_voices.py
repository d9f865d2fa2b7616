"""The voices that espeak-ng brings along: languages, and variants that change how any of them sounds."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import espeakng_loader

from ...errors import UnknownName

#: Variant used when the job names none: of all, its spectrum is among the closest to that of human speech
#: (2 dB from the long-term average of Byrne et al., 1994), its pitch is a calm 100 Hz and it never clips.
DEFAULT_VARIANT = "m7"
#: Languages that people write differently from how espeak calls them, or whose plain tag has several voices.
_ALIASES = {
    "en": "en-us",
    "fr": "fr-fr",
    "zh": "cmn",
    "zh-hk": "yue",
    "no": "nb",
    "iw": "he",
    "in": "id",
}
#: Voices that name letters one by one; see `espeak_scripts.refuse_unspeakable`.
_UNUSABLE = frozenset({"ja", "th"})
_VARIANTS = "voices/!v"
#: Of a language line that gives none.
_NORMAL_PRIORITY = 5


class VoiceInfo(NamedTuple):
    """A voice that a job may name."""

    name: str
    """A language's voice such as `en-gb`, or a variant such as `+f2`; `en-gb+f2` joins both."""
    language: str
    """BCP 47 tag; empty for a variant, which goes with every language."""
    gender: str
    """male, female, or empty where the voice does not say."""


class _Voice(NamedTuple):
    name: str
    identifier: str
    """What the engine calls it: the path of its file."""
    languages: tuple[tuple[int, str], ...]
    """Priority (lower suits better) and tag in lower case of each language it speaks."""
    gender: str


def voices() -> tuple[VoiceInfo, ...]:
    """List the voices, languages first."""
    languages = [VoiceInfo(voice.name, voice.name, voice.gender) for voice in _language_voices()]
    variants = [VoiceInfo(f"+{file.name}", "", _gender(file)) for file in _files(_VARIANTS)]
    return (*sorted(languages), *sorted(variants))


def engine_voice(voice: str, language: str) -> str:
    """Turn what a job names into the name the engine knows.

    Raises:
        UnknownName: listing the voices or the languages there are.
    """
    base, _, variant = voice.strip().partition("+")
    by_name = {known.name: known.identifier for known in _language_voices()}
    variants = _variants()
    if base.lower() not in {"", *by_name} or variant.lower() not in {"", *variants}:
        names = [known.name for known in voices()]
        raise UnknownName("voice", voice, names, path="voice.voice", listed_by="voices")
    identifier = by_name[base.lower()] if base else _of_language(language)
    return f"{identifier}+{variants[variant.lower()] if variant else DEFAULT_VARIANT}"


def _of_language(language: str) -> str:
    """Find the voice that suits a tag best, giving up the tag's last part as long as nobody speaks it."""
    speakers: dict[str, tuple[int, str]] = {}
    for voice in _language_voices():
        for priority, tag in voice.languages:
            speakers[tag] = min(speakers.get(tag, (priority, voice.identifier)), (priority, voice.identifier))
    tag = language.lower()
    while tag:
        found = speakers.get(_ALIASES.get(tag, tag))
        if found:
            return found[1]
        tag = tag.rpartition("-")[0]
    known = sorted({*speakers, *_ALIASES})
    raise UnknownName("language", language, known, path="voice.language", listed_by="voices")


@cache
def _language_voices() -> tuple[_Voice, ...]:
    """Read the voice files; each voice is named by the first language it says it speaks."""
    found: dict[str, _Voice] = {}
    for file in _files("lang"):
        identifier = file.relative_to(_data_folder() / "lang").as_posix()
        languages = tuple(
            (int(values[1]) if len(values) > 1 else _NORMAL_PRIORITY, values[0].lower())
            for values in _values(file, "language")
        )
        name = languages[0][1] if languages and languages[0][1] not in found else file.name.lower()
        found[name] = _Voice(name, identifier, languages, _gender(file))
    return tuple(found.values())


@cache
def _variants() -> Mapping[str, str]:
    return MappingProxyType({file.name.lower(): file.name for file in _files(_VARIANTS)})


def _gender(file: Path) -> str:
    return next((values[0].lower() for values in _values(file, "gender")), "")


def _data_folder() -> Path:
    return Path(espeakng_loader.get_data_path())


def _files(folder: str) -> list[Path]:
    files = (_data_folder() / folder).rglob("*")
    return sorted(file for file in files if file.is_file() and file.name not in _UNUSABLE)


def _values(file: Path, keyword: str) -> Iterator[list[str]]:
    """Yield what follows a keyword on each of its lines in a voice file."""
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split("//")[0].split()
        if len(words) > 1 and words[0] == keyword:
            yield words[1:]
