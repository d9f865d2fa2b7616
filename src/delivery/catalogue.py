"""The destinations that a job names, made from what it says and what the operator set."""

from collections.abc import Sequence

from ..errors import NotSupported
from ..models.output import Destination as Asked
from ..models.output import GoogleDriveDestination, LocalDestination, Output, S3Destination
from ..plan.places import bucket_of, folder_of
from ..settings import Settings
from .local import DataFolder
from .round import Destination


def destinations_of(output: Output, settings: Settings) -> Sequence[Destination]:
    """Make the destinations of a job, in its order.

    Raises:
        ForbiddenBucket, ForbiddenFolder: one is a place that jobs may not name.
        NotSupported: one for which a library is missing.
        DeliveryFailed: what the operator set cannot be used.
    """
    return [
        _destination(asked, settings, f"output.destinations[{index}]")
        for index, asked in enumerate(output.destinations)
    ]


def stays_here(output: Output) -> bool:
    """Tell whether a film is kept in the data folder after it was delivered."""
    return any(isinstance(asked, LocalDestination) for asked in output.destinations)


def _destination(asked: Asked, settings: Settings, path: str) -> Destination:
    # Loading the libraries of a cloud takes a while, and the command alone does without them.
    match asked:
        case LocalDestination():
            return DataFolder()
        case S3Destination():
            try:
                from .s3 import Bucket
            except ModuleNotFoundError as error:
                raise _not_installed("delivery to 's3' without boto3", path) from error
            return Bucket(asked, bucket_of(asked, settings, f"{path}.bucket"), settings)
        case GoogleDriveDestination():
            try:
                from .gdrive import DriveFolder
            except ModuleNotFoundError as error:
                raise _not_installed("delivery to 'gdrive' without google-auth", path) from error
            return DriveFolder(asked, folder_of(asked, settings, f"{path}.folder_id"), settings)


def _not_installed(what: str, path: str) -> NotSupported:
    return NotSupported(what, path=path, instead="install neuroshorts[service]")
