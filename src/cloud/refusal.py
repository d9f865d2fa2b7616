"""A store that does not give what a job needs from it, and would not if it were asked again."""

from ..errors import RejectedJob
from .s3_codes import FINAL, Complaint

_TOLD = {
    "wrong_credentials": "the store refuses our credentials: the operator sets NEUROSHORTS_S3_ACCESS_KEY_ID"
    " and NEUROSHORTS_S3_SECRET_ACCESS_KEY (for gs:// NEUROSHORTS_GOOGLE_CREDENTIALS_FILE), or the profile or"
    " role of the machine, and its clock",
    "missing_bucket": "there is no such bucket: mend its name",
    "no_rights": "our credentials do not allow this, or there is no such object: they need to read and list"
    " objects (s3:GetObject and s3:ListBucket, or storage.objects.get and storage.objects.list)",
    "wrong_region": "the bucket is in another region: the operator sets NEUROSHORTS_S3_REGION",
}
_REFUSED = "the store refuses: look at its message"


class StoreRefused(RejectedJob):
    """A store that refuses, or that cannot be used with what the operator set; the code tells why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{_TOLD.get(code, _REFUSED)} ({reason})")
        self.code = code

    @classmethod
    def answered(cls, complaint: Complaint) -> "StoreRefused | None":
        """Make it from what the store says, unless that may pass."""
        code = FINAL.get(complaint.code)
        return cls(code, str(complaint)) if code in _TOLD else None
