"""The rows of the Themes tab: what is known of each theme here, and how a row is painted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from margent import themes
from margent.annotations import Theme
from margent.reading import Reading
from margent.ui.rowpaint import area_of, is_mirrored, is_on, mirrored, mirrored_rect, paint_ground
from margent.ui.rows import KEY, Index, Rows
from margent.ui.rowsview import RowDelegate
from margent.ui.tips import as_tip
from margent.walking import Span

NEW = "+"
"""The key of the row that makes a new theme."""
SUGGEST = "?"
"""The key of the row that asks for suggestions."""
OTHERS = "…"
"""The key of the row under which themes are folded that occur nowhere in this document."""

_CELLS = 100


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme as it stands in the open document. Without a theme: one of the rows that are none."""

    theme: Theme | None
    length: int = 0
    """Code points in the document."""
    spans: tuple[Span, ...] = ()
    """Its passages as (start, end, origin), code points."""
    marks: tuple[int, ...] = ()
    """Where its annotations begin."""
    annotations: int = 0
    mine: int = 0
    """How many of the annotations are the reader's own."""
    others: int = 0
    """Of the fold: how many themes it holds."""
    unfolded: bool = False

    @property
    def occurs(self) -> bool:
        """Whether there is anything of this theme in the document."""
        return bool(self.spans or self.annotations)


def theme_rows(reading: Reading, author: str, chosen: str, *, unfolded: bool) -> Iterator[tuple[str, ThemeRow]]:
    """The rows for a document: themes in order of appearance, the fold with the others, and those for new ones.

    The `chosen` theme, an id or "", is shown though others that occur nowhere are folded.
    """
    marks: dict[str, list[int]] = {}
    counts: Counter[str] = Counter()
    mine: Counter[str] = Counter()
    for annotation in reading.annotations.values():
        for key in annotation.themes:
            counts[key] += 1
            mine[key] += annotation.author in {"", author}
            if annotation.state != "orphaned":
                marks.setdefault(key, []).append(annotation.start)
    length = len(reading.document.text)
    elsewhere: list[tuple[str, ThemeRow]] = []
    for theme in reading.shown_themes():
        row = ThemeRow(
            theme,
            length,
            tuple(reading.passages(theme.id)),
            tuple(sorted(marks.get(theme.id, ()))),
            counts[theme.id],
            mine[theme.id],
        )
        if row.occurs:
            yield theme.id, row
        else:
            elsewhere.append((theme.id, row))
    if elsewhere:
        yield OTHERS, ThemeRow(None, others=len(elsewhere), unfolded=unfolded)
        yield from (pair for pair in elsewhere if unfolded or pair[0] == chosen)
    yield NEW, ThemeRow(None)
    yield SUGGEST, ThemeRow(None)


class ThemesModel(Rows[ThemeRow]):
    """Themes in a list. `renamed` carries a theme's id and the name that was typed for it."""

    renamed = Signal(str, str)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only names of themes can be edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.value(index).theme is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row is called, what it says when pointed at, and what a screen reader reads."""
        if not index.isValid():
            return None
        row = self.value(index)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self._name(row, self.key(index))
            case Qt.ItemDataRole.AccessibleTextRole:
                name = self._name(row, self.key(index))
                return name if row.theme is None else f"{name}, {self.counts(row)}"
            case Qt.ItemDataRole.ToolTipRole:
                return as_tip(self.tip(row))
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.tip(row)
            case _ if role == KEY:
                return self.key(index)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a new name; the row shows it when it is so."""
        row = self.value(index)
        name = " ".join(str(value).split())
        if role == Qt.ItemDataRole.EditRole and row.theme is not None and name and name != row.theme.name:
            self.renamed.emit(row.theme.id, name)
        return False

    def counts(self, row: ThemeRow) -> str:
        """The numbers of a row in words."""
        parts = [self.tr("%n passage(s)", None, len(row.spans))]
        if not row.annotations:
            parts.append(self.tr("no annotations"))
        elif row.mine == row.annotations:
            parts.append(self.tr("%n annotation(s) of yours", None, row.annotations))
        elif not row.mine:
            parts.append(self.tr("%n annotation(s) of colleagues", None, row.annotations))
        else:
            parts.append(self.tr("%n annotation(s)", None, row.annotations))
            parts.append(self.tr("%n of them yours", None, row.mine))
        return ", ".join(parts)

    def tip(self, row: ThemeRow) -> str:
        """What a row says when pointed at: numbers, and where its passages come from."""
        if row.theme is None:
            if not row.others:
                return ""
            return self.tr("Unfolded") if row.unfolded else self.tr("Folded")
        origins = Counter(origin for _, _, origin in row.spans)
        words = {
            "given": self.tr("%n given by the document's author", None, origins["given"]),
            "chosen": self.tr("%n chosen by you", None, origins["chosen"]),
            "suggested": self.tr("%n suggested by its signal words (hollow)", None, origins["suggested"]),
        }
        lines = [row.theme.name, self.counts(row), *(text for origin, text in words.items() if origins[origin])]
        return "\n".join(lines)

    def _name(self, row: ThemeRow, key: str) -> str:
        if row.theme is not None:
            return row.theme.name
        if key == SUGGEST:
            return self.tr("Suggest themes…")
        return self.tr("New theme…") if key == NEW else self.tr("Other themes (%1)").replace("%1", str(row.others))


