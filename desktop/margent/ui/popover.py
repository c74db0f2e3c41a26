"""A small panel that opens beside what it belongs to, and goes on Escape or a click elsewhere."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget


class Popover(QFrame):
    """Base of the pop-overs; `body` is the layout to fill."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popover")
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(14, 12, 14, 14)
        self.body.setSpacing(10)

    def popup(self, anchor: QPoint, *, align_right: bool = False) -> None:
        """Open with the top left (or right) corner at `anchor` (global pixels), kept on the screen."""
        self.adjustSize()
        at = QPoint(anchor.x() - self.width(), anchor.y()) if align_right else anchor
        screen = QGuiApplication.screenAt(anchor) or self.screen()
        area: QRect = screen.availableGeometry()
        x = min(max(at.x(), area.left()), area.right() - self.width())
        y = min(max(at.y(), area.top()), area.bottom() - self.height())
        self.move(x, y)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.focusNextChild()
