"""The rows left of the table: shelves, collections and themes, and how a row is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QMimeData, QRect, QRectF, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionViewItem, QWidget

from margent.shelving import ALL, BIN, IN_COLLECTION, OF_THEME, STATES, Shelves, counts, nested
from margent.ui.rowpaint import area_of, is_mirrored, is_on, mirrored, paint_ground
from margent.ui.rows import KEY, Index, Rows
from margent.ui.rowsview import RowDelegate
from margent.ui.tips import as_tip
from margent.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QPainter

    from margent.annotations import Collection, Theme

COLLECTION = "application/x-margent-collection"
"""Id of a collection that is dragged, in UTF-8."""
COLLECTIONS = "collections"
THEMES = "themes"
OTHER_THEMES = "other themes"
"""Keys of the headings. The one of the collections makes a new one."""


@value(frozen=True, slots=True)
class ShelfEntry:
    """A row: a shelf, a collection with its depth, a theme, or a heading."""

    count: int = 0
    collection: Collection | None = None
    depth: int = 0
    theme: Theme | None = None
    heading: bool = False


def shelf_entries(shelves: Shelves) -> Iterator[tuple[str, ShelfEntry]]:
    """The rows of a library, by key."""
    found = {} if shelves.partial else counts(shelves)
    for key in (ALL, *STATES, BIN):
        yield key, ShelfEntry(found.get(key, 0))
    yield COLLECTIONS, ShelfEntry(heading=True)
    for collection, depth in nested(shelves.collections):
        key = IN_COLLECTION + collection.id
        yield key, ShelfEntry(found.get(key, 0), collection, depth)
    # Themes that no document has yet stay within reach, for their dossier may suggest passages.
    used = [theme for theme in shelves.themes if OF_THEME + theme.id in found]
    unused = [theme for theme in shelves.themes if OF_THEME + theme.id not in found]
    for heading, themes in ((THEMES, used), (OTHER_THEMES if used else THEMES, unused)):
        if themes:
            yield heading, ShelfEntry(heading=True)
        for theme in themes:
            yield OF_THEME + theme.id, ShelfEntry(found.get(OF_THEME + theme.id, 0), theme=theme)


class ShelfList(Rows[ShelfEntry]):
    """Shelves in a list. `renamed` carries a row's key and the name that was typed for it."""

    renamed = Signal(str, str)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names of collections can be edited; the headings of the themes can do nothing."""
        if not index.isValid() or self.key(index) in {THEMES, OTHER_THEMES}:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled
        if self.key(index) != COLLECTIONS:
            flags |= Qt.ItemFlag.ItemIsSelectable
        if self.value(index).collection is not None:
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row is called, and what a screen reader reads."""
        if not index.isValid():
            return None
        key, entry = self.key(index), self.value(index)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self.name(key, entry)
            case Qt.ItemDataRole.ToolTipRole:
                return as_tip(self._tip(key, entry))
            case Qt.ItemDataRole.AccessibleTextRole:
                name = self.name(key, entry)
                if entry.heading:
                    return self.tr("Collections: Enter makes a new one") if key == COLLECTIONS else name
                return name + ", " + self.tr("%n document(s)", None, entry.count)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._kind(entry)
            case _ if role == KEY:
                return key
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a new name; the row shows it when it is so."""
        entry, name = self.value(index), " ".join(str(value).split())
        if role == Qt.ItemDataRole.EditRole and entry.collection is not None and name != entry.collection.name:
            self.renamed.emit(self.key(index), name)
        return False

    def name(self, key: str, entry: ShelfEntry) -> str:
        """What a row is called."""
        if entry.collection is not None:
            return entry.collection.name
        if entry.theme is not None:
            return entry.theme.name
        return {
            ALL: self.tr("All documents"),
            "reading": self.tr("Reading"),
            "to_read": self.tr("To read"),
            "finished": self.tr("Finished"),
            BIN: self.tr("Bin"),
            COLLECTIONS: self.tr("Collections"),
            THEMES: self.tr("Themes"),
            OTHER_THEMES: self.tr("Other themes"),
        }[key]

    def mimeTypes(self) -> list[str]:
        """Collections are dragged as such."""
        return [COLLECTION]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The id of a dragged collection."""
        data = QMimeData()
        for index in indexes:
            collection = self.value(index).collection
            if collection is not None:
                data.setData(COLLECTION, collection.id.encode())
        return data

    def _kind(self, entry: ShelfEntry) -> str:
        if entry.collection is not None:
            return self.tr("Collection inside another") if entry.depth else self.tr("Collection")
        return self.tr("Theme") if entry.theme is not None else ""

    def _tip(self, key: str, entry: ShelfEntry) -> str:
        if key == COLLECTIONS:
            return self.tr("New collection")
        if entry.heading:
            return ""
        return self.name(key, entry) + "\n" + self.tr("%n document(s)", None, entry.count)


