"""Voice, music and loudness as a job asks for them."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from .base import Measure, Seconds, WireModel

Mood = Literal["calm", "upbeat", "dark", "epic"]
#: An asset id, a URL or a file path.
Src = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
#: A word that an asset is found by.
Tag = Annotated[str, StringConstraints(max_length=300, pattern=r"\S")]


ProviderName = Literal["espeak", "piper", "openai", "elevenlabs"]
#: What a provider calls one of its voices, or of its models.
VoiceName = Annotated[str, StringConstraints(max_length=100)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$")]
Speed = Annotated[float, Field(ge=0.5, le=2.0), Measure("1.0 is the voice's own pace")]


class FallbackVoice(WireModel):
    """A voice that speaks when the ones before it cannot; language and speed are theirs."""

    provider: ProviderName
    """Speech engine."""
    voice: VoiceName = ""
    """Voice of that engine; empty means its default."""
    model: VoiceName = ""
    """Model of a provider that has several; empty means its default."""


Fallbacks = Annotated[tuple[FallbackVoice, ...], Field(max_length=3)]


class Voice(WireModel):
    """Who speaks the scenes that bring text and no narration of their own."""

    provider: ProviderName = "espeak"
    """Speech engine."""
    voice: VoiceName = ""
    """Voice of that engine; empty means its default for the language."""
    model: VoiceName = ""
    """Model of a provider that has several; empty means its default."""
    language: Language = "en"
    """BCP 47 language tag of the text."""
    speed: Speed = 1.0
    """How fast it speaks: 1.0 is the voice's own pace, 2.0 takes half of the time, 0.5 twice as long."""
    fallbacks: Fallbacks = ()
    """Who speaks a scene instead, the first that can, when this voice fails; the result's warnings tell it.
    Without any, the job fails."""


class SceneVoice(WireModel):
    """Who speaks one scene: what is not given here comes from the job's voice.

    A scene that names another provider has that provider's default voice and model, unless it names them too.
    """

    provider: ProviderName | None = None
    """Speech engine."""
    voice: VoiceName | None = None
    """Voice of that engine."""
    model: VoiceName | None = None
    """Model of a provider that has several."""
    language: Language | None = None
    """BCP 47 language tag of the text."""
    speed: Speed | None = None
    """Speaking rate; 1.0 is the voice's own."""
    fallbacks: Fallbacks | None = None
    """Who speaks the scene instead when this voice fails."""


class Music(WireModel):
    """The bed below the voice: a file, a piece of the asset manifest, or music synthesised for a mood."""

    src: Src | None = None
    """Sound file."""
    tags: Annotated[tuple[Tag, ...], Field(max_length=10)] = ()
    """Instead of `src`: words that a piece of the asset manifest must have, all of them, in any case."""
    mood: Mood = "calm"
    """Without `src` and `tags`: a piece of the asset manifest that has this word, if there is one, or else
    music that is synthesised."""
    volume: Annotated[
        float, Field(ge=0, le=2), Measure("1.0 is as loud as the voice, 0.25 is 12 dB below it")
    ] = 0.25
    """Loudness against the voice: 1.0 is as loud as the voice, 0.25 is 12 dB below it."""
    duck_db: Annotated[float, Field(ge=-40, le=0)] = -6.0
    """How much further below the voice the music steps back while somebody speaks, in dB."""
    fade_in: Seconds = 0.5
    """Seconds over which the music comes in."""
    fade_out: Seconds = 1.0
    """Seconds over which the music leaves at the end of the film."""
    loop: bool = True
    """Repeat the music, cross-faded, until the film ends."""

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if self.src and self.tags:
            raise PydanticCustomError("two_musics", "music has a src or tags, not both: leave one out")
        return self


class Loudness(WireModel):
    """What the finished sound measures after AAC encoding."""

    target_lufs: Annotated[float, Field(ge=-30, le=-9)] = -14.0
    """Integrated loudness by ITU-R BS.1770, in LUFS."""
    true_peak_db: Annotated[float, Field(ge=-9, le=-0.5)] = -1.0
    """Highest true peak, in dBTP."""


class SuppliedWord(WireModel):
    """When one word of a supplied narration is spoken."""

    text: Annotated[str, StringConstraints(max_length=200, pattern=r"\S")]
    """The word as the caption shows it; `**so**` is emphasised."""
    start: Seconds
    """Second of the sound file at which the word starts."""
    end: Seconds
    """Second of the sound file at which the word ends."""


class Transcription(WireModel):
    """A model that writes down what is said."""

    model: Src
    """A model of faster-whisper, packed as .zip or .tar: an asset of the kind `model`, or a file."""
    language: Language | None = None
    """BCP 47 tag of what is said; without it the model finds out."""


class Narration(WireModel):
    """A narration that the job brings along."""

    src: Src
    """Sound file."""
    words: Annotated[tuple[SuppliedWord, ...], Field(max_length=5000)] = ()
    """Word times, for the captions; without any, the words of the scene's text are found in the sound."""
    transcribe: Transcription | None = None
    """Where nobody knows what is said: what writes it down, for the captions. The result's warnings tell that
    they are a transcript."""

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if self.words and self.transcribe:
            told = "a narration has words, or is transcribed, not both: leave one out"
            raise PydanticCustomError("two_sources", told)
        return self
