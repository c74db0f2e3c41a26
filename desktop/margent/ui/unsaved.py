"""Asks before the window closes over what would be lost: words that could not be saved, an import under way."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from margent.ui.imports import Imports


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


def may_stop(parent: QWidget, imports: Imports) -> bool:
    """Ask whether to close although an import runs; whether the reader wants that, or it is done meanwhile."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(QCoreApplication.translate("Unsaved", "Import"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(QCoreApplication.translate("Unsaved", "Documents are still being brought in."))
    box.setInformativeText(
        QCoreApplication.translate("Unsaved", "What has come in stays. The rest can be brought in another time.")
    )
    wait = box.addButton(QCoreApplication.translate("Unsaved", "Keep waiting"), QMessageBox.ButtonRole.RejectRole)
    stop = box.addButton(QCoreApplication.translate("Unsaved", "Stop and close"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(wait)
    box.setEscapeButton(wait)
    imports.ended.connect(box.accept)
    imports.failed.connect(box.accept)
    box.exec()
    return box.clickedButton() is stop or not imports.running
