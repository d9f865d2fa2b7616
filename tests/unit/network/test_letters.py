"""Signed letters, and the recipes by which receivers check them."""

import hashlib
import hmac
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from src.network.calls import Caller
from src.network.guard import Guard
from src.network.letters import Letter, Letters
from src.network.signature import signature
from tests.receiver import receiving

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"
SECRET, BODY = "s3cret", '{"id":"1","title":"größer"}'.encode()


def snippet(language: str) -> str:
    """Take the code of one language from the page about webhooks."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_a_signature_is_an_hmac_over_time_and_body() -> None:
    expected = hmac.new(b"s3cret", b"1700000000." + BODY, hashlib.sha256).hexdigest()
    assert signature(b"s3cret", BODY, 1700000000) == f"t=1700000000,v1={expected}"


def test_a_letter_tells_who_it_is_from_and_what_it_is() -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with receiving() as receiver:
        letters = Letters(Caller(Guard(["127.0.0.1"])), SECRET)
        letters.send(receiver.url, {"Authorization": "Bearer 1"}, Letter("ended", "d1", 3, BODY, parent))
    (received,) = receiver.received
    headers = received.headers
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("NeuroShorts/")
    assert (headers["x-neuroshorts-event"], headers["x-neuroshorts-delivery"]) == ("ended", "d1")
    assert (headers["x-neuroshorts-attempt"], headers["traceparent"]) == ("3", parent)
    assert headers["authorization"] == "Bearer 1"
    at = int(headers["x-neuroshorts-signature"].split(",")[0].removeprefix("t="))
    assert headers["x-neuroshorts-signature"] == signature(SECRET.encode(), received.body, at)


def test_the_recipe_in_python_tells_true_letters_from_false_ones() -> None:
    names: dict[str, object] = {}
    exec(snippet("python"), names)  # the recipe that people copy
    is_ours = names["is_ours"]
    assert callable(is_ours)
    at = 1700000000
    header = signature(SECRET.encode(), BODY, at)
    assert is_ours(SECRET, header, BODY, now=at + 10)
    assert not is_ours(SECRET, header, BODY + b" ", now=at + 10)
    assert not is_ours("other", header, BODY, now=at + 10)
    assert not is_ours(SECRET, header, BODY, now=at + 301)
    assert not is_ours(SECRET, header.replace("t=17", "t=18"), BODY, now=at + 10)


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js is missing. Debian: apt-get install nodejs")
def test_the_recipe_in_javascript_tells_true_letters_from_false_ones(tmp_path: Path) -> None:
    at = 1700000000
    header, body = signature(SECRET.encode(), BODY, at), BODY.decode()
    program = tmp_path / "check.js"
    program.write_text(
        f"{snippet('javascript')}\n"
        f"const body = {body!r}, header = {header!r};\n"
        f"console.log(isOurs({SECRET!r}, header, body, {at + 10}),\n"
        f"  isOurs({SECRET!r}, header, body + ' ', {at + 10}),\n"
        f"  isOurs('other', header, body, {at + 10}), isOurs({SECRET!r}, header, body, {at + 301}))\n",
        encoding="utf-8",
    )
    done = subprocess.run(["node", str(program)], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("true false false false", "")
