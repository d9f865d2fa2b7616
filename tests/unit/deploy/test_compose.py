"""The stack of docker-compose.yml: what it promises is in the file."""

import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.make_env import SECRETS, main, with_secrets
from src.settings import PREFIX, Settings

ROOT = Path(__file__).parents[3]
STACK: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = STACK["services"]
OURS = ("setup", "api", "worker")
ONE_SHOTS = ("setup", "workflows")
_REFERENCE = re.compile(r"\$\{([A-Z0-9_]+)(:[?-])?")


def strings_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings_in(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings_in(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_those_of_this_machine_alone(name: str) -> None:
    for port in SERVICES[name].get("ports", ()):
        assert re.fullmatch(r"\$\{[A-Z0-9_]+_LISTEN:-127\.0\.0\.1:\d+\}:\d+", port)


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ONE_SHOTS])
def test_what_runs_for_long_is_bounded_and_comes_back(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["mem_limit"]


@pytest.mark.parametrize("name", ONE_SHOTS)
def test_what_runs_once_does_not_come_back(name: str) -> None:
    assert SERVICES[name]["restart"] == "no"


@pytest.mark.parametrize("name", OURS)
def test_ours_write_nothing_but_volumes_and_gain_no_rights(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in SERVICES[name]


def test_images_are_named_with_their_versions_and_can_be_replaced() -> None:
    for service in SERVICES.values():
        assert re.fullmatch(r"\$\{[A-Z0-9_]+_IMAGE:-[\w./-]+:[\w.-]+\}", service["image"])
        assert ":latest" not in service["image"]


def test_no_secret_has_a_default_and_every_secret_is_made() -> None:
    asked = {found for text in strings_in(STACK) for found in _REFERENCE.findall(text)}
    assert {name for name, mark in asked if mark == ":?"} == set(SECRETS)
    assert all(mark == ":-" for name, mark in asked if name not in SECRETS)


def test_settings_are_spelt_as_the_service_reads_them() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(STACK["x-environment"]) <= known


def test_the_grace_of_containers_is_longer_than_that_of_their_jobs() -> None:
    command = SERVICES["worker"]["command"]
    grace_seconds = int(command[command.index("--grace") + 1])
    minutes = re.fullmatch(r"(\d+)m", SERVICES["worker"]["stop_grace_period"])
    assert minutes
    assert int(minutes[1]) * 60 > grace_seconds


def test_every_file_that_is_mounted_is_there() -> None:
    mounted = [
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
        if volume.startswith("./")
    ]
    assert mounted
    assert [path for path in mounted if not (ROOT / path).exists()] == []


def test_docker_reads_it(tmp_path: Path) -> None:
    if (
        not shutil.which("docker")
        or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode
    ):
        pytest.skip("docker compose is not installed")
    main(tmp_path / ".env")
    command = ["docker", "compose", "--env-file", str(tmp_path / ".env"), "--profile", "observability"]
    done = subprocess.run([*command, "config", "--quiet"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_secrets_are_random_and_for_their_owner_alone(tmp_path: Path) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    for file in files:
        main(file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, second = (dict(line.split("=", 1) for line in file.read_text().splitlines()) for file in files)
    assert set(first) == set(SECRETS)
    assert not set(first.values()) & set(second.values())
    assert re.fullmatch(r"ns_[0-9a-f]{16}_[A-Za-z0-9_-]{43}", first["API_KEY"])


def test_secrets_that_are_there_stay(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SECRET_KEY=mine\nPUBLIC_URL=https://films.example")
    main(file)
    before = file.read_text()
    assert before.startswith("SECRET_KEY=mine\nPUBLIC_URL=https://films.example\n")
    main(file)
    assert file.read_text() == before == with_secrets(before)


def test_secrets_stand_in_urls_as_they_are() -> None:
    made = dict(line.split("=", 1) for line in with_secrets("").splitlines())
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{20,}", value) for value in made.values())
