"""Where a brief goes: the questions asked before a file is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from margent.brief.filing import is_ours, suggested_name

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def ask_for_file(parent: QWidget, title: str) -> Path | None:
    """The file that a brief of this title is to be written to; None when the reader thinks better of it."""
    folder = Path.home() / "Documents"
    start = (folder if folder.is_dir() else Path.home()) / suggested_name(title)
    name, _ = QFileDialog.getSaveFileName(
        parent,
        QCoreApplication.translate("BriefView", "Export Markdown"),
        str(start),
        QCoreApplication.translate("BriefView", "Markdown (*.md)"),
        options=QFileDialog.Option.DontConfirmOverwrite,
    )
    if not name:
        return None
    return Path(name) if Path(name).suffix else Path(name).with_suffix(".md")


def must_replace(path: Path) -> bool:
    """Whether there is something at `path` that no brief of ours was written into."""
    return path.exists() and not is_ours(path)


def may_replace(parent: QWidget, path: Path) -> bool:
    """Ask whether what somebody else wrote to `path` may be lost."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(QCoreApplication.translate("BriefView", "Export Markdown"))
    box.setText(
        QCoreApplication.translate("BriefView", "%1 exists and was not written by Margent.").replace("%1", path.name)
    )
    box.setInformativeText(QCoreApplication.translate("BriefView", "Replacing it loses what is in it."))
    replace_it = box.addButton(
        QCoreApplication.translate("BriefView", "Replace"), QMessageBox.ButtonRole.DestructiveRole
    )
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    return box.clickedButton() is replace_it
