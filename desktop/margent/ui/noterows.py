"""Annotations as rows of a list: what of them is shown, in which words, and how a row is painted."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from margent.annotations import Annotation, Kind, State, Theme
from margent.filtering import author_of
from margent.ui.actions import QT_TRANSLATE_NOOP
from margent.ui.cardtext import short_time
from margent.ui.rowpaint import area_of, is_mirrored, is_on, mirrored, paint_ground
from margent.ui.rows import KEY, Index, Rows
from margent.ui.rowsview import RowDelegate
from margent.ui.style import Style
from margent.ui.tips import as_tip

_AROUND = 60
"""Characters of context on either side of words that are gone."""
ORPHANS = "§"
"""The key of the heading above annotations whose words are gone."""

KIND_NAMES: Mapping[Kind, str] = {
    "note": QT_TRANSLATE_NOOP("Annotation", "Note"),
    "question": QT_TRANSLATE_NOOP("Annotation", "Question"),
    "action": QT_TRANSLATE_NOOP("Annotation", "Action"),
    "position": QT_TRANSLATE_NOOP("Annotation", "Position"),
}
STATE_NAMES: Mapping[State, str] = {
    "placed": QT_TRANSLATE_NOOP("Annotation", "In its place"),
    "moved": QT_TRANSLATE_NOOP("Annotation", "Words changed"),
    "orphaned": QT_TRANSLATE_NOOP("Annotation", "No longer in the text"),
}
COLOUR_NAMES = {
    "yellow": QT_TRANSLATE_NOOP("Annotation", "Yellow"),
    "green": QT_TRANSLATE_NOOP("Annotation", "Green"),
    "blue": QT_TRANSLATE_NOOP("Annotation", "Blue"),
    "pink": QT_TRANSLATE_NOOP("Annotation", "Pink"),
    "purple": QT_TRANSLATE_NOOP("Annotation", "Purple"),
}
_WORDS = {
    "you": QT_TRANSLATE_NOOP("Annotation", "You"),
    "private": QT_TRANSLATE_NOOP("Annotation", "Private"),
    "highlight": QT_TRANSLATE_NOOP("Annotation", "Highlight"),
    "underline": QT_TRANSLATE_NOOP("Annotation", "Underline"),
    "answered": QT_TRANSLATE_NOOP("Annotation", "Question, answered"),
    "done": QT_TRANSLATE_NOOP("Annotation", "Action, done"),
    "resolved": QT_TRANSLATE_NOOP("Annotation", "Resolved"),
}
_MARKED_UP = re.compile(r"[*_`\[#>~-]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_LINE_START = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+(?:\[[ xX]\]\s+)?)", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![\w*_~])(\*{1,3}|_{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?![\w*_~])", re.DOTALL)


def said(word: str) -> str:
    """`word`, one of the names above, in the language of the interface."""
    return QCoreApplication.translate("Annotation", word)


def plain(note: str) -> str:
    """A note's Markdown as one run of text, its commonest marks taken off; for a preview of a line or two."""
    if _MARKED_UP.search(note):
        note = _LINE_START.sub("", _LINK.sub(r"\1", note))
        note = _EMPHASIS.sub(r"\2", note).replace("`", "")
    return " ".join(note.split())


def author_name(annotation: Annotation, owner: str) -> str:
    """Who wrote it: a colleague's name, or "You"."""
    return author_of(annotation, owner) or said(_WORDS["you"])


def kind_name(annotation: Annotation) -> str:
    """What an annotation is, in a word or two: what it is for and whether it is done, or how it is marked."""
    if annotation.done and annotation.is_task:
        return said(_WORDS["answered" if annotation.kind == "question" else "done"])
    if annotation.kind == "note" and not annotation.note.strip():
        return said(_WORDS[annotation.style])
    return said(KIND_NAMES[annotation.kind])


