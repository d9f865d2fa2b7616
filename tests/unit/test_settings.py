"""Settings come from NEUROSHORTS_ variables, each with a default that works."""

import os
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from src.models.base import field_docstrings
from src.settings import PREFIX, Settings, default_cache_dir, default_font_folders, unknown_variables

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("bare_environment")
def test_nothing_needs_to_be_set() -> None:
    settings = Settings()

    assert settings.data_dir == Path("output")
    assert settings.log_dir == Path("logs")
    assert settings.cache_dir.name == "neuroshorts"
    assert (settings.workers, settings.log_level, settings.log_format) == (0, "INFO", "auto")
    assert settings.max_film_seconds == 180


def test_a_variable_is_the_field_in_capitals_behind_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSHORTS_WORKERS", "3")
    monkeypatch.setenv("NEUROSHORTS_LOG_LEVEL", "debug")

    settings = Settings()

    assert (settings.workers, settings.log_level) == (3, "DEBUG")


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSHORTS_WORKERS", "")

    assert Settings().workers == 0


def test_asset_roots_are_separated_as_in_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSHORTS_ASSET_ROOTS", os.pathsep.join(["media", "more media", ""]))

    assert Settings().asset_roots == (Path("media"), Path("more media"))


def test_a_dotenv_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "NEUROSHORTS_WORKERS=2\nNEUROSHORTS_MAX_FILM_SECONDS=60\nOTHER=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("NEUROSHORTS_WORKERS", "5")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")

    settings = Settings()

    assert (settings.workers, settings.max_film_seconds) == (5, 60)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKERS", "-1"),
        ("WORKERS", "many"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("MAX_PIXELS", "0"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + name, value)

    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


@pytest.mark.parametrize(
    "place", ["bucket/parts", "s3://bucket//parts", "s3://bucket/../parts", "s3://bucket/."]
)
def test_a_shared_cache_in_no_place_of_a_bucket_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match="is no place in a bucket"):
        Settings(shared_cache_url=place)


@pytest.mark.parametrize("place", ["s3://bucket", "s3://bucket/parts/.v1", "s3://bucket/a/..b/"])
def test_a_shared_cache_is_a_place_in_a_bucket(place: str) -> None:
    assert Settings(shared_cache_url=place).shared_cache_url == place.rstrip("/")


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().workers = 4  # type: ignore[misc]  # that it is refused is the point


def test_a_misspelt_variable_is_found() -> None:
    environ = {"NEUROSHORTS_WORKER": "2", "NEUROSHORTS_WORKERS": "2", "HOME": "/"}

    assert unknown_variables(environ) == ("NEUROSHORTS_WORKER",)


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, "home/.cache/neuroshorts"),
        ("linux", {"XDG_CACHE_HOME": "cache"}, "cache/neuroshorts"),
        ("darwin", {}, "home/Library/Caches/neuroshorts"),
        ("win32", {"LOCALAPPDATA": "local"}, "local/neuroshorts"),
        ("win32", {}, "home/AppData/Local/neuroshorts"),
    ],
)
def test_the_cache_is_where_each_system_keeps_caches(
    platform: str, environ: dict[str, str], expected: str
) -> None:
    assert default_cache_dir(environ, platform, Path("home")) == Path(expected)


@pytest.mark.parametrize(
    ("environ", "platform", "folders"),
    [
        (
            {},
            "linux",
            ["home/.local/share/fonts", "home/.fonts", "/usr/local/share/fonts", "/usr/share/fonts"],
        ),
        (
            {},
            "darwin",
            ["home/Library/Fonts", "/Library/Fonts", "/opt/homebrew/share/fonts", "/System/Library/Fonts"],
        ),
        (
            {"LOCALAPPDATA": "local", "WINDIR": "windows"},
            "win32",
            ["local/Microsoft/Windows/Fonts", "windows/Fonts"],
        ),
        ({}, "win32", ["home/AppData/Local/Microsoft/Windows/Fonts", "C:/Windows/Fonts"]),
    ],
)
def test_each_system_keeps_its_fonts_in_folders_of_its_own(
    environ: dict[str, str], platform: str, folders: list[str]
) -> None:
    assert default_font_folders(environ, platform, Path("home")) == tuple(map(Path, folders))


def test_font_folders_are_separated_as_in_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSHORTS_FONT_FOLDERS", os.pathsep.join(["fonts", "more fonts"]))

    assert Settings().font_folders == (Path("fonts"), Path("more fonts"))


def test_the_readme_lists_exactly_these_settings() -> None:
    listed = re.findall(
        r"^\| `NEUROSHORTS_([A-Z0-9_]+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE
    )

    assert listed == [name.upper() for name in Settings.model_fields]


def test_every_setting_is_documented() -> None:
    assert Settings.model_fields.keys() - field_docstrings(Settings).keys() == set()
