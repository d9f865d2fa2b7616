"""Speak with espeak-ng, in a process of its own: the library keeps global state and is under the GPL.

Started as `python -I -S espeak_process.py LIBRARY DATA_FOLDER`, without anything but the standard library.
Requests come in on stdin, one JSON object a line: `{"text", "voice", "rate", "volume", "pitch", "range"}`. To
each the answer on stdout is one line of JSON, `{"error"}` or `{"bytes", "sample_rate", "words"}`, the latter
followed by that many bytes of 16-bit mono sound. `words` are `[character, sample]`, both counted from 0. The
end of stdin is the end of the process.
"""

import _ctypes
import ctypes
import json
import sys
from typing import Any, BinaryIO

#: espeak_AUDIO_OUTPUT: give the sound to the callback, before `espeak_Synth` returns.
_SYNCHRONOUS = 2
#: espeak_Initialize: report an error instead of ending the process.
_DONT_EXIT = 0x8000
#: espeak_POSITION_TYPE: count from the first character.
_BY_CHARACTER = 1
#: Of the noise in breathy voices; any number will do, as long as it stays.
_SEED = 1
#: espeakCHARS_UTF8.
_UTF8 = 1
#: espeak_EVENT_TYPE of the end of a list, and of a word's start.
_END_OF_LIST, _WORD = 0, 1
#: espeak_PARAMETER numbers.
_PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4}


class _EventId(ctypes.Union):
    _fields_ = [
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    ]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class _Espeak:
    """The library, loaded for one text and unloaded after it.

    Its pitch flutter and wave phases run on from text to text: only a fresh copy says the same text the same
    way whatever came before. Loading takes half a millisecond.
    """

    def __init__(self, library: str, data_folder: str) -> None:
        self._library = ctypes.CDLL(library)
        self.sample_rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data_folder.encode(), _DONT_EXIT)
        if self.sample_rate <= 0:
            raise OSError(f"espeak-ng does not start with the data in {data_folder}")
        # Breath is noise, which the library seeds with the clock.
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
        self._sound = bytearray()
        self._words: list[tuple[int, int]] = []
        # The library keeps no reference to the callback: it has to outlive every call.
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def close(self) -> None:
        """Unload the library; `ctypes` itself never does."""
        self._library.espeak_Terminate()
        unload = getattr(_ctypes, "FreeLibrary" if sys.platform == "win32" else "dlclose")
        unload(self._library._handle)

    def speak(self, request: dict[str, Any]) -> tuple[bytearray, list[tuple[int, int]]]:
        """Synthesize the text of a request."""
        if self._library.espeak_SetVoiceByName(request["voice"].encode()) != 0:
            raise ValueError(f"there is no voice {request['voice']!r}")
        for name, number in _PARAMETERS.items():
            self._library.espeak_SetParameter(number, request[name], 0)
        text = request["text"].encode() + b"\0"
        size = ctypes.c_size_t(len(text))
        status = self._library.espeak_Synth(text, size, 0, _BY_CHARACTER, 0, _UTF8, None, None)
        if status != 0:
            raise ValueError(f"it gave status {status}")
        return self._sound, self._words

    def _take(self, wave: Any, samples: int, events: Any) -> int:
        if wave and samples > 0:
            self._sound += ctypes.string_at(wave, samples * 2)
        index = 0
        while events[index].type != _END_OF_LIST:
            if events[index].type == _WORD:
                self._words.append((events[index].text_position - 1, events[index].sample))
            index += 1
        return 0


def serve(library: str, data_folder: str, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    for line in requests:
        espeak = _Espeak(library, data_folder)
        sound = bytearray()
        answer: dict[str, Any]
        try:
            sound, words = espeak.speak(json.loads(line))
            answer = {"bytes": len(sound), "sample_rate": espeak.sample_rate, "words": words}
        except ValueError as error:
            answer = {"error": str(error)}
        finally:
            espeak.close()
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.write(sound)
        answers.flush()


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], sys.stdin.buffer, sys.stdout.buffer)