def context_of(annotation: Annotation) -> str:
    """What stood around an annotation's words in the text that had them: “…before […] after…”; "" for nothing."""
    before, after = " ".join(annotation.prefix.split()), " ".join(annotation.suffix.split())
    if len(before) > _AROUND:
        before = before[-_AROUND:].split(" ", 1)[-1]
    if len(after) > _AROUND:
        after = after[:_AROUND].rsplit(" ", 1)[0]
    if not before and not after:
        return ""
    return " ".join(part for part in (before and f"…{before}", "[…]", after and f"{after}…") if part)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """An annotation with its note as plain text and the number of its replies; None is the heading of the orphans."""

    annotation: Annotation | None
    note: str = ""
    replies: int = 0
    around: str = ""
    """Of words that are gone, what stood before and after them."""


def note_rows(
    annotations: Iterable[Annotation], replies: Mapping[str, list[Annotation]], known: Rows[NoteRow]
) -> Iterator[tuple[str, NoteRow]]:
    """Rows for annotations in the order of a Reading, orphans last under a heading; rows of `known` are used again."""
    lost = False
    for annotation in annotations:
        if annotation.state == "orphaned" and not lost:
            lost = True
            yield ORPHANS, NoteRow(None)
        row = known.get(annotation.id)
        count = len(replies.get(annotation.id, ()))
        if row is None or row.annotation is not annotation or row.replies != count:
            around = context_of(annotation) if annotation.state == "orphaned" else ""
            row = NoteRow(annotation, plain(annotation.note), count, around)
        yield annotation.id, row


