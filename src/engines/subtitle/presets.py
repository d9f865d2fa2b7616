"""Caption styles by name: those that come with the program, each a file in `styles`, and an operator's own.

A new style is one more file there; its name is the file's.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import ValidationError

from ...errors import RejectedJob, UnknownName
from ...media.fonts import families, family_named
from ...models.caption_style import CaptionStyle
from ...models.captions import Captions
from ...models.wording import in_words

Presets = Mapping[str, CaptionStyle]

_FOLDER = Path(__file__).parent / "styles"
#: Fields of a job's captions that overrule those of its style.
_OVERRULING = (
    "color",
    "active_color",
    "emphasis_color",
    "stroke",
    "position",
    "max_words",
    "max_lines",
)


class BadStyleFile(RejectedJob):
    """A file of an operator's own styles that is none; jobs wait for nobody, so they are refused."""

    code = "bad_style_file"

    def __init__(self, file: Path, problem: str) -> None:
        told = f"{file.name} is no caption style: {problem}"
        super().__init__(
            f"{told}; the operator has to mend it in NEUROSHORTS_STYLES_FOLDER", path="captions.style"
        )


def presets(folder: Path | None = None) -> Presets:
    """Read all styles; those in an operator's folder come last and may replace others.

    Raises:
        BadStyleFile: a file that is no style, or a folder that cannot be read.
    """
    packaged = _packaged()
    return MappingProxyType(_read_all(folder, packaged)) if folder else packaged


class _Packaged(Mapping[str, CaptionStyle]):
    """The styles that come with the program, each read when it is asked for.

    To read all of them takes longer than to plan a film.
    """

    def __init__(self) -> None:
        self._files = {file.stem: file for file in sorted(_FOLDER.glob("*.yaml"))}
        self._styles: dict[str, CaptionStyle] = {}

    def __getitem__(self, name: str) -> CaptionStyle:
        if name not in self._styles:
            file = self._files[name]
            self._styles[name] = _style_in(file, _read(file), self)
        return self._styles[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


@lru_cache(maxsize=1)
def _packaged() -> Presets:
    return _Packaged()


def _read_all(folder: Path, known: Presets) -> Presets:
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml"))
        written = {file.stem: (file, _read(file)) for file in files}
    except OSError as error:
        raise BadStyleFile(folder, error.strerror or "it cannot be read") from error
    found = ChainMap[str, CaptionStyle]({}, known)  # type: ignore[arg-type]  # only the first is written to
    while written:
        waiting = {name for name in written if name not in known}
        ready = [name for name, (_, told) in written.items() if told.get("base", "") not in waiting]
        if not ready:
            file, told = next(iter(written.values()))
            raise BadStyleFile(file, f"its base {told['base']!r} leads back to itself")
        for name in ready:
            file, told = written.pop(name)
            found[name] = _style_in(file, told, found)
    return found


def _read(file: Path) -> dict[str, Any]:
    try:
        told = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, ValueError) as error:  # dates that no calendar has are none of YAML's errors
        raise BadStyleFile(file, " ".join(str(error).split())) from error
    if not isinstance(told, dict):
        raise BadStyleFile(file, "it is no mapping of fields")
    if not isinstance(told.get("base", ""), str):
        raise BadStyleFile(file, "base: it is no name of a style")
    return told


def _style_in(file: Path, told: dict[str, Any], known: Presets) -> CaptionStyle:
    try:
        style = _based(CaptionStyle.model_validate(told), known)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        why = in_words(problem["type"], problem["input"], problem.get("ctx", {}), problem["msg"])
        raise BadStyleFile(file, f"{place}: {why}") from error
    except UnknownName as error:
        raise BadStyleFile(file, error.message) from error
    if family_named(style.font.family) is None:
        raise BadStyleFile(file, f"font.family: there is no family {style.font.family!r}")
    return style


def style_of(captions: Captions, known: Presets) -> CaptionStyle:
    """Put together how a job's captions look: its style, and what it says beside that.

    Raises:
        UnknownName: a style, or a family of an own style, that nobody has.
    """
    if isinstance(captions.style, str):
        style = _named(captions.style, known, "captions.style")
    else:
        style = _based(captions.style, known)
        if family_named(style.font.family) is None:
            place = "captions.style.font.family"
            raise UnknownName("font family", style.font.family, families(), path=place, listed_by="fonts")
    told = {name: getattr(captions, name) for name in _OVERRULING}
    font = {"family": captions.font.family or None, "size": captions.font.size}
    changes = {name: value for name, value in told.items() if value is not None}
    changes["font"] = {name: value for name, value in font.items() if value is not None}
    return CaptionStyle.model_validate(_merged(style.model_dump(), changes))


def _named(name: str, known: Presets, path: str) -> CaptionStyle:
    if name not in known:
        raise UnknownName("caption style", name, tuple(known), path=path, listed_by="styles")
    return known[name]


def _based(style: CaptionStyle, known: Presets) -> CaptionStyle:
    """Fill what a style does not say itself with what its base says."""
    if not style.base:
        return style
    base = _named(style.base, known, "captions.style.base")
    changes = style.model_dump(exclude_unset=True, exclude={"base"})
    return CaptionStyle.model_validate(_merged(base.model_dump(), changes))


def _merged(base: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Put changes over a tree; what stands in it as a mapping is changed part by part."""
    merged = dict(base)
    for name, value in changes.items():
        old = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(old, dict)
        merged[name] = _merged(old, value) if both and isinstance(old, dict) else value
    return merged
