"""Choosing themes for annotations: type a few letters, Enter ticks, and a name that is not there yet makes a theme."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QListWidgetItem, QWidget

from margent import edits
from margent.annotations import Annotation, Change, Theme, next_colour
from margent.folding import fold
from margent.reading import Reading
from margent.ui.cardtools import disc
from margent.ui.popover import Popover
from margent.ui.style import Style
from margent.ui.tips import as_tip

_THEME = Qt.ItemDataRole.UserRole
_ROWS = 9
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -_ROWS, Qt.Key.Key_PageDown: _ROWS}
_ENTERS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class ThemeMenu(Popover):
    """The themes of a reading with a tick at those its annotations have.

    With annotations it emits `changeRequested` and stays open; connect `refresh` to the announcement. Without (a bare
    selection) it emits `themeChosen` with a theme's id or `newThemeRequested` with a name, and closes.
    """

    changeRequested = Signal(object)
    themeChosen = Signal(str)
    newThemeRequested = Signal(str)

    def __init__(self, style: Style, reading: Reading, annotations: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, "")
        self.setAccessibleName(self.tr("Themes"))
        self._style = style
        self._reading = reading
        self._ids = tuple(annotations)
        px = style.px
        self.body.setContentsMargins(px(8), px(8), px(8), px(8))
        self.body.setSpacing(px(6))
        self.setFixedWidth(px(272))
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Find or name a theme"))
        self.filter.setAccessibleName(self.tr("Find or name a theme"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._fill)
        self.filter.installEventFilter(self)
        self.body.addWidget(self.filter)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Themes"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(px(14), px(14)))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.itemClicked.connect(self._choose)
        self.body.addWidget(self.list)
        self._fill()
        self.setFocusProxy(self.filter)

    # -- showing ------------------------------------------------------------------------------------------------

    @Slot(object)
    def refresh(self, change: Change | None = None) -> None:
        """Show the ticks as they are after a change (None: any)."""
        ours = set(self._ids)
        if change is None or any(
            key in ours or isinstance(value, Theme) for key, value in {**change.before, **change.after}.items()
        ):
            self._fill()

    def _annotations(self) -> list[Annotation]:
        return [self._reading.annotations[key] for key in self._ids if key in self._reading.annotations]

    def _fill(self) -> None:
        old = self.list.currentItem()
        kept = old.data(_THEME) if old is not None else None
        typed = " ".join(self.filter.text().split())
        words = fold(typed).text
        annotations = self._annotations()
        self.list.clear()
        exact = False
        for theme in self._reading.shown_themes():
            exact = exact or fold(theme.name).text == words
            if words in fold(theme.name).text:
                self.list.addItem(self._row(theme, annotations))
        if typed and not exact:
            self.list.addItem(self._new_row(typed))
        rows = range(self.list.count())
        row = next((n for n in rows if kept is not None and self.list.item(n).data(_THEME) == kept), 0)
        self.list.setCurrentRow(row)
        height = self.list.sizeHintForRow(0) if self.list.count() else self._style.px(28)
        self.list.setFixedHeight(height * max(1, min(self.list.count(), _ROWS)) + 2)
        self.adjustSize()

    def _row(self, theme: Theme, annotations: list[Annotation]) -> QListWidgetItem:
        colour = self._style.theme(theme.colour)
        item = QListWidgetItem(disc(colour, colour, self._style.px(14), inset=2), theme.name)
        item.setData(_THEME, theme.id)
        item.setToolTip(as_tip(theme.name))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        if annotations:
            has = sum(theme.id in annotation.themes for annotation in annotations)
            states = Qt.CheckState
            state = states.Checked if has == len(annotations) else states.PartiallyChecked if has else states.Unchecked
            item.setCheckState(state)
            said = self.tr("chosen") if state == states.Checked else self.tr("partly chosen") if has else ""
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{theme.name}, {said}" if said else theme.name)
        return item

    def _new_row(self, name: str) -> QListWidgetItem:
        item = QListWidgetItem(self._style.icon("plus", 14, "muted"), self.tr("New theme “%1”").replace("%1", name))
        item.setData(_THEME, "")
        item.setToolTip(as_tip(name))
        return item

    # -- choosing -----------------------------------------------------------------------------------------------

    def _choose(self, item: QListWidgetItem) -> None:
        theme = str(item.data(_THEME))
        if not theme:
            self._make(" ".join(self.filter.text().split()))
            return
        annotations = self._annotations()
        if not self._ids:
            self.themeChosen.emit(theme)
            self.close()
        elif all(theme in annotation.themes for annotation in annotations):
            self.changeRequested.emit(edits.remove_theme(annotations, theme))
        else:
            self.changeRequested.emit(edits.add_theme(annotations, theme))
        self.filter.selectAll()

    def _make(self, name: str) -> None:
        if not self._ids:
            self.newThemeRequested.emit(name)
            self.close()
            return
        change = edits.new_theme(name, next_colour(self._reading.themes.values()))
        (theme,) = change.after
        self.filter.clear()
        self.changeRequested.emit(change.then(edits.add_theme(self._annotations(), theme)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys and Enter in the filter field belong to the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.list.count():
            key = event.key()
            if key in _STEPS:
                row = self.list.currentRow() + _STEPS[Qt.Key(key)]
                self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
                return True
            if key in _ENTERS:
                item = self.list.currentItem()
                if item is not None:
                    self._choose(item)
                return True
        return super().eventFilter(watched, event)
