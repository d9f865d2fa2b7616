"""Where the program starts: the `neuroshorts` command."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from .cli.app import run

    sys.exit(run())


if __name__ == "__main__":
    main()
