"""Before anything is merged: which document it is about, and what would become of each note, by author."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from margent.annotations import Annotation
from margent.ui.arrivals import ArrivalDelegate, ArrivalModel, arrivals, author_word, said
from margent.ui.cardtext import day_of
from margent.ui.rowsview import RowsView
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from margent.exchange.incoming import Offer, Prepared
    from margent.exchange.merging import Row
    from margent.ui.arrivals import Arrival
    from margent.ui.style import Style

_SLICE = 1000
"""Lines that are made and measured at once; the window answers in between."""
_FATES = ("conflict", "new", "changed", "restored", "deleted")


class TextChoice(QWidget):
    """Asks which text is to count where the file has another one; `changed` when that was said.

    A text that grew out of the reader's own is chosen beforehand; of two that both go on from elsewhere none is.
    """

    changed = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(5))
        self.question = QLabel()
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self.question.setWordWrap(True)
        column.addWidget(self.question)
        self.take, self.keep = QRadioButton(self), QRadioButton(self)
        for button in (self.take, self.keep):
            column.addWidget(button)
            button.clicked.connect(self.changed)

    def ask(self, offer: Offer) -> None:
        """Put the question for a text that came."""
        text = offer.taken.text
        assert text is not None
        if offer.refused:
            said = self.tr("Their copy has the newer text %1, which you have taken back once.")
        elif offer.relation == "newer":
            said = self.tr("Their copy has a newer text: %1.")
        else:
            said = self.tr(
                "Their copy has another text: %1. Neither text is known to come from the other: which counts?"
            )
        named = f"“{on_a_line(text.file)}”, {day_of(text.created)}" if text.file else day_of(text.created)
        self.question.setText(said.replace("%1", named))
        self.take.setText(self.tr("Take their text along: %1").replace("%1", self._states(offer)))
        self.keep.setText(self.tr("Keep my text: their notes are put on it"))
        for button, on in ((self.take, offer.advised is True), (self.keep, offer.advised is False)):
            button.setAutoExclusive(False)
            button.setChecked(on)
            button.setAutoExclusive(True)
            button.setAccessibleDescription(self.question.text())

    def _states(self, offer: Offer) -> str:
        counts = {state: offer.states.get(state, 0) for state in ("placed", "moved", "orphaned")}
        if not any(counts.values()):
            return self.tr("you have no notes on yours")
        parts = [self.tr("%n of your notes placed", None, counts["placed"])]
        if counts["moved"]:
            parts.append(self.tr("%n moved", None, counts["moved"]))
        if counts["orphaned"]:
            parts.append(self.tr("%n orphaned", None, counts["orphaned"]))
        return ", ".join(parts)

    def taken(self) -> bool | None:
        """Whether their text is to come along; None while nobody has said."""
        return True if self.take.isChecked() else False if self.keep.isChecked() else None


class TakeInDialog(QDialog):
    """Shows what a file would do; accepting it means doing it.

    `places` are the documents it may be about, as (id, title), the likeliest first; "" stands for a document that is
    not in the library yet. `placeChosen` asks for the preview of another one, which `show_new` or `show_prepared`
    brings. `said` is why it is shown again.
    """

    placeChosen = Signal(str)

    def __init__(
        self,
        style: Style,
        name: str,
        places: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        *,
        said: str = "",
    ) -> None:
        super().__init__(parent)
        self._prepared: Prepared | None = None
        self._fresh = True
        """Nothing has been shown yet."""
        self.setWindowTitle(self.tr("Take in annotations"))
        self.resize(style.px(600), style.px(560))
        self.place = QComboBox()
        self.place.setAccessibleName(self.tr("Document"))
        for key, title in places:
            self.place.addItem(title or self.tr("A new document"), key)
        self.place.setVisible(len(places) > 1)
        self.only = self._label(self.place.currentText())
        self.only.setVisible(len(places) == 1)
        self.place.currentIndexChanged.connect(self._chosen)
        self.again = self._label(said)
        self.again.setVisible(bool(said))
        self.text = TextChoice(style, self)
        self.text.hide()
        self.text.changed.connect(self._show_choice)
        self.summary = self._label(self.tr("Comparing…"))
        self.model = ArrivalModel(self)
        self._delegate = ArrivalDelegate(style)
        self.view = RowsView(self.model, self._delegate, self.tr("What would come in"))
        self._coming: Iterator[tuple[str, Arrival]] = iter(())
        self._made: list[tuple[str, Arrival]] = []
        self._filling = QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.timeout.connect(self._fill_on)
        self.problems = self._label("")
        self.problems.setProperty("muted", True)
        self.problems.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._lay_out(style, name)
        style.changed.connect(self.view.viewport().update)

    def _label(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _lay_out(self, style: Style, name: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(style.px(10))
        heading = self._label(name)
        heading.setProperty("title", True)
        column.addWidget(heading)
        label = QLabel(self.tr("On the document"))
        label.setProperty("section", True)
        label.setBuddy(self.place)
        for widget in (label, self.place, self.only, self.again, self.text, self.summary):
            column.addWidget(widget)
        column.addWidget(self.view, 1)
        column.addWidget(self.problems)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        box.rejected.connect(self.reject)
        self.merge = box.addButton(self.tr("Merge"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.merge.setProperty("primary", True)
        self.merge.setDefault(True)
        self.merge.setEnabled(False)
        box.accepted.connect(self.accept)
        column.addWidget(box)

    def chosen(self) -> str:
        """The id of the document it is to go to; "" for a new one."""
        return str(self.place.currentData())

    def prepared(self) -> Prepared | None:
        """What was prepared for the choice that was made; None for a document that is not there yet."""
        return self._chosen_of(self._prepared) if self._prepared is not None else None

    def show_new(self, rows: Sequence[Row]) -> None:
        """Show what would come in with a document that is not there yet."""
        self._prepared = None
        self.text.hide()
        self._show(rows, (), new=True, changes=True)

    def show_prepared(self, prepared: Prepared) -> None:
        """Show what would happen on a document that is there, and ask which text is to count where there are two."""
        self._prepared = prepared
        if prepared.offer is not None:
            self.text.ask(prepared.offer)
        self.text.setVisible(prepared.offer is not None)
        self._show_choice()

    def _chosen_of(self, prepared: Prepared) -> Prepared:
        offer = prepared.offer
        return offer.taken if offer is not None and self.text.taken() else prepared

    def _show_choice(self) -> None:
        if self._prepared is None:
            return
        chosen = self._chosen_of(self._prepared)
        # What the question above says already is not said again.
        problems = chosen.problems[1:] if chosen.offer is not None else chosen.problems
        self._show(chosen.rows, problems, changes=not chosen.is_nothing)
        if chosen.offer is not None and self.text.taken() is None:
            self.merge.setEnabled(False)

    def _show(self, rows: Sequence[Row], problems: Sequence[str], *, new: bool = False, changes: bool) -> None:
        """`changes`: something would be written; themes, texts and a document in the bin have no row of their own."""
        self._coming = arrivals(rows)
        self._made = list(islice(self._coming, _SLICE))
        self.model.put(self._made)
        self._filling.start()
        self.problems.setText("\n".join(problems))
        self.problems.setVisible(bool(problems))
        shown = self.model.rowCount() > 0
        self.view.setVisible(shown)
        self.merge.setEnabled(shown or new or changes)
        self.summary.setText(self._told(rows, new=new, changes=changes))
        if self._fresh:
            # Enter is for what comes next, which in the list it would not be.
            self._fresh = False
            (self.merge if self.text.isHidden() or self.text.taken() is not None else self.text.take).setFocus()

    @Slot()
    def _fill_on(self) -> None:
        """Make the next lines and measure their words, which are remembered; all are shown once all are measured."""
        part = list(islice(self._coming, _SLICE))
        if part:
            self._made += part
            measured = ArrivalModel()
            measured.put(part)
            self._delegate.heights(measured, self.view.viewport().width())
            self._filling.start()
        elif len(self._made) > self.model.rowCount():
            self.model.put(self._made)

    def _told(self, rows: Sequence[Row], *, new: bool, changes: bool) -> str:
        by_author: dict[str, Counter[str]] = {}
        for row in rows:
            if isinstance(row.after, Annotation) and row.fate in _FATES:
                by_author.setdefault(row.after.author, Counter())[row.fate] += 1
        lines = [
            f"{author_word(author)}: " + ", ".join(f"{counts[fate]} {said(fate)}" for fate in _FATES if counts[fate])
            for author, counts in sorted(by_author.items())
        ]
        if new:
            lines.insert(0, self.tr("The document is not in your library yet and comes in too."))
        if changes and not lines:
            return self.tr("No notes come in that you do not have already.")
        return "\n".join(lines) or self.tr("There is nothing in it that you do not have already.")

    def _chosen(self) -> None:
        self.merge.setEnabled(False)
        self.summary.setText(self.tr("Comparing…"))
        self.placeChosen.emit(self.chosen())
