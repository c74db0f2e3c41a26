"""What stands around the page: the toolbar, the status bar, and the strip that says what went wrong."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from margent.ui.style import Style
from margent.ui.surface import SHADOW, Surface

_NEWS_MS = 9000
"""How long news stays: some forty words at a slow reader's pace."""
_WIDEST = 620
"""Of a message, in pixels of the design."""


class Toolbar(QWidget):
    """A strip of 44 px with three parts; the middle one stays in the middle of the window while there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(44)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(0)
        self._sides: list[tuple[QWidget, QHBoxLayout]] = []
        self.left, self.middle, self.right = (self._part(row, stretch) for stretch in (1, 0, 1))
        self.left.addStretch(1)
        self.right.addStretch(1)

    def add_left(self, widget: QWidget) -> None:
        """Add to the leading part."""
        self.left.insertWidget(self.left.count() - 1, widget)

    def event(self, event: QEvent) -> bool:
        """Whatever their texts are, no button is cut: the middle moves aside, and gives way, before that."""
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Polish, QEvent.Type.Show}:
            for holder, part in self._sides:
                holder.setMinimumWidth(part.minimumSize().width())
        return super().event(event)

    def add_middle(self, widget: QWidget) -> None:
        """Add to the middle."""
        self.middle.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_right(self, widget: QWidget) -> None:
        """Add to the trailing part, towards its end."""
        self.right.addWidget(widget)

    def _part(self, row: QHBoxLayout, stretch: int) -> QHBoxLayout:
        holder = QWidget(self)
        holder.setSizePolicy(
            QSizePolicy.Policy.Ignored if stretch else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred
        )
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        row.addWidget(holder, stretch)
        if stretch:
            self._sides.append((holder, layout))
        return layout


class StatusBar(QWidget):
    """A strip of 26 px: what is being looked at on the left, the state of the document on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(26)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(14, 0, 14, 0)
        self.row.setSpacing(6)
        self.leading = self._label()
        self.row.addStretch(1)
        self.counts = self._label()
        self.row.addSpacing(10)
        self.state = self._label()

    def insert_leading(self, widget: QWidget) -> None:
        """Put a widget behind the leading text."""
        self.row.insertWidget(self.row.indexOf(self.counts) - 1, widget)

    def _label(self) -> QLabel:
        label = QLabel(self)
        label.setProperty("muted", True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.row.addWidget(label)
        return label


class MessageBar(Surface):
    """One sentence over the foot of the window, announced to a screen reader. It never moves the text below it.

    News goes by itself after a while, unless the pointer or the keyboard is on it; what went wrong stays until it is
    closed. `set_floor` says how many pixels at the foot of the window are to stay free.
    """

    closed = Signal()

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(style, parent)
        self.setObjectName("messagebar")
        self._window = parent
        self._floor = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(SHADOW + 14, SHADOW + 8, SHADOW + 6, SHADOW + 8)
        row.setSpacing(10)
        self._sign = QLabel(self)
        row.addWidget(self._sign)
        self._text = QLabel(self)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self._text, 1)
        self._button = QPushButton(self)
        self._button.hide()
        row.addWidget(self._button)
        self._action: QAction | None = None
        self._button.clicked.connect(self._triggered)
        close = IconButton(style, "x", self.tr("Close message"))
        close.clicked.connect(self.dismiss)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_NEWS_MS)
        self._timer.timeout.connect(self._go)
        parent.installEventFilter(self)
        self.hide()

    def set_floor(self, pixels: int) -> None:
        """Stand that many pixels above the foot of the window."""
        self._floor = pixels
        self._place()

    def say(self, text: str, action: QAction | None = None) -> None:
        """Show news, with a button for `action` when there is one."""
        self._show(text, action, failed=False)
        self._timer.start()

    def hold(self, text: str) -> None:
        """Show what is going on, until it is dismissed."""
        self._timer.stop()
        self._show(text, None, failed=False)

    def fail(self, text: str, action: QAction | None = None) -> None:
        """Show what went wrong, with a button for `action` when there is one."""
        self._timer.stop()
        self._show(text, action, failed=True)

    def _show(self, text: str, action: QAction | None, *, failed: bool) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)
        self._sign.setVisible(failed)
        if failed:
            self._sign.setPixmap(self.look.icon("triangle-alert", 16, "danger").pixmap(16, 16))
        self._action = action
        self._button.setVisible(action is not None)
        if action is not None:
            self._button.setText(action.text())
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _place(self) -> None:
        room = self._window.rect()
        widest = min(self.look.px(_WIDEST), room.width() - 2 * SHADOW)
        self._text.setWordWrap(False)
        if self.sizeHint().width() > widest:
            self._text.setWordWrap(True)
            self.resize(widest, max(self.heightForWidth(widest), self.minimumSizeHint().height()))
        else:
            self.resize(self.sizeHint())
        self.move((room.width() - self.width()) // 2, room.height() - self._floor - self.height())

    def text(self) -> str:
        """The sentence being shown, or ""."""
        return self._text.text() if self.isVisible() else ""

    def outdate(self) -> None:
        """Take a message away whose button would now do something else; an action may say that it is "lasting"."""
        if self._action is not None and not self._action.property("lasting"):
            self.dismiss()

    def withdraw(self, action: QAction) -> None:
        """Take the message away that offers this, for it has been done in another way."""
        if self._action is action:
            self.dismiss()

    def dismiss(self) -> None:
        """Take the message away."""
        self._timer.stop()
        self._action = None
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _go(self) -> None:
        if self.underMouse() or self.isAncestorOf(QApplication.focusWidget() or self._window):
            self._timer.start()
        else:
            self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the foot of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _triggered(self) -> None:
        action = self._action
        self.dismiss()
        if action is not None:
            action.trigger()


class IconButton(QToolButton):
    """A flat button with an icon that follows the appearance."""

    def __init__(
        self, style: Style, icon: str, name: str, *, action: QAction | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._icon = icon
        self.setAutoRaise(True)
        self.setProperty("flat", True)
        self.setIconSize(QSize(16, 16))
        self.setFixedHeight(30)
        self.setMinimumWidth(32)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if action is not None:
            self.setDefaultAction(action)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self._repaint()
        style.changed.connect(self._repaint)

    def _repaint(self) -> None:
        if self._icon:
            self.setIcon(self._style.icon(self._icon))
