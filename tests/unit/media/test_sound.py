"""Sound files to samples and back."""

import struct
from pathlib import Path

import av
import numpy as np
import pytest

from src.media.sound import (
    FAR_BEYOND,
    Filter,
    Pcm,
    SoundUnreadable,
    encode_aac,
    filtered,
    pcm_of_mono,
    save_wav,
    sound_blocks,
    sound_frames,
    sound_samples,
)
from src.models.timeline import SAMPLE_RATE
from tests.synthetic import decode_sound, tone, write_clip, write_picture, write_wav

SHAPES = [
    # codec, name, sample format, layout, rate
    ("pcm_u8", "a.wav", "u8", "mono", 8_000),
    ("pcm_s16le", "b.wav", "s16", "stereo", 44_100),
    ("pcm_f32le", "c.wav", "flt", "5.1", 44_100),
    ("pcm_f64le", "d.wav", "dbl", "stereo", 96_000),
    ("libmp3lame", "e.mp3", "s16p", "mono", 22_050),
    ("flac", "f.flac", "s16", "stereo", 44_100),
    ("libopus", "g.ogg", "flt", "mono", 48_000),
    ("aac", "h.m4a", "fltp", "stereo", 44_100),
]


def write_sound(file: Path, codec: str, shape: str, layout: str, rate: int) -> Path:
    """Write one second of 500 Hz at half scale."""
    wave = np.sin(2 * np.pi * 500 * np.arange(rate) / rate).astype(np.float32) / 2
    channels = av.AudioLayout(layout).nb_channels
    frame = av.AudioFrame.from_ndarray(np.tile(wave, (channels, 1)), format="fltp", layout=layout)
    frame.sample_rate, frame.pts = rate, 0
    converter = av.AudioResampler(shape, layout, rate)
    with av.open(str(file), "w") as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        stream.codec_context.format = av.AudioFormat(shape)
        for part in [*converter.resample(frame), *filter(None, converter.resample(None)), None]:
            out.mux(stream.encode(part))
    return file


def strongest_hertz(pcm: Pcm) -> float:
    return float(np.abs(np.fft.rfft(pcm[:, 0])).argmax() * SAMPLE_RATE / len(pcm))


@pytest.mark.parametrize(("codec", "name", "shape", "layout", "rate"), SHAPES)
def test_any_rate_layout_and_format_becomes_stereo_at_48_kilohertz(
    tmp_path: Path, codec: str, name: str, shape: str, layout: str, rate: int
) -> None:
    pcm = decode_sound(write_sound(tmp_path / name, codec, shape, layout, rate))

    assert pcm.dtype == np.int16
    assert pcm.shape == (SAMPLE_RATE, 2)
    assert strongest_hertz(pcm) == pytest.approx(500, abs=1)
    assert np.abs(np.diff(pcm.astype(int), axis=1)).max() < 200
    assert 10_000 < pcm.max() < 18_000


@pytest.mark.parametrize(("codec", "name", "shape", "layout", "rate"), SHAPES)
def test_samples_are_counted_as_they_are_decoded(
    tmp_path: Path, codec: str, name: str, shape: str, layout: str, rate: int
) -> None:
    file = write_sound(tmp_path / name, codec, shape, layout, rate)

    assert sound_samples(file) == len(decode_sound(file))


def test_a_saved_wav_comes_back_bit_by_bit(tmp_path: Path) -> None:
    pcm = tone(0.321)

    save_wav(pcm, tmp_path / "a.wav")

    assert np.array_equal(decode_sound(tmp_path / "a.wav"), pcm)
    assert [file.name for file in tmp_path.iterdir()] == ["a.wav"]


def test_a_part_is_cut_out_to_the_sample(tmp_path: Path) -> None:
    pcm = tone(3.0, hertz=100.3)
    file = write_wav(tmp_path / "a.wav", pcm)

    part = decode_sound(file, trim_ms=1500, max_samples=777)

    assert np.array_equal(part, pcm[72_000:72_777])


