"""The menu of a place on the page: what can be done with the words selected or the annotation that stands there."""

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

_MARKING = (
    ("yellow", "green", "blue", "pink", "purple", "underline"),
    ("note", "question", "action", "position", "theme"),
    ("accept", "attach", "detach"),
    ("reply", "resolve", "done", "private"),
    ("copy", "copy_quote"),
    ("delete",),
)
_READING = (("select_all", "find"), ("next_note", "previous_note"), ("typography",))


def page_menu(actions: Mapping[str, QAction], parent: QWidget, *, marking: bool) -> QMenu:
    """The window's own actions that can be done now: for words or an annotation when `marking`, else for the text."""
    menu = QMenu(parent)
    for group in _MARKING if marking else _READING:
        found = [actions[name] for name in group if actions[name].isEnabled()]
        if found and not menu.isEmpty():
            menu.addSeparator()
        menu.addActions(found)
    return menu
