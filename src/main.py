"""Where the program starts: the `neuroshorts` command, and `app` for `uvicorn src.main:app`."""

import gc
import os
import sys
from typing import Any

from .runtime import IMPORT_ENVIRONMENT, importing, return_large_memory

#: What a shell reports of a command that SIGINT ended.
_INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code."""
    os.environ.update(IMPORT_ENVIRONMENT | os.environ)
    try:
        # Importing takes a while, in which Ctrl-C may come as well.
        with importing():
            from .cli.app import run

        return_large_memory()
        code = run()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    # The interpreter ends with a search for garbage, 90 ms for giving back what the system takes anyway.
    gc.freeze()
    sys.exit(code)


def __getattr__(name: str) -> Any:
    """Build `app` when a web server asks for it: the command does without a web framework."""
    if name != "app":
        raise AttributeError(name)
    from .cli.service import application
    from .settings import Settings

    return application(Settings())


if __name__ == "__main__":
    main()
