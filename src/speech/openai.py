"""Any service with OpenAI's `POST /audio/speech`: OpenAI itself, Kokoro-FastAPI, LocalAI and others.

Source: platform.openai.com/docs/api-reference/audio/createSpeech
"""

import json

from ..settings import PREFIX, Settings
from .answers import refuse_other_than_sound
from .calls import Reply, SpeechOrder
from .provider import Call, Recorded

#: Of all formats the one that every such service has, and whose header tells how long it is.
_FORMAT = "wav"


class OpenAi:
    """A `Provider`."""

    key_setting, base_setting = f"{PREFIX}OPENAI_API_KEY", f"{PREFIX}OPENAI_BASE_URL"

    def __init__(self, settings: Settings) -> None:
        self._base_url = settings.openai_base_url
        self.key = settings.openai_api_key.get_secret_value().strip()
        # One's own server may need no key; OpenAI's does.
        self.is_set_up = bool(self.key) or self._base_url != Settings.model_fields["openai_base_url"].default

    def call(self, order: SpeechOrder) -> Call:
        """Ask for a WAV file."""
        body: dict[str, str | float] = {
            "model": order.model,
            "input": order.text,
            "voice": order.voice,
            "response_format": _FORMAT,
        }
        if order.speed != 1:
            body["speed"] = order.speed
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return Call(f"{self._base_url}/audio/speech", headers, json.dumps(body).encode())

    def recorded(self, reply: Reply, text: str) -> Recorded:
        """Take the body for a file of sound."""
        refuse_other_than_sound("openai", reply)
        return Recorded(reply.body)
