"""What is open for the length of a block, and closed with it."""

from typing import Self


class Closing:
    """Is closed when the block ends that it was opened for; whoever derives from it tells how."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of everything; may be called twice."""
        raise NotImplementedError
