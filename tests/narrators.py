"""Narration by other synthesisers, which know when they say what: flite and festival, from Debian."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from src.media.sound import Pcm
from src.models.timeline import SAMPLE_RATE
from src.models.words import Utterance
from tests.services.missing import Missing
from tests.synthetic import decode_sound

#: Each of another speaker, and made in another way.
FLITE_VOICES = ("awb", "rms", "slt")
FESTIVAL_VOICES = ("ked_diphone",)
INSTALL = "Debian: apt-get install flite festival festvox-kdlpc16k"
_FLITE_SCRIPT = Path(__file__).with_name("flite_process.py")
_FESTIVAL_SCRIPT = """
(voice_{voice})
(set! said (Utterance Text "{text}"))
(utt.synth said)
(utt.save.wave said "{wav}" 'riff)
(mapcar (lambda (word) (format t "%s %f\\n" (item.name word) (item.feat word 'word_start)))
        (utt.relation.items said 'Word))
"""


class Narrated(NamedTuple):
    """A text, spoken by somebody else."""

    utterance: Utterance
    pcm: Pcm
    starts: tuple[int, ...]
    """Sample at which each word begins."""


@contextmanager
def installed_narrators(folder: Path) -> Iterator["Narrators"]:
    """Have somebody who speaks.

    Raises:
        Missing: a program is not installed.
    """
    for program in ("flite", "festival"):
        if not shutil.which(program):
            raise Missing(f"there is no {program}: {INSTALL}")
    yield Narrators(folder)


class Narrators:
    """Speak texts; their sound goes through a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def narrated(self, voice: str, text: str) -> Narrated:
        """Have a text spoken of which each word is a word to the voice, too: no numbers, no signs."""
        wav = self._folder / f"{voice}.wav"
        told = _flite(voice, text, wav) if voice in FLITE_VOICES else _festival(voice, text, wav)
        utterance = Utterance.of(text)
        own = [re.sub(r"\W", "", part).lower() for part in utterance.parts]
        assert own == [word.lower() for word, _ in told], "the voice counts words as we do"
        starts = tuple(round(start * SAMPLE_RATE) for _, start in told)
        return Narrated(utterance, decode_sound(wav), starts)


def _flite(voice: str, text: str, wav: Path) -> list[tuple[str, float]]:
    command = [sys.executable, "-I", "-S", str(_FLITE_SCRIPT), voice, str(wav)]
    process = subprocess.run(command, input=text, capture_output=True, check=True, text=True)
    told: list[tuple[str, float]] = json.loads(process.stdout)
    return told


def _festival(voice: str, text: str, wav: Path) -> list[tuple[str, float]]:
    script = wav.with_suffix(".scm")
    script.write_text(_FESTIVAL_SCRIPT.format(voice=voice, text=text, wav=wav))
    command = ["festival", "--batch", str(script)]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [(word, float(start)) for word, start in (line.split() for line in told.splitlines())]
