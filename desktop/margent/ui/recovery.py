"""What to do with a library that cannot be opened: the newest backup, a new library, or leave it alone."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from margent.errors import MargentError
from margent.library.recovery import backups, restore_backup, start_anew


def refuse(parent: QWidget, problem: str) -> None:
    """Say why the library cannot be used though nothing is wrong with it: too new, held by another, no permission."""
    box = _box(parent, problem)
    box.setInformativeText(QCoreApplication.translate("Recovery", "Nothing in it was changed."))
    box.addButton(QCoreApplication.translate("Recovery", "Quit"), QMessageBox.ButtonRole.RejectRole)
    box.exec()


def recover(parent: QWidget, folder: Path, problem: str) -> bool:
    """Tell the reader and do what is chosen; whether the library should be tried again. The old file is kept.

    When what is chosen fails, say so and ask again; a backup that cannot be used gives way to the one before it.
    """
    copies = backups(folder)
    while True:
        choice = _ask(parent, problem, copies[0] if copies else None)
        try:
            if choice == "restore":
                restore_backup(folder, copies[0])
            elif choice == "anew":
                start_anew(folder)
        except MargentError as error:
            problem = str(error)
            if choice == "restore":
                del copies[0]
        else:
            return choice != "leave"


def _ask(parent: QWidget, problem: str, copy: Path | None) -> str:
    """What the reader chooses: "restore", "anew" or "leave"."""
    box = _box(parent, problem)
    restore = None
    if copy is not None:
        box.setInformativeText(
            QCoreApplication.translate(
                "Recovery", "The newest backup is %1. Whatever you choose, the old file is kept beside it."
            ).replace("%1", copy.name)
        )
        restore = box.addButton(
            QCoreApplication.translate("Recovery", "Open the newest backup"), QMessageBox.ButtonRole.AcceptRole
        )
    else:
        box.setInformativeText(
            QCoreApplication.translate("Recovery", "There is no backup. If you start anew, the old file is kept.")
        )
    anew = box.addButton(QCoreApplication.translate("Recovery", "Start anew"), QMessageBox.ButtonRole.DestructiveRole)
    leave = box.addButton(QCoreApplication.translate("Recovery", "Quit"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(restore or leave)
    box.setEscapeButton(leave)
    box.exec()
    if restore is not None and box.clickedButton() is restore:
        return "restore"
    return "anew" if box.clickedButton() is anew else "leave"


def _box(parent: QWidget, problem: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(QCoreApplication.translate("Recovery", "The library cannot be opened"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(problem)
    return box
