"""The actions of the window: made of the table, put into menus and buttons, kept in step with what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton

from margent.annotations import COLOURS
from margent.errors import MargentError
from margent.ui.actions import ACTIONS, MENUS
from margent.ui.cardtext import may_resolve
from margent.ui.cardtools import disc
from margent.ui.chrome import IconButton
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from margent.ui.actions import Action
    from margent.ui.session import Session
    from margent.ui.style import Style
    from margent.ui.window import MainWindow

_IN_PAGE = {"delete", "copy", "select_all", "copy_quote"}
"""Actions whose keys mean something else in a list or a field; they listen in the page and margin only."""
_ROLES = {
    "quit": QAction.MenuRole.QuitRole,
    "about": QAction.MenuRole.AboutRole,
    "settings": QAction.MenuRole.PreferencesRole,
}
_ON_EITHER = (
    *COLOURS, "underline", "note", "question", "action", "position", "theme",
)  # fmt: skip
"""Actions that work on the selection or, where there is none, on the current annotation."""


class Menus(QObject):
    """Makes an action of every entry of the table; `fill` puts them where they are seen."""

    def __init__(
        self, window: MainWindow, session: Session, style: Style, handlers: Mapping[str, Callable[..., None]]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._read = window.read
        self._session = session
        self._style = style
        self._actions = window.actions_by_name
        for spec in ACTIONS:
            self._actions[spec.name] = self._action(spec, handlers.get(spec.name))
        self.main = QMenu(window)
        """Every action, menu by menu; empty until `fill`."""
        self._recent = QMenu(self._actions["recent"].text(), window)
        self._button = menu_button("", self.tr("Menu"))
        session.opened.connect(self._opened)
        session.changed.connect(self._enable)
        session.undo_group.indexChanged.connect(self._name_undo)
        window.views.currentChanged.connect(self._enable)
        self._read.current_changed.connect(self._enable)
        self._read.reader.selectionChanged.connect(self._enable)

    def fill(self) -> None:
        """Fill the menus and the toolbar."""
        self._recent.aboutToShow.connect(self._fill_recent)
        for title in MENUS:
            self._fill_menu(title)
        self._fill_toolbar()
        self._actions["sidebar"].setChecked(self._session.settings.sidebar)
        self._actions["margin"].setChecked(self._session.settings.margin)
        self._show_icons()
        self._name_undo()
        self._enable()
        self._style.changed.connect(self._show_icons)
        if self._read.sidebar is not None:
            self._read.sidebar.passageChanged.connect(self._enable)
            self._read.sidebar.themeChosen.connect(self._enable)

    # -- making -----------------------------------------------------------------------------------------------

    def _action(self, spec: Action, handler: Callable[..., None] | None) -> QAction:
        text = QCoreApplication.translate("Actions", spec.text)
        action = QAction(text, self._window)
        action.setObjectName(spec.name)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setCheckable(spec.checkable)
        keys = f"  {action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)}" if spec.keys else ""
        action.setToolTip(f"{text.rstrip('…')}{keys}")
        action.setStatusTip(QCoreApplication.translate("Actions", spec.help))
        action.setProperty("drawing", spec.icon)
        action.setProperty("view", spec.view)
        action.setMenuRole(_ROLES.get(spec.name, QAction.MenuRole.NoRole))
        if handler is not None:
            action.triggered.connect(self._telling(handler if spec.checkable else lambda _=False: handler()))
        if spec.name in _IN_PAGE:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._read.center.addAction(action)
        else:
            self._window.addAction(action)
        return action

    def _telling(self, handler: Callable[..., None]) -> Callable[[bool], None]:
        """`handler`, but what it cannot do it says: the library may still be opened, or cannot be read just now."""

        def call(checked: bool = False) -> None:
            try:
                handler(checked)
            except MargentError as error:
                self._session.failed.emit(str(error))

        return call

    def _fill_menu(self, title: str) -> None:
        menu = self.main.addMenu(QCoreApplication.translate("Menus", title))
        for spec in ACTIONS:
            if spec.menu != title:
                continue
            if spec.divider:
                menu.addSeparator()
            if spec.name == "recent":
                menu.addMenu(self._recent)
            else:
                menu.addAction(self._actions[spec.name])

    def _fill_toolbar(self) -> None:
        self._button.setObjectName("menubutton")
        self._button.setToolTip(self.tr("Menu  F10"))
        self._button.setMenu(self.main)
        self._button.setShortcut(QKeySequence("F10"))
        library = menu_button(self.tr("‹ Library"), self._actions["library"].text())
        library.setObjectName("librarybutton")
        library.setToolTip(self._actions["library"].toolTip())
        library.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        library.clicked.connect(self._actions["library"].trigger)
        menu = QMenu(self._window)
        menu.aboutToShow.connect(lambda: self._fill_documents(menu))
        library.setMenu(menu)
        sidebar = self._actions["sidebar"]
        folding = IconButton(self._style, "panel-left", sidebar.text(), action=sidebar)
        if self._read.toolbar is not None:
            for button in (self._button, library, folding):
                self._read.toolbar.add_left(button)

    def _fill_documents(self, menu: QMenu) -> None:
        menu.clear()
        menu.addAction(self._actions["library"])
        menu.addAction(self._actions["open"])
        menu.addSeparator()
        self._add_recent(menu)

    def _fill_recent(self) -> None:
        self._recent.clear()
        self._add_recent(self._recent)

    def _add_recent(self, menu: QMenu) -> None:
        records = self._session.recent()
        here = self._session.reading.record.id if self._session.reading is not None else ""
        for record in records:
            item = menu.addAction(on_a_line(record.title).replace("&", "&&") or self.tr("Untitled"))
            item.setCheckable(True)
            item.setChecked(record.id == here)
            item.triggered.connect(lambda _=False, key=record.id: self._window.show_document(key))
        if not records:
            menu.addAction(self.tr("Nothing read yet")).setEnabled(False)

    # -- keeping in step --------------------------------------------------------------------------------------

    def _show_icons(self) -> None:
        for action in self._actions.values():
            if action.property("drawing"):
                action.setIcon(self._style.icon(action.property("drawing")))
        for colour in COLOURS:
            fill, edge = self._style.mark(colour), self._style.mark_strong(colour)
            self._actions[colour].setIcon(disc(fill, edge, self._style.px(16)))
        self._button.setIcon(self._style.icon("menu"))

    def _opened(self) -> None:
        self._enable()
        self._name_undo()

    def _name_undo(self) -> None:
        stack = self._session.undo_group
        for name, can, text in (
            ("undo", stack.canUndo(), stack.undoText()),
            ("redo", stack.canRedo(), stack.redoText()),
        ):
            action = self._actions[name]
            plain = QCoreApplication.translate("Actions", next(spec.text for spec in ACTIONS if spec.name == name))
            action.setText(f"{plain}: {text}" if text else plain)
            action.setToolTip(f"{action.text()}  {action.shortcut().toString()}")
            action.setEnabled(can)

    def _enable(self) -> None:
        reading = self._session.reading
        view = self._window.view_name
        can = self._possible()
        for spec in ACTIONS:
            if spec.name in {"undo", "redo"}:
                continue
            fits = not spec.view or (spec.view == view and (reading is not None or view == "library"))
            self._actions[spec.name].setEnabled(fits and can.get(spec.name, True))

    def _possible(self) -> dict[str, bool]:
        """What has something to act on, as far as that depends on more than the view."""
        reading, current = self._session.reading, self._read.current
        selected = self._read.reader.selection() is not None
        passages = self._read.sidebar is not None and self._read.sidebar.has_passages()
        marked = reading is not None and any(a.state != "orphaned" for a in reading.annotations.values())
        uncertain = reading is not None and any(a.state != "placed" for a in reading.annotations.values())
        return {
            **dict.fromkeys(_ON_EITHER, current is not None or selected),
            **dict.fromkeys(("reply", "private", "delete"), current is not None),
            **dict.fromkeys(("copy", "copy_quote"), current is not None or selected),
            **dict.fromkeys(("next_passage", "previous_passage"), passages),
            **dict.fromkeys(("next_note", "previous_note"), marked),
            **dict.fromkeys(("next_check", "previous_check"), uncertain),
            "done": current is not None and current.is_task,
            "resolve": current is not None and reading is not None and may_resolve(reading, current),
            "accept": current is not None and current.state == "moved",
            "attach": current is not None and current.state != "placed" and selected,
            "detach": current is not None and current.state == "moved",
        }


def menu_button(text: str, name: str) -> QToolButton:
    """A flat button with words that opens a menu at once."""
    button = QToolButton()
    button.setText(text)
    button.setProperty("flat", True)
    button.setAutoRaise(True)
    button.setFixedHeight(30)
    button.setAccessibleName(name)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button
