"""The Read view: sidebar, page and margin brought together; what each pane asks for is connected here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from margent import edits
from margent.annotations import Annotation, DocumentRecord
from margent.errors import MargentError
from margent.ui.page import Typography
from margent.ui.reader import Reader
from margent.ui.scrollmarks import MarkedScrollBar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PySide6.QtGui import QAction

    from margent.annotations import Change, Colour, Kind, Value
    from margent.annotations import Style as MarkStyle
    from margent.finding import Finder
    from margent.reading import Reading
    from margent.settings import Settings
    from margent.ui.checkbar import CheckBar
    from margent.ui.chrome import StatusBar, Toolbar
    from margent.ui.findfield import FindField, Hits
    from margent.ui.margin import Margin
    from margent.ui.selectionbar import SelectionBar
    from margent.ui.session import Session
    from margent.ui.sidebar import Sidebar
    from margent.ui.style import Style

FOLD_BELOW = 1100
"""Window width in pixels under which the margin folds to small marks."""
_ROOMY = 1000
"""Window width in pixels from which the toolbar has room for the find field's buttons on both sides of it."""
TOOLBAR = 44
STATUS_BAR = 26
"""Heights in pixels."""
_WORDS_A_MINUTE = 230
_MANY = 1000
"""Annotations above which the sidebar is redrawn after the page, not with it."""


