"""Before anything leaves: in which form, under which name, and exactly which notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from margent.ui.arrivals import ArrivalDelegate, ArrivalModel, leaving
from margent.ui.rowsview import RowsView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from margent.annotations import Annotation
    from margent.exchange.parcel import Parcel
    from margent.reading import Reading
    from margent.ui.style import Style


class SendDialog(QDialog):
    """Chooses what of the open document leaves; `form()`, `author()` and `private()` tell what was chosen."""

    def __init__(
        self,
        style: Style,
        reading: Reading,
        author: str,
        parent: QWidget | None = None,
    ) -> None:
        from margent.exchange.programs import PROGRAMS  # noqa: PLC0415 - of this dialog alone

        super().__init__(parent)
        self._reading = reading
        self._parcels: dict[bool, Parcel] = {}
        """What goes to another program, with private notes or without; made when it is first asked for."""
        self.setWindowTitle(self.tr("Send annotations"))
        self.resize(style.px(600), style.px(600))
        self.forms = QComboBox()
        self.forms.setAccessibleName(self.tr("As"))
        self.forms.addItem(self.tr("Margent exchange file: a colleague can merge it"), "margent")
        self.forms.addItem(self.tr("Whole document with notes, as Markdown: can be read anywhere and merged"), "whole")
        for name, program in PROGRAMS.items():
            self.forms.addItem(program.title, name)
        self.forms.currentIndexChanged.connect(self._show)
        self.name = QLineEdit(author)
        self.name.setAccessibleName(self.tr("Your name"))
        self.name.setPlaceholderText(self.tr("As colleagues know you"))
        self.name.textChanged.connect(self._enable)
        self.include = QCheckBox()
        self.include.toggled.connect(self._show)
        self.left_out = QLabel()
        self.left_out.setWordWrap(True)
        self.left_out.setProperty("muted", True)
        self.summary = QLabel()
        self.summary.setProperty("section", True)
        self.model = ArrivalModel(self)
        self.view = RowsView(self.model, ArrivalDelegate(style), self.tr("What leaves"))
        self._lay_out(style)
        style.changed.connect(self.view.viewport().update)
        self._show()

    def _lay_out(self, style: Style) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(style.px(8))
        title = QLabel(self._reading.record.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("title", True)
        title.setWordWrap(True)
        column.addWidget(title)
        for text, field in ((self.tr("As"), self.forms), (self.tr("Your name"), self.name)):
            label = QLabel(text)
            label.setProperty("section", True)
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
        self.needed = QLabel(self.tr("Notes without a name get yours: to a colleague they would seem their own."))
        self.needed.setProperty("muted", True)
        self.needed.setWordWrap(True)
        column.addWidget(self.needed)
        column.addWidget(self.include)
        column.addWidget(self.summary)
        column.addWidget(self.view, 1)
        column.addWidget(self.left_out)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        box.rejected.connect(self.reject)
        self.save = box.addButton(self.tr("Save file…"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setProperty("primary", True)
        self.save.setDefault(True)
        box.accepted.connect(self.accept)
        column.addWidget(box)

    def form(self) -> str:
        """The form chosen: "margent", "whole", or a name of exchange.programs."""
        return str(self.forms.currentData())

    def author(self) -> str:
        """The reader's name."""
        return " ".join(self.name.text().split())

    def private(self) -> bool:
        """Whether private notes leave too."""
        return self.include.isChecked()

    def values(self) -> list[Annotation]:
        """Exactly what leaves: annotations in reading order, each followed by its replies."""
        found: list[Annotation] = []
        for head in self._reading.in_order():
            if head.private and not self.private():
                continue
            found.append(head)
            replies: Sequence[Annotation] = self._reading.replies.get(head.id, ())
            found += [reply for reply in replies if self.private() or not reply.private]
        return found

    def _show(self) -> None:
        replies = [reply for listed in self._reading.replies.values() for reply in listed]
        hidden = sum(value.private for value in (*self._reading.in_order(), *replies))
        self.include.setText(self.tr("Include %n private note(s)", None, hidden))
        self.include.setVisible(hidden > 0)
        values = self.values()
        self.model.put(leaving(values))
        self.summary.setText(self.tr("%n note(s) and highlight(s) leave", None, len(values)))
        self.view.setVisible(bool(values))
        self.left_out.setText("\n".join(self._lost()))
        self.left_out.setVisible(bool(self.left_out.text()))
        self._enable()

    def _lost(self) -> list[str]:
        from margent.exchange import outgoing, programs  # noqa: PLC0415

        if self.form() in {"margent", "whole"}:
            return []
        private = self.private()
        if private not in self._parcels:
            self._parcels[private] = outgoing.parcel(self._reading, private=private)
        return programs.left_out(self.form(), [self._parcels[private]])

    def _enable(self) -> None:
        unsigned = any(not value.author for value in self.values())
        self.needed.setVisible(unsigned)
        self.save.setEnabled(bool(self.author()) or not unsigned)
