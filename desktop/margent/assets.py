"""One door to the data files: the same in a checkout, an editable install, a wheel and a frozen app."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _root(kind: str) -> Path:
    installed = _PACKAGE / "_data" / kind
    return installed if installed.is_dir() else _PACKAGE.parents[1] / kind


RESOURCES = _root("resources")
CONTENT = _root("content")
