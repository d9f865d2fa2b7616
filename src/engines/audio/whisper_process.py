"""Write down what a sound says with faster-whisper, in a process of its own: it takes up to gigabytes.

Started as `python -I whisper_process.py MODEL_FOLDER`; it needs the package faster-whisper. Requests come in
on stdin, one JSON object a line: `{"file", "language"}`, where `file` holds 16-bit mono sound of 16 kHz, and
`language` is its code, or null when the model is to find out. To each the answer on stdout is one line of
JSON, `{"error"}` or `{"bytes", "words", "language", "certainty"}`: no bytes follow, and `words` are
`[text, start, end]` in seconds, a text with the space before it. The end of stdin is the end of the process.
"""

import json
import os
import sys
from typing import Any, BinaryIO

# A file that a model lacks is told, and never fetched.
os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
from faster_whisper import WhisperModel

#: Seconds of silence around words that the model made up: it likes to thank for watching.
_SILENCE_SECONDS = 2.0


def written_down(model: WhisperModel, request: dict[str, Any]) -> dict[str, Any]:
    """Write down a sound."""
    language = request["language"]
    if language not in model.supported_languages and language is not None:
        raise ValueError(f"it does not know the language {language!r}")
    sound = np.fromfile(request["file"], "<i2").astype(np.float32) / 32768
    # Without chance: the same sound says the same each time.
    segments, about = model.transcribe(
        sound,
        language=language,
        temperature=[0.0],
        word_timestamps=True,
        condition_on_previous_text=False,
        hallucination_silence_threshold=_SILENCE_SECONDS,
    )
    words = [
        (word.word, float(word.start), float(word.end))
        for segment in segments
        for word in segment.words or ()
    ]
    certainty = float(about.language_probability)
    return {"bytes": 0, "words": words, "language": about.language, "certainty": certainty}


def serve(folder: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    try:
        model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1)
    except Exception as error:
        # Whatever a damaged model makes the libraries raise: the last line is what people are told.
        raise SystemExit(f"its model cannot be used: {' '.join(str(error).split())[:300]}") from error
    for line in requests:
        about: dict[str, Any]
        try:
            about = written_down(model, json.loads(line))
        except Exception as error:
            about = {"error": " ".join(f"{type(error).__name__}: {error}".split())[:300]}
        answers.write(json.dumps(about).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
