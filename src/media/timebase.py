"""The one place where seconds, frames, samples and milliseconds are turned into each other."""

from fractions import Fraction

from ..models.timeline import PPM, SAMPLE_RATE

#: Rates that people write rounded and mean exactly.
NTSC_RATES = {23.976: Fraction(24000, 1001), 29.97: Fraction(30000, 1001), 59.94: Fraction(60000, 1001)}


def fps_of(rate: float) -> Fraction:
    """Turn a written frame rate into an exact one; 29.97 becomes 30000/1001."""
    for written, exact in NTSC_RATES.items():
        if abs(rate - written) < 0.005:
            return exact
    return Fraction(rate).limit_denominator(1001)


def _round(value: Fraction) -> int:
    """Round half up, so that equal distances never depend on the number being even."""
    return _nearest(value.numerator, value.denominator)


def _nearest(dividend: int, divisor: int) -> int:
    """Divide and round half up; a fraction would be reduced first, for every word of a film many times."""
    return (2 * dividend + divisor) // (2 * divisor)


def frames_of_seconds(seconds: float, fps: Fraction) -> int:
    """Nearest whole number of frames."""
    return _round(Fraction(seconds) * fps)


def frames_of_ms(ms: int, fps: Fraction) -> int:
    """Nearest whole number of frames."""
    return _nearest(ms * fps.numerator, 1000 * fps.denominator)


def samples_of_seconds(seconds: float) -> int:
    """Nearest whole number of samples."""
    return _round(Fraction(seconds) * SAMPLE_RATE)


def samples_of_frames(frames: int, fps: Fraction) -> int:
    """Nearest sample to a frame's start."""
    return _nearest(frames * SAMPLE_RATE * fps.denominator, fps.numerator)


def frames_of_samples(samples: int, fps: Fraction) -> int:
    """Nearest frame border to a sample."""
    return _nearest(samples * fps.numerator, SAMPLE_RATE * fps.denominator)


def frames_covering_samples(samples: int, fps: Fraction) -> int:
    """Fewest frames that last at least this many samples."""
    return -((-samples * fps / SAMPLE_RATE) // 1)


def ms_of_samples(samples: int) -> int:
    """Nearest millisecond."""
    return _nearest(samples * 1000, SAMPLE_RATE)


def ms_of_frames(frames: int, fps: Fraction) -> int:
    """Nearest millisecond to a frame's start."""
    return _nearest(frames * 1000 * fps.denominator, fps.numerator)


def ms_of_seconds(seconds: float) -> int:
    """Nearest millisecond."""
    return _round(Fraction(seconds) * 1000)


def ppm_of(value: float) -> int:
    """Nearest number of millionths."""
    return _round(Fraction(value) * PPM)


def milli_of(value: float) -> int:
    """Nearest number of thousandths: dB to mdB, degrees to millidegrees."""
    return _round(Fraction(value) * 1000)
