"""Write `.env` for docker-compose.yml with random secrets; what is there already stays as it is."""

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

#: What the stack does not start without. Letters and digits alone: most of them stand in URLs.
SECRETS: dict[str, Callable[[], str]] = {
    "POSTGRES_PASSWORD": lambda: secrets.token_hex(24),
    "N8N_POSTGRES_PASSWORD": lambda: secrets.token_hex(24),
    "RABBITMQ_PASSWORD": lambda: secrets.token_hex(24),
    "S3_ACCESS_KEY_ID": lambda: secrets.token_hex(10),
    "S3_SECRET_ACCESS_KEY": lambda: secrets.token_hex(24),
    "SECRET_KEY": lambda: secrets.token_hex(32),
    "WEBHOOK_SECRET": lambda: secrets.token_hex(32),
    # As `neuroshorts keys add` takes it.
    "API_KEY": lambda: f"ns_{secrets.token_hex(8)}_{secrets.token_urlsafe(32)}",
    "N8N_ENCRYPTION_KEY": lambda: secrets.token_hex(24),
    "GRAFANA_PASSWORD": lambda: secrets.token_hex(12),
}


def with_secrets(text: str) -> str:
    """Add a line for each secret that a file does not set yet."""
    there = {line.partition("=")[0].strip() for line in text.splitlines()}
    missing = [f"{name}={make()}\n" for name, make in SECRETS.items() if name not in there]
    return (text if not text or text.endswith("\n") else f"{text}\n") + "".join(missing)


def main(file: Path) -> None:
    """Write the file for its owner alone, whole or not at all."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    after = with_secrets(before)
    if after == before:
        sys.stdout.write(f"{file} has every secret already\n")
        return
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
        out.write(after)
    part.replace(file)
    sys.stdout.write(f"{file} written: keep a copy in a safe place, nobody can make these secrets again\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".env"))