class ShelfEntryDelegate(RowDelegate):
    """Paints a shelf: its name and how many documents stand on it; a theme with its dot; headings."""

    def heights(self, rows: Rows[Any], width: int) -> list[int]:  # noqa: ARG002
        """A heading has air above it."""
        row, heading = self._style.px(32), self._style.px(40)
        return [heading if entry.heading else row for entry in rows.values()]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows: ShelfList = index.model()  # type: ignore[assignment]
        key, entry = rows.key(index), rows.value(index)
        painter.save()
        if entry.heading:
            self._paint_heading(painter, option, rows.name(key, entry), plus=key == COLLECTIONS)
        else:
            paint_ground(painter, option, self._style)
            self._paint_entry(painter, option, rows.name(key, entry), entry)
        painter.restore()

    def plus_rect(self, area: QRect) -> QRect:
        """Where the sign for a new collection is in its heading's `area`, from left to right."""
        side = self._style.px(26)
        return QRect(area.right() - side, area.bottom() - side, side, side)

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, name: str, *, plus: bool) -> None:
        style, area = self._style, area_of(option)
        font = style.ui_font(11, 600)
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 1)
        text = area.adjusted(style.px(8), area.height() - style.px(22), -style.px(34), 0)
        spot = mirrored(text, area, option)
        self._lines.paint(painter, spot, name.upper(), font, style.colour("muted"), 1, mirrored=is_mirrored(option))
        if not plus:
            return
        box = mirrored(self.plus_rect(area), area, option)
        lit = is_on(option, QStyle.StateFlag.State_MouseOver) or is_on(option, QStyle.StateFlag.State_HasFocus)
        if lit:
            small = QStyleOptionViewItem(option)
            small.rect = box
            paint_ground(painter, small, style, inset=0)
        side = style.px(14)
        centre = box.center()
        mark = QRect(centre.x() - side // 2 + 1, centre.y() - side // 2 + 1, side, side)
        style.icon("plus", 14, "text" if lit else "muted").paint(painter, mark)

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, name: str, entry: ShelfEntry) -> None:
        style, area, rtl = self._style, area_of(option), is_mirrored(option)
        chosen = is_on(option, QStyle.StateFlag.State_Selected)
        font = style.ui_font(13, 600 if chosen else 400)
        small = style.ui_font(13)
        count = QLocale().toString(entry.count) if entry.count else ""
        width = self._lines.width(count, small)
        top = (area.height() - self._lines.spacing(font)) // 2
        end = QRect(area.right() - style.px(10) - width, area.top() + top, width + 1, area.height() - top)
        self._lines.paint(painter, mirrored(end, area, option), count, small, style.colour("muted"), 1, mirrored=rtl)
        spot = self.name_rect(option, entry)
        spot.setRight(end.left() - style.px(8))
        spot.adjust(0, top, 0, 0)
        self._lines.paint(painter, mirrored(spot, area, option), name, font, style.colour("text"), 1, mirrored=rtl)
        if entry.theme is not None:
            side = style.px(10)
            dot = QRect(area.left() + style.px(9), area.top() + (area.height() - side) // 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.theme(entry.theme.colour))
            painter.drawEllipse(QRectF(mirrored(dot, area, option)))

    def name_rect(self, option: QStyleOptionViewItem, entry: ShelfEntry) -> QRect:
        """Where the name of a row begins, from left to right."""
        indent = 27 if entry.theme is not None else 9 + 16 * entry.depth
        return area_of(option).adjusted(self._style.px(indent), 0, -self._style.px(10), 0)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002
        """A field for the name."""
        field = QLineEdit(parent)
        field.setProperty("inline", True)
        field.setAccessibleName(self.tr("Name of the collection"))
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the name, as wide as the row allows."""
        rows: ShelfList = index.model()  # type: ignore[assignment]
        rect = self.name_rect(option, rows.value(index)).adjusted(-self._style.px(8), 1, self._style.px(8), -1)
        editor.setGeometry(mirrored(rect, area_of(option), option))
