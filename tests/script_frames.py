"""Frames with captions in many scripts, small enough to be kept as text.

`python -m tests.script_frames` writes them anew; look at the picture that it draws before they are committed.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from src.media.colour import Rgb8
from src.models.job import parse_job
from src.pipeline.prepare import prepare_quietly
from src.pipeline.preview import preview_frame
from src.pipeline.request import Request
from src.settings import Settings
from src.store.cache import DiskCache
from src.text.words import words_of
from tests.synthetic import tone, write_wav

GOLDEN = Path(__file__).parent / "golden" / "scripts"
#: Side of the frame, and the rows of it in which captions stand.
_SIDE_PX, _ROWS = 720, slice(180, 540)
_WORD_SECONDS = 0.3
#: Width and height of what is kept.
_KEPT = (96, 48)
#: Levels of a plane in one character each.
_LEVELS = " .'`^,:;Il!i><~+_-?][}{1)(|/tfjrxnuvczXYUJCLQ0OZmwqpdbkhao*#MW&8"

Levels = npt.NDArray[np.uint8]


class Sample(NamedTuple):
    """A text, and the language that it is in."""

    language: str
    text: str


SAMPLES: Mapping[str, Sample] = {
    "latin": Sample("vi", "Việt Nam: phở, ngữ, Łódź, Ångström, żółć"),
    "cyrillic": Sample("ru", "Привет, мир: Ёж и щука"),
    "greek": Sample("el", "Ψυχή και φως, ΑΘΉΝΑ"),
    "arabic": Sample("ar", "مرحبا بالعالم في ٢٠٢٤ و 2025"),
    "hebrew": Sample("he", "שלום Hello עולם (15%)"),
    "hindi": Sample("hi", "नमस्ते, क्षमा कीजिए श्री"),
    "thai": Sample("th", "สวัสดีครับ น้ำที่นี่"),
    "tamil": Sample("ta", "வணக்கம் நண்பர்களே"),
    "chinese_simplified": Sample("zh-Hans", "我喜欢学习Python，真的很有趣。"),
    "chinese_traditional": Sample("zh-Hant", "電腦軟體與臺灣，真的很好。"),
    "japanese": Sample("ja", "今日は「天気」がとても良いです！"),
    "korean": Sample("ko", "한국어 텍스트입니다, 좋아요"),
    # Hands and many trades are drawn anew in version 2.051 of the font, which Debian 13 has.
    "emoji": Sample("en", "ok 👩‍👩‍👧‍👦 🇩🇪🇯🇵 👶🏽 👩🏿‍🎓 1️⃣ ❤️🔥"),
}


def drawn(sample: Sample) -> Rgb8:
    """Draw the frame of a sample, as a film has it before it is encoded; (H, W, 3)."""
    with TemporaryDirectory(prefix="scripts-") as name:
        folder = Path(name)
        words = [word.shown for word in words_of(sample.text, sample.language)]
        write_wav(folder / "voice.wav", tone(_WORD_SECONDS * (len(words) + 1)))
        job = parse_job(json.dumps(_job_of(sample, words)))
        cache = DiskCache(folder / "cache", 0, folder)
        request = Request(job, folder, folder, folder / "film.mp4", Settings(workers=1), cache)
        assert prepare_quietly(request).timeline.warnings == ()
        return preview_frame(request, _WORD_SECONDS * len(words) / 2)


def _job_of(sample: Sample, words: list[str]) -> dict[str, object]:
    """Name all that decides how captions look."""
    shadow = {"kind": "soft", "color": "#0e0e12", "opacity": 59, "x": 0, "y": 5, "blur": 13, "density": None}
    captions = {
        "style": {"base": "phrase", "shadow": shadow},
        "font": {"family": "Montserrat ExtraBold", "size": 100},
        "color": "#ffffff",
        "stroke": 4,
        "position": "center",
        "max_words": 12,
        "max_lines": 4,
    }
    timed = [
        {"text": word, "start": place * _WORD_SECONDS, "end": (place + 1) * _WORD_SECONDS}
        for place, word in enumerate(words)
    ]
    scene = {
        "text": sample.text,
        "audio": {"src": "voice.wav", "words": timed},
        "visuals": [{"type": "color", "color": "#305080"}],
    }
    return {
        "voice": {"language": sample.language},
        "captions": captions,
        "output": {"width": _SIDE_PX, "height": _SIDE_PX},
        "scenes": [scene],
    }


def reduced(picture: Rgb8) -> tuple[Levels, ...]:
    """Scale the rows with captions down to light and differences of colour, these to half of that."""
    light_and_color = cv2.cvtColor(picture[_ROWS], cv2.COLOR_RGB2YCrCb)
    planes = []
    for plane, step in zip(cv2.split(light_and_color), (1, 2, 2), strict=True):
        size = (_KEPT[0] // step, _KEPT[1] // step)
        planes.append(np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8))
    return tuple(planes)


def write(name: str, planes: tuple[Levels, ...]) -> None:
    """Keep a reduced frame as rows of characters; differences of colour for pictures alone."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    kept = planes if name == "emoji" else planes[:1]
    rows = {
        plane: [_row(row) for row in levels]
        for plane, levels in zip(("light", "red", "blue"), kept, strict=False)
    }
    text = json.dumps(rows, indent=0, ensure_ascii=True) + "\n"
    (GOLDEN / f"{name}.json").write_text(text, encoding="ascii")


def read(name: str) -> tuple[Levels, ...]:
    """Read a kept frame."""
    rows = json.loads((GOLDEN / f"{name}.json").read_text(encoding="ascii"))
    return tuple(
        np.array([[_LEVELS.index(char) * 4 + 2 for char in row] for row in plane], np.uint8)
        for plane in rows.values()
    )


def _row(levels: Levels) -> str:
    return "".join(_LEVELS[level // 4] for level in levels)


def distance(one: tuple[Levels, ...], other: tuple[Levels, ...]) -> float:
    """Tell how far two reduced frames are apart: the mean difference of levels where it is largest.

    It is taken over about one letter at a time, so that a single wrong one is not lost among others.
    """
    return max(_apart(here, there) for here, there in zip(one, other, strict=False))


def _apart(one: Levels, other: Levels) -> float:
    gap = np.abs(_softened(one) - _softened(other))
    side = max(3, one.shape[1] // 12) | 1
    return float(cv2.blur(gap, (side, side)).max())


def _softened(levels: Levels) -> npt.NDArray[np.float64]:
    """Blur a little: another version of a font may set a letter half a pixel further."""
    return np.asarray(cv2.GaussianBlur(levels.astype(np.float64), (0, 0), 0.8), np.float64)


def main(sheet: Path) -> None:
    """Write all frames anew, and one picture of them to look at."""
    pictures = {name: drawn(sample) for name, sample in SAMPLES.items()}
    for name, picture in pictures.items():
        write(name, reduced(picture))
    strips = [picture[_ROWS] for picture in pictures.values()]
    Image.fromarray(np.concatenate(strips)).save(sheet)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
