"""A result and an error, for jobs that nobody rendered."""

from src.models.status import JobError, MeasuredLoudness, RenderResult

RESULT = RenderResult(
    url="/films/film.mp4",
    urls=("/films/film.mp4",),
    duration=1.5,
    width=64,
    height=112,
    fps=10.0,
    size_bytes=4,
    sha256="0" * 64,
    loudness=MeasuredLoudness(lufs=-14.0, true_peak_db=-1.2),
)
ERROR = JobError(code="missing_file", message="no such file: 'a.png'", path="scenes[0].visuals[0].src")
