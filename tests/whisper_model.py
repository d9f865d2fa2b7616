"""A small model for faster-whisper that says what it is told to say, whatever it hears.

All its layers pass on what comes in: the place of a token alone decides which one comes next, and each pays
attention to the time at which it is to be heard.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from ctranslate2.specs import model_spec
from ctranslate2.specs.whisper_spec import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

_WIDTH, _PLACES, _MELS = 64, 448, 80
_SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
_TIMES = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))


class Heard(NamedTuple):
    """A token that the model says, such as `ĠHello` (`Ġ` is a space), and when it is heard, in seconds."""

    token: str
    start: float
    end: float


def write_model(folder: Path, heard: Sequence[Heard]) -> Path:
    """Write a model that hears the same in every sound, in English."""
    folder.mkdir(parents=True)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = tuple(dict.fromkeys([*letters, *(token.token for token in heard)]))
    numbers = {token: number for number, token in enumerate((*words, *_SPECIAL, *_TIMES))}
    last = f"<|{max((token.end for token in heard), default=0.0):.2f}|>"
    said = ["<|0.00|>", *(token.token for token in heard), last, "<|endoftext|>"]
    spec = WhisperSpec(1, 1, 1, 1)
    _fill(spec, len(numbers), [numbers[token] for token in said], heard)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.config.alignment_heads, spec.config.lang_ids = [(0, 0)], []
    spec.register_vocabulary(list(numbers))
    spec.validate()
    spec.save(str(folder))
    tokenizer = Tokenizer(models.BPE(vocab={token: numbers[token] for token in words}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in (*_SPECIAL, *_TIMES)])
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def write_archive(file: Path, folder: Path, *, below: str = "model/") -> Path:
    """Pack a model."""
    with zipfile.ZipFile(file, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, f"{below}{part.name}")
    return file


def _fill(spec: WhisperSpec, tokens: int, said: Sequence[int], heard: Sequence[Heard]) -> None:
    """Set all weights: zero but for places, the tokens that they lead to, and the times these look for."""

    def fill(layer: Any, name: str, value: Any) -> None:
        *_, kind, part = ("", *name.split("/"))
        if part == "gamma":
            layer.gamma = np.ones(_WIDTH, np.float32)
        elif part == "beta":
            layer.beta = np.zeros(_WIDTH, np.float32)
        elif part == "weight" and value is None:
            is_own = "/self_attention/" in name
            shape = _shape("self_" * is_own + "ffn_" * ("/ffn/" in name) + kind)
            layer.weight, layer.bias = np.zeros(shape, np.float32), np.zeros(shape[0], np.float32)

    places, projection = np.zeros((_PLACES, _WIDTH), np.float32), np.zeros((tokens, _WIDTH), np.float32)
    for place in range(_PLACES):
        lane = min(place, len(said) - 1)
        places[place, lane] = 8.0
        projection[said[lane], lane] = 4.0
    spec.decoder.embeddings.weight = np.zeros((tokens, _WIDTH), np.float32)
    spec.decoder.projection.weight = projection
    spec.decoder.position_encodings.encodings = places
    times = np.zeros((1500, _WIDTH), np.float32)
    for lane, token in enumerate(heard, 1):
        times[round(token.start * 50) : round(token.end * 50), lane] = 8.0
    spec.encoder.position_encodings.encodings = times
    model_spec.visit_spec(spec, fill)
    attention = spec.decoder.layer[0].attention.linear
    attention[0].weight = 2 * np.eye(_WIDTH, dtype=np.float32)
    attention[1].weight = 2 * np.eye(2 * _WIDTH, _WIDTH, dtype=np.float32)


def _shape(layer: str) -> tuple[int, ...]:
    """Tell the shape of a layer's weights."""
    match layer:
        case "conv1":
            return (_WIDTH, _MELS, 3)
        case "conv2":
            return (_WIDTH, _WIDTH, 3)
        case "self_linear_0":
            return (3 * _WIDTH, _WIDTH)
        case "ffn_linear_0":
            return (4 * _WIDTH, _WIDTH)
        case "ffn_linear_1":
            return (_WIDTH, 4 * _WIDTH)
        case "linear_1":
            return (2 * _WIDTH, _WIDTH)
        case _:
            return (_WIDTH, _WIDTH)
