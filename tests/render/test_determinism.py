"""The same frames give the same bytes, whatever the memory held before."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

_ENCODE = """
import sys
from pathlib import Path
import numpy as np
from src.engines.encode.segments import SegmentEncoder
from src.models.segment import Segment
from src.plan.film import ENCODERS

file, quality = Path(sys.argv[1]), sys.argv[2]
segment = Segment(
    width=360, height=640, fps_numerator=30, fps_denominator=1, frames=40, encoder=ENCODERS[quality],
    shots=(), transition=None, overlays=(), cues=(), captions=None,
)
random = np.random.default_rng(1)
noise = random.integers(40, 200, (700, 400), np.uint8)
with SegmentEncoder(file, segment) as encoder:
    for frame in range(40):
        encoder.canvas.y[:] = noise[frame : frame + 640, frame % 7 : frame % 7 + 360]
        encoder.canvas.u[:] = 128
        encoder.canvas.v[:] = 100 + frame
        encoder.write()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc fills memory on request")
@pytest.mark.parametrize("quality", ["draft", "standard", "high"])
def test_no_quality_depends_on_memory_that_nobody_wrote(tmp_path: Path, quality: str) -> None:
    digests = set()
    for filling in ("1", "90", "201"):
        file = tmp_path / f"{filling}.mp4"
        subprocess.run(
            [sys.executable, "-c", _ENCODE, str(file), quality],
            env={**os.environ, "MALLOC_PERTURB_": filling},
            cwd=Path(__file__).parents[2],
            check=True,
        )
        digests.add(hashlib.sha256(file.read_bytes()).hexdigest())
    assert len(digests) == 1
