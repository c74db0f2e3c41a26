"""What the library's search found: documents with the places in them, to be walked through with the arrow keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QItemSelectionModel, QLocale, QModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QLabel, QVBoxLayout, QWidget

from margent.ui.actions import QT_TRANSLATE_NOOP
from margent.ui.rowpaint import area_of, is_mirrored, mirrored, paint_ground
from margent.ui.rows import Index, Rows
from margent.ui.rowsview import RowDelegate, RowsView
from margent.ui.tips import as_tip

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from margent.query import Group, Hit, SearchResult
    from margent.ui.style import Style

_WHERE = {
    "title": QT_TRANSLATE_NOOP("SearchResults", "Title"),
    "text": QT_TRANSLATE_NOOP("SearchResults", "Text"),
    "quote": QT_TRANSLATE_NOOP("SearchResults", "Quote"),
    "note": QT_TRANSLATE_NOOP("SearchResults", "Note"),
    "theme": QT_TRANSLATE_NOOP("SearchResults", "Theme"),
}
_ICONS = {
    "title": "file-text",
    "text": "file-text",
    "quote": "highlighter",
    "note": "message-square",
    "theme": "tag",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A row: a document with how much was found in it, a place in it or, with `more`, how many are not shown."""

    group: Group
    hit: Hit | None = None
    more: int = 0

    @property
    def is_heading(self) -> bool:
        """Whether it names the document."""
        return self.hit is None and not self.more


def found_rows(groups: Iterable[Group], whole: Container[str] = ()) -> Iterator[tuple[str, Found]]:
    """The rows for what was found, each document before its places; `whole` are those of which all are shown."""
    for group in groups:
        yield group.document, Found(group)
        for number, hit in enumerate(group.hits):
            yield f"{group.document}:{number}", Found(group, hit)
        if group.total > len(group.hits) and group.document not in whole:
            yield f"{group.document}:more", Found(group, more=group.total - len(group.hits))


