"""What has to be installed beside this program for some engines."""

from importlib.util import find_spec

from ...errors import NeuroShortsError, NotSupported


class NotInstalled(NotSupported):
    """An engine whose packages are missing."""

    code = "not_installed"

    def __init__(self, engine: str, extra: str, *, path: str) -> None:
        told = (
            f"{engine} is not installed here: pip install 'neuroshorts[{extra}]', or have the operator do so"
        )
        NeuroShortsError.__init__(self, told, path=path)


def refuse_missing(package: str, *, engine: str, extra: str, path: str) -> None:
    """Make sure that a package is installed.

    Raises:
        NotInstalled: telling how to install it.
    """
    if find_spec(package) is None:
        raise NotInstalled(engine, extra, path=path)
