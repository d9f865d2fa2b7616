"""The one place that reads the environment: `NEUROSHORTS_*` variables and `.env`."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

#: What every variable's name starts with.
PREFIX = "NEUROSHORTS_"
#: Beginnings of variables that processes do not get which open what strangers made.
_KEPT_HERE = (PREFIX, "AWS_", "GOOGLE_", "OPENAI_", "ELEVENLABS_")

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogFormat = Literal["auto", "json", "pretty"]
KeysRequired = Literal["auto", "yes", "no"]
S3Encryption = Literal["", "AES256", "aws:kms"]


def helper_environment() -> dict[str, str]:
    """Give the environment without our variables and those of services: keys and passwords stay here."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(_KEPT_HERE)}


def default_cache_dir(
    environ: Mapping[str, str] = os.environ, platform: str = sys.platform, home: Path | None = None
) -> Path:
    """Find the folder that this system gives each user for files that may be lost."""
    home = home or Path.home()
    if platform == "win32":
        base = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "neuroshorts"


def default_font_folders(
    environ: Mapping[str, str] = os.environ, platform: str = sys.platform, home: Path | None = None
) -> tuple[Path, ...]:
    """List the folders in which this system keeps fonts, the user's own first."""
    home = home or Path.home()
    if platform == "win32":
        local = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return local / "Microsoft/Windows/Fonts", Path(environ.get("WINDIR") or "C:/Windows") / "Fonts"
    if platform == "darwin":
        shared = (Path("/Library/Fonts"), Path("/opt/homebrew/share/fonts"), Path("/System/Library/Fonts"))
        return home / "Library/Fonts", *shared
    own = home / ".local/share/fonts", home / ".fonts"
    return *own, Path("/usr/local/share/fonts"), Path("/usr/share/fonts")


def _split_folders(given: object) -> object:
    if isinstance(given, str):
        return tuple(part for part in given.split(os.pathsep) if part)
    return given


def _split_commas(given: object) -> object:
    if isinstance(given, str):
        return tuple(part for part in map(str.strip, given.split(",")) if part)
    return given


def _origin(given: str) -> str:
    if not re.fullmatch(r"https?://[a-z0-9._-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?", given):
        raise ValueError(f"{given!r} is no origin: write each like https://films.example, without a path")
    return given


def _media_bucket(given: str) -> str:
    if not re.fullmatch(r"\*|(s3|gs)://[A-Za-z0-9][A-Za-z0-9._-]{1,254}(/.*)?", given):
        raise ValueError(
            f"{given!r} is no bucket: write each like s3://bucket, s3://bucket/prefix/, gs://bucket"
        )
    return given


def _shared_place(given: str) -> str:
    if given and not re.fullmatch(r"s3://[A-Za-z0-9][A-Za-z0-9._-]{1,254}(/(?!\.\.?(/|$))[^/?#]+)*/?", given):
        raise ValueError(f"{given!r} is no place in a bucket: write it like s3://bucket/segments")
    return given.rstrip("/")


def _with_kms(given: str, info: ValidationInfo) -> str:
    if given and info.data.get("s3_encryption") != "aws:kms":
        raise ValueError(f"means something with {PREFIX}S3_ENCRYPTION=aws:kms only: set that, too")
    return given


def _service_url(given: str) -> str:
    if not re.fullmatch(r"https?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(/[^\s?#@]*)?", given):
        raise ValueError("is no address of a service: write it like https://api.example/v1")
    return given.rstrip("/")


def _lower(given: object) -> object:
    return given.lower() if isinstance(given, str) else given


def _upper(given: object) -> object:
    return given.upper() if isinstance(given, str) else given


