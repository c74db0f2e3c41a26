"""The three parts of the library view: how wide they are, and which gives way where there is little room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from margent.ui.style import Style

FOLD_BELOW = 1100
"""Width in pixels under which the preview gives its room to the table unless it is asked for."""
_SIDEBAR = 272
_NARROW_SIDEBAR = 216
_PREVIEW = 360
"""Widths in pixels of the design."""


class LibraryPanes(QSplitter):
    """Shelves, documents, and what is known of one of them; filled by `add_side`, `add_middle` and `add_preview`.

    `previewShown` says whether the preview is there.
    """

    previewShown = Signal(bool)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._style = style
        self._narrow = False
        self._by_hand = False
        self._wanted: bool | None = None
        self.side = _holder("sidebar", 180, 480)
        self.preview = _holder("preview", 240, 560)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._moved)

    def add_side(self, content: QWidget) -> None:
        """Put the shelves at the start."""
        self._fill(self.side, content)

    def add_middle(self, content: QWidget) -> None:
        """Put the documents behind them; they take what room is left."""
        self.addWidget(content)
        self.setStretchFactor(self.indexOf(content), 1)

    def add_preview(self, content: QWidget) -> None:
        """Put the preview at the end."""
        self._fill(self.preview, content)
        self._share(_SIDEBAR)

    def want_preview(self, wanted: bool) -> None:
        """Show the preview or not, whatever room there is, until there is much more or less of it."""
        self._wanted = wanted
        self.fold(self.width())

    def fold(self, width: int) -> None:
        """Let the preview go where it would leave the table too little of `width` pixels, or come back."""
        narrow = width < FOLD_BELOW
        if narrow != self._narrow:
            # What was chosen for the one width says nothing of the other.
            self._narrow = narrow
            self._wanted = None
            if not self._by_hand:
                self._share(_NARROW_SIDEBAR if narrow else _SIDEBAR)
        shown = not narrow if self._wanted is None else self._wanted
        if shown != self.preview.isVisibleTo(self):
            self.preview.setVisible(shown)
        self.previewShown.emit(shown)

    def keep(self, kept: QSettings) -> None:
        """Write down the widths, when somebody has chosen them."""
        if self._by_hand:
            kept.setValue("library/panes", self.saveState())
            kept.setValue("library/by hand", "yes")

    def restore(self, kept: QSettings) -> None:
        """Take over the widths that were written down."""
        value = kept.value("library/panes")
        if isinstance(value, QByteArray):
            self.restoreState(value)
        self._by_hand = kept.value("library/by hand", "") == "yes"

    def _fill(self, holder: QWidget, content: QWidget) -> None:
        layout = holder.layout()
        assert layout is not None
        layout.addWidget(content)
        self.addWidget(holder)

    def _share(self, side: int) -> None:
        self.setSizes([self._style.px(side), 2000, self._style.px(_PREVIEW)])

    def _moved(self) -> None:
        self._by_hand = True


def _holder(name: str, least: int, most: int) -> QWidget:
    holder = QWidget()
    holder.setObjectName(name)
    holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    holder.setMinimumWidth(least)
    holder.setMaximumWidth(most)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    return holder
