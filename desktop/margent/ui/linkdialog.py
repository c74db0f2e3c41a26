"""Asks before an address leaves for the browser; the whole address is shown, nothing is fetched."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget


def may_open(parent: QWidget, address: str) -> bool:
    """Show `address` and ask; whether the browser may open it."""
    box = QMessageBox(parent)
    box.setWindowTitle(QCoreApplication.translate("LinkDialog", "Open link"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(QCoreApplication.translate("LinkDialog", "Open this address in the browser?"))
    box.setInformativeText(address)
    go = box.addButton(QCoreApplication.translate("LinkDialog", "Open"), QMessageBox.ButtonRole.AcceptRole)
    copy = box.addButton(QCoreApplication.translate("LinkDialog", "Copy address"), QMessageBox.ButtonRole.ActionRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(go)
    box.exec()
    if box.clickedButton() is copy:
        QGuiApplication.clipboard().setText(address)
    return box.clickedButton() is go
