"""What stands above the list of annotations: a search field, a menu of filters, and those in force as chips."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from margent.annotations import COLOURS, KINDS, Theme
from margent.filtering import Filter, Group, author_of
from margent.reading import Reading
from margent.ui.actions import QT_TRANSLATE_NOOP
from margent.ui.flow import FlowLayout
from margent.ui.noterows import COLOUR_NAMES, KIND_NAMES, STATE_NAMES, said
from margent.ui.style import Style
from margent.ui.themedialog import dot_icon

_GROUP_NAMES: dict[Group, str] = {
    "kind": QT_TRANSLATE_NOOP("Annotation", "Kind"),
    "colour": QT_TRANSLATE_NOOP("Annotation", "Colour"),
    "theme": QT_TRANSLATE_NOOP("Annotation", "Theme"),
    "author": QT_TRANSLATE_NOOP("Annotation", "Author"),
    "state": QT_TRANSLATE_NOOP("Annotation", "State"),
    "task": QT_TRANSLATE_NOOP("Annotation", "Open or done"),
    "privacy": QT_TRANSLATE_NOOP("Annotation", "Private"),
}
_OTHER_NAMES = {
    "open": QT_TRANSLATE_NOOP("Annotation", "Open"),
    "done": QT_TRANSLATE_NOOP("Annotation", "Done or resolved"),
    "private": QT_TRANSLATE_NOOP("Annotation", "Private"),
    "shareable": QT_TRANSLATE_NOOP("Annotation", "Not private"),
}
_NAMES: dict[str, str] = {**KIND_NAMES, **COLOUR_NAMES, **STATE_NAMES, **_OTHER_NAMES}  # type: ignore[dict-item]


class FilterBar(QWidget):
    """Asks for words and for values of kind, colour, theme, author, state and privacy; `filter` is what is asked."""

    changed = Signal()
    leftDownwards = Signal()
    """Arrow down or Enter in the search field: on to the list."""

    def __init__(self, style: Style, owner: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.owner = owner
        self._reading: Reading | None = None
        self.filter = Filter()
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search notes"))
        self.field.setAccessibleName(self.tr("Search quotations, notes and authors"))
        self.field.setClearButtonEnabled(True)
        self.field.setTextMargins(-style.px(6), 0, 0, 0)
        self.field.addAction(style.icon("search", 14, "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.button = QToolButton()
        self.button.setIcon(style.icon("filter", 15, "muted"))
        self.button.setToolTip(self.tr("Filter"))
        self.button.setAccessibleName(self.tr("Filter by kind, colour, theme, author, state"))
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, style.px(4))
        self.count = QLabel()
        self.count.setProperty("muted", True)
        self._lay_out(style)
        self._show_chips()

    def _lay_out(self, style: Style) -> None:
        row = QHBoxLayout()
        row.setSpacing(style.px(4))
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, style.px(4))
        column.setSpacing(style.px(4))
        column.addLayout(row)
        column.addWidget(self._chips)
        column.addWidget(self.count)
        self.count.setContentsMargins(style.px(8), 0, 0, 0)

    def open(self, reading: Reading | None) -> None:
        """Filter the annotations of a document; another document begins with all of them."""
        other = reading is not self._reading
        self._reading = reading
        if other:
            self.clear()

    def clear(self) -> None:
        """Ask for everything."""
        self.field.clear()
        self._set(Filter())

    def toggle(self, group: Group, value: str) -> None:
        """Ask for a value, or no longer."""
        self._set(self.filter.toggled(group, value))

    def show_count(self, shown: int, of: int) -> None:
        """Say how many annotations pass, where not all do."""
        self.count.setVisible(bool(self.filter))
        self.count.setText(self.tr("%1 of %2").replace("%1", str(shown)).replace("%2", str(of)))

    def height_wanted(self, width: int) -> int:
        """The height at a width, both in pixels."""
        gap = self._style.px(4)
        height = self.field.sizeHint().height() + gap
        if not self._chips.isHidden():
            height += gap + self._flow.heightForWidth(width)
        if not self.count.isHidden():
            height += gap + self.count.sizeHint().height()
        return height

    def prune(self) -> None:
        """Let go of themes and authors that are no longer here, so that nothing invisible narrows the list."""
        gone = [pair for pair in self.filter.chosen if pair[1] not in dict(self._values(pair[0]))]
        for group, value in gone:
            self.toggle(group, value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys in the field that lead elsewhere; clicks in a menu of filters that leave it open."""
        if event.type() == QEvent.Type.KeyPress and watched is self.field and isinstance(event, QKeyEvent):
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.leftDownwards.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        if isinstance(watched, QMenu) and isinstance(event, QMouseEvent):
            action = watched.actionAt(event.position().toPoint())
            if event.type() == QEvent.Type.MouseButtonRelease and action is not None and action.isCheckable():
                action.trigger()
                return True
        return super().eventFilter(watched, event)

    def _typed(self, text: str) -> None:
        self._set(Filter(self.filter.chosen, text))

    def _set(self, wanted: Filter) -> None:
        if wanted == self.filter:
            return
        chosen = self.filter.chosen
        self.filter = wanted
        if chosen != wanted.chosen:
            self._show_chips()
        self.changed.emit()

    # -- the menu -----------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Offer what there is to choose from, now."""
        self.menu.clear()
        for group, name in _GROUP_NAMES.items():
            values = self._values(group)
            if group in {"theme", "author"} and not values:
                continue
            menu = self.menu.addMenu(said(name))
            menu.installEventFilter(self)
            for value, text in values:
                self._add(menu, group, value, text)
        self.menu.addSeparator()
        clear = self.menu.addAction(self.tr("Show all"), self.clear)
        clear.setEnabled(bool(self.filter))

    def _add(self, menu: QMenu, group: Group, value: str, text: str) -> None:
        action = QAction(text.replace("&", "&&"), menu)
        action.setCheckable(True)
        action.setChecked((group, value) in self.filter.chosen)
        action.setIcon(self._icon(group, value))
        action.setIconVisibleInMenu(not action.icon().isNull())
        action.triggered.connect(lambda: self.toggle(group, value))
        menu.addAction(action)

    def _icon(self, group: Group, value: str) -> QIcon:
        if group == "colour":
            return dot_icon(self._style.mark_strong(value))
        if group == "theme" and self._reading is not None and value in self._reading.themes:
            return dot_icon(self._style.theme(self._reading.themes[value].colour))
        return QIcon()

    def _values(self, group: Group) -> Sequence[tuple[str, str]]:
        """The values of a group with the words for them."""
        reading = self._reading
        match group:
            case "kind":
                return [(kind, said(KIND_NAMES[kind])) for kind in KINDS]
            case "colour":
                return [(colour, said(COLOUR_NAMES[colour])) for colour in COLOURS]
            case "state":
                return [(state, said(name)) for state, name in STATE_NAMES.items()]
            case "task":
                return [(value, said(_OTHER_NAMES[value])) for value in ("open", "done")]
            case "privacy":
                return [(value, said(_OTHER_NAMES[value])) for value in ("private", "shareable")]
            case "theme" if reading is not None:
                used = {theme for annotation in reading.annotations.values() for theme in annotation.themes}
                return [(theme.id, theme.name) for theme in _by_name(reading, used)]
            case "author" if reading is not None:
                names = {author_of(annotation, self.owner) for annotation in reading.annotations.values()}
                return [(name, name or self.tr("You")) for name in sorted(names, key=str.casefold)]
        return []

    # -- the chips ----------------------------------------------------------------------------------------------

    def _show_chips(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for group, value in self.filter.in_order():
            chip = self._chip(group, value)
            self._flow.addWidget(chip)
            chip.show()
        self._chips.setVisible(bool(self.filter.chosen))
        self.button.setIcon(self._style.icon("filter", 15, "accent" if self.filter.chosen else "muted"))
        self._flow.invalidate()
        self._chips.updateGeometry()

    def _chip(self, group: Group, value: str) -> "Chip":
        text = dict(self._values(group)).get(value, value)
        chip = Chip(self._style, text, self._chips)
        chip.setToolTip(self.tr("Remove this filter"))
        chip.setAccessibleName(self.tr("Remove filter: %1").replace("%1", text))
        chip.clicked.connect(lambda: self._removed(group, value))
        return chip

    def _removed(self, group: Group, value: str) -> None:
        """The chip goes, and the focus it had goes to the field."""
        self.toggle(group, value)
        self.field.setFocus()


class Chip(QAbstractButton):
    """A word on a rounded ground with a cross behind it; a click takes it away."""

    def __init__(self, style: Style, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self.setText(text)
        self.setFont(style.ui_font(12))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """The word, the cross and some air."""
        width = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(width + self._style.px(36), self._style.px(24))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that take a filter away."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("pressed" if self.underMouse() else "track"))
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        side = style.px(11)
        cross = QRect(self.width() - style.px(9) - side, (self.height() - side) // 2, side, side)
        words = QRect(style.px(10), 0, cross.left() - style.px(14), self.height())
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.setPen(style.colour("text"))
        painter.drawText(
            QStyle.visualRect(self.layoutDirection(), self.rect(), words),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter),
            text,
        )
        style.icon("x", 11, "muted").paint(painter, QStyle.visualRect(self.layoutDirection(), self.rect(), cross))
        painter.end()


def _by_name(reading: Reading, used: Iterable[str]) -> list[Theme]:
    return sorted((reading.themes[t] for t in used if t in reading.themes), key=lambda theme: theme.name.casefold())
