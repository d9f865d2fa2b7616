"""Jobs that are wrong: a clear error with its JSON path, exit code 2, and nothing left on disk."""

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from src.cli.app import run
from tests.synthetic import gradient_rgb, write_clip, write_picture

HELLO = {"text": "Hello"}


def _visual(**visual: object) -> dict[str, Any]:
    return {"scenes": [{"text": "Hello", "visuals": [visual]}]}


#: Name, job, JSON path of the error, words of the message.
BAD_JOBS: list[tuple[str, dict[str, Any], str, str]] = [
    ("unknown field", {"scenes": [HELLO], "colour": 1}, "colour", "unknown field"),
    ("wrong type", {"scenes": [{"text": 5}]}, "scenes[0].text", "put it in quotes"),
    ("empty scenes", {"scenes": []}, "scenes", "at least 1 item(s)"),
    ("negative duration", {"scenes": [{"duration": -1}]}, "scenes[0].duration", "more than 0"),
    ("missing file", _visual(type="image", src="none.png"), "scenes[0].visuals[0].src", "no such file"),
    ("text as film", _visual(type="video", src="text.mp4"), "scenes[0].visuals[0].src", "not a film"),
    (
        "cut-off film",
        _visual(type="video", src="cut.mp4"),
        "scenes[0].visuals[0].src",
        "cannot use 'cut.mp4'",
    ),
    (
        "huge picture",
        _visual(type="image", src="huge.png"),
        "scenes[0].visuals[0].src",
        "50000 x 50000 pixels",
    ),
    ("empty sound", {"scenes": [{"audio": {"src": "empty.wav"}}]}, "scenes[0].audio.src", "empty"),
    (
        "id that climbs",
        _visual(type="image", src="../a.png"),
        "scenes[0].visuals[0].src",
        "leaves the folder",
    ),
    ("no rate", {"scenes": [HELLO], "output": {"fps": 0}}, "output.fps", "at least 1"),
    ("odd width", {"scenes": [HELLO], "output": {"width": 7}}, "output.width", "multiple of 2"),
    (
        "no colour",
        _visual(type="color", color="blurple"),
        "scenes[0].visuals[0].color",
        "'blurple' is no color",
    ),
    ("empty scene", {"scenes": [HELLO, {}]}, "scenes[1]", "a scene needs text, audio, visuals or a duration"),
    ("webhook", {"scenes": [HELLO], "callback": "https://example.org/x"}, "webhook_url", "not supported yet"),
    (
        "font",
        {"scenes": [HELLO], "captions": {"font": {"family": "Papyrus"}}},
        "captions.font.family",
        "neuroshorts fonts",
    ),
    ("background", _visual(type="procedural", family="lava"), "scenes[0].visuals[0].family", "aurora"),
    ("palette", _visual(type="procedural", palette="mud"), "scenes[0].visuals[0].palette", "ocean"),
    ("clip", _visual(type="moviepy", factory="nobody"), "scenes[0].visuals[0].factory", "spotlight"),
    (
        "URL",
        _visual(type="image", src="http://127.0.0.1/a.png"),
        "scenes[0].visuals[0].src",
        "public internet",
    ),
    (
        "object",
        _visual(type="image", src="s3://bucket/a.png"),
        "scenes[0].visuals[0].src",
        "NEUROSHORTS_S3_ACCESS_KEY_ID",
    ),
    ("codec", {"scenes": [HELLO], "output": {"codec": "av1"}}, "output.codec", "'h264'"),
    ("format", {"scenes": [HELLO], "output": {"format": "webm"}}, "output.format", "one of 'mp4', 'mov'"),
    (
        "folder",
        {"scenes": [HELLO], "output": {"destinations": [{"type": "gdrive", "folder_id": "films"}]}},
        "output.destinations[0].folder_id",
        "NEUROSHORTS_GDRIVE_ALLOW_FOLDERS",
    ),
    (
        "bucket",
        {"scenes": [HELLO], "output": {"destinations": [{"type": "s3", "bucket": "films"}]}},
        "output.destinations[0].bucket",
        "NEUROSHORTS_S3_ALLOW_BUCKETS",
    ),
    (
        "key",
        {"scenes": [HELLO], "output": {"destinations": [{"type": "s3", "key": "../{id}.mp4"}]}},
        "output.destinations[0]",
        "no part that is . or ..",
    ),
    ("provider", {"scenes": [HELLO], "voice": {"provider": "piper"}}, "voice.voice", "asset manifest"),
    (
        "effect",
        _visual(type="color", effects=["sepia", "sepai"]),
        "scenes[0].visuals[0].effects[1]",
        "grayscale, mirror, sepia",
    ),
    (
        "alignment",
        {"scenes": [{"text": "こんにちは", "audio": {"src": "a.wav"}}]},
        "scenes[0].audio.words",
        "give their times",
    ),
]


def _huge_png(file: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    file.write_bytes(
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media") / "jobs"
    folder.mkdir()
    (folder / "text.mp4").write_text("this is no film\n" * 50)
    whole = write_clip(folder / "whole.mp4").read_bytes()
    (folder / "cut.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "empty.wav").write_bytes(b"")
    _huge_png(folder / "huge.png")
    write_picture(folder.parent / "a.png", gradient_rgb(8, 8))
    return folder


@pytest.mark.parametrize(
    ("job", "path", "told"), [bad[1:] for bad in BAD_JOBS], ids=[bad[0] for bad in BAD_JOBS]
)
def test_a_wrong_job_is_refused_by_its_path(
    media: Path,
    own_folders: Path,
    job: dict[str, Any],
    path: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(own_folders)
    (media / "job.json").write_text(json.dumps(job))
    before = sorted(file for file in own_folders.rglob("*") if "log_dir" not in file.parts)

    code = run(["render", str(media / "job.json"), "--json"])

    out, err = capsys.readouterr()
    assert code == 2
    error = json.loads(out)["error"]
    assert path in error["path"] + error["message"]
    assert told in error["message"]
    assert path in err
    assert "Traceback" not in err
    left = sorted(file for file in own_folders.rglob("*") if file.is_file() and file.suffix != ".log")
    assert left == [file for file in before if file.is_file()]
