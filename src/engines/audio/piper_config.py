"""What the JSON beside a voice of piper says about it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...errors import SpeechFailed

#: Languages that espeak calls otherwise than people who write tags.
_SAME = {"cmn": "zh", "nb": "no", "iw": "he"}


class BadVoiceModel(SpeechFailed):
    """A model of a voice, or what is said about it, that cannot be used."""

    code = "bad_voice_model"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the voice {name!r} of piper cannot be used: {reason}", path="voice.voice")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Audio(_Part):
    sample_rate: Annotated[int, Field(ge=8000, le=48_000)]


class _Espeak(_Part):
    voice: str


class _Language(_Part):
    code: str


class PiperConfig(_Part):
    """The part of it that decides whether the voice can be used."""

    audio: _Audio
    espeak: _Espeak
    language: _Language | None = None
    num_speakers: Annotated[int, Field(ge=1)]
    num_symbols: Annotated[int, Field(ge=1)]
    phoneme_id_map: Annotated[dict[str, list[int]], Field(min_length=1)]
    # Other kinds load models of their own from the network.
    phoneme_type: Literal["espeak", "text"] = "espeak"
    speaker_id_map: dict[str, int] = {}

    def speaks(self, language: str) -> bool:
        """Tell whether a language is the one of the voice."""
        return _plain(language) == _plain(self.own_language)

    @property
    def own_language(self) -> str:
        """The language of the voice, such as `de` or `en_GB`."""
        return self.language.code if self.language else self.espeak.voice


def read_config(file: Path, name: str) -> PiperConfig:
    """Read what is said about a voice.

    Raises:
        BadVoiceModel: naming what is wrong.
    """
    try:
        return PiperConfig.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "it"
        raise BadVoiceModel(name, f"in its JSON, {place}: {first['msg']}") from error
    except OSError as error:
        raise BadVoiceModel(name, error.strerror or "its JSON cannot be read") from error


def _plain(language: str) -> str:
    plain = language.lower().replace("_", "-").split("-")[0]
    return _SAME.get(plain, plain)
