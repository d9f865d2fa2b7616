"""ElevenLabs, which tells when it says each character.

Source: elevenlabs.io/docs/api-reference/text-to-speech/convert-with-timestamps
"""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from pydantic import BaseModel, Field, ValidationError

from ..engines.audio.speech import SpeechBroken
from ..settings import PREFIX, Settings
from .calls import Reply, SpeechOrder
from .marks import on_given_text
from .provider import Call, Mark, Recorded

#: What every account may have; finer formats cost more.
_FORMAT = "mp3_44100_128"
#: Models that take a language; others answer with an error when they are given one.
_TAKES_LANGUAGE = frozenset({"eleven_turbo_v2_5", "eleven_flash_v2_5"})


_Seconds = Annotated[float, Field(allow_inf_nan=False)]


class _Alignment(BaseModel):
    characters: list[str]
    character_start_times_seconds: list[_Seconds]
    character_end_times_seconds: list[_Seconds]


class _Answer(BaseModel):
    audio_base64: str
    alignment: _Alignment | None = None
    """Of the text as it was sent."""
    normalized_alignment: _Alignment | None = None
    """Of the text as it is said, numbers in words."""


class ElevenLabs:
    """A `Provider`."""

    key_setting, base_setting = f"{PREFIX}ELEVENLABS_API_KEY", f"{PREFIX}ELEVENLABS_BASE_URL"

    def __init__(self, settings: Settings) -> None:
        self._base_url = settings.elevenlabs_base_url
        self.key = settings.elevenlabs_api_key.get_secret_value().strip()
        self.is_set_up = bool(self.key)

    def call(self, order: SpeechOrder) -> Call:
        """Ask for an MP3 file and the times of its characters."""
        body: dict[str, object] = {"text": order.text, "model_id": order.model}
        if order.speed != 1:
            body["voice_settings"] = {"speed": order.speed}
        if order.model in _TAKES_LANGUAGE:
            body["language_code"] = order.language.split("-")[0].lower()
        voice = quote(order.voice, safe="")
        url = f"{self._base_url}/v1/text-to-speech/{voice}/with-timestamps?output_format={_FORMAT}"
        return Call(url, {"xi-api-key": self.key}, json.dumps(body).encode())

    def recorded(self, reply: Reply, text: str) -> Recorded:
        """Decode the file, and bring the times to the text as it was given."""
        try:
            answer = _Answer.model_validate_json(reply.body)
            sound = base64.b64decode(answer.audio_base64, validate=True)
        except (ValidationError, binascii.Error) as error:
            told = "elevenlabs answered with something else than sound and its times: try again later"
            raise SpeechBroken(told) from error
        if not sound:
            raise SpeechBroken("elevenlabs answered without any sound: try again later")
        alignment = answer.alignment or answer.normalized_alignment
        if alignment is None:
            return Recorded(sound)
        heard, ends = _heard(alignment), alignment.character_end_times_seconds
        said = "".join(alignment.characters)
        return Recorded(sound, on_given_text(text, said, heard), max(ends, default=0.0))


def _heard(alignment: _Alignment) -> Sequence[Mark]:
    """Tell when each character begins; one entry may hold several, as one letter with its accent does."""
    marks, position = list[Mark](), 0
    pairs = zip(alignment.characters, alignment.character_start_times_seconds, strict=False)
    for characters, seconds in pairs:
        marks.append(Mark(position, seconds))
        position += len(characters)
    return marks
