"""The margin: a card beside each annotated place, level with its mark, none over another.

Only cards near the view exist. They are handed on from one annotation to the next while the text scrolls, so the cost
follows what is visible and not the number of annotations.
"""

from bisect import bisect_left
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from margent.annotations import Annotation, Change, Theme
from margent.placement import place
from margent.reading import Reading
from margent.ui.card import Card, is_shown
from margent.ui.foldedmargin import MARK, CardPopover, FoldedMarks
from margent.ui.hovertools import HoverTools
from margent.ui.style import Style

_LEADING, _TRAILING = 6, 18
"""Room beside the cards, at the text and at the edge of the window."""
_GAP = 8
_MOST = 120
"""So many annotations around the view are placed; more would stand too far from it to push a card that is seen."""
_LETTERS = 38
_LINE = 17
_GUESS = 50


class Places(Protocol):
    """Where positions of the text are; the Reader is one."""

    def top_of(self, position: int) -> float:
        """Height in pixels, from the margin's own top, of the line that holds a position (code points)."""

    def visible_span(self) -> tuple[int, int]:
        """The positions (code points) between which text is visible."""


class Margin(QWidget):
    """The column of cards at the right of the page.

    `changeRequested` carries a Change; `activated` the annotation the reader turned to; `hovered` the one pointed at,
    or ""; `typing` whether something typed is not in the library; `left` asks for the focus to go back to the text.
    """

    changeRequested = Signal(object)
    activated = Signal(str)
    hovered = Signal(str)
    typing = Signal(bool)
    left = Signal()
    linkActivated = Signal(str)
    refreshed = Signal(object)

    def __init__(self, style: Style, places: Places, author: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._places = places
        self._author = author
        self._reading: Reading | None = None
        self._current = ""
        self._hovered = ""
        self._typing = False
        self._busy = False
        self._marks: FoldedMarks | None = None
        self._popover: CardPopover | None = None
        self._tools: HoverTools | None = None
        self._cards: dict[str, Card] = {}
        self._spare: list[Card] = []
        self._entry: Card | None = None
        self._bereft: int | None = None
        """Where a card stood that had the focus and is gone."""
        self._heights: dict[str, int] = {}
        self.setAccessibleName(self.tr("Notes"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # -- what is shown ------------------------------------------------------------------------------------------

    def open(self, reading: Reading | None) -> None:
        """Show the cards of a document, or none."""
        self.flush()
        if reading is not self._reading:
            self._current = ""
            self._close_popover(force=True)
            for key in list(self._cards):
                self._put_away(key, force=True)
            self._heights.clear()
        self._reading = reading
        self.refresh(None)

    def refresh(self, change: Change | None) -> None:
        """Show what a change (None: anything) has made of the annotations."""
        touched = self._touched(change)
        # A card that needs another height asks for all to be placed; once, at the end, is enough.
        self._busy = True
        for key, card in self._cards.items():
            if touched is None or key in touched:
                self._fill(card, key)
        self._busy = False
        self.arrange()
        self.refreshed.emit(change)

    def _touched(self, change: Change | None) -> set[str] | None:
        """Ids of the annotations whose cards a change may alter; None for all."""
        if change is None or any(isinstance(v, Theme) for v in (*change.before.values(), *change.after.values())):
            return None
        keys = set(change.after)
        for value in (*change.before.values(), *change.after.values()):
            if isinstance(value, Annotation) and value.parent is not None:
                keys.add(value.parent)
        return keys

    def _fill(self, card: Card, key: str) -> None:
        annotation = self._reading.annotations.get(key) if self._reading is not None else None
        if annotation is not None and self._reading is not None:
            card.show_annotation(self._reading, annotation)

    def set_current(self, annotation: str) -> None:
        """Make an annotation's card the one that stands at its exact place and takes keys; "" for none."""
        if annotation == self._current:
            return
        old, self._current = self._cards.get(self._current), annotation
        if old is not None:
            old.set_current(False)
        if self._tools is not None:
            self._tools.put_away()
        if self._popover is not None and self._cards.get(annotation) is not self._popover.card:
            self._close_popover()
        if annotation in self._cards:
            self._cards[annotation].set_current(True)
        self.arrange()

    def set_hovered(self, annotation: str) -> None:
        """Light the card of an annotation whose mark is pointed at; "" for none."""
        for key in (self._hovered, annotation):
            if key in self._cards:
                self._cards[key].set_hovered(key == annotation)
        self._hovered = annotation
        if self._marks is not None:
            self.arrange()

    # -- placing ------------------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Put every card level with its mark. Called whenever the text has moved, in the same frame."""
        if self._busy:
            return
        self._busy = True
        try:
            self._arrange(self._entries())
        finally:
            self._busy = False
        if self._bereft is not None:
            self._pass_focus_on()

    def _arrange(self, entries: list[Annotation]) -> None:
        wanted = [self._wanted(entry) for entry in entries]
        focus = next((n for n, entry in enumerate(entries) if entry.id == self._current), None)
        if self._marks is not None:
            tops = place(wanted, [MARK] * len(wanted), gap=_GAP / 2, focus=focus)
            self._arrange_marks(self._marks, entries, [round(top) for top in tops])
        else:
            self._arrange_cards(entries, wanted, focus)

    def _arrange_cards(self, entries: list[Annotation], wanted: list[float], focus: int | None) -> None:
        width = self.width() - _LEADING - _TRAILING
        shown: dict[str, QRect] = {}
        for _ in range(3):
            heights = [self._height(entry, width) for entry in entries]
            tops = place(wanted, heights, gap=_GAP, focus=focus)
            shown = {
                entry.id: QRect(self._x(), round(top), width, height)
                for entry, top, height in zip(entries, tops, heights, strict=True)
                if self._is_near(top, height) or self._is_needed(entry.id)
            }
            missing = [entry for entry in entries if entry.id in shown and entry.id not in self._cards]
            if not missing:
                break
            for entry in missing:
                self._bring(entry, shown)
        self._keep(shown)

    def _entries(self) -> list[Annotation]:
        """The annotations whose cards are placed, in reading order: those around the view, and the one in use."""
        reading = self._reading
        if reading is None:
            return []
        start, end = self._places.visible_span()
        screen = max(end - start, 1)
        found = [a for a in reading.between(start - 2 * screen, end + screen) if self._has_card(a)]
        if len(found) > _MOST:
            here = bisect_left(found, start, key=lambda a: a.start)
            first = max(0, min(here - _MOST // 2, len(found) - _MOST))
            found = found[first : first + _MOST]
        there = {a.id for a in found}
        for key in {self._current, *(k for k, card in self._cards.items() if self._is_needed(k) and card)} - there:
            if key in reading.annotations:
                found.append(reading.annotations[key])
        found.sort(key=lambda a: (a.state != "orphaned", a.start, a.end, a.id))
        return found

    def _has_card(self, annotation: Annotation) -> bool:
        reading = self._reading
        return reading is not None and (is_shown(reading, annotation) or annotation.id == self._current)

    def _wanted(self, annotation: Annotation) -> float:
        return 12.0 if annotation.state == "orphaned" else self._places.top_of(annotation.start)

    def _height(self, annotation: Annotation, width: int) -> int:
        card = self._cards.get(annotation.id)
        if card is not None:
            height = card.wanted_height(width)
            self._heights[annotation.id] = height
            return height
        known = self._heights.get(annotation.id)
        if known is not None:
            return known
        lines = sum(1 + len(line) // _LETTERS for line in annotation.note.splitlines())
        return self._style.px(_GUESS + _LINE * lines)

    def _x(self) -> int:
        return _LEADING if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else _TRAILING

    def _is_near(self, top: float, height: float) -> bool:
        screen = self.height()
        return top + height > -screen and top < 2 * screen

    def _is_needed(self, key: str) -> bool:
        """Whether a card must not be handed on, wherever it stands: someone is writing on it or has the focus there."""
        card = self._cards.get(key)
        if card is None:
            return False
        focus = QApplication.focusWidget()
        return card.writing or (focus is not None and (focus is card or card.isAncestorOf(focus)))

    def _bring(self, annotation: Annotation, shown: dict[str, QRect]) -> None:
        """Give an annotation a card: one that is no longer seen, or a new one."""
        reading = self._reading
        if reading is None:
            return
        if not self._spare:
            for key in [key for key in self._cards if key not in shown]:
                self._put_away(key)
        card = self._spare.pop() if self._spare else self._new_card()
        self._cards[annotation.id] = card
        card.set_hovered(annotation.id == self._hovered)
        card.set_current(annotation.id == self._current)
        card.show_annotation(reading, annotation)

    def _keep(self, shown: dict[str, QRect]) -> None:
        for key in [key for key in self._cards if key not in shown]:
            self._put_away(key)
        for key, rect in shown.items():
            card = self._cards.get(key)
            if card is None:
                continue
            if card.geometry() != rect:
                card.setGeometry(rect)
                if self._tools is not None:
                    self._tools.put_away()
            if card.isHidden():
                card.show()
        self._offer_focus()

    def _put_away(self, key: str, *, force: bool = False) -> None:
        card = self._cards[key]
        if not card.release() and not force:
            return
        del self._cards[key]
        focus = QApplication.focusWidget()
        if focus is not None and (focus is card or card.isAncestorOf(focus)):
            self._bereft = card.y()
            focus.clearFocus()
        card.set_current(False)
        card.set_hovered(False)
        card.set_reachable(False)
        card.hide()
        self._spare.append(card)

    def _new_card(self) -> Card:
        card = Card(self._style, self._author, self)
        card.changeRequested.connect(self.changeRequested)
        card.unsavedChanged.connect(self._unsaved_changed)
        card.activated.connect(self._activate)
        card.hovered.connect(self._card_hovered)
        card.stepped.connect(self._step)
        card.left.connect(self._leave)
        card.linkActivated.connect(self.linkActivated)
        card.resized.connect(self.arrange)
        card.writingEnded.connect(self.arrange)
        card.themesRequested.connect(self._choose_themes)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the notes' lines anew."""
        super().resizeEvent(event)
        if self._marks is not None:
            self._marks.setGeometry(self.rect())
        if event.size().width() != event.oldSize().width():
            self._heights.clear()
        self.arrange()

    # -- writing ------------------------------------------------------------------------------------------------

    def edit(self, annotation: str) -> None:
        """Put the cursor into an annotation's note; it becomes the current one."""
        card = self._card_of(annotation)
        if card is not None:
            card.edit()

    def reply(self, annotation: str) -> None:
        """Put the cursor into a new reply to an annotation; it becomes the current one."""
        card = self._card_of(annotation)
        if card is not None:
            card.reply()

    def flush(self) -> None:
        """Have everything that was typed written, now."""
        for card in list(self._cards.values()):
            card.flush()

    def _card_of(self, annotation: str) -> Card | None:
        if self._reading is None or annotation not in self._reading.annotations:
            return None
        self.set_current(annotation)
        if self._marks is not None and annotation not in self._cards:
            self._open_popover(annotation)
        return self._cards.get(annotation)

    def _unsaved_changed(self) -> None:
        unsaved = any(card.unsaved for card in self._cards.values())
        if unsaved != self._typing:
            self._typing = unsaved
            self.typing.emit(unsaved)

    # -- folded -------------------------------------------------------------------------------------------------

    def set_folded(self, folded: bool) -> None:
        """Show small marks that open cards as pop-overs, or the cards themselves."""
        if folded == (self._marks is not None):
            return
        writing = next((key for key, card in self._cards.items() if card.writing), "")
        self.flush()
        self._close_popover()
        self._busy = True
        for key in list(self._cards):
            self._put_away(key)
        self._busy = False
        if self._tools is not None:
            self._tools.put_away()
        if self._marks is not None:
            self._marks.deleteLater()
            self._marks.hide()
            self._marks = None
        if folded:
            self._marks = FoldedMarks(self._style, self._author, self)
            self._marks.opened.connect(self._toggle_popover)
            self._marks.hovered.connect(self._card_hovered)
            self._marks.reached.connect(self._activate)
            self._marks.left.connect(self.left)
            self._marks.setGeometry(self.rect())
            self._marks.show()
            self.setFocusProxy(self._marks)
        self._entry = None
        self.arrange()
        if writing:
            self.edit(writing)

    def _arrange_marks(self, marks: FoldedMarks, entries: list[Annotation], tops: list[int]) -> None:
        replies = self._reading.replies if self._reading is not None else {}
        counts = {entry.id: len(replies.get(entry.id, ())) for entry in entries}
        marks.arrange(list(zip(entries, tops, strict=True)), counts, self._current, self._hovered)
        popover = self._popover
        if popover is not None:
            levels = [top for entry, top in zip(entries, tops, strict=True) if entry is popover.card.annotation]
            if levels:
                popover.fit(levels[0])
            else:
                self._close_popover()

    def _toggle_popover(self, annotation: str) -> None:
        card = self._popover.card if self._popover is not None else None
        was_open = card is not None and card is self._cards.get(annotation)
        self._close_popover()
        if not was_open:
            self._activate(annotation)
            self._open_popover(annotation)
            if annotation in self._cards:
                self._cards[annotation].setFocus(Qt.FocusReason.PopupFocusReason)

    def _open_popover(self, annotation: str) -> None:
        reading = self._reading
        if reading is None or annotation not in reading.annotations:
            return
        self._close_popover()
        self._bring(reading.annotations[annotation], {})
        card = self._cards[annotation]
        card.set_reachable(True)
        self._popover = CardPopover(self._style, card, self.window(), self)
        self._popover.closed.connect(self._close_popover)
        self.arrange()

    def _close_popover(self, *, force: bool = False) -> None:
        popover = self._popover
        if popover is None:
            return
        key = next((key for key, card in self._cards.items() if card is popover.card), "")
        self._popover = None
        self._put_away(key, force=force)
        if key in self._cards:
            # Something on it could not be saved: it stays open.
            self._popover = popover
            return
        popover.card.setParent(self)
        popover.hide()
        popover.deleteLater()

    def _leave(self) -> None:
        self._close_popover()
        self.left.emit()

    # -- moving about -------------------------------------------------------------------------------------------

    def _offer_focus(self) -> None:
        """Let the keyboard come in at the current card, or at the first that is seen."""
        card = self._cards.get(self._current)
        if card is None:
            card = next((c for c in self._in_order() if c.y() + c.height() > 0 and c.y() < self.height()), None)
        if card is not self._entry:
            if self._entry is not None:
                self._entry.set_reachable(False)
            self._entry = card
            # setFocus() on the margin means this card.
            self.setFocusProxy(card)  # type: ignore[arg-type]
        if card is not None:
            card.set_reachable(True)

    def _pass_focus_on(self) -> None:
        """After the card that had the focus is gone: to the one that took its place, or back to the text."""
        gone, self._bereft = self._bereft, None
        cards = self._in_order()
        after = next((card for card in cards if gone is not None and card.y() >= gone), cards[-1] if cards else None)
        if self._marks is not None:
            self._marks.setFocus(Qt.FocusReason.OtherFocusReason)
        elif after is not None:
            after.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    def _in_order(self) -> list[Card]:
        return sorted(self._cards.values(), key=lambda card: card.y())

    def _activate(self, annotation: str) -> None:
        self.set_current(annotation)
        self.activated.emit(annotation)

    def _step(self, by: int) -> None:
        cards = self._in_order()
        here = next((n for n, card in enumerate(cards) if card is self._cards.get(self._current)), None)
        if here is not None and 0 <= here + by < len(cards):
            cards[here + by].setFocus(Qt.FocusReason.TabFocusReason)

    def _card_hovered(self, annotation: str) -> None:
        self.set_hovered(annotation)
        self.hovered.emit(annotation)
        card = self._cards.get(annotation)
        if card is None or self._marks is not None or annotation == self._current:
            if self._tools is not None:
                self._tools.linger()
            return
        if self._tools is None:
            self._tools = HoverTools(self._style, self)
        self._tools.show_for(card)

    def _choose_themes(self, annotation: str, at: QPoint) -> None:
        from margent.ui.thememenu import ThemeMenu  # noqa: PLC0415 - opened rarely

        if self._reading is None:
            return
        menu = ThemeMenu(self._style, self._reading, [annotation], self.window())
        menu.changeRequested.connect(self.changeRequested)
        self.refreshed.connect(menu.refresh)
        menu.popup(at)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the text, whichever of the two it is turned over."""
        if isinstance(self._places, QAbstractScrollArea):
            QCoreApplication.sendEvent(self._places.viewport(), event)
        else:
            super().wheelEvent(event)
