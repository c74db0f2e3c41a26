"""Before a vocabulary is taken in: which themes are new, which get more words, and which colours stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from margent.annotations import Theme
from margent.ui.rowpaint import area_of, is_mirrored, mirrored, paint_ground
from margent.ui.rows import Index, Rows
from margent.ui.rowsview import RowDelegate, RowsView
from margent.ui.themedialog import colour_name
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from margent.annotations import ThemeColour
    from margent.ui.style import Style
    from margent.vocabulary import Merged


@dataclass(frozen=True, slots=True)
class Gain:
    """What happens to one theme."""

    name: str
    fate: str
    words: str
    """The words that are added, or what is said of its colour."""
    colour: ThemeColour | None


class GainModel(Rows[Gain]):
    """What a vocabulary adds, in a list."""

    def rows_of(self, merged: Merged) -> Iterator[tuple[str, Gain]]:
        """New themes first, then those that get words, then those whose colour stays."""
        after = merged.change.after.values() if merged.change is not None else ()
        themes = {theme.name: theme for theme in after if isinstance(theme, Theme)}
        for name in merged.new:
            theme = themes[" ".join(name.split())]
            yield f"new:{name}", Gain(name, self.tr("new"), ", ".join(theme.words), theme.colour)
        for name, words in merged.words:
            yield f"words:{name}", Gain(name, self.tr("more words"), ", ".join(words), themes[name].colour)
        for name, kept, other in merged.colours:
            text = self.tr("The file has %1.").replace("%1", colour_name(other))
            yield f"colour:{name}", Gain(name, self.tr("keeps its colour"), text, kept)

    def text(self, value: Gain) -> str:
        """The name."""
        return value.name

    def tip(self, value: Gain) -> str:
        """The name, and the words it gets."""
        return "\n".join(part for part in (value.name, value.words) if part)

    def spoken(self, value: Gain) -> str:
        """All there is to say of it."""
        return ". ".join(part for part in (value.name, value.fate, value.words) if part)


class _GainDelegate(RowDelegate):
    """Paints a theme's disc and name, what becomes of it, and the words it gets."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._name = style.ui_font(13, 600)
        self._small = style.ui_font(12)

    def heights(self, rows: Rows[Any], width: int) -> list[int]:
        """The name, and up to two lines of words."""
        lines, style = self._lines, self._style
        counts = lines.counts((row.words for row in rows.values()), self._small, width - style.px(40))
        return [lines.spacing(self._name) + count * lines.spacing(self._small) + style.px(16) for count in counts]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        rows = index.model()
        assert isinstance(rows, GainModel)
        row, style, lines, area, rtl = rows.value(index), self._style, self._lines, area_of(option), is_mirrored(option)
        painter.save()
        paint_ground(painter, option, style)
        spot = area.adjusted(style.px(28), style.px(7), -style.px(12), 0)
        height = lines.spacing(self._name)
        if row.colour is not None:
            disc = QRect(area.left() + style.px(10), spot.top(), style.px(10), height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.theme(row.colour))
            centre = mirrored(disc, area, option).center()
            painter.drawEllipse(QPointF(centre), style.px(10) / 2, style.px(10) / 2)
        width = lines.width(row.fate, self._small)
        end = QRect(spot.right() + 1 - width, spot.top(), width, height)
        lines.paint(
            painter, mirrored(end, area, option), row.fate, self._small, style.colour("accent"), 1, mirrored=rtl
        )
        start = QRect(spot.left(), spot.top(), spot.width() - width - style.px(10), height)
        name = on_a_line(row.name)
        lines.paint(painter, mirrored(start, area, option), name, self._name, style.colour("text"), 1, mirrored=rtl)
        below = mirrored(spot.translated(0, height + 1), area, option)
        lines.paint(painter, below, row.words, self._small, style.colour("muted"), 2, mirrored=rtl)
        painter.restore()


class VocabularyDialog(QDialog):
    """Shows what a file of themes adds; accepting it means adding it. Nothing of the reader's is taken away."""

    def __init__(self, style: Style, name: str, merged: Merged, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import themes"))
        self.resize(style.px(520), style.px(400))
        heading = QLabel(name)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setProperty("title", True)
        heading.setWordWrap(True)
        self.summary = QLabel(self._told(merged))
        self.summary.setWordWrap(True)
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.model = GainModel(self)
        self.model.put(self.model.rows_of(merged))
        self.view = RowsView(self.model, _GainDelegate(style), self.tr("What would come in"))
        self.view.setVisible(self.model.rowCount() > 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(style.px(10))
        column.addWidget(heading)
        column.addWidget(self.summary)
        column.addWidget(self.view, 1)
        column.addStretch(0)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = box.addButton(self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.setProperty("primary", True)
        self.take.setDefault(True)
        self.take.setEnabled(merged.change is not None)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        column.addWidget(box)
        self.take.setFocus()

    def _told(self, merged: Merged) -> str:
        if merged.change is None:
            return self.tr("Your library has all of these themes already.")
        parts = []
        if merged.new:
            parts.append(self.tr("%n new theme(s)", None, len(merged.new)))
        if merged.words:
            parts.append(self.tr("%n theme(s) with more words", None, len(merged.words)))
        if merged.same:
            parts.append(self.tr("%n that you have already", None, len(merged.same)))
        return self.tr("%1. Nothing of yours is renamed, recoloured or taken away.").replace("%1", ", ".join(parts))
