"""Making a theme or changing one: its name, its colour, the words that signal it, and what these would suggest."""

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from margent import edits
from margent.annotations import THEME_COLOURS, Change, Theme, ThemeColour, next_colour
from margent.folding import fold
from margent.ui.actions import QT_TRANSLATE_NOOP
from margent.ui.groups import one_stop
from margent.ui.style import Style

_COLOUR_NAMES: dict[ThemeColour, str] = {
    "amber": QT_TRANSLATE_NOOP("ThemeColour", "Amber"),
    "forest": QT_TRANSLATE_NOOP("ThemeColour", "Forest"),
    "plum": QT_TRANSLATE_NOOP("ThemeColour", "Plum"),
    "navy": QT_TRANSLATE_NOOP("ThemeColour", "Navy"),
    "teal": QT_TRANSLATE_NOOP("ThemeColour", "Teal"),
    "brick": QT_TRANSLATE_NOOP("ThemeColour", "Brick"),
    "olive": QT_TRANSLATE_NOOP("ThemeColour", "Olive"),
    "slate": QT_TRANSLATE_NOOP("ThemeColour", "Slate"),
    "rose": QT_TRANSLATE_NOOP("ThemeColour", "Rose"),
    "bronze": QT_TRANSLATE_NOOP("ThemeColour", "Bronze"),
}
_COUNT_MS = 150
"""After this pause in typing the passages are counted."""
_BETWEEN_WORDS = re.compile(r"[,;\n،，、]+")


def colour_name(colour: ThemeColour) -> str:
    """What a theme's colour is called."""
    from PySide6.QtCore import QCoreApplication  # noqa: PLC0415

    return QCoreApplication.translate("ThemeColour", _COLOUR_NAMES[colour])


def signal_words(text: str) -> list[str]:
    """Signal words as they are typed: one a line, or several with commas between."""
    return [word for word in (" ".join(part.split()) for part in _BETWEEN_WORDS.split(text)) if word]


def dot_icon(colour: QColor, size: int = 14) -> QIcon:
    """A disc of `colour` for menus, `size` pixels across."""
    pixmap = QPixmap(QSize(size, size) * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(2, 2, size - 4, size - 4))
    painter.end()
    return QIcon(pixmap)