class ReadView(QWidget):
    """The page with what surrounds it. The page is built at once, the rest right after the first paint.

    Until then the rest has holders of the size and the ground that it will have.
    """

    painted = Signal()
    """The first page is on the screen: the rest is going to be built."""
    completed = Signal()
    link_requested = Signal(str)
    footnote_requested = Signal(str, QRect)
    dossier_requested = Signal(str)
    current_changed = Signal(str)

    checks: CheckBar | None = None
    """Made when there is something to check."""

    def __init__(
        self, session: Session, style: Style, actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._style = style
        self._actions = actions
        self._reading: Reading | None = None
        self._current = ""
        self._theme = ""
        self._behind: list[Change | None] = []
        self._lists = QTimer(self)
        self._lists.setSingleShot(True)
        self._lists.setInterval(1)
        self._lists.timeout.connect(self._refresh_lists)
        self._building = self._build()
        self.toolbar: Toolbar | None = None
        self.status: StatusBar | None = None
        self.sidebar: Sidebar | None = None
        self.margin: Margin | None = None
        self.bar: SelectionBar | None = None
        self.finding: FindField | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_holder("toolbar", TOOLBAR))
        self._splitter = QSplitter()
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        column.addWidget(self._splitter, 1)
        column.addWidget(_holder("statusbar", STATUS_BAR))
        self._bars = column
        self._sidebar_holder = _holder("sidebar")
        self._splitter.addWidget(self._sidebar_holder)
        self.center = _holder("page")
        row = QHBoxLayout()
        row.setSpacing(0)
        _fill(self.center, row)
        self.reader = Reader(style, typography(session.settings), self.center)
        row.addWidget(self.reader, 1)
        self._margin_holder = _holder("margin")
        self._margin_holder.setFixedWidth(300)
        row.addWidget(self._margin_holder)
        self.reader.hide_scroll_bar()
        self.scroll_bar = MarkedScrollBar(style, self.reader.verticalScrollBar())
        row.addWidget(self.scroll_bar)
        self._splitter.addWidget(self.center)
        self._splitter.setStretchFactor(1, 1)
        self._sidebar_holder.setMinimumWidth(200)
        self._sidebar_holder.setMaximumWidth(480)
        self._splitter.setSizes([session.settings.sidebar_width, 2000])
        self._sidebar_holder.setVisible(session.settings.sidebar)
        self._connect_reader()

    # -- building ---------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Build sidebar, margin, find field and selection bar; done once, after the first paint."""
        for _ in self._building:
            pass

    def _build_on(self) -> None:
        """Take one step of the building, and the next one when what came in meanwhile has been done."""
        if next(self._building, self) is not self:
            QTimer.singleShot(0, self, self._build_on)

    def _build(self) -> Iterator[None]:
        """What `complete` does, in steps short enough not to be felt by who scrolls already."""
        self.painted.emit()
        yield
        from margent.ui.card import Card  # noqa: F401, PLC0415 - half of what the margin imports; a step of its own

        yield
        from margent.ui.chrome import StatusBar, Toolbar  # noqa: PLC0415 - not on the way to the first page
        from margent.ui.findfield import FindField  # noqa: PLC0415
        from margent.ui.margin import Margin  # noqa: PLC0415
        from margent.ui.selectionbar import SelectionBar  # noqa: PLC0415

        yield
        from margent.ui.sidebar import Sidebar  # noqa: PLC0415

        yield
        settings = self._session.settings
        sidebar = Sidebar(self._style, settings.author)
        yield
        margin = Margin(self._style, self.reader, settings.author)
        bar = SelectionBar(self._style, self.reader.viewport())
        find = FindField(self._style, words=settings.find_words, accents=settings.find_accents)
        yield
        # All at once, so that nobody meets a view of which one part is there and another is not.
        self.sidebar, self.margin, self.bar, self.finding = sidebar, margin, bar, find
        _fill(self._sidebar_holder, sidebar)
        _fill(self._margin_holder, margin)
        self.toolbar, self.status = Toolbar(self), StatusBar(self)
        _put(self._bars, 0, self.toolbar)
        _put(self._bars, 2, self.status)
        self._fill_bars(self.toolbar, self.status, find)
        self._connect_rest(sidebar, margin, bar, find)
        self._fold()
        yield
        self.open(self._reading)
        yield
        self.completed.emit()

    def _fill_bars(self, bar: Toolbar, status: StatusBar, find: FindField) -> None:
        from PySide6.QtWidgets import QPushButton  # noqa: PLC0415 - not on the way to the first page

        from margent.ui.chrome import IconButton  # noqa: PLC0415

        bar.add_middle(find)
        for name in ("typography", "undo", "redo"):
            action = self._actions[name]
            bar.add_right(IconButton(self._style, action.property("drawing"), action.text(), action=action))
        brief = QPushButton(self.tr("Brief ▸"))
        brief.setProperty("primary", True)
        brief.setToolTip(self._actions["brief"].toolTip())
        brief.setAccessibleName(self._actions["brief"].text())
        brief.clicked.connect(self._actions["brief"].trigger)
        bar.right.addSpacing(6)
        bar.add_right(brief)
        self._passage_buttons = [
            IconButton(self._style, icon, self._actions[name].text(), action=self._actions[name])
            for icon, name in (("arrow-up", "previous_passage"), ("arrow-down", "next_passage"))
        ]
        for button in self._passage_buttons:
            button.setFixedHeight(22)
            button.setMinimumWidth(22)
            status.insert_leading(button)

    def _connect_reader(self) -> None:
        reader = self.reader
        reader.painted.connect(lambda: QTimer.singleShot(0, self, self._build_on))
        reader.selectionChanged.connect(self._selection_changed)
        reader.selectionSettled.connect(self._selection_settled)
        reader.activated.connect(self._mark_activated)
        reader.hovered.connect(self._mark_hovered)
        reader.linkActivated.connect(self.link_requested)
        reader.footnoteRequested.connect(self.footnote_requested)
        reader.viewChanged.connect(self._view_changed)
        reader.placeChanged.connect(self._place_changed)
        session = self._session
        session.opened.connect(self.open)
        session.changed.connect(self.refresh)
        session.reloaded.connect(self.refresh)
        session.saved.connect(self._show_saved)
        session.settings_changed.connect(self._settings_changed)

    def _connect_rest(self, sidebar: Sidebar, margin: Margin, bar: SelectionBar, find: FindField) -> None:
        session = self._session
        margin.changeRequested.connect(self.settle_check)
        margin.attachRequested.connect(self.attach)
        margin.activated.connect(self.set_current)
        margin.hovered.connect(self.reader.set_hovered)
        margin.typing.connect(session.typing)
        session.leaving.connect(margin.flush)
        margin.left.connect(self._margin_left)
        margin.linkActivated.connect(self.link_requested)
        sidebar.changeRequested.connect(self.settle_check)
        sidebar.themeChosen.connect(self._theme_chosen)
        sidebar.positionRequested.connect(self.go_to)
        sidebar.annotationRequested.connect(self.go_to_annotation)
        sidebar.attachRequested.connect(self.attach)
        sidebar.mergeRequested.connect(self._merge_themes)
        sidebar.dossierRequested.connect(self.dossier_requested)
        sidebar.suggestRequested.connect(self._actions["suggest_themes"].trigger)
        sidebar.selectionWanted.connect(self._give_selection)
        sidebar.passageChanged.connect(self._show_theme)
        bar.triggered.connect(self._bar_triggered)
        find.found.connect(self._found)
        find.left.connect(self.reader.setFocus)
        self._splitter.splitterMoved.connect(self._sidebar_moved)

    # -- showing ----------------------------------------------------------------------------------------------

    def open(self, reading: Reading | None) -> None:
        """Show a document, or that there is none."""
        if reading is not self._reading:
            self._current = ""
            self._theme = ""
            if self.checks is not None and (reading is None or not self._to_check(reading)):
                self.checks.hide()
        self._reading = reading
        place = reading.place if reading is not None else 0
        self.reader.open(reading)  # from the beginning, which it says
        if reading is not None:
            self.reader.set_meta(self._meta(reading))
            self.reader.scroll_to(place, "top")
        if self.sidebar is not None and self.margin is not None and self.finding is not None:
            self.sidebar.open(reading)
            self.margin.open(reading)
            self.finding.set_text(reading.document.text if reading is not None else "")
            self._prepare_finding()
            if reading is not None:
                self._place_changed(self.reader.place())
        self._show_counts()
        self._show_theme()
        self._show_saved(self._session.all_saved)

    def _prepare_finding(self) -> None:
        """Fold the text in a worker, so that the first key in a long one finds at once."""
        if self._reading is None:
            return
        text, accents = self._reading.document.text, self._session.settings.find_accents

        def work() -> Finder:
            from margent.finding import Finder  # noqa: PLC0415 - after the first page

            finder = Finder(text)
            finder.folded(accents=accents)
            return finder

        def done(finder: Finder) -> None:
            if self.finding is not None:
                self.finding.use(finder, text)

        self._session.jobs.run(work, done)

    def refresh(self, change: Change | None = None) -> None:
        """Redraw what a change (None: anything) touched."""
        if self._reading is not None and self._current and self._current not in self._reading.annotations:
            self.set_current("")
        self.reader.refresh(change)
        if self.margin is not None and self.sidebar is not None:
            self.margin.refresh(change)
            self._behind.append(change)
            if self._reading is not None and len(self._reading) > _MANY:
                # The page shows the mark first; a list of thousands follows a frame later.
                self._lists.start()
                return
        self._refresh_lists()

    def _refresh_lists(self) -> None:
        behind, self._behind = self._behind, []
        if self.sidebar is not None and behind:
            self.sidebar.refresh(_together(behind))
        self._show_counts()
        self._show_theme()
        self._show_checks()

    def set_current(self, annotation: str) -> None:
        """Make an annotation the one that keys act on, on the page, in the margin and in the sidebar."""
        if annotation == self._current:
            return
        self._current = annotation
        self.reader.set_current(annotation)
        if self.margin is not None and self.sidebar is not None:
            self.margin.set_current(annotation)
            self.sidebar.set_current(annotation)
        self.current_changed.emit(annotation)
        self._show_checks()

    @property
    def current(self) -> Annotation | None:
        """The chosen annotation, if one is."""
        return self._reading.annotations.get(self._current) if self._reading is not None else None

    def go_to(self, position: int) -> None:
        """Bring a position (code points) into view, a third down the page."""
        self.reader.scroll_to(position, "centre")
        self.reader.setFocus()

    def go_to_annotation(self, annotation: str) -> None:
        """Bring an annotation into view and make it the current one."""
        found = self._reading.annotations.get(annotation) if self._reading is not None else None
        if found is None:
            return
        if found.state != "orphaned":
            self.reader.scroll_to(found.start, "nearest")
        self.set_current(annotation)

    def show_change(self, change: Change) -> None:
        """Bring what a change touched into view; an annotation that is there becomes the current one."""
        if self._reading is None:
            return
        if isinstance(change.after.get(self._reading.record.id), DocumentRecord):
            # Another text is shown, or something said of the document: the place is kept.
            return
        touched = [key for key in change.after if key in self._reading.annotations]
        if touched:
            self.go_to_annotation(touched[0])
            return
        gone = [value for value in change.before.values() if isinstance(value, Annotation)]
        if gone and gone[0].state != "orphaned":
            self.reader.scroll_to(gone[0].start, "nearest")

    def step_annotation(self, by: int) -> None:
        """Go to the next (1) or previous (-1) annotation in reading order."""
        if self._reading is None:
            return
        order = [a for a in self._reading.in_order() if a.state != "orphaned"]
        if not order:
            return
        ids = [a.id for a in order]
        if self._current in ids:
            index = (ids.index(self._current) + by) % len(ids)
        else:
            place = self.reader.place()
            after = next((n for n, a in enumerate(order) if a.start >= place), len(order))
            index = (after if by > 0 else after - 1) % len(order)
        self.go_to_annotation(ids[index])

    # -- checking ---------------------------------------------------------------------------------------------

    @staticmethod
    def _to_check(reading: Reading) -> list[Annotation]:
        """Annotations that are not surely in their places: in reading order, those without a place last."""
        return [annotation for annotation in reading.in_order() if annotation.state != "placed"]

    def check_moved(self) -> None:
        """Lead through the annotations that are not surely in their places, in a strip above the page."""
        self.complete()
        if self._reading is None:
            return
        if self.checks is None:
            from margent.ui.checkbar import CheckBar  # noqa: PLC0415 - rare

            self.checks = CheckBar(self._style, self._actions, self)
            self.checks.closed.connect(self.end_checks)
            self._bars.insertWidget(1, self.checks)
        self.checks.show()
        self.step_check(1)

    def end_checks(self) -> None:
        """Put the strip away."""
        if self.checks is not None:
            self.checks.hide()
        self.reader.setFocus()

    def step_check(self, by: int) -> None:
        """Go to the next (1) or previous (-1) annotation that is to be checked."""
        if self._reading is None:
            return
        if self.checks is None or self.checks.isHidden():
            self.check_moved()
            return
        ids = [annotation.id for annotation in self._to_check(self._reading)]
        if ids:
            here = ids.index(self._current) if self._current in ids else None
            self._go_to_check(ids[(here + by) % len(ids) if here is not None else 0 if by > 0 else -1])
        self._show_checks()

    def _go_to_check(self, annotation: str) -> None:
        """To an annotation with its card, which says what there is to check, also where the margin is folded."""
        self.go_to_annotation(annotation)
        if self.margin is not None:
            self.margin.reveal(annotation)

    def _show_checks(self) -> None:
        if self.checks is not None and self.checks.isVisible() and self._reading is not None:
            self.checks.show_state(self._to_check(self._reading), self.current)

    def settle_check(self, change: Change) -> None:
        """Apply a change; where it settles what was to be checked and the strip is shown, go on to the next one."""
        reading = self._reading
        if reading is None or self.checks is None or self.checks.isHidden():
            self._session.do(change)
            return
        order = [annotation.id for annotation in self._to_check(reading)]
        settled = [
            key for key in order if key in change.after and _state(change.after, key) != _state(change.before, key)
        ]
        if not self._session.do(change) or not settled:
            return
        left = {annotation.id for annotation in self._to_check(reading)} - set(settled)
        place = order.index(settled[-1])
        following = next((key for key in (*order[place:], *order[:place]) if key in left), "")
        if following:
            self._go_to_check(following)

    # -- annotating -------------------------------------------------------------------------------------------

    def mark(self, *, colour: Colour | None = None, style: MarkStyle = "highlight", kind: Kind = "note") -> str:
        """Annotate the selection and make the annotation current; its id, or "" when nothing is selected."""
        reading, span = self._reading, self.reader.selection()
        if reading is None or span is None:
            return ""
        settings = self._session.settings
        try:
            change = edits.annotate(
                reading.record,
                reading.document.text,
                *span,
                colour=colour or settings.colour,  # type: ignore[arg-type]
                style=style,
                kind=kind,
                themes=reading.themes_at(*span) if settings.inherit_theme else (),
                author=settings.author,
            )
        except MargentError as error:
            # A double click between two paragraphs selects nothing but white space.
            self._session.failed.emit(str(error))
            return ""
        if not self._session.do(change):
            return ""
        (made,) = change.after
        self.reader.clear_selection()
        self._hide_bar()
        self.set_current(made)
        return made

    def edit_note(self, annotation: str) -> None:
        """Put the cursor into an annotation's note."""
        self.complete()
        if self.margin is not None:
            self.go_to_annotation(annotation)
            self.margin.edit(annotation)

    def attach(self, annotation: str) -> None:
        """Put an annotation on the words that are selected."""
        reading, span = self._reading, self.reader.selection()
        if reading is None or span is None or annotation not in reading.annotations:
            return
        try:
            change = edits.attach(reading.annotations[annotation], reading.document.text, *span)
        except MargentError as error:
            self._session.failed.emit(str(error))
            return
        self.settle_check(change)
        self.reader.clear_selection()

    def _give_selection(self, theme: str) -> None:
        span = self.reader.selection()
        if span is not None and self.sidebar is not None:
            self.sidebar.add_selection(theme, *span)
            self.reader.clear_selection()

    def _merge_themes(self, theme: str, into: str) -> None:
        if self._reading is None:
            return
        themes, library = self._reading.themes, self._session.library
        annotations = [*library.annotations(), *library.annotations(deleted=True)]
        passages = [*library.passages(), *library.passages(deleted=True)]
        self._session.do(edits.merge_themes(themes[theme], themes[into], annotations, passages))

    # -- what the panes say -----------------------------------------------------------------------------------

    def _selection_changed(self) -> None:
        chosen = self.reader.selection() is not None
        if not chosen:
            self._hide_bar()
        if self.sidebar is not None:
            self.sidebar.set_selection_available(chosen)
        if self.margin is not None:
            self.margin.set_selection_available(chosen)

    def _selection_settled(self) -> None:
        span = self.reader.selection()
        if span is None or self.bar is None:
            return
        rect = self.reader.rect_of(*span)
        if rect.intersects(self.reader.viewport().rect()):
            self.bar.show_at(rect, self.reader.rect_of(span[1] - 1, span[1]))
        else:
            self.bar.hide()

    def _hide_bar(self) -> None:
        if self.bar is not None:
            if self.bar.isAncestorOf(self.focusWidget() or self):
                self.reader.setFocus()  # or Qt gives it to whatever comes next in the window
            self.bar.hide()

    def _bar_triggered(self, name: str) -> None:
        self._actions[name].trigger()

    def _mark_activated(self, annotation: str) -> None:
        if self.margin is not None:
            self.margin.flush()
        self.set_current(annotation)

    def _mark_hovered(self, annotation: str) -> None:
        if self.margin is not None:
            self.margin.set_hovered(annotation)

    def _margin_left(self) -> None:
        self._session.end_sitting()
        self.reader.setFocus()

    def _view_changed(self) -> None:
        if self.margin is not None:
            self.margin.arrange()
        if self.bar is not None and self.bar.isVisible():
            self._selection_settled()

    def _place_changed(self, position: int) -> None:
        if self._reading is None:
            return
        self._session.keep_place(position, self.reader.progress())
        self.reader.set_meta(self._meta(self._reading))
        if self.sidebar is not None:
            self.sidebar.set_place(position)

    def _theme_chosen(self, theme: str) -> None:
        self._theme = theme
        self.reader.set_theme(theme)
        self._show_theme()

    def _found(self, hits: Hits) -> None:
        self.reader.set_hits(hits.spans, hits.current)
        length = max(1, len(self._reading.document.text)) if self._reading is not None else 1
        self.scroll_bar.set_marks([start / length for start, _ in hits.spans], hits.current)
        if hits.current >= 0:
            self.reader.scroll_to(hits.spans[hits.current][0], "nearest")

    def _sidebar_moved(self) -> None:
        self._fold()

    def sidebar_width(self) -> int:
        """The sidebar's width in pixels."""
        return self._sidebar_holder.width()

    def set_sidebar_shown(self, shown: bool) -> None:
        """Show or hide the sidebar."""
        self._sidebar_holder.setVisible(shown)

    def _settings_changed(self, settings: Settings) -> None:
        self.reader.set_typography(typography(settings))
        if self.sidebar is not None and self.margin is not None:
            self.sidebar.set_author(settings.author)
            self.margin.set_author(settings.author)
        self._fold()

    # -- telling ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: object) -> None:
        """Fold the margin where it would leave the text too little room."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fold()

    def _fold(self) -> None:
        shown = self._session.settings.margin
        folded = not shown or self.width() < FOLD_BELOW
        self._margin_holder.setFixedWidth(36 if folded else 300)
        if self.finding is not None:
            self.finding.set_roomy(self.width() >= _ROOMY)
        if self.margin is not None:
            self.margin.set_folded(folded)

    def _meta(self, reading: Reading) -> str:
        record = reading.record
        minutes = max(1, round(record.words / _WORDS_A_MINUTE))
        left = max(0, round(record.words * (1 - self.reader.progress()) / _WORDS_A_MINUTE))
        parts = [
            self.tr("Bundled brief") if record.origin == "bundled" else "",
            ", ".join(record.authors),
            record.date,
            record.source or self.tr("Source not given"),
            self.tr("%Ln word(s)", None, record.words),
            self.tr("%n min", None, minutes),
            self.tr("read to %1%").replace("%1", str(round(100 * record.progress))),
            self.tr("%n min left", None, left) if 0 < left < minutes else "",
        ]
        return " · ".join(part for part in parts if part)

    def _show_counts(self) -> None:
        reading, status = self._reading, self.status
        if status is None:
            return
        if reading is None:
            status.counts.clear()
            return
        questions = actions = 0
        for annotation in reading.annotations.values():
            questions += annotation.kind == "question" and not annotation.done
            actions += annotation.kind == "action" and not annotation.done
        parts = [self.tr("%n annotation(s)", None, len(reading))]
        if questions:
            parts.append(self.tr("%n open question(s)", None, questions))
        if actions:
            parts.append(self.tr("%n open action(s)", None, actions))
        status.counts.setText(" · ".join(parts))

    def _show_theme(self) -> None:
        if self.sidebar is None or self.status is None:
            return
        label = self.sidebar.passage_label() if self._theme else ""
        self.status.leading.setText(label)
        for button in self._passage_buttons:
            button.setVisible(bool(label))

    def _show_saved(self, saved: bool) -> None:
        if self.status is not None:
            self.status.state.setText(self.tr("Saved") if saved else self.tr("Saving…"))


def _state(values: Mapping[str, Value | None], key: str) -> str:
    value = values.get(key)
    return value.state if isinstance(value, Annotation) else ""


def _together(changes: Sequence[Change | None]) -> Change | None:
    """Changes as one; None, that anything may have changed, takes all the others in."""
    whole: Change | None = changes[0]
    for change in changes[1:]:
        whole = whole.then(change) if whole is not None and change is not None else None
    return whole


def typography(settings: Settings) -> Typography:
    """How the text is set, out of the settings."""
    return Typography(face=settings.face, size=settings.size, leading=settings.leading, measure=settings.measure)


def _holder(name: str, height: int | None = None) -> QWidget:
    holder = QWidget()
    holder.setObjectName(name)
    if height is not None:
        holder.setFixedHeight(height)
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    return holder


def _fill(holder: QWidget, content: QWidget | QHBoxLayout) -> None:
    column = holder.layout()
    assert isinstance(column, QVBoxLayout)
    if isinstance(content, QWidget):
        column.addWidget(content)
    else:
        column.addLayout(content)


def _put(bars: QVBoxLayout, index: int, bar: QWidget) -> None:
    """Put a bar where its holder is, with nothing to be seen in between."""
    item = bars.itemAt(index)
    assert item is not None
    holder = item.widget()
    assert holder is not None
    bars.replaceWidget(holder, bar)
    bar.setGeometry(holder.geometry())
    bar.show()
    holder.deleteLater()
