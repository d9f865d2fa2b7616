"""How a Python process is set up for rendering."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: What libraries read when they are imported; an operator's own values win. NumPy's OpenBLAS starts threads,
#: which no product here is large enough for and which burn CPU while they wait; pydantic opens the metadata
#: of every installed package to look for plugins.
IMPORT_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
#: glibc's number for the size from which memory comes from, and at once returns to, the system.
_M_MMAP_THRESHOLD = -3
#: Photos and sound are larger, frames are smaller: those stay where they are used again.
_MMAP_THRESHOLD_BYTES = 8 * 1024 * 1024
#: glibc's number for the unused memory at the end of a heap from which that returns to the system.
_M_TRIM_THRESHOLD = -1
#: The planes of a few frames: returned and fetched again for each frame, they cost 1.5 % of a render.
_TRIM_THRESHOLD_BYTES = 16 * 1024 * 1024


@contextmanager
def importing() -> Iterator[None]:
    """Import modules without a search for garbage, then or later, in what they are made of.

    There is none, and to look for it again and again takes a fifth of the time in which an unchanged film
    is made.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def return_large_memory() -> None:
    """Have large blocks returned to the system when they are freed, and small ones kept; glibc does neither.

    By default glibc raises its threshold with every large block that is freed, until all of them come from
    its heaps, one heap for each thread: a fifth of the peak memory of a render is then unused.
    """
    import ctypes
    import platform

    if platform.libc_ver()[0] == "glibc":
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, _MMAP_THRESHOLD_BYTES)
        libc.mallopt(_M_TRIM_THRESHOLD, _TRIM_THRESHOLD_BYTES)
