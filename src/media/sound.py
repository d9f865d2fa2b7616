"""Sound files to samples and back: any decodable file in; WAV and AAC out.

All sound inside is 16-bit stereo at `SAMPLE_RATE`.
"""

import os
import wave
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import NamedTuple, cast

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.filter import Graph

from ..models.timeline import SAMPLE_RATE
from .probe import UnreadableFile, open_container

#: Sound: (n, 2) int16, left and right, `SAMPLE_RATE` samples a second.
Pcm = npt.NDArray[np.int16]
#: Sound between the steps of a mix: (n, 2) float32; 1.0 is the full scale of 16 bits, more is allowed.
Sound = npt.NDArray[np.float32]

#: Bits a second of the finished sound; more is not heard, less is below what the platforms ask for.
AAC_BITS_PER_SECOND = 192_000
#: Of the native encoder. At this bitrate the coder `fast` costs a third of `twoloop`; shaping its noise in
#: time (TNS) costs a twentieth and changes the error by 1 dB at most, either way, in every band.
AAC_OPTIONS = {"aac_coder": "fast", "aac_tns": "0"}
#: Samples that are handed to a codec or filter at once: one second.
CHUNK_SAMPLES = SAMPLE_RATE
#: Samples that decoding hands on at once: few enough to stop in time, enough to cost little a piece.
_BLOCK_SAMPLES = SAMPLE_RATE // 10
#: Seconds by which the sound of a file may start after its pictures; more is a broken clock.
MAX_LATE_SECONDS = 600
#: Times over a limit at which a header is believed. An MP3 without an index is guessed from its first frames,
#: at a tenth of the true bitrate in the worst case, which makes it ten times too long.
FAR_BEYOND = 10


class Filter(NamedTuple):
    """One of FFmpeg's audio filters."""

    name: str
    options: str
    """As on FFmpeg's command line: `f=80:width=1`."""


class SoundUnreadable(UnreadableFile):
    """A file without sound that can be decoded; the message tells why, in a few plain words."""


def sound_blocks(file: Path, *, trim_ms: int = 0, max_samples: int | None = None) -> Iterator[Pcm]:
    """Decode the first sound track of a file block by block, counted from the file's own start.

    A track that starts later than its file is led in by silence, so that it stays with the pictures.

    Raises:
        SoundUnreadable: there is no sound, or none of it can be decoded.
    """
    skip = trim_ms * SAMPLE_RATE // 1000
    stop = None if max_samples is None else skip + max_samples
    position = 0
    with _opened(file) as container:
        for chunk in _track(container):
            start = max(skip - position, 0)
            end = len(chunk) if stop is None else min(stop - position, len(chunk))
            if start < end:
                yield chunk[start:end]
            position += len(chunk)
            if stop is not None and position >= stop:
                break


def sound_samples(file: Path, limit_samples: int | None = None) -> int:
    """Count the samples that `sound_blocks` has for a file.

    Headers are not believed: those of damaged and of streamed files do not tell the truth. Beyond
    `limit_samples` the count is only known to be more than that: it ends there, or is what the header
    promises where that is `FAR_BEYOND` and the file is large enough to hold it.

    Raises:
        SoundUnreadable: there is no sound, or none of it can be decoded.
    """
    samples = 0
    with _opened(file) as container:
        if limit_samples is not None:
            promised = _promised_samples(container)
            if promised > limit_samples * FAR_BEYOND:
                return promised
        for chunk in _track(container):
            samples += len(chunk)
            if limit_samples is not None and samples > limit_samples:
                break
    return samples


