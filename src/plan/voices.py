"""Who speaks a scene, and who speaks it when that voice fails."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..errors import RejectedJob
from ..models.job import RenderJob, Scene
from ..models.media_refs import is_url
from ..models.rejections import raise_all
from ..models.sound import FallbackVoice, ProviderName, SceneVoice, Voice
from ..settings import PREFIX, Settings
from .services import KINDS, Service, services


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

    @property
    def asked(self) -> tuple[str | float, ...]:
        """All that decides how it speaks."""
        return self.provider, self.voice, self.model, self.language, self.speed

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.provider} ({self.voice})" if self.voice else self.provider


def voice_of(voice: Voice, own: SceneVoice | None) -> Voice:
    """Complete what a scene says about its voice by what the job says."""
    if own is None:
        return voice
    given = {name: value for name in SceneVoice.model_fields if (value := getattr(own, name)) is not None}
    if own.provider not in (None, voice.provider):
        given = {"voice": "", "model": "", **given}
    return voice.model_copy(update=given)


def scene_language(job: RenderJob, scene: Scene) -> str:
    """Tell the language of what is said in a scene, a BCP 47 tag."""
    return voice_of(job.voice, scene.voice).language


def speakers(job: RenderJob, index: int) -> tuple[Speaker, ...]:
    """List who may speak a scene: its voice, then those that speak when the ones before them fail."""
    own = job.scenes[index].voice
    voice, paths = voice_of(job.voice, own), _paths(job.voice, own, index)
    first = Speaker(voice.provider, voice.voice, voice.model, voice.language, voice.speed, paths)
    return (first, *(_instead(first, other, place) for place, other in enumerate(voice.fallbacks)))


def completed(speaker: Speaker, service: Service | None) -> Speaker:
    """Fill in the voice and the model that a service has for jobs that name none."""
    if service is None:
        return speaker
    return speaker._replace(voice=speaker.voice or service.voice, model=speaker.model or service.model)


def longest_text(speaker: Speaker) -> int | None:
    """Tell how many characters a voice speaks in one go; None where any number will do."""
    kind = KINDS.get(speaker.provider)
    return (
        next((most for begin, most in kind.longest if speaker.model.startswith(begin)), None)
        if kind
        else None
    )


def chains(job: RenderJob) -> tuple[tuple[Speaker, ...], ...]:
    """List who may speak, for each scene that is spoken."""
    spoken = [index for index, scene in enumerate(job.scenes) if scene.text.strip() and not scene.audio]
    return tuple(speakers(job, index) for index in spoken)


def all_speakers(job: RenderJob) -> tuple[Speaker, ...]:
    """List who may speak in a film."""
    return tuple(speaker for chain in chains(job) for speaker in chain)


def voice_refusals(job: RenderJob) -> Iterator[RejectedJob]:
    """Tell what is wrong with the voices of scenes that are spoken, each mistake once."""
    refusals = {refusal.path: refusal for speaker in all_speakers(job) for refusal in _refusals(speaker)}
    yield from refusals.values()


def refuse_nameless(asked: Iterable[Speaker], settings: Settings) -> None:
    """Refuse speakers without a voice where there is no default.

    Raises:
        RejectedJob: naming the only one.
        InvalidJob: telling all, if there are several.
    """
    raise_all(list(_nameless(asked, settings)))


def _nameless(asked: Iterable[Speaker], settings: Settings) -> Iterator[RejectedJob]:
    known = services(settings)
    for speaker in asked:
        service = known.get(speaker.provider)
        if service and not completed(speaker, service).voice:
            told = f"{speaker.provider} has no voice of its own choice: name one"
            setting = f"{PREFIX}{speaker.provider.upper()}_VOICE"
            yield RejectedJob(f"{told}, or have the operator set {setting}", path=speaker.paths["voice"])


def _refusals(speaker: Speaker) -> Iterator[RejectedJob]:
    provider, kind = speaker.provider, KINDS.get(speaker.provider)
    if provider == "piper" and not speaker.voice:
        told = "piper has no voice of its own: name the id of a model in the asset manifest"
        yield RejectedJob(told, path=speaker.paths["voice"])
    elif provider == "piper" and is_url(speaker.voice):
        told = "nobody checks a model by URL: the operator may write it into the asset manifest, name its id"
        yield RejectedJob(told, path=speaker.paths["voice"])
    if speaker.model and not kind:
        told = f"{provider} has no models to choose from: leave it out, and name its voice in voice"
        yield RejectedJob(told, path=speaker.paths["model"])
    if kind and kind.speeds and not kind.speeds.lowest <= speaker.speed <= kind.speeds.highest:
        lowest, highest = kind.speeds
        told = f"{provider} speaks at {lowest:g} to {highest:g}, not at {speaker.speed:g}"
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
