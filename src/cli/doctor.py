"""`neuroshorts doctor`: what this machine has, what is missing, and how to get it."""

import os
import platform
import shutil
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple

from rich.console import Console
from rich.text import Text

from ..settings import Settings, unknown_variables
from .console import Desk, ExitCode, open_desk

Verdict = Literal["ok", "note", "missing"]
_STYLES: dict[Verdict, str] = {"ok": "green", "note": "yellow", "missing": "bold red"}

#: Packages whose versions help to understand a report.
SHOWN_PACKAGES = ("av", "numpy", "opencv-python-headless", "pillow", "moviepy", "pydub", "pydantic")
#: Bytes that a 30 s film and its work files need with room to spare.
WANTED_FREE_BYTES = 2 * 1024**3


class Finding(NamedTuple):
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    detail: str
    remedy: str = ""


def doctor_command() -> ExitCode:
    """Print every finding on stdout; fails when something that rendering needs is missing."""
    desk = open_desk()
    findings = examine(desk)
    console = Console(highlight=False)
    for finding in findings:
        line = Text(f"{finding.verdict:<8}", style=_STYLES[finding.verdict])
        line.append(f"{finding.name}: {finding.detail}", style="default")
        if finding.remedy:
            line.append(f"\n        {finding.remedy}", style="dim")
        console.print(line, soft_wrap=True)
    broken = any(finding.verdict == "missing" for finding in findings)
    return ExitCode.FAILED if broken else ExitCode.DONE


def examine(desk: Desk) -> list[Finding]:
    """Look at everything; a look that breaks is a finding, too."""
    looks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("codecs", _codecs),
        ("text shaping", _shaping),
        ("fonts", lambda: _fonts(desk.settings)),
        ("speech", _speech),
        ("voices", lambda: _voices(desk.settings)),
        ("backgrounds", _backgrounds),
        ("processor", lambda: _processor(desk.settings)),
        ("disk", lambda: _disk(desk.settings)),
        ("films", lambda: _folder("films", desk.settings.data_dir, "DATA_DIR")),
        ("work files", lambda: _folder("work files", desk.settings.cache_dir, "CACHE_DIR")),
        ("log", lambda: _log_folder(desk)),
        ("settings", lambda: _settings(os.environ)),
    )
    return [_looked_at(name, look) for name, look in looks]


def _looked_at(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Exception as error:
        return Finding(name, "missing", f"{type(error).__name__}: {error}", "Install the package again.")


def _python() -> Finding:
    detail = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("python", "ok", detail)


def _packages() -> Finding:
    return Finding("packages", "ok", ", ".join(f"{name} {metadata.version(name)}" for name in SHOWN_PACKAGES))


def _codecs() -> Finding:
    import av

    missing = [name for name in ("libx264", "aac") if name not in av.codecs_available]
    if missing:
        remedy = (
            "Use the wheel of PyAV (pip install --only-binary :all: av): a build of its own may lack them."
        )
        return Finding("codecs", "missing", f"PyAV has no {' and no '.join(missing)}", remedy)
    return Finding("codecs", "ok", "libx264 and aac, inside PyAV")


def _shaping() -> Finding:
    from ..media.fonts import has_raqm

    if has_raqm():
        return Finding("text shaping", "ok", "raqm with FriBiDi")
    return Finding(
        "text shaping",
        "note",
        "no FriBiDi: Arabic, Hebrew and Indic scripts will not be joined and ordered",
        "Debian, Ubuntu: apt-get install libfribidi0; macOS: brew install fribidi",
    )


def _fonts(settings: Settings) -> Finding:
    from ..media.fallbacks import FontFolders, missing_packages
    from ..media.fonts import CAPTION_FAMILY, families, font_file

    font_file(CAPTION_FAMILY)
    detail = f"{len(families())} families; captions use {CAPTION_FAMILY}"
    if packages := missing_packages(FontFolders(settings.font_folders)):
        detail += f"; no Noto fonts of {', '.join(packages.values())}"
        remedy = f"Debian, Ubuntu: apt-get install {' '.join(packages)}; others: set NEUROSHORTS_FONT_FOLDERS"
        return Finding("fonts", "note", detail, remedy)
    return Finding("fonts", "ok", f"{detail}; Noto's for other scripts and emoji")


def _speech() -> Finding:
    from ..engines.audio.espeak import EspeakVoice
    from ..engines.audio.espeak_voices import voices
    from ..models.words import Utterance

    with EspeakVoice() as espeak:
        espeak.synthesize(Utterance.of("Hello"), "", "en", 1.0)
    return Finding("speech", "ok", f"espeak-ng speaks, with {len(voices())} voices")


def _voices(settings: Settings) -> Finding:
    """Tell the services that speak; that none is set up is how it usually is."""
    from ..speech.catalogue import catalogue

    asked = [known for known in catalogue(settings) if known.setting]
    ready = [known.provider for known in asked if known.is_set_up]
    missing = [f"{known.provider} ({known.setting})" for known in asked if not known.is_set_up]
    told = [f"set up: {', '.join(ready)}"] * bool(ready) + [f"not set up: {', '.join(missing)}"] * bool(
        missing
    )
    return Finding("voices", "ok", f"services over HTTP {'; '.join(told)}")


def _backgrounds() -> Finding:
    from ..engines.visuals.palettes import PALETTES
    from ..engines.visuals.procedural import families

    return Finding("backgrounds", "ok", f"{len(families())} families in {len(PALETTES)} palettes")


def _processor(settings: Settings) -> Finding:
    cores = os.cpu_count() or 1
    used = settings.workers or cores
    return Finding("processor", "ok", f"{cores} cores; {used} segments are rendered at once")


def _disk(settings: Settings) -> Finding:
    free_bytes = shutil.disk_usage(_existing(settings.cache_dir)).free
    detail = f"{free_bytes / 1e9:.1f} GB free for work files"
    if free_bytes < WANTED_FREE_BYTES:
        return Finding("disk", "note", detail, "Free some space, or set NEUROSHORTS_CACHE_DIR.")
    return Finding("disk", "ok", detail)


def _folder(name: str, folder: Path, variable: str) -> Finding:
    if os.access(_existing(folder), os.W_OK):
        return Finding(name, "ok", str(folder.absolute()))
    return Finding(name, "missing", f"{folder.absolute()} cannot be written", f"Set NEUROSHORTS_{variable}.")


def _log_folder(desk: Desk) -> Finding:
    if desk.log_file:
        return Finding("log", "ok", str(desk.log_file))
    folder = desk.settings.log_dir.absolute()
    return Finding("log", "note", f"{folder} cannot be written", "Set NEUROSHORTS_LOG_DIR.")


def _settings(environ: Mapping[str, str]) -> Finding:
    unknown = unknown_variables(environ)
    if unknown:
        return Finding("settings", "note", f"nothing reads {', '.join(unknown)}", "Mend their names.")
    return Finding("settings", "ok", "every NEUROSHORTS_ variable is known")


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.exists())
