"""What a render is told, and what it is not."""

from pathlib import Path

from pydantic import SecretStr

from src.settings import Settings
from src.worker.messages import without_passwords


def test_a_render_gets_no_password() -> None:
    settings = Settings(
        database_url="postgresql://user:hidden@host/jobs",
        broker_url="amqp://user:hidden@host",
        s3_access_key_id="hidden",
        s3_secret_access_key="hidden",
        s3_bucket="films",
        google_credentials_file=Path("hidden.json"),
        gdrive_client_secret=SecretStr("hidden"),
        gdrive_refresh_token=SecretStr("hidden"),
        openai_api_key=SecretStr("hidden"),
        elevenlabs_api_key=SecretStr("hidden"),
    )

    told = without_passwords(settings)

    values = [str(value) for value in told.model_dump().values()]
    assert told.s3_bucket == "films"
    assert not any("hidden" in value for value in values)
    assert told.gdrive_client_secret.get_secret_value() == told.gdrive_refresh_token.get_secret_value() == ""
    assert told.openai_api_key.get_secret_value() == told.elevenlabs_api_key.get_secret_value() == ""
    assert told.s3_secret_access_key.get_secret_value() == told.broker_url.get_secret_value() == ""
