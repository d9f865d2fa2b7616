"""What a look at a film costs before it is rendered, and after."""

from functools import partial

from PIL import Image

from .films import WrongFilm, film_facts
from .scenario import Scale
from .trial import Made, Part, Ratio, made_of
from .workshop import Film, Workshop

#: Where in the film one looks: a caption over a moving photograph.
AT = 0.1


def preview_part(shop: Workshop, scale: Scale) -> Part:
    """Draw one frame and a contact sheet, from an empty cache and from one that a render has left."""
    film = shop.film(scale)
    at = ["--at", f"{film.scale.seconds * AT:g}"]
    runs = {
        "render": partial(shop.render_cold, film),
        "frame_cold": partial(_preview, shop, film, at, like=None),
        "frame_warm": partial(_preview, shop, film, at, like="cold"),
        "sheet_warm": partial(_preview, shop, film, ["--sheet"], like="cold"),
    }
    ratios = tuple(Ratio(name, "render", figure) for name in list(runs)[1:] for figure in ("cpu_s", "wall_s"))
    return Part("previews", film_facts(scale, film.timeline), runs, ratios)


def _preview(shop: Workshop, film: Film, what: list[str], *, like: str | None) -> Made:
    """Preview a film and look at the picture.

    Raises:
        WrongFilm: one frame has another size than the film's.
    """
    target = shop.folder / "preview.png"
    target.unlink(missing_ok=True)
    arguments = ["preview", str(film.job), *what, "-o", str(target)]
    outcome = shop.call(arguments, shop.cache("preview", like=like))
    with Image.open(target) as picture:
        size, wanted = picture.size, (film.scale.width, film.scale.height)
    if "--at" in what and size != wanted:
        raise WrongFilm(f"a preview of {size[0]}x{size[1]}, wanted {wanted[0]}x{wanted[1]}")
    return made_of(outcome, width=size[0], height=size[1])
