"""What can be done with a theme, besides choosing it: its menu, and the dialogs that this opens."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from margent import edits
from margent.annotations import THEME_COLOURS, Theme, ThemeColour
from margent.folding import fold
from margent.themes import Suggester
from margent.ui.style import Style
from margent.ui.themedialog import MergeDialog, ThemeDialog, colour_name, dot_icon

if TYPE_CHECKING:
    from margent.reading import Reading


class ThemeTools(QObject):
    """Makes, changes, merges and deletes themes of the open document. `dialog` is the one that is open, or None.

    `made` carries the id of a theme right before the Change that makes it is asked for, `nameWanted` that of one
    whose name is to be edited where it stands.
    """

    changeRequested = Signal(object)
    mergeRequested = Signal(str, str)
    nameWanted = Signal(str)
    made = Signal(str)

    def __init__(self, style: Style, window: QWidget) -> None:
        super().__init__(window)
        self._style = style
        self._window = window
        self._suggest = Suggester()
        self.reading: Reading | None = None
        self.dialog: QDialog | None = None

    def theme(self, theme: str) -> Theme | None:
        """A theme by its id."""
        return self.reading.themes.get(theme) if self.reading is not None else None

    def fill(self, menu: QMenu, theme: Theme) -> None:
        """Put into a menu what can be done with a theme."""
        icon, key = self._style.icon, theme.id
        menu.addAction(icon("pencil"), self.tr("Rename"), lambda: self.nameWanted.emit(key))
        colours = menu.addMenu(icon("palette"), self.tr("Colour"))
        for colour in THEME_COLOURS:
            action = colours.addAction(dot_icon(self._style.theme(colour)), colour_name(colour))
            action.setCheckable(True)
            action.setChecked(colour == theme.colour)
            action.triggered.connect(lambda _=False, c=colour: self.recolour(key, c))
        menu.addAction(icon("tags"), self.tr("Signal words…"), lambda: self.edit(key))
        merge = menu.addAction(icon("merge"), self.tr("Merge into…"), lambda: self.merge(key))
        merge.setEnabled(self.reading is not None and len(self.reading.themes) > 1)
        menu.addSeparator()
        menu.addAction(icon("trash-2"), self.tr("Delete theme"), lambda: self.delete(key))

    def rename(self, theme: str, name: str) -> bool:
        """Ask for another name; False when another theme has it."""
        value = self.theme(theme)
        if value is None or self.reading is None:
            return True
        wanted = fold(name).text
        if any(other.id != theme and fold(other.name).text == wanted for other in self.reading.themes.values()):
            return False
        self.changeRequested.emit(edits.rename_theme(value, name))
        return True

    def recolour(self, theme: str, colour: ThemeColour) -> None:
        """Ask for another colour."""
        value = self.theme(theme)
        if value is not None and value.colour != colour:
            self.changeRequested.emit(edits.recolour_theme(value, colour))

    def delete(self, theme: str) -> None:
        """Ask for a theme to be put away."""
        value = self.theme(theme)
        if value is not None:
            self.changeRequested.emit(edits.delete_theme(value))

    def new(self) -> None:
        """Open a dialog for a new theme."""
        self._ask(None)

    def edit(self, theme: str) -> None:
        """Open a dialog for another name, colour or other signal words."""
        value = self.theme(theme)
        if value is not None:
            self._ask(value)

    def merge(self, theme: str) -> None:
        """Open a dialog that asks which theme this one is to become part of."""
        value = self.theme(theme)
        if value is None or self.reading is None:
            return
        dialog = MergeDialog(self._style, value, self.reading.themes.values(), self._window)
        self._show(dialog, lambda: self.mergeRequested.emit(theme, dialog.into()))

    def _ask(self, theme: Theme | None) -> None:
        if self.reading is not None:
            dialog = ThemeDialog(self._style, self.reading.themes.values(), self._count, theme, self._window)
            self._show(dialog, lambda: self._answered(dialog, new=theme is None))

    def _answered(self, dialog: ThemeDialog, *, new: bool) -> None:
        change = dialog.change()
        if change is None:
            return
        if new:
            self.made.emit(next(iter(change.after)))
        self.changeRequested.emit(change)

    def _show(self, dialog: QDialog, accepted: Callable[[], object]) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(accepted)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def _count(self, theme: Theme) -> int:
        return len(self._suggest(self.reading.document, theme)) if self.reading is not None else 0
