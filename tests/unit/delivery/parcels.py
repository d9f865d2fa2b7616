"""Finished films to be delivered, without rendering any."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from src.delivery.parcel import Parcel, Sender, pack
from src.models.status import MeasuredLoudness, RenderResult

ID = "1" * 32
SENDER = Sender(ID, "row-1", "carol", datetime(2026, 11, 21, 23, 30, tzinfo=UTC))


def result_in(folder: Path, size_bytes: int = 1000, **more: Any) -> RenderResult:
    """Write the files of a render; the film holds random bytes, the same each time."""
    folder.mkdir(exist_ok=True)
    files = {suffix: folder / f"film{suffix}" for suffix in (".mp4", ".jpg", ".words.json")}
    files[".mp4"].write_bytes(random.Random(1).randbytes(size_bytes))
    files[".jpg"].write_bytes(b"a poster")
    files[".words.json"].write_text("[]")
    told: dict[str, Any] = {
        "url": str(files[".mp4"]),
        "poster_url": str(files[".jpg"]),
        "sidecars": {"words": str(files[".words.json"])},
        "duration": 1.0,
        "width": 64,
        "height": 112,
        "fps": 10.0,
        "size_bytes": size_bytes,
        "sha256": "0" * 64,
        "loudness": MeasuredLoudness(lufs=-14, true_peak_db=-1),
    }
    return RenderResult(**(told | more))


def parcel_in(folder: Path, size_bytes: int = 1000) -> Parcel:
    return pack(SENDER, {"row": 7}, result_in(folder, size_bytes))