class NotesModel(Rows[NoteRow]):
    """Annotations in a list."""

    def __init__(self, owner: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.owner = owner
        self.themes: Mapping[str, Theme] = {}

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The heading cannot be chosen."""
        if not index.isValid() or self.value(index).annotation is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The quotation; when pointed at or read aloud, all of it."""
        if not index.isValid():
            return None
        row = self.value(index)
        if row.annotation is None:
            headings = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
            return said(STATE_NAMES["orphaned"]) if role in headings else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.annotation.exact
            case Qt.ItemDataRole.ToolTipRole:
                return as_tip(
                    "\n".join(filter(None, (self.line(row), row.annotation.exact, row.around, row.annotation.note)))
                )
            case Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(part for part in (row.annotation.exact, row.around, row.note) if part)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                state = said(STATE_NAMES[row.annotation.state]) if row.annotation.state == "orphaned" else ""
                parts = (said(COLOUR_NAMES[row.annotation.colour]), state, self.line(row, ", "))
                return ", ".join(part for part in parts if part)
            case _ if role == KEY:
                return row.annotation.id
        return None

    def line(self, row: NoteRow, between: str = " · ") -> str:
        """Kind, state, themes, author and time of an annotation."""
        annotation = row.annotation
        assert annotation is not None
        return between.join((self.what(row, between), self.when(annotation)))

    def what(self, row: NoteRow, between: str = " · ") -> str:
        """Kind, state, themes, replies and author of an annotation."""
        annotation = row.annotation
        assert annotation is not None
        parts = [kind_name(annotation)]
        if annotation.state == "moved":
            parts.append(said(STATE_NAMES["moved"]))
        if annotation.done and not annotation.is_task:
            parts.append("✓ " + said(_WORDS["resolved"]))
        if annotation.private:
            parts.append(said(_WORDS["private"]))
        parts += [self.themes[theme].name for theme in annotation.themes if theme in self.themes]
        parts.append(author_name(annotation, self.owner))
        if row.replies:
            parts.append(self.tr("%n reply(ies)", None, row.replies))
        return between.join(parts)

    def when(self, annotation: Annotation) -> str:
        """When it was made."""
        return short_time(annotation.created)


class NotesDelegate(RowDelegate):
    """Paints an annotation: edge in its colour, the quotation, the note, and a small line of what it is."""

    def heights(self, rows: Rows[Any], width: int) -> list[int]:
        """Up to two lines of quotation and two of note, and the small line."""
        style, lines = self._style, self._lines
        room = width - style.px(26)
        values: list[NoteRow] = list(rows.values())
        quotes = lines.counts((row.annotation.exact if row.annotation else "" for row in values), self._quote, room)
        notes = lines.counts((row.note for row in values), self._note, room)
        quote, note = lines.spacing(self._quote), lines.spacing(self._note)
        beside = lines.counts((row.around for row in values), self._small, room)
        small = lines.spacing(self._small)
        around = small + style.px(21)
        heading = style.px(38)
        return [
            heading if row.annotation is None else around + q * quote + n * note + (2 if n else 0) + b * small
            for row, q, n, b in zip(values, quotes, notes, beside, strict=True)
        ]

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._quote = style.text_font(style.px(14))
        self._note = style.ui_font(13)
        self._small = style.ui_font(11)
        self._section = style.ui_font(11, 600)
        self._section.setCapitalization(QFont.Capitalization.AllUppercase)
        self._section.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows = index.model()
        assert isinstance(rows, NotesModel)
        row = rows.value(index)
        painter.save()
        if row.annotation is None:
            self._paint_heading(painter, option, str(index.data()))
        else:
            paint_ground(painter, option, self._style)
            self._paint_annotation(painter, option, rows, row, row.annotation)
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        area, style = area_of(option), self._style
        rect = area.adjusted(style.px(8), style.px(16), -style.px(8), 0)
        self._lines.paint(painter, rect, text, self._section, style.colour("muted"), 1, mirrored=is_mirrored(option))

    def _paint_annotation(
        self, painter: QPainter, option: QStyleOptionViewItem, rows: NotesModel, row: NoteRow, value: Annotation
    ) -> None:
        area, style, lines, rtl = area_of(option), self._style, self._lines, is_mirrored(option)
        edge = QRect(area.left() + style.px(6), area.top() + style.px(9), style.px(3), area.height() - style.px(18))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.mark_strong(value.colour))
        painter.drawRoundedRect(QRectF(mirrored(edge, area, option)), 1.5, 1.5)
        rect = QRect(area.left() + style.px(16), area.top() + style.px(8), area.width() - style.px(26), area.height())
        (count,) = lines.counts([value.exact], self._quote, rect.width())
        muted, text = style.colour("muted"), style.colour("text")
        spot = mirrored(rect, area, option)
        lines.paint(painter, spot, value.exact, self._quote, muted if row.note else text, count, mirrored=rtl)
        spot.translate(0, count * lines.spacing(self._quote))
        (count,) = lines.counts([row.around], self._small, rect.width())
        if count:
            lines.paint(painter, spot, row.around, self._small, muted, count, mirrored=rtl)
            spot.translate(0, count * lines.spacing(self._small))
        (count,) = lines.counts([row.note], self._note, rect.width())
        if count:
            spot.translate(0, 2)
            colour = muted if value.is_task and value.done else text
            lines.paint(painter, spot, row.note, self._note, colour, count, mirrored=rtl)
            spot.translate(0, count * lines.spacing(self._note))
        self._paint_small(painter, option, spot.translated(0, style.px(3)), rows, row)

    def _paint_small(
        self, painter: QPainter, option: QStyleOptionViewItem, spot: QRect, rows: NotesModel, row: NoteRow
    ) -> None:
        """The small line: what it is at its beginning, elided where it must be; the time at its end."""
        assert row.annotation is not None
        rtl = is_mirrored(option)
        colour = self._style.colour("text" if is_on(option, QStyle.StateFlag.State_Selected) else "muted")
        when = rows.when(row.annotation)
        width = self._lines.width(when, self._small)
        spot.setHeight(self._lines.spacing(self._small))
        end = QRect(spot.left() if rtl else spot.right() + 1 - width, spot.top(), width, spot.height())
        self._lines.paint(painter, end, when, self._small, colour, 1, mirrored=rtl)
        room = spot.width() - width - self._style.px(8)
        start = QRect(spot.right() + 1 - room if rtl else spot.left(), spot.top(), room, spot.height())
        self._lines.paint(painter, start, rows.what(row), self._small, colour, 1, mirrored=rtl)
