"""What the tests of other programs' files have in common."""

import time
from collections.abc import Iterator

import pytest


@pytest.fixture
def in_brussels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A laptop one hour ahead of UTC; files without a zone mean that of the laptop."""
    monkeypatch.setenv("TZ", "Europe/Brussels")
    if hasattr(time, "tzset"):
        time.tzset()
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()
