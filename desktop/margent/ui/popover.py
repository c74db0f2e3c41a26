"""A small panel that opens beside what it belongs to, and goes on Escape or a click elsewhere."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
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
        self._foot: int | None = None

    def popup(self, anchor: QPoint, *, align_right: bool = False, clear: int = 0) -> None:
        """Open with the top left (or right) corner at `anchor` (global pixels), kept on the screen.

        Where there is no room below, and there is some `clear` pixels above, it opens upwards from there: what it
        belongs to stays in sight.
        """
        self.adjustSize()
        at = QPoint(anchor.x() - self.width(), anchor.y()) if align_right else anchor
        screen = QGuiApplication.screenAt(anchor) or self.screen()
        area: QRect = screen.availableGeometry()
        x = min(max(at.x(), area.left()), area.right() - self.width())
        y = min(max(at.y(), area.top()), area.bottom() - self.height())
        if clear and y < at.y() and at.y() - clear - self.height() >= area.top():
            self._foot = at.y() - clear
            y = self._foot - self.height()
        self.move(x, y)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.focusNextChild()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A panel that opened upwards keeps its foot where it is."""
        super().resizeEvent(event)
        if self._foot is not None:
            self.move(self.x(), self._foot - self.height())
