"""What a render is told, and what it is not."""

from pathlib import Path

from pydantic import SecretStr

from src.settings import Settings
from src.worker.messages import without_passwords


def test_a_render_gets_no_password() -> None:
    secrets = {name for name, field in Settings.model_fields.items() if field.annotation is SecretStr}
    assert {"secret_key", "s3_secret_access_key", "openai_api_key"} <= secrets
    hidden = Settings(
        database_url="postgresql://user:hidden@host/jobs",
        s3_access_key_id="hidden",
        s3_bucket="films",
        google_credentials_file=Path("hidden.json"),
    ).model_copy(update=dict.fromkeys(secrets, SecretStr("hidden")))

    told = without_passwords(hidden)

    assert told.s3_bucket == "films"
    assert not any("hidden" in str(value) for value in told.model_dump().values())
    assert {getattr(told, name).get_secret_value() for name in secrets} == {""}
