"""What stands beside the page: three tabs (themes, contents, notes) and, below them, what the meeting needs."""

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from margent.annotations import Change
from margent.reading import Reading
from margent.ui.contentspane import ContentsPane
from margent.ui.meetinglist import MeetingList
from margent.ui.notespane import NotesPane
from margent.ui.rowsview import GUTTER, beside_gutter
from margent.ui.style import Style
from margent.ui.themespane import ThemesPane

Tab = Literal["themes", "contents", "notes"]

WIDTH = 272
"""Pixels of the design; the window's splitter may make it another width."""
_MEETING = 0.4
"""The part of the height that the meeting list may take before it scrolls."""


class Sidebar(QWidget):
    """Three tabs and the meeting list. It never writes: what is to be changed goes up as `changeRequested`.

    `selectionWanted` carries a theme's id that the selected words are to become a passage of: answer with
    `add_selection`. `dossierRequested` asks for a theme (its id) in all documents. `passageChanged` says that
    `passage_label` reads otherwise now.
    """

    changeRequested = Signal(object)
    themeChosen = Signal(str)
    dossierRequested = Signal(str)
    suggestRequested = Signal()
    positionRequested = Signal(int)
    annotationRequested = Signal(str)
    attachRequested = Signal(str)
    mergeRequested = Signal(str, str)
    selectionWanted = Signal(str)
    passageChanged = Signal()

    def __init__(self, style: Style, author: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._reading: Reading | None = None
        self._current = ""
        self._stale = False
        self.themes = ThemesPane(style, author)
        self.contents = ContentsPane(style)
        self.notes = NotesPane(style, author)
        self.meeting = MeetingList(style)
        self.tabs = SegmentedControl(style)
        self._stack = QStackedWidget()
        self._stack.setMinimumWidth(1)
        self._panes: dict[Tab, ThemesPane | ContentsPane | NotesPane] = {
            "themes": self.themes,
            "contents": self.contents,
            "notes": self.notes,
        }
        for pane in self._panes.values():
            self._stack.addWidget(pane)
        self.setAccessibleName(self.tr("Sidebar"))
        edge = style.px(GUTTER)
        sides = QHBoxLayout(self)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addSpacing(edge)
        self._column = QVBoxLayout()
        sides.addLayout(self._column)
        self._column.setContentsMargins(0, edge, 0, style.px(8))
        self._column.setSpacing(0)
        self._column.addLayout(beside_gutter(self.tabs, style))
        self._column.addSpacing(style.px(8))
        self._column.addWidget(self._stack)
        self._column.addWidget(self.meeting)
        self._column.addStretch(1)
        self._connect()
        self.show_tab("themes")
        self._count()

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._tab_chosen)
        for signals in (self.themes, self.contents):
            signals.positionRequested.connect(self.positionRequested)
        for pane in (self.themes, self.notes, self.meeting):
            pane.changeRequested.connect(self.changeRequested)
        self.themes.themeChosen.connect(self.themeChosen)
        self.themes.dossierRequested.connect(self.dossierRequested)
        self.themes.suggestRequested.connect(self.suggestRequested)
        self.themes.mergeRequested.connect(self.mergeRequested)
        self.themes.selectionWanted.connect(self.selectionWanted)
        self.themes.passageChanged.connect(self.passageChanged)
        for source in (self.notes, self.meeting):
            source.annotationRequested.connect(self.annotationRequested)
        self.notes.attachRequested.connect(self.attachRequested)
        for part in (self.themes, self.contents, self.notes, self.meeting):
            part.heightChanged.connect(self._arrange)

    # -- showing ------------------------------------------------------------------------------------------------

    def open(self, reading: Reading | None) -> None:
        """Show what there is about a document; None: that there is none."""
        self._reading = reading
        self._current = ""
        for part in (self.themes, self.contents, self.meeting):
            part.open(reading)
        self._stale = True
        self._freshen()
        self._count()
        self._arrange()

    def refresh(self, change: Change | None) -> None:
        """Redraw what a change (None: anything) touched."""
        for part in (self.themes, self.meeting):
            part.refresh(change)
        if change is None:
            self.contents.open(self._reading)
        if self.tab() == "notes":
            self.notes.refresh(change)
        else:
            self._stale = True
        self._count()

    def show_tab(self, name: Tab) -> None:
        """Bring "themes", "contents" or "notes" to the front."""
        self.tabs.choose(name)
        self._tab_chosen(name)

    def tab(self) -> Tab:
        """The tab in front."""
        return next(name for name, pane in self._panes.items() if pane is self._stack.currentWidget())

    def set_place(self, position: int) -> None:
        """Say where the page is: its first visible position, code points."""
        self.themes.set_place(position)
        self.contents.set_place(position)

    def set_current(self, annotation: str) -> None:
        """Say which annotation is the one that keys act on, "" for none."""
        self._current = annotation
        if not self._stale:
            self.notes.set_current(annotation)

    def set_selection_available(self, available: bool) -> None:
        """Say whether words are selected on the page."""
        self.themes.set_selection_available(available)
        self.notes.set_selection_available(available)

    def set_author(self, author: str) -> None:
        """Say what the reader is called from now on."""
        self.themes.set_author(author)
        self.notes.set_author(author)

    def sizeHint(self) -> QSize:
        """As wide as designed."""
        return QSize(self._style.px(WIDTH), self._style.px(600))

    # -- passages -----------------------------------------------------------------------------------------------

    def passage_label(self) -> str:
        """The chosen theme and passage in words, for the status bar; "" when none is chosen."""
        return self.themes.passage_label()

    def has_passages(self) -> bool:
        """Whether there is a passage that `step_passage` can go to."""
        return self.themes.has_passages()

    def step_passage(self, by: int) -> None:
        """Ask for the next (1) or previous (-1) passage of the chosen theme."""
        self.themes.step_passage(by)

    def choose_passage(self, theme: str, start: int, end: int) -> None:
        """Choose a theme and stand on its passage `start:end` (code points)."""
        self.themes.choose_passage(theme, start, end)

    def choose_theme(self, theme: str) -> None:
        """Choose a theme by its id, "" for none."""
        self.themes.choose(theme)

    def add_selection(self, theme: str, start: int, end: int) -> None:
        """Make `start:end` (code points) a passage of a theme."""
        self.themes.add_selection(theme, start, end)

    # -- inside -------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height out anew."""
        super().resizeEvent(event)
        self._arrange()

    def _tab_chosen(self, name: Tab) -> None:
        self._stack.setCurrentWidget(self._panes[name])
        self._freshen()
        self._arrange()

    def _freshen(self) -> None:
        """Ten thousand rows that nobody sees are not kept in step; they are when the tab comes to the front."""
        if self._stale and self.tab() == "notes":
            self._stale = False
            self.notes.open(self._reading)
            self.notes.set_current(self._current)

    def _count(self) -> None:
        self.tabs.set_count(len(self._reading) if self._reading is not None else 0)

    def _arrange(self) -> None:
        """Give the meeting list what it needs up to its part, and the tab what it needs of the rest."""
        front, margins = self._panes[self.tab()], self._column.contentsMargins()
        width = self.width() - self._style.px(GUTTER)
        room = self.height() - margins.top() - margins.bottom() - self.tabs.sizeHint().height() - self._style.px(8)
        meeting = max(0, min(self.meeting.height_wanted(width), int(self.height() * _MEETING)))
        pane = max(0, min(front.height_wanted(width), room - meeting))
        self.setFocusProxy(front if front.view.isVisibleTo(front) else self.tabs.buttons[self.tab()])
        self._stack.setFixedHeight(pane)
        self.meeting.setFixedHeight(meeting)


