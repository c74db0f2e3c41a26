"""The small row of tools of a card, and the menus two of them open."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QKeySequence, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from margent import edits
from margent.annotations import COLOURS, STYLES, Annotation, Change
from margent.ui.actions import ACTIONS, QT_TRANSLATE_NOOP
from margent.ui.cardtext import kind_name, kinds
from margent.ui.glyph import Glyph
from margent.ui.style import Style

TOOLS = ("edit", "kind", "colour", "theme", "private", "reply", "delete")
_ICONS = {
    "edit": "pencil",
    "kind": "flag",
    "colour": "palette",
    "theme": "tag",
    "private": "lock",
    "reply": "reply",
    "delete": "trash-2",
}
_NAMES = {
    "edit": QT_TRANSLATE_NOOP("CardTools", "Edit note"),
    "kind": QT_TRANSLATE_NOOP("CardTools", "Kind"),
    "colour": QT_TRANSLATE_NOOP("CardTools", "Colour and style"),
    "theme": QT_TRANSLATE_NOOP("CardTools", "Themes"),
    "private": QT_TRANSLATE_NOOP("CardTools", "Keep out of briefs"),
    "reply": QT_TRANSLATE_NOOP("CardTools", "Reply"),
    "delete": QT_TRANSLATE_NOOP("CardTools", "Delete"),
}
_SHARE = QT_TRANSLATE_NOOP("CardTools", "Let into briefs")
_COLOUR_NAMES = {
    "yellow": QT_TRANSLATE_NOOP("CardTools", "Yellow"),
    "green": QT_TRANSLATE_NOOP("CardTools", "Green"),
    "blue": QT_TRANSLATE_NOOP("CardTools", "Blue"),
    "pink": QT_TRANSLATE_NOOP("CardTools", "Pink"),
    "purple": QT_TRANSLATE_NOOP("CardTools", "Purple"),
}
_STYLE_NAMES = {
    "highlight": QT_TRANSLATE_NOOP("CardTools", "Highlight"),
    "underline": QT_TRANSLATE_NOOP("CardTools", "Underline"),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("CardTools", text)


def keys_of(name: str) -> str:
    """The key of an action in the notation of this platform, or ""."""
    keys = next((action.keys for action in ACTIONS if action.name == name), ())
    return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""


class CardTools(QFrame):
    """Icons for what can be done with a card. `chosen` carries one of TOOLS and where a menu may open (global)."""

    chosen = Signal(str, QPoint)

    def __init__(self, style: Style, names: tuple[str, ...] = TOOLS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._private: bool | None = None
        self.setAccessibleName(QCoreApplication.translate("CardTools", "Tools"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.buttons: dict[str, Glyph] = {}
        for name in names:
            self._row.addWidget(self._button(name))

    def _button(self, name: str) -> Glyph:
        button = Glyph(self._style, _ICONS[name], _tr(_NAMES[name]), self)
        button.set_name(_tr(_NAMES[name]), keys_of({"edit": "note"}.get(name, name)))
        button.clicked.connect(lambda: self.chosen.emit(name, button.mapToGlobal(button.rect().bottomLeft())))
        self.buttons[name] = button
        return button

    def show_state(self, annotation: Annotation) -> None:
        """Show what the tools would do to this annotation."""
        if annotation.private == self._private or "private" not in self.buttons:
            return
        self._private = annotation.private
        button = self.buttons["private"]
        name = _tr(_SHARE if annotation.private else _NAMES["private"])
        button.set_icon("lock-open" if annotation.private else "lock")
        button.set_name(name, keys_of("private"))


def kind_menu(annotation: Annotation, emit: Callable[[Change], object], parent: QWidget) -> QMenu:
    """The kinds, with the annotation's own ticked, and for tasks whether it is done."""
    menu = QMenu(QCoreApplication.translate("CardTools", "Kind"), parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    group = QActionGroup(menu)
    for kind in kinds():
        action = _choice(menu, kind_name(kind), annotation.kind == kind, group)
        action.triggered.connect(lambda _=False, kind=kind: emit(edits.set_kind([annotation], kind)))
    if annotation.is_task:
        menu.addSeparator()
        action = _choice(menu, QCoreApplication.translate("CardTools", "Done"), annotation.done)
        action.triggered.connect(lambda _=False: emit(edits.set_done([annotation], not annotation.done)))
    return menu


def colour_menu(style: Style, annotation: Annotation, emit: Callable[[Change], object], parent: QWidget) -> QMenu:
    """The five colours by name, and highlight or underline."""
    menu = QMenu(QCoreApplication.translate("CardTools", "Colour and style"), parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    group = QActionGroup(menu)
    for colour in COLOURS:
        chosen = annotation.colour == colour
        action = _choice(menu, _tr(_COLOUR_NAMES[colour]), chosen, group)
        tick = style.icon("check", 10) if chosen else None
        action.setIcon(disc(style.mark(colour), style.mark_strong(colour), style.px(16), tick))
        action.triggered.connect(lambda _=False, colour=colour: emit(edits.set_colour([annotation], colour)))
    menu.addSeparator()
    group = QActionGroup(menu)
    for name in STYLES:
        action = _choice(menu, _tr(_STYLE_NAMES[name]), annotation.style == name, group)
        action.triggered.connect(lambda _=False, name=name: emit(edits.set_style([annotation], name)))
    return menu


def disc(fill: QColor, edge: QColor, side: int, tick: QIcon | None = None, *, inset: int = 1) -> QIcon:
    """A disc in `side` pixels, with `tick` in it: a menu shows an icon or a tick of its own, not both.

    It looks the same in a chosen row, where Qt would otherwise wash it with the colour of the selection.
    """
    pixmap = QPixmap(QSize(side, side) * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    painter.drawEllipse(QRectF(inset, inset, side - 2 * inset, side - 2 * inset))
    if tick is not None:
        tick.paint(painter, QRectF(3, 3, side - 6, side - 6).toRect())
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


def _choice(menu: QMenu, text: str, on: bool, group: QActionGroup | None = None) -> QAction:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(on)
    if group is not None:
        group.addAction(action)
    return action
