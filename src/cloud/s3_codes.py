"""What S3 answers when it refuses, and what that is for a caller."""

import re
from html import unescape
from typing import NamedTuple, Self

_CODE = re.compile(r"<Code>([A-Za-z0-9]{1,80})</Code>")
_MESSAGE = re.compile(r"<Message>([^<]{0,300})")

#: Ours for each of theirs that stays, however often it is asked. Source: Amazon S3 API Reference, "Error
#: Responses"; Google Cloud Storage's XML interface uses the same.
FINAL = {
    "InvalidAccessKeyId": "wrong_credentials",
    "SignatureDoesNotMatch": "wrong_credentials",
    "InvalidToken": "wrong_credentials",
    "ExpiredToken": "wrong_credentials",
    "RequestTimeTooSkewed": "wrong_credentials",
    "NoSuchBucket": "missing_bucket",
    "AccessDenied": "no_rights",
    "AllAccessDisabled": "no_rights",
    "AccountProblem": "no_rights",
    "PermanentRedirect": "wrong_region",
    "AuthorizationHeaderMalformed": "wrong_region",
    # The same of a presigned URL.
    "AuthorizationQueryParametersError": "wrong_region",
    "IllegalLocationConstraintException": "wrong_region",
    "QuotaExceeded": "bucket_full",
}


class Complaint(NamedTuple):
    """What a refusal says in its body."""

    code: str
    """Empty if it says nothing that is known."""
    message: str

    @classmethod
    def read(cls, body: str) -> Self:
        """Find it in the body of an answer."""
        code, message = _CODE.search(body), _MESSAGE.search(body)
        return cls(code[1] if code else "", unescape(message[1]) if message else "")

    def __str__(self) -> str:
        return f"{self.code} {self.message}".strip()
