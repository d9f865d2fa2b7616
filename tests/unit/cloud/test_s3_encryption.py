"""What asks a store of S3 for encryption."""

import pytest
from pydantic import ValidationError

from src.cloud.s3_encryption import encryption_arguments
from src.settings import Settings


def test_nothing_is_asked_for_without_a_setting() -> None:
    assert encryption_arguments(Settings()) == {}


def test_keys_of_the_store_need_no_name() -> None:
    assert encryption_arguments(Settings(s3_encryption="AES256")) == {"ServerSideEncryption": "AES256"}
    assert encryption_arguments(Settings(s3_encryption="aws:kms")) == {"ServerSideEncryption": "aws:kms"}


def test_a_key_of_the_key_service_is_named() -> None:
    settings = Settings(s3_encryption="aws:kms", s3_kms_key_id="films")

    assert encryption_arguments(settings) == {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "films"}


def test_a_key_without_a_key_service_is_refused() -> None:
    with pytest.raises(ValidationError, match="NEUROSHORTS_S3_ENCRYPTION"):
        Settings(s3_encryption="AES256", s3_kms_key_id="films")
