"""Music that jobs ask for by its tags or its mood: what is heard, and who is named."""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from src.models.status import JobStatus
from src.models.timeline import SAMPLE_RATE
from tests.e2e.command import run
from tests.e2e.house import TINY, House
from tests.fileserver import FileServer, Offer, serving_files
from tests.synthetic import decode_sound, tone, write_wav

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills process groups and reads /proc")

#: What each piece sounds of, in hertz, and what is said of it.
PIECES: dict[str, tuple[float, str, list[str]]] = {
    "rain": (440.0, "CC-BY-4.0", ["calm", "piano"]),
    "march": (880.0, "CC0-1.0", ["epic", "Brass"]),
    "street": (1320.0, "CC-BY-SA-4.0", ["upbeat", "brass"]),
}


@pytest.fixture
def files() -> Iterator[FileServer]:
    with serving_files() as files:
        yield files


@pytest.fixture
def manifest(tmp_path: Path, files: FileServer) -> Path:
    """Write a manifest of three pieces, one of which lies elsewhere, and a font."""
    spec = find_spec("fontpkg_inter")
    assert spec
    assert spec.origin
    font = Path(shutil.copy(next(Path(spec.origin).parent.glob("files/*.ttf")), tmp_path / "letters.ttf"))
    assets = [entry("letters", "font", font, "OFL-1.1", [])]
    for id, (hertz, licence, tags) in PIECES.items():
        file = write_wav(tmp_path / f"{id}.wav", tone(3.0, hertz))
        assets.append(entry(id, "music", file, licence, tags))
    assets[-1]["uri"] = files.offer("/street", Offer((tmp_path / "street.wav").read_bytes(), "audio/wav"))
    manifest = tmp_path / "assets.yaml"
    manifest.write_text(json.dumps({"schema_version": 1, "assets": assets}))
    return manifest


def entry(id: str, kind: str, file: Path, licence: str, tags: list[str]) -> dict[str, Any]:
    return {
        "id": id,
        "kind": kind,
        "uri": f"file:{file.name}",
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "bytes": file.stat().st_size,
        "licence": licence,
        "attribution": f"{id} by Ada",
        "tags": tags,
    }


def job_with(**music: Any) -> dict[str, Any]:
    scene = {"duration": 2, "visuals": [{"type": "color"}]}
    return {"id": "film", "output": TINY, "music": music, "scenes": [scene]}


@pytest.fixture
def house(tmp_path: Path, manifest: Path) -> Iterator[House]:
    built = House(tmp_path, assets_manifest=manifest, fetch_allow_hosts=("127.0.0.1",))
    yield built
    built.engine.dispose()


def rendered(house: House, job: dict[str, Any]) -> JobStatus:
    with house.working():
        return house.ended(house.submit(job))


def hertz_of(film: Path) -> float:
    """Measure the strongest frequency of a film's sound."""
    sound = decode_sound(film)[:, 0].astype(np.float64)
    strengths = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(strengths)) * SAMPLE_RATE / len(sound)


@pytest.mark.parametrize(
    ("music", "piece", "attributions"),
    [
        ({"tags": ["PIANO"]}, "rain", ("rain by Ada",)),
        ({"tags": ["brass", "epic"]}, "march", ()),
        ({"mood": "upbeat"}, "street", ("street by Ada",)),
        ({}, "rain", ("rain by Ada",)),
        ({"src": "march"}, "march", ()),
    ],
)
def test_a_film_has_the_music_that_it_asks_for_and_names_whom_the_licence_wants_named(
    house: House, music: dict[str, Any], piece: str, attributions: tuple[str, ...]
) -> None:
    status = rendered(house, job_with(**music))
    assert status.result, status.error
    assert (status.result.assets, status.result.attributions) == ((piece,), attributions)
    (film,) = house.settings.data_dir.rglob("*.mp4")
    assert hertz_of(film) == pytest.approx(PIECES[piece][0], abs=5)


def test_a_mood_that_no_piece_has_is_synthesised(house: House) -> None:
    status = rendered(house, job_with(mood="dark"))
    assert status.result, status.error
    assert status.result.assets == ()
    (film,) = house.settings.data_dir.rglob("*.mp4")
    assert np.abs(decode_sound(film)).max() > 1000
    assert min(abs(hertz_of(film) - hertz) for hertz, _, _ in PIECES.values()) > 5


def test_tags_that_no_piece_has_fail_the_job_before_any_work(house: House) -> None:
    status = rendered(house, job_with(tags=["brass", "calm"]))
    assert status.error
    assert (status.error.code, status.error.path) == ("unknown_music", "music.tags")
    assert "brass, calm, epic, piano, upbeat" in status.error.message
    assert house.segments() == 0


def test_a_piece_that_cannot_be_had_is_told_where_it_was_asked_for(house: House, files: FileServer) -> None:
    files.offer("/street", Offer(status=404))
    error = rendered(house, job_with(mood="upbeat")).error
    assert error
    assert (error.code, error.path) == ("not_found", "music.mood")
    assert "'street'" in error.message


def test_the_command_tells_all_assets_of_a_film(
    tmp_path: Path, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEUROSHORTS_ASSETS_MANIFEST", str(manifest))
    font = {"captions": {"font": {"src": "letters"}}}
    done = run(tmp_path, "render", "job.json", "--json", job=job_with(tags=["piano"]) | font)
    result = json.loads(done.stdout)["result"]
    assert (result["assets"], result["attributions"]) == (["rain", "letters"], ["rain by Ada"])


def test_a_job_that_asks_for_no_piece_needs_no_manifest(tmp_path: Path) -> None:
    house = House(tmp_path, assets_manifest=tmp_path / "gone.yaml")
    job = job_with()
    del job["music"]
    silent, asking = rendered(house, job), rendered(house, job_with() | {"id": "asking"})
    house.engine.dispose()
    assert silent.result, silent.error
    assert asking.error
    assert asking.error.code == "bad_manifest"
