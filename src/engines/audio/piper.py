"""Voices of piper: a model and the JSON beside it, in a helper process."""

import sys
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ...closing import Closing
from ...errors import NotSupported, SpeechFailed, UnknownName
from ...media.sound import pcm_of_mono
from ...models.model_files import ModelFile
from ...models.words import Utterance
from ...stopping import Stop
from ...text.soundless import spoken_form
from .conversation import Conversation
from .extras import refuse_missing
from .phoneme_times import events_of
from .piper_config import PiperConfig, read_config
from .speech import Spoken
from .spread import silence_for
from .trimming import trimmed

#: What the helper process runs.
SPEECH_SCRIPT = Path(__file__).with_name("piper_process.py")
#: Time limit of a text: loading a large model, and speaking it on a slow machine.
_LIMIT_SECONDS, _LIMIT_SECONDS_PER_CHARACTER = 60.0, 0.2
#: What computes its samples.
_PACKAGES = ("piper-tts", "onnxruntime")
#: Models that are kept loaded: each takes some 100 MB and more.
_MOST_LOADED = 2


def made_of(voice: str, models: Mapping[str, ModelFile]) -> tuple[str, ...]:
    """Tell what decides how a voice sounds: its model, what is said about it, and what computes it."""
    name = voice.partition("#")[0]
    digests = [models[file].sha256 for file in (name, f"{name}.json") if file in models]
    return (*digests, *(f"{package} {version(package)}" for package in _PACKAGES if find_spec("piper")))


class PiperVoice(Closing):
    """A `SpeechProvider`; as a context manager it leaves no process behind."""

    def __init__(
        self,
        models: Mapping[str, ModelFile],
        *,
        limit_seconds: float = _LIMIT_SECONDS,
        script: Path = SPEECH_SCRIPT,
        stop: Stop | None = None,
    ) -> None:
        """Take the models that may be asked for.

        Args:
            models: by the name that jobs have for them; what is said about one is at `NAME.json`.
            limit_seconds: of a short text.
            script: what the helper process runs.
            stop: set when nobody wants any of it any more.
        """
        self._models, self._limit_seconds, self._script, self._stop = models, limit_seconds, script, stop
        self._conversations: dict[str, Conversation] = {}

    def synthesize(self, utterance: Utterance, voice: str, language: str, speed: float) -> Spoken:
        """Speak a text; see `SpeechProvider`. `voice` is the name of a model, or `NAME#SPEAKER`."""
        refuse_missing("piper", engine="the voice provider 'piper'", extra="piper", path="voice.provider")
        name, _, speaker = voice.partition("#")
        model, about = self._files(name)
        config = read_config(about.file, name)
        _refuse_language(config, name, language)
        request = {
            # Two brackets would hold phonemes.
            "text": spoken_form(utterance.text).replace("[[", "[ "),
            "parts": [spoken_form(part) for part in utterance.parts],
            "speaker": _speaker_number(config, speaker),
            "speed": speed,
        }
        if silence := silence_for(utterance):
            return silence
        limit_seconds = self._limit_seconds + _LIMIT_SECONDS_PER_CHARACTER * len(utterance.text)
        conversation = self._conversation(name, model, about)
        samples, told = conversation.ask(request, limit_seconds, self._stop)
        if not np.any(samples):
            raise SpeechFailed(f"piper said nothing for {utterance.text[:80]!r}", path="voice.voice")
        sample_rate, heard = told["sample_rate"], told["phonemes"]
        events = events_of(utterance, heard, told["parts"]) if heard else None
        return trimmed(utterance, pcm_of_mono(samples, sample_rate), events, sample_rate)

    def close(self) -> None:
        """End the processes."""
        while self._conversations:
            self._conversations.popitem()[1].close()

    def _files(self, name: str) -> tuple[ModelFile, ModelFile]:
        if name not in self._models or f"{name}.json" not in self._models:
            known = sorted(known for known in self._models if f"{known}.json" in self._models)
            raise UnknownName("voice", name, known, path="voice.voice")
        return self._models[name], self._models[f"{name}.json"]

    def _conversation(self, name: str, model: ModelFile, about: ModelFile) -> Conversation:
        if name not in self._conversations:
            if len(self._conversations) >= _MOST_LOADED:
                oldest = next(iter(self._conversations))
                self._conversations.pop(oldest).close()
            # Isolated: nothing of the folder it is started in, or of the user's own, is imported.
            command = [sys.executable, "-I", str(self._script), str(model.file), str(about.file)]
            self._conversations[name] = Conversation(f"piper ({name})", command)
        return self._conversations[name]


def _refuse_language(config: PiperConfig, name: str, language: str) -> None:
    """Refuse a text in another language than the voice's: numbers and signs in it would be said in that."""
    if not config.speaks(language):
        raise NotSupported(
            f"the language {language!r} by the voice {name!r}",
            path="voice.language",
            instead=f"it speaks {config.own_language.replace('_', '-')!r}: say so, or choose another voice",
        )


def _speaker_number(config: PiperConfig, speaker: str) -> int | None:
    """Find one of the people that a model can sound like, by name or number.

    Raises:
        UnknownName: listing them.
    """
    if not speaker:
        return None
    if speaker in config.speaker_id_map:
        return config.speaker_id_map[speaker]
    if speaker.isdecimal() and int(speaker) < config.num_speakers:
        return int(speaker)
    known = list(config.speaker_id_map) or [str(number) for number in range(config.num_speakers)]
    raise UnknownName("speaker", speaker, known, path="voice.voice")