def test_blocks_of_a_part_are_the_part(tmp_path: Path) -> None:
    file = write_sound(tmp_path / "a.mp3", "libmp3lame", "s16p", "mono", 44_100)

    blocks = list(sound_blocks(file, trim_ms=123, max_samples=30_001))

    assert len(blocks) > 2
    assert max(map(len, blocks)) <= SAMPLE_RATE // 10
    assert np.array_equal(np.concatenate(blocks), decode_sound(file)[5_904:35_905])


def test_a_trim_beyond_the_end_leaves_nothing(tmp_path: Path) -> None:
    assert decode_sound(write_wav(tmp_path / "a.wav", tone(0.5)), trim_ms=600).shape == (0, 2)


@pytest.mark.parametrize("samples", [1, 1023, 1024, 1025, 48_000, 77_777, 150_001])
def test_aac_has_exactly_the_samples_it_was_given_and_no_delay(tmp_path: Path, samples: int) -> None:
    pcm = tone(4.0)[:samples]

    encode_aac(pcm, tmp_path / "a.m4a")

    decoded = decode_sound(tmp_path / "a.m4a")
    assert len(decoded) == samples
    error = np.abs(decoded.astype(int) - pcm)[1024:-1024]
    assert error.max(initial=0) < 200


def test_equal_samples_give_equal_aac_bytes(tmp_path: Path) -> None:
    for name in ("a.m4a", "b.m4a"):
        encode_aac(tone(1.0), tmp_path / name)

    assert (tmp_path / "a.m4a").read_bytes() == (tmp_path / "b.m4a").read_bytes()


def test_blocks_of_any_length_give_the_aac_of_the_whole(tmp_path: Path) -> None:
    pcm = tone(3.0)

    encode_aac(pcm, tmp_path / "whole.m4a")
    encode_aac(np.split(pcm, [1, 700, 80_001]), tmp_path / "blocks.m4a")

    assert (tmp_path / "blocks.m4a").read_bytes() == (tmp_path / "whole.m4a").read_bytes()


def test_floats_are_encoded_as_their_samples(tmp_path: Path) -> None:
    pcm = tone(1.0)

    encode_aac([pcm.astype(np.float32) / np.float32(32768)], tmp_path / "a.m4a")

    assert np.abs(decode_sound(tmp_path / "a.m4a").astype(int) - pcm)[1024:-1024].max() < 200


def test_an_encoding_that_fails_leaves_the_old_file_and_nothing_beside(tmp_path: Path) -> None:
    file = tmp_path / "a.m4a"
    file.write_bytes(b"old")

    with pytest.raises(ValueError, match=r"array|dtype|format"):
        encode_aac(np.zeros((10, 2), np.float64).astype("U1"), file)

    assert [found.name for found in tmp_path.iterdir()] == ["a.m4a"]
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.mp3", b"", "the file is empty"),
        ("a.mp3", b"no sound at all" * 500, "not a film or sound"),
        ("a.txt", b"ffconcat version 1.0\nfile b.wav\n", "format is not accepted"),
    ],
)
def test_what_is_no_sound_is_refused_with_its_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    write_wav(tmp_path / "b.wav", tone(0.1))
    (tmp_path / name).write_bytes(content)

    with pytest.raises(SoundUnreadable, match=reason):
        decode_sound(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SoundUnreadable, match="no such file"):
        sound_samples(tmp_path / "a.wav")


def test_a_picture_has_no_sound(tmp_path: Path) -> None:
    file = write_picture(tmp_path / "a.png", np.zeros((8, 8, 3), np.uint8))

    with pytest.raises(SoundUnreadable, match="not accepted"):
        decode_sound(file)


def test_a_silent_clip_has_no_sound(tmp_path: Path) -> None:
    with pytest.raises(SoundUnreadable, match="no sound in it"):
        decode_sound(write_clip(tmp_path / "a.mp4", frames=3))


