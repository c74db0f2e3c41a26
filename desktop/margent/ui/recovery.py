"""What to do with a library that cannot be opened: the newest backup, a new library, or leave it alone."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from margent.errors import MargentError
from margent.library.recovery import backups, restore_backup, start_anew


def refuse(parent: QWidget, problem: str) -> None:
    """Say why the library cannot be used though nothing is wrong with it: too new, held by another, no permission."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(QCoreApplication.translate("Recovery", "The library cannot be opened"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(problem)
    box.setInformativeText(QCoreApplication.translate("Recovery", "Nothing in it was changed."))
    box.addButton(QCoreApplication.translate("Recovery", "Quit"), QMessageBox.ButtonRole.RejectRole)
    box.exec()


def recover(parent: QWidget, folder: Path, problem: str) -> bool:
    """Tell the reader and do what is chosen; whether the library should be tried again. The old file is kept."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(QCoreApplication.translate("Recovery", "The library cannot be opened"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(problem)
    copies = backups(folder)
    restore = None
    if copies:
        box.setInformativeText(
            QCoreApplication.translate(
                "Recovery", "The newest backup is %1. Whatever you choose, the old file is kept beside it."
            ).replace("%1", copies[0].name)
        )
        restore = box.addButton(
            QCoreApplication.translate("Recovery", "Open the newest backup"), QMessageBox.ButtonRole.AcceptRole
        )
    else:
        box.setInformativeText(
            QCoreApplication.translate("Recovery", "There is no backup yet. If you start anew, the old file is kept.")
        )
    anew = box.addButton(QCoreApplication.translate("Recovery", "Start anew"), QMessageBox.ButtonRole.DestructiveRole)
    leave = box.addButton(QCoreApplication.translate("Recovery", "Quit"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(restore or leave)
    box.setEscapeButton(leave)
    box.exec()
    try:
        if restore is not None and box.clickedButton() is restore:
            restore_backup(folder, copies[0])
            return True
        if box.clickedButton() is anew:
            start_anew(folder)
            return True
    except MargentError as error:
        QMessageBox.critical(parent, QCoreApplication.translate("Recovery", "The library cannot be opened"), str(error))
    return False
