"""About says what this is and where the reader's data stands."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from margent import __version__
from margent.settings import Folders
from margent.ui.about import about


def test_it_tells_version_folders_and_licences(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def read(box: QMessageBox) -> int:
        assert box.textFormat() == Qt.TextFormat.PlainText
        said.append(f"{box.text()}\n{box.informativeText()}")
        return 0

    monkeypatch.setattr(QMessageBox, "exec", read)
    about(QWidget(), Folders(Path("/a/<b>library"), Path("/a/config")))
    for words in (f"Margent {__version__}", "/a/<b>library", "/a/config/settings.toml", "Apache License 2.0", "LGPL"):
        assert words in said[0]
