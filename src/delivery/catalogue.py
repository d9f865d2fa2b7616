"""The destinations that a job names, made from what it says and what the operator set."""

from collections.abc import Sequence

from ..errors import NotSupported
from ..models.output import LocalDestination, Output, S3Destination
from ..plan.buckets import bucket_of
from ..settings import Settings
from .local import DataFolder
from .round import Destination


def destinations_of(output: Output, settings: Settings) -> Sequence[Destination]:
    """Make the destinations of a job, in its order.

    Raises:
        ForbiddenBucket: one is a bucket that jobs may not name.
        NotSupported: one that this build does not know, or for which a library is missing.
        DeliveryFailed: what the operator set cannot be used.
    """
    return [
        _destination(asked, settings, f"output.destinations[{index}]")
        for index, asked in enumerate(output.destinations)
    ]


def stays_here(output: Output) -> bool:
    """Tell whether a film is kept in the data folder after it was delivered."""
    return any(isinstance(asked, LocalDestination) for asked in output.destinations)


def _destination(asked: object, settings: Settings, path: str) -> Destination:
    match asked:
        case LocalDestination():
            return DataFolder()
        case S3Destination():
            # Loading boto3 takes a while, and the command alone does without it.
            try:
                from .s3 import Bucket
            except ModuleNotFoundError as error:
                instead = "install neuroshorts[service]"
                raise NotSupported("delivery to 's3' without boto3", path=path, instead=instead) from error
            return Bucket(asked, bucket_of(asked, settings, f"{path}.bucket"), settings)
    what, instead = "this kind of delivery", "use 's3', or 'local' and upload the file"
    raise NotSupported(what, path=f"{path}.type", instead=instead)
