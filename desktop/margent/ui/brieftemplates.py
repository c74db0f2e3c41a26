"""The choice of a brief's form: the templates side by side, or one button with a menu where there is no room."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from margent.ui.groups import one_stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.brief.templates import TemplateInfo
    from margent.ui.style import Style

_HEIGHT = 27


class TemplateChoice(QWidget):
    """Margent's templates as buttons, the reader's own in a menu behind them. `chosen` says which one was taken."""

    chosen = Signal(str)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._segments: QFrame | None = None
        self._group: QButtonGroup | None = None
        self._menu_button = QToolButton()
        self._menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu_button.setAccessibleName(self.tr("Form of the brief"))
        self._menu_button.setToolTip(self.tr("Form of the brief"))
        self._menu_button.setCheckable(True)
        self._menu_button.setChecked(True)
        self._menu_button.setFixedHeight(style.px(_HEIGHT))
        self._narrow = QFrame()
        self._narrow.setObjectName("segmented")
        inside = QHBoxLayout(self._narrow)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.addWidget(self._menu_button)
        self._narrow.hide()
        row.addWidget(self._narrow)

    def fill(self, infos: Sequence[TemplateInfo], chosen: str) -> None:
        """Offer `infos`, of which the one named `chosen` is in use."""
        known = {
            "meeting": self.tr("Meeting brief"),
            "theme": self.tr("By theme"),
            "order": self.tr("Reading order"),
            "whole": self.tr("Whole article"),
        }
        titles = {info.name: known.get(info.name, info.title) for info in infos}
        self._fill_menu(titles, chosen)
        self._fill_segments(titles, [name for name in titles if name in known], chosen)

    def minimumSizeHint(self) -> QSize:
        """The button with the menu; what shows the templates side by side does not keep the window from shrinking."""
        return self._narrow.sizeHint()

    def fit(self, room: int) -> None:
        """Show buttons where `room`, in pixels, is enough for all of them, else the one with the menu."""
        assert self._segments is not None
        narrow = self._segments.sizeHint().width() > room
        self._narrow.setVisible(narrow)
        self._segments.setVisible(not narrow)

    def _fill_menu(self, titles: dict[str, str], chosen: str) -> None:
        old = self._menu_button.menu()
        menu = QMenu(self._menu_button)
        group = QActionGroup(menu)
        for name, title in titles.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(name == chosen)
            action.triggered.connect(partial(self._take, name))
            group.addAction(action)
        self._menu_button.setMenu(menu)
        self._menu_button.setText(f"{titles.get(chosen, chosen)} ▾")
        if old is not None:
            old.deleteLater()

    def _fill_segments(self, titles: dict[str, str], beside: Sequence[str], chosen: str) -> None:
        had_focus = self._segments is not None and self._segments.isAncestorOf(self.focusWidget() or self)
        visible = self._segments is None or not self._segments.isHidden()
        if self._segments is not None:
            self._segments.hide()
            self._segments.deleteLater()
        self._segments = segments = QFrame(self)
        segments.setObjectName("segmented")
        row = QHBoxLayout(segments)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self._group = group = QButtonGroup(segments)
        own = {name: title for name, title in titles.items() if name not in beside}
        for name in beside:
            button = self._button(titles[name], on=name == chosen)
            button.clicked.connect(partial(self._take, name))
            group.addButton(button)
            row.addWidget(button)
        if own:
            more = self._button(own.get(chosen, self.tr("Other ▾")), on=chosen in own)
            more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            menu = QMenu(more)
            for name, title in own.items():
                menu.addAction(title, partial(self._take, name))
            more.setMenu(menu)
            group.addButton(more)
            row.addWidget(more)
        one_stop(group)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(segments)
        segments.setVisible(visible)
        checked = group.checkedButton()
        if had_focus and checked is not None:
            checked.setFocus()

    def _button(self, text: str, *, on: bool) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setChecked(on)
        button.setFixedHeight(self._style.px(_HEIGHT))
        return button

    def _take(self, name: str, _checked: bool = False) -> None:
        self.chosen.emit(name)
