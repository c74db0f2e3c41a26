"""The field in the middle of the toolbar: find words in the open document, count the hits, walk through them."""

from dataclasses import dataclass

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from margent.finding import Finder
from margent.ui.chrome import IconButton
from margent.ui.style import Style

_MOST = 10_000
"""Hits that are listed and ticked on the scroll bar."""
_WIDTH = 300
"""Of the line, in pixels, where the toolbar has room."""
_COUNT_MS = 120
"""After this pause in typing all hits are counted; the first one is shown at once."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Spans (code points) of what was found, and which of them is current (-1: none)."""

    spans: list[tuple[int, int]]
    current: int = -1
    more: bool = False
    """Whether there are others before or behind these: a letter is found too often to list."""


class FindField(QWidget):
    """Find in text. `found` carries Hits: first the nearest hit alone, a moment later all of them."""

    found = Signal(object)
    left = Signal()
    options_changed = Signal(bool, bool)

    def __init__(self, style: Style, *, words: bool, accents: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findfield")
        self._finder: Finder | None = None
        self._text = ""
        self._hits = Hits([])
        self._origin = 0
        self._counted = True
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.edit = _Edit(self)
        self.edit.setPlaceholderText(self.tr("Find in this article"))
        self.edit.setAccessibleName(self.tr("Find in this article"))
        self.edit.setMinimumWidth(150)
        self.edit.setMaximumWidth(_WIDTH)
        self.edit.setFixedHeight(30)
        self.edit.textEdited.connect(self._edited)
        self.edit.stepped.connect(self.step)
        self.edit.cancelled.connect(self.cancel)
        self._balance = QWidget(self)
        row.addWidget(self._balance)
        row.addWidget(self.edit)
        self.count = QLabel(self.edit)
        self.count.setProperty("muted", True)
        self.count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.previous = IconButton(style, "chevron-up", self.tr("Find previous  Shift+F3"))
        self.previous.clicked.connect(lambda: self.step(-1))
        self.following = IconButton(style, "chevron-down", self.tr("Find next  F3"))
        self.following.clicked.connect(lambda: self.step(1))
        self.words = self._option(style, "W", self.tr("Whole words only"), on=words)
        self.accents = self._option(style, "É", self.tr("Tell accents apart"), on=accents)
        self.tools = QWidget(self)
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(2, 0, 0, 0)
        tools.setSpacing(2)
        for button in (self.previous, self.following, self.words, self.accents):
            tools.addWidget(button)
        row.addWidget(self.tools)
        self.set_roomy(False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_COUNT_MS)
        self._timer.timeout.connect(self._count_all)
        self._show_tools()

    def set_text(self, text: str) -> None:
        """Look in this text from now on; what was found before is forgotten."""
        self._finder = None
        self._text = text
        self.edit.clear()
        self._set(Hits([]), counted=True)

    def use(self, finder: Finder, text: str) -> None:
        """Take a Finder that has folded `text` already, if that is still the text to look in."""
        if text is self._text:
            self._finder = finder

    def set_roomy(self, roomy: bool) -> None:
        """Where there is room, the buttons have their place while they are hidden and the line stays in the middle."""
        self._balance.setFixedWidth(self.tools.sizeHint().width())
        self._balance.setVisible(roomy)
        policy = self.tools.sizePolicy()
        policy.setRetainSizeWhenHidden(roomy)
        self.tools.setSizePolicy(policy)

    def begin(self, origin: int, selected: str = "") -> None:
        """Take the focus, with the selected words if they are few; `origin` is where looking starts."""
        self._origin = origin
        if selected and "\n" not in selected and len(selected) < 100:
            self.edit.setText(selected)
            self._edited()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()
        self._show_tools()

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) hit, round the ends."""
        if not self._counted:
            self._count_all()
        hits = self._hits
        if not hits.spans:
            return
        there = hits.current + by
        if hits.more and not 0 <= there < len(hits.spans):
            self._step_on(by)
        else:
            self._set(Hits(hits.spans, there % len(hits.spans), hits.more), counted=True)

    def _step_on(self, by: int) -> None:
        """Go on beyond the hits that are listed, from either end."""
        span = self._hits.spans[self._hits.current]
        if by > 0:
            found = self._find(start=span[1], limit=1) or self._find(start=0, limit=1)
        else:
            ends = (self._before(span[0]), self._before(len(self._text)))
            found = [next(hit for hit in ends if hit is not None)]
        spans = self._find(start=found[0][0], limit=_MOST)
        self._set(Hits(spans, 0, more=True), counted=True)

    def cancel(self) -> None:
        """Forget the search and give the focus back."""
        self.edit.clear()
        self._set(Hits([]), counted=True)
        self.left.emit()

    @property
    def hits(self) -> Hits:
        """What is being shown."""
        return self._hits

    def _option(self, style: Style, text: str, name: str, *, on: bool) -> IconButton:
        button = IconButton(style, "", name)
        button.setText(text)
        button.setCheckable(True)
        button.setChecked(on)
        button.setIconSize(QSize(0, 0))
        button.toggled.connect(self._options)
        return button

    def _options(self) -> None:
        self.options_changed.emit(self.words.isChecked(), self.accents.isChecked())
        self._edited()

    def _edited(self) -> None:
        query = self.edit.text()
        if not query.strip():
            self._set(Hits([]), counted=True)
            return
        first = self._find(start=self._origin, limit=1) or self._find(start=0, limit=1)
        self._set(Hits(first, 0 if first else -1), counted=not first)
        if first:
            self._timer.start()

    def _find(self, *, start: int, limit: int | None) -> list[tuple[int, int]]:
        if self._finder is None:
            self._finder = Finder(self._text)
        return list(
            self._finder.find(
                self.edit.text(),
                words=self.words.isChecked(),
                accents=self.accents.isChecked(),
                start=start,
                limit=limit,
            )
        )

    def _before(self, position: int) -> tuple[int, int] | None:
        assert self._finder is not None
        return self._finder.before(
            self.edit.text(), position, words=self.words.isChecked(), accents=self.accents.isChecked()
        )

    def _count_all(self) -> None:
        self._timer.stop()
        shown = self._hits.spans[self._hits.current] if self._hits.current >= 0 else None
        spans = self._find(start=0, limit=_MOST + 1)
        more = len(spans) > _MOST
        if more:
            spans = self._find(start=shown[0] if shown is not None else 0, limit=_MOST)
        self._set(Hits(spans, spans.index(shown) if shown in spans else (0 if spans else -1), more), counted=True)

    def _set(self, hits: Hits, *, counted: bool) -> None:
        self._hits = hits
        self._counted = counted
        if counted:
            self._timer.stop()
        if hits.current >= 0:
            self._origin = hits.spans[hits.current][0]
        self._show_tools()
        self.found.emit(hits)

    def _show_tools(self) -> None:
        active = bool(self.edit.text()) or self.edit.hasFocus()
        self.tools.setVisible(active)
        hits = self._hits
        if not active:
            text = self.tr("Ctrl F")
        elif not self.edit.text().strip() or not self._counted:
            text = ""
        elif not hits.spans:
            text = self.tr("not found")
        elif hits.more:
            text = self.tr("over %1").replace("%1", QLocale().toString(_MOST))
        else:
            text = self.tr("%1 of %2").replace("%1", str(hits.current + 1)).replace("%2", str(len(hits.spans)))
        self.count.setText(text)
        self.count.setGeometry(self.edit.width() - 100, 0, 90, self.edit.height())
        self.edit.setTextMargins(0, 0, 70 if text else 0, 0)
        self.edit.setAccessibleDescription(text)


class _Edit(QLineEdit):
    """The line itself: Enter walks through the hits, Escape leaves."""

    stepped = Signal(int)
    cancelled = Signal()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._told()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._told()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._told()

    def _told(self) -> None:
        parent = self.parent()
        if isinstance(parent, FindField):
            parent._show_tools()  # noqa: SLF001 - the two are one widget in two classes
