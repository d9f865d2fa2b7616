"""Jobs are handed in once, whatever is sent twice, and are on the disk when that is answered."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from src.api.door import Entry
from src.models.job import MAX_JOB_BYTES
from tests.unit.api.running import HELLO, JSON, Running, job, problem, running


def test_a_job_is_accepted_with_its_address(service: Running) -> None:
    before = len(service.woken)
    answer = service.client.post("/render", json={**HELLO, "id": "row-1", "metadata": {"row": 1}})

    told = answer.json()
    assert answer.status_code == 202
    assert (told["job_id"], told["status"]) == ("row-1", "queued")
    assert told["status_url"] == answer.headers["location"] == f"{service.client.base_url}/jobs/{told['id']}"
    assert service.desk.status(told["id"]).metadata == {"row": 1}
    assert len(service.woken) == before + 1


def test_the_position_counts_the_jobs_before_it(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        positions = [service.client.post("/render", json=HELLO).json()["queue_position"] for _ in range(3)]
    assert positions[0] == 0
    assert positions == sorted(positions)


def test_a_job_sent_again_is_the_same_job(service: Running) -> None:
    first = service.client.post("/render", json={**HELLO, "id": "twice"})
    woken = len(service.woken)
    again = service.client.post("/render", json={**HELLO, "id": "twice"})
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json()["id"] == first.json()["id"]
    assert len(service.woken) == woken


def test_the_header_is_the_key_instead_of_the_id(service: Running) -> None:
    body = {**HELLO, "id": "keyed"}
    first = service.client.post("/render", json=body, headers={"Idempotency-Key": "k1"}).json()
    again = service.client.post("/render", json=body, headers={"Idempotency-Key": "k1"}).json()
    other = service.client.post("/render", json=body, headers={"Idempotency-Key": "k2"}).json()
    assert first["id"] == again["id"] != other["id"]


def test_a_job_sent_many_times_at_once_is_one_job(service: Running) -> None:
    def send(_: int) -> tuple[int, str]:
        answer = service.client.post("/render", json={**HELLO, "id": "at-once"})
        return answer.status_code, answer.json()["id"]

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(send, range(16)))
    assert len({id for _, id in answers}) == 1
    assert sorted(status for status, _ in answers) == [200] * 15 + [202]


def test_a_key_of_another_job_is_refused(service: Running) -> None:
    service.client.post("/render", json={**HELLO, "id": "taken"})
    other = service.client.post("/render", json={"scenes": [{"text": "Bye"}], "id": "taken"})
    assert problem(other) == (409, "key_reused")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("", "may not be empty"),
        ("x" * 256, "at most 255 characters"),
        ("with space", "needs letters, digits and signs of ASCII, without spaces"),
    ],
)
def test_a_key_that_is_none_is_refused(service: Running, key: str, told: str) -> None:
    answer = service.client.post("/render", json=HELLO, headers={"Idempotency-Key": key})
    assert problem(answer) == (422, "invalid_request")
    assert answer.json()["problems"][0]["path"] == "idempotency-key"
    assert told in answer.json()["detail"]


def test_jobs_without_a_key_are_different_jobs(service: Running) -> None:
    assert service.submit() != service.submit()


def test_a_full_queue_says_when_to_come_again(tmp_path: Path) -> None:
    with running(tmp_path, max_queued_jobs=1) as service:
        service.submit()
        answer = service.client.post("/render", json=HELLO)
    assert problem(answer) == (429, "queue_full")
    assert int(answer.headers["retry-after"]) > 0


def test_a_bucket_that_jobs_may_not_name_is_refused_at_once(tmp_path: Path) -> None:
    def to(bucket: str) -> dict[str, object]:
        return {**HELLO, "output": {"destinations": [{"type": "s3", "bucket": bucket}]}}

    with running(tmp_path, s3_bucket="our-films") as service:
        answers = {bucket: service.client.post("/render", json=to(bucket)) for bucket in ("", "their-films")}
    assert answers[""].status_code == 202
    assert problem(answers["their-films"]) == (422, "forbidden_bucket")
    assert "output.destinations[0].bucket" in answers["their-films"].text


def test_a_folder_that_jobs_may_not_name_is_refused_at_once(tmp_path: Path) -> None:
    def to(folder_id: str) -> dict[str, object]:
        return {**HELLO, "output": {"destinations": [{"type": "gdrive", "folder_id": folder_id}]}}

    with running(tmp_path, gdrive_folder_id="ours") as service:
        answers = {folder: service.client.post("/render", json=to(folder)) for folder in ("", "theirs")}
    assert answers[""].status_code == 202
    assert problem(answers["theirs"]) == (422, "forbidden_folder")
    assert "output.destinations[0].folder_id" in answers["theirs"].text


def test_a_caption_style_that_nobody_has_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "ours.yaml").write_text("base: neon\n")

    with running(tmp_path, styles_folder=tmp_path / "styles") as service:
        answers = {
            name: service.client.post("/render", json={**HELLO, "captions": {"style": name}})
            for name in ("ours", "theirs")
        }
        listed = service.client.get("/capabilities").json()["caption_styles"]

    assert answers["ours"].status_code == 202
    assert problem(answers["theirs"]) == (422, "unknown_name")
    assert "captions.style" in answers["theirs"].text
    assert listed[-1] == "ours"


def test_mistakes_of_all_kinds_are_told_at_once_and_in_the_order_of_the_job(tmp_path: Path) -> None:
    wrong = {
        "scenes": [{"text": "Hello", "visuals": [{"type": "image", "src": "http://127.0.0.1/a"}]}],
        "captions": {"style": "theirs", "font": {"family": "theirs"}},
        "voice": {"voice": "nobody"},
        "output": {"destinations": [{"type": "s3", "bucket": "theirs"}]},
        "webhook_url": "http://127.0.0.1/told",
    }
    with running(tmp_path) as service:
        answers = [service.client.post(path, json=wrong) for path in ("/render", "/render/validate")]
    for answer in answers:
        assert [told["path"] for told in answer.json()["problems"]] == [
            "webhook_url",
            "output.destinations[0].bucket",
            "voice.voice",
            "captions.style",
            "captions.font.family",
            "scenes[0].visuals[0].src",
        ]


def test_media_that_can_never_be_fetched_are_refused_at_once_with_all_their_paths(tmp_path: Path) -> None:
    visuals = [{"type": "image", "src": src} for src in ("a.png", "http://127.0.0.1/a", "s3://theirs/a")]
    wrong = {"scenes": [{"visuals": visuals}], "music": {"src": "http://[::ffff:169.254.169.254]/latest"}}
    with running(tmp_path, fetch_allow_buckets="s3://ours") as service:
        answers = [service.client.post(path, json=wrong) for path in ("/render", "/render/validate")]
        (item,) = service.client.post("/render/batch", json=[wrong]).json()
        right = {"scenes": [{"visuals": [{"type": "image", "src": "s3://ours/a"}]}]}
        assert service.client.post("/render", json=right).status_code == 202
        assert len(service.client.get("/jobs").json()["jobs"]) == 1
    for told in (item["problem"], *(answer.json() for answer in answers)):
        assert told["status"] == 422
        assert [(problem["path"], problem["code"]) for problem in told["problems"]] == [
            ("music.src", "forbidden_host"),
            ("scenes[0].visuals[1].src", "forbidden_host"),
            ("scenes[0].visuals[2].src", "forbidden_bucket"),
        ]


@pytest.mark.parametrize("url", ["ftp://example.org/a", "https://ada:word@example.org/a", "https://"])
def test_media_that_cannot_be_called_are_refused_at_once(tmp_path: Path, url: str) -> None:
    with running(tmp_path) as service:
        answer = service.client.post("/render", json={**HELLO, "music": {"src": url}})
    assert problem(answer) == (422, "uncallable_url")
    assert answer.json()["problems"][0]["path"] == "music.src"


def test_links_begin_with_the_public_address(tmp_path: Path) -> None:
    with running(tmp_path, public_url="https://films.example/api/") as service:
        told = service.client.post("/render", json=HELLO).json()
    assert told["status_url"] == f"https://films.example/api/jobs/{told['id']}"


@pytest.mark.parametrize("host", ["a b", "[", "evil.example/x?", "h" * 300])
def test_links_repeat_no_strange_host(tmp_path: Path, host: str) -> None:
    with running(tmp_path, entry=Entry.ANYBODY) as service:
        told = service.client.post("/render", json=HELLO, headers={"Host": host}).json()
    assert told["status_url"] == f"http://localhost/jobs/{told['id']}"


def _nested(depth: int) -> bytes:
    return b'[{"scenes":[{"text":"a"}],"metadata":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}]"


@pytest.mark.parametrize("path", ["/render", "/render/validate", "/render/batch"])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"),
        (b" ", "bad_json"),
        (b"\xff\xfe", "bad_json"),
        ("{}".encode("utf-16"), "bad_json"),
        (b"\xef\xbb\xbf" + job(), "bad_json"),
        (b'{"scenes":[{"text":"caf\xe9"}]}', "bad_json"),
        (b"\0", "bad_json"),
        (job().replace(b"Hello", b"\0"), "bad_json"),
        (job().replace(b"Hello", b"a\nb"), "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"a":' * 100_000, "bad_json"),
        (_nested(100), "bad_json"),
        (_nested(960), "bad_json"),
        (_nested(100_000), "bad_json"),
        (b'{"scenes":[{"duration":NaN}]}', "bad_json"),
        (b'{"scenes":[{"text":"a"}],"metadata":{"a":-Infinity}}', "bad_json"),
        (b'{"scenes":[{"text":"a"}],"metadata":{"a":1e999}}', "bad_json"),
        (b'{"scenes":[{"text":"a"}],"metadata":{"a":' + b"9" * 5000 + b"}}", "bad_json"),
        (b'{"scenes":[],"scenes":[]}', "bad_json"),
        (job()[:-1], "bad_json"),
        (job() + b"{}", "bad_json"),
        (b"scenes=1", "bad_json"),
    ],
)
def test_what_is_no_json_is_refused(service: Running, path: str, body: bytes, code: str) -> None:
    assert problem(service.client.post(path, content=body, headers=JSON)) == (422, code)


@pytest.mark.parametrize("path", ["/render", "/render/validate"])
@pytest.mark.parametrize(
    ("body", "code", "at"),
    [
        (b"null", "model_type", ""),
        (b"[]", "model_type", ""),
        (b'"job"', "model_type", ""),
        (b"{}", "missing", "scenes"),
        (job(color=1), "unknown_field", "color"),
        (job(output={"codec": "av1"}), "literal_error", "output.codec"),
        (job().replace(b"Hello", rb"\u0000"), "bad_text", "scenes[0].text"),
        (job(metadata={"b": [{"a\0": 1}]}), "bad_text", "metadata.b[0]"),
        (job(id="a b"), "string_pattern_mismatch", "id"),
        (job(metadata={"a": "x" * 70_000}), "metadata_too_large", "metadata"),
        (job(metadata={"a": "\ud800"}), "json_invalid", ""),
        (job(priority=10**300), "less_than_equal", "priority"),
    ],
)
def test_a_wrong_job_is_told_with_its_place(
    service: Running, path: str, body: bytes, code: str, at: str
) -> None:
    answer = service.client.post(path, content=body, headers=JSON)
    assert problem(answer) == (422, code)
    assert answer.json()["problems"][0]["path"] == at


def test_numbers_of_metadata_come_back_as_they_were(service: Running) -> None:
    metadata = {
        "big": 10**30,
        "small": 1e-300,
        "text": "ä\U0001f600",
        "deep": json.loads("[" * 90 + "]" * 90),
    }
    told = service.client.get(f"/jobs/{service.submit(metadata=metadata)}").json()
    assert told["metadata"] == metadata


@pytest.mark.parametrize("path", ["/render", "/render/validate", "/render/batch"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Content-Type": "text/plain", "Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "image/png"},
        {**JSON, "Content-Encoding": "gzip"},
    ],
)
def test_a_body_of_another_kind_or_of_a_page_that_does_not_say_it_is_json_is_refused(
    service: Running, path: str, headers: dict[str, str]
) -> None:
    answer = service.client.post(path, content=gzip.compress(job()), headers=headers)
    assert problem(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "headers", [{}, {"Content-Type": ""}, {"Content-Type": "application/x-www-form-urlencoded"}]
)
def test_tools_need_not_say_that_a_body_is_json(service: Running, headers: dict[str, str]) -> None:
    assert service.client.post("/render", content=job(), headers=headers).status_code == 202


@pytest.mark.parametrize(
    "said", ["application/json; charset=UTF-8", "APPLICATION/JSON", "application/ld+json"]
)
def test_other_spellings_of_json_are_taken(service: Running, said: str) -> None:
    answer = service.client.post("/render", content=job(), headers={"Content-Type": said})
    assert answer.status_code == 202


def test_a_body_of_100_mb_is_refused_unread(service: Running) -> None:
    answer = service.client.post("/render", content=b" " * 100_000_000, headers=JSON)
    assert problem(answer) == (413, "job_too_large")


def test_a_body_without_a_length_is_bounded_as_well(service: Running) -> None:
    parts = (b" " * 65_536 for _ in range(MAX_JOB_BYTES // 65_536 + 8))
    assert problem(service.client.post("/render", content=parts, headers=JSON)) == (413, "job_too_large")


def test_one_wrong_job_of_a_batch_stops_no_other(service: Running) -> None:
    jobs = [{**HELLO, "id": "batch-1"}, {"scenes": []}, 7, {"\0": "\ud800"}, {**HELLO, "id": "batch-2"}]
    told = service.client.post("/render/batch", content=json.dumps(jobs), headers=JSON).json()
    assert [item["status"] for item in told] == [202, 422, 422, 422, 202]
    assert [item["index"] for item in told] == [0, 1, 2, 3, 4]
    assert told[0]["accepted"]["job_id"] == "batch-1"
    assert told[1]["problem"]["code"] == "too_short"
    assert "problem" not in told[4]


def test_a_batch_sent_again_is_the_same_jobs(service: Running) -> None:
    batch = {"jobs": [{**HELLO, "id": "again-1"}, {**HELLO, "id": "again-2"}]}
    first = service.client.post("/render/batch", json=batch).json()
    again = service.client.post("/render/batch", json=batch).json()
    assert [item["status"] for item in again] == [200, 200]
    assert [item["accepted"]["id"] for item in first] == [item["accepted"]["id"] for item in again]


@pytest.mark.parametrize("batch", [[], {"jobs": []}, {"jobs": 1}, {"job": [HELLO]}, "x", [HELLO] * 101])
def test_what_is_no_batch_is_refused(service: Running, batch: object) -> None:
    answer = service.client.post("/render/batch", content=json.dumps(batch), headers=JSON)
    assert problem(answer) == (422, "bad_batch")


def test_an_array_of_jobs_is_told_where_it_belongs(service: Running) -> None:
    answer = service.client.post("/render", json=[HELLO])

    assert problem(answer) == (422, "model_type")
    assert "POST /render/batch" in answer.json()["detail"]


def test_one_job_is_no_batch_and_told_where_it_belongs(service: Running) -> None:
    answer = service.client.post("/render/batch", json=HELLO)

    assert problem(answer) == (422, "bad_batch")
    assert answer.json()["detail"].endswith("this is one job: send it to POST /render")
