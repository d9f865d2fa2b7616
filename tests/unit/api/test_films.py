"""Finished files, whole and in parts, and links to them that need no key."""

import io
import time
from pathlib import Path

import av
import pytest

from src.store import links
from src.store.secret import signing_secret
from tests.synthetic import write_clip
from tests.unit.api.running import Running, problem


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make a small film."""
    file = tmp_path_factory.mktemp("film") / "film.mp4"
    write_clip(file)
    return file.read_bytes()


@pytest.fixture(scope="module")
def done(service: Running, film: bytes) -> str:
    """Name a job that is done."""
    id = service.submit(id="my-film")
    service.finish(id, film)
    return id


def test_the_film_plays(service: Running, done: str, film: bytes) -> None:
    answer = service.client.get(f"/jobs/{done}/video")
    assert (answer.status_code, answer.content) == (200, film)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-disposition"] == 'inline; filename="my-film.mp4"'
    assert answer.headers["accept-ranges"] == "bytes"
    with av.open(io.BytesIO(answer.content)) as opened:
        assert opened.streams.video[0].frames > 0


def test_its_head_comes_alone(service: Running, done: str, film: bytes) -> None:
    answer = service.client.head(f"/jobs/{done}/video")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(film))


@pytest.mark.parametrize(
    ("asked", "part"),
    [("0-99", slice(0, 100)), ("100-", slice(100, None)), ("-50", slice(-50, None)), ("7-7", slice(7, 8))],
)
def test_a_part_of_the_film_is_given(
    service: Running, done: str, film: bytes, asked: str, part: slice
) -> None:
    answer = service.client.get(f"/jobs/{done}/video", headers={"Range": f"bytes={asked}"})
    assert (answer.status_code, answer.content) == (206, film[part])
    assert answer.headers["content-range"].endswith(f"/{len(film)}")


def test_several_parts_are_given(service: Running, done: str, film: bytes) -> None:
    answer = service.client.get(f"/jobs/{done}/video", headers={"Range": "bytes=0-1, 10-11"})
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges")


@pytest.mark.parametrize(
    "asked", ["bytes=99999999-", "bytes=5-2", "bytes=-0", "bytes=x", "bytes=-", "bytes=", "frames=0-1", "x"]
)
def test_a_part_that_is_not_there_is_a_problem(service: Running, done: str, film: bytes, asked: str) -> None:
    answer = service.client.get(f"/jobs/{done}/video", headers={"Range": asked})
    assert problem(answer) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(film)}"


def test_a_film_that_is_known_is_not_sent_again(service: Running, done: str) -> None:
    etag = service.client.get(f"/jobs/{done}/video").headers["etag"]
    for held in (etag, f'"x", {etag}', f"W/{etag}"):
        again = service.client.get(f"/jobs/{done}/video", headers={"If-None-Match": held})
        assert (again.status_code, again.content) == (304, b"")
    part = {"Range": "bytes=0-1", "If-Range": etag}
    assert service.client.get(f"/jobs/{done}/video", headers=part).status_code == 206
    assert service.client.get(f"/jobs/{done}/video", headers=part | {"If-Range": '"x"'}).status_code == 200


@pytest.mark.parametrize("path", ["poster", "preview.jpg"])
def test_the_poster_is_shown(service: Running, done: str, path: str) -> None:
    answer = service.client.get(f"/jobs/{done}/{path}")
    assert (answer.content, answer.headers["content-type"]) == (b"poster", "image/jpeg")


def test_caption_files_are_given_as_text(service: Running, done: str) -> None:
    answer = service.client.get(f"/jobs/{done}/sidecars/srt")
    assert "Hallo, Welt" in answer.text
    assert answer.headers["content-type"] == "application/x-subrip; charset=utf-8"
    assert problem(service.client.get(f"/jobs/{done}/sidecars/vtt")) == (404, "no_such_file")
    assert problem(service.client.get(f"/jobs/{done}/sidecars/exe")) == (422, "invalid_request")


@pytest.mark.parametrize("path", ["video", "poster", "preview.jpg", "sidecars/srt"])
def test_files_are_there_when_the_job_is_done(service: Running, path: str) -> None:
    id = service.submit()
    assert problem(service.client.get(f"/jobs/{id}/{path}")) == (409, "not_finished")
    service.client.delete(f"/jobs/{id}")
    assert problem(service.client.get(f"/jobs/{id}/{path}")) == (404, "no_film")


def test_a_file_that_is_gone_is_told(service: Running) -> None:
    id = service.submit()
    (service.finish(id) / "film.mp4").unlink()
    assert problem(service.client.get(f"/jobs/{id}/video")) == (404, "file_gone")


def test_a_film_elsewhere_is_pointed_to(service: Running) -> None:
    id, there = service.submit(), "https://bucket.example/film.mp4?signature=a%2Fb"
    service.finish(id, url=there, urls=(there,))
    answer = service.client.get(f"/jobs/{id}/video")
    assert (answer.status_code, answer.headers["location"]) == (307, there)
    assert service.client.get(f"/jobs/{id}").json()["result"]["url"] == there


def test_a_film_here_and_elsewhere_plays_from_here(service: Running) -> None:
    id, there = service.submit(), "https://bucket.example/film.mp4"
    here = service.settings.data_dir / "jobs" / id / "film.mp4"
    service.finish(id, url=there, urls=(there, str(here)))
    assert service.client.get(f"/jobs/{id}/video").content == b"film"


@pytest.mark.parametrize("path", ["/etc/passwd", "{folder}/../other.mp4", "{folder}/way-out.mp4", "{folder}"])
def test_no_file_outside_of_the_jobs_folder_is_given(service: Running, path: str) -> None:
    id = service.submit()
    folder = service.settings.data_dir / "jobs" / id
    (service.settings.data_dir / "jobs").mkdir(exist_ok=True)
    (folder.parent / "other.mp4").write_bytes(b"somebody's")
    folder_made = service.finish(id, url=path.format(folder=folder), urls=())
    (folder_made / "way-out.mp4").symlink_to(folder.parent / "other.mp4")
    assert problem(service.client.get(f"/jobs/{id}/video")) == (404, "file_gone")


def test_links_of_a_status_work_without_more(service: Running, done: str, film: bytes) -> None:
    result = service.client.get(f"/jobs/{done}").json()["result"]
    assert service.client.get(result["url"]).content == film
    assert result["urls"] == [result["url"]]
    assert service.client.get(result["poster_url"]).content == b"poster"
    assert "Hallo" in service.client.get(result["sidecars"]["srt"]).text
    listed = service.client.get("/jobs?job_id=my-film").json()["jobs"][0]["result"]
    assert listed == result


@pytest.mark.parametrize("name", ["expires_in", "expiresIn"])
def test_a_link_can_be_made_for_a_time(service: Running, done: str, film: bytes, name: str) -> None:
    made = service.client.post(f"/jobs/{done}/share", json={name: 60})
    assert made.status_code == 200
    answer = service.client.get(made.json()["url"], headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.content) == (206, film[:10])
    assert service.client.head(made.json()["url"]).status_code == 200


def test_a_link_is_made_without_a_body(service: Running, done: str) -> None:
    assert service.client.post(f"/jobs/{done}/share").status_code == 200


@pytest.mark.parametrize(
    "body",
    [b'{"expires_in":0}', b'{"expires_in":2592001}', b'{"expires_in":"1"}', b"[]", b"\xff", b'{"x":1}'],
)
def test_a_wrong_time_for_a_link_is_refused(service: Running, done: str, body: bytes) -> None:
    answer = service.client.post(
        f"/jobs/{done}/share", content=body, headers={"Content-Type": "application/json"}
    )
    assert problem(answer) == (422, "invalid_request")


def test_a_film_that_is_not_there_yet_is_not_shared(service: Running) -> None:
    assert problem(service.client.post(f"/jobs/{service.submit()}/share")) == (409, "not_finished")


def test_a_link_ends(service: Running, done: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = service.client.post(f"/jobs/{done}/share", json={"expires_in": 60}).json()["url"]
    now = time.time()
    monkeypatch.setattr("src.store.links.time.time", lambda: now + 61)
    assert problem(service.client.get(url)) == (403, "link_expired")


def test_an_altered_link_is_not_valid(service: Running, done: str) -> None:
    url = service.client.post(f"/jobs/{done}/share").json()["url"]
    start, token = url.rsplit("/", 1)
    id, kind, expires_at, signature = token.split(".")
    altered = [
        f"{'0' * 32}.{kind}.{expires_at}.{signature}",
        f"{id}.poster.{expires_at}.{signature}",
        f"{id}.{kind}.{int(expires_at) + 1}.{signature}",
        f"{id}.{kind}.{expires_at}.{signature[:-1]}",
        f"{id}.{kind}.{expires_at}.",
        f"{id}.{kind}.{expires_at}",
        "x",
        "...",
        "%ff%00",
        "ä",
    ]
    for other in altered:
        assert problem(service.client.get(f"{start}/{other}")) == (403, "link_invalid"), other


def test_links_of_another_secret_are_not_valid(service: Running, done: str) -> None:
    url = links.ShareLinks(b"other").url("", links.Shared(done, "film"), int(time.time()) + 60)
    assert problem(service.client.get(url)) == (403, "link_invalid")


def test_a_link_outlives_no_job(service: Running) -> None:
    shared = links.Shared("0" * 32, "film")
    url = links.ShareLinks(signing_secret(service.settings)).url("", shared, int(time.time()) + 60)
    assert problem(service.client.get(url)) == (404, "unknown_job")


def test_files_with_names_of_any_letters_are_found(service: Running, tmp_path: Path) -> None:
    id = service.submit()
    folder = service.settings.data_dir / "jobs" / id
    made = service.finish(id, url=str(folder / "fílm ä.webm"), urls=())
    (made / "fílm ä.webm").write_bytes(b"webm")
    answer = service.client.get(f"/jobs/{id}/video")
    assert (answer.content, answer.headers["content-type"]) == (b"webm", "video/webm")
    assert answer.headers["content-disposition"] == f'inline; filename="{id}.webm"'


def test_the_preview_is_the_latest_frame_while_the_job_is_worked_on(service: Running) -> None:
    id = service.submit()
    path = f"/jobs/{id}/preview.jpg"
    claim = service.claim(id)
    service.queue.renew(claim, "rendering", 0.2)
    assert problem(service.client.get(path)) == (409, "not_finished")
    for jpeg in (b"first", b"second"):
        assert service.previews.keep(id, claim.token, jpeg)
        answer = service.client.get(path, params={"at": 1})
        assert (answer.status_code, answer.content) == (200, jpeg)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "no-store"
    assert service.client.head(path).status_code == 200
    service.queue.hand_back(claim, "stopped")
    assert problem(service.client.get(path)) == (409, "not_finished")


def test_the_preview_of_a_finished_job_is_its_poster(service: Running) -> None:
    id = service.submit()
    service.finish(id)
    assert service.client.get(f"/jobs/{id}/preview.jpg").content == b"poster"
