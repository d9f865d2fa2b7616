"""The manifests as `kubectl apply --kustomize` sends them: the base with an operator's overlay."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from src.settings import PREFIX, Settings

SHIPPED = Path(__file__).parents[3] / "deploy" / "k8s"
#: Each of these renders an overlay; kubectl has kustomize within.
_RENDERERS = (("kustomize", "build"), ("kubectl", "kustomize"))


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Render the overlay that is shipped, with its secrets as the example has them."""
    found = [command for command in _RENDERERS if shutil.which(command[0])]
    if not found:
        pytest.skip("kustomize is missing. Debian 13: apt-get install kustomize; or kubectl")
    folder = tmp_path_factory.mktemp("k8s")
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    overlay = folder / "overlays" / "example"
    shutil.copyfile(overlay / "secrets.env.example", overlay / "secrets.env")
    done = subprocess.run([*found[0], str(overlay)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    rendered = folder / "rendered.yaml"
    rendered.write_text(done.stdout, encoding="utf-8")
    return rendered


def read(manifests: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Read manifests by kind and name."""
    documents = yaml.safe_load_all(manifests.read_text("utf-8"))
    return {(document["kind"], document["metadata"]["name"]): document for document in documents}


def test_an_overlay_is_valid(manifests: Path) -> None:
    pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is missing: make lint installs it")
    command = [
        str(Path(sys.executable).with_name("kubernetes-validate")),
        "--strict",
        "--quiet",
        str(manifests),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_overlay_says_which_image_runs_and_where_servers_are(manifests: Path) -> None:
    documents = read(manifests)
    pods = [documents[kind, name] for kind, name in documents if kind in {"Deployment", "Job"}]
    images = {
        container["image"] for pod in pods for container in pod["spec"]["template"]["spec"]["containers"]
    }
    assert images == {"registry.example.org/neuroshorts:1"}
    told = documents["ConfigMap", "neuroshorts"]["data"]
    assert told[f"{PREFIX}PUBLIC_URL"] == "https://films.example.org"
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert {name for name in told if name.startswith(PREFIX)} <= known


def test_everything_is_in_one_namespace_and_names_what_is_there(manifests: Path) -> None:
    documents = read(manifests)
    scattered = [
        name
        for (kind, name), document in documents.items()
        if kind != "Namespace" and document["metadata"].get("namespace") != "neuroshorts"
    ]
    assert scattered == []
    named = documents["ScaledObject", "worker"]["spec"]["scaleTargetRef"]["name"]
    assert ("Deployment", named) in documents
