"""What is done with the themes of the whole library: suggesting some, and sharing them with a team."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt

if TYPE_CHECKING:
    from margent.errors import MargentError
    from margent.reading import Reading
    from margent.suggesting import Suggestion
    from margent.ui.session import Session
    from margent.ui.style import Style
    from margent.ui.suggestdialog import SuggestDialog
    from margent.ui.vocabularydialog import VocabularyDialog
    from margent.ui.window import MainWindow
    from margent.vocabulary import Merged


class ThemeWork(QObject):
    """Opens the dialogs, works in workers, and does what was chosen as one change each.

    `dialog` is the dialog that is open, or None.
    """

    def __init__(self, window: MainWindow, session: Session, style: Style) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._style = style
        self.dialog: SuggestDialog | VocabularyDialog | None = None
        session.opened.connect(self._opened)

    def _opened(self, _reading: Reading | None) -> None:
        """Suggestions are for the document that was open."""
        from margent.ui.suggestdialog import SuggestDialog  # noqa: PLC0415

        if isinstance(self.dialog, SuggestDialog):
            self.dialog.reject()

    def _forget(self) -> None:
        self.dialog = None

    # -- suggestions ----------------------------------------------------------------------------------------------

    def suggest(self) -> None:
        """Offer themes for the open document; the page stays within reach meanwhile."""
        from margent.ui.suggestdialog import SuggestDialog  # noqa: PLC0415 - brings in the stemmers

        session, reading = self._session, self._session.reading
        if reading is None or not session.is_ready:
            return
        if isinstance(self.dialog, SuggestDialog):
            self.dialog.activateWindow()
            return
        dialog = self.dialog = SuggestDialog(self._style, reading, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.spanRequested.connect(self._show_span)
        dialog.accepted.connect(lambda: session.do(dialog.change()))
        dialog.finished.connect(self._forget)
        self._place(dialog)
        dialog.show()

        def work() -> list[Suggestion]:
            from margent.suggesting import suggest_in  # noqa: PLC0415

            return suggest_in(session.library, reading.record)

        def done(found: list[Suggestion]) -> None:
            if self.dialog is dialog:
                dialog.show_suggestions(found)

        def failed(error: MargentError) -> None:
            if self.dialog is dialog:
                dialog.fail(str(error))

        session.jobs.run(work, done, failed)

    def _place(self, dialog: SuggestDialog) -> None:
        """At the far side of the window, so that most of the page can be seen."""
        window = self._window.frameGeometry()
        size = dialog.size().boundedTo(self._window.size())
        dialog.resize(size)
        x = window.left() + 16 if self._window.isRightToLeft() else window.right() - size.width() - 16
        dialog.move(QPoint(max(0, x), window.top() + max(0, window.height() - size.height() - 60)))

    def _show_span(self, start: int, end: int) -> None:
        read = self._window.read
        if self._window.view_name != "read":
            self._window.show_article()
        read.reader.select(start, end)
        read.reader.scroll_to(start, "centre")

    # -- vocabularies ---------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Ask for a file and write the themes of the library to it."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        folder = Path.home() / "Documents"
        start = (folder if folder.is_dir() else Path.home()) / self.tr("themes.toml")
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export themes"), str(start), self.tr("Themes (*.toml)")
        )
        if name:
            self.export_to(Path(name) if Path(name).suffix else Path(name).with_suffix(".toml"))

    def export_to(self, path: Path) -> None:
        """Write the themes of the library to a file."""
        library, messages = self._session.library, self._window.messages

        def work() -> int:
            from margent import vocabulary  # noqa: PLC0415

            shared = vocabulary.of_themes(library.theme_list())
            vocabulary.write(path, shared)
            return len(shared.entries)

        def done(count: int) -> None:
            themes = self.tr("%n theme(s)", None, count)
            messages.say(self.tr("Wrote %1 to %2.").replace("%1", themes).replace("%2", str(path)))

        self._session.jobs.run(work, done, lambda error: messages.fail(str(error)))

    def take_in(self) -> None:
        """Ask for a file of themes and show what it would add."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        filters = ";;".join((self.tr("Themes (*.toml)"), self.tr("All files (*)")))
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Import themes"), "", filters)
        if name:
            self.take_in_from(Path(name))

    def take_in_from(self, path: Path) -> None:
        """Show what a file of themes would add, and add it when that is accepted."""
        library, messages = self._session.library, self._window.messages

        def work() -> Merged:
            from margent import vocabulary  # noqa: PLC0415

            return vocabulary.merge(vocabulary.read(path), library.theme_list())

        self._session.jobs.run(
            work, lambda merged: self._preview(path, merged), lambda error: messages.fail(str(error))
        )

    def _preview(self, path: Path, merged: Merged) -> None:
        from margent.ui.vocabularydialog import VocabularyDialog  # noqa: PLC0415 - of this work alone

        dialog = self.dialog = VocabularyDialog(self._style, path.name, merged, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._do(merged))
        dialog.finished.connect(self._forget)
        dialog.open()

    def _do(self, merged: Merged) -> None:
        if merged.change is not None and self._session.do(merged.change):
            new = self.tr("%n new theme(s)", None, len(merged.new))
            more = self.tr("%n with more words", None, len(merged.words))
            text = self.tr("Imported: %1, %2.").replace("%1", new).replace("%2", more)
            self._window.messages.say(text, self._window.actions_by_name["undo"])
