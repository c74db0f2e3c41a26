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
from margent.ui.cards import Cards
from margent.ui.foldedmargin import Fold
from margent.ui.hovertools import HoverTools
from margent.ui.style import Style

_LEADING, _TRAILING = 6, 18
"""Room beside the cards, at the text and at the edge of the window."""
_GAP = 8
_TOP = 12
_MOST = 120
"""So many annotations around the view are placed; more would stand too far from it to push a card that is seen."""


class Places(Protocol):
    """Where positions of the text are; the Reader is one."""

    def top_of(self, position: int) -> float:
        """Height in pixels, from the margin's own top, of the line that holds a position (code points)."""

    def visible_span(self) -> tuple[int, int]:
        """The positions (code points) between which text is visible."""


class Margin(QWidget):
    """The column of cards beside the page, or folded, the strip of marks.

    `changeRequested` carries a Change; `activated` the annotation the reader turned to; `hovered` the one pointed at,
    or ""; `typing` whether something typed is not in the library; `left` asks for the focus to go back to the text.
    `refreshed` passes an announcement on to what is open on top.
    """

    changeRequested = Signal(object)
    activated = Signal(str)
    hovered = Signal(str)
    typing = Signal(bool)
    left = Signal()
    attachRequested = Signal(str)
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
        self._selection = False
        self._cards = Cards(self._new_card)
        self._fold: Fold | None = None
        self._tools: HoverTools | None = None
        self._entry: Card | None = None
        self.setAccessibleName(self.tr("Notes"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # -- what is shown ------------------------------------------------------------------------------------------

    def open(self, reading: Reading | None) -> None:
        """Show the cards of a document, or none."""
        self.flush()
        if reading is not self._reading:
            self._start_afresh()
            self._current = ""
        self._reading = reading
        self.refresh(None)

    def refresh(self, change: Change | None) -> None:
        """Show what a change (None: anything) has made of the annotations."""
        if change is not None:
            self._cards.settle(change)
        touched = self._touched(change)
        # A card that needs another height asks for all to be placed; once, at the end, is enough.
        busy, self._busy = self._busy, True
        for key, card in self._cards.used.items():
            annotation = self._reading.annotations.get(key) if self._reading is not None else None
            if self._reading is not None and annotation is not None and (touched is None or key in touched):
                card.show_annotation(self._reading, annotation)
        self._busy = busy
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

    def set_current(self, annotation: str) -> None:
        """Make an annotation's card the one that stands at its exact place and takes keys; "" for none.

        Whoever has the focus on the card that was current has it on the new one.
        """
        if annotation == self._current:
            return
        old, self._current = self._cards.used.get(self._current), annotation
        focus = QApplication.focusWidget()
        focused = old is not None and focus is not None and (focus is old or old.isAncestorOf(focus))
        if old is not None:
            old.set_current(False)
        if self._tools is not None:
            self._tools.put_away()
        if self._fold is not None and not self._fold.shows(annotation):
            self._fold.close()
        card = self._cards.used.get(annotation)
        if card is not None:
            card.set_current(True)
        self.arrange()
        card = self._cards.used.get(annotation)
        if focused and card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_hovered(self, annotation: str) -> None:
        """Light the card of an annotation whose mark is pointed at; "" for none."""
        for key in (self._hovered, annotation):
            if key in self._cards.used:
                self._cards.used[key].set_hovered(key == annotation)
        self._hovered = annotation
        if self._fold is not None:
            self.arrange()

    def set_author(self, author: str) -> None:
        """The owner's name is another one: who is “You” changes, and who signs replies."""
        if author != self._author:
            self._author = author
            self._start_afresh()
            self._cards.forget_spare()
            if self._fold is not None:
                self.set_folded(False)
                self.set_folded(True)
            self.arrange()

    def _start_afresh(self) -> None:
        busy, self._busy = self._busy, True
        if self._fold is not None:
            self._fold.close()
        self._cards.leave()
        self._cards.bereft = None
        self._busy = busy
        self._entry = None

    # -- placing ------------------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Put every card level with its mark. Called whenever the text has moved, in the same frame."""
        if self._busy:
            return
        self._busy = True
        try:
            needed = self._cards.needed()
            entries = self._entries(needed)
            wanted = [self._wanted(entry) for entry in entries]
            if self._fold is not None:
                self._fold.arrange(self._reading, entries, wanted, self._current, self._hovered)
            else:
                self._arrange_cards(entries, wanted, needed)
        finally:
            self._busy = False
        if self._cards.bereft is not None:
            self._pass_focus_on()

    def _arrange_cards(self, entries: list[Annotation], wanted: list[float], needed: set[str]) -> None:
        focus = next((n for n, entry in enumerate(entries) if entry.id == self._current), None)
        width = self.width() - _LEADING - _TRAILING
        x = _LEADING if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else _TRAILING
        scale = self._style.px(100) / 100
        shown: dict[str, QRect] = {}
        # A new card may be taller or lower than was guessed; what then comes into view may be new again.
        for _ in range(3):
            heights = [self._cards.height(entry, width, scale) for entry in entries]
            tops = place(wanted, heights, gap=_GAP, focus=focus)
            shown = {
                entry.id: QRect(x, round(top), width, height)
                for entry, top, height in zip(entries, tops, heights, strict=True)
                if self._is_near(top, height) or entry.id in needed
            }
            missing = [entry for entry in entries if entry.id in shown and entry.id not in self._cards.used]
            if not missing:
                break
            for entry in missing:
                self._bring(entry, shown)
        self._show(shown)

    def _entries(self, needed: set[str]) -> list[Annotation]:
        """The annotations whose cards are placed, in reading order: those around the view, and those in use."""
        reading = self._reading
        if reading is None:
            return []
        start, end = self._places.visible_span()
        screen = max(end - start, 1)
        found = [a for a in reading.between(start - 2 * screen, end + screen) if self._has_card(reading, a)]
        if len(found) > _MOST:
            here = bisect_left(found, start, key=lambda a: a.start)
            first = max(0, min(here - _MOST // 2, len(found) - _MOST))
            found = found[first : first + _MOST]
        there = {a.id for a in found}
        missing = (needed | {self._current}) - there
        found += [reading.annotations[key] for key in missing if key in reading.annotations]
        return sorted(found, key=lambda a: (a.state != "orphaned", a.start, a.end, a.id))

    def _has_card(self, reading: Reading, annotation: Annotation) -> bool:
        return is_shown(reading, annotation) or annotation.id == self._current

    def _wanted(self, annotation: Annotation) -> float:
        return _TOP if annotation.state == "orphaned" else self._places.top_of(annotation.start)

    def _is_near(self, top: float, height: float) -> bool:
        screen = self.height()
        return top + height > -screen and top < 2 * screen

    def _bring(self, annotation: Annotation, shown: dict[str, QRect]) -> None:
        if self._reading is not None:
            card = self._cards.bring(self._reading, annotation, shown)
            card.set_hovered(annotation.id == self._hovered)
            card.set_current(annotation.id == self._current)

    def _show(self, shown: dict[str, QRect]) -> None:
        for key in [key for key in self._cards.used if key not in shown]:
            self._cards.put_away(key)
        for key, rect in shown.items():
            card = self._cards.used.get(key)
            if card is None:
                continue
            if card.geometry() != rect:
                card.setGeometry(rect)
                if self._tools is not None:
                    self._tools.put_away()
            if card.isHidden():
                card.show()
        self._offer_focus()

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
        card.attachRequested.connect(self.attachRequested)
        card.set_selection_available(self._selection)
        return card

    def set_selection_available(self, available: bool) -> None:
        """Say whether words are selected on the page that a note could be attached to."""
        self._selection = available
        for card in self._cards.all:
            card.set_selection_available(available)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the notes' lines anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._cards.forget_heights()
        if self._fold is not None:
            self._fold.marks.setGeometry(self.rect())
        self.arrange()

    def set_folded(self, folded: bool) -> None:
        """Show small marks that open cards as pop-overs, or the cards themselves."""
        if folded == (self._fold is not None):
            return
        writing = next((key for key, card in self._cards.used.items() if card.writing), "")
        self._start_afresh()
        if self._tools is not None:
            self._tools.put_away()
        if self._fold is not None:
            self._fold.end()
            self._fold = None
        if folded:
            self._fold = Fold(self._style, self._author, self, self._cards)
            self._fold.activated.connect(self._activate)
            self._fold.hovered.connect(self._card_hovered)
            self._fold.left.connect(self.left)
        self.arrange()
        if writing:
            self.edit(writing)

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

    def reveal(self, annotation: str) -> None:
        """Show an annotation's card although the margin is folded; the keyboard stays where it is."""
        if self._fold is not None:
            self._card_of(annotation)

    def flush(self) -> None:
        """Have everything that was typed written, now."""
        for card in self._cards.all:
            card.flush()

    def unsaved(self) -> list[str]:
        """What was typed and is not in the library."""
        return [text for card in self._cards.all for text in card.unsaved_texts()]

    def _card_of(self, annotation: str) -> Card | None:
        if self._reading is None or annotation not in self._reading.annotations:
            return None
        self.set_current(annotation)
        if self._fold is not None:
            self._fold.open(annotation)
            self.arrange()
        return self._cards.used.get(annotation)

    def _unsaved_changed(self) -> None:
        unsaved = any(card.unsaved for card in self._cards.all)
        if unsaved != self._typing:
            self._typing = unsaved
            self.typing.emit(unsaved)

    # -- moving about -------------------------------------------------------------------------------------------

    def _offer_focus(self) -> None:
        """Let the keyboard come in at the current card, or at the first that is seen."""
        card = self._cards.used.get(self._current)
        if card is None:
            seen = (c for c in self._cards.in_order() if c.y() + c.height() > 0 and c.y() < self.height())
            card = next(seen, None)
        if card is not self._entry or self.focusProxy() is not card:
            if self._entry is not None:
                self._entry.set_reachable(False)
            self._entry = card
            # setFocus() on the margin means this card.
            self.setFocusProxy(card)  # type: ignore[arg-type]
        if card is not None:
            card.set_reachable(True)

    def _pass_focus_on(self) -> None:
        """After the card that had the focus is gone: to the one that took its place, or back to the text."""
        gone, self._cards.bereft = self._cards.bereft, None
        cards = self._cards.in_order()
        after = next((card for card in cards if gone is not None and card.y() >= gone), cards[-1] if cards else None)
        if self._fold is not None:
            self._fold.marks.setFocus(Qt.FocusReason.OtherFocusReason)
        elif after is not None:
            after.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    def _activate(self, annotation: str) -> None:
        self.set_current(annotation)
        self.activated.emit(annotation)

    def _step(self, by: int) -> None:
        cards = self._cards.in_order()
        here = next((n for n, card in enumerate(cards) if card is self._cards.used.get(self._current)), None)
        if here is not None and 0 <= here + by < len(cards):
            cards[here + by].setFocus(Qt.FocusReason.TabFocusReason)

    def _leave(self) -> None:
        if self._fold is not None:
            self._fold.close()
        self.left.emit()

    def _card_hovered(self, annotation: str) -> None:
        self.set_hovered(annotation)
        self.hovered.emit(annotation)
        card = self._cards.used.get(annotation)
        read_only = self._reading is not None and self._reading.read_only
        if card is None or self._fold is not None or annotation == self._current or read_only:
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
