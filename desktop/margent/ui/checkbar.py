"""The strip above the page that leads through the annotations that are not surely in their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from margent.ui.chrome import IconButton

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QAction, QKeyEvent

    from margent.annotations import Annotation
    from margent.ui.style import Style

HEIGHT = 40
"""Pixels of the design."""


class CheckBar(QWidget):
    """Says which annotation one stands on and offers what can be done with it; `actions` are the window's.

    `closed`: the reader has had enough of it.
    """

    closed = Signal()

    def __init__(self, style: Style, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._actions = actions
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(style.px(HEIGHT))
        self.setAccessibleName(self.tr("Notes to check"))
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(14), 0, style.px(8), 0)
        row.setSpacing(style.px(4))
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self.label)
        row.addSpacing(style.px(6))
        for name, icon in (("previous_check", "arrow-up"), ("next_check", "arrow-down")):
            row.addWidget(IconButton(style, icon, actions[name].text(), action=actions[name], parent=self))
        row.addStretch(1)
        self.buttons = {name: self._button(name) for name in ("accept", "attach", "detach")}
        for button in self.buttons.values():
            row.addWidget(button)
        row.addSpacing(style.px(4))
        self.close_button = IconButton(style, "x", self.tr("End the check"), parent=self)
        self.close_button.clicked.connect(self.closed)
        row.addWidget(self.close_button)

    def _button(self, name: str) -> QPushButton:
        action = self._actions[name]
        button = QPushButton(action.text(), self)
        button.setToolTip(action.toolTip())
        button.clicked.connect(action.trigger)
        action.changed.connect(lambda: button.setEnabled(action.isEnabled()))
        return button

    def show_state(self, uncertain: Sequence[Annotation], current: Annotation | None) -> None:
        """Say how many there are, and which of them, in their order, is the current one."""
        index = next((n for n, one in enumerate(uncertain) if current is not None and one.id == current.id), None)
        for name, button in self.buttons.items():
            button.setEnabled(self._actions[name].isEnabled())
        if not uncertain:
            self._say(self.tr("Nothing is left to check."))
        elif index is None:
            self._say(self.tr("%n to check", None, len(uncertain)))
        else:
            lost = uncertain[index].state == "orphaned"
            why = self.tr("no longer in the text") if lost else self.tr("the words changed")
            text = self.tr("%1 of %2 to check: %3").replace("%1", str(index + 1)).replace("%2", str(len(uncertain)))
            self._say(text.replace("%3", why))

    def _say(self, text: str) -> None:
        if text != self.label.text():
            self.label.setText(text)
            QAccessible.updateAccessibility(QAccessibleEvent(self.label, QAccessible.Event.Alert))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends the check."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
