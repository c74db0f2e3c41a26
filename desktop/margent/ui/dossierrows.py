"""A dossier as rows of a list: documents with their passages and annotations, each with a box to tick."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QLineF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle

from margent.dossier import key_of
from margent.ui.actions import QT_TRANSLATE_NOOP
from margent.ui.cardtext import short_time
from margent.ui.noterows import STATE_NAMES, author_name, kind_name, plain, said
from margent.ui.rowpaint import area_of, is_mirrored, is_on, mirrored, paint_ground, paint_tick
from margent.ui.rows import KEY, Index, Rows
from margent.ui.rowsview import RowDelegate, RowsView
from margent.ui.tips import as_tip, on_a_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from margent.annotations import DocumentRecord, ThemeColour
    from margent.dossier import DossierRow, Entry, Source
    from margent.ui.style import Style

_SOURCES: dict[Source, str] = {
    "given": QT_TRANSLATE_NOOP("Dossier", "Passage, given with the text"),
    "chosen": QT_TRANSLATE_NOOP("Dossier", "Passage, chosen"),
    "suggested": QT_TRANSLATE_NOOP("Dossier", "Suggested by signal words"),
}
_WORDS = {
    "private": QT_TRANSLATE_NOOP("Annotation", "Private"),
    "ticked": QT_TRANSLATE_NOOP("Dossier", "ticked"),
    "unticked": QT_TRANSLATE_NOOP("Dossier", "not ticked"),
}
_HEAD = "document:"
"""How the key of a document's row begins."""
_SIDE, _BOX, _TEXT = 10, 16, 50
"""Where the box stands, how large it is, and where words begin, in pixels of the design."""
_BAR = 38


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a document or, with an entry, a place in it."""

    record: DocumentRecord
    entry: Entry | None = None
    ticked: bool | None = False
    """Of a document None when some of its places are."""
    count: int = 0
    """Of a document how many places of it are shown."""
    note: str = ""
    """What an annotation says, without marks."""


def lines_of(rows: Iterable[DossierRow], ticked: Collection[str], known: Rows[Line]) -> Iterator[tuple[str, Line]]:
    """The rows for a dossier, each document before its places; what did not change since `known` is used again."""
    for row in rows:
        keys = [key_of(row.record.id, entry) for entry in row.entries]
        on = sum(key in ticked for key in keys)
        state = None if 0 < on < len(keys) else on > 0
        head, heading = f"{_HEAD}{row.record.id}", Line(row.record, None, state, len(keys))
        shown = known.get(head)
        yield head, shown if shown == heading and shown is not None else heading
        for key, entry in zip(keys, row.entries, strict=True):
            old = known.get(key)
            if old is not None and old.entry is entry and old.record is row.record and old.ticked == (key in ticked):
                yield key, old
            else:
                note = plain(entry.annotation.note) if entry.annotation is not None else ""
                yield key, Line(row.record, entry, key in ticked, 0, note)


def source_word(source: Source) -> str:
    """How a passage came to its theme."""
    return QCoreApplication.translate("Dossier", _SOURCES[source])


class DossierModel(Rows[Line]):
    """Documents and their places in a list."""

    def __init__(self, owner: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.owner = owner

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be stood on and ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def tick(self, keys: Iterable[str], *, on: bool) -> None:
        """Show entries as ticked or not, and their documents as what that makes of them."""
        wanted, heads, head = set(keys), set[int](), 0
        rows = []
        for row, key in enumerate(self._keys):
            if key.startswith(_HEAD):
                head = row
            elif key in wanted:
                rows.append(row)
                heads.add(head)
                self._values[key] = replace(self._values[key], ticked=on)
        for head in heads:
            line = self._values[self._keys[head]]
            ticked = [self._values[key].ticked for key in self._keys[head + 1 : head + 1 + line.count]]
            state = None if any(ticked) and not all(ticked) else any(ticked)
            self._values[self._keys[head]] = replace(line, ticked=state)
        if rows:
            first, last = self.index(min(heads), 0), self.index(rows[-1], 0)
            self.dataChanged.emit(first, last, [Qt.ItemDataRole.CheckStateRole])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a row, and what a screen reader reads."""
        if not index.isValid():
            return None
        line = self.value(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.record.title if line.entry is None else line.entry.text
            case Qt.ItemDataRole.CheckStateRole:
                states = {True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked}
                return states.get(bool(line.ticked)) if line.ticked is not None else Qt.CheckState.PartiallyChecked
            case Qt.ItemDataRole.ToolTipRole:
                return as_tip("\n".join(part for part in self._parts(line) if part))
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(on_a_line(part) for part in self._parts(line) if part)
            case _ if role == KEY:
                return self.key(index)
        return None

    def _parts(self, line: Line) -> tuple[str, ...]:
        if line.entry is None:
            return line.record.title, self.origin(line.record), self.places(line)
        note = line.entry.annotation.note if line.entry.annotation is not None else ""
        return self.what(line.entry), line.entry.text, note

    def places(self, line: Line) -> str:
        """How many places of a document are shown."""
        return self.tr("%n place(s)", None, line.count)

    def origin(self, record: DocumentRecord) -> str:
        """Where and when a document is from, as far as it says."""
        return " · ".join(part for part in (record.date, ", ".join(record.authors), record.source) if part)

    def what(self, entry: Entry) -> str:
        """What an entry is: how its passage came here, or kind, state and author of an annotation."""
        value = entry.annotation
        if value is None:
            return source_word(entry.source)
        parts = [kind_name(value)]
        if value.state != "placed":
            parts.append(said(STATE_NAMES[value.state]))
        if value.private:
            parts.append(said(_WORDS["private"]))
        parts.append(author_name(value, self.owner))
        return " · ".join(parts)

    def when(self, entry: Entry) -> str:
        """When an annotation was made."""
        return short_time(entry.annotation.created) if entry.annotation is not None else ""


class DossierDelegate(RowDelegate):
    """Paints a document's title with its date and source, and its places with quotation, note and what they are."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.colour: ThemeColour = "amber"
        """Of the theme: the edge of its passages."""
        self._title = style.ui_font(14, 600)
        self._quote = style.text_font(style.px(15))
        self._note = style.ui_font(13)
        self._small = style.ui_font(11)

    def heights(self, rows: Rows[Any], width: int) -> list[int]:
        """A document has air above it; a place has up to two lines of quotation and of note, and a small line."""
        style, lines = self._style, self._lines
        values: list[Line] = list(rows.values())
        room = width - style.px(_TEXT + 14)
        quotes = lines.counts((line.entry.text if line.entry else "" for line in values), self._quote, room)
        notes = lines.counts((line.note for line in values), self._note, room)
        quote, note, small = (lines.spacing(font) for font in (self._quote, self._note, self._small))
        around, title = small + style.px(20), lines.spacing(self._title) + style.px(26)
        return [
            title + (small + style.px(3) if _has_origin(line.record) else 0)
            if line.entry is None
            else around + q * quote + n * note + (style.px(2) if n else 0)
            for line, q, n in zip(values, quotes, notes, strict=True)
        ]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows = index.model()
        assert isinstance(rows, DossierModel)
        line = rows.value(index)
        painter.save()
        if line.entry is None:
            self._paint_document(painter, option, rows, line)
        else:
            paint_ground(painter, option, self._style)
            self._paint_entry(painter, option, rows, line, line.entry)
        painter.restore()

    def _paint_document(self, painter: QPainter, option: QStyleOptionViewItem, rows: DossierModel, line: Line) -> None:
        style, lines, area, rtl = self._style, self._lines, area_of(option), is_mirrored(option)
        ground = area.adjusted(0, style.px(14), 0, 0)
        part = type(option)(option)
        part.rect = ground
        paint_ground(painter, part, style)
        self._paint_box(painter, ground, line, option)
        muted, text = style.colour("muted"), style.colour("text")
        total = rows.places(line)
        width = lines.width(total, self._small)
        spot = ground.adjusted(style.px(_BAR), style.px(6), -style.px(12), 0)
        end = QRect(spot.right() + 1 - width, spot.top() + style.px(3), width, lines.spacing(self._small))
        lines.paint(painter, mirrored(end, area, option), total, self._small, muted, 1, mirrored=rtl)
        start = QRect(spot.left(), spot.top(), spot.width() - width - style.px(12), spot.height())
        lines.paint(painter, mirrored(start, area, option), line.record.title, self._title, text, 1, mirrored=rtl)
        if _has_origin(line.record):
            below = spot.translated(0, lines.spacing(self._title) + style.px(3))
            origin = rows.origin(line.record)
            lines.paint(painter, mirrored(below, area, option), origin, self._small, muted, 1, mirrored=rtl)

    def _paint_entry(
        self, painter: QPainter, option: QStyleOptionViewItem, rows: DossierModel, line: Line, entry: Entry
    ) -> None:
        style, lines, area, rtl = self._style, self._lines, area_of(option), is_mirrored(option)
        self._paint_box(painter, area, line, option)
        self._paint_edge(painter, option, entry)
        rect = area.adjusted(style.px(_TEXT), style.px(8), -style.px(14), 0)
        spot = mirrored(rect, area, option)
        text = style.colour("text")
        quiet = style.colour("text" if is_on(option, QStyle.StateFlag.State_Selected) else "muted")
        (count,) = lines.counts([entry.text], self._quote, rect.width())
        ink = quiet if line.note or entry.source == "suggested" else text
        lines.paint(painter, spot, entry.text, self._quote, ink, count, mirrored=rtl)
        spot.translate(0, count * lines.spacing(self._quote))
        (count,) = lines.counts([line.note], self._note, rect.width())
        if count:
            spot.translate(0, style.px(2))
            lines.paint(painter, spot, line.note, self._note, text, count, mirrored=rtl)
            spot.translate(0, count * lines.spacing(self._note))
        spot.translate(0, style.px(3))
        when = rows.when(entry)
        width = lines.width(when, self._small)
        height = lines.spacing(self._small)
        end = QRect(spot.left() if rtl else spot.right() + 1 - width, spot.top(), width, height)
        lines.paint(painter, end, when, self._small, quiet, 1, mirrored=rtl)
        room = spot.width() - width - style.px(8)
        start = QRect(spot.right() + 1 - room if rtl else spot.left(), spot.top(), room, height)
        lines.paint(painter, start, rows.what(entry), self._small, quiet, 1, mirrored=rtl)

    def _paint_edge(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        """In the colour of the mark, or of the theme; a suggestion's is open, as nobody has confirmed it."""
        style, area = self._style, area_of(option)
        edge = QRect(area.left() + style.px(_BAR), area.top() + style.px(10), style.px(3), area.height() - style.px(20))
        bar = QRectF(mirrored(edge, area, option))
        value = entry.annotation
        colour = style.theme(self.colour) if value is None else style.mark_strong(value.colour)
        if entry.source == "suggested":
            pen = QPen(colour, style.px(2), Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawLine(QLineF(bar.center().x(), bar.top(), bar.center().x(), bar.bottom()))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(bar, 1.5, 1.5)

    def _paint_box(self, painter: QPainter, area: QRect, line: Line, option: QStyleOptionViewItem) -> None:
        style = self._style
        side = style.px(_BOX)
        box = mirrored(QRect(area.left() + style.px(_SIDE), area.top() + style.px(8), side, side), area, option)
        paint_tick(painter, box, style, ticked=line.ticked is True)
        if line.ticked is None:
            dash = QRectF(box).adjusted(4, side / 2 - 1, -4, -side / 2 + 1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("accent"))
            painter.drawRoundedRect(dash, 1, 1)


class DossierList(RowsView):
    """The list. A click on a box or Space ticks, a click elsewhere or Enter goes there, Escape leaves.

    `tickWanted` carries the key of a row, `pressed_on` the index of one.
    """

    left = Signal()
    tickWanted = Signal(str)
    pressed_on = Signal(object)

    def __init__(self, style: Style, rows: DossierModel, delegate: DossierDelegate, name: str) -> None:
        super().__init__(rows, delegate, name, gutter=style.px(12))
        self._style = style
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.claim(Qt.Key.Key_Space)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click counts when it ends on the row it began on."""
        spot = event.position().toPoint()
        index = self.indexAt(spot)
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid() or index != self.currentIndex():
            return
        width = self.viewport().width()
        inwards = width - spot.x() if self.isRightToLeft() else spot.x()
        if inwards < self._style.px(_BAR - 4):
            self.tickWanted.emit(self._rows.key(index))
        else:
            self.pressed_on.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two clicks are two clicks."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that mean something here."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._ring = True
            self.tickWanted.emit(self._rows.key(self.currentIndex()))
            self.viewport().update()
        else:
            super().keyPressEvent(event)


def _has_origin(record: DocumentRecord) -> bool:
    return bool(record.date or record.authors or record.source)