def test_a_track_without_one_whole_packet_cannot_be_decoded(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav", tone(0.1))
    file.write_bytes(file.read_bytes()[:44])

    with pytest.raises(SoundUnreadable, match="none of its sound"):
        decode_sound(file)


def test_a_truncated_file_gives_what_it_still_holds(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav", tone(1.0))
    file.write_bytes(file.read_bytes()[: 44 + 4 * 30_000])

    assert len(decode_sound(file)) == 30_000


def test_damaged_packets_are_left_out(tmp_path: Path) -> None:
    file = write_sound(tmp_path / "a.mp3", "libmp3lame", "s16p", "mono", 44_100)
    data = bytearray(file.read_bytes())
    data[2000:2900] = b"\xff" * 900
    file.write_bytes(data)

    assert 30_000 < len(decode_sound(file)) <= SAMPLE_RATE


def test_a_track_that_starts_late_is_led_in_by_silence(tmp_path: Path) -> None:
    file = tmp_path / "a.mkv"
    with av.open(str(file), "w") as out:
        video = out.add_stream("libx264", rate=30)
        video.width = video.height = 32
        sound = out.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="stereo")
        for number in range(30):
            picture = av.VideoFrame(32, 32, "yuv420p")
            picture.pts = number
            out.mux(video.encode(picture))
        out.mux(video.encode(None))
        for frame in sound_frames(tone(0.5)):
            frame.pts = SAMPLE_RATE // 4
            out.mux(sound.encode(frame))
        out.mux(sound.encode(None))

    pcm = decode_sound(file)

    assert len(pcm) == SAMPLE_RATE * 3 // 4
    assert not pcm[: SAMPLE_RATE // 4 - 1].any()
    assert np.abs(pcm[SAMPLE_RATE // 4 :]).max() > 9_000


def test_mono_is_brought_to_both_sides_without_delay() -> None:
    click = np.zeros(2205, np.int16)
    click[1102] = 20_000

    pcm = pcm_of_mono(click, 22_050)

    assert len(pcm) == 4800
    assert np.array_equal(pcm[:, 0], pcm[:, 1])
    assert np.abs(pcm[:, 0]).argmax() == pytest.approx(1102 * SAMPLE_RATE / 22_050, abs=1)


def test_a_long_mono_sound_has_no_seams() -> None:
    wave = tone(3.5, 220)[:, 0]

    pcm = pcm_of_mono(wave, 24_000, [Filter("highpass", "f=70")])

    assert len(pcm) == 2 * len(wave)
    bend = np.abs(np.diff(pcm[10_000:-1_000, 0].astype(int), n=2))
    assert bend.max() <= 20


def test_filters_shape_the_sound() -> None:
    low, high = (tone(0.5, hertz)[:, 0] for hertz in (50, 5_000))

    quiet, same = (
        np.abs(pcm_of_mono(sound, SAMPLE_RATE, [Filter("highpass", "f=1000")])) for sound in (low, high)
    )

    assert quiet[4800:].max() < 200
    assert same[4800:].max() > 9_000


def test_filtering_nothing_gives_nothing() -> None:
    assert list(filtered([], [Filter("highpass", "f=80")])) == []


def test_tags_in_latin_1_do_not_stop_the_sound(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav", tone(0.1))
    tags = b"INFOINAM" + struct.pack("<I", 4) + b"\xe9t\xe9\0"
    file.write_bytes(file.read_bytes() + b"LIST" + struct.pack("<I", len(tags)) + tags)

    assert sound_samples(file) == SAMPLE_RATE // 10


def test_counting_ends_beyond_the_limit(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav", tone(5.0))

    assert SAMPLE_RATE < sound_samples(file, SAMPLE_RATE) < 2 * SAMPLE_RATE
    assert sound_samples(file, 5 * SAMPLE_RATE) == 5 * SAMPLE_RATE


def test_a_header_far_beyond_the_limit_is_believed_undecoded(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav", tone(2.0))

    assert sound_samples(file, 2 * SAMPLE_RATE // FAR_BEYOND - 1) == 2 * SAMPLE_RATE


def test_a_header_that_promises_more_than_the_file_can_hold_is_not_believed(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "a.wav", tone(2.0))
    file.write_bytes(file.read_bytes()[: 44 + 4 * 3_000])

    assert sound_samples(file, 4_000) == 3_000


def test_a_file_without_sound_is_refused_under_a_limit_too(tmp_path: Path) -> None:
    with pytest.raises(SoundUnreadable, match="no sound in it"):
        sound_samples(write_clip(tmp_path / "a.mp4", frames=3), 1)
