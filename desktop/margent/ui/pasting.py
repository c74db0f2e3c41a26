"""What the clipboard, or something that is dropped, gives to bring in: files, or a text that becomes a document."""

import html
from pathlib import Path

from PySide6.QtCore import QMimeData

from margent.importing import Content

_LONGEST = 80
"""Characters of a first line that make a file's name."""


def files(data: QMimeData | None) -> list[Path]:
    """The files and folders on this computer that `data` points to."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data is not None else []


def given(data: QMimeData | None) -> list[Path | Content]:
    """The files in `data`, else its formatted or plain text as a content named by its first line; [] for neither.

    An empty clipboard has no data at all on some systems.
    """
    paths = files(data)
    if paths:
        return [*paths]
    text = data.text().strip() if data is not None else ""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if data is None or not line:
        return []
    name = line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"
    # A name is shown, and taken for a path nowhere; but a slash in it would look like a folder.
    name = "".join(character if character.isprintable() and character not in "/\\" else " " for character in name)
    if data.hasHtml():
        return [Content(_page(data.html(), name).encode(), f"{name}.html")]
    return [Content(text.encode("utf-8", "replace"), f"{name}.txt")]


def _page(fragment: str, title: str) -> str:
    """A fragment of HTML as a page: the title comes first, so that one in the fragment does not count."""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>{fragment}</html>'
    )
