"""Speak with a voice of piper, in a process of its own: it is under the GPL and brings its own espeak-ng.

Started as `python -I piper_process.py MODEL CONFIG`; it needs the package piper-tts. Requests come in on
stdin, one JSON object a line: `{"text", "parts", "speaker", "speed"}`, where `speaker` is a number, or null
for the voice's own. To each the answer on stdout is one line of JSON, `{"error"}` or
`{"bytes", "sample_rate", "phonemes", "parts"}`, the latter followed by that many bytes of 16-bit mono sound.
`phonemes` are `[phoneme, samples]` of all that is heard, or null where the model does not tell; `parts` are
the phonemes of each part of the text, spoken alone. The end of stdin is the end of the process.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import onnx
import onnxruntime
from piper import PiperConfig, PiperVoice, SynthesisConfig
from piper.patch_voice_with_alignment import add_alignment_output

#: What noise of a voice begins with: the same text sounds the same each time.
_SEED = 20_301
#: Share of full scale that a sentence reaches: filters that follow need room.
_VOLUME = 0.7
#: Share by which the times of phonemes may miss the length of the sound.
_MOST_MISSED = 0.05


class _Model:
    """A voice, loaded for each text.

    Its noise runs on from text to text: only a fresh one says the same text the same way.
    """

    def __init__(self, model: str, config: str) -> None:
        self._content = _telling_times(model)
        self._config = PiperConfig.from_dict(json.loads(Path(config).read_bytes()))
        self._fresh: PiperVoice | None = self._loaded()

    def speak(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Synthesize the text of a request."""
        voice, self._fresh = self._fresh or self._loaded(), None
        scales = SynthesisConfig(
            speaker_id=request["speaker"],
            length_scale=voice.config.length_scale / request["speed"],
            volume=_VOLUME,
        )
        chunks = list(voice.synthesize(request["text"], scales, include_alignments=True))
        sound = b"".join(chunk.audio_int16_bytes for chunk in chunks)
        about = {
            "bytes": len(sound),
            "sample_rate": voice.config.sample_rate,
            "phonemes": _phonemes(chunks),
            "parts": [
                [phoneme for sentence in voice.phonemize(part) for phoneme in sentence]
                for part in request["parts"]
            ],
        }
        return about, sound

    def _loaded(self) -> PiperVoice:
        onnxruntime.set_seed(_SEED)
        session = onnxruntime.InferenceSession(self._content, providers=["CPUExecutionProvider"])
        return PiperVoice(session, self._config)


def _telling_times(model: str) -> bytes:
    """Read a model, and have it tell how long each phoneme lasts."""
    graph = onnx.load(model)
    # It tells that by itself, or cannot.
    with suppress(ValueError):
        add_alignment_output(graph)
    content: bytes = graph.SerializeToString()
    return content


def _phonemes(chunks: list[Any]) -> list[tuple[str, int]] | None:
    """Put the times of all sentences together, where they are known and fit the sound."""
    told: list[tuple[str, int]] = []
    for chunk in chunks:
        times = [(times.phoneme, int(times.num_samples)) for times in chunk.phoneme_alignments or ()]
        samples = len(chunk.audio_float_array)
        if abs(sum(count for _, count in times) - samples) > samples * _MOST_MISSED:
            return None
        told += times
    return told


def serve(model_file: str, config_file: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    try:
        model = _Model(model_file, config_file)
    except Exception as error:
        # Whatever a damaged model makes the libraries raise: the last line is what people are told.
        raise SystemExit(f"its model cannot be used: {' '.join(str(error).split())[:300]}") from error
    for line in requests:
        about: dict[str, Any]
        sound = b""
        try:
            about, sound = model.speak(json.loads(line))
        except Exception as error:
            about = {"error": " ".join(f"{type(error).__name__}: {error}".split())[:300]}
        answers.write(json.dumps(about).encode() + b"\n")
        answers.write(sound)
        answers.flush()


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], sys.stdin.buffer, sys.stdout.buffer)
