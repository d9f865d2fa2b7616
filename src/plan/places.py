"""Which bucket or folder a destination means, and whether jobs may name it."""

from collections.abc import Callable, Sequence
from functools import partial

from ..errors import ForbiddenBucket, RejectedJob
from ..models.output import Destination, GoogleDriveDestination, S3Destination
from ..models.rejections import refuse_all
from ..settings import Settings

#: Allows every bucket, or every folder.
_ANY = "*"


class ForbiddenFolder(RejectedJob):
    """A folder of Google Drive that jobs may not name, or none where the operator has none."""

    code = "forbidden_folder"

    def __init__(self, folder_id: str, *, path: str) -> None:
        told = (
            f"the folder {folder_id!r} is not one that jobs may name: the operator may allow it"
            if folder_id
            else "there is no folder for films of jobs that name none: the operator may set one"
        )
        setting = "NEUROSHORTS_GDRIVE_ALLOW_FOLDERS" if folder_id else "NEUROSHORTS_GDRIVE_FOLDER_ID"
        super().__init__(f"{told} ({setting})", path=path)


def refuse_forbidden_places(destinations: Sequence[Destination], settings: Settings) -> None:
    """Refuse a job that names a place of somebody else's, before any work is spent.

    Raises:
        ForbiddenBucket, ForbiddenFolder: the operator does not allow it, or has none for jobs that name none.
        InvalidJob: telling all, if there are several.
    """
    checks: list[Callable[[], str]] = []
    for index, destination in enumerate(destinations):
        path = f"output.destinations[{index}]"
        if isinstance(destination, S3Destination):
            checks.append(partial(bucket_of, destination, settings, f"{path}.bucket"))
        elif isinstance(destination, GoogleDriveDestination):
            checks.append(partial(folder_of, destination, settings, f"{path}.folder_id"))
    refuse_all(*checks)


def bucket_of(destination: S3Destination, settings: Settings, path: str) -> str:
    """Name the bucket that a destination means.

    Raises:
        ForbiddenBucket: jobs may not name it, or there is none.
    """
    allowed = {settings.s3_bucket, *settings.s3_allow_buckets}
    bucket = destination.bucket or settings.s3_bucket
    if not bucket or not {bucket, _ANY} & allowed:
        raise ForbiddenBucket(bucket, path=path)
    return bucket


def folder_of(destination: GoogleDriveDestination, settings: Settings, path: str) -> str:
    """Name the folder of Google Drive that a destination means.

    Raises:
        ForbiddenFolder: jobs may not name it, or there is none.
    """
    allowed = {settings.gdrive_folder_id, *settings.gdrive_allow_folders}
    folder_id = destination.folder_id or settings.gdrive_folder_id
    if not folder_id or not {folder_id, _ANY} & allowed:
        raise ForbiddenFolder(folder_id, path=path)
    return folder_id
