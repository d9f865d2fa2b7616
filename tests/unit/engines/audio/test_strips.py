"""Windows of a film: exactly what the whole has at their places."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from src.engines.audio.recording import Recording, Take
from src.engines.audio.strips import Loop, Strip, crossfaded, edges, played, recorded, repeated
from src.media.sound import Pcm
from tests.synthetic import tone


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording[np.int16]]:
    with Recording(tmp_path, np.int16) as opened:
        yield opened


def noise(samples: int, seed: int = 1) -> Pcm:
    return np.random.default_rng(seed).integers(-9_000, 9_000, (samples, 2)).astype(np.int16)


def test_a_recording_leaves_no_file_behind(tmp_path: Path, recording: Recording[np.int16]) -> None:
    recording.append(noise(100))

    assert list(tmp_path.iterdir()) == []


def test_takes_are_read_anywhere_and_are_silent_outside(recording: Recording[np.int16]) -> None:
    first, second = noise(1_000), noise(70_000, 2)
    recorded([first], recording)
    take = recorded(np.split(second, [1, 50_000]), recording)

    assert np.array_equal(take.read(-3, 5), np.concatenate([np.zeros((3, 2)), second[:5]]))
    assert np.array_equal(take.read(69_990, 70_005)[:10], second[-10:])
    assert not take.read(70_000, 70_100).any()
    assert np.array_equal(np.concatenate(list(take.blocks())), second)
    assert np.array_equal(np.concatenate(list(take.blocks(-7)))[7:], second)


def test_sound_that_is_still_written_can_be_read(recording: Recording[np.int16]) -> None:
    take = recorded([noise(100)], recording)

    later = recorded((take.read(0, 100) for _ in range(3)), recording)

    assert np.array_equal(later.read(200, 300), take.read(0, 100))


@pytest.mark.parametrize("block", [1_000, 48_000, 30_011])
@pytest.mark.parametrize("fade", [4_800, 4_810, 60_000, 130_000])
def test_windows_fade_exactly_as_the_whole_does(
    recording: Recording[np.int16], block: int, fade: int
) -> None:
    take = recorded([noise(150_000)], recording)
    strips = [
        Strip(7, 150_000, take, -3.3, edges(150_000, fade, fade)),
        Strip(40_003, 90_001, take, 1.7, edges(90_001, 480, 480)),
    ]

    whole = played(strips, 0, 200_000)
    windows = [played(strips, start, min(200_000, start + block)) for start in range(0, 200_000, block)]

    assert np.array_equal(np.concatenate(windows), whole)
    assert not whole[:7].any()
    assert not whole[150_007:].any()


def test_a_fade_is_a_straight_line(recording: Recording[np.int16]) -> None:
    take = recorded([np.full((96_000, 2), 16_384, np.int16)], recording)

    sound = played([Strip(0, 96_000, take, fades=edges(96_000, 48_000, 24_000))], 0, 96_000)[:, 0]

    assert np.abs(sound[:48_000] - np.linspace(0, 0.5, 48_000)).max() < 0.0011
    assert np.all(sound[48_000:72_000] == 0.5)
    assert np.abs(sound[72_000:] - np.linspace(0.5, 0, 24_000)).max() < 0.0011


@pytest.mark.parametrize("length", [1, 30, 95, 479, 4_801, 30_000, 150_000])
def test_a_take_of_any_length_repeats_for_ever(recording: Recording[np.int16], length: int) -> None:
    flat = recorded([np.full((length, 2), 16_384, np.int16)], recording)

    for loop in (crossfaded(flat, 19_200), repeated(flat)):
        assert np.allclose(loop.read(0, 400_000), 16_384, atol=300)


def test_a_loop_begins_again_without_a_click(recording: Recording[np.int16]) -> None:
    pcm = tone(3.003, hertz=220.7)

    sound = crossfaded(recorded([pcm], recording), 19_200).read(0, 500_000)

    steepest = np.abs(np.diff(pcm[:, 0].astype(int))).max()
    assert np.abs(np.diff(sound[:, 0].astype(int))).max() < 1.1 * steepest


@pytest.mark.parametrize("start", [0, 1, 130_000, 144_143, 269_000])
def test_a_loop_is_read_alike_from_anywhere(recording: Recording[np.int16], start: int) -> None:
    loop = crossfaded(recorded([tone(3.003, hertz=220.7)], recording), 19_200)

    assert np.array_equal(loop.read(start, start + 50_000), loop.read(0, 400_000)[start : start + 50_000])


def test_repetitions_fade_in_and_out(recording: Recording[np.int16]) -> None:
    for length in (48_000, 120_000):
        loop = repeated(recorded([np.full((length, 2), 16_384, np.int16)], recording), 480)

        period = loop.take.samples
        again = loop.read(period - 600, period + 600)[:, 0]
        assert again[[0, -1]].tolist() == [16_384, 16_384]
        assert again[599] < 50
        assert again[600] == 0


def test_a_loop_that_is_not_repeated_is_the_take(recording: Recording[np.int16]) -> None:
    pcm = noise(120_000)

    loop = Loop(Take(recording, 0, recorded([pcm], recording).samples), noise(4_800, 9))

    assert np.array_equal(loop.read(0, 100_000), pcm[:100_000])