class FoundModel(Rows[Found]):
    """What was found, in a list."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a row, and what a screen reader reads."""
        if not index.isValid():
            return None
        row = self.value(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(row)
            case Qt.ItemDataRole.ToolTipRole:
                return as_tip(self._words(row))
            case Qt.ItemDataRole.AccessibleTextRole:
                if row.is_heading:
                    return f"{row.group.title}, {self.total(row.group)}"
                return f"{where(row.hit)}: {row.hit.snippet}" if row.hit is not None else self._words(row)
        return None

    def total(self, group: Group) -> str:
        """How many places were found in a document."""
        if group.counted:
            return self.tr("%n hit(s)", None, group.total)
        return self.tr("more than %n hit(s)", None, group.total - 1)

    def more(self, row: Found) -> str:
        """That there are more places than are shown."""
        if row.group.counted:
            return self.tr("%n more in this document", None, row.more)
        return self.tr("%n and more in this document", None, row.more)

    def _words(self, row: Found) -> str:
        if row.hit is not None:
            return row.hit.snippet
        return self.more(row) if row.more else row.group.title


def where(hit: Hit) -> str:
    """What a place is part of."""
    return QCoreApplication.translate("SearchResults", _WHERE[hit.where])


class FoundDelegate(RowDelegate):
    """Paints a document's title and, below it, lines of its text with what was found marked in them."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._title = style.ui_font(14, 600)
        self._small = style.ui_font(12)
        self._text = style.text_font(style.px(15))
        self._layouts: dict[tuple[Hit, int, bool], QTextLayout] = {}
        style.changed.connect(self._layouts.clear)

    def forget(self) -> None:
        """Drop what was laid out for another result."""
        self._layouts = {}

    def heights(self, rows: Rows[Any], width: int) -> list[int]:  # noqa: ARG002
        """A document has air above it; a place is one line, its words shortened to fit."""
        heading, place = self._style.px(46), self._style.px(33)
        return [heading if row.is_heading else place for row in rows.values()]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows: FoundModel = index.model()  # type: ignore[assignment]
        row = rows.value(index)
        painter.save()
        if row.is_heading:
            self._paint_document(painter, option, row.group, rows.total(row.group))
        else:
            paint_ground(painter, option, self._style)
            if row.hit is not None:
                self._paint_hit(painter, option, row.hit)
            else:
                self._paint_more(painter, option, rows.more(row))
        painter.restore()

    def _paint_document(self, painter: QPainter, option: QStyleOptionViewItem, group: Group, total: str) -> None:
        style, lines, area, rtl = self._style, self._lines, area_of(option), is_mirrored(option)
        ground = area.adjusted(0, style.px(12), 0, 0)
        part = type(option)(option)
        part.rect = ground
        paint_ground(painter, part, style)
        width = lines.width(total, self._small)
        top = ground.top() + (ground.height() - lines.spacing(self._title)) // 2
        end = QRect(area.right() - style.px(10) - width, top + style.px(2), width + 1, ground.height())
        lines.paint(painter, mirrored(end, area, option), total, self._small, style.colour("muted"), 1, mirrored=rtl)
        start = QRect(area.left() + style.px(10), top, end.left() - style.px(12) - area.left(), ground.height())
        spot = mirrored(start, area, option)
        lines.paint(painter, spot, group.title, self._title, style.colour("text"), 1, mirrored=rtl)

    def _paint_hit(self, painter: QPainter, option: QStyleOptionViewItem, hit: Hit) -> None:
        style, area, rtl = self._style, area_of(option), is_mirrored(option)
        side = style.px(14)
        box = QRect(area.left() + style.px(12), area.top() + (area.height() - side) // 2, side, side)
        style.icon(_ICONS[hit.where], 14, "muted").paint(painter, mirrored(box, area, option))
        rect = mirrored(area.adjusted(style.px(36), 0, -style.px(10), 0), area, option)
        layout = self._layout(hit, rect.width(), rtl=rtl)
        height = layout.boundingRect().height()
        painter.setPen(style.colour("text"))
        painter.setClipRect(rect)
        layout.draw(painter, QPointF(rect.left(), rect.top() + (rect.height() - height) / 2))

    def _paint_more(self, painter: QPainter, option: QStyleOptionViewItem, more: str) -> None:
        style, area = self._style, area_of(option)
        side = style.px(14)
        box = QRect(area.left() + style.px(12), area.top() + (area.height() - side) // 2, side, side)
        style.icon("chevron-down", 14, "muted").paint(painter, mirrored(box, area, option))
        top = area.top() + (area.height() - self._lines.spacing(self._small)) // 2
        spot = QRect(area.left() + style.px(36), top, area.width() - style.px(46), area.bottom() - top)
        where = mirrored(spot, area, option)
        self._lines.paint(painter, where, more, self._small, style.colour("muted"), 1, mirrored=is_mirrored(option))

    def _layout(self, hit: Hit, width: int, *, rtl: bool) -> QTextLayout:
        key = (hit, width, rtl)
        known = self._layouts.get(key)
        if known is None:
            known = self._layouts[key] = self._laid_out(hit, width, rtl=rtl)
        return known

    def _laid_out(self, hit: Hit, width: int, *, rtl: bool) -> QTextLayout:
        """The words on one line, beginning so late that what was found is on it."""
        text, shift = self._from_first_mark(hit, width)
        text = self._lines.elided(text, self._text, width)
        layout = QTextLayout(text, self._text)
        option = QTextOption(Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        lit = QTextCharFormat()
        lit.setBackground(self._style.colour("find"))
        ranges = []
        for start, end in hit.marks:
            piece = QTextLayout.FormatRange()
            piece.start = _units(text, max(0, start + shift))
            piece.length = _units(text, max(0, end + shift)) - piece.start
            piece.format = lit
            ranges.append(piece)
        layout.setFormats(ranges)
        layout.beginLayout()
        line = layout.createLine()
        if line.isValid():
            line.setLineWidth(width)
        layout.endLayout()
        return layout

    def _from_first_mark(self, hit: Hit, width: int) -> tuple[str, int]:
        """The snippet, cut at its beginning where its first mark would be out of sight, and how far marks moved."""
        text = " ".join(hit.snippet.split("\n"))
        if not hit.marks:
            return text, 0
        start, end = hit.marks[0]
        room = width / max(1.0, self._lines.width("n" * 10, self._text) / 10)
        if end <= room:
            return text, 0
        cut = max(0, start - int(room / 3))
        cut = text.find(" ", cut, start) + 1 or cut
        return "…" + text[cut:], 1 - cut


class SearchResults(QWidget):
    """The list, with a sentence above it. `openRequested` carries the document and the Hit (None: its beginning).

    `documentChanged` carries the document one stands in; "" for none. `wholeWanted` carries the document of which all
    places are wanted, which `unfold` is then given.
    """

    openRequested = Signal(str, object)
    wholeWanted = Signal(str)
    documentChanged = Signal(str)
    left = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._query = ""
        self._groups: list[Group] = []
        self._whole: dict[str, Group] = {}
        """The documents of which all is shown, with what was shown before."""
        self.heading = QLabel()
        self.heading.setProperty("muted", True)
        self.heading.setWordWrap(True)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setAccessibleName(self.tr("Result of the search"))
        self.model = FoundModel(self)
        self._delegate = FoundDelegate(style)
        self.view = _FoundView(self.model, self._delegate, self.tr("What was found"), self, gutter=style.px(12))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.opened.connect(self._opened)
        self.view.pressed_on.connect(self._opened)
        self.view.left.connect(self.left)
        self.view.unfolded.connect(lambda: self._want_whole(self.view.currentIndex()))
        self.view.folded.connect(self.fold)
        self.view.selectionModel().currentChanged.connect(lambda: self.documentChanged.emit(self.document()))
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(18), style.px(14), style.px(6), 0)
        column.setSpacing(style.px(4))
        column.addWidget(self.heading)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        style.changed.connect(self.view.viewport().update)

    def show_result(self, query: str, result: SearchResult) -> None:
        """Show what was found for `query`; the first place is stood on, or where one stood when it was asked before."""
        self._delegate.forget()
        again, self._query = query == self._query, query
        self._groups, self._whole = list(result.groups), {}
        self.model.put(found_rows(self._groups))
        self.heading.setText(self._said(query, result))
        if again and self.view.currentIndex().isValid():
            return  # something was changed in the library, and nobody who walks through hits is to be sent back
        self.view.setCurrentIndex(QModelIndex())
        self.step(1)
        # Standing on the first place may have scrolled the heading above it out of sight.
        self.view.scrollToTop()

    def document(self) -> str:
        """The id of the document one stands in; "" for none."""
        index = self.view.currentIndex()
        return self.model.value(index).group.document if index.isValid() else ""

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) place."""
        row = self.view.currentIndex().row() + by
        while 0 <= row < self.model.rowCount():
            index = self.model.index(row, 0)
            if not self.model.value(index).is_heading:
                self._stand_on(index)
                return
            row += by

    def unfold(self, whole: Group) -> None:
        """Show all places of a document that is in the list, and stand on the first that was not shown."""
        before = self._replaced(whole)
        if before is None:
            return
        self._whole.setdefault(whole.document, before)
        self.model.put(found_rows(self._groups, self._whole))
        known = {_place(hit) for hit in before.hits}
        number = next((number for number, hit in enumerate(whole.hits) if _place(hit) not in known), 0)
        self._stand_on(self.model.index_of(f"{whole.document}:{number}"))

    def fold(self) -> None:
        """Show of the document one stands in what was shown at first."""
        document = self.document()
        before = self._whole.pop(document, None)
        if before is not None:
            self._replaced(before)
            self.model.put(found_rows(self._groups, self._whole))
            self._stand_on(self.model.index_of(f"{document}:more"))

    def _replaced(self, group: Group) -> Group | None:
        """Put `group` in the place of what is known of its document; what that was."""
        for place, known in enumerate(self._groups):
            if known.document == group.document:
                self._groups[place] = group
                return known
        return None

    def _want_whole(self, index: QModelIndex) -> None:
        document = self.model.value(index).group.document if index.isValid() else ""
        if document and document not in self._whole and self.model.row(f"{document}:more") >= 0:
            self.wholeWanted.emit(document)

    def open_current(self) -> None:
        """Go to the place one stands on."""
        index = self.view.currentIndex()
        if index.isValid():
            self._opened(index)

    def _stand_on(self, index: QModelIndex) -> None:
        if index.isValid():
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.view.scrollTo(index)

    def _opened(self, index: QModelIndex) -> None:
        row = self.model.value(index)
        if row.more:
            self._want_whole(index)
            return
        self.openRequested.emit(row.group.document, row.hit)

    def _said(self, query: str, result: SearchResult) -> str:
        parts = []
        if not result.groups:
            parts.append(self.tr("Nothing found for “%1”.").replace("%1", query.strip()))
            if not result.problem:
                parts.append(self.tr("Try fewer or shorter words, or leave out what narrows the search."))
        else:
            hits = sum(group.total for group in result.groups)
            found = self.tr("%n hit(s)", None, hits).replace(str(hits), QLocale().toString(hits))
            documents = self.tr("in %n document(s)", None, len(result.groups))
            parts.append(f"{found} {documents}.")
        if result.problem:
            parts.append(result.problem)
        if not result.complete:
            parts.append(
                self.tr(
                    "These words are very common; of all that have them, titles, documents that say them again and "
                    "again, and the newest were compared."
                )
            )
        return " ".join(parts)


class _FoundView(RowsView):
    """The list; a click goes where it points, Escape leaves, the arrow keys fold a document's places out and in."""

    left = Signal()
    unfolded = Signal()
    folded = Signal()
    pressed_on = Signal(object)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click counts when it ends on the row it began on."""
        index = self.indexAt(event.position().toPoint())
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index == self.currentIndex():
            self.pressed_on.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first click has gone there already."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves; forwards (to the right, where one reads so) unfolds, backwards folds."""
        reads_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        forwards, backwards = Qt.Key.Key_Right, Qt.Key.Key_Left
        if reads_left:
            forwards, backwards = backwards, forwards
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == forwards:
            self.unfolded.emit()
        elif event.key() == backwards:
            self.folded.emit()
        else:
            super().keyPressEvent(event)


def _place(hit: Hit) -> tuple[str, int, int, str]:
    return hit.where, hit.start, hit.end, hit.annotation


def _units(text: str, at: int) -> int:
    """`at` code points of `text` in Qt's units."""
    return len(text[:at].encode("utf-16-le")) // 2