class Settings(BaseSettings):
    """What an operator may set; a variable is the field's name in capitals behind `NEUROSHORTS_`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=False,
    )

    data_dir: Path = Path("output")
    """Folder that films are written to when a command names no other place."""
    cache_dir: Path = Field(default_factory=default_cache_dir)
    """Folder for finished parts of films and for work in progress; by default the user's own cache folder."""
    cache_max_bytes: Annotated[int, Field(ge=0)] = 8 * 1024**3
    """Most bytes of finished parts that are kept for later films; 0 keeps nothing."""
    shared_cache_url: Annotated[str, AfterValidator(_shared_place)] = ""
    """Where machines share finished segments, such as `s3://bucket/segments`: a job that another machine has
    begun goes on here; by default each machine has its own."""
    log_dir: Path = Path("logs")
    """Folder of the rotating log `app.log`; when it cannot be written, one warning says so and only the
    console is told."""
    log_level: Annotated[LogLevel, BeforeValidator(_upper)] = "INFO"
    """Least level that is logged: DEBUG, INFO, WARNING or ERROR; set, it holds for the terminal too, which
    otherwise shows warnings and worse."""
    log_format: LogFormat = "auto"
    """How the console is told: json is one object a line, pretty is for people, auto is pretty on a terminal
    and json elsewhere."""
    workers: Annotated[int, Field(ge=0, le=256)] = 0
    """Segments that are rendered at the same time; 0 means one for each core, 1 that one core is enough."""
    asset_roots: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_split_folders)] = ()
    """Folders that file paths of a job may name, beside the job's own; separated as in PATH."""
    font_folders: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_split_folders)] = Field(
        default_factory=default_font_folders
    )
    """Folders with Noto fonts for scripts that no packaged font has; separated as in `PATH`; by default where
    the system keeps its fonts."""
    styles_folder: Path | None = None
    """Folder of own caption styles, a YAML file each, beside those that come with the program."""
    max_pixels: Annotated[int, Field(ge=1)] = 100_000_000
    """Most pixels of one picture."""
    max_media_seconds: Annotated[int, Field(ge=1)] = 3600
    """Longest clip or sound that a job may use, in seconds."""
    max_media_bytes: Annotated[int, Field(ge=1)] = 4 * 1024**3
    """Largest file that a job may use, in bytes."""
    max_job_media_bytes: Annotated[int, Field(ge=1)] = 8 * 1024**3
    """Most bytes of all media together that a job names by URL or by the id of an asset."""
    assets_manifest: Path | None = None
    """Media that jobs may name by an id; by default the manifest that comes with the program."""
    fetch_max_seconds: Annotated[int, Field(ge=1)] = 600
    """Longest time for fetching one medium by its URL, in seconds."""
    fetch_cache_max_bytes: Annotated[int, Field(ge=0)] = 8 * 1024**3
    """Most bytes of fetched media that are kept for later jobs, and of unpacked models; 0 keeps nothing."""
    max_film_seconds: Annotated[int, Field(ge=1)] = 180
    """Longest film, in seconds."""
    max_render_seconds: Annotated[int, Field(ge=1)] = 3600
    """Longest time that one render may take, in seconds; then it is stopped and counts as failed."""
    max_render_memory_bytes: Annotated[int, Field(ge=256 * 1024**2)] = 4 * 1024**3
    """Most memory that one render of the service may take; then it is ended and counts as failed."""
    database_url: str = ""
    """Database of jobs: `postgresql://...` or `sqlite:///...`; by default SQLite in the data folder."""
    broker_url: SecretStr = SecretStr("")
    """RabbitMQ: `amqp://user:password@host:5672/vhost`, or `amqps://...` for TLS; by default the database
    alone hands jobs out."""
    ingress_owner: str = ""
    """Whose jobs those are that come through the broker: the owner of an API key."""
    public_url: str = ""
    """Where callers reach the service; links begin with it, by default with the address of the request."""
    secret_key: SecretStr = SecretStr("")
    """What share links are signed with; by default a random one that is kept in the data folder."""
    api_keys_required: Annotated[KeysRequired, BeforeValidator(_lower)] = "auto"
    """Whether callers need an API key: yes, no, or auto, which is no where only this machine can call."""
    key_requests_a_minute: Annotated[int, Field(ge=0)] = 600
    """Requests a minute of a key that has no limit of its own, in each process; 0: as many as it likes."""
    key_queued_jobs: Annotated[int, Field(ge=0)] = 1000
    """Jobs that may wait for one owner whose key has no limit of its own; 0: as many as it likes."""
    key_render_seconds_a_day: Annotated[int, Field(ge=0)] = 0
    """Seconds of rendering in 24 hours for one owner whose key has no limit of its own; 0: any."""
    cors_origins: Annotated[
        tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_split_commas)
    ] = ()
    """Origins whose pages may call the service from a browser, such as https://films.example; separated by
    commas."""
    fetch_allow_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)] = ()
    """Hosts that jobs may have called and may fetch from although they are not on the public internet,
    separated by commas: names, `*.domain`, addresses or networks (`10.1.0.0/16`), each with `:port` or for
    all ports."""
    fetch_allow_buckets: Annotated[
        tuple[Annotated[str, AfterValidator(_media_bucket)], ...], NoDecode, BeforeValidator(_split_commas)
    ] = ()
    """Buckets that jobs may fetch media from with the operator's rights, separated by commas: `s3://bucket`,
    `s3://bucket/prefix/`, `gs://bucket`, or `*` for all; media of the manifest need not be listed."""
    s3_endpoint_url: str = ""
    """Server that speaks S3, such as http://seaweedfs:8333; by default Amazon's."""
    s3_public_endpoint_url: str = ""
    """Where callers reach that server, if that is elsewhere: presigned links begin with it."""
    s3_region: str = ""
    """Region of the buckets; by default what boto3 finds, or else us-east-1."""
    s3_bucket: str = ""
    """Bucket for films of jobs that name none."""
    s3_allow_buckets: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)] = ()
    """Buckets that jobs may name beside that one, separated by commas; `*` for all that the rights reach."""
    s3_prefix: str = ""
    """What keys of films begin with, such as `films/{owner}/`, which keeps owners of API keys apart."""
    s3_access_key_id: str = ""
    """Who uploads; by default whom boto3 finds: variables of AWS, profile, role of the machine."""
    s3_secret_access_key: SecretStr = SecretStr("")
    """The secret that belongs to the access key."""
    s3_path_style: bool = False
    """Whether buckets stand in the path of a URL instead of its host: for servers without wildcard DNS."""
    s3_encryption: S3Encryption = ""
    """How the store encrypts what is uploaded: AES256 with keys of its own, `aws:kms` with one of its key
    service; by default as the bucket says."""
    s3_kms_key_id: Annotated[str, AfterValidator(_with_kms)] = ""
    """The key for `aws:kms`; by default the store's own one for that."""
    google_credentials_file: Path | None = None
    """Who calls Google: the key of a service account, or what `neuroshorts delivery google-login` wrote."""
    gdrive_client_id: str = ""
    """OAuth client with which a person lets films into Google Drive, instead of such a file."""
    gdrive_client_secret: SecretStr = SecretStr("")
    """The secret that belongs to that client."""
    gdrive_refresh_token: SecretStr = SecretStr("")
    """What that person consented with."""
    gdrive_subject: str = ""
    """Address of the person for whom a service account acts (domain-wide delegation)."""
    gdrive_folder_id: str = ""
    """Google Drive folder for films of jobs that name none."""
    gdrive_allow_folders: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_commas)] = ()
    """Folders that jobs may name beside that one, separated by commas; `*` for all that the rights reach."""
    gdrive_endpoint_url: str = "https://www.googleapis.com"
    """Where Google Drive is reached, if that is elsewhere: a private endpoint."""
    gs_endpoint_url: str = ""
    """Server that signed links to Google Cloud Storage lead to; by default Google's."""
    max_delivery_seconds: Annotated[int, Field(ge=1)] = 900
    """Longest time that one delivery is tried while a destination is away; then the job is tried later."""
    openai_base_url: Annotated[str, AfterValidator(_service_url)] = "https://api.openai.com/v1"
    """Where the voices of the provider `openai` are: any service with its `/audio/speech`, such as
    `http://kokoro:8880/v1`."""
    openai_api_key: SecretStr = SecretStr("")
    """The key for it; a server of one's own may need none."""
    openai_model: Annotated[str, Field(min_length=1, max_length=100)] = "tts-1"
    """Its model for jobs that name none."""
    openai_voice: Annotated[str, Field(min_length=1, max_length=100)] = "alloy"
    """Its voice for jobs that name none."""
    elevenlabs_base_url: Annotated[str, AfterValidator(_service_url)] = "https://api.elevenlabs.io"
    """Where the voices of the provider `elevenlabs` are."""
    elevenlabs_api_key: SecretStr = SecretStr("")
    """The key for it."""
    elevenlabs_model: Annotated[str, Field(min_length=1, max_length=100)] = "eleven_multilingual_v2"
    """Its model for jobs that name none."""
    elevenlabs_voice: Annotated[str, Field(max_length=100)] = ""
    """Id of its voice for jobs that name none; without one, jobs have to."""
    speech_max_seconds: Annotated[int, Field(ge=1)] = 120
    """Longest time for the speech of one text over HTTP, all attempts included, in seconds."""
    webhook_secret: SecretStr = SecretStr("")
    """What calls of webhooks are signed with; by default derived from what links are signed with, see
    `neuroshorts webhook-secret`."""
    max_queued_jobs: Annotated[int, Field(ge=1)] = 10_000
    """Jobs that may wait; more are refused until some are done."""
    max_attempts: Annotated[int, Field(ge=1)] = 3
    """How often a job is taken up when its workers are lost; then it counts as failed."""
    lease_seconds: Annotated[int, Field(ge=2)] = 30
    """Seconds without a sign of life after which a worker counts as gone."""
    job_retention_days: Annotated[int, Field(ge=1)] = 30
    """Days for which a job that has ended, and its film, are kept."""


def unknown_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """List variables that carry the prefix and that nothing reads: most likely misspelt."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return tuple(sorted(name for name in environ if name.startswith(PREFIX) and name.upper() not in known))
