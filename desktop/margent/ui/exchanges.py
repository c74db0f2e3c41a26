"""Annotations out and in through the window: asks what is to be asked, works in a worker, and does it as one change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from os import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from margent.annotations import Annotation
from margent.errors import MargentError, StaleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from margent.annotations import Change, DocumentRecord
    from margent.exchange.incoming import Incoming, Prepared
    from margent.library.store import Library
    from margent.reading import Reading
    from margent.ui.senddialog import SendDialog
    from margent.ui.session import Session
    from margent.ui.style import Style

_SUFFIXES = frozenset(
    {".margent", ".annotations", ".annotation", ".jsonld", ".json", ".csv", ".md", ".markdown", ".txt"}
)
_LOOKED_AT = 1024 * 1024
"""Bytes at a file's beginning and at its end that are searched for the signs of an export: its text stands between
them, and the window waits for the look."""


def holds_annotations(path: Path) -> bool:
    """Whether a file is to be merged rather than read. Files that cannot be read are left to the import to tell."""
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    from margent.exchange import incoming  # noqa: PLC0415 - of files that may hold annotations alone

    try:
        with path.open("rb") as file:
            seen = file.read(_LOOKED_AT)
            place = max(file.tell(), file.seek(0, SEEK_END) - _LOOKED_AT)
            file.seek(place)
            return incoming.is_incoming(seen + file.read(_LOOKED_AT), path.name)
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class _Look:
    """What one part of a file is about."""

    one: Incoming
    name: str
    places: list[tuple[str, str]]
    """Documents it may belong to, as (id, title); "" for one that is not there yet."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A part of a file that was accepted."""

    look: _Look
    document: str
    prepared: Prepared


