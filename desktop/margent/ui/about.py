"""What this is, under which licences, and where the reader's data stands."""

import platform

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from margent import __version__
from margent.settings import Folders


def about(parent: QWidget, folders: Folders) -> None:
    """Show the version, the licences and the folders."""
    box = QMessageBox(parent)
    box.setWindowTitle(QCoreApplication.translate("About", "About Margent"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Margent {__version__}")
    box.setInformativeText(
        "\n\n".join(
            (
                QCoreApplication.translate(
                    "About", "Read policy briefs offline, annotate them in the margin, hand them on."
                ),
                QCoreApplication.translate("About", "Library: %1").replace("%1", str(folders.library)),
                QCoreApplication.translate("About", "Settings: %1").replace("%1", str(folders.settings)),
                QCoreApplication.translate(
                    "About",
                    "Apache License 2.0. Typefaces Source Serif 4 and Inter: SIL Open Font License. "
                    "Icons: Lucide, ISC License. Qt: LGPL 3.",
                ),
                f"Qt for Python {qt_version}, Python {platform.python_version()}",
            )
        )
    )
    box.exec()
