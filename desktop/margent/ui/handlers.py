"""What each action of the table does, apart from annotating. Read when the first page stands."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication

from margent.settings import Settings, within
from margent.ui.annotating import Annotating

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from margent.annotations import Change, Status
    from margent.ui.session import Session
    from margent.ui.sidebar import Tab
    from margent.ui.style import Style
    from margent.ui.window import MainWindow

_SIZE_STEP = 1
_POPOVER = QPoint(12, 48)
"""From the view's trailing corner to that of what opens under the toolbar there, in pixels."""


class Handlers(QObject):
    """The handlers of a window, by the names of actions; the dialogs they open are read with their first use."""

    def __init__(self, window: MainWindow, session: Session, style: Style) -> None:
        super().__init__(window)
        self._window = window
        self._read = window.read
        self._session = session
        self._style = style

    def table(self) -> dict[str, Callable[..., None]]:
        """What each action does, by its name; one that can be checked is told whether it is."""
        return {
            **self._file(),
            **self._edit(),
            **Annotating(self._window, self._session, self._style).table(),
            **self._themes(),
            **self._view(),
            **self._go(),
            **self._help(),
        }

    # -- file -------------------------------------------------------------------------------------------------

    def _file(self) -> dict[str, Callable[..., None]]:
        return {
            "open": self._open,
            "open_folder": self._open_folder,
            "paste_document": self._paste_document,
            "library": self._window.show_library,
            "new_revision": self._new_revision,
            "revisions": self._revisions,
            "whole_page": self._whole_page,
            "brief": self._window.show_brief,
            "article": self._window.show_article,
            "export": self._export,
            "copy_brief": self._copy_brief,
            "send": self._send,
            "take_in": self._take_in,
            "bin": self._bin,
            "backup": self._backup,
            "settings": self._settings,
            "quit": self._quit,
        }

    def _open(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        from margent.formats import SUFFIXES  # noqa: PLC0415

        kinds = " ".join(f"*{suffix}" for suffix in (*SUFFIXES, ".zip"))
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Open"),
            "",
            ";;".join((self.tr("Documents (%1)").replace("%1", kinds), self.tr("All files (*)"))),
        )
        if names:
            self._window.open_files([Path(name) for name in names])

    def _new_revision(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        from margent.formats import SUFFIXES  # noqa: PLC0415

        kinds = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("New revision from file"),
            "",
            ";;".join((self.tr("Documents (%1)").replace("%1", kinds), self.tr("All files (*)"))),
        )
        if name:
            self._window.flush()
            self._window.revisions.from_file(Path(name))

    def _whole_page(self) -> None:
        reading = self._session.reading
        if reading is not None:
            self._window.flush()
            self._window.revisions.whole_page(reading.record.id)

    def _revisions(self) -> None:
        self._window.flush()
        self._window.history.list()

    def _open_folder(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        name = QFileDialog.getExistingDirectory(self._window, self.tr("Open folder"))
        if name:
            self._window.open_files([Path(name)])

    def _paste_document(self) -> None:
        from margent.ui.pasting import given  # noqa: PLC0415

        items = given(QGuiApplication.clipboard().mimeData())
        if items:
            self._window.open_files(items)
        else:
            self._window.messages.fail(self.tr("There is no text and no file on the clipboard."))

    def _export(self) -> None:
        if self._window.brief is not None:
            self._window.brief.export()

    def _copy_brief(self) -> None:
        if self._window.brief is not None:
            self._window.brief.copy()

    def _send(self) -> None:
        self._window.flush()
        self._window.exchanges.send()

    def _take_in(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        kinds = "*.margent *.md *.annotations *.annotation *.jsonld *.json *.csv *.txt"
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Take in annotations"),
            "",
            ";;".join((self.tr("Annotations (%1)").replace("%1", kinds), self.tr("All files (*)"))),
        )
        if names:
            self._window.flush()
            self._window.exchanges.take_in([Path(name) for name in names])

    def _bin(self) -> None:
        from margent.ui.bindialog import BinDialog  # noqa: PLC0415

        titles = {record.id: record.title for record in self._session.library.records()}
        dialog = BinDialog(self._style, self._session.bin(), titles, self._window)
        dialog.changeRequested.connect(self._session.do)
        self._session.changed.connect(dialog.refresh)
        dialog.exec()
        dialog.deleteLater()

    def _backup(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        from margent.library.backup import back_up_to  # noqa: PLC0415

        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Back up now"), str(Path.home() / "margent-library.db"), self.tr("Library (*.db)")
        )
        if not name:
            return
        self._window.flush()
        folder, target, messages = self._session.folders.library, Path(name), self._window.messages
        self._session.jobs.run(
            lambda: back_up_to(folder, target, replace=True),
            lambda _: messages.say(self.tr("The library was copied to %1 and checked.").replace("%1", name)),
            lambda error: messages.fail(str(error)),
        )

    def _settings(self) -> None:
        from margent.ui.settingsdialog import SettingsDialog  # noqa: PLC0415

        dialog = SettingsDialog(self._session.settings, self._session.folders, self._window)
        if dialog.exec():
            self._session.set_settings(dialog.settings())
        dialog.deleteLater()

    def _quit(self) -> None:
        self._window.close()

    # -- edit -------------------------------------------------------------------------------------------------

    def _edit(self) -> dict[str, Callable[..., None]]:
        undone = self._session.undo_group
        return {
            "undo": partial(self._walk, undone.undo),
            "redo": partial(self._walk, undone.redo),
            "copy": self._copy,
            "copy_quote": self._copy_quote,
            "select_all": self._select_all,
            "find": self._find,
            "search_library": self._search_library,
            "find_next": partial(self._find_step, 1),
            "find_previous": partial(self._find_step, -1),
            "to_read": partial(self._mark, "to_read"),
            "reading": partial(self._mark, "reading"),
            "finished": partial(self._mark, "finished"),
            "as_read": partial(self._mark, ""),
        }

    def _mark(self, status: Status) -> None:
        self._window.library().view.doing.set_status(status)

    def _walk(self, step: Callable[[], None]) -> None:
        """Go one step through what was done, and to where it shows: nothing changes out of sight."""
        self._window.flush()
        changes: list[Change] = []
        self._session.changed.connect(changes.append)
        step()
        self._session.changed.disconnect(changes.append)
        if changes and self._window.views.currentWidget() is self._read:
            self._read.show_change(changes[-1])

    def _copy(self) -> None:
        reader = self._read.reader
        current = self._read.current
        if reader.selection() is not None:
            QGuiApplication.clipboard().setText(reader.selected_text())
        elif current is not None:
            QGuiApplication.clipboard().setText(current.exact)

    def _copy_quote(self) -> None:
        reading = self._session.reading
        span = self._read.reader.selection()
        current = self._read.current
        if span is None and current is not None:
            span = (current.start, current.end)
        if reading is None or span is None:
            return
        from margent.brief.points import quotation  # noqa: PLC0415

        QGuiApplication.clipboard().setText(quotation(reading, *span))
        self._read.reader.clear_selection()
        self._window.messages.say(self.tr("The quotation is on the clipboard, with its source."))

    def _select_all(self) -> None:
        if self._session.reading is not None:
            self._read.reader.select(0, len(self._session.reading.document.text))

    def _find(self) -> None:
        self._read.complete()
        if self._read.finding is not None:
            self._read.finding.begin(self._read.reader.place(), self._read.reader.selected_text())

    def _search_library(self) -> None:
        self._window.library().search()

    def _find_step(self, by: int) -> None:
        self._read.complete()
        if self._read.finding is not None and self._read.finding.edit.text().strip():
            self._read.finding.step(by)
        else:
            self._find()

    # -- themes -----------------------------------------------------------------------------------------------

    def _themes(self) -> dict[str, Callable[..., None]]:
        return {
            "suggest_themes": self._suggest_themes,
            "dossier": self._dossier,
            "import_themes": self._import_themes,
            "export_themes": self._export_themes,
        }

    def _suggest_themes(self) -> None:
        self._window.themes.suggest()

    def _import_themes(self) -> None:
        self._window.themes.take_in()

    def _export_themes(self) -> None:
        self._window.themes.export()

    def _dossier(self) -> None:
        """Of the theme that is chosen where one looks."""
        window, sidebar = self._window, self._read.sidebar
        if window.view_name == "library":
            theme = window.library().view.theme()
        else:
            theme = sidebar.themes.chosen() if sidebar is not None else ""
        if theme:
            window.library().show_dossier(theme)
        else:
            window.messages.say(self.tr("Choose a theme first."))

    # -- view -------------------------------------------------------------------------------------------------

    def _view(self) -> dict[str, Callable[..., None]]:
        return {
            "sidebar": self._sidebar,
            "margin": self._margin,
            "shelves": self._shelves,
            "one_text": self._one_text,
            "larger": lambda: self._size(self._session.settings.size + _SIZE_STEP),
            "smaller": lambda: self._size(self._session.settings.size - _SIZE_STEP),
            "normal": lambda: self._size(Settings().size),
            "typography": self._typography,
            "caret": self._caret,
            "full_screen": self._full_screen,
        }

    def _sidebar(self, shown: bool) -> None:
        self._read.set_sidebar_shown(shown)
        self._session.set_settings(replace(self._session.settings, sidebar=shown))

    def _one_text(self) -> None:
        self._window.history.toggle_inline()

    def _shelves(self) -> None:
        self._window.library().view.toggle_side()

    def _margin(self, shown: bool) -> None:
        self._session.set_settings(replace(self._session.settings, margin=shown))

    def _size(self, size: int) -> None:
        self._session.set_settings(within(replace(self._session.settings, size=size)))

    def _typography(self) -> None:
        from margent.ui.typography import TypographyPopover  # noqa: PLC0415

        popover = TypographyPopover(self._style, self._session.settings, self._window)
        popover.changed.connect(self._session.set_settings)
        view = self._window.views.currentWidget() or self._read
        rtl = self._window.isRightToLeft()
        corner = QPoint(_POPOVER.x() if rtl else view.width() - _POPOVER.x(), _POPOVER.y())
        popover.popup(view.mapToGlobal(corner), align_right=not rtl)

    def _caret(self, on: bool) -> None:
        self._read.reader.set_caret_browsing(on)
        self._read.reader.setFocus()

    def _full_screen(self, on: bool) -> None:
        full, states = Qt.WindowState.WindowFullScreen, self._window.windowState()
        # The other states stay: a window that filled the screen before does so again afterwards.
        self._window.setWindowState(states | full if on else states & ~full)

    # -- go ---------------------------------------------------------------------------------------------------

    def _go(self) -> dict[str, Callable[..., None]]:
        return {
            "themes_tab": partial(self._tab, "themes"),
            "contents_tab": partial(self._tab, "contents"),
            "notes_tab": partial(self._tab, "notes"),
            "next_note": partial(self._read.step_annotation, 1),
            "previous_note": partial(self._read.step_annotation, -1),
            "next_check": partial(self._read.step_check, 1),
            "previous_check": partial(self._read.step_check, -1),
            "next_change": lambda: self._window.history.step(1),
            "previous_change": lambda: self._window.history.step(-1),
            "next_passage": partial(self._step_passage, 1),
            "previous_passage": partial(self._step_passage, -1),
            "next_pane": self._next_pane,
        }

    def _tab(self, name: Tab) -> None:
        sidebar = self._window.actions_by_name["sidebar"]
        if not sidebar.isChecked():
            sidebar.trigger()
        if self._read.sidebar is not None:
            self._read.sidebar.show_tab(name)
            self._read.sidebar.setFocus()

    def _step_passage(self, by: int) -> None:
        if self._read.sidebar is not None:
            self._read.sidebar.step_passage(by)

    def _next_pane(self) -> None:
        panes: list[QWidget] = [
            pane
            for pane in (self._read.sidebar, self._read.reader, self._read.margin)
            if pane is not None and pane.isVisible()
        ]
        if self._window.view_name == "library":
            panes = self._window.library().view.panes()
        focus = self._window.focusWidget()
        here = next((n for n, pane in enumerate(panes) if focus and (pane is focus or pane.isAncestorOf(focus))), -1)
        if panes:
            panes[(here + 1) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    # -- help -------------------------------------------------------------------------------------------------

    def _help(self) -> dict[str, Callable[..., None]]:
        return {"shortcuts": self._shortcuts, "guide": self._guide, "about": self._about}

    def _shortcuts(self) -> None:
        from margent.ui.shortcutsheet import ShortcutSheet  # noqa: PLC0415

        sheet = ShortcutSheet(self._window)
        sheet.exec()
        sheet.deleteLater()

    def _guide(self) -> None:
        from margent.importing import GUIDE  # noqa: PLC0415

        self._window.show_document(GUIDE)

    def _about(self) -> None:
        from margent.ui.about import about  # noqa: PLC0415

        about(self._window, self._session.folders)