class Exchanges(QObject):
    """Takes files of annotations in, one after the other, and sends the open document's annotations out.

    `told` says a sentence when something was done, `failed` one when it was not; `merged` carries that sentence and
    the Change, for those who say what became of the places of the notes.
    """

    told = Signal(str)
    merged = Signal(str, object)
    failed = Signal(str)

    def __init__(self, session: Session, style: Style, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._style = style
        self._window = window
        self._waiting: list[_Look] = []
        self._busy = False
        """Whether something that was accepted is being written."""

    # -- in -------------------------------------------------------------------------------------------------------

    def take_in(self, paths: Sequence[Path]) -> None:
        """Look at files, show what each would do, and merge those that are accepted."""

        def work() -> tuple[list[_Look], list[str]]:
            found: list[_Look] = []
            problems: list[str] = []
            for path in paths:
                try:
                    found += _looked_at(path, self._session.library)
                except MargentError as error:
                    problems.append(str(error))
            return found, problems

        def done(result: tuple[list[_Look], list[str]]) -> None:
            found, problems = result
            if problems:
                self.failed.emit("\n".join(problems))
            self._waiting += found
            self._next()

        self._session.when_ready(lambda: self._session.jobs.run(work, done, self._fail))

    def _next(self) -> None:
        while self._waiting and not self._busy:
            self._ask(self._waiting.pop(0))

    def _ask(self, look: _Look, said: str = "") -> None:
        """Show what a part of a file would do, and do it when that is accepted; `said` is why it is shown again."""
        from margent.ui.takeindialog import TakeInDialog  # noqa: PLC0415 - of this work alone

        dialog = TakeInDialog(self._style, look.name, look.places, self._window, said=said)
        # A comparison may be done when the dialog is gone.
        standing = [True]

        def compare(document: str) -> None:
            if not document:
                from margent.exchange.incoming import rows_if_new  # noqa: PLC0415

                dialog.show_new(rows_if_new(look.one))
                return

            def done(found: Prepared) -> None:
                if standing and dialog.chosen() == document:
                    dialog.show_prepared(found)

            def failed(error: MargentError) -> None:
                self._fail(error)
                if standing:
                    dialog.reject()

            self._session.jobs.run(lambda: _prepared(look.one, self._session.library, document), done, failed)

        dialog.placeChosen.connect(compare)
        compare(dialog.chosen())
        accepted = dialog.exec()
        standing.clear()
        if accepted:
            prepared = dialog.prepared()
            if prepared is not None:
                self._do(_Taken(look, dialog.chosen(), prepared))
            elif not dialog.chosen():
                self._add(look)
        dialog.deleteLater()

    def _add(self, look: _Look) -> None:
        """Bring the document in that the annotations are about, then them."""

        def work() -> tuple[DocumentRecord, Prepared]:
            from margent.exchange import incoming  # noqa: PLC0415

            library = self._session.library
            document, origin, original, key = incoming.arrival(look.one, look.name)
            record = library.add_document(document, origin=origin, original=original, id=key)
            return record, incoming.prepare(look.one, library, record)

        def done(result: tuple[DocumentRecord, Prepared]) -> None:
            record, prepared = result
            self._session.imported.emit(record)
            self._do(_Taken(look, record.id, prepared))

        self._session.jobs.run(work, done, self._fail)

    def _do(self, taken: _Taken) -> None:
        """Write it in a worker, as one step of the document's own undo history, and say what came of it."""
        from margent.ui.revisions import Wait  # noqa: PLC0415 - of this work alone

        session = self._session
        self._busy = True
        wait = Wait(self.tr("Merging %1").replace("%1", taken.look.name), self._window)
        wait.setCancelButton(None)

        def work() -> Change:
            from margent.exchange.incoming import write  # noqa: PLC0415

            return write(taken.prepared, session.library, taken.document)

        def done(change: Change) -> None:
            wait.end()
            session.did(change, taken.document)
            if session.reading is None or session.reading.record.id != taken.document:
                session.open_document(taken.document)
            self._tell(taken.prepared, change)
            self._ended()

        def failed(error: MargentError) -> None:
            wait.end()
            if isinstance(error, StaleError):
                self._again(taken)
            else:
                self._fail(error)
                self._ended()

        session.jobs.run(work, done, failed)

    def _again(self, taken: _Taken) -> None:
        """Something was changed between the preview and the merge: prepare it anew, and show it if it differs."""

        def done(found: Prepared) -> None:
            fresh = found.offer.taken if found.offer is not None and taken.prepared.text is not None else found
            if _shown(fresh) == _shown(taken.prepared):
                self._do(replace(taken, prepared=fresh))
                return
            self._busy = False
            self._ask(
                taken.look, self.tr("Your library was changed meanwhile, and nothing was merged. It would be now:")
            )
            self._next()

        def failed(error: MargentError) -> None:
            self._fail(error)
            self._ended()

        self._session.jobs.run(lambda: _prepared(taken.look.one, self._session.library, taken.document), done, failed)

    def _tell(self, prepared: Prepared, change: Change) -> None:
        counts = prepared.counted()
        said = self.tr("Merged: %1 new, %2 changed, %3 deleted.")
        if prepared.text is not None:
            said = self.tr("Their text is the newest one now. Merged: %1 new, %2 changed, %3 deleted.")
        said = (
            said.replace("%1", str(counts.get("new", 0)))
            .replace("%2", str(counts.get("changed", 0) + counts.get("restored", 0) + counts.get("conflict", 0)))
            .replace("%3", str(counts.get("deleted", 0)))
        )
        self.merged.emit(said, change)

    def _ended(self) -> None:
        self._busy = False
        self._next()

    # -- out ------------------------------------------------------------------------------------------------------

    def send(self) -> None:
        """Ask what of the open document is to leave, and write it."""
        from margent.ui.senddialog import SendDialog  # noqa: PLC0415 - of this work alone

        reading = self._session.reading
        if reading is None:
            return
        dialog = SendDialog(self._style, reading, self._session.settings.author, self._window)
        if dialog.exec():
            self._send(reading, dialog)
        dialog.deleteLater()

    def _send(self, reading: Reading, dialog: SendDialog) -> None:
        from margent.exchange.outgoing import sign  # noqa: PLC0415

        form, author, private = dialog.form(), dialog.author(), dialog.private()
        path = self._ask_for_file(reading.record.title, form)
        if path is None:
            return
        if author and author != self._session.settings.author:
            self._session.set_settings(replace(self._session.settings, author=author))
        everything = [*reading.in_order(), *(reply for replies in reading.replies.values() for reply in replies)]
        try:
            self._session.do(sign(everything, author))
        except MargentError as error:
            self._fail(error)
            return
        document = reading.record.id
        self._session.jobs.run(
            lambda: _written(self._session.library, document, path, form, author, private=private),
            lambda _: self.told.emit(self.tr("%1 was written.").replace("%1", str(path))),
            self._fail,
        )

    def _ask_for_file(self, title: str, form: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        from margent.brief.filing import suggested_name  # noqa: PLC0415
        from margent.exchange.programs import PROGRAMS  # noqa: PLC0415

        suffix = {"margent": ".margent", "whole": ".md"}.get(form) or PROGRAMS[form].suffix
        folder = Path.home() / "Documents"
        start = (folder if folder.is_dir() else Path.home()) / Path(suggested_name(title)).with_suffix(suffix)
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Send annotations"),
            str(start),
            f"*{suffix}",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if not name:
            return None
        return Path(name) if Path(name).suffix else Path(name).with_suffix(suffix)

    def _fail(self, error: MargentError) -> None:
        self.failed.emit(str(error))


def _looked_at(path: Path, library: Library) -> list[_Look]:
    from margent.exchange import incoming  # noqa: PLC0415
    from margent.exchangecommands import content  # noqa: PLC0415

    moment = dt.datetime.now(dt.UTC).replace(microsecond=0)
    looks = []
    for one in incoming.look(content(path), path.name, moment):
        found = incoming.places(one, library)
        sure = incoming.meant(one, library)
        places = [(each.record.id, each.record.title) for each in found]
        if sure is None:
            known = {key for key, _ in places}
            try:
                incoming.arrival(one, path.name)
            except MargentError:
                # Its text is not in the file: somebody has to say which document it is about.
                places += [(record.id, record.title) for record in library.records() if record.id not in known]
                if not places:
                    raise
            else:
                places.insert(0, ("", ""))
        else:
            places.sort(key=lambda place: place[0] != sure.id)
        looks.append(_Look(one, path.name, places))
    return looks


def _shown(prepared: Prepared) -> list[tuple[str, str, str]]:
    """What a preview shows of what was prepared."""
    shown = [row for row in prepared.rows if row.fate not in {"same", "ours"}]
    words = [
        row.after.note if isinstance(row.after, Annotation) else getattr(row.after, "name", row.id) for row in shown
    ]
    return [
        (row.id if isinstance(row.after, Annotation) else "", row.fate, said)
        for row, said in zip(shown, words, strict=True)
    ]


def _prepared(one: Incoming, library: Library, document: str) -> Prepared:
    from margent.exchange.incoming import prepare  # noqa: PLC0415

    return prepare(one, library, library.record(document))


def _written(library: Library, document: str, path: Path, form: str, author: str, *, private: bool) -> None:
    """Write what leaves, and remember that it has left."""
    from margent import exchangecommands  # noqa: PLC0415
    from margent.brief import filing  # noqa: PLC0415
    from margent.brief.dates import spoken  # noqa: PLC0415
    from margent.brief.render import brief_of, render  # noqa: PLC0415
    from margent.exchange import outgoing, programs  # noqa: PLC0415

    if form not in {"margent", "whole"}:
        parcel = outgoing.parcel(library.reading(document), private=private)
        exchangecommands.write(path, programs.write(form, [parcel]))
        return
    if form == "margent":
        data, copies = exchangecommands.packed(library, library.record(document), author, private=private)
        exchangecommands.write(path, data)
        library.remember(outgoing.remembered(copies))
    else:
        day = spoken(dt.datetime.now().astimezone().date())
        brief = brief_of(library.reading(document), prepared=day, exporter=author, include_private=private)
        filing.write(path, render(brief, "whole"))
        outgoing.remember_points(library, document, [point.annotation.id for point in brief.points])
