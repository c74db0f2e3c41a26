"""The bar that appears at selected text: five colours, underline, note, theme, copy quote."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from margent.annotations import COLOURS
from margent.ui.actions import ACTIONS
from margent.ui.style import Style
from margent.ui.surface import SHADOW, Surface

_WORDS = ("note", "theme", "copy_quote")
_NEAR = 6
"""Pixels between the bar and the selected line."""
_INSET = 4
"""Pixels the bar keeps from the edges of the text area."""


class SelectionBar(Surface):
    """A toolbar over the text area. `triggered` carries the name of an action.

    It never takes the focus by itself: Tab goes to it from the text, arrow keys move along it, Escape hides it.
    """

    triggered = Signal(str)

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(style, parent)
        self._area = parent
        self._host = parent.focusProxy() or parent
        self.setObjectName("selectionbar")
        self.setAccessibleName(self.tr("Annotate the selection"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        edge = SHADOW + style.px(5)
        row.setContentsMargins(edge, SHADOW + style.px(4), edge, SHADOW + style.px(4))
        row.setSpacing(style.px(2))
        for colour in COLOURS:
            row.addWidget(self._button(colour, swatch=colour))
        self._divide(row)
        row.addWidget(self._button("underline", icon="underline"))
        self._divide(row)
        for name in _WORDS:
            row.addWidget(self._button(name))
        self.buttons["note"].setFont(style.ui_font(13, 600))
        self._host.installEventFilter(self)
        self.hide()

    def _button(self, name: str, *, swatch: str = "", icon: str = "") -> QToolButton:
        action = next(action for action in ACTIONS if action.name == name)
        text = QCoreApplication.translate("Actions", action.text).rstrip("…")
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if swatch:
            button.setProperty("swatch", swatch)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
        elif icon:
            button.setIcon(self.look.icon(icon, 16))
        else:
            button.setText(text)
        keys = QKeySequence(action.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if action.keys else ""
        button.setToolTip(f"{text}  {keys}".rstrip())
        button.setAccessibleName(text)
        button.setAccessibleDescription(QCoreApplication.translate("Actions", action.help))
        button.clicked.connect(lambda: self.triggered.emit(name))
        button.installEventFilter(self)
        self.buttons[name] = button
        return button

    def _divide(self, row: QHBoxLayout) -> None:
        line = QFrame(self)
        line.setProperty("line", "vertical")
        line.setFixedHeight(self.look.px(18))
        row.addSpacing(self.look.px(3))
        row.addWidget(line)
        row.addSpacing(self.look.px(1))

    def show_at(self, first: QRect, last: QRect | None = None) -> None:
        """Show the bar above `first`, the selection's first line, in pixels of the parent; else below the selection.

        `last` is the selection's last line where that is another. When neither side has room the bar stands over the
        part of the selection that is farthest from where it began.
        """
        self.adjustSize()
        room = self.room()
        area = self._area.rect().adjusted(_INSET, _INSET, -_INSET, -_INSET)
        whole = first if last is None else first.united(last)
        above = first.top() - _NEAR - room.height()
        below = whole.bottom() + 1 + _NEAR
        if whole.bottom() < area.top() or area.top() <= above < area.bottom() - room.height():
            y = above
        elif below + room.height() <= area.bottom() or first.top() > area.bottom():
            y = below
        else:
            y = area.bottom() - room.height()
        x = first.center().x() - room.width() // 2
        x = max(area.left(), min(x, area.right() - room.width()))
        self.move(x - SHADOW, y - SHADOW)
        self.show()
        self.raise_()

    # -- keys ---------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape in the text hides the bar first, the selection stays for the next one; and the keys of its buttons."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.isVisible():
            if watched is self._host:
                if event.key() == Qt.Key.Key_Escape:
                    self.hide()
                    return True
            elif isinstance(watched, QToolButton) and self._key(watched, Qt.Key(event.key())):
                return True
        return super().eventFilter(watched, event)

    def _key(self, button: QToolButton, key: Qt.Key) -> bool:
        """Arrow keys move along the bar, Enter triggers, Escape hides it and gives the focus back."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(key, 0)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft and key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            step = -step
        order = list(self.buttons.values())
        if step:
            order[(order.index(button) + step) % len(order)].setFocus(Qt.FocusReason.TabFocusReason)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            button.click()
        elif key == Qt.Key.Key_Escape:
            self.hide()
            self._host.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True
