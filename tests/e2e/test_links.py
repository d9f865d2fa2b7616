"""Links to finished films in a real browser: they play, can be sought in, end, and cannot be altered."""

import json
import sys
import threading
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from src.delivery import s3
from src.delivery.parcel import pack
from src.models.output import S3Destination
from src.models.status import RenderResult
from tests.e2e.command import TIMEOUT_SECONDS, run, serving
from tests.services.browser import Player, is_refused, playing
from tests.services.ceph import Ceph
from tests.services.tcp_proxy import TcpProxy, proxied
from tests.unit.delivery.parcels import SENDER
from tests.unit.delivery.shelves import Shelf
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="starts Debian's browser")

SECONDS = 8
FILM: dict[str, Any] = {
    "id": "row-1",
    "output": {"quality": "draft"},
    "scenes": [
        {
            "text": "A film that is played in a browser, from its beginning to its end.",
            "visuals": [{"type": "procedural"}],
            "duration": SECONDS,
        }
    ],
}
SIZE = (540, 960)
#: So slow that the end has not come in yet when it is sought.
NARROW = 128 * 1024.0


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> RenderResult:
    """Render a film once for all tests."""
    done = run(tmp_path_factory.mktemp("film"), "render", "job.json", "-o", "film.mp4", "--json", job=FILM)
    result = json.loads(done.stdout)["result"]
    return RenderResult.model_validate(result)


@pytest.fixture
def shelf(ceph: Ceph, tmp_path: Path) -> Shelf:
    return Shelf(ceph, tmp_path)


def link_to(rendered: RenderResult, shelf: Shelf, **more: Any) -> str:
    """Deliver the film, and return the link to it."""
    said: dict[str, Any] = {"type": "s3", "key": "film.mp4", "expires_in": 3600}
    # A link may be shorter here than a job may say.
    asked = S3Destination.model_construct(**said | more.pop("asked", {}))
    bucket = s3.Bucket(asked, shelf.bucket, shelf.settings(**more))
    return bucket.deliver(pack(SENDER, {}, rendered), threading.Event(), lambda _: None).film


@pytest.fixture
def way(shelf: Shelf) -> Iterator[TcpProxy]:
    with proxied(lambda: shelf.ceph.port) as proxy:
        yield proxy


def assert_plays(player: Player) -> None:
    """Play a film, and go to its end and back."""
    eventually(player.is_ready)
    assert player.size() == SIZE
    assert abs(player.duration() - SECONDS) < 0.1
    player.seek(SECONDS - 0.5)
    late = assert_shows_something(player)
    player.seek(1.0)
    early = assert_shows_something(player)
    assert np.abs(late - early).mean() > 1
    player.play(0.5)
    # What is opened is asked for whole first. Parts were sent from the start, and from where the end lies.
    assert {answer.status for answer in player.answers if answer.range} == {206}
    starts = {answer.range.partition("=")[2].partition("-")[0] for answer in player.answers if answer.range}
    assert starts - {"0"}


def assert_shows_something(player: Player) -> Any:
    """Look at the picture that is shown; return it as (H, W, 3) float."""
    shown = np.asarray(Image.open(BytesIO(player.screenshot())).convert("RGB"), float)
    assert shown.std() > 10
    return shown


@pytest.mark.parametrize("is_opened", [False, True], ids=["in a page", "opened"])
def test_a_presigned_link_plays_and_can_be_sought_in(
    is_opened: bool, browser: Browser, rendered: RenderResult, shelf: Shelf, way: TcpProxy
) -> None:
    link = link_to(rendered, shelf, s3_public_endpoint_url=f"http://127.0.0.1:{way.port}")
    way.bytes_a_second = NARROW
    with playing(browser, link, is_opened=is_opened) as player:
        assert_plays(player)


def test_a_link_to_a_public_bucket_plays_and_carries_no_signature(
    browser: Browser, rendered: RenderResult, shelf: Shelf
) -> None:
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [anybody]})
    shelf.client.put_bucket_policy(Bucket=shelf.bucket, Policy=policy)
    base = f"{shelf.ceph.url}/{shelf.bucket}"
    link = link_to(rendered, shelf, asked={"public_base_url": base})
    assert link == f"{base}/film.mp4"
    with playing(browser, link) as player:
        eventually(player.is_ready)


