"""Two revisions of a document compared, side by side or as one text, and the way from change to change."""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from margent.annotations import Annotation, DocumentRecord
from margent.comparing import shown
from margent.reading import Reading
from margent.ui.cardtext import day_of
from margent.ui.chrome import IconButton, Toolbar
from margent.ui.reader import Reader
from margent.ui.readview import typography
from margent.ui.scrollmarks import MarkedScrollBar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PySide6.QtGui import QAction, QKeyEvent

    from margent.comparing import Comparison, Span
    from margent.document import Document
    from margent.settings import Settings
    from margent.shelf import RevisionRecord
    from margent.ui.style import Style

_SPOKEN = 300
"""Characters of a removed or added stretch that are read aloud."""
_TOP = 90
"""Pixels from the top of the page at which a change is brought to stand."""


class Compared(NamedTuple):
    """Two revisions, by their numbers the older one first, and what is between them."""

    comparison: Comparison
    old: RevisionRecord
    new: RevisionRecord
    every: tuple[RevisionRecord, ...]


class CompareView(QWidget):
    """Shows a comparison. What went is struck out, what came underlined; both have a ground of their own as well.

    `closed`: back to the newest text; `wanted` carries the ids of two revisions to be compared.
    """

    closed = Signal()
    wanted = Signal(str, str)

    def __init__(
        self, style: Style, settings: Settings, actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._compared: Compared | None = None
        self._change = -1
        self._leading = False
        self._spans: dict[Reader, list[Span]] = {}
        text = typography(settings)
        self.left, self.right, self.whole = (Reader(style, text, self) for _ in range(3))
        self.toolbar = Toolbar(self)
        self._fill_toolbar(actions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addLayout(self._pages(), 1)
        self._connect()
        self.set_inline(inline=False)

    def _fill_toolbar(self, actions: Mapping[str, QAction]) -> None:
        bar = self.toolbar
        back = QPushButton(self.tr("‹ Back"), self)
        back.setAccessibleName(self.tr("Back to the newest text"))
        back.clicked.connect(self.closed)
        bar.add_left(back)
        self.old, self.new = QComboBox(self), QComboBox(self)
        self.old.setAccessibleName(self.tr("Older text"))
        self.new.setAccessibleName(self.tr("Newer text"))
        self.arrow = QLabel(self)
        for widget in (self.old, self.arrow, self.new):
            bar.middle.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self.count = QLabel(self)
        self.count.setProperty("muted", True)
        bar.right.addSpacing(10)
        bar.add_right(self.count)
        for name, icon in (("previous_change", "arrow-up"), ("next_change", "arrow-down")):
            bar.add_right(IconButton(self._style, icon, actions[name].text(), action=actions[name], parent=self))
        forms = QFrame(self)
        forms.setObjectName("segmented")
        row = QHBoxLayout(forms)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self.beside, self.together = QToolButton(forms), QToolButton(forms)
        for button, words in ((self.beside, self.tr("Side by side")), (self.together, self.tr("One text"))):
            button.setText(words)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setFixedHeight(self._style.px(25))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        self.together.setToolTip(actions["one_text"].toolTip())
        bar.right.addSpacing(6)
        bar.right.addWidget(forms, 0, Qt.AlignmentFlag.AlignVCenter)

    def _pages(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        self.between = QFrame(self)
        self.between.setProperty("line", "vertical")
        for reader in (self.left, self.right, self.whole):
            reader.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            row.addWidget(reader, 1)
            if reader is self.left:
                row.addWidget(self.between)
        self._beside_bar = MarkedScrollBar(self._style, self.right.verticalScrollBar())
        self._whole_bar = MarkedScrollBar(self._style, self.whole.verticalScrollBar())
        row.addWidget(self._beside_bar)
        row.addWidget(self._whole_bar)
        return row

    def _connect(self) -> None:
        self.beside.clicked.connect(lambda: self.set_inline(inline=False))
        self.together.clicked.connect(lambda: self.set_inline(inline=True))
        self.old.activated.connect(self._choose)
        self.new.activated.connect(self._choose)
        self.left.viewChanged.connect(lambda: self._level(self.left, self.right, back=False))
        self.right.viewChanged.connect(lambda: self._level(self.right, self.left, back=True))
        for reader in (self.left, self.right, self.whole):
            reader.activated.connect(self._activated)

    # -- showing ----------------------------------------------------------------------------------------------

    def open(self, compared: Compared) -> None:
        """Show a comparison from its first change on."""
        self._compared = compared
        self._change = -1
        comparison = compared.comparison
        gone, come = comparison.sides()
        inline, both = comparison.inline()
        self._leading = True
        self._show(self.left, comparison.old, gone)
        self._show(self.right, comparison.new, come)
        self._show(self.whole, inline, both)
        self._leading = False
        self._fill_choices(compared)
        self.arrow.setText("←" if self.isRightToLeft() else "→")
        for reader, revision in ((self.left, compared.old), (self.right, compared.new)):
            reader.setAccessibleName(self._name(revision))
        self.whole.setAccessibleName(f"{self._name(compared.old)} → {self._name(compared.new)}")
        for bar, reader in ((self._beside_bar, self.right), (self._whole_bar, self.whole)):
            length = max(1, len(reader.text))
            bar.set_marks([span.start / length for span in self._spans[reader]])
        self.go_to(0 if comparison.changes else -1)
        (self.whole if self.is_inline else self.right).setFocus()

    def _show(self, reader: Reader, document: Document, spans: Sequence[Span]) -> None:
        """A page on which each span has the mark of a highlight: it has edges, and one of them can be current."""
        self._spans[reader] = list(spans)
        record = DocumentRecord(id="compared", revision="compared", title=document.title)
        marks = [
            Annotation(
                id=f"{span.change}.{number}",
                document=record.id,
                revision=record.revision,
                start=span.start,
                end=span.end,
                exact=document.text[span.start : span.end],
                colour="pink" if span.op == "removed" else "green",
            )
            for number, span in enumerate(spans)
        ]
        reader.open(Reading(record, shown(document, spans), annotations=marks, read_only=True))

    def _fill_choices(self, compared: Compared) -> None:
        for box, chosen in ((self.old, compared.old), (self.new, compared.new)):
            box.clear()
            for revision in compared.every:
                box.addItem(self._name(revision), revision.id)
            box.setCurrentIndex(box.findData(chosen.id))

    def _name(self, revision: RevisionRecord) -> str:
        said = self.tr("Revision %1, %2").replace("%1", str(revision.number))
        return said.replace("%2", day_of(revision.created))

    def _choose(self) -> None:
        first, second = self.old.currentData(), self.new.currentData()
        if first != second:
            self.wanted.emit(first, second)
        elif self._compared is not None:
            self._fill_choices(self._compared)

    @property
    def is_inline(self) -> bool:
        """Whether both are shown as one text."""
        return self.together.isChecked()

    def set_inline(self, *, inline: bool) -> None:
        """Show both as one text, or side by side; at the change that is shown."""
        had = any(reader.hasFocus() for reader in (self.left, self.right, self.whole))
        self.together.setChecked(inline)
        self.beside.setChecked(not inline)
        for widget in (self.left, self.between, self.right, self._beside_bar):
            widget.setVisible(not inline)
        for widget in (self.whole, self._whole_bar):
            widget.setVisible(inline)
        if had:
            (self.whole if inline else self.right).setFocus()
        if self._compared is not None:
            self.go_to(self._change)

    def follow_settings(self, settings: Settings) -> None:
        """Set the texts as the settings say."""
        for reader in (self.left, self.right, self.whole):
            reader.set_typography(typography(settings))

    # -- walking ----------------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) change, round at the end."""
        if self._compared is not None and self._compared.comparison.changes:
            self.go_to((max(self._change, -1) + by) % len(self._compared.comparison.changes))

    def go_to(self, change: int) -> None:
        """Bring a change into view, by its number; -1 for none."""
        compared = self._compared
        if compared is None:
            return
        self._change = change
        changes = compared.comparison.changes
        if change >= 0:
            self._bring(change)
            text = self.tr("Change %1 of %2").replace("%1", str(change + 1)).replace("%2", str(len(changes)))
        else:
            text = self.tr("%n change(s)", None, len(changes)) if changes else self.tr("The words are the same")
        self.count.setText(text)
        self.count.setAccessibleName(" ".join((f"{text}.", *self._spoken(change))))
        QAccessible.updateAccessibility(QAccessibleEvent(self.count, QAccessible.Event.Alert))

    def _spoken(self, change: int) -> Iterator[str]:
        """What a change took away and what it brought, for those who do not see it."""
        for reader, form in ((self.left, self.tr("Removed: “%1”.")), (self.right, self.tr("Added: “%1”."))):
            for span in self._spans[reader]:
                if span.change == change >= 0:
                    yield form.replace("%1", reader.text[span.start : min(span.end, span.start + _SPOKEN)].strip())

    def _bring(self, change: int) -> None:
        assert self._compared is not None
        comparison = self._compared.comparison
        for reader in (self.left, self.right, self.whole):
            marks = [f"{span.change}.{n}" for n, span in enumerate(self._spans[reader]) if span.change == change]
            reader.set_current(marks[0] if marks else "", marks[1:])
        row = comparison.rows[comparison.changes[change][0]]
        if self.is_inline:
            spans = [span for span in self._spans[self.whole] if span.change == change]
            if spans:
                self._put(self.whole, spans[0].start)
            return
        spans = [span for span in self._spans[self.right] if span.change == change]
        gone = [span for span in self._spans[self.left] if span.change == change]
        if spans:
            self._put(self.right, spans[0].start)
        elif gone:
            self._put(self.right, comparison.across(gone[0].start))
        elif row.new >= 0:
            self._put(self.right, comparison.new.starts[row.new])

    @staticmethod
    def _put(reader: Reader, position: int) -> None:
        reader.scroll_to(position, "centre")
        for _ in range(2):
            reader.scroll_by(round(reader.top_of(position)) - _TOP)

    def _level(self, moved: Reader, other: Reader, *, back: bool) -> None:
        """Keep the other text level with the one that was scrolled: its words where those of this one are."""
        compared = self._compared
        if self._leading or compared is None or self.is_inline or not other.text:
            return
        self._leading = True
        start, end = moved.visible_span()
        middle = self._held(moved, start, end)
        there = compared.comparison.across(middle, back=back)
        for _ in range(2):
            other.scroll_by(round(other.top_of(there) - moved.top_of(middle)))
        self._leading = False

    def _held(self, moved: Reader, start: int, end: int) -> int:
        """What the two texts are level at: the change one stands on while it is in view, else the top of the page."""
        spans = self._spans[moved]
        first = bisect_left(spans, start, key=attrgetter("start"))
        last = bisect_left(spans, end, key=attrgetter("start"))
        here = (span.start for span in spans[first:last] if span.change == self._change)
        return next(here, moved.place())

    def _activated(self, mark: str) -> None:
        if mark:
            self.go_to(int(mark.split(".", maxsplit=1)[0]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
