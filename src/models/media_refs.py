"""Every medium that a job names, with its JSON path and what it must be."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from .job import RenderJob, Scene
from .sound import ProviderName, SceneVoice, Voice
from .visual import ImageOverlay, ImageVisual, VideoVisual

MediaKind = Literal["image", "video", "sound", "font", "subtitles", "model"]


class MediaRef(NamedTuple):
    """A `src` of a job."""

    path: str
    src: str
    kind: MediaKind

    @property
    def shown(self) -> str:
        """The `src` as it may be told: of a URL nothing that could be secret."""
        return shown_url(self.src) if is_url(self.src) else self.src


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_MOST_SHOWN = 200


def is_url(src: str) -> bool:
    """Tell a URL of any kind from a path or an id."""
    return bool(_SCHEME.match(src))


def shown_url(url: str) -> str:
    """Write a URL without its query, which often holds a signature, and without a password."""
    place = re.split(r"[?#]", url, maxsplit=1)[0]
    scheme, _, rest = place.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"[:_MOST_SHOWN]


def media_refs(job: RenderJob) -> Iterator[MediaRef]:
    """Walk the job in order of its fields."""
    if job.music and job.music.src:
        yield MediaRef("music.src", job.music.src, "sound")
    if job.captions.font.src:
        yield MediaRef("captions.font.src", job.captions.font.src, "font")
    if job.captions.src:
        yield MediaRef("captions.src", job.captions.src, "subtitles")
    yield from _voice_refs("voice", job.voice.provider, job.voice)
    for index, scene in enumerate(job.scenes):
        if scene.voice:
            provider = scene.voice.provider or job.voice.provider
            yield from _voice_refs(f"scenes[{index}].voice", provider, scene.voice)
        yield from _scene_refs(f"scenes[{index}]", scene)


def _voice_refs(path: str, provider: ProviderName, voice: Voice | SceneVoice) -> Iterator[MediaRef]:
    """Tell the models of voices, and what is said about each in the JSON beside it."""
    named = [(path, provider, voice.voice)]
    fallbacks = enumerate(voice.fallbacks or ())
    named += [(f"{path}.fallbacks[{place}]", other.provider, other.voice) for place, other in fallbacks]
    for here, who, name in named:
        if who == "piper" and name:
            model = name.partition("#")[0]
            yield MediaRef(f"{here}.voice", model, "model")
            yield MediaRef(f"{here}.voice", f"{model}.json", "model")


def _scene_refs(path: str, scene: Scene) -> Iterator[MediaRef]:
    if scene.audio:
        yield MediaRef(f"{path}.audio.src", scene.audio.src, "sound")
        if scene.audio.transcribe:
            yield MediaRef(f"{path}.audio.transcribe.model", scene.audio.transcribe.model, "model")
    for index, visual in enumerate(scene.visuals):
        if isinstance(visual, ImageVisual):
            yield MediaRef(f"{path}.visuals[{index}].src", visual.src, "image")
        elif isinstance(visual, VideoVisual):
            yield MediaRef(f"{path}.visuals[{index}].src", visual.src, "video")
    for index, overlay in enumerate(scene.overlays):
        if isinstance(overlay, ImageOverlay):
            yield MediaRef(f"{path}.overlays[{index}].src", overlay.src, "image")
