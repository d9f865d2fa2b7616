"""Images under the names that docker-compose.yml asks for, made from Debian: no registry is needed."""

import os
import re
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.command import ROOT
from tests.services import ceph, n8n
from tests.services.missing import Missing
from tests.stack.engine import DEBIANS, RELEASES, Engine

#: A folder for each image, with its Dockerfile.
RECIPES = Path(__file__).parent / "images"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
#: The only one that is built from this repository.
OURS = "neuroshorts:local"
_DEFAULT = re.compile(r"\$\{\w+:-(.+)\}")
#: Where Debian keeps the certificates that are trusted, and what pip reads on the whole machine.
_CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"
_PIP = "etc/pip.conf"


def names() -> dict[str, str]:
    """Tell the name of the image that each recipe stands in for."""
    services = {recipe.name: COMPOSE["services"].get(recipe.name) for recipe in RECIPES.iterdir()}
    found = {recipe: _default(service["image"]) for recipe, service in services.items() if service}
    return {"python": _default(COMPOSE["x-neuroshorts"]["build"]["args"]["PYTHON_IMAGE"]), **found}


def make_all(engine: Engine) -> None:
    """Make those that stand in for others.

    Raises:
        Missing: n8n is not installed.
    """
    if not (n8n.ROOT / "node_modules" / "n8n").exists():
        raise Missing("n8n is missing: make n8n")
    for release in RELEASES:
        if not engine.has_image(f"debian:{release}"):
            engine.docker("import", DEBIANS / f"{release}.tar", f"debian:{release}")
    for recipe, name in names().items():
        with tempfile.TemporaryDirectory(prefix="ns-image-") as folder:
            context = _context(recipe, Path(folder))
            build(engine, context, name, "--file", str(RECIPES / recipe / "Dockerfile"))


def build(engine: Engine, context: Path, name: str, *options: str) -> None:
    """Build an image; on the network of this machine, for the engine has no other."""
    engine.docker("build", "--network", "host", "--tag", name, *options, context)


def _context(recipe: str, folder: Path) -> Path:
    """Put together what an image is built from."""
    if recipe == "n8n":
        return n8n.ROOT
    shutil.copytree(RECIPES / recipe, folder, dirs_exist_ok=True)
    if recipe == "seaweedfs":
        store = ceph.configuration("/run/store", str(uuid.uuid4()), 3300, "0.0.0.0:8333")
        (folder / "ceph.conf").write_text(store)
    if recipe == "python":
        _copy_from_machine(folder / "machine")
    return folder


def _copy_from_machine(folder: Path) -> None:
    """Take along what this machine says about certificates and pip, if it says anything."""
    folder.mkdir()
    given = {_CERTIFICATES: os.environ.get("SSL_CERT_FILE", ""), _PIP: f"/{_PIP}"}
    for target, source in given.items():
        if source and Path(source).is_file():
            (folder / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / target)


def _default(reference: str) -> str:
    """Tell the name that docker-compose.yml takes unless `.env` says otherwise."""
    found = _DEFAULT.fullmatch(reference)
    assert found, reference
    return found[1]
