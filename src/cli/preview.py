"""`neuroshorts preview`: one frame of a film, or a sheet of all its scenes, without rendering it."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import RejectedJob
from .console import ExitCode, open_desk
from .dryrun import open_request
from .jobfile import make_writable_folder

if TYPE_CHECKING:
    from PIL import Image

#: Pictures that can be written, by what their names end with.
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
#: zlib's: the default takes five times as long for a tenth less.
_PNG_LEVEL = 1


class PreviewOptions(NamedTuple):
    """What the command line says."""

    job: str
    at_seconds: float | None
    sheet: bool
    out: Path | None


def preview_command(options: PreviewOptions) -> ExitCode:
    """Draw what was asked for and print where it is.

    Raises:
        RejectedJob: the options or the job are wrong.
    """
    if (options.at_seconds is None) == (not options.sheet):
        raise RejectedJob("name either a time (--at 3.2) or --sheet")
    if options.out and options.out.suffix.lower() not in _FORMATS:
        raise RejectedJob(f"{options.out.name!r} must end with one of: {', '.join(_FORMATS)}")
    desk = open_desk()
    with open_request(desk, options.job) as request:
        from ..pipeline.handover import refuse_unsafe_targets
        from ..pipeline.preview import contact_sheet, preview_frame

        name = request.film_path.stem
        default = request.film_path.with_name(f"{name}-{_what(options)}.png")
        out = (options.out or default).absolute()
        refuse_unsafe_targets(out, (), [Path(options.job)])
        request = request._replace(film_path=out)
        if options.at_seconds is None:
            picture = contact_sheet(request, name)
        else:
            from PIL import Image

            picture = Image.fromarray(preview_frame(request, options.at_seconds))
        _write(picture, out, request.work_dir)
    desk.say(str(out), "bold green")
    return ExitCode.DONE


def _what(options: PreviewOptions) -> str:
    return "sheet" if options.at_seconds is None else f"{options.at_seconds:g}s"


def _write(picture: "Image.Image", out: Path, work_dir: Path) -> None:
    """Write a picture whole or not at all."""
    from ..pipeline.staging import put_in_place, telling_full_disk

    make_writable_folder(out.parent)
    finished = work_dir / f"preview{out.suffix}"
    with telling_full_disk(work_dir):
        picture.save(finished, _FORMATS[out.suffix.lower()], quality=95, compress_level=_PNG_LEVEL)
    put_in_place({out: finished}, work_dir)
