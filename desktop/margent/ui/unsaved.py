"""Asks before the window closes over words that could not be saved, and shows them, so that they can be copied."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def may_lose(parent: QWidget, texts: Sequence[str]) -> bool:
    """Ask whether to close although `texts` are not in the library; whether the reader wants that."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(QCoreApplication.translate("Unsaved", "Not saved"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(QCoreApplication.translate("Unsaved", "Some of what you wrote could not be saved."))
    box.setInformativeText(
        QCoreApplication.translate(
            "Unsaved", "If you close Margent now, it is lost. Show the details to read it, and to copy it elsewhere."
        )
    )
    box.setDetailedText("\n\n".join(texts))
    back = box.addButton(QCoreApplication.translate("Unsaved", "Go back"), QMessageBox.ButtonRole.RejectRole)
    lose = box.addButton(QCoreApplication.translate("Unsaved", "Close and lose it"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(back)
    box.setEscapeButton(back)
    box.exec()
    return box.clickedButton() is lose