class SegmentedControl(QFrame):
    """The three tabs in one track; arrow keys go from one to the next."""

    chosen = Signal(str)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("segmented")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        names = {"themes": self.tr("Themes"), "contents": self.tr("Contents"), "notes": self.tr("Notes")}
        for name, text in names.items():
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setMinimumWidth(1)
            button.setFixedHeight(style.px(27))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, n=name: self.chosen.emit(n))
            button.installEventFilter(self)
            self._group.addButton(button)
            self.buttons[name] = button
            row.addWidget(button, 1)

    def choose(self, name: str) -> None:
        """Mark a tab as the one in front."""
        self.buttons[name].setChecked(True)

    def set_count(self, notes: int) -> None:
        """Say how many annotations there are."""
        text = self.tr("Notes")
        self.buttons["notes"].setText(f"{text} {notes}" if notes else text)
        count = self.tr("%n annotation(s)", None, notes)
        self.buttons["notes"].setAccessibleName(f"{text}, {count}")

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Left and right go to the neighbour, and show it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
            if by:
                names = list(self.buttons)
                at = next(n for n, name in enumerate(names) if self.buttons[name] is watched)
                name = names[(at + (-by if self.isRightToLeft() else by)) % len(names)]
                self.buttons[name].setFocus(Qt.FocusReason.TabFocusReason)
                self.buttons[name].click()
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]
