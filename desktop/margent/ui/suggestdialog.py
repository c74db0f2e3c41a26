"""Themes that the open document could have: names and words to change, the passages each would get, ticks to choose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from margent import edits
from margent.annotations import Theme, next_colour
from margent.folding import fold
from margent.themes import Suggester
from margent.ui.rowpaint import area_of, is_mirrored, mirrored, paint_ground, paint_tick
from margent.ui.rows import Index, Rows
from margent.ui.rowsview import ClickedRows, RowDelegate
from margent.ui.themedialog import signal_words
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from margent.annotations import Change
    from margent.reading import Reading
    from margent.suggesting import Suggestion
    from margent.themes import Span
    from margent.ui.style import Style

_COUNT_MS = 150
"""After this pause in typing the passages are looked for."""
_SIDE = 10
_TEXT = 36
"""Where the box stands and where words begin, in pixels of the design."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggested theme as it stands in the list."""

    name: str
    words: tuple[str, ...]
    spans: tuple[Span, ...]
    """Its passages, code points."""
    ticked: bool = False


class OfferModel(Rows[Offer]):
    """Suggested themes in a list."""

    def text(self, value: Offer) -> str:
        """Its name."""
        return value.name

    def tip(self, value: Offer) -> str:
        """The name and the words that signal it."""
        return f"{value.name}\n{', '.join(value.words)}"

    def spoken(self, value: Offer) -> str:
        """The name, and how many passages there are."""
        return f"{value.name}, {self.count(value)}"

    def check_state(self, value: Offer) -> Qt.CheckState:
        """Whether it is to be added."""
        return Qt.CheckState.Checked if value.ticked else Qt.CheckState.Unchecked

    def count(self, row: Offer) -> str:
        """How many passages it would get."""
        return self.tr("%n passage(s)", None, len(row.spans))


class _OfferDelegate(RowDelegate):
    """Paints a box, the name, and how many passages it would get."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._name = style.ui_font(13, 600)
        self._small = style.ui_font(11)

    def heights(self, rows: Rows[Any], width: int) -> list[int]:  # noqa: ARG002
        """Two lines each."""
        lines = self._lines
        return [lines.spacing(self._name) + lines.spacing(self._small) + self._style.px(16)] * rows.rowCount()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows = index.model()
        assert isinstance(rows, OfferModel)
        row, style, lines, area, rtl = rows.value(index), self._style, self._lines, area_of(option), is_mirrored(option)
        painter.save()
        paint_ground(painter, option, style)
        box = QRect(area.left() + style.px(_SIDE), area.top() + style.px(8), style.px(16), style.px(16))
        paint_tick(painter, mirrored(box, area, option), style, ticked=row.ticked)
        spot = mirrored(area.adjusted(style.px(_TEXT), style.px(7), -style.px(8), 0), area, option)
        lines.paint(painter, spot, on_a_line(row.name), self._name, style.colour("text"), 1, mirrored=rtl)
        spot.translate(0, lines.spacing(self._name) + 1)
        lines.paint(painter, spot, rows.count(row), self._small, style.colour("muted"), 1, mirrored=rtl)
        painter.restore()


class _Ticked(ClickedRows):
    """A list of which Space ticks a row."""

    toggled = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.toggled.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class PassageModel(Rows[str]):
    """The words of passages in a list, under where they begin."""

    def text(self, value: str) -> str:
        """The words."""
        return value


class _PassageDelegate(RowDelegate):
    """Paints up to two lines of a passage."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._font = style.text_font(style.px(14))

    def heights(self, rows: Rows[Any], width: int) -> list[int]:
        """One or two lines each."""
        counts = self._lines.counts(rows.values(), self._font, width - self._style.px(20))
        return [count * self._lines.spacing(self._font) + self._style.px(14) for count in counts]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        style, area = self._style, area_of(option)
        painter.save()
        paint_ground(painter, option, style)
        spot = area.adjusted(style.px(10), style.px(7), -style.px(10), 0)
        text, rtl = str(index.data()), is_mirrored(option)
        self._lines.paint(painter, spot, text, self._font, style.colour("text"), 2, mirrored=rtl)
        painter.restore()


