"""`neuroshorts delivery google-login`: a person lets films into Google Drive."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from .console import ExitCode, say_plainly

delivery_app = typer.Typer(name="delivery", no_args_is_help=True, help="Where finished films go.")

#: Seconds that the person has for consenting.
_PATIENCE_SECONDS = 300
_PROMPT = "Open this page in a browser on this machine, and consent:\n{url}"
_SUCCESS = "That was all: this page can be closed."


@delivery_app.callback()
def delivery() -> None:
    """Where finished films go."""


@delivery_app.command("google-login")
def google_login(
    client: Annotated[
        Path, typer.Option(help="OAuth client of the type desktop app, as Google's console hands it out.")
    ],
    out: Annotated[Path, typer.Option(help="File to write; nobody else may read it.")] = Path(
        "google-credentials.json"
    ),
    browser: Annotated[bool, typer.Option(help="Open the page where you consent.")] = True,
) -> None:
    """Let a person consent that films go into that person's Google Drive; write what proves it.

    The scope is `drive`: the narrower `drive.file` does not see folders that were made by hand.
    """
    try:
        from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError
        from oauthlib.oauth2 import OAuth2Error
        from requests import RequestException
    except ModuleNotFoundError as error:
        _refuse(f"a library is missing ({error.name}): install neuroshorts[service]", ExitCode.FAILED)
    from ..cloud.google import DRIVE_SCOPE

    try:
        flow = InstalledAppFlow.from_client_secrets_file(str(client), [DRIVE_SCOPE])
    except (OSError, ValueError) as error:
        _refuse(f"cannot use {str(client)!r} ({error}): download the client as JSON again", ExitCode.REJECTED)
    try:
        consented = _consented(flow, browser=browser)
    except (OAuth2Error, RequestException, OSError, WSGITimeoutError, Warning) as error:
        _refuse(f"nobody consented ({type(error).__name__}: {error}): try again", ExitCode.FAILED)
    if not consented.refresh_token:
        _refuse("Google gave no refresh token: remove the access of this app and try again", ExitCode.FAILED)
    _write(out, consented)
    typer.echo(f"wrote {out}: set NEUROSHORTS_GOOGLE_CREDENTIALS_FILE to it")


def _consented(flow: Any, *, browser: bool) -> Any:
    # A refresh token comes with the first consent only, unless one is asked for again.
    return flow.run_local_server(
        host="127.0.0.1",
        port=0,
        open_browser=browser,
        authorization_prompt_message=_PROMPT,
        success_message=_SUCCESS,
        timeout_seconds=_PATIENCE_SECONDS,
        prompt="consent",
    )


def _write(file: Path, consented: Any) -> None:
    told = {
        "type": "authorized_user",
        "client_id": consented.client_id,
        "client_secret": consented.client_secret,
        "refresh_token": consented.refresh_token,
        "token_uri": consented.token_uri,
    }
    beside = file.with_name(f"{file.name}.part")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        json.dump(told, opened, indent=2)
    beside.replace(file)


def _refuse(told: str, code: ExitCode) -> NoReturn:
    say_plainly(f"error: {told}")
    raise typer.Exit(code)
