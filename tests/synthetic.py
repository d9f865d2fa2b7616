"""Media made on the spot: the repository holds no binaries."""

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from src.media.planes import view_of
from src.media.sound import sound_blocks
from src.models.timeline import SAMPLE_RATE

Rgb8 = npt.NDArray[np.uint8]


def gradient_rgb(width: int, height: int, seed: int = 0) -> Rgb8:
    """Draw a picture in which every place looks different."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    planes = [x / width * 255, y / height * 255, (np.sin(x / 9 + seed) * np.cos(y / 7) + 1) * 120]
    return np.dstack(planes).astype(np.uint8)


def checkerboard_rgb(width: int, height: int, cell_px: int) -> Rgb8:
    """Draw a checkerboard of two grays."""
    y, x = np.mgrid[0:height, 0:width]
    luma = ((x // cell_px + y // cell_px) % 2 * 150 + 50).astype(np.uint8)
    return np.dstack([luma] * 3)


def write_picture(file: Path, rgb: Rgb8) -> Path:
    """Write a picture in the format that the name ends with."""
    Image.fromarray(rgb).save(file)
    return file


def write_clip(
    file: Path,
    size: tuple[int, int] = (64, 96),
    *,
    frames: int = 30,
    fps: int = 30,
    times: list[int] | None = None,
    sound: bool = False,
) -> Path:
    """Write an H.264 clip whose frame n is filled with luma 20 + 6 n (modulo 200).

    `times` are the frames' presentation times in milliseconds, for a variable rate.
    """
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "12", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000) if times else Fraction(1, fps)
        audio = container.add_stream("aac", rate=SAMPLE_RATE) if sound else None
        for number in range(frames):
            frame = av.VideoFrame(size[0], size[1], "yuv420p")
            for plane, value in zip(frame.planes, (20 + 6 * number % 200, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            frame.pts = times[number] if times else number
            frame.time_base = stream.codec_context.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if audio is not None:
            for chunk in _tone_frames(frames / fps):
                container.mux(audio.encode(chunk))
            container.mux(audio.encode(None))
    return file


def _tone_frames(seconds: float) -> list[av.AudioFrame]:
    samples = tone(seconds).T.astype(np.float32) / 32768
    found = []
    for start in range(0, samples.shape[1] - 1023, 1024):
        part = np.ascontiguousarray(samples[:, start : start + 1024])
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        found.append(frame)
    return found


def tone(seconds: float, hertz: float = 440.0, level: float = 0.3) -> npt.NDArray[np.int16]:
    """Make a sine as (n, 2) int16 at `SAMPLE_RATE`."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave_ = (np.sin(2 * np.pi * hertz * time) * level * 32767).astype(np.int16)
    return np.stack([wave_, wave_], axis=1)


def write_wav(file: Path, pcm: npt.NDArray[np.int16]) -> Path:
    """Write (n, 2) int16 as a WAV file."""
    with wave.open(str(file), "wb") as opened:
        opened.setnchannels(2)
        opened.setsampwidth(2)
        opened.setframerate(SAMPLE_RATE)
        opened.writeframes(pcm.tobytes())
    return file


def decode_sound(file: Path, *, trim_ms: int = 0, max_samples: int | None = None) -> npt.NDArray[np.int16]:
    """Decode a sound, or a part of it, in one piece."""
    blocks = list(sound_blocks(file, trim_ms=trim_ms, max_samples=max_samples))
    return np.concatenate([np.zeros((0, 2), np.int16), *blocks])


def decoded_frames(film: Path) -> list[npt.NDArray[np.uint8]]:
    """Decode all frames of a film to their luma planes."""
    with av.open(str(film)) as container:
        return [luma_of(frame) for frame in container.decode(video=0)]


def luma_of(frame: av.VideoFrame) -> npt.NDArray[np.uint8]:
    """Copy the luma plane of a decoded frame, (H, W) uint8."""
    return view_of(frame).y.copy()
