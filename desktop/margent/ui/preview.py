"""The right side of the library view: what is known of the documents that are chosen, with the latest notes."""

from __future__ import annotations

import re
import textwrap
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from margent.ui.cardtext import author_of, kind_word, short_time
from margent.ui.notehtml import to_html
from margent.ui.shelfmodel import day_text, origin_of, percent
from margent.ui.tips import as_tip, on_a_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from margent.annotations import Annotation, DocumentRecord
    from margent.shelf import ShelfRow
    from margent.ui.style import Style

WORDS_A_MINUTE = 230
_HOUR = 60
_MOST_TITLES = 12
_NOTE = 400
"""Code points of a note that its card shows."""
_PIECE = 12
_LONG = re.compile(r"\w{25,}")
"""Words that may be wider than the preview, and the code points after which they can be broken."""


class Preview(QScrollArea):
    """Tells of the chosen documents: one in full, several as a sum.

    `openRequested`, `editRequested` and `restoreRequested` are its buttons, `noteRequested` carries the document's and
    the annotation's id.
    """

    openRequested = Signal()
    editRequested = Signal()
    restoreRequested = Signal()
    noteRequested = Signal(str, str)

    def __init__(self, style: Style, author: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._author = author
        self._rows: Sequence[ShelfRow] = ()
        self.cards: list[NoteCard] = []
        self.setObjectName("shelfpreview")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("About the document"))
        body = QWidget()
        column = self._column = QVBoxLayout(body)
        column.setContentsMargins(style.px(22), style.px(22), style.px(22), style.px(18))
        column.setSpacing(0)
        self.title = self._label("")
        self.title.setFont(style.text_font(style.px(20), 600))
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.meta = self._label("muted")
        self.facts = self._label("muted")
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.summary = self._label("")
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(8))
        self.open_button = self._button(self.tr("Open"), self.openRequested)
        self.edit_button = self._button(self.tr("Edit details…"), self.editRequested)
        self.restore_button = self._button(self.tr("Restore"), self.restoreRequested)
        for button in (self.open_button, self.edit_button, self.restore_button):
            row.addWidget(button)
        row.addStretch(1)
        self._heading = self._label("section")
        self._heading.setText(self.tr("Your latest notes"))
        self._notes = QVBoxLayout()
        self._notes.setSpacing(style.px(9))
        for widget, gap in (
            (self.title, 4),
            (self.meta, 10),
            (self.facts, 10),
            (self.summary, 12),
            (self._buttons, 18),
            (self._heading, 9),
        ):
            column.addWidget(widget)
            column.addSpacing(style.px(gap))
        column.addLayout(self._notes)
        column.addStretch(1)
        self.setWidget(body)
        self.show_rows((), deleted=False)

    def _label(self, kind: str) -> QLabel:
        label = QLabel()
        if kind:
            label.setProperty(kind, True)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        # An address that breaks nowhere is cut rather than making all that stands here wider than its place.
        label.setMinimumWidth(1)
        return label

    def _button(self, text: str, signal: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(signal)
        return button

    def first(self) -> QWidget:
        """What takes the keyboard first."""
        return self.restore_button if self.restore_button.isVisible() else self.open_button

    # -- showing ----------------------------------------------------------------------------------------------

    def set_author(self, author: str) -> None:
        """Say what the reader is called from now on."""
        self._author = author

    def show_rows(self, rows: Sequence[ShelfRow], *, deleted: bool) -> None:
        """Show what is chosen; `deleted` when it is in the bin. Notes come with `show_notes`."""
        same = len(rows) == 1 == len(self._rows) and rows[0].record.id == self._rows[0].record.id
        self._rows = rows
        for button, there in (
            (self.open_button, len(rows) == 1 and not deleted),
            (self.edit_button, len(rows) == 1 and not deleted),
            (self.restore_button, bool(rows) and deleted),
        ):
            button.setVisible(there)
        if len(rows) == 1:
            self._show_one(rows[0])
        else:
            self._show_many(rows)
        for label in (self.meta, self.facts, self.summary):
            label.setVisible(bool(label.text()))
        if not same or not rows[0].highlights:
            self.show_notes(())
            self.verticalScrollBar().setValue(0)

    def _show_one(self, row: ShelfRow) -> None:
        record = row.record
        self.title.setText(breakable(record.title) or self.tr("Untitled"))
        self.meta.setText(self._meta(record))
        self.facts.setText("\n".join(self._facts(record)))
        self.summary.setText(to_html(record.summary))

    def _show_many(self, rows: Sequence[ShelfRow]) -> None:
        if not rows:
            self.title.setText("")
            self.meta.setText(self.tr("Choose a document to see what is in it."))
            self.facts.setText("")
            self.summary.setText("")
            return
        words = sum(row.record.words for row in rows)
        self.title.setText(self.tr("%n document(s)", None, len(rows)))
        self.meta.setText(
            " · ".join(
                (
                    self._words(words),
                    self._minutes(words),
                    self.tr("%n highlight(s)", None, sum(row.highlights for row in rows)),
                    self.tr("%n note(s)", None, sum(row.notes for row in rows)),
                )
            )
        )
        self.facts.setText("")
        titles = [breakable(on_a_line(row.record.title) or self.tr("Untitled")) for row in rows[:_MOST_TITLES]]
        if len(rows) > _MOST_TITLES:
            titles.append(self.tr("and %n more", None, len(rows) - _MOST_TITLES))
        self.summary.setText("".join(f'<p style="margin:0 0 5px 0">{escape(title)}</p>' for title in titles))

    def show_notes(self, notes: Sequence[Annotation]) -> None:
        """Show the latest notes of the document, newest first."""
        for card in self.cards:
            self._notes.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [NoteCard(self._style, note, self._author) for note in notes]
        for card in self.cards:
            self._notes.addWidget(card)
            card.pressed.connect(self.noteRequested)
        self._heading.setVisible(bool(notes))

    def _meta(self, record: DocumentRecord) -> str:
        parts = [
            self._words(record.words),
            self._minutes(record.words),
            language_name(record.language),
            self.tr("added %1").replace("%1", day_text(record.created)),
        ]
        return " · ".join(part for part in parts if part)

    def _facts(self, record: DocumentRecord) -> list[str]:
        facts = [
            ", ".join(record.authors),
            record.date,
            record.source,
            origin_of(record) + ("" if record.origin in {"", "bundled"} else f" ({record.origin})"),
            self.tr("read to %1").replace("%1", percent(record.progress)) if record.progress else "",
        ]
        return [fact for fact in facts if fact]

    def _words(self, words: int) -> str:
        return self.tr("%n word(s)", None, words).replace(str(words), QLocale().toString(words))

    def _minutes(self, words: int) -> str:
        minutes = max(1, round(words / WORDS_A_MINUTE))
        if minutes < _HOUR:
            return self.tr("%n min", None, minutes)
        # To the minute nobody knows how long that takes.
        hours = round(minutes / _HOUR)
        return self.tr("%n h", None, hours).replace(str(hours), QLocale().toString(hours))


class NoteCard(QFrame):
    """A note as it looks in the margin. A click or Enter leads to it."""

    pressed = Signal(str, str)

    def __init__(self, style: Style, note: Annotation, author: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note = note
        self.setObjectName("card")
        self.setProperty("colour", note.colour)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        who = author_of(note, author)
        self.setAccessibleName(f"{who}, {kind_word(note.kind)}: {note.note[:_NOTE]}")
        self.setAccessibleDescription(self.tr("Enter goes to the note"))
        self.setToolTip(as_tip(f"“{on_a_line(note.exact)}”\n{who} · {short_time(note.modified)}"))
        column = QVBoxLayout(self)
        # Qt leads lines from below: what looks even is not.
        column.setContentsMargins(style.px(9), style.px(9), style.px(9), style.px(4))
        text = note.note if len(note.note) <= _NOTE else f"{note.note[:_NOTE].rstrip()}…"
        label = QLabel(to_html(text))
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column.addWidget(label)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click leads to the note."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self._note.document, self._note.parent or self._note.id)
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space too."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.pressed.emit(self._note.document, self._note.parent or self._note.id)
        else:
            super().keyPressEvent(event)


def breakable(text: str) -> str:
    """`text` whose very long words may go on in the next line, at places that nobody sees."""
    return _LONG.sub(lambda word: "\u200b".join(textwrap.wrap(word[0], _PIECE)), text)


def language_name(code: str) -> str:
    """What a language is called whose BCP 47 code is given; the code itself where Qt does not know it."""
    language = QLocale(code).language() if code else QLocale.Language.C
    return code if language == QLocale.Language.C else QLocale.languageToString(language)
