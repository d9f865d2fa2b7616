"""What every picture source offers to the compositor."""

from typing import Protocol

from ...media.planes import Yuv


class FrameSource(Protocol):
    """Draws the frames of one shot, at the size of the film's frame.

    One thread uses a source at a time; frames are mostly asked for in order, yet any order must give the
    same pictures.
    """

    def draw(self, frame: int, out: Yuv) -> None:
        """Draw frame `frame` of the shot over all of `out`."""
        ...

    def close(self) -> None:
        """Let go of files; drawing afterwards is an error."""
        ...