def test_a_presigned_link_is_refused_when_its_time_is_over(
    browser: Browser, rendered: RenderResult, shelf: Shelf
) -> None:
    link = link_to(rendered, shelf, asked={"expires_in": 2})
    assert eventually(lambda: is_refused(browser, link))


def altered_presigned(link: str) -> dict[str, str]:
    """Change each part of a link in turn."""
    bare, _, query = link.partition("?")
    values = dict(parse_qsl(query))
    changed = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA1",
        "X-Amz-Credential": values["X-Amz-Credential"].replace("us-east-1", "eu-west-1"),
        "X-Amz-Date": f"{values['X-Amz-Date'][:-3]}{(int(values['X-Amz-Date'][-3:-1]) + 1) % 60:02}Z",
        "X-Amz-Expires": "604800",
        "X-Amz-SignedHeaders": "host;range",
        "X-Amz-Signature": values["X-Amz-Signature"][::-1],
    }
    assert changed.keys() == values.keys()
    without = {name: {other: values[other] for other in values if other != name} for name in values}
    return {
        **{
            f"{name} changed": f"{bare}?{urlencode(values | {name: value})}"
            for name, value in changed.items()
        },
        **{f"{name} removed": f"{bare}?{urlencode(fewer)}" for name, fewer in without.items()},
        "none of them": bare,
        "another key": link.replace("film.mp4", "film.jpg"),
        "another header": f"{link}&response-content-type=text/html",
    }


def test_a_presigned_link_that_was_altered_is_refused(
    browser: Browser, rendered: RenderResult, shelf: Shelf
) -> None:
    link = link_to(rendered, shelf)
    assert not is_refused(browser, link)
    altered = altered_presigned(link)
    assert len(altered) == 15
    assert [how for how, url in altered.items() if not is_refused(browser, url)] == []


class Service:
    """A service that has made the film, behind a way that can be narrowed."""

    def __init__(self, address: str, way: TcpProxy) -> None:
        self.way = way
        self._address = f"http://127.0.0.1:{way.port}"
        accepted = self._post("/render", FILM)
        with urllib.request.urlopen(
            f"{address}/jobs/{accepted['id']}/events", timeout=TIMEOUT_SECONDS
        ) as told:
            for _ in told:
                pass
        self.id: str = accepted["id"]

    def share(self, seconds: int) -> str:
        """Ask for a link."""
        return str(self._post(f"/jobs/{self.id}/share", {"expires_in": seconds})["url"])

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(f"{self._address}{path}", json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            told: dict[str, Any] = json.load(answer)
            return told


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with serving(tmp_path) as address, proxied(lambda: urlsplit(address).port or 80) as way:
        yield Service(address, way)


@pytest.mark.parametrize("is_opened", [False, True], ids=["in a page", "opened"])
def test_a_share_link_plays_and_can_be_sought_in(is_opened: bool, browser: Browser, service: Service) -> None:
    link = service.share(3600)
    service.way.bytes_a_second = NARROW
    with playing(browser, link, is_opened=is_opened) as player:
        assert_plays(player)


def test_a_share_link_ends_and_cannot_be_altered(browser: Browser, service: Service) -> None:
    link = service.share(3600)
    assert not is_refused(browser, link)
    base, _, token = link.rpartition("/")
    id, kind, expires_at, signature = token.split(".")
    altered = {
        "another job": ("0" * 32, kind, expires_at, signature),
        "another file": (id, "poster", expires_at, signature),
        "more time": (id, kind, str(int(expires_at) + 1), signature),
        "another signature": (id, kind, expires_at, signature[::-1]),
        "no signature": (id, kind, expires_at, ""),
    }
    assert [
        how for how, parts in altered.items() if not is_refused(browser, f"{base}/{'.'.join(parts)}")
    ] == []
    assert is_refused(browser, f"{base}/{id}.{kind}.{expires_at}")
    short = service.share(1)
    assert eventually(lambda: is_refused(browser, short))
