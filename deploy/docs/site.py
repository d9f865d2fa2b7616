"""All pages that are written when the site is built."""

from io import BytesIO
from pathlib import Path

from deploy.docs import command, http, job, links, readme, settings
from src.engines.subtitle.presets import presets
from src.pipeline.style_sheet import style_sheet

#: The page of all caption styles, drawn with the site.
STYLES_PICTURE = "pictures/styles.webp"
#: What stands before it in its page, and how wide it is there.
_BEFORE_STYLES, _STYLES_WIDTH_PX = "## A style of your own", 1662
#: Workflows in the order in which their page tells of them.
_WORKFLOWS = ("render", "queue", "poll", "batch", "errors")


def pages(root: Path) -> dict[str, str]:
    """Write the pages of the reference; a name is a path below docs/."""
    text = (root / "README.md").read_text(encoding="utf-8")

    def part(title: str, page: str) -> str:
        return links.for_site(readme.section(text, title), "README.md", page)

    return {
        job.PAGE: job.page(job.files(root / "examples")),
        http.PAGE: http.page(part("Over HTTP", http.PAGE), http.document(), root / "src"),
        command.PAGE: command.page(part("The command", command.PAGE)),
        settings.PAGE: settings.page(part("Settings", settings.PAGE)),
    }


def with_pictures(text: str, docs: Path) -> str:
    """Put the pictures of workflows behind their page, those that have been drawn."""
    drawn = [name for name in _WORKFLOWS if (docs / "pictures" / "n8n" / f"{name}.png").exists()]
    shown = "".join(f"\n![The workflow {name}](pictures/n8n/{name}.png)\n" for name in drawn)
    return f"{text.rstrip()}\n{shown}"


def styles_picture() -> bytes:
    """Draw all caption styles, half as large as the command does."""
    sheet = style_sheet(presets())
    picture = BytesIO()
    height = sheet.height * _STYLES_WIDTH_PX // sheet.width
    sheet.resize((_STYLES_WIDTH_PX, height)).save(picture, "WEBP", quality=88)
    return picture.getvalue()


def with_styles(text: str) -> str:
    """Show the caption styles before it is told how to make one."""
    shown = f"![All caption styles]({STYLES_PICTURE})\n\n{_BEFORE_STYLES}"
    return text.replace(_BEFORE_STYLES, shown, 1)
