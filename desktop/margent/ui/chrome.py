"""What stands around the page: the toolbar, the status bar, and the strip that says what went wrong."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from margent.ui.style import Style


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
        self.left, self.middle, self.right = (self._part(row, stretch) for stretch in (1, 0, 1))
        self.left.addStretch(1)
        self.right.addStretch(1)

    def add_left(self, widget: QWidget) -> None:
        """Add to the leading part."""
        self.left.insertWidget(self.left.count() - 1, widget)

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


class MessageBar(QFrame):
    """One sentence at the foot of the window, until it is closed; announced to a screen reader."""

    closed = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
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
        self.hide()

    def say(self, text: str, action: QAction | None = None) -> None:
        """Show a sentence, with a button for `action` when there is one."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._action = action
        self._button.setVisible(action is not None)
        if action is not None:
            self._button.setText(action.text())
        self.show()

    def text(self) -> str:
        """The sentence being shown, or ""."""
        return self._text.text() if self.isVisible() else ""

    def dismiss(self) -> None:
        """Take the message away."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

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
