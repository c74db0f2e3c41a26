"""The Notes tab: all annotations of a document in reading order, to be searched, filtered and changed together."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from margent import edits
from margent.annotations import COLOURS, KINDS, Annotation, Change, Colour, Kind
from margent.filtering import Sieve
from margent.reading import Reading
from margent.ui.cardtext import may_resolve
from margent.ui.notefilters import FilterBar
from margent.ui.noterows import COLOUR_NAMES, KIND_NAMES, NotesDelegate, NotesModel, note_rows, said
from margent.ui.rowsview import GUTTER, RowsView, beside_gutter
from margent.ui.style import Style
from margent.ui.themedialog import dot_icon

_Flag = QItemSelectionModel.SelectionFlag


class NotesPane(QWidget):
    """Annotations in a list with filters above it and, for those that are chosen, what can be done below it."""

    changeRequested = Signal(object)
    annotationRequested = Signal(str)
    attachRequested = Signal(str)
    heightChanged = Signal()
    refreshed = Signal(object)
    """A change was taken over; what was opened from here follows it."""

    def __init__(self, style: Style, author: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._reading: Reading | None = None
        self._selection = False
        self._sieve = Sieve(author)
        self.filters = FilterBar(style, author, self)
        self.model = NotesModel(author, self)
        self.view = _NotesView(self.model, NotesDelegate(style), self.tr("Notes"), self, gutter=style.px(GUTTER))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.empty = QLabel()
        self.empty.setProperty("muted", True)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(style.px(8), style.px(6), style.px(8), style.px(6))
        self.bar = ChosenBar(style, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(beside_gutter(self.filters, style))
        column.addLayout(beside_gutter(self.empty, style))
        column.addWidget(self.view, 1)
        column.addLayout(beside_gutter(self.bar, style))
        self.setFocusProxy(self.view)
        self._connect(style)
        self._show_chosen()

    def _connect(self, style: Style) -> None:
        select_all = Qt.KeyboardModifier.ControlModifier | Qt.Key.Key_A
        self.view.claim(Qt.Key.Key_Delete, Qt.Key.Key_Escape, select_all)
        self.filters.changed.connect(self._show)
        self.filters.leftDownwards.connect(self.view.setFocus)
        self.view.opened.connect(self._opened)
        self.view.menuWanted.connect(self._show_menu)
        self.view.deleted.connect(self._delete)
        self.view.contentHeightChanged.connect(self.heightChanged)
        self.view.selectionModel().selectionChanged.connect(self._show_chosen)
        self.bar.colour.menu().aboutToShow.connect(lambda: self._fill_colours(self.bar.colour.menu()))
        self.bar.kind.menu().aboutToShow.connect(lambda: self._fill_kinds(self.bar.kind.menu()))
        self.bar.theme.clicked.connect(lambda: self._choose_themes(_above(self.bar.theme)))
        self.bar.private.clicked.connect(self._toggle_private)
        self.bar.delete.clicked.connect(self._delete)
        self.bar.attach.clicked.connect(self._attach)
        self.bar.accept.clicked.connect(self._accept)
        style.changed.connect(self.view.viewport().update)

    # -- showing ------------------------------------------------------------------------------------------------

    def open(self, reading: Reading | None) -> None:
        """Show the annotations of a document."""
        other = reading is not self._reading
        self._reading = reading
        if other:
            self.view.clearSelection()
            self.filters.open(reading)
        self.refresh(None)
        if other:
            self.view.scrollToTop()

    def refresh(self, change: Change | None) -> None:
        """Redraw what a change (None: anything) touched."""
        values = () if change is None else (*change.before.values(), *change.after.values())
        if change is not None and all(value is None or isinstance(value, Annotation) for value in values):
            self._show()
            self.refreshed.emit(change)
            return
        self.model.themes = self._reading.themes if self._reading is not None else {}
        self.filters.prune()
        self._show()
        self.model.touch()
        self.refreshed.emit(change)

    def set_author(self, author: str) -> None:
        """Say what the reader is called from now on; annotations by that name are shown as "You"."""
        self._sieve = Sieve(author)
        self.model.owner = author
        self.filters.owner = author
        self.refresh(None)

    def height_wanted(self, width: int) -> int:
        """The height in pixels at which nothing scrolls, at a width in pixels."""
        parts = [self.filters.height_wanted(width - self._style.px(GUTTER))] if not self.filters.isHidden() else []
        if not self.empty.isHidden():
            parts.append(self.empty.heightForWidth(width - self._style.px(GUTTER)))
        if not self.view.isHidden():
            parts.append(self.view.content_height())
        if not self.bar.isHidden():
            parts.append(self.bar.sizeHint().height())
        return sum(parts)

    def set_current(self, annotation: str) -> None:
        """Choose the row of the annotation that is current on the page, unless it is among those chosen."""
        index = self.model.index_of(annotation)
        selection = self.view.selectionModel()
        if not index.isValid() or selection.isSelected(index):
            return
        selection.setCurrentIndex(index, _Flag.ClearAndSelect)
        self.view.scrollTo(index)

    def set_selection_available(self, available: bool) -> None:
        """Say whether words are selected on the page that an orphan could be attached to."""
        self._selection = available
        self.bar.attach.setEnabled(available)

    def chosen(self) -> list[Annotation]:
        """The annotations chosen in the list, in its order."""
        if self._reading is None:
            return []
        found = (self._reading.annotations.get(key) for key in self.view.selected_keys())
        return [annotation for annotation in found if annotation is not None]

    def _show(self) -> None:
        reading = self._reading
        everything = reading.in_order() if reading is not None else []
        replies = reading.replies if reading is not None else {}
        shown = self._sieve.passing(everything, replies, self.filters.filter) if self.filters.filter else everything
        self.model.put(list(note_rows(shown, replies, self.model)))
        self.filters.setVisible(bool(everything) or bool(self.filters.filter))
        self.filters.show_count(len(shown), len(everything))
        self.view.setVisible(bool(shown))
        self.empty.setVisible(reading is not None and not shown)
        self.empty.setText(
            self.tr("No annotation matches.") if everything else self.tr("Select words in the text to highlight them.")
        )
        self._show_chosen()
        self.heightChanged.emit()

    def _show_chosen(self) -> None:
        before = self.bar.sizeHint().height() if not self.bar.isHidden() else 0
        self.bar.show_chosen(self.chosen(), attachable=self._selection)
        after = self.bar.sizeHint().height() if not self.bar.isHidden() else 0
        if before != after:
            self.heightChanged.emit()

    # -- what is asked for --------------------------------------------------------------------------------------

    def _opened(self, index: QModelIndex) -> None:
        key = self.model.key(index)
        if self._reading is not None and key in self._reading.annotations:
            self.annotationRequested.emit(key)

    def _do(self, edit: Callable[[Sequence[Annotation]], Change]) -> None:
        change = edit(self.chosen())
        if change.after:
            self.changeRequested.emit(change)

    def _delete(self) -> None:
        self._do(edits.delete)

    def _toggle_private(self) -> None:
        private = not all(annotation.private for annotation in self.chosen())
        self._do(lambda chosen: edits.set_private(chosen, private))

    def _set_colour(self, colour: Colour) -> None:
        self._do(lambda chosen: edits.set_colour(chosen, colour))

    def _set_kind(self, kind: Kind) -> None:
        self._do(lambda chosen: edits.set_kind(chosen, kind))

    def _set_done(self, *, done: bool) -> None:
        self._do(lambda chosen: edits.set_done([a for a in chosen if a.is_task], done))

    def _set_resolved(self, *, done: bool) -> None:
        self._do(lambda chosen: edits.resolve(self._conversations(chosen), done))

    def _conversations(self, chosen: Sequence[Annotation]) -> list[Annotation]:
        reading = self._reading
        return [a for a in chosen if reading is not None and may_resolve(reading, a) and not a.is_task]

    def _accept(self) -> None:
        if self._reading is not None:
            text = self._reading.document.text
            self._do(lambda chosen: edits.accept(chosen, text))

    def _detach(self) -> None:
        self._do(lambda chosen: edits.detach([a for a in chosen if a.state == "moved"]))

    def _attach(self) -> None:
        lost = [annotation for annotation in self.chosen() if annotation.state != "placed"]
        if len(lost) == 1 and self._selection:
            self.attachRequested.emit(lost[0].id)

    # -- menus --------------------------------------------------------------------------------------------------

    def _show_menu(self, index: QModelIndex, spot: QPoint) -> None:
        if not self.view.selectionModel().isSelected(index):
            self.view.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect)
        self.menu().popup(spot)

    def menu(self) -> QMenu:
        """Everything that can be done with the annotations chosen; the menu goes when it is closed."""
        icon, chosen = self._style.icon, self.chosen()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not chosen:
            return menu
        if len(chosen) == 1:
            one = chosen[0]
            menu.addAction(icon("arrow-right"), self.tr("Go to it"), lambda: self.annotationRequested.emit(one.id))
            if one.state != "placed":
                action = menu.addAction(icon("link"), self.tr("Attach to selection"), self._attach)
                action.setEnabled(self._selection)
            menu.addSeparator()
        if any(annotation.state == "moved" for annotation in chosen):
            menu.addAction(icon("check"), self.tr("Accept new words"), self._accept)
            menu.addAction(icon("minus"), self.tr("Detach"), self._detach)
            menu.addSeparator()
        self._fill_colours(menu.addMenu(icon("highlighter"), self.tr("Colour")))
        self._fill_kinds(menu.addMenu(icon("flag"), self.tr("Kind")))
        menu.addAction(icon("tag"), self.tr("Theme…"), lambda: self._choose_themes(QCursor.pos()))
        tasks = [annotation for annotation in chosen if annotation.is_task]
        if tasks:
            done = all(annotation.done for annotation in tasks)
            text = self.tr("Untick") if done else self.tr("Tick")
            menu.addAction(icon("square-check"), text, lambda: self._set_done(done=not done))
        closable = self._conversations(chosen)
        if closable:
            done = all(annotation.done for annotation in closable)
            text = self.tr("Reopen") if done else self.tr("Resolve")
            menu.addAction(icon("circle-check-big"), text, lambda: self._set_resolved(done=not done))
        private = menu.addAction(icon("lock"), self.tr("Private"), self._toggle_private)
        private.setCheckable(True)
        private.setChecked(all(annotation.private for annotation in chosen))
        menu.addSeparator()
        menu.addAction(icon("trash-2"), self.tr("Delete"), self._delete)
        return menu

    def _fill_colours(self, menu: QMenu) -> None:
        menu.clear()
        have = {annotation.colour for annotation in self.chosen()}
        for colour in COLOURS:
            action = menu.addAction(dot_icon(self._style.mark_strong(colour)), said(COLOUR_NAMES[colour]))
            action.setCheckable(True)
            action.setChecked(have == {colour})
            action.triggered.connect(lambda _=False, c=colour: self._set_colour(c))

    def _fill_kinds(self, menu: QMenu) -> None:
        menu.clear()
        have = {annotation.kind for annotation in self.chosen()}
        for kind in KINDS:
            action = menu.addAction(said(KIND_NAMES[kind]))
            action.setCheckable(True)
            action.setChecked(have == {kind})
            action.triggered.connect(lambda _=False, k=kind: self._set_kind(k))

    def _choose_themes(self, spot: QPoint) -> None:
        """Open the menu that gives themes to the annotations chosen, or takes them."""
        from margent.ui.thememenu import ThemeMenu  # noqa: PLC0415 - opened rarely

        chosen = [annotation.id for annotation in self.chosen()]
        if self._reading is None or not chosen:
            return
        menu = ThemeMenu(self._style, self._reading, chosen, self)
        menu.changeRequested.connect(self.changeRequested)
        self.refreshed.connect(menu.refresh)
        menu.popup(spot)


class ChosenBar(QWidget):
    """What can be done with several annotations at once, or with an orphan."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.label = QLabel()
        self.label.setProperty("muted", True)
        self.colour = self._button(self.tr("Colour"), menu=True)
        self.kind = self._button(self.tr("Kind"), menu=True)
        self.theme = self._button(self.tr("Theme"))
        self.private = self._button(self.tr("Private"), "lock")
        self.delete = self._button(self.tr("Delete"), "trash-2")
        self.attach = QPushButton(self.tr("Attach to selection"))
        self.accept = QPushButton(self.tr("Accept new words"))
        self.accept.setToolTip(self.tr("The notes belong to the words they stand on now"))
        self.attach.setToolTip(self.tr("Select the words on the page first; the annotation then stands on them"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.px(6), 0, style.px(4))
        column.setSpacing(style.px(2))
        self.label.setContentsMargins(style.px(8), 0, 0, 0)
        column.addWidget(self.label)
        self._several = QWidget()
        row = QHBoxLayout(self._several)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in (self.colour, self.kind, self.theme):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.private)
        row.addWidget(self.delete)
        column.addWidget(self._several)
        column.addWidget(self.accept)
        column.addWidget(self.attach)

    def show_chosen(self, chosen: Sequence[Annotation], *, attachable: bool) -> None:
        """Offer what suits these annotations."""
        several = len(chosen) > 1
        orphan = len(chosen) == 1 and chosen[0].state == "orphaned"
        self.label.setText(self.tr("%n chosen", None, len(chosen)))
        self.label.setVisible(several)
        self._several.setVisible(several)
        moved = any(annotation.state == "moved" for annotation in chosen)
        self.accept.setVisible(moved)
        self.attach.setVisible(orphan)
        self.attach.setEnabled(attachable)
        self.setVisible(several or orphan or moved)

    def _button(self, text: str, icon: str = "", *, menu: bool = False) -> QToolButton:
        button = QToolButton()
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(text)
        if icon:
            button.setIcon(self._style.icon(icon, 15))
            button.setToolTip(text)
        else:
            button.setText(text)
        if menu:
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setMenu(QMenu(button))
        return button


def _above(button: QWidget) -> QPoint:
    """Where a panel for a button at the foot of the window begins; it is kept on the screen by itself."""
    return button.mapToGlobal(QPoint(0, 0))


class _NotesView(RowsView):
    """The list; Del deletes, Escape chooses nothing."""

    deleted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that mean something here."""
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.deleted.emit()
        elif event.key() == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
        else:
            super().keyPressEvent(event)
