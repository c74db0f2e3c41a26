"""Older texts of the document that is read: the list of them, one of them to be read, two of them compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from margent.exchange.texts import standing
from margent.reading import Reading
from margent.ui.revisionsdialog import RevisionRow, RevisionsDialog

if TYPE_CHECKING:
    from margent.errors import MargentError
    from margent.ui.compareview import Compared, CompareView
    from margent.ui.pastview import Past, PastView
    from margent.ui.session import Session
    from margent.ui.style import Style
    from margent.ui.window import MainWindow


class History(QObject):
    """Makes the views of older texts with their first use, and leads there and back."""

    def __init__(self, window: MainWindow, session: Session, style: Style) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._style = style
        self._asked = 0
        self.past: PastView | None = None
        self.compared: CompareView | None = None

    def list(self) -> None:
        """Show the states of the text of the document that is being read."""
        reading, library = self._session.reading, self._session.library
        if reading is None:
            return
        record = reading.record

        def work() -> list[RevisionRow]:
            states = library.states(record.id)
            return [RevisionRow(one, states.get(one.id, Counter())) for one in standing(library, record)]

        def done(rows: list[RevisionRow]) -> None:
            dialog = RevisionsDialog(self._style, record.title, rows, record.revision, self._window)
            dialog.readRequested.connect(self.read)
            dialog.compareRequested.connect(self.compare)
            dialog.open()

        self._session.jobs.run(work, done, self._fail)

    # -- reading an older text --------------------------------------------------------------------------------

    def read(self, revision: str) -> None:
        """Show a revision of the open document with its notes as they stood on it; the newest in the Read view."""
        reading, library = self._session.reading, self._session.library
        if reading is None:
            return
        if revision == reading.record.revision:
            self._window.show_article()
            return
        record, newest, place = reading.record, reading.document.text, reading.place
        turn = self._turn()

        def work() -> tuple[Past, int]:
            from margent.bookmark import carried  # noqa: PLC0415 - with the worker
            from margent.ui.pastview import Past  # noqa: PLC0415

            every = standing(library, record)
            found = next(one for one in every if one.id == revision)
            document = library.document(revision)
            past = Reading(
                replace(record, revision=revision, words=found.words),
                document,
                annotations=library.annotations(record.id, revision=revision),
                themes=library.theme_list(),
                passages=library.passages(record.id, revision=revision),
                read_only=True,
            )
            return Past(past, found, len(every)), carried(newest, document.text, place)

        def done(result: tuple[Past, int]) -> None:
            if turn == self._asked:
                view = self._past_view()
                self._window.views.setCurrentWidget(view)
                view.open(*result)

        self._session.jobs.run(work, done, self._fail)

    def _past_view(self) -> PastView:
        if self.past is None:
            from margent.ui.pastview import PastView  # noqa: PLC0415 - rare

            self.past = view = PastView(self._style, self._session.settings, self._window)
            self._window.views.addWidget(view)
            view.closed.connect(self._window.show_article)
            view.compareRequested.connect(self._compare_with_newest)
            view.linkActivated.connect(self._window.read.link_requested)
            view.footnoteRequested.connect(self._show_footnote)
            self._session.settings_changed.connect(view.follow_settings)
        return self.past

    def _show_footnote(self, label: str, anchor: object) -> None:
        from margent.ui.footnote import show_footnote  # noqa: PLC0415 - rare

        if self.past is not None and self.past.past is not None:
            document = self.past.past.reading.document
            show_footnote(self._style, self.past.reader, document, label, anchor)  # type: ignore[arg-type]

    # -- comparing --------------------------------------------------------------------------------------------

    def _compare_with_newest(self, revision: str) -> None:
        if self._session.reading is not None:
            self.compare(revision, self._session.reading.record.revision)

    def compare(self, first: str, second: str) -> None:
        """Show what is between two revisions of the open document."""
        reading, library = self._session.reading, self._session.library
        if reading is None:
            return
        record = reading.record
        turn = self._turn()

        def work() -> Compared:
            from margent.comparing import compare  # noqa: PLC0415 - with the worker
            from margent.ui.compareview import Compared  # noqa: PLC0415

            every = tuple(standing(library, record))
            old, new = sorted((one for one in every if one.id in {first, second}), key=lambda one: one.number)
            return Compared(compare(library.document(old.id), library.document(new.id)), old, new, every)

        def done(compared: Compared) -> None:
            if turn == self._asked:
                view = self._compare_view()
                self._window.views.setCurrentWidget(view)
                view.open(compared)

        self._session.jobs.run(work, done, self._fail)

    def _compare_view(self) -> CompareView:
        if self.compared is None:
            from margent.ui.compareview import CompareView  # noqa: PLC0415 - rare

            self.compared = view = CompareView(
                self._style, self._session.settings, self._window.actions_by_name, self._window
            )
            self._window.views.addWidget(view)
            view.closed.connect(self._window.show_article)
            view.wanted.connect(self.compare)
            self._session.settings_changed.connect(view.follow_settings)
        return self.compared

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) change of the comparison that is shown."""
        if self.compared is not None:
            self.compared.step(by)

    def toggle_inline(self) -> None:
        """Show the comparison as one text, or side by side again."""
        if self.compared is not None:
            self.compared.set_inline(inline=not self.compared.is_inline)

    def _turn(self) -> int:
        self._asked += 1
        return self._asked

    def _fail(self, error: MargentError) -> None:
        self._window.messages.fail(str(error))
