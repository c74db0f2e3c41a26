"""The dossier of a theme in the library view: what belongs to it in all documents, to look through, tick and export."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from margent import edits
from margent.annotations import UNSAID, DocumentRecord
from margent.dossier import (
    SORTS,
    DossierRow,
    Narrowing,
    authors,
    counted,
    is_lost,
    joined,
    key_of,
    narrowed,
    ticked_first,
)
from margent.ui.dossierloader import DossierLoader
from margent.ui.dossierrows import DossierDelegate, DossierList, DossierModel, lines_of
from margent.ui.dossierticks import DossierTicks
from margent.ui.groups import one_stop
from margent.ui.themedialog import dot_icon
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtGui import QHideEvent, QShowEvent

    from margent.annotations import Change
    from margent.dossier import Entry, Sort
    from margent.ui.dossierrows import Line
    from margent.ui.session import Session
    from margent.ui.style import Style

_TYPED_MS = 120
"""Pause in typing after which the list is narrowed."""
_MANY = 200
"""Above so many documents the choice of one is offered when all of them were looked at."""
_SORTS: tuple[Sort | None, ...] = (None, "annotations", "passages", "suggested")


class _Known(NamedTuple):
    """What was worked out of one document, for as long as nothing of it changes."""

    stored: DossierRow | None
    suggested: DossierRow | None
    row: DossierRow
    first: frozenset[str]
    """Keys of the entries that are ticked at the beginning."""


class DossierPane(QWidget):
    """The list with what stands above it.

    `passageRequested` carries a document's id, the span of a passage (code points) and the theme's id, `noteRequested`
    a document's and an annotation's id, `openRequested` a document's id; `documentChanged` says that one stands in
    another document; `exportRequested` asks for a brief of what is ticked; `left` says that the reader goes back to the
    documents.
    """

    passageRequested = Signal(str, int, int, str)
    noteRequested = Signal(str, str)
    openRequested = Signal(str)
    documentChanged = Signal(str)
    exportRequested = Signal()
    left = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._style = style
        self._rows: list[DossierRow] = []
        self._choices = DossierTicks(session, self)
        """What the reader ticked and unticked; the rest is as `ticked_first` says."""
        self._ticked: set[str] = set()
        self._known: dict[str, _Known] = {}
        self._values: dict[QComboBox, list[tuple[str | None, str]]] = {}
        """What is offered, and the words for it; thousands of documents are compared faster here than in Qt."""
        self._counted = (counted(()), counted(()))
        """What there is in all, and what of it the library holds."""
        self._narrowing = Narrowing()
        self._behind = False
        self.loader = DossierLoader(session, self)
        self.model = DossierModel(session.settings.author, self)
        self._delegate = DossierDelegate(style)
        self.view = DossierList(style, self.model, self._delegate, self.tr("Dossier"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPED_MS)
        self._timer.timeout.connect(self._narrow)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(18), style.px(14), style.px(6), 0)
        column.setSpacing(style.px(8))
        column.addLayout(self._make_head())
        column.addLayout(self._make_filters())
        column.addWidget(self._make_empty(), 1)
        column.addWidget(self.view, 1)
        column.addWidget(self._make_progress())
        self.setFocusProxy(self.view)
        self._connect()

    # -- building -----------------------------------------------------------------------------------------------

    def _make_head(self) -> QVBoxLayout:
        style = self._style
        self.back = QToolButton()
        self.back.setText(self.tr("‹ Documents"))
        self.back.setAccessibleName(self.tr("Back to the documents of the theme"))
        self.back.setToolTip(self.tr("Back to the documents  Esc"))
        self.back.setAutoRaise(True)
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(self.left)
        self._dot = QLabel()
        self.title = QLabel()
        self.title.setProperty("title", True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.ticks = QToolButton()
        self.ticks.setText(self.tr("Tick"))
        self.ticks.setProperty("menu", True)
        self.ticks.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.ticks.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.ticks.setAccessibleName(self.tr("Tick several at once"))
        menu = QMenu(self.ticks)
        menu.addAction(self.tr("Tick all that are shown"), lambda: self._tick_shown(on=True))
        menu.addAction(self.tr("Tick none of those shown"), lambda: self._tick_shown(on=False))
        menu.addSeparator()
        menu.addAction(self.tr("As at the beginning"), self._forget_ticks)
        self.ticks.setMenu(menu)
        self.export = QPushButton(self.tr("Export dossier…"))
        self.export.setAutoDefault(False)
        self.export.setToolTip(self.tr("Make a brief of what is ticked"))
        self.export.clicked.connect(self.exportRequested)
        row = QHBoxLayout()
        row.setSpacing(style.px(6))
        row.setContentsMargins(0, 0, style.px(12), 0)
        for widget in (self.back, self._dot):
            row.addWidget(widget)
        row.addWidget(self.title, 1)
        row.addWidget(self.ticks)
        row.addWidget(self.export)
        self.summary = QLabel()
        self.summary.setProperty("muted", True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setWordWrap(True)
        self.summary.setContentsMargins(style.px(10), 0, style.px(12), 0)
        head = QVBoxLayout()
        head.setSpacing(style.px(4))
        head.addLayout(row)
        head.addWidget(self.summary)
        return head

    def _make_filters(self) -> QHBoxLayout:
        style = self._style
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search the dossier"))
        self.field.setAccessibleName(self.tr("Search quotations, notes and titles of the dossier"))
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(style.px(110))
        self.field.textChanged.connect(self._timer.start)
        self.field.installEventFilter(self)
        track = QFrame()
        track.setObjectName("segmented")
        inside = QHBoxLayout(track)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self.sorts = QButtonGroup(self)
        texts = (self.tr("All"), self.tr("Annotations"), self.tr("Passages"), self.tr("Suggested"))
        for number, text in enumerate(texts):
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setChecked(number == 0)
            button.setFixedHeight(style.px(26))
            self.sorts.addButton(button, number)
            inside.addWidget(button)
        one_stop(self.sorts)
        self.sorts.idClicked.connect(lambda _: self._narrow())
        self.document = self._choice(self.tr("Document"))
        self.author = self._choice(self.tr("Author"))
        row = QHBoxLayout()
        row.setSpacing(style.px(6))
        row.setContentsMargins(0, 0, style.px(12), 0)
        row.addWidget(self.field, 1)
        row.addWidget(track)
        row.addWidget(self.document)
        row.addWidget(self.author)
        return row

    def _choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        box.setMaximumWidth(self._style.px(150))
        box.setMaxVisibleItems(16)
        box.currentIndexChanged.connect(lambda _: self._narrow())
        return box

    def _make_empty(self) -> QLabel:
        self.empty = QLabel()
        self.empty.setProperty("muted", True)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        self.empty.hide()
        return self.empty

    def _make_progress(self) -> QWidget:
        self.progress = QWidget()
        self._progress_text = QLabel()
        self._progress_text.setProperty("muted", True)
        self._stop = QToolButton()
        self._stop.setText(self.tr("Stop"))
        self._stop.setAccessibleName(self.tr("Stop looking for suggestions"))
        self._stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stop.clicked.connect(self.loader.stop)
        row = QHBoxLayout(self.progress)
        row.setContentsMargins(self._style.px(10), 0, self._style.px(12), self._style.px(6))
        row.addWidget(self._progress_text, 1)
        row.addWidget(self._stop)
        self.progress.hide()
        return self.progress

    def _connect(self) -> None:
        self.loader.changed.connect(self._show)
        self.loader.progressed.connect(self._progressed)
        self.loader.ended.connect(self._ended)
        self.loader.gone.connect(self.left)
        self.loader.failed.connect(self.failed)
        self.view.left.connect(self.left)
        self.view.opened.connect(self._opened)
        self.view.pressed_on.connect(self._opened)
        self.view.tickWanted.connect(self.toggle)
        self.view.menuWanted.connect(self._show_menu)
        self.view.selectionModel().currentChanged.connect(lambda: self.documentChanged.emit(self.document_id()))
        session = self._session
        session.changed.connect(self._outdated)
        session.reloaded.connect(self._outdated)
        session.imported.connect(self._outdated)
        session.settings_changed.connect(self._settings_changed)
        self._style.changed.connect(self._show_look)

    # -- showing ------------------------------------------------------------------------------------------------

    @property
    def theme(self) -> str:
        """The id of the theme whose dossier is shown; "" for none."""
        return self.loader.key

    def open(self, theme: str) -> None:
        """Show the dossier of a theme, by its id."""
        if theme == self.loader.key:
            self._outdated()
            return
        self.model.put(())
        self._rows = []
        self.title.clear()
        self.summary.clear()
        self._clear_filters()
        self.loader.open(theme)

    def _outdated(self, change: Change | None = None) -> None:
        """A change was written (None: anything may be another)."""
        from margent.annotations import Change  # noqa: PLC0415 - reloading tells nothing, importing a record

        if not self.loader.key:
            return
        self.loader.outdate(change if isinstance(change, Change) else None)
        self._behind = True
        if self.isVisible():
            self._catch_up()

    def hideEvent(self, event: QHideEvent) -> None:
        """Who goes, or closes the window, finds what was ticked when they come back."""
        super().hideEvent(event)
        self._choices.keep()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while nobody looked."""
        super().showEvent(event)
        self._catch_up()

    def _catch_up(self) -> None:
        if self._behind:
            self._behind = False
            self.loader.refresh()

    def _settings_changed(self) -> None:
        if self.model.owner != self._session.settings.author:
            self.model.owner = self._session.settings.author
            self.model.touch()
            self._fill_choices()

    def _show_look(self) -> None:
        theme = self.loader.theme
        if theme is not None:
            self._delegate.colour = theme.colour
            side = self._style.px(14)
            self._dot.setPixmap(dot_icon(self._style.theme(theme.colour), side).pixmap(QSize(side, side)))
        self.view.viewport().update()

    def _show(self) -> None:
        """Show what the loader has now, keeping where one stands."""
        theme = self.loader.theme
        if theme is None:
            return
        self.title.setText(on_a_line(theme.name))
        self.title.setToolTip(theme.name)
        # Words of another direction stay beside their disc.
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        for label in (self.title, self.summary):
            label.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        self._rows = self._joined()
        self._counted = (counted(self._rows), counted(self.loader.stored))
        self._show_look()
        if not self.loader.running or len(self._rows) < _MANY:
            self._fill_choices()
        self._tick()
        self._put()

    def _joined(self) -> list[DossierRow]:
        """The rows there are now; what did not change since the last time is taken from there."""
        stored = {row.record.id: row for row in self.loader.stored}
        suggested = {row.record.id: row for row in self.loader.suggested()}
        before, self._known = self._known, {}
        for key in dict.fromkeys((*stored, *suggested)):
            own, more = stored.get(key), suggested.get(key)
            known = before.get(key)
            if known is None or known.stored is not own or known.suggested is not more:
                (row,) = joined([own] if own is not None else [], [more] if more is not None else [])
                known = _Known(own, more, row, frozenset(ticked_first(row)))
            self._known[key] = known
        return [known.row for known in self._known.values()]

    def _tick(self) -> None:
        choices = self._choices.of(self.loader.key)
        self._ticked = {key for known in self._known.values() for key in known.first}
        if choices:
            there = {key_of(row.record.id, entry) for row in self._rows for entry in row.entries}
            self._ticked |= {key for key, on in choices.items() if on and key in there}
            self._ticked -= {key for key, on in choices.items() if not on}

    def _put(self) -> None:
        rows = narrowed(self._rows, self._narrowing, self.model.owner) if self._narrowing else self._rows
        had = self.view.currentIndex().isValid()
        self.model.put(lines_of(rows, self._ticked, self.model))
        if not had and self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0, 0))
        self._show_summary()
        none = not self.model.rowCount()
        self.view.setVisible(not none)
        self.empty.setVisible(none)
        self.empty.setText(self._why_empty() if none else "")

    def _why_empty(self) -> str:
        if self._rows:
            return self.tr("Nothing in this dossier fits what is asked for.")
        if self.loader.running:
            return self.tr("Looking through the library…")
        return self.tr(
            "No document has passages or annotations of this theme. Give it signal words, or file notes under it."
        )

    def _show_summary(self) -> None:
        found, stored = self._counted
        passages = self.tr("%n passage(s)", None, found.passages)
        annotations = self.tr("%n annotation(s)", None, found.annotations)
        if found.passages and found.annotations:
            text = self.tr("%1 and %2 in %n document(s)", None, stored.documents).replace("%2", annotations)
        else:
            text = self.tr("%1 in %n document(s)", None, stored.documents)
        text = text.replace("%1", passages if found.passages or not found.annotations else annotations)
        if found.suggested:
            text += " · " + self.tr("%n suggested", None, found.suggested)
        if not self.loader.running and not self.loader.complete:
            text += " · " + self.tr("not all documents were looked at for suggestions")
        chosen = self.tr("%n ticked", None, len(self._ticked))
        self.summary.setText(f"{text} · {chosen}")
        self.export.setEnabled(bool(self._ticked))

    def _progressed(self, done: int, of: int) -> None:
        text = self.tr("Looking for suggestions: %1 of %n document(s)", None, of).replace("%1", str(done))
        self._progress_text.setText(text)
        self.progress.show()

    def _ended(self) -> None:
        self.progress.hide()
        if self.loader.theme is not None:
            self._fill_choices()
            self._show_summary()
            if not self.model.rowCount():
                self.empty.setText(self._why_empty())

    # -- narrowing ----------------------------------------------------------------------------------------------

    def _narrow(self) -> None:
        wanted = Narrowing(
            sort=_SORTS[max(0, self.sorts.checkedId())],
            document=self._chosen(self.document) or "",
            author=self._chosen(self.author),
            words=self.field.text(),
        )
        if wanted != self._narrowing:
            self._narrowing = wanted
            self._put()

    def _chosen(self, box: QComboBox) -> str | None:
        values = self._values.get(box, [])
        return values[box.currentIndex()][0] if 0 <= box.currentIndex() < len(values) else None

    def _clear_filters(self) -> None:
        self.field.clear()
        self._timer.stop()
        self.sorts.button(0).setChecked(True)
        self._narrowing = Narrowing()
        for box in (self.document, self.author):
            self._values[box] = []
            box.blockSignals(True)
            box.clear()
            box.blockSignals(False)

    def _fill_choices(self) -> None:
        """Offer the documents and authors there are; one that is gone narrows no more."""
        documents = [(row.record.id, on_a_line(row.record.title)) for row in self._rows]
        self._fill(self.document, self.tr("All documents"), "", documents)
        words = {"": self.tr("You"), UNSAID: self.tr("Author not given")}
        names = authors(self._rows, self.model.owner)
        self._fill(self.author, self.tr("Everybody"), None, [(name, words.get(name, name)) for name in names])
        self.author.setVisible(len(names) > 1)
        if self._narrowing.author is not None and self._chosen(self.author) is None:
            self._narrowing = replace(self._narrowing, author=None)
        if self._narrowing.document and not self._chosen(self.document):
            self._narrowing = replace(self._narrowing, document="")

    def _fill(self, box: QComboBox, everything: str, none: str | None, values: list[tuple[str, str]]) -> None:
        offered = [(none, everything), *values]
        if offered == self._values.get(box):
            return
        chosen = self._chosen(box)
        self._values[box] = offered
        box.blockSignals(True)
        box.clear()
        box.addItems([text for _, text in offered])
        at = next((n for n, (value, _) in enumerate(offered) if value == chosen), 0)
        box.setCurrentIndex(at)
        box.blockSignals(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow down and Enter lead from the field to the list, Escape empties it."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.view.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape:
                if self.field.text():
                    self.field.clear()
                else:
                    self.left.emit()
                return True
        return super().eventFilter(watched, event)

    # -- ticking ------------------------------------------------------------------------------------------------

    def ticked(self) -> set[str]:
        """Keys of the entries that become points."""
        return set(self._ticked)

    def rows(self) -> list[DossierRow]:
        """The whole dossier, whatever is looked at of it."""
        return self._rows

    def toggle(self, key: str) -> None:
        """Tick an entry or a document's shown entries, or untick them when all are."""
        line = self.model.get(key)
        if line is None:
            return
        if line.entry is not None:
            self._set_ticked([key], on=not line.ticked)
        else:
            self._set_ticked(self._keys_of(line.record), on=line.ticked is not True)

    def _keys_of(self, record: DocumentRecord) -> list[str]:
        lines = zip(self.model.keys(), self.model.values(), strict=True)
        return [key for key, line in lines if line.entry is not None and line.record.id == record.id]

    def _tick_shown(self, *, on: bool) -> None:
        lines = zip(self.model.keys(), self.model.values(), strict=True)
        self._set_ticked([key for key, line in lines if line.entry is not None], on=on)

    def _set_ticked(self, keys: list[str], *, on: bool) -> None:
        self._choices.put(self.loader.key, keys, on=on)
        self._ticked = self._ticked | set(keys) if on else self._ticked - set(keys)
        self.model.tick(keys, on=on)
        self._show_summary()

    def _forget_ticks(self) -> None:
        self._choices.forget(self.loader.key)
        self._tick()
        self._put()

    # -- what rows do -------------------------------------------------------------------------------------------

    def document_id(self) -> str:
        """The id of the document one stands in; "" for none."""
        index = self.view.currentIndex()
        return self.model.value(index).record.id if index.isValid() else ""

    def _opened(self, index: QModelIndex) -> None:
        line = self.model.value(index)
        entry = line.entry
        if entry is None:
            self.openRequested.emit(line.record.id)
        elif entry.annotation is not None:
            self.noteRequested.emit(line.record.id, entry.annotation.id)
        else:
            self.passageRequested.emit(line.record.id, entry.start, entry.end, self.loader.key)

    def _show_menu(self, index: QModelIndex, spot: QPoint) -> None:
        self.menu_for(self.model.key(index)).popup(spot)

    def menu_for(self, key: str) -> QMenu:
        """What can be done with a row; the menu goes when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        line = self.model.get(key)
        if line is None:
            return menu
        icon = self._style.icon
        show = self.tr("Open document") if line.entry is None or is_lost(line.entry) else self.tr("Show in the text")
        menu.addAction(icon("book-open"), show, lambda: self._opened(self.model.index_of(key)))
        text = self.tr("Untick") if line.ticked else self.tr("Tick")
        menu.addAction(icon("square-check"), text, lambda: self.toggle(key))
        only = menu.addAction(self.tr("Only this document"), lambda: self._only(line.record.id))
        only.setEnabled(not self._narrowing.document)
        if line.entry is not None and line.entry.annotation is None:
            menu.addSeparator()
            self._add_passage_actions(menu, line, line.entry)
        return menu

    def _add_passage_actions(self, menu: QMenu, line: Line, entry: Entry) -> None:
        icon = self._style.icon

        def ask(origin: str) -> Callable[[], None]:
            return lambda: self._set_passage(line.record, entry, origin)

        if SORTS[entry.source] == "suggested":
            menu.addAction(icon("check"), self.tr("Keep this passage"), ask("chosen"))
            menu.addAction(icon("x"), self.tr("Dismiss this passage"), ask("dismissed"))
        else:
            menu.addAction(icon("x"), self.tr("Remove this passage"), ask("dismissed"))

    def _set_passage(self, record: DocumentRecord, entry: Entry, origin: str) -> None:
        """Keep or dismiss what was suggested, or take a passage that stands away from the theme."""
        theme = self.loader.theme
        if theme is None:
            return
        if entry.source == "suggested":
            keep = origin == "chosen"
            change = edits.set_passage(record, theme, entry.start, entry.end, "chosen" if keep else "dismissed")
            self._session.do(change)
            return
        found = [
            passage
            for passage in self._session.library.passages(revision=record.revision)
            if passage.theme == theme.id and (passage.start, passage.end) == (entry.start, entry.end)
        ]
        if found:
            self._session.do(edits.drop_passage(found[0]))

    def _only(self, document: str) -> None:
        self.document.setCurrentIndex([value for value, _ in self._values[self.document]].index(document))
