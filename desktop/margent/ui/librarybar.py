"""The toolbar of the library view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from margent.ui.chrome import IconButton, Toolbar
from margent.ui.searchfield import SearchField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

    from margent.ui.style import Style


class LibraryBar(Toolbar):
    """Importing, what is shown beside the table, the search, undo, and the way to the page.

    `readWanted` says that its button was pressed, `helpWanted` that the reader wants to know what can be searched for.
    """

    readWanted = Signal()
    helpWanted = Signal()

    def __init__(self, style: Style, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.import_button = self._import_button(actions["open"])
        self.add_left(self.import_button)
        self.side_button = self._toggle("panel-left", self.tr("Shelves  Ctrl+B"))
        self.side_button.setChecked(True)
        self.add_left(self.side_button)
        self.search = SearchField(style, self)
        self.add_middle(self.search)
        self.help_button = IconButton(style, "circle-help", self.tr("What can be searched for"))
        self.help_button.clicked.connect(self.helpWanted)
        self.add_middle(self.help_button)
        self.preview_button = self._toggle("columns-2", self.tr("About the document"))
        self.add_right(self.preview_button)
        for name in ("typography", "undo", "redo"):
            action = actions[name]
            self.add_right(IconButton(style, action.property("drawing"), action.text(), action=action))
        self.read_button = QPushButton(self.tr("Read ▸"))
        self.read_button.setProperty("primary", True)
        self.read_button.setToolTip(self.tr("Read the chosen document  Enter"))
        self.read_button.setAccessibleName(self.tr("Read"))
        self.read_button.clicked.connect(self.readWanted)
        self.right.addSpacing(6)
        self.add_right(self.read_button)
        style.changed.connect(self._show_icons)

    def _import_button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setText(self.tr("Import…"))
        button.setIcon(self._style.icon("plus"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(action.toolTip())
        button.setAccessibleName(self.tr("Import documents"))
        button.setFixedHeight(30)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(action.trigger)
        return button

    def _toggle(self, icon: str, name: str) -> IconButton:
        button = IconButton(self._style, icon, name)
        button.setCheckable(True)
        return button

    def _show_icons(self) -> None:
        self.import_button.setIcon(self._style.icon("plus"))
