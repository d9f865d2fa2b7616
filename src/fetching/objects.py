"""What stores of objects say when they do not give one."""

from ..cloud.refusal import StoreRefused
from ..cloud.s3_codes import Complaint
from .failures import NotFound


def raise_refusal(status: int, body: str) -> None:
    """Raise what a refusal means, if its body tells that; its status tells the rest.

    Raises:
        NotFound: there is no such object.
        StoreRefused: the store does not let us, however often it is asked.
    """
    complaint = Complaint.read(body)
    if complaint.code == "NoSuchKey":
        raise NotFound(status)
    if refused := StoreRefused.answered(complaint):
        raise refused
