"""Objects that their store encrypts by its own means."""

from ..settings import Settings


def encryption_arguments(settings: Settings) -> dict[str, str]:
    """Make the arguments that ask for it: of boto3, for every object that is put or begun in parts.

    A presigned PUT signs them, too, so whoever uploads with it has to send them as headers.
    """
    asked = {"ServerSideEncryption": settings.s3_encryption, "SSEKMSKeyId": settings.s3_kms_key_id}
    return {name: value for name, value in asked.items() if value}
