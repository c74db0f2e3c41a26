"""The cards that exist: one for each annotation near the view, handed on to the next while the text scrolls."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from margent.annotations import Annotation, Change
from margent.reading import Reading
from margent.ui.card import Card

if TYPE_CHECKING:
    from datetime import datetime

_LETTERS = 38
_LINE = 17
_BARE = 50


class Cards:
    """Cards by the id of their annotation, and spare ones.

    A card on which something could not be saved is never given to another annotation, nor thrown away.
    """

    def __init__(self, make: Callable[[], Card]) -> None:
        self._make = make
        self._spare: list[Card] = []
        self._stranded: list[Card] = []
        self._heights: dict[str, tuple[datetime, int]] = {}
        self.used: dict[str, Card] = {}
        self.bereft: int | None = None
        """Where a card stood that had the focus and was put away."""

    # -- giving and taking --------------------------------------------------------------------------------------

    def bring(self, reading: Reading, annotation: Annotation, keep: Collection[str]) -> Card:
        """A card for an annotation: a spare one, one whose annotation is not among `keep`, or a new one."""
        if not self._spare:
            for key in [key for key in self.used if key not in keep]:
                self.put_away(key)
        card = self._spare.pop() if self._spare else self._make()
        self.used[annotation.id] = card
        card.show_annotation(reading, annotation)
        return card

    def put_away(self, key: str) -> bool:
        """Take the card from an annotation; False, and it stays, when something on it could not be saved."""
        card = self.used[key]
        focus = QApplication.focusWidget()
        if focus is not None and (focus is card or card.isAncestorOf(focus)):
            self.bereft = card.y()
            # Hiding what has the focus would pass it on to some other card, which would then act as if it was chosen.
            focus.clearFocus()
        if not card.release():
            return False
        del self.used[key]
        card.set_current(False)
        card.set_hovered(False)
        card.set_reachable(False)
        card.hide()
        self._spare.append(card)
        return True

    def leave(self) -> None:
        """Put all cards away because another document comes; those with unsaved text keep trying out of sight."""
        for key in list(self.used):
            if not self.put_away(key):
                card = self.used.pop(key)
                card.hide()
                self._stranded.append(card)
        self._heights.clear()

    def forget_spare(self) -> None:
        """Throw spare cards away; new ones will be made."""
        for card in self._spare:
            card.deleteLater()
        self._spare.clear()

    def settle(self, change: Change) -> None:
        """Tell cards of documents that are no longer shown what was written at last."""
        for card in list(self._stranded):
            card.settle(change)
            if not card.unsaved:
                self._stranded.remove(card)
                card.release()
                self._spare.append(card)

    # -- asking -------------------------------------------------------------------------------------------------

    @property
    def all(self) -> list[Card]:
        """Those in use, and those that still have something to save."""
        return [*self.used.values(), *self._stranded]

    def in_order(self) -> list[Card]:
        """Those in use, from the top down."""
        return sorted(self.used.values(), key=lambda card: card.y())

    def needed(self) -> set[str]:
        """Whose cards must stay, wherever they stand: someone is writing on them or has the focus there."""
        focus = QApplication.focusWidget()
        return {
            key
            for key, card in self.used.items()
            if card.writing or (focus is not None and (focus is card or card.isAncestorOf(focus)))
        }

    def height(self, annotation: Annotation, width: int, scale: float) -> int:
        """The height of an annotation's card at a width, pixels; remembered, or guessed while there is no card."""
        card = self.used.get(annotation.id)
        if card is not None:
            height = card.wanted_height(width)
        else:
            modified, height = self._heights.get(annotation.id, (None, 0))
            if modified == annotation.modified:
                return height
            lines = sum(1 + len(line) // _LETTERS for line in annotation.note.splitlines())
            height = round((_BARE + _LINE * lines) * scale)
        self._heights[annotation.id] = (annotation.modified, height)
        return height

    def forget_heights(self) -> None:
        """The width is another one."""
        self._heights.clear()
