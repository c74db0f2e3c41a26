"""What the Annotate menu does: to the selection when there is one, else to the annotation that is the current one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint

from margent import edits
from margent.annotations import COLOURS

if TYPE_CHECKING:
    from collections.abc import Callable

    from margent.annotations import Colour, Kind
    from margent.ui.session import Session
    from margent.ui.style import Style
    from margent.ui.window import MainWindow

_BELOW = 6
"""Pixels between the words and the menu of themes that is about them."""


class Annotating(QObject):
    """The handlers of the Annotate menu."""

    def __init__(self, window: MainWindow, session: Session, style: Style) -> None:
        super().__init__(window)
        self._window = window
        self._read = window.read
        self._session = session
        self._style = style

    def table(self) -> dict[str, Callable[..., None]]:
        """What each action does, by its name."""
        return {
            **{colour: partial(self._colour, colour) for colour in COLOURS},
            "underline": self._underline,
            "note": self._note,
            "question": partial(self._kind, "question"),
            "action": partial(self._kind, "action"),
            "position": partial(self._kind, "position"),
            "theme": self._theme,
            "reply": self._reply,
            "done": self._done,
            "resolve": self._resolve,
            "accept": self._accept,
            "attach": self._attach,
            "detach": self._detach,
            "private": self._private,
            "delete": self._delete,
        }

    def _colour(self, colour: Colour) -> None:
        if self._read.mark(colour=colour):
            self._session.set_settings(replace(self._session.settings, colour=colour))
        elif (current := self._read.current) is not None:
            change = edits.set_colour([current], colour)
            if current.style == "underline":
                change = change.then(edits.set_style([replace(current, colour=colour)], "highlight"))
            self._session.do(change)

    def _underline(self) -> None:
        if not self._read.mark(style="underline") and (current := self._read.current) is not None:
            self._session.do(edits.set_style([current], "highlight" if current.style == "underline" else "underline"))

    def _note(self) -> None:
        made = self._read.mark()
        current = self._read.current
        if made or current is not None:
            self._read.edit_note(made or (current.id if current is not None else ""))

    def _kind(self, kind: Kind) -> None:
        made = self._read.mark(kind=kind)
        if made:
            self._read.edit_note(made)
        elif (current := self._read.current) is not None:
            self._session.do(edits.set_kind([current], "note" if current.kind == kind else kind))

    def _theme(self) -> None:
        from margent.ui.thememenu import ThemeMenu  # noqa: PLC0415 - with its first use

        self._read.mark()
        current, reading = self._read.current, self._session.reading
        if current is None or reading is None:
            return
        menu = ThemeMenu(self._style, reading, [current.id], self._window)
        menu.changeRequested.connect(self._session.do)
        self._session.changed.connect(menu.refresh)
        reader = self._read.reader
        words = reader.rect_of(current.start, current.end)
        at = reader.viewport().mapToGlobal(words.bottomLeft() + QPoint(0, _BELOW))
        menu.popup(at, clear=words.height() + 2 * _BELOW)

    def _reply(self) -> None:
        current = self._read.current
        if current is not None and self._read.margin is not None:
            self._read.go_to_annotation(current.id)
            self._read.margin.reply(current.id)

    def _done(self) -> None:
        current = self._read.current
        if current is not None and current.is_task:
            self._session.do(edits.set_done([current], not current.done))

    def _resolve(self) -> None:
        if (current := self._read.current) is not None:
            self._session.do(edits.resolve([current], not current.done))

    def _accept(self) -> None:
        current, reading = self._read.current, self._session.reading
        if current is not None and reading is not None:
            self._read.settle_check(edits.accept([current], reading.document.text))

    def _attach(self) -> None:
        if (current := self._read.current) is not None:
            self._read.attach(current.id)

    def _detach(self) -> None:
        if (current := self._read.current) is not None:
            self._read.settle_check(edits.detach([current]))

    def _private(self) -> None:
        if (current := self._read.current) is not None:
            self._session.do(edits.set_private([current], not current.private))

    def _delete(self) -> None:
        self._window.flush()
        current = self._read.current
        if current is not None and self._session.do(edits.delete([current])):
            self._window.messages.say(self.tr("Deleted. It is in the bin."), self._window.actions_by_name["undo"])
