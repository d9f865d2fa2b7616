"""Voices whose model is in the asset manifest, from the job to spoken words."""

import json
from pathlib import Path
from typing import Any

import pytest

from src.cloud.signing import StoreSigner
from src.errors import InvalidJob, NeuroShortsError, RejectedJob
from src.fetching.ondemand import OnDemandFetcher
from src.media.probe import sha256_of
from src.models.job import parse_job
from src.models.media_refs import media_refs
from src.pipeline.prepare import Prepared, prepare_quietly
from src.pipeline.request import Request
from src.settings import Settings
from src.store.cache import DiskCache
from tests.piper_model import write_voice

AMY = {"provider": "piper", "voice": "amy"}


def write_manifest(folder: Path, files: dict[str, Path], kind: str = "model", sha256: str = "") -> Path:
    known = {"licence": "CC0-1.0", "attribution": "Ada", "kind": kind}
    assets = [
        {**known, "id": id, "uri": f"file:{file}", "sha256": sha256 or sha256_of(file), "bytes": 1}
        for id, file in files.items()
    ]
    manifest = folder / "manifest.yaml"
    manifest.write_text(json.dumps({"schema_version": 1, "assets": assets}))
    return manifest


@pytest.fixture
def voice(tmp_path: Path) -> dict[str, Path]:
    file = write_voice(tmp_path / "amy.onnx")
    return {"amy": file, "amy.json": file.with_name("amy.onnx.json")}


def prepared(folder: Path, manifest: Path, job: dict[str, Any]) -> Prepared:
    work = folder / "work"
    work.mkdir(exist_ok=True)
    settings = Settings(workers=1, assets_manifest=manifest, cache_dir=folder / "fetched")
    cache = DiskCache(folder / "cache", 10**9, work)
    fetcher = OnDemandFetcher(settings, StoreSigner(settings))
    parsed = parse_job(json.dumps(job))
    return prepare_quietly(Request(parsed, folder, work, folder / "film.mp4", settings, cache, fetcher))


def test_a_voice_of_the_manifest_speaks_and_its_words_are_timed(
    tmp_path: Path, voice: dict[str, Path]
) -> None:
    job = {"voice": AMY, "scenes": [{"text": "It costs $5 now"}]}
    film = prepared(tmp_path, write_manifest(tmp_path, voice), job)

    words = [word for cue in film.timeline.cues for line in cue.lines for word in line]
    assert [word.text for word in words] == ["It", "costs", "$5", "now"]
    assert film.brought.assets == ("amy", "amy.json")


def test_words_of_a_model_that_tells_no_times_are_timed_all_the_same(tmp_path: Path) -> None:
    file = write_voice(tmp_path / "amy.onnx", tells_times=False)
    voice = {"amy": file, "amy.json": file.with_name("amy.onnx.json")}
    film = prepared(
        tmp_path, write_manifest(tmp_path, voice), {"voice": AMY, "scenes": [{"text": "Hello you"}]}
    )

    assert [word.text for cue in film.timeline.cues for line in cue.lines for word in line] == [
        "Hello",
        "you",
    ]


def test_a_changed_model_or_config_is_not_taken_for_the_one_before(
    tmp_path: Path, voice: dict[str, Path]
) -> None:
    def narration() -> str:
        film = prepared(tmp_path, write_manifest(tmp_path, voice), {"voice": AMY, "scenes": [{"text": "Hi"}]})
        return film.timeline.model_dump_json()

    first, again = narration(), narration()
    write_voice(voice["amy"], inference={"noise_scale": 0.0, "length_scale": 2.0})
    assert first == again != narration()


@pytest.mark.parametrize(
    ("wrong", "code", "told"),
    [
        ({"sha256": "0" * 64}, "wrong_sha256", "amy"),
        ({"kind": "voice"}, "wrong_type", "used as model"),
    ],
)
def test_a_model_that_is_not_what_the_manifest_says_is_refused(
    tmp_path: Path, voice: dict[str, Path], wrong: dict[str, str], code: str, told: str
) -> None:
    manifest = write_manifest(tmp_path, voice, **wrong)
    with pytest.raises(InvalidJob) as caught:
        prepared(tmp_path, manifest, {"voice": AMY, "scenes": [{"text": "Hi"}]})

    assert {(problem.path, problem.code) for problem in caught.value.problems} == {("voice.voice", code)}
    assert told in str(caught.value)


def test_a_model_without_the_json_beside_it_is_told(tmp_path: Path, voice: dict[str, Path]) -> None:
    manifest = write_manifest(tmp_path, {"amy": voice["amy"]})
    with pytest.raises(NeuroShortsError, match=r"no such file: 'amy\.json'") as caught:
        prepared(tmp_path, manifest, {"voice": AMY, "scenes": [{"text": "Hi"}]})

    assert caught.value.path == "voice.voice"


@pytest.mark.parametrize(
    ("voice", "told"),
    [
        ("", "name the id of a model"),
        ("https://example.org/amy.onnx", "asset manifest"),
    ],
)
def test_a_voice_that_cannot_be_checked_is_refused(tmp_path: Path, voice: str, told: str) -> None:
    job = {"voice": {"provider": "piper", "voice": voice}, "scenes": [{"text": "Hi"}]}
    with pytest.raises(RejectedJob, match=told) as caught:
        prepared(tmp_path, write_manifest(tmp_path, {}), job)

    assert caught.value.path == "voice.voice"


def test_a_file_beside_the_job_is_a_voice_too(tmp_path: Path, voice: dict[str, Path]) -> None:
    job = {"voice": AMY | {"voice": "amy.onnx"}, "scenes": [{"text": "Hi"}]}
    assert prepared(tmp_path, write_manifest(tmp_path, {}), job).timeline.cues


def test_models_of_scenes_and_of_voices_that_step_in_are_brought_too() -> None:
    job = {
        "voice": {"fallbacks": [AMY]},
        "scenes": [
            {"text": "Hi", "voice": {"provider": "piper", "voice": "bob#2"}},
            {"text": "Hi", "voice": {"voice": "+f2", "fallbacks": [{"provider": "piper", "voice": "eve"}]}},
        ],
    }
    refs = [(ref.path, ref.src) for ref in media_refs(parse_job(json.dumps(job))) if ref.kind == "model"]
    assert refs == [
        ("voice.fallbacks[0].voice", "amy"),
        ("voice.fallbacks[0].voice", "amy.json"),
        ("scenes[0].voice.voice", "bob"),
        ("scenes[0].voice.voice", "bob.json"),
        ("scenes[1].voice.fallbacks[0].voice", "eve"),
        ("scenes[1].voice.fallbacks[0].voice", "eve.json"),
    ]
