"""Files of sound that end before their time, which decoders take without a word."""

from pathlib import Path

import numpy as np
import pytest

from src.media.probe import UnreadableFile
from src.media.wholeness import is_cut
from src.models.timeline import SAMPLE_RATE
from tests.speech_server import encoded, wav_of

NOISE = np.random.default_rng(1).integers(-9000, 9000, (SAMPLE_RATE, 2)).astype(np.int16)
WAV, FLAC = wav_of(NOISE), encoded(NOISE, "flac", "flac")


def cut(folder: Path, content: bytes) -> bool:
    file = folder / "sound"
    file.write_bytes(content)
    return is_cut(file)


@pytest.mark.parametrize("whole", [WAV, FLAC, encoded(NOISE, "mp3", "libmp3lame"), WAV + b"LIST\4\0\0\0abcd"])
def test_a_whole_file_is_not_cut(tmp_path: Path, whole: bytes) -> None:
    assert not cut(tmp_path, whole)


@pytest.mark.parametrize("whole", [WAV, FLAC])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.97])
def test_a_part_is_cut(tmp_path: Path, whole: bytes, share: float) -> None:
    assert cut(tmp_path, whole[: int(len(whole) * share)])


@pytest.mark.parametrize("size", [b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0"])
def test_a_stream_that_did_not_know_its_length_is_not_cut(tmp_path: Path, size: bytes) -> None:
    assert not cut(tmp_path, WAV[:40] + size + WAV[44:])


def test_a_file_that_ends_before_its_sound_begins_is_cut(tmp_path: Path) -> None:
    assert cut(tmp_path, WAV[:30])


def test_what_is_no_sound_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        cut(tmp_path, b"<html>")