def save_wav(pcm: Pcm, file: Path) -> None:
    """Write a WAV file, whole or not at all."""
    with _beside(file) as unfinished, wave.open(str(unfinished), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        for start in range(0, len(pcm), CHUNK_SAMPLES):
            out.writeframesraw(pcm[start : start + CHUNK_SAMPLES].astype("<i2").tobytes())


def encode_aac(sound: Pcm | Iterable[Pcm | Sound], file: Path) -> None:
    """Write samples, whole or in blocks, as AAC-LC in an MP4 file, whole or not at all.

    Equal samples give equal bytes.
    """
    with (
        _beside(file) as unfinished,
        av.open(
            str(unfinished),
            "w",
            format="mp4",
            container_options={"fflags": "+bitexact", "movie_timescale": str(SAMPLE_RATE)},
        ) as out,
    ):
        options = AAC_OPTIONS | {"flags": "+bitexact"}
        stream = out.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", options=options)
        stream.bit_rate = AAC_BITS_PER_SECOND
        for frame in sound_frames(sound):
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def pcm_of_mono(samples: npt.NDArray[np.int16], sample_rate: int, filters: Sequence[Filter] = ()) -> Pcm:
    """Bring (n,) samples of any rate to both sides, through FFmpeg's filters.

    Both sides are the same memory, which can only be read.
    """

    def frames() -> Iterator[av.AudioFrame]:
        for start in range(0, len(samples), CHUNK_SAMPLES):
            part = np.ascontiguousarray(samples[None, start : start + CHUNK_SAMPLES])
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate, frame.pts = sample_rate, start
            yield frame

    shape = Filter("aformat", f"sample_fmts=s16:sample_rates={SAMPLE_RATE}:channel_layouts=mono")
    mono = bytearray()
    for part in filtered(frames(), [*filters, shape]):
        mono.extend(part.to_ndarray().tobytes())
    return np.broadcast_to(np.frombuffer(mono, np.int16)[:, None], (len(mono) // 2, 2))


def filtered(frames: Iterable[av.AudioFrame], filters: Sequence[Filter]) -> Iterator[av.AudioFrame]:
    """Send frames of one shape through a chain of FFmpeg's filters."""
    graph, source, sink = Graph(), None, None
    for frame in chain(frames, [None]):
        if source is None or sink is None:
            if frame is None:
                return
            source = graph.add_abuffer(
                sample_rate=frame.sample_rate, format=frame.format, layout=frame.layout
            )
            sink = graph.add("abuffersink")
            graph.link_nodes(
                source, *(graph.add(name, options) for name, options in filters), sink
            ).configure()
        source.push(frame)
        with suppress(av.BlockingIOError, av.EOFError):
            while True:
                yield cast("av.AudioFrame", sink.pull())


def sound_frames(sound: Pcm | Iterable[Pcm | Sound]) -> Iterator[av.AudioFrame]:
    """Cut samples, whole or in blocks, into frames for a codec or a filter."""
    position = 0
    for block in [sound] if isinstance(sound, np.ndarray) else sound:
        shape = "flt" if block.dtype == np.float32 else "s16"
        for start in range(0, len(block), CHUNK_SAMPLES):
            part = np.ascontiguousarray(block[start : start + CHUNK_SAMPLES]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(part, format=shape, layout="stereo")
            frame.sample_rate = SAMPLE_RATE
            frame.pts = position + start
            yield frame
        position += len(block)


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """Give a path next to `file` to write to, and rename it once that went well."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        yield unfinished
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _opened(file: Path) -> Iterator[InputContainer]:
    """Open a file, and tell what goes wrong while it is open in the words of this module."""
    try:
        with open_container(file, quick=False) as container:
            yield container
    except SoundUnreadable:
        raise
    except UnreadableFile as error:
        raise SoundUnreadable(str(error), file) from error
    except av.FFmpegError as error:
        raise SoundUnreadable(f"damaged: {error.strerror}", file) from error


def _promised_samples(container: InputContainer) -> int:
    """Tell how many samples the header promises; 0 where it is silent, or the file too small for them."""
    track = next(iter(container.streams.audio), None)
    if track is None:
        return 0
    seconds = Fraction(container.duration or 0, av.time_base)
    if track.duration is not None and track.time_base is not None:
        seconds = track.duration * track.time_base
    # The bitrate of a compressed track is an average or a guess, hence twice.
    if seconds * (track.bit_rate or 0) / 8 > 2 * container.size:
        return 0
    return int(seconds * SAMPLE_RATE)


def _track(container: InputContainer) -> Iterator[Pcm]:
    if not container.streams.audio:
        raise SoundUnreadable("there is no sound in it")
    late, left = _bounds(container)
    found = False
    for chunk in _resampled(container):
        if late and not found:
            yield np.zeros((late, 2), np.int16)
        found = True
        left = left if left is None else left - len(chunk)
        yield chunk if left is None or left >= 0 else chunk[:left]
        if left is not None and left <= 0:
            break
    if not found:
        raise SoundUnreadable("none of its sound can be decoded")


def _bounds(container: InputContainer) -> tuple[int, int | None]:
    """Tell by how many samples the track starts late, and how many it has if its header is exact on that.

    Only MP4 is exact: its edit list ends within the last AAC frame, which decodes to full length.
    """
    track = container.streams.audio[0]
    starts = [
        stream.start_time * stream.time_base
        for stream in container.streams
        if stream.start_time is not None and stream.time_base is not None
    ]
    late = 0
    if track.start_time is not None and track.time_base is not None:
        late = round((track.start_time * track.time_base - min(starts)) * SAMPLE_RATE)
    if late > MAX_LATE_SECONDS * SAMPLE_RATE:
        raise SoundUnreadable("its sound starts long after the file does")
    if "mp4" in container.format.name and track.duration is not None and track.time_base is not None:
        return late, round(track.duration * track.time_base * SAMPLE_RATE)
    return late, None


class _Shape(NamedTuple):
    format: str
    layout: str
    rate: int


def _resampled(container: InputContainer) -> Iterator[Pcm]:
    """Decode and resample; a track may change its shape on the way, as broadcasts do."""
    shape: _Shape | None = None
    resampler: AudioResampler | None = None
    for frame in _frames(container):
        new_shape = _Shape(frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != new_shape:
            yield from _pcm(resampler, None)
            shape = new_shape
            resampler = AudioResampler("s16", "stereo", SAMPLE_RATE, frame_size=_BLOCK_SAMPLES)
        frame.pts = None
        yield from _pcm(resampler, frame)
    yield from _pcm(resampler, None)


def _frames(container: InputContainer) -> Iterator[av.AudioFrame]:
    """Decode the track, leaving out packets that are damaged."""
    for packet in container.demux(container.streams.audio[0]):
        try:
            yield from packet.decode()
        except av.InvalidDataError:
            continue


def _pcm(resampler: AudioResampler | None, frame: av.AudioFrame | None) -> Iterator[Pcm]:
    if resampler is None:
        return
    # Without anything to convert the resampler hands back what it was given, None included.
    for part in filter(None, resampler.resample(frame)):
        if part.samples:
            yield part.to_ndarray().astype(np.int16, copy=False).reshape(-1, 2)