class _Swatch(QToolButton):
    """One colour to choose: a disc, ringed and ticked when it is the one."""

    def __init__(self, style: Style, colour: ThemeColour, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self.colour: ThemeColour = colour
        self.setCheckable(True)
        self.setFixedSize(style.px(28), style.px(28))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(colour_name(colour))
        self.setAccessibleName(colour_name(colour))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the disc."""
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.theme(self.colour))
        inset = style.px(5)
        disc = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawEllipse(disc)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked():
            side = style.px(12)
            box = self.rect()
            box.setSize(QSize(side, side))
            box.moveCenter(self.rect().center())
            style.icon("check", 12, "panel").paint(painter, box)
            painter.setPen(QPen(style.theme(self.colour), 1.5))
            painter.drawEllipse(disc.adjusted(-3, -3, 3, 3))
        if self.hasFocus():
            painter.setPen(QPen(style.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), style.px(7), style.px(7))
        painter.end()


class Swatches(QWidget):
    """The colours a theme can have, in a row; arrow keys move through them."""

    chosen = Signal()

    def __init__(self, style: Style, colour: ThemeColour, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Colour"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self.buttons: list[_Swatch] = []
        for name in THEME_COLOURS:
            button = _Swatch(style, name, self)
            self._group.addButton(button)
            button.setChecked(name == colour)
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        self._group.buttonClicked.connect(self.chosen)
        one_stop(self._group)

    def colour(self) -> ThemeColour:
        """The colour that is chosen."""
        return next(button.colour for button in self.buttons if button.isChecked())


class ThemeDialog(QDialog):
    """Asks for a theme's name, colour and signal words; `change()` gives what came of it.

    `count(theme)` says how many passages of the open document a theme's words would suggest.
    """

    def __init__(
        self,
        style: Style,
        themes: Iterable[Theme],
        count: Callable[[Theme], int],
        theme: Theme | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._count = count
        others = [other for other in themes if theme is None or other.id != theme.id]
        self._taken = {fold(other.name).text for other in others}
        self.setWindowTitle(self.tr("New theme") if theme is None else self.tr("Edit theme"))
        self.setMinimumWidth(style.px(380))
        self.name = QLineEdit(theme.name if theme is not None else "")
        self.name.setPlaceholderText(self.tr("What it is about"))
        self.name.setAccessibleName(self.tr("Name of the theme"))
        self.swatches = Swatches(style, theme.colour if theme is not None else next_colour(others))
        self.words = QPlainTextEdit("\n".join(theme.words) if theme is not None else "")
        self.words.setPlaceholderText(self.tr("One a line, or with commas between"))
        self.words.setAccessibleName(self.tr("Signal words"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(style.px(104))
        self.said = QLabel()
        self.said.setProperty("muted", True)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out(style)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_COUNT_MS)
        self._timer.timeout.connect(self._tell)
        self.words.textChanged.connect(self._timer.start)
        self.name.textChanged.connect(self._check)
        self._check()
        self._tell()

    def _lay_out(self, style: Style) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(8)
        parts = (
            (self.tr("Name"), self.name),
            (self.tr("Colour"), self.swatches),
            (self.tr("Signal words"), self.words),
        )
        for text, widget in parts:
            label = QLabel(text)
            label.setProperty("section", True)
            label.setBuddy(widget)
            column.addWidget(label)
            column.addWidget(widget)
            column.addSpacing(style.px(6))
        column.addWidget(self.said)
        column.addStretch(1)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.ok = box.addButton(
            self.tr("Create") if self._theme is None else self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.ok.setProperty("primary", True)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        column.addSpacing(style.px(8))
        column.addWidget(box)

    def change(self) -> Change | None:
        """The Change that makes the theme, or changes what differs; None when nothing does."""
        name, colour, words = self.name.text(), self.swatches.colour(), signal_words(self.words.toPlainText())
        if self._theme is None:
            return edits.new_theme(name, colour, words)
        change: Change | None = None
        theme = self._theme
        steps: tuple[tuple[bool, Callable[[Theme], Change]], ...] = (
            (" ".join(name.split()) != theme.name, lambda t: edits.rename_theme(t, name)),
            (colour != theme.colour, lambda t: edits.recolour_theme(t, colour)),
            (tuple(words) != theme.words, lambda t: edits.set_words(t, words)),
        )
        for differs, step in steps:
            if differs:
                later = step(theme)
                change = later if change is None else change.then(later)
                after = later.after[theme.id]
                assert isinstance(after, Theme)
                theme = after
        return change

    def _check(self) -> None:
        name = fold(" ".join(self.name.text().split())).text
        taken = name in self._taken
        self.ok.setEnabled(bool(name) and not taken)
        self.name.setToolTip(self.tr("There is a theme of this name already.") if taken else "")
        self._tell()

    def _tell(self) -> None:
        """Say what the words would do, or what keeps the theme from being made."""
        words = signal_words(self.words.toPlainText())
        if fold(" ".join(self.name.text().split())).text in self._taken:
            text = self.tr("There is a theme of this name already.")
        elif not words:
            text = self.tr("Paragraphs that hold one of these words are suggested as passages of the theme.")
        else:
            number = self._count(Theme(id="", name="", words=tuple(words)))
            text = self.tr("Would suggest %n passage(s) in this document.", None, number)
        self.said.setText(text)
        self.words.setAccessibleDescription(text)


class MergeDialog(QDialog):
    """Asks which theme another one is to become part of."""

    def __init__(self, style: Style, theme: Theme, themes: Iterable[Theme], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Merge themes"))
        self.setMinimumWidth(style.px(340))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        text = QLabel(
            self.tr(
                "“%1” becomes part of the theme you choose, with all its passages, annotations and signal words, "
                "in every document."
            ).replace("%1", theme.name)
        )
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(text)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Find a theme"))
        self.filter.setAccessibleName(self.tr("Find a theme"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        self.filter.installEventFilter(self)
        column.addWidget(self.filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Themes"))
        self.list.setMinimumHeight(style.px(200))
        self.list.itemActivated.connect(self.accept)
        self.list.currentItemChanged.connect(self._check)
        column.addWidget(self.list, 1)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.ok = box.addButton(self.tr("Merge"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.ok.setProperty("primary", True)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        column.addWidget(box)
        for other in sorted(themes, key=lambda t: t.name.casefold()):
            if other.id != theme.id:
                item = QListWidgetItem(dot_icon(style.theme(other.colour)), other.name, self.list)
                item.setData(Qt.ItemDataRole.UserRole, other.id)
        self._check()

    def into(self) -> str:
        """The id of the theme that was chosen, or ""."""
        item = self.list.currentItem()
        return "" if item is None or item.isHidden() else str(item.data(Qt.ItemDataRole.UserRole))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Arrow keys in the field move through the list."""
        from PySide6.QtGui import QKeyEvent  # noqa: PLC0415

        if (
            watched is self.filter
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}
        ):
            self.list.setFocus()
            shown = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]
            if shown and self.list.currentRow() not in shown:
                self.list.setCurrentRow(shown[0])
            return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _narrow(self) -> None:
        wanted = fold(self.filter.text().strip()).text
        first: QListWidgetItem | None = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(wanted not in fold(item.text()).text)
            if first is None and not item.isHidden():
                first = item
        self.list.setCurrentRow(self.list.row(first) if first is not None else -1)
        self._check()

    def _check(self) -> None:
        self.ok.setEnabled(bool(self.into()))
