"""`neuroshorts styles`: a table of what a job may choose from, or a page that shows all caption styles."""

from pathlib import Path

from ..errors import RejectedJob
from .catalogue import caption_style_rows, style_rows
from .console import open_desk, print_rows
from .jobfile import make_writable_folder

#: Pictures that can be written, by what their names end with.
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


def styles_command(sheet: Path | None) -> None:
    """Print the table, or draw the page and print where it is.

    Raises:
        RejectedJob: the page cannot be written so.
        BadStyleFile: a file of the operator's own styles that is none.
    """
    desk = open_desk()
    folder = desk.settings.styles_folder
    if sheet is None:
        print_rows([*caption_style_rows(folder), *style_rows()])
        return
    if sheet.suffix.lower() not in _FORMATS:
        raise RejectedJob(f"{sheet.name!r} must end with one of: {', '.join(_FORMATS)}")
    from ..engines.subtitle.presets import presets
    from ..pipeline.style_sheet import style_sheet

    make_writable_folder(sheet.absolute().parent)
    style_sheet(presets(folder)).save(sheet, _FORMATS[sheet.suffix.lower()], quality=95)
    desk.say(str(sheet), "bold green")
