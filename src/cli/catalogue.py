"""What a job may name: voices, fonts, backgrounds, styles, and the schema itself, as rows to print."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from ..settings import Settings
    from ..speech.catalogue import Known

Row = tuple[str, ...]


def schema_text() -> str:
    """Write the JSON Schema of a job."""
    from ..plan.schema import job_schema

    return json.dumps(job_schema(), indent=2, ensure_ascii=False)


def voice_rows(settings: "Settings") -> list[Row]:
    """List the embedded voices by name, language and gender, then services by what they speak with."""
    from ..engines.audio.espeak_voices import voices
    from ..speech.catalogue import catalogue

    asked = [known for known in catalogue(settings) if known.setting]
    return [
        *((voice.name, voice.language, voice.gender) for voice in voices()),
        *((known.provider, known.voice or "voices by their ids", _state(known)) for known in asked),
    ]


def _state(known: "Known") -> str:
    return "set up" if known.is_set_up else f"not set up: {known.setting}"


def font_rows() -> list[Row]:
    """List the packaged families, and what they are used for unless a job says otherwise."""
    from ..media import fonts

    uses = {
        fonts.CAPTION_FAMILY: "captions",
        fonts.TITLE_FAMILY: "titles",
        fonts.TEXT_FAMILY: "overlays",
    }
    return [(family, uses.get(family, "")) for family in fonts.families()]


def background_rows() -> list[Row]:
    """List procedural families, palettes, picture effects and registered MoviePy clips."""
    from ..engines.visuals.effects import EFFECTS
    from ..engines.visuals.moviepy_clip import factories
    from ..engines.visuals.palettes import PALETTES
    from ..engines.visuals.procedural import families

    kinds = (
        ("family", families()),
        ("palette", PALETTES),
        ("effect", EFFECTS),
        ("moviepy", sorted(factories())),
    )
    return [(kind, name) for kind, names in kinds for name in names]


def caption_style_rows(folder: Path | None) -> list[Row]:
    """List caption styles and what they look like, those of an operator's folder included."""
    from ..engines.subtitle.presets import presets

    return [("caption style", name, style.about) for name, style in presets(folder).items()]


def style_rows() -> list[Row]:
    """List transitions, and the closed choices of the schema."""
    from ..engines.visuals.transitions import TRANSITIONS
    from ..models import caption_style, output, quality, sound, visual

    kinds: tuple[tuple[str, Any], ...] = (
        ("caption position", caption_style.CaptionPosition),
        ("motion", visual.MotionEffect),
        ("fit", visual.Fit),
        ("mood", sound.Mood),
        ("preset", output.Preset),
        ("quality", quality.Quality),
        ("sidecar", output.SidecarKind),
    )
    closed = [(kind, name, "") for kind, choices in kinds for name in get_args(choices)]
    return [*(("transition", name, "") for name in TRANSITIONS), *closed]
