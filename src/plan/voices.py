"""Who speaks a scene, and who speaks it when that voice fails."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..errors import NotSupported, RejectedJob
from ..models.job import RenderJob
from ..models.media_refs import is_url
from ..models.sound import FallbackVoice, ProviderName, SceneVoice, Voice


class Speaker(NamedTuple):
    """A voice for one scene."""

    provider: ProviderName
    voice: str
    """Empty for the provider's default."""
    model: str
    """Empty for the provider's default."""
    language: str
    speed: float
    paths: Mapping[str, str] = {}
    """By the name of each field above: where the job has it."""

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.provider} ({self.voice})" if self.voice else self.provider


class Speeds(NamedTuple):
    """The speaking rates that a provider takes."""

    lowest: float
    highest: float


#: Of those that do not take all that a job may ask for. Source: elevenlabs.io/docs, voice settings.
_SPEEDS: Mapping[ProviderName, Speeds] = {"elevenlabs": Speeds(0.7, 1.2)}
#: Providers of the schema that this build does not have.
_MISSING: Mapping[ProviderName, str] = {
    "openai": "use 'espeak', or bring narration in scenes[].audio",
    "elevenlabs": "use 'espeak', or bring narration in scenes[].audio",
}


def voice_of(voice: Voice, own: SceneVoice | None) -> Voice:
    """Complete what a scene says about its voice by what the job says."""
    if own is None:
        return voice
    given = {name: value for name in SceneVoice.model_fields if (value := getattr(own, name)) is not None}
    if own.provider not in (None, voice.provider):
        given = {"voice": "", "model": "", **given}
    return voice.model_copy(update=given)


def speakers(job: RenderJob, index: int) -> tuple[Speaker, ...]:
    """List who may speak a scene: its voice, then those that speak when the ones before them fail."""
    own = job.scenes[index].voice
    voice, paths = voice_of(job.voice, own), _paths(job.voice, own, index)
    first = Speaker(voice.provider, voice.voice, voice.model, voice.language, voice.speed, paths)
    return (first, *(_instead(first, other, place) for place, other in enumerate(voice.fallbacks)))


def voice_refusals(job: RenderJob) -> Iterator[RejectedJob]:
    """Tell what is wrong with the voices of scenes that are spoken, each mistake once."""
    told = set[str]()
    for index, scene in enumerate(job.scenes):
        if scene.text.strip() and not scene.audio:
            for speaker in speakers(job, index):
                for refusal in _refusals(speaker):
                    if refusal.path not in told:
                        told.add(refusal.path)
                        yield refusal


def _refusals(speaker: Speaker) -> Iterator[RejectedJob]:
    provider, speeds = speaker.provider, _SPEEDS.get(speaker.provider)
    if provider in _MISSING:
        what = f"the voice provider {provider!r}"
        yield NotSupported(what, path=speaker.paths["provider"], instead=_MISSING[provider])
    if provider == "piper" and not speaker.voice:
        told = "piper has no voice of its own: name the id of a model in the asset manifest"
        yield RejectedJob(told, path=speaker.paths["voice"])
    elif provider == "piper" and is_url(speaker.voice):
        told = "nobody checks a model by URL: the operator may write it into the asset manifest, name its id"
        yield RejectedJob(told, path=speaker.paths["voice"])
    if speeds and not speeds.lowest <= speaker.speed <= speeds.highest:
        told = f"{provider} speaks at {speeds.lowest:g} to {speeds.highest:g}, not at {speaker.speed:g}"
        yield RejectedJob(f"{told}: choose such a speed, or another provider", path=speaker.paths["speed"])


def _instead(first: Speaker, other: FallbackVoice, place: int) -> Speaker:
    here = f"{first.paths['fallbacks']}[{place}]"
    paths = {**first.paths, **{name: f"{here}.{name}" for name in FallbackVoice.model_fields}}
    return first._replace(provider=other.provider, voice=other.voice, model=other.model, paths=paths)


def _paths(voice: Voice, own: SceneVoice | None, index: int) -> dict[str, str]:
    scene = f"scenes[{index}].voice"
    given = {name for name in SceneVoice.model_fields if own and getattr(own, name) is not None}
    if own and own.provider not in (None, voice.provider):
        given |= {"voice", "model"}
    return {name: f"{scene if name in given else 'voice'}.{name}" for name in SceneVoice.model_fields}
