"""What a card says of an uncertain place: the words as they were and as they are, and what can be done about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from margent.ui.cardtext import state_of
from margent.ui.glyph import Words
from margent.ui.notefield import NoteLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.annotations import Annotation
    from margent.difference import Part
    from margent.reading import Reading
    from margent.ui.style import Style

_BESIDE = 32
"""Characters that stay beside a change of a long quotation."""
_AROUND = 60
"""Characters of the old text that are shown before and after words that are gone."""
_MOST = 600
_SPACES = re.compile(r"\s+")


class StateBox(QWidget):
    """Nothing for an annotation in its place. `chosen` carries "accept", "attach" or "detach"."""

    chosen = Signal(str)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._annotation: Annotation | None = None
        self._words = ""
        self._selection = False
        self._html = ""
        self._read_only = False
        self.label = NoteLabel(self)
        self.label.setProperty("muted", True)
        self.buttons: dict[str, Words] = {}
        style.changed.connect(self._fill)

    def show_annotation(self, reading: Reading, annotation: Annotation, *, read_only: bool = False) -> None:
        """Say what is to be said of an annotation's place."""
        words = reading.document.text[annotation.start : annotation.end]
        if (annotation, words, read_only) == (self._annotation, self._words, self._read_only):
            return
        self._annotation, self._words, self._read_only = annotation, words, read_only
        uncertain = annotation.state != "placed"
        self.setVisible(uncertain)
        if uncertain:
            if not self.buttons and not read_only:
                self._make_buttons()
            self._fill()

    def _make_buttons(self) -> None:
        for name, text, tip in (
            ("accept", self.tr("Accept"), self.tr("The note belongs to the words it stands on now")),
            ("attach", self.tr("Attach to selection"), self.tr("Select the words on the page first")),
            ("detach", self.tr("Detach"), self.tr("Take the note off these words; it is kept without a place")),
        ):
            button = Words(self._style, text, text, self)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            self.buttons[name] = button

    def set_selection_available(self, available: bool) -> None:
        """Whether words are selected on the page that the note could be attached to."""
        self._selection = available
        if "attach" in self.buttons:
            self.buttons["attach"].setEnabled(available)

    def height_for(self, width: int) -> int:
        """Put the parts in their places for a width; the height in pixels."""
        if self._annotation is None or self._annotation.state == "placed":
            return 0
        height = self.label.heightForWidth(width)
        self.label.setGeometry(0, 0, width, height)
        shown = [button for button in self.buttons.values() if not button.isHidden()]
        if not shown:
            return height
        mirrored = self.isRightToLeft()
        x, y = 0, height + self._style.px(3)
        line = shown[0].sizeHint().height()
        for button in shown:
            wide = button.sizeHint().width()
            if x and x + wide > width:
                x, y = 0, y + line
            button.setGeometry(width - x - wide if mirrored else x, y, wide, line)
            x += wide + self._style.px(12)
        return y + line

    def _fill(self) -> None:
        annotation = self._annotation
        if annotation is None or annotation.state == "placed":
            return
        if annotation.state == "moved" and self._words != annotation.exact:
            html, spoken = self._changed(annotation)
        elif annotation.state == "orphaned":
            html, spoken = self._lost(annotation)
        else:
            spoken = state_of(annotation, self._words)
            html = _safe(spoken)
        if html != self._html:
            self._html = html
            self.label.setText(html)
        self.label.setAccessibleName(spoken)
        for name, button in self.buttons.items():
            button.setVisible(not self._read_only and (annotation.state == "moved" or name == "attach"))
        self.set_selection_available(self._selection)

    def _changed(self, annotation: Annotation) -> tuple[str, str]:
        from margent.difference import difference, shortened  # noqa: PLC0415 - most texts never changed

        found = shortened(difference(_flat(annotation.exact), _flat(self._words)), _BESIDE)
        said = [self.tr("The words changed.")]
        for part in found:
            if part.op != "same" and part.text.strip():
                form = self.tr("Removed: “%1”.") if part.op == "removed" else self.tr("Added: “%1”.")
                said.append(form.replace("%1", part.text.strip()))
        head = _safe(self.tr("The words changed:"))
        return f"{head}<br>{difference_html(self._style, found)}", " ".join(said)

    def _lost(self, annotation: Annotation) -> tuple[str, str]:
        before, after = _flat(annotation.prefix)[-_AROUND:], _flat(annotation.suffix)[:_AROUND]
        before = before.split(" ", 1)[-1] if len(before) == _AROUND else before
        after = after.rsplit(" ", 1)[0] if len(after) == _AROUND else after
        quote = _flat(annotation.exact)[:_MOST]
        head = _safe(self.tr("No longer in this text:"))
        text = self._style.colour("text").name()
        html = f'{_safe(before)} <span style="color:{text}">{_safe(quote)}</span> {_safe(after)}'
        html = f"{head}<br>{'…' if before else ''}{html.strip()}{'…' if after else ''}"
        return html, state_of(annotation, self._words)


def difference_html(style: Style, found: Sequence[Part]) -> str:
    """Parts of a text as markup: what went struck out, what came underlined, each in a colour of its own as well."""
    text, gone = style.colour("text").name(), style.colour("danger").name()
    forms = {
        "same": f'<span style="color:{text}">%1</span>',
        "removed": f'<span style="color:{gone};text-decoration:line-through">%1</span>',
        "added": f'<span style="color:{text};text-decoration:underline;font-weight:600">%1</span>',
    }
    html, before = "", "same"
    for part in found:
        # What went and what came in its place would run together.
        html += " " if (before, part.op) == ("removed", "added") else ""
        html += forms[part.op].replace("%1", _safe(part.text))
        before = part.op
    return html


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text)


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