class ThemesDelegate(RowDelegate):
    """Paints a theme: dot, name, numbers, and the strip that shows where it occurs."""

    def heights(self, rows: Rows[Any], width: int) -> list[int]:  # noqa: ARG002
        """A theme that occurs has a strip; other rows are one line."""
        tall, low = self._style.px(47), self._style.px(34)
        return [tall if row.occurs else low for row in rows.values()]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows = index.model()
        assert isinstance(rows, ThemesModel)
        row = rows.value(index)
        painter.save()
        paint_ground(painter, option, self._style)
        if row.theme is None:
            self._paint_word(painter, option, index, row)
        else:
            self._paint_theme(painter, option, row)
        painter.restore()

    def _paint_word(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, row: ThemeRow) -> None:
        style, area = self._style, area_of(option)
        fold = "chevron-down" if row.unfolded else "chevron-right"
        name = {NEW: "plus", SUGGEST: "list-checks"}.get(rows_key(index), fold)
        if name == "chevron-right" and is_mirrored(option):
            name = "chevron-left"
        side = style.px(14)
        box = QRect(area.left() + style.px(6), area.center().y() - side // 2 + 1, side, side)
        style.icon(name, 14, "muted").paint(painter, mirrored(box, area, option))
        text = area.adjusted(style.px(26), 0, -style.px(8), 0)
        self._line(painter, option, text, str(index.data()), style.ui_font(), "muted")

    def _paint_theme(self, painter: QPainter, option: QStyleOptionViewItem, row: ThemeRow) -> None:
        style, area = self._style, area_of(option)
        assert row.theme is not None
        colour = style.theme(row.theme.colour)
        line = QRect(area.left(), area.top(), area.width(), style.px(34))
        dot = style.px(10)
        box = QRect(area.left() + style.px(8), line.center().y() - dot // 2 + 1, dot, dot)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QRectF(mirrored(box, area, option)))
        right = area.right() - style.px(8)
        if row.occurs:
            numbers = f"{len(row.spans)} · {row.annotations}"
            font = style.ui_font(12)
            width = option.fontMetrics.horizontalAdvance(numbers) + style.px(4)
            box = QRect(right - width, line.top(), width, line.height())
            painter.setFont(font)
            painter.setPen(style.colour("muted"))
            side = Qt.AlignmentFlag.AlignLeft if is_mirrored(option) else Qt.AlignmentFlag.AlignRight
            painter.drawText(mirrored(box, area, option), int(side | Qt.AlignmentFlag.AlignVCenter), numbers)
            right = box.left() - style.px(6)
            self._paint_strip(painter, option, row)
        name = self.name_rect(option)
        name.setRight(right)
        self._line(painter, option, name, row.theme.name, style.ui_font(), "text")

    def _line(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, text: str, font: QFont, role: str
    ) -> None:
        """One elided line, in the middle of the height of `rect`."""
        rect.setTop(rect.center().y() - self._lines.spacing(font) // 2)
        rect = mirrored(rect, area_of(option), option)
        colour = self._style.colour(role)
        self._lines.paint(painter, rect, text, font, colour, 1, mirrored=is_mirrored(option))

    def name_rect(self, option: QStyleOptionViewItem) -> QRect:
        """Where the name stands, from left to right."""
        area, style = area_of(option), self._style
        return QRect(area.left() + style.px(26), area.top(), area.width() - style.px(34), style.px(34))

    def strip_rect(self, area: QRect) -> QRect:
        """Where the strip of a row lies; the same in both directions of writing."""
        style = self._style
        return QRect(area.left() + style.px(26), area.top() + style.px(32), area.width() - style.px(34), style.px(5))

    def span_at(self, row: ThemeRow, area: QRect, x: int, y: int, *, rtl: bool) -> Span | None:
        """The passage whose cell is under a point of the viewport, with some pixels of grace."""
        strip = mirrored_rect(self.strip_rect(area), area, rtl=rtl)
        grace = self._style.px(4)
        if not row.spans or not strip.adjusted(-grace, -grace, grace, grace).contains(x, y):
            return None
        part = (x - strip.left()) / max(1, strip.width())
        position = (1 - part if rtl else part) * row.length
        slack = grace / max(1, strip.width()) * row.length
        near = [span for span in row.spans if span[0] - slack <= position <= span[1] + slack]
        return min(near, key=lambda span: abs((span[0] + span[1]) / 2 - position), default=None)

    def _paint_strip(self, painter: QPainter, option: QStyleOptionViewItem, row: ThemeRow) -> None:
        style, area = self._style, area_of(option)
        assert row.theme is not None
        colour = style.theme(row.theme.colour)
        track = QRectF(mirrored(self.strip_rect(area), area, option))
        radius = track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        chosen = is_on(option, QStyle.StateFlag.State_Selected)
        painter.setBrush(style.colour("panel" if chosen else "track"))
        painter.drawRoundedRect(track, radius, radius)
        cells = max(_CELLS, int(track.width()) // 4)
        suggested = [(start, end) for start, end, origin in row.spans if origin == "suggested"]
        standing = [(start, end) for start, end, origin in row.spans if origin != "suggested"]
        for first, last in themes.strip(suggested, row.length, cells):
            painter.setPen(QPen(colour, 1))
            painter.setBrush(style.colour("selected" if chosen else "panel"))
            cell = _cell(track, first, last, rtl=is_mirrored(option))
            painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for first, last in themes.strip(standing, row.length, cells):
            painter.drawRoundedRect(_cell(track, first, last, rtl=is_mirrored(option)), radius, radius)
        painter.setBrush(style.colour("muted"))
        tick = style.px(2)
        for at in sorted({round(mark / max(1, row.length) * track.width()) for mark in row.marks}):
            x = track.right() - at - tick if is_mirrored(option) else track.left() + at
            painter.drawRect(QRectF(x, track.bottom() + 2, tick, style.px(3)))

    # -- editing and pointing -----------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002
        """A field for the name."""
        field = QLineEdit(parent)
        field.setProperty("inline", True)
        field.setAccessibleName(self.tr("Name of the theme"))
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: ARG002
        """Over the name, as wide as the row allows."""
        rect = self.name_rect(option).adjusted(-self._style.px(8), 1, 0, -1)
        editor.setGeometry(mirrored(rect, area_of(option), option))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Over a cell of the strip, say what that passage is."""
        rows = index.model()
        if event.type() == QEvent.Type.ToolTip and isinstance(rows, ThemesModel):
            row = rows.value(index)
            spot = event.pos()
            span = self.span_at(row, area_of(option), spot.x(), spot.y(), rtl=is_mirrored(option))
            if span is not None:
                QToolTip.showText(event.globalPos(), self.said(row, span), view)
                return True
        return super().helpEvent(event, view, option, index)

    def said(self, row: ThemeRow, span: Span) -> str:
        """Which passage this is, and where it comes from."""
        origin = {
            "given": self.tr("given by the document's author"),
            "chosen": self.tr("chosen by you"),
            "suggested": self.tr("suggested by its signal words"),
        }[span[2]]
        number = str(row.spans.index(span) + 1)
        text = self.tr("Passage %1 of %2, %3")
        return text.replace("%1", number).replace("%2", str(len(row.spans))).replace("%3", origin)


def rows_key(index: Index) -> str:
    """The key of a row."""
    return str(index.data(KEY))


def _cell(track: QRectF, first: float, last: float, *, rtl: bool) -> QRectF:
    width = max(track.height(), (last - first) * track.width())
    left = min(track.left() + first * track.width(), track.right() - width)
    if rtl:
        left = track.left() + track.right() - left - width
    return QRectF(left, track.top(), width, track.height())
