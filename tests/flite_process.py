"""Speak with Debian's flite, in a process of its own: `python flite_process.py VOICE WAV`, the text on stdin.

Its command does not tell when it says which word; its library does. Each word is written to stdout with the
second at which it begins: `[["hello", 0.22], ...]`.
"""

import ctypes
import json
import sys
from typing import Any

#: Feature path from a word to the end of what comes before its first sound.
_START = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"


def speak(text: str, voice: str, wav: str) -> list[tuple[str, float]]:
    """Write a text as a WAV file and tell when its words begin."""
    flite = _library()
    speaker = ctypes.CDLL(f"libflite_cmu_us_{voice}.so.1")
    register = getattr(speaker, f"register_cmu_us_{voice}")
    register.restype, register.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    utterance = flite.flite_synth_text(text.encode(), register(None))
    flite.cst_wave_save_riff(flite.utt_wave(utterance), wav.encode())
    words = []
    word = flite.relation_head(flite.utt_relation(utterance, b"Word"))
    while word:
        name = flite.flite_ffeature_string(word, b"name").decode()
        words.append((name, flite.flite_ffeature_float(word, _START)))
        word = flite.item_next(word)
    return words


def _library() -> Any:
    flite = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
    for part in ("usenglish", "cmulex"):
        ctypes.CDLL(f"libflite_{part}.so.1", mode=ctypes.RTLD_GLOBAL)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, takes, gives in (
        ("flite_synth_text", [text, pointer], pointer),
        ("utt_wave", [pointer], pointer),
        ("cst_wave_save_riff", [pointer, text], ctypes.c_int),
        ("utt_relation", [pointer, text], pointer),
        ("relation_head", [pointer], pointer),
        ("item_next", [pointer], pointer),
        ("flite_ffeature_string", [pointer, text], text),
        ("flite_ffeature_float", [pointer, text], ctypes.c_float),
    ):
        function = getattr(flite, name)
        function.argtypes, function.restype = takes, gives
    flite.flite_init()
    return flite


if __name__ == "__main__":
    print(json.dumps(speak(sys.stdin.read(), *sys.argv[1:])))
