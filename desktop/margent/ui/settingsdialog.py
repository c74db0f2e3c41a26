"""The settings dialog, made from the fields of Settings; text and appearance have the Aa pop-over instead."""

from dataclasses import fields, replace

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from margent.settings import Folders, Settings
from margent.ui.actions import QT_TRANSLATE_NOOP

_SWITCHES = {
    "inherit_theme": QT_TRANSLATE_NOOP("SettingsDialog", "A new highlight takes the theme of its passage"),
    "ask_links": QT_TRANSLATE_NOOP("SettingsDialog", "Show an address and ask before the browser opens it"),
    "daily_backup": QT_TRANSLATE_NOOP("SettingsDialog", "Copy the library once a day, and keep the ten newest copies"),
}


class SettingsDialog(QDialog):
    """Your name, and the switches; `settings()` gives what was chosen."""

    def __init__(self, settings: Settings, folders: Folders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        column.addWidget(_label(self.tr("Your name"), "section"))
        self.author = QLineEdit(settings.author)
        self.author.setAccessibleName(self.tr("Your name"))
        self.author.setPlaceholderText(self.tr("As colleagues know you"))
        column.addWidget(self.author)
        column.addWidget(
            _label(self.tr("It stands on new notes and in briefs. Left empty, your notes carry no name."), "muted")
        )
        column.addSpacing(8)
        self._switches: dict[str, QCheckBox] = {}
        for spec in fields(Settings):
            if spec.name in _SWITCHES:
                box = QCheckBox(self.tr(_SWITCHES[spec.name]))
                box.setChecked(getattr(settings, spec.name))
                self._switches[spec.name] = box
                column.addWidget(box)
        column.addSpacing(8)
        column.addWidget(_label(self.tr("Library"), "section"))
        place = _label(str(folders.library), "muted")
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(place)
        show = QPushButton(self.tr("Show folder"))
        show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folders.library))))
        column.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def settings(self) -> Settings:
        """The settings with what was chosen here."""
        switches = {name: box.isChecked() for name, box in self._switches.items()}
        return replace(self._settings, author=" ".join(self.author.text().split()), **switches)  # type: ignore[arg-type]


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty(role, True)
    label.setWordWrap(True)
    return label
