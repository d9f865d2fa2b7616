"""A real browser without a window, and pages in it that play a film."""

import html
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Locator, Response, sync_playwright

from tests.services.missing import Missing
from tests.waiting import PATIENCE_SECONDS, eventually

_PROGRAM = "chromium"
#: It asks nobody on the network but whom a page names, and films play without a click.
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
_HEIGHT_PX = 480
#: Seconds by which a picture may lie beside the time that was sought.
_NEAR_SECONDS = 0.1
#: Milliseconds that it may take to start, and to answer.
_PATIENCE_MS = PATIENCE_SECONDS * 1000


class Answer(NamedTuple):
    """What a server answered the browser."""

    range: str
    status: int


class Player:
    """A page with one film, in a session of its own: nothing is kept from another."""

    def __init__(self, browser: Browser, url: str, *, is_opened: bool = False) -> None:
        """Load a film into a page; with `is_opened` as somebody who clicks on a link does."""
        self.answers: list[Answer] = []
        self._url = url
        self._page = browser.new_page(viewport={"width": 320, "height": _HEIGHT_PX + 20})
        self._page.set_default_timeout(_PATIENCE_MS)
        self._page.on("response", self._note)
        if is_opened:
            self._page.goto(url)
        else:
            source = html.escape(url, quote=True)
            self._page.set_content(
                f'<video muted preload="auto" height="{_HEIGHT_PX}" src="{source}"></video>'
            )

    def close(self) -> None:
        """Leave the page."""
        self._page.close()

    def is_ready(self) -> bool:
        """Tell whether a picture can be shown."""
        return bool(self._value("readyState") >= 2)

    def size(self) -> tuple[int, int]:
        """Tell width and height of the film."""
        return self._value("videoWidth"), self._value("videoHeight")

    def duration(self) -> float:
        """Tell its length in seconds."""
        return float(self._value("duration"))

    def play(self, seconds: float) -> None:
        """Let it play until so much time of the film has gone by."""
        begun = self._value("currentTime")
        self._run("video.play()")
        eventually(lambda: self._value("currentTime") >= begun + seconds)
        self._run("video.pause()")

    def seek(self, seconds: float) -> None:
        """Go to a time, and wait for its picture."""
        self._run("video.onseeked = () => { video.dataset.sought = video.currentTime }")
        self._run(f"video.dataset.sought = ''; video.currentTime = {json.dumps(seconds)}")
        eventually(lambda: self._value("dataset.sought") and self.is_ready())
        assert abs(float(self._value("dataset.sought")) - seconds) < _NEAR_SECONDS

    def screenshot(self) -> bytes:
        """Take a picture (PNG) of what is shown."""
        return self._video.screenshot()

    @property
    def _video(self) -> Locator:
        return self._page.locator("video")

    def _value(self, name: str) -> Any:
        return self._video.evaluate(f"video => video.{name}")

    def _run(self, program: str) -> None:
        self._video.evaluate(f"video => {{ {program} }}")

    def _note(self, response: Response) -> None:
        if response.url == self._url:
            self.answers.append(Answer(response.request.headers.get("range", ""), response.status))


@contextmanager
def playing(browser: Browser, url: str, *, is_opened: bool = False) -> Iterator[Player]:
    """Show a film until the block ends."""
    player = Player(browser, url, is_opened=is_opened)
    try:
        yield player
    finally:
        player.close()


def is_refused(browser: Browser, url: str) -> bool:
    """Open a link as somebody does who clicks on it; tell whether they are told that they may not."""
    page = browser.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    try:
        answer = page.goto(url)
        return answer is not None and 400 <= answer.status < 500 and page.locator("video").count() == 0
    finally:
        page.close()


@contextmanager
def running() -> Iterator[Browser]:
    """Start a browser and end it.

    Raises:
        Missing: none is installed.
    """
    program = shutil.which(_PROGRAM)
    if not program:
        raise Missing("Chromium is missing. Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=list(_ARGUMENTS), timeout=_PATIENCE_MS
        )
        try:
            yield browser
        finally:
            browser.close()