class SuggestDialog(QDialog):
    """Offers themes for a document. Nothing is ticked at the beginning, and nothing is added but what is ticked.

    It leaves the page within reach: `spanRequested` carries where a passage stands (code points).
    """

    spanRequested = Signal(int, int)

    def __init__(self, style: Style, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = reading
        self._suggest = Suggester()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_COUNT_MS)
        self._timer.timeout.connect(self._recount)
        self.setWindowTitle(self.tr("Suggested themes"))
        self.resize(QSize(style.px(640), style.px(520)))
        self.said = QLabel(self.tr("Looking for what this document speaks of…"))
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.model = OfferModel(self)
        self.view = _Ticked(self.model, _OfferDelegate(style), self.tr("Suggested themes"))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setFixedWidth(style.px(236))
        self.view.clickedAt.connect(self._pressed)
        self.view.toggled.connect(lambda index: self.toggle(self.model.key(index)))
        self.view.opened.connect(lambda index: self.toggle(self.model.key(index)))
        self.view.selectionModel().currentChanged.connect(self._show_offer)
        self._style = style
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(style.px(12))
        column.addWidget(self.said)
        self._middle = QWidget()
        row = QHBoxLayout(self._middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(16))
        row.addWidget(self.view)
        row.addLayout(self._make_editor(style), 1)
        column.addWidget(self._middle, 1)
        column.addStretch(0)
        column.addWidget(self._make_buttons())
        self._middle.hide()

    def _make_editor(self, style: Style) -> QVBoxLayout:
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the theme"))
        self.name.textEdited.connect(self._edited)
        self.words = QPlainTextEdit()
        self.words.setAccessibleName(self.tr("Signal words"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(style.px(76))
        self.words.textChanged.connect(self._timer.start)
        self.problem = QLabel()
        self.problem.setProperty("danger", True)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.passages = PassageModel(self)
        self.list = ClickedRows(self.passages, _PassageDelegate(style), self.tr("Passages it would get"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.clickedAt.connect(lambda index, _point: self._go(index))
        self.list.opened.connect(self._go)
        self.count = self._label("")
        editor = QVBoxLayout()
        editor.setSpacing(style.px(5))
        editor.addWidget(self._label(self.tr("Name"), self.name))
        editor.addWidget(self.name)
        editor.addWidget(self.problem)
        editor.addSpacing(style.px(4))
        editor.addWidget(self._label(self.tr("Signal words"), self.words))
        editor.addWidget(self.words)
        editor.addSpacing(style.px(4))
        editor.addWidget(self.count)
        editor.addWidget(self.list, 1)
        return editor

    def _label(self, text: str, buddy: QWidget | None = None) -> QLabel:
        label = QLabel(text)
        label.setProperty("section", True)
        if buddy is not None:
            label.setBuddy(buddy)
        return label

    def _make_buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.add = box.addButton(self.tr("Add chosen themes"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.add.setProperty("primary", True)
        self.add.setEnabled(False)
        for button in box.buttons():
            button.setProperty("autoDefault", False)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box

    # -- showing --------------------------------------------------------------------------------------------------

    def show_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Offer these, none of them ticked."""
        offers = [Offer(each.name[:1].upper() + each.name[1:], each.words, each.spans) for each in suggestions]
        self.model.put((str(number), offer) for number, offer in enumerate(offers))
        self._middle.setVisible(bool(offers))
        if not offers:
            self.said.setText(self.tr("There is nothing to suggest: the text is short, or your themes cover it."))
            return
        text = self.tr(
            "This document speaks of %n topic(s) that no theme of yours has. Tick those to add.", None, len(offers)
        )
        self.said.setText(text)
        self.view.setCurrentIndex(self.model.index(0, 0))
        self.view.setFocus()

    def fail(self, text: str) -> None:
        """Say why there are no suggestions."""
        self.said.setText(text)

    def _current(self) -> str:
        return self.model.key(self.view.currentIndex())

    def _show_offer(self, _current: Index, before: Index) -> None:
        """Show the offer one stands on; what was typed for the one before is taken over first."""
        if self._timer.isActive() and before.isValid():
            self._take_words(self.model.key(before))
        offer = self.model.get(self._current())
        if offer is None:
            return
        self.name.setText(offer.name)
        self.words.setPlainText("\n".join(offer.words))
        self._timer.stop()
        self._show_passages(offer)
        self._check()

    def _show_passages(self, offer: Offer) -> None:
        text = self._reading.document.text
        self.passages.put((f"{start}:{end}", text[start:end]) for start, end in offer.spans)
        self.list.scrollToTop()
        self.count.setText(self.tr("%n passage(s)", None, len(offer.spans)))

    # -- changing -------------------------------------------------------------------------------------------------

    def _put(self, key: str, offer: Offer) -> None:
        pairs = zip(self.model.keys(), self.model.values(), strict=True)
        self.model.put([(other, offer if other == key else value) for other, value in pairs])
        self._check()

    def toggle(self, key: str) -> None:
        """Tick an offer, or no longer."""
        offer = self.model.get(key)
        if offer is not None:
            self._put(key, replace(offer, ticked=not offer.ticked))

    def _edited(self, text: str) -> None:
        offer = self.model.get(self._current())
        if offer is not None:
            self._put(self._current(), replace(offer, name=text))

    def _recount(self) -> None:
        """Take over the words, and find what they would suggest."""
        offer = self._take_words(self._current())
        if offer is not None:
            self._show_passages(offer)

    def _take_words(self, key: str) -> Offer | None:
        """The offer with the words that are in the field; None when it has them already."""
        self._timer.stop()
        offer = self.model.get(key)
        words = tuple(signal_words(self.words.toPlainText()))
        if offer is None or words == offer.words:
            return None
        spans = self._suggest(self._reading.document, Theme(id="", name="", words=words))
        offer = replace(offer, words=words, spans=tuple(spans))
        self._put(key, offer)
        return offer

    def _pressed(self, index: QModelIndex, point: QPoint) -> None:
        """A click on the box ticks."""
        width = self.view.viewport().width()
        inwards = width - point.x() if self.view.isRightToLeft() else point.x()
        if inwards < self._style.px(_TEXT - 4):
            self.toggle(self.model.key(index))

    def _go(self, index: Index) -> None:
        start, _, end = self.passages.key(index).partition(":")
        self.spanRequested.emit(int(start), int(end))

    def _check(self) -> None:
        """Tell what keeps the chosen themes from being added."""
        taken = [fold(theme.name).text for theme in self._reading.themes.values()]
        ticked = [offer for offer in self.model.values() if offer.ticked]
        names = [_plain(offer.name) for offer in ticked]
        offer = self.model.get(self._current())
        own = _plain(offer.name) if offer is not None else ""
        problem = ""
        if offer is not None and not own:
            problem = self.tr("A theme needs a name.")
        elif own in taken or (offer is not None and offer.ticked and names.count(own) > 1):
            problem = self.tr("There is a theme of this name already.")
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        good = all(names) and len(set(names)) == len(names) and not set(names) & set(taken)
        self.add.setEnabled(bool(ticked) and good)

    def change(self) -> Change:
        """The one change that adds what is ticked, each theme in a colour that few have."""
        self._recount()
        themes = list(self._reading.themes.values())
        chosen = []
        for offer in self.model.values():
            if offer.ticked:
                colour = next_colour(themes)
                themes.append(Theme(id="", name=offer.name, colour=colour))
                chosen.append((offer.name, colour, offer.words))
        return edits.new_themes(chosen)


def _plain(name: str) -> str:
    return fold(" ".join(name.split())).text
