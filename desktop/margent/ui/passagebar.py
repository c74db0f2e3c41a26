"""The strip below the themes: which passage of the chosen one is shown, and the buttons that lead to the others."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from margent.ui.style import Style
from margent.walking import Span


class PassageBar(QWidget):
    """Which passage one stands on, the way to the others, and what can be said of a suggestion."""

    stepped = Signal(int)
    kept = Signal()
    dropped = Signal()
    menuRequested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(8), style.px(2), 0, style.px(4))
        column.setSpacing(style.px(2))
        row = QHBoxLayout()
        row.setSpacing(0)
        self.label = QLabel()
        self.label.setProperty("muted", True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self.label, 1)
        self.previous = self._button("arrow-up", self.tr("Previous passage"))
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next = self._button("arrow-down", self.tr("Next passage"))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.more = self._button("ellipsis", self.tr("More for this theme"))
        self.more.clicked.connect(self.menuRequested)
        for button in (self.previous, self.next, self.more):
            row.addWidget(button)
        column.addLayout(row)
        self._choice = QWidget()
        choice = QHBoxLayout(self._choice)
        choice.setContentsMargins(0, 0, style.px(8), 0)
        choice.setSpacing(style.px(6))
        self.origin = QLabel()
        self.origin.setProperty("muted", True)
        self.keep = QPushButton(self.tr("Keep"))
        self.keep.setToolTip(self.tr("Make this suggested passage one of the theme"))
        self.keep.clicked.connect(self.kept)
        self.drop = QPushButton(self.tr("Dismiss"))
        self.drop.clicked.connect(self.dropped)
        choice.addWidget(self.origin, 1)
        choice.addWidget(self.keep)
        choice.addWidget(self.drop)
        column.addWidget(self._choice)
        self.show_passage((), -1)

    def show_passage(self, spans: Sequence[Span], index: int) -> None:
        """Show that passage `index` of `spans` is the one; -1: none yet."""
        origin = spans[index][2] if index >= 0 else ""
        text = self.tr("%n passage(s)", None, len(spans))
        if index >= 0:
            text = self.tr("Passage %1 of %2").replace("%1", str(index + 1)).replace("%2", str(len(spans)))
        words = {
            "given": self.tr("Given by the author"),
            "chosen": self.tr("Chosen by you"),
            "suggested": self.tr("Suggested"),
        }
        self.label.setText(text)
        self.label.setToolTip(words.get(origin, ""))
        self.origin.setText(words.get(origin, ""))
        self.previous.setEnabled(bool(spans))
        self.next.setEnabled(bool(spans))
        self._choice.setVisible(origin == "suggested")
        self.drop.setToolTip(self.tr("Say that this passage is not about the theme; it is not suggested again"))

    def _button(self, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._style.icon(icon, 15, "muted"))
        button.setAutoRaise(True)
        button.setFixedSize(self._style.px(30), self._style.px(26))
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
