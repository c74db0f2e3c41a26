"""The main window: actions and their menus, the Read and the Brief view, dialogs, and what is dropped on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from margent import edits
from margent.ui.actions import ACTIONS, MENUS
from margent.ui.chrome import MessageBar
from margent.ui.readview import ReadView, menu_button
from margent.ui.tips import on_a_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent
    from PySide6.QtWidgets import QMenu

    from margent.annotations import Annotation, Change, Colour, Kind
    from margent.reading import Reading
    from margent.ui.briefview import BriefView
    from margent.ui.session import Session
    from margent.ui.sidebar import Tab
    from margent.ui.style import Style

_IN_PAGE = {"delete", "copy", "select_all", "copy_quote"}
"""Actions whose keys mean something else in a list or a field; they listen in the page and margin only."""
_SIZE_STEP = 1
_FIRST_SIZE = QSize(1440, 900)
"""The window's size when it is opened for the first time; a screen without room for it is filled instead."""
_FRAME = QSize(16, 48)
"""Allowance for the frame a window manager puts around the window, which nobody knows before it is shown."""


class MainWindow(QMainWindow):
    """Puts the views together and gives every action of the table its handler."""

    def __init__(self, session: Session, style: Style) -> None:
        super().__init__()
        self._session = session
        self._style = style
        self._cramped = QSize()
        self.brief: BriefView | None = None
        self.setObjectName("window")
        self.setWindowTitle("Margent")
        self.setMinimumSize(QSize(720, 480))
        self.setAcceptDrops(True)
        self.actions_by_name: dict[str, QAction] = {}
        """Made when the first page is on the screen."""
        self.read = ReadView(session, style, self.actions_by_name, self)
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.views = QStackedWidget(holder)
        self.views.addWidget(self.read)
        self.messages = MessageBar(style, holder)
        column.addWidget(self.views, 1)
        self.messages.set_floor(self.read.status.maximumHeight())
        self.setCentralWidget(holder)
        session.opened.connect(self._opened)
        session.failed.connect(self.messages.fail)
        session.told.connect(self.messages.say)
        session.damaged.connect(self._damaged)
        session.changed.connect(self._changed)
        session.undo_group.indexChanged.connect(self._name_undo)
        style.changed.connect(self._show_icons)
        self.read.painted.connect(self._make_actions)
        self.read.completed.connect(self._complete)
        self.read.link_requested.connect(self._follow_link)
        self.read.footnote_requested.connect(self._show_footnote)
        self.read.reader.contextMenuRequested.connect(self._show_page_menu)
        self.read.current_changed.connect(self._enable)
        self.read.reader.selectionChanged.connect(self._enable)
        self._restore_geometry()

    # -- actions ----------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        for spec in ACTIONS:
            self.actions_by_name[spec.name] = self._make_action(spec.name)
        for name in _IN_PAGE:
            action = self.actions_by_name[name]
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.read.center.addAction(action)

    def _make_action(self, name: str) -> QAction:
        from PySide6.QtGui import QAction, QKeySequence  # noqa: PLC0415 - not on the way to the first page

        spec = next(action for action in ACTIONS if action.name == name)
        text = QCoreApplication.translate("Actions", spec.text)
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setCheckable(spec.checkable)
        hint = QCoreApplication.translate("Actions", spec.help)
        keys = f"  {action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)}" if spec.keys else ""
        action.setToolTip(f"{text.rstrip('…')}{keys}")
        action.setStatusTip(hint)
        action.setProperty("drawing", spec.icon)
        action.setProperty("view", spec.view)
        action.setMenuRole(
            {
                "quit": QAction.MenuRole.QuitRole,
                "about": QAction.MenuRole.AboutRole,
                "settings": QAction.MenuRole.PreferencesRole,
            }.get(name, QAction.MenuRole.NoRole)
        )
        if name != "recent":
            handler = getattr(self, f"_do_{name}")
            if spec.checkable:
                action.triggered.connect(handler)
            else:
                action.triggered.connect(lambda _=False, call=handler: call())
        if name not in _IN_PAGE:
            self.addAction(action)
        return action

    def _complete(self) -> None:
        """Menus, icons and the rest of the toolbar, once the first page stands."""
        from PySide6.QtGui import QKeySequence  # noqa: PLC0415 - not on the way to the first page
        from PySide6.QtWidgets import QMenu  # noqa: PLC0415

        actions = self.actions_by_name
        self._recent = QMenu(actions["recent"].text(), self)
        self._recent.aboutToShow.connect(self._fill_recent)
        self.main_menu = QMenu(self)
        for title in MENUS:
            menu = self.main_menu.addMenu(QCoreApplication.translate("Menus", title))
            for spec in ACTIONS:
                if spec.menu != title:
                    continue
                if spec.divider:
                    menu.addSeparator()
                if spec.name == "recent":
                    menu.addMenu(self._recent)
                else:
                    menu.addAction(actions[spec.name])
        button = menu_button("", self.tr("Menu"))
        button.setObjectName("menubutton")
        button.setToolTip(self.tr("Menu  F10"))
        button.setMenu(self.main_menu)
        button.setShortcut(QKeySequence("F10"))
        self._menu_button = button
        self.read.toolbar.add_left(button)
        documents = menu_button(self.tr("Documents"), self.tr("Open a document"))
        documents.setToolTip(self.tr("Open a document, or go on with one you read lately"))
        documents.setProperty("menu", True)
        documents.setMenu(self._documents_menu())
        self.read.toolbar.add_left(documents)
        from margent.ui.chrome import IconButton  # noqa: PLC0415 - read with the view

        self.read.toolbar.add_left(
            IconButton(self._style, "panel-left", actions["sidebar"].text(), action=actions["sidebar"])
        )
        actions["sidebar"].setChecked(self._session.settings.sidebar)
        actions["margin"].setChecked(self._session.settings.margin)
        if self.read.sidebar is not None:
            self.read.sidebar.passageChanged.connect(self._enable)
            self.read.sidebar.themeChosen.connect(self._enable)
        self._show_icons()
        self._name_undo()
        self._enable()

    def _documents_menu(self) -> QMenu:
        from PySide6.QtWidgets import QMenu  # noqa: PLC0415 - not on the way to the first page

        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill_documents(menu))
        return menu

    def _fill_documents(self, menu: QMenu) -> None:
        menu.clear()
        menu.addAction(self.actions_by_name["open"])
        menu.addSeparator()
        self._add_recent(menu)

    def _fill_recent(self) -> None:
        self._recent.clear()
        self._add_recent(self._recent)

    def _add_recent(self, menu: QMenu) -> None:
        records = self._session.recent()
        here = self._session.reading.record.id if self._session.reading is not None else ""
        for record in records:
            item = menu.addAction(on_a_line(record.title).replace("&", "&&") or self.tr("Untitled"))
            item.setCheckable(True)
            item.setChecked(record.id == here)
            item.triggered.connect(lambda _=False, key=record.id: self.show_document(key))
        if not records:
            menu.addAction(self.tr("Nothing read yet")).setEnabled(False)

    def _show_icons(self) -> None:
        from margent.annotations import COLOURS  # noqa: PLC0415 - with the menus
        from margent.ui.cardtools import disc  # noqa: PLC0415

        for action in self.actions_by_name.values():
            if action.property("drawing"):
                action.setIcon(self._style.icon(action.property("drawing")))
        for colour in COLOURS if self.actions_by_name else ():
            fill, edge = self._style.mark(colour), self._style.mark_strong(colour)
            self.actions_by_name[colour].setIcon(disc(fill, edge, self._style.px(16)))
        if hasattr(self, "_menu_button"):
            self._menu_button.setIcon(self._style.icon("menu"))

    def _name_undo(self) -> None:
        if not self.actions_by_name:
            return
        stack = self._session.undo_group
        for name, can, text in (
            ("undo", stack.canUndo(), stack.undoText()),
            ("redo", stack.canRedo(), stack.redoText()),
        ):
            action = self.actions_by_name[name]
            spec = next(a for a in ACTIONS if a.name == name)
            plain = QCoreApplication.translate("Actions", spec.text)
            action.setText(f"{plain}: {text}" if text else plain)
            action.setToolTip(f"{action.text()}  {action.shortcut().toString()}")
            action.setEnabled(can)

    def _enable(self) -> None:
        if not self.actions_by_name:
            return
        reading = self._session.reading
        in_read = self.views.currentWidget() is self.read
        current = self.read.current is not None
        selected = self.read.reader.selection() is not None
        either = {
            "yellow", "green", "blue", "pink", "purple", "underline", "note", "question", "action", "position", "theme",
        }  # fmt: skip
        need = dict.fromkeys(either, current or selected)
        need |= dict.fromkeys(("reply", "private", "delete"), current)
        need |= dict.fromkeys(("copy", "copy_quote"), selected or current)
        passages = self.read.sidebar is not None and self.read.sidebar.has_passages()
        need |= dict.fromkeys(("next_passage", "previous_passage"), passages)
        marked = reading is not None and any(a.state != "orphaned" for a in reading.annotations.values())
        need |= dict.fromkeys(("next_note", "previous_note"), marked)
        need["done"] = self.read.current is not None and self.read.current.is_task
        for spec in ACTIONS:
            if spec.name in {"undo", "redo"}:
                continue
            fits = not spec.view or (spec.view == "read") == in_read
            if spec.view and reading is None:
                fits = False
            self.actions_by_name[spec.name].setEnabled(fits and need.get(spec.name, True))

    # -- what the session says --------------------------------------------------------------------------------

    def _opened(self, reading: Reading | None) -> None:
        title = on_a_line(reading.record.title) if reading is not None else ""
        self.setWindowTitle(f"{title} — Margent" if title else "Margent")
        if self.brief is not None and self.views.currentWidget() is not self.read:
            self._do_article()
        self._enable()
        self._name_undo()

    def _changed(self, _change: object) -> None:
        self.messages.outdate()
        self._enable()

    def _damaged(self, error: object) -> None:
        from margent.library.errors import DamagedLibraryError  # noqa: PLC0415 - rare
        from margent.ui.recovery import recover, refuse  # noqa: PLC0415

        if not isinstance(error, DamagedLibraryError):
            refuse(self, str(error))
            QTimer.singleShot(0, self.close)
        elif recover(self, self._session.folders.library, str(error)):
            self._session.start()
        else:
            QTimer.singleShot(0, self.close)

    def show_document(self, document: str) -> None:
        """Read a document of the library, in the Read view."""
        self.flush()
        if self.views.currentWidget() is not self.read:
            self._do_article()
        self._session.open_document(document)

    # -- file -------------------------------------------------------------------------------------------------

    def _do_open(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        names, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Open"),
            "",
            self.tr("Texts (*.md *.markdown *.txt *.text);;All files (*)"),
        )
        if names:
            self.open_files([Path(name) for name in names])

    def open_files(self, paths: list[Path]) -> None:
        """Bring files into the library and read the last of them."""
        self.flush()
        self._session.import_files(paths)

    def _do_brief(self) -> None:
        reading = self._session.reading
        if reading is None:
            return
        self.flush()
        if self.brief is None:
            from margent.ui.briefview import BriefView  # noqa: PLC0415

            self.brief = BriefView(self._session, self._style, self.actions_by_name, self)
            self.views.addWidget(self.brief)
            self.brief.failed.connect(self.messages.fail)
            self.brief.said.connect(self.messages.say)
        self.brief.open(reading)
        self.views.setCurrentWidget(self.brief)
        self.brief.points.setFocus()
        self._enable()

    def _do_article(self) -> None:
        self.views.setCurrentWidget(self.read)
        self.read.reader.setFocus()
        self._enable()

    def _do_export(self) -> None:
        if self.brief is not None:
            self.brief.export()

    def _do_copy_brief(self) -> None:
        if self.brief is not None:
            self.brief.copy()

    def _do_bin(self) -> None:
        from margent.ui.bindialog import BinDialog  # noqa: PLC0415

        titles = {record.id: record.title for record in self._session.library.records()}
        dialog = BinDialog(self._style, self._session.bin(), titles, self)
        dialog.changeRequested.connect(self._session.do)
        self._session.changed.connect(dialog.refresh)
        dialog.exec()

    def _do_backup(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        from margent.library.backup import back_up_to  # noqa: PLC0415

        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Back up now"), str(Path.home() / "margent-library.db"), self.tr("Library (*.db)")
        )
        if not name:
            return
        self.flush()
        folder, target = self._session.folders.library, Path(name)
        self._session.jobs.run(
            lambda: back_up_to(folder, target, replace=True),
            lambda _: self.messages.say(self.tr("The library was copied to %1 and checked.").replace("%1", name)),
            lambda error: self.messages.fail(str(error)),
        )

    def _do_settings(self) -> None:
        from margent.ui.settingsdialog import SettingsDialog  # noqa: PLC0415

        dialog = SettingsDialog(self._session.settings, self._session.folders, self)
        if dialog.exec():
            self._session.set_settings(dialog.settings())

    def _do_quit(self) -> None:
        self.close()

    # -- edit -------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write what is being typed, now."""
        if self.read.margin is not None:
            self.read.margin.flush()
        if self.brief is not None:
            self.brief.keep()

    def _do_undo(self) -> None:
        self.flush()
        self._walk(self._session.undo_group.undo)

    def _do_redo(self) -> None:
        self.flush()
        self._walk(self._session.undo_group.redo)

    def _walk(self, step: Callable[[], None]) -> None:
        """Go one step through what was done, and to where it shows: nothing changes out of sight."""
        changes: list[Change] = []
        self._session.changed.connect(changes.append)
        step()
        self._session.changed.disconnect(changes.append)
        if changes and self.views.currentWidget() is self.read:
            self.read.show_change(changes[-1])

    def _do_copy(self) -> None:
        reader = self.read.reader
        current = self.read.current
        if reader.selection() is not None:
            QGuiApplication.clipboard().setText(reader.selected_text())
        elif current is not None:
            QGuiApplication.clipboard().setText(current.exact)

    def _do_copy_quote(self) -> None:
        reading = self._session.reading
        span = self.read.reader.selection()
        current = self.read.current
        if span is None and current is not None:
            span = (current.start, current.end)
        if reading is None or span is None:
            return
        from margent.brief.points import quotation  # noqa: PLC0415

        QGuiApplication.clipboard().setText(quotation(reading, *span))
        self.read.reader.clear_selection()
        self.messages.say(self.tr("The quotation is on the clipboard, with its source."))

    def _do_select_all(self) -> None:
        if self._session.reading is not None:
            self.read.reader.select(0, len(self._session.reading.document.text))

    def _do_find(self) -> None:
        self.read.complete()
        if self.read.finding is not None:
            self.read.finding.begin(self.read.reader.place(), self.read.reader.selected_text())

    def _find_step(self, by: int) -> None:
        self.read.complete()
        if self.read.finding is not None and self.read.finding.edit.text().strip():
            self.read.finding.step(by)
        else:
            self._do_find()

    def _do_find_next(self) -> None:
        self._find_step(1)

    def _do_find_previous(self) -> None:
        self._find_step(-1)

    # -- annotate ---------------------------------------------------------------------------------------------

    def _colour(self, colour: Colour) -> None:
        if self.read.mark(colour=colour):
            self._session.set_settings(replace(self._session.settings, colour=colour))
        elif (current := self.read.current) is not None:
            change = edits.set_colour([current], colour)
            if current.style == "underline":
                change = change.then(edits.set_style([replace(current, colour=colour)], "highlight"))
            self._session.do(change)

    def _do_yellow(self) -> None:
        self._colour("yellow")

    def _do_green(self) -> None:
        self._colour("green")

    def _do_blue(self) -> None:
        self._colour("blue")

    def _do_pink(self) -> None:
        self._colour("pink")

    def _do_purple(self) -> None:
        self._colour("purple")

    def _do_underline(self) -> None:
        if not self.read.mark(style="underline") and (current := self.read.current) is not None:
            other = "highlight" if current.style == "underline" else "underline"
            self._session.do(edits.set_style([current], other))  # type: ignore[arg-type]

    def _do_note(self) -> None:
        made = self.read.mark()
        current = self.read.current
        if made or current is not None:
            self.read.edit_note(made or (current.id if current is not None else ""))

    def _kind(self, kind: Kind) -> None:
        made = self.read.mark(kind=kind)
        if made:
            self.read.edit_note(made)
        elif (current := self.read.current) is not None:
            self._session.do(edits.set_kind([current], "note" if current.kind == kind else kind))

    def _do_question(self) -> None:
        self._kind("question")

    def _do_action(self) -> None:
        self._kind("action")

    def _do_position(self) -> None:
        self._kind("position")

    def _do_theme(self) -> None:
        from margent.ui.thememenu import ThemeMenu  # noqa: PLC0415

        self.read.mark()
        current, reading = self.read.current, self._session.reading
        if current is None or reading is None:
            return
        menu = ThemeMenu(self._style, reading, [current.id], self)
        menu.changeRequested.connect(self._session.do)
        self._session.changed.connect(menu.refresh)
        rect = self.read.reader.rect_of(current.start, current.end)
        near = QPoint(0, 6)
        menu.popup(self.read.reader.viewport().mapToGlobal(rect.bottomLeft() + near), clear=rect.height() + 12)

    def _do_reply(self) -> None:
        current = self.read.current
        if current is not None and self.read.margin is not None:
            self.read.go_to_annotation(current.id)
            self.read.margin.reply(current.id)

    def _do_done(self) -> None:
        current = self.read.current
        if current is not None and current.is_task:
            self._session.do(edits.set_done([current], not current.done))

    def _do_private(self) -> None:
        if (current := self.read.current) is not None:
            self._session.do(edits.set_private([current], not current.private))

    def _do_delete(self) -> None:
        self.flush()
        current: Annotation | None = self.read.current
        if current is not None and self._session.do(edits.delete([current])):
            self.messages.say(self.tr("Deleted. It is in the bin."), self.actions_by_name["undo"])

    # -- view -------------------------------------------------------------------------------------------------

    def _do_sidebar(self, shown: bool) -> None:
        self.read.set_sidebar_shown(shown)
        self._session.set_settings(replace(self._session.settings, sidebar=shown))

    def _do_margin(self, shown: bool) -> None:
        self._session.set_settings(replace(self._session.settings, margin=shown))

    def _size(self, size: int) -> None:
        from margent.settings import within  # noqa: PLC0415

        self._session.set_settings(within(replace(self._session.settings, size=size)))

    def _do_larger(self) -> None:
        self._size(self._session.settings.size + _SIZE_STEP)

    def _do_smaller(self) -> None:
        self._size(self._session.settings.size - _SIZE_STEP)

    def _do_normal(self) -> None:
        from margent.settings import Settings  # noqa: PLC0415

        self._size(Settings().size)

    def _do_typography(self) -> None:
        from margent.ui.typography import TypographyPopover  # noqa: PLC0415

        popover = TypographyPopover(self._style, self._session.settings, self)
        popover.changed.connect(self._session.set_settings)
        bar = self.brief if self.brief is not None and self.brief.isVisible() else self.read
        rtl = self.isRightToLeft()
        corner = QPoint(12 if rtl else bar.width() - 12, 44 + 4)
        popover.popup(bar.mapToGlobal(corner), align_right=not rtl)

    def _do_caret(self, on: bool) -> None:
        self.read.reader.set_caret_browsing(on)
        self.read.reader.setFocus()

    def _do_full_screen(self, on: bool) -> None:
        full = Qt.WindowState.WindowFullScreen
        # The other states stay: a window that filled the screen before does so again afterwards.
        self.setWindowState(self.windowState() | full if on else self.windowState() & ~full)

    # -- go ---------------------------------------------------------------------------------------------------

    def _tab(self, name: Tab) -> None:
        if not self.actions_by_name["sidebar"].isChecked():
            self.actions_by_name["sidebar"].trigger()
        if self.read.sidebar is not None:
            self.read.sidebar.show_tab(name)
            self.read.sidebar.setFocus()

    def _do_themes_tab(self) -> None:
        self._tab("themes")

    def _do_contents_tab(self) -> None:
        self._tab("contents")

    def _do_notes_tab(self) -> None:
        self._tab("notes")

    def _do_next_note(self) -> None:
        self.read.step_annotation(1)

    def _do_previous_note(self) -> None:
        self.read.step_annotation(-1)

    def _do_next_passage(self) -> None:
        if self.read.sidebar is not None:
            self.read.sidebar.step_passage(1)

    def _do_previous_passage(self) -> None:
        if self.read.sidebar is not None:
            self.read.sidebar.step_passage(-1)

    def _do_next_pane(self) -> None:
        panes = [
            pane
            for pane in (self.read.sidebar, self.read.reader, self.read.margin)
            if pane is not None and pane.isVisible()
        ]
        focus = self.focusWidget()
        here = next((n for n, pane in enumerate(panes) if focus and (pane is focus or pane.isAncestorOf(focus))), -1)
        if panes:
            panes[(here + 1) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    # -- help -------------------------------------------------------------------------------------------------

    def _do_shortcuts(self) -> None:
        from margent.ui.shortcutsheet import ShortcutSheet  # noqa: PLC0415

        ShortcutSheet(self).exec()

    def _do_guide(self) -> None:
        from margent.importing import GUIDE  # noqa: PLC0415

        self.show_document(GUIDE)

    def _do_about(self) -> None:
        from margent.ui.about import about  # noqa: PLC0415

        about(self, self._session.folders)

    # -- links and footnotes ----------------------------------------------------------------------------------

    def _show_page_menu(self, at: QPoint, _position: int) -> None:
        from margent.ui.pagemenu import page_menu  # noqa: PLC0415

        reader = self.read.reader
        found = reader.annotation_at(reader.viewport().mapFromGlobal(at)) if reader.selection() is None else ""
        if found:
            self.read.set_current(found)
        menu = page_menu(self.actions_by_name, self, marking=bool(found) or reader.selection() is not None)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _follow_link(self, address: str) -> None:
        if self._session.settings.ask_links:
            from margent.ui.linkdialog import may_open  # noqa: PLC0415

            if not may_open(self, address):
                return
        from PySide6.QtCore import QUrl  # noqa: PLC0415 - together 1 ms, and most pages' links are never followed
        from PySide6.QtGui import QDesktopServices  # noqa: PLC0415

        QDesktopServices.openUrl(QUrl(address))

    def _show_footnote(self, label: str, anchor: QRect) -> None:
        from margent.ui.footnote import show_footnote  # noqa: PLC0415

        if self._session.reading is not None:
            show_footnote(self._style, self.read.reader, self._session.reading.document, label, anchor)

    # -- the window itself ------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files that are dropped are brought into the library."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_files(paths)

    def showEvent(self, event: QShowEvent) -> None:
        """A screen that has no room for the first size is filled."""
        if self._cramped == self.size():
            self._cramped = QSize()
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
        super().showEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that nothing else wanted closes the message, then ends the showing of a theme."""
        sidebar = self.read.sidebar
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.messages.text():
            self.messages.dismiss()
        elif sidebar is not None and sidebar.passage_label():
            sidebar.choose_theme("")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Everything is on disk before the window goes, or the reader says that it may be lost."""
        self.flush()
        unsaved = self.read.margin.unsaved() if self.read.margin is not None else []
        if unsaved:
            from margent.ui.unsaved import may_lose  # noqa: PLC0415 - rare

            if not may_lose(self, unsaved):
                event.ignore()
                return
        settings = self._session.settings
        if self.read.sidebar is not None and settings.sidebar:
            self._session.set_settings(replace(settings, sidebar_width=self.read.sidebar_width()))
        self._state().setValue("geometry", self.saveGeometry())
        self._session.close()
        event.accept()

    def _state(self) -> QSettings:
        from PySide6.QtCore import QSettings  # noqa: PLC0415 - a first start has nothing to read

        return QSettings(str(self._session.folders.config / "window.ini"), QSettings.Format.IniFormat)

    def _restore_geometry(self) -> None:
        path = self._session.folders.config / "window.ini"
        if not path.exists() or not self.restoreGeometry(self._state().value("geometry")):
            screen = QGuiApplication.primaryScreen().availableSize()
            room = QSize(screen.width() - _FRAME.width(), screen.height() - _FRAME.height())
            self.resize(_FIRST_SIZE.boundedTo(room))
            self._cramped = self.size() if self.size() != _FIRST_SIZE else QSize()
