"""Pictures of the workflows as n8n's own editor shows them: `python -m tests.pictures FOLDER`."""

import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.services import browser, n8n, postgres
from tests.services.n8n import N8n

_SIZE = {"width": 1500, "height": 700}
#: Milliseconds for which the editor may draw a workflow.
_PATIENCE_MS = 180_000
#: Hides what the editor lays over a workflow: advice to whoever publishes one.
_UNCOVERED = "[data-reka-popper-content-wrapper] { display: none !important }"
#: The credentials in the pictures lead nowhere.
_NOWHERE = {
    "NEUROSHORTS_API_KEY": "none",
    "NEUROSHORTS_BROKER_URL": "amqp://nobody:none@rabbitmq:5672/",
}


def take(folder: Path) -> None:
    """Draw every workflow into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ns-n8n-")))
        database = stack.enter_context(postgres.running())
        server = stack.enter_context(n8n.installed(home, database))
        server.bring_in(_NOWHERE)
        server.start()
        server.sign_up()
        draw_all(server, stack.enter_context(browser.running()), folder)


def draw_all(server: N8n, browser: Browser, folder: Path) -> None:
    """Open each workflow in the editor and keep what is seen."""
    context = browser.new_context(viewport=_SIZE)  # type: ignore[arg-type]
    context.add_cookies(server.cookies())  # type: ignore[arg-type]
    for file in sorted((n8n.IMPORT.parent / "workflows").glob("*.json")):
        id = json.loads(file.read_text(encoding="utf-8"))["id"]
        # A page of its own: one that was open already may ask whether to leave, and show nothing else.
        page = context.new_page()
        draw(page, f"{server.url}/workflow/{id}", folder / f"{file.stem}.png")
        page.close()


def draw(page: Page, url: str, file: Path) -> None:
    """Keep a picture of one workflow, as large as fits."""
    page.goto(url, wait_until="domcontentloaded")
    page.locator(".vue-flow__node").first.wait_for(timeout=_PATIENCE_MS)
    page.add_style_tag(content=_UNCOVERED)
    page.keyboard.press("1")  # fits it into the window
    page.wait_for_timeout(1500)
    page.locator(".vue-flow").first.screenshot(path=file)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
