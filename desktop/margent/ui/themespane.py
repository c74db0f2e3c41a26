"""The Themes tab: which topics the open document touches, where, and the walk through the passages of one of them."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QMenu, QToolTip, QVBoxLayout, QWidget

from margent import edits
from margent.annotations import Annotation, Change, Passage, Theme
from margent.reading import Reading
from margent.ui.passagebar import PassageBar
from margent.ui.rows import Index
from margent.ui.rowsview import GUTTER, ClickedRows, beside_gutter
from margent.ui.style import Style
from margent.ui.themerows import NEW, OTHERS, SUGGEST, ThemesDelegate, ThemesModel, theme_rows
from margent.ui.themetools import ThemeTools
from margent.walking import Span, Walk

_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_Delete)


class ThemesPane(QWidget):
    """The themes of a document in a list; one of them can be chosen, and its passages walked through.

    `selectionWanted` carries the id of a theme that the words selected on the page are to become a passage of;
    whoever knows the selection answers with `add_selection`. `dossierRequested` carries the id of a theme that is to be
    seen in all documents. `passageChanged` says that `passage_label` may read
    otherwise now.
    """

    changeRequested = Signal(object)
    themeChosen = Signal(str)
    positionRequested = Signal(int)
    mergeRequested = Signal(str, str)
    dossierRequested = Signal(str)
    suggestRequested = Signal()
    selectionWanted = Signal(str)
    passageChanged = Signal()
    heightChanged = Signal()

    def __init__(self, style: Style, author: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._author = author
        self._reading: Reading | None = None
        self._walk = Walk()
        self._unfolded = False
        self._selection = False
        self._made = ""
        self.tools = ThemeTools(style, self)
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
        self._connect()

    def _connect(self) -> None:
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
        self.tools.changeRequested.connect(self.changeRequested)
        self.tools.mergeRequested.connect(self.mergeRequested)
        self.tools.nameWanted.connect(self._edit_name)
        self.tools.made.connect(self._expect)
        self._style.changed.connect(self.view.viewport().update)

    # -- showing ------------------------------------------------------------------------------------------------

    def open(self, reading: Reading | None) -> None:
        """Show the themes of a document; none is chosen."""
        other = reading is not self._reading
        if other:
            self._choose("")
            self._unfolded = False
            self._walk.moved(reading.place if reading is not None else 0)
        self._reading = self._walk.reading = self.tools.reading = reading
        self.refresh(None)
        if other:
            self.view.scrollToTop()

    def refresh(self, change: Change | None) -> None:
        """Redraw what a change (None: anything) touched."""
        if change is not None and not _concerns_themes(change):
            return
        reading = self._reading
        made = self._made if change is not None and self._made in change.after else ""
        if made and reading is not None and not any(reading.counts(made)):
            self._unfolded = True
        self._put()
        if made:
            self._made = ""
            self.view.setCurrentIndex(self.model.index_of(made))
        empty = reading is not None and not reading.themes
        if empty == self.empty.isHidden():
            self.empty.setVisible(empty)
            self.heightChanged.emit()
        if self.tools.theme(self.chosen()) is None:
            self._choose("")
        self._mark_chosen()
        self._show_passage()

    def _put(self) -> None:
        reading = self._reading
        if reading is None:
            self.model.put(())
        else:
            self.model.put(theme_rows(reading, self._author, self.chosen(), unfolded=self._unfolded))

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
        if self._walk.moved(position):
            self._show_passage()

    def set_selection_available(self, available: bool) -> None:
        """Say whether words are selected on the page."""
        self._selection = available

    # -- choosing and walking -----------------------------------------------------------------------------------

    def chosen(self) -> str:
        """The id of the chosen theme, or ""."""
        return self._walk.theme

    def choose(self, theme: str) -> None:
        """Choose a theme, "" for none; `themeChosen` is emitted when that is another one."""
        left = self.model.get(self.chosen())
        self._choose(theme)
        if (theme and self.model.get(theme) is None) or (left is not None and not left.occurs):
            self._put()
        self._mark_chosen()
        self._show_passage()

    def choose_passage(self, theme: str, start: int, end: int) -> None:
        """Choose a theme and stand on its passage `start:end` (code points), also if it is suggested only later."""
        self.choose(theme)
        self._walk.stand_on((start, end, ""))
        self._show_passage()

    def passage_label(self) -> str:
        """Theme and passage in words for the status bar: "Energy: passage 1 of 2"; "" when none is chosen."""
        theme = self.tools.theme(self.chosen())
        if theme is None:
            return ""
        spans, index = self._walk.spans(), self._walk.index()
        if index < 0:
            count = self.tr("%n passage(s)", None, len(spans))
            return f"{theme.name}: {count}"
        text = self.tr("%1: passage %2 of %3").replace("%2", str(index + 1)).replace("%3", str(len(spans)))
        return text.replace("%1", theme.name)

    def has_passages(self) -> bool:
        """Whether a theme is chosen of which the text speaks: whether there is something to step through."""
        return self.tools.theme(self.chosen()) is not None and bool(self._walk.spans())

    def step_passage(self, by: int) -> None:
        """Go to the next (1) or previous (-1) passage of the chosen theme."""
        span = self._walk.step(by)
        if span is not None:
            self._go_to(span)

    def keep_passage(self) -> None:
        """Make the suggested passage one stands on a chosen one."""
        change = self._walk.keep()
        if change is not None:
            self.changeRequested.emit(change)

    def drop_passage(self) -> None:
        """Take the passage one stands on away from the theme; it is not suggested again."""
        change = self._walk.drop()
        if change is not None:
            self.changeRequested.emit(change)

    def add_selection(self, theme: str, start: int, end: int) -> None:
        """Make `start:end` (code points) a passage of a theme, white space at its ends left out."""
        value = self.tools.theme(theme)
        if self._reading is None or value is None:
            return
        words = self._reading.document.text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        if end > start and (start, end, "chosen") not in self._reading.passages(theme):
            self.changeRequested.emit(edits.set_passage(self._reading.record, value, start, end, "chosen"))

    def _choose(self, theme: str) -> None:
        if theme != self.chosen():
            self._walk.choose(theme)
            self.themeChosen.emit(theme)

    def _mark_chosen(self) -> None:
        index = self.model.index_of(self.chosen())
        selection = self.view.selectionModel()
        if index.isValid():
            selection.select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            selection.clearSelection()

    def _go_to(self, span: Span) -> None:
        self._walk.stand_on(span)
        self._show_passage()
        self.positionRequested.emit(span[0])

    def _show_passage(self) -> None:
        shown, chosen = self.bar.isVisibleTo(self), bool(self.chosen())
        before = self.bar.sizeHint().height()
        self.bar.show_passage(self._walk.spans(), self._walk.index())
        self.bar.setVisible(chosen)
        if shown != chosen or before != self.bar.sizeHint().height():
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
            self.tools.new()
        elif key == SUGGEST:
            self.suggestRequested.emit()
        elif key == OTHERS:
            self._unfolded = not self._unfolded
            self.refresh(None)
        else:
            self.choose("" if key == self.chosen() else key)

    def _key(self, key: int) -> None:
        index = self.view.currentIndex()
        theme = self.tools.theme(self.model.key(index))
        match key:
            case Qt.Key.Key_Escape:
                self.choose("")
            case Qt.Key.Key_Space if index.isValid():
                self._opened(index)
            case Qt.Key.Key_F2 if theme is not None:
                self.view.edit(index)
            case Qt.Key.Key_Delete if theme is not None:
                self.tools.delete(theme.id)

    def _rename(self, theme: str, name: str) -> None:
        if not self.tools.rename(theme, name):
            spot = self.view.visualRect(self.model.index_of(theme)).bottomLeft()
            text = self.tr("There is a theme of this name already.")
            QToolTip.showText(self.view.viewport().mapToGlobal(spot), text, self.view)

    def _expect(self, theme: str) -> None:
        """A theme made here is shown and stood on when it is there."""
        self._made = theme

    def _edit_name(self, theme: str) -> None:
        index = self.model.index_of(theme)
        if index.isValid():
            self.view.scrollTo(index)
            self.view.edit(index)

    # -- the menu -----------------------------------------------------------------------------------------------

    def _menu_of_chosen(self) -> None:
        corner = self.bar.more.mapToGlobal(self.bar.more.rect().bottomLeft())
        self.menu_for(self.chosen()).popup(corner)

    def _show_menu(self, index: QModelIndex, spot: QPoint) -> None:
        theme = self.tools.theme(self.model.key(index))
        if theme is not None:
            self.menu_for(theme.id).popup(spot)

    def menu_for(self, theme: str) -> QMenu:
        """Everything that can be done with a theme and its passages; the menu goes when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        value = self.tools.theme(theme)
        if value is not None:
            self._add_passage_actions(menu, theme)
            menu.addSeparator()
            menu.addAction(
                self._style.icon("library"), self.tr("In all documents"), lambda: self.dossierRequested.emit(theme)
            )
            self.tools.fill(menu, value)
        return menu

    def _add_passage_actions(self, menu: QMenu, theme: str) -> None:
        icon = self._style.icon
        row = self.model.get(theme)
        if row is not None and row.spans:
            menu.addAction(icon("arrow-down"), self.tr("Next passage"), lambda: self._walk_in(theme, 1))
            menu.addAction(icon("arrow-up"), self.tr("Previous passage"), lambda: self._walk_in(theme, -1))
        index = self._walk.index() if theme == self.chosen() else -1
        origin = self._walk.spans()[index][2] if index >= 0 else ""
        if origin == "suggested":
            menu.addAction(icon("check"), self.tr("Keep this passage"), self.keep_passage)
            menu.addAction(icon("x"), self.tr("Dismiss this passage"), self.drop_passage)
        elif origin:
            menu.addAction(icon("x"), self.tr("Remove this passage"), self.drop_passage)
        add = menu.addAction(icon("plus"), self.tr("Add selection to theme"), lambda: self.selectionWanted.emit(theme))
        add.setEnabled(self._selection)

    def _walk_in(self, theme: str, by: int) -> None:
        self.choose(theme)
        self.step_passage(by)


class _ThemesView(ClickedRows):
    """The list, with the keys that act on a theme."""

    keyPressed = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on the keys that mean something here."""
        idle = event.key() == Qt.Key.Key_Escape and not self.selectionModel().hasSelection()
        if event.key() in _KEYS and not event.modifiers() and not idle:
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
