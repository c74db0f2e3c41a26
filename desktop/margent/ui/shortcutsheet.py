"""The sheet of keyboard shortcuts, made from the table of actions."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from margent.ui.actions import ACTIONS, MENUS

_COLUMNS = (("File", "Edit"), ("Annotate", "Themes", "Help"), ("View", "Go"))


class ShortcutSheet(QDialog):
    """All actions that have keys, by menu, in three columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(960, 580)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 14)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setAccessibleName(self.tr("Keyboard shortcuts"))
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        inside = QWidget()
        inside.setObjectName("sheet")
        row = QHBoxLayout(inside)
        row.setContentsMargins(24, 20, 24, 12)
        row.setSpacing(36)
        for menus in _COLUMNS:
            column = QVBoxLayout()
            for menu in menus:
                column.addWidget(self._section(menu))
            column.addStretch(1)
            row.addLayout(column, 1)
        area.setWidget(inside)
        outer.addWidget(area)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.setContentsMargins(24, 0, 24, 0)
        outer.addWidget(buttons)

    def _section(self, menu: str) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 14)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 1)
        title = QLabel(QCoreApplication.translate("Menus", menu))
        title.setProperty("section", True)
        grid.addWidget(title, 0, 0, 1, 2)
        row = 0
        for spec in ACTIONS:
            if spec.menu != menu or not spec.keys:
                continue
            row += 1
            name = QLabel(QCoreApplication.translate("Actions", spec.text).rstrip("…"))
            name.setToolTip(QCoreApplication.translate("Actions", spec.help))
            native = QKeySequence.SequenceFormat.NativeText
            keys = QLabel(self.tr(" or ").join(QKeySequence(key).toString(native) for key in spec.keys[:2]))
            keys.setProperty("muted", True)
            keys.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(name, row, 0)
            grid.addWidget(keys, row, 1)
        return box


assert {menu for column in _COLUMNS for menu in column} == set(MENUS)
