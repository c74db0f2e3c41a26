"""Memory given back to the system between two steps of reading a large file."""

from __future__ import annotations

import sys

LARGE = 1_000_000
"""Characters of a text whose tree is worth giving back."""


def give_back() -> None:
    """Let go of what was freed: the C library keeps the pages of a tree, and Python's objects cannot use them.

    Of the C libraries only glibc can be told so; elsewhere nothing happens.
    """
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - of large files alone

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
