"""Objects that their store encrypts by its own means."""

from ..settings import Settings

#: Header of each argument. Source: Amazon S3 API Reference, "PutObject".
_HEADERS = {
    "ServerSideEncryption": "x-amz-server-side-encryption",
    "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
}


def encryption_arguments(settings: Settings) -> dict[str, str]:
    """Make the arguments that ask for it: of boto3, for every object that is put or begun in parts.

    A presigned PUT signs them, too, so whoever uploads with it has to send them as headers.
    """
    asked = {"ServerSideEncryption": settings.s3_encryption, "SSEKMSKeyId": settings.s3_kms_key_id}
    return {name: value for name, value in asked.items() if value}


def encryption_headers(settings: Settings) -> dict[str, str]:
    """Make the headers that have to come with a presigned PUT that asks for it."""
    return {_HEADERS[name]: value for name, value in encryption_arguments(settings).items()}
