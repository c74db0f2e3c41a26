"""The Themes tab: which topics the open document touches, where, and everything that can be done with a theme."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QVBoxLayout, QWidget

from margent import edits
from margent.annotations import THEME_COLOURS, Annotation, Change, Passage, Theme, ThemeColour
from margent.reading import Reading
from margent.themes import Suggester
from margent.ui.passagebar import PassageBar, next_passage, still_at
from margent.ui.rows import Index
from margent.ui.rowsview import GUTTER, ClickedRows, beside_gutter
from margent.ui.style import Style
from margent.ui.themedialog import MergeDialog, ThemeDialog, colour_name, dot_icon
from margent.ui.themerows import NEW, OTHERS, Span, ThemesDelegate, ThemesModel, theme_rows

_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_Delete)


class ThemesPane(QWidget):
    """The themes of a document in a list; one of them can be chosen, and its passages walked through.

    `selectionWanted` carries the id of a theme that the words selected on the page are to become a passage of;
    whoever knows the selection answers with `add_selection`.
    """

    changeRequested = Signal(object)
    themeChosen = Signal(str)
    positionRequested = Signal(int)
    mergeRequested = Signal(str, str)
    selectionWanted = Signal(str)
    passageChanged = Signal()
    heightChanged = Signal()

    def __init__(self, style: Style, author: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._author = author
        self._reading: Reading | None = None
        self._chosen = ""
        self._at: int | None = None
        self._place = 0
        self._unfolded = False
        self._selection = False
        self._suggest = Suggester()
        self.dialog: QDialog | None = None
        self.model = ThemesModel(self)
        self._delegate = ThemesDelegate(style)
        self.view = _ThemesView(self.model, self._delegate, self.tr("Themes"), self, gutter=style.px(GUTTER))
        self.bar = PassageBar(style, self)
        self.bar.hide()
        self.empty = QLabel(self.tr("Themes show where a text speaks of the topics you follow."))
        self.empty.setProperty("muted", True)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(style.px(8), style.px(6), style.px(8), style.px(6))
        self.empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(beside_gutter(self.empty, style))
        column.addWidget(self.view, 1)
        column.addLayout(beside_gutter(self.bar, style))
        self.setFocusProxy(self.view)
        self.view.claim(Qt.Key.Key_Delete, Qt.Key.Key_F2, Qt.Key.Key_Escape)
        self.model.renamed.connect(self._rename)
        self.view.clickedAt.connect(self._pressed)
        self.view.opened.connect(self._opened)
        self.view.keyPressed.connect(self._key)
        self.view.menuWanted.connect(self._show_menu)
        self.view.contentHeightChanged.connect(self.heightChanged)
        self.bar.stepped.connect(self.step_passage)
        self.bar.kept.connect(self.keep_passage)
        self.bar.dropped.connect(self.drop_passage)
        self.bar.menuRequested.connect(self._menu_of_chosen)
        style.changed.connect(self.view.viewport().update)

    # -- showing ------------------------------------------------------------------------------------------------

    def open(self, reading: Reading | None) -> None:
        """Show the themes of a document; none is chosen."""
        other = reading is not self._reading
        if other:
            self._choose("")
            self._unfolded = False
            self._place = reading.place if reading is not None else 0
        self._reading = reading
        self.refresh(None)
        if other:
            self.view.scrollToTop()

    def refresh(self, change: Change | None) -> None:
        """Redraw what a change (None: anything) touched."""
        if change is not None and not _concerns_themes(change):
            return
        reading = self._reading
        rows = theme_rows(reading, self._author, unfolded=self._unfolded) if reading is not None else ()
        self.model.put(rows)
        self.empty.setVisible(reading is not None and not reading.themes)
        if self._chosen and (reading is None or self._chosen not in reading.themes):
            self._choose("")
        self._mark_chosen()
        self._show_passage()

    def set_author(self, author: str) -> None:
        """Say what the reader is called from now on; annotations by that name are the reader's own."""
        self._author = author
        self.refresh(None)

    def height_wanted(self, width: int) -> int:
        """The height in pixels at which nothing scrolls, at a width in pixels."""
        above = self.empty.heightForWidth(width - self._style.px(GUTTER)) if not self.empty.isHidden() else 0
        below = self.bar.sizeHint().height() if not self.bar.isHidden() else 0
        return above + self.view.content_height() + below

    def set_place(self, position: int) -> None:
        """Say where the page is: its first visible position, code points."""
        self._place = position
        if self._at is not None and not still_at(self._at, position):
            self._at = None
            self._show_passage()

    def set_selection_available(self, available: bool) -> None:
        """Say whether words are selected on the page."""
        self._selection = available

    # -- choosing and walking -----------------------------------------------------------------------------------

    def chosen(self) -> str:
        """The id of the chosen theme, or ""."""
        return self._chosen

    def choose(self, theme: str) -> None:
        """Choose a theme, "" for none; `themeChosen` is emitted when that is another one."""
        self._choose(theme)
        self._mark_chosen()
        self._show_passage()

    def passage_label(self) -> str:
        """Theme and passage in words for the status bar: "Energy: passage 1 of 2"; "" when none is chosen."""
        theme = self._theme(self._chosen)
        if theme is None:
            return ""
        spans = self._spans()
        index = self._index(spans)
        if index < 0:
            return f"{theme.name}: {self.tr('%n passage(s)', None, len(spans))}"
        text = self.tr("%1: passage %2 of %3").replace("%2", str(index + 1)).replace("%3", str(len(spans)))
        return text.replace("%1", theme.name)

    def step_passage(self, by: int) -> None:
        """Go to the next (1) or previous (-1) passage of the chosen theme."""
        spans = self._spans()
        if spans:
            self._go_to(spans[next_passage(spans, self._at, self._place, by)])

    def keep_passage(self) -> None:
        """Make the suggested passage one stands on a chosen one."""
        self._settle("chosen")

    def drop_passage(self) -> None:
        """Take the passage one stands on away from the theme; it is not suggested again."""
        self._settle("dismissed")

    def add_selection(self, theme: str, start: int, end: int) -> None:
        """Make `start:end` (code points) a passage of a theme, white space at its ends left out."""
        value = self._theme(theme)
        if self._reading is None or value is None:
            return
        words = self._reading.document.text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        if end > start and (start, end, "chosen") not in self._reading.passages(theme):
            self.changeRequested.emit(edits.set_passage(self._reading.record, value, start, end, "chosen"))

    def _choose(self, theme: str) -> None:
        if theme == self._chosen:
            return
        self._chosen = theme
        self._at = None
        self.themeChosen.emit(theme)

    def _mark_chosen(self) -> None:
        index = self.model.index_of(self._chosen) if self._chosen else QModelIndex()
        selection = self.view.selectionModel()
        if index.isValid():
            selection.select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            selection.clearSelection()

    def _settle(self, origin: str) -> None:
        theme, spans = self._theme(self._chosen), self._spans()
        index = self._index(spans)
        if theme is None or index < 0 or self._reading is None:
            return
        start, end, was = spans[index]
        if was == "suggested":
            kind = "chosen" if origin == "chosen" else "dismissed"
            change = edits.set_passage(self._reading.record, theme, start, end, kind)  # type: ignore[arg-type]
            self.changeRequested.emit(change)
        elif origin == "dismissed":
            stored = self._reading.stored_passages(theme.id)
            for passage in stored:
                if (passage.start, passage.end, passage.origin) == (start, end, was):
                    self.changeRequested.emit(edits.drop_passage(passage))
                    return

    def _go_to(self, span: Span) -> None:
        self._at = span[0]
        self._show_passage()
        self.positionRequested.emit(span[0])

    def _spans(self) -> list[Span]:
        return self._reading.passages(self._chosen) if self._reading is not None and self._chosen else []

    def _index(self, spans: list[Span]) -> int:
        """The index of the passage one stands on; -1 when one stands on none."""
        return next((n for n, span in enumerate(spans) if span[0] == self._at), -1)

    def _theme(self, theme: str) -> Theme | None:
        return self._reading.themes.get(theme) if self._reading is not None else None

    def _show_passage(self) -> None:
        spans = self._spans()
        shown = self.bar.isVisibleTo(self)
        before = self.bar.sizeHint().height()
        self.bar.show_passage(spans, self._index(spans))
        self.bar.setVisible(bool(self._chosen))
        if shown != bool(self._chosen) or before != self.bar.sizeHint().height():
            self.heightChanged.emit()
        self.passageChanged.emit()

    # -- what rows do -------------------------------------------------------------------------------------------

    def _pressed(self, index: QModelIndex, point: QPoint) -> None:
        row = self.model.value(index)
        mirrored = self.view.isRightToLeft()
        if row.theme is not None:
            span = self._delegate.span_at(row, self.view.visualRect(index), point.x(), point.y(), rtl=mirrored)
            if span is not None:
                self.choose(row.theme.id)
                self._go_to(span)
                return
        self._opened(index)

    def _opened(self, index: Index) -> None:
        key = self.model.key(index)
        if key == NEW:
            self.new_theme()
        elif key == OTHERS:
            self._unfolded = not self._unfolded
            self.refresh(None)
        else:
            self.choose("" if key == self._chosen else key)

    def _key(self, key: int) -> None:
        index = self.view.currentIndex()
        theme = self._theme(self.model.key(index))
        match key:
            case Qt.Key.Key_Escape:
                self.choose("")
            case Qt.Key.Key_Space if index.isValid():
                self._opened(index)
            case Qt.Key.Key_F2 if theme is not None:
                self.view.edit(index)
            case Qt.Key.Key_Delete if theme is not None:
                self.changeRequested.emit(edits.delete_theme(theme))

    def _rename(self, theme: str, name: str) -> None:
        value = self._theme(theme)
        if value is not None:
            self.changeRequested.emit(edits.rename_theme(value, name))

    # -- the menu -----------------------------------------------------------------------------------------------

    def _menu_of_chosen(self) -> None:
        corner = self.bar.more.mapToGlobal(self.bar.more.rect().bottomLeft())
        self.menu_for(self._chosen).popup(corner)

    def _show_menu(self, index: QModelIndex, spot: QPoint) -> None:
        theme = self._theme(self.model.key(index))
        if theme is not None:
            self.menu_for(theme.id).popup(spot)

    def menu_for(self, theme: str) -> QMenu:
        """Everything that can be done with a theme; the menu goes when it is closed."""
        value = self._theme(theme)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if value is None:
            return menu
        self._add_passage_actions(menu, theme)
        menu.addSeparator()
        menu.addAction(self._style.icon("pencil"), self.tr("Rename"), lambda: self._edit_name(theme))
        colours = menu.addMenu(self._style.icon("palette"), self.tr("Colour"))
        for colour in THEME_COLOURS:
            action = colours.addAction(dot_icon(self._style.theme(colour)), colour_name(colour))
            action.setCheckable(True)
            action.setChecked(colour == value.colour)
            action.triggered.connect(lambda _=False, c=colour: self._recolour(theme, c))
        menu.addAction(self._style.icon("tags"), self.tr("Signal words…"), lambda: self.edit_theme(theme))
        merge = menu.addAction(self._style.icon("merge"), self.tr("Merge into…"), lambda: self.merge_theme(theme))
        merge.setEnabled(self._reading is not None and len(self._reading.themes) > 1)
        menu.addSeparator()
        menu.addAction(self._style.icon("trash-2"), self.tr("Delete theme"), lambda: self._delete(theme))
        return menu

    def _add_passage_actions(self, menu: QMenu, theme: str) -> None:
        chosen = theme == self._chosen
        spans = self._reading.passages(theme) if self._reading is not None else []
        index = self._index(spans) if chosen else -1
        origin = spans[index][2] if index >= 0 else ""
        if spans:
            menu.addAction(self._style.icon("arrow-down"), self.tr("Next passage"), lambda: self._walk(theme, 1))
            menu.addAction(self._style.icon("arrow-up"), self.tr("Previous passage"), lambda: self._walk(theme, -1))
        if origin == "suggested":
            menu.addAction(self._style.icon("check"), self.tr("Keep this passage"), self.keep_passage)
            menu.addAction(self._style.icon("x"), self.tr("Dismiss this passage"), self.drop_passage)
        elif origin:
            menu.addAction(self._style.icon("x"), self.tr("Remove this passage"), self.drop_passage)
        add = menu.addAction(
            self._style.icon("plus"), self.tr("Add selection to theme"), lambda: self.selectionWanted.emit(theme)
        )
        add.setEnabled(self._selection)

    def _walk(self, theme: str, by: int) -> None:
        self.choose(theme)
        self.step_passage(by)

    def _edit_name(self, theme: str) -> None:
        index = self.model.index_of(theme)
        if index.isValid():
            self.view.scrollTo(index)
            self.view.edit(index)

    def _recolour(self, theme: str, colour: ThemeColour) -> None:
        value = self._theme(theme)
        if value is not None and value.colour != colour:
            self.changeRequested.emit(edits.recolour_theme(value, colour))

    def _delete(self, theme: str) -> None:
        value = self._theme(theme)
        if value is not None:
            self.changeRequested.emit(edits.delete_theme(value))

    # -- dialogs ------------------------------------------------------------------------------------------------

    def new_theme(self) -> None:
        """Ask for a new theme."""
        self._ask(None)

    def edit_theme(self, theme: str) -> None:
        """Ask for another name, colour or other signal words."""
        self._ask(self._theme(theme))

    def merge_theme(self, theme: str) -> None:
        """Ask which theme this one is to become part of."""
        value = self._theme(theme)
        if value is None or self._reading is None:
            return
        dialog = MergeDialog(self._style, value, self._reading.themes.values(), self)
        dialog.accepted.connect(lambda: self.mergeRequested.emit(theme, dialog.into()))
        self._show(dialog)

    def _ask(self, theme: Theme | None) -> None:
        if self._reading is None:
            return
        dialog = ThemeDialog(self._style, self._reading.themes.values(), self._count, theme, self)
        dialog.accepted.connect(lambda: self._answered(dialog))
        self._show(dialog)

    def _answered(self, dialog: ThemeDialog) -> None:
        change = dialog.change()
        if change is not None:
            self.changeRequested.emit(change)

    def _show(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    def _dialog_closed(self) -> None:
        self.dialog = None

    def _count(self, theme: Theme) -> int:
        return len(self._suggest(self._reading.document, theme)) if self._reading is not None else 0


class _ThemesView(ClickedRows):
    """The list, with the keys that act on a theme."""

    keyPressed = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on the keys that mean something here."""
        if event.key() in _KEYS and not event.modifiers():
            self.keyPressed.emit(event.key())
        else:
            super().keyPressEvent(event)


def _concerns_themes(change: Change) -> bool:
    """Whether a change can alter a row; typing in a note does not."""
    for key, after in change.after.items():
        before = change.before.get(key)
        if isinstance(after, Annotation) and isinstance(before, Annotation):
            if (before.themes, before.start, before.state, before.author, before.deleted) != (
                after.themes,
                after.start,
                after.state,
                after.author,
                after.deleted,
            ):
                return True
        elif isinstance(after or before, Annotation | Theme | Passage):
            return True
    return False
