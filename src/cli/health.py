"""`neuroshorts health`: whether a service or a worker on this machine is well, for whoever watches it."""

import urllib.error
import urllib.request

from .console import ExitCode, say_plainly

#: Seconds for an answer.
_SECONDS = 4.0


def health_command(url: str) -> ExitCode:
    """Ask; nothing is said when all is well."""
    # Never through a proxy: the address is one of this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_SECONDS):
            return ExitCode.DONE
    except urllib.error.HTTPError as error:
        say_plainly(f"{url} answers with HTTP {error.code}")
    except (OSError, ValueError) as error:
        say_plainly(f"{url} does not answer: {error}")
    return ExitCode.FAILED
