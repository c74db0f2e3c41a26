"""The whole window as a keyboard and a screen reader meet it: names, tab order, and texts that can be translated."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from margent import edits
from margent.settings import folders
from margent.ui.app import Program
from margent.ui.bindialog import BinDialog
from margent.ui.libraryview import LibraryView
from margent.ui.metadatadialog import MetadataDialog
from margent.ui.settingsdialog import SettingsDialog
from margent.ui.shortcutsheet import ShortcutSheet
from margent.ui.themedialog import MergeDialog, ThemeDialog

Start = Callable[..., Program]

SOURCES = sorted((Path(__file__).resolve().parents[2] / "desktop/margent/ui").glob("*.py"))


class Marked(QTranslator):
    """Puts ⟦ ⟧ round the texts that a translator would find, and round no others."""

    def __init__(self, known: set[tuple[str, str]]) -> None:
        super().__init__()
        self.known = known

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"⟦{source}⟧" if (context, source) in self.known else None  # type: ignore[return-value]

    def isEmpty(self) -> bool:  # noqa: N802 - as Qt calls it
        return False


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    if shutil.which("pyside6-lupdate") is None:
        pytest.skip("lupdate is not installed")
    target = tmp_path_factory.mktemp("translations") / "all.ts"
    command = ["pyside6-lupdate", "-silent", "-locations", "none", *map(str, SOURCES), "-ts", str(target)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    return {
        (context.findtext("name") or "", message.findtext("source") or "")
        for context in ET.parse(target).iter("context")
        for message in context.iter("message")
    }


@pytest.fixture
def marked(qapp: QApplication, known: set[tuple[str, str]]) -> Iterator[None]:
    translator = Marked(known)
    assert QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def filled(start: Start, qtbot: QtBot) -> Program:
    """The program with a question, a private note with a reply, and one of them chosen."""
    program = start()
    session = program.session
    reading = session.reading
    assert reading is not None
    for words in ("Oil, gas and minerals", "largest country of Central Asia"):
        at = reading.document.text.index(words)
        session.do(edits.annotate(reading.record, reading.document.text, at, at + len(words), note="7", author="X"))
    first, second = reading.in_order()
    session.do(edits.set_kind([first], "question"))
    session.do(edits.reply(second, "8", author="Y"))
    program.window.read.go_to_annotation(first.id)
    program.window.activateWindow()
    qtbot.waitUntil(lambda: not session.jobs.busy, timeout=5000)
    qtbot.wait(50)
    return program


def children(root: QWidget) -> list[QWidget]:
    return [w for w in (root, *root.findChildren(QWidget)) if w.isVisible() and w.isEnabled()]


def told(widget: QObject) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r} in {type(widget.parent()).__name__}"


def name_of(widget: QWidget) -> str:
    """What a screen reader says: the name that was given, or the words that a button or a labelled field shows."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        return widget.text()
    return ""


def unnamed(root: QWidget) -> list[str]:
    return [
        told(widget)
        for widget in children(root)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.isWindow()
        and widget.focusProxy() is None
        and widget.objectName() != "qt_scrollarea_viewport"
        and not name_of(widget)
    ]


def dumb_buttons(root: QWidget) -> list[str]:
    return [
        told(button)
        for button in children(root)
        if isinstance(button, QAbstractButton)
        and not button.text()
        and not button.toolTip()
        and not isinstance(button.parent(), QLineEdit)  # the cross in a field is Qt's own
    ]


def test_everything_that_takes_the_focus_has_a_name_and_every_button_says_what_it_does(
    start: Start, qtbot: QtBot
) -> None:
    program = filled(start, qtbot)
    window = program.window
    assert window.read.sidebar is not None
    for tab in ("themes", "contents", "notes"):
        window.read.sidebar.show_tab(tab)  # type: ignore[arg-type]
        assert (unnamed(window), dumb_buttons(window)) == ([], []), tab
    window.actions_by_name["find"].trigger()
    assert (unnamed(window), dumb_buttons(window)) == ([], [])
    window.actions_by_name["brief"].trigger()
    qtbot.waitUntil(lambda: not program.session.jobs.busy, timeout=5000)
    assert (unnamed(window), dumb_buttons(window)) == ([], [])
    for dialog in dialogs(program):
        dialog.show()
        assert (unnamed(dialog), dumb_buttons(dialog)) == ([], []), told(dialog)
        dialog.close()


def look_at_library(program: Program, qtbot: QtBot) -> LibraryView:
    window = program.window
    window.show_library()
    view = window.library().view
    qtbot.waitUntil(lambda: view.model.rowCount() > 1 and not program.session.jobs.busy, timeout=10_000)
    return view


def test_in_the_library_everything_has_a_name_with_a_search_and_on_an_empty_shelf(start: Start, qtbot: QtBot) -> None:
    program = filled(start, qtbot)
    view = look_at_library(program, qtbot)
    assert (unnamed(view), dumb_buttons(view)) == ([], [])
    view.search.setText("energy")
    qtbot.waitUntil(lambda: view.pages.currentWidget() is view.results, timeout=10_000)
    assert (unnamed(view), dumb_buttons(view)) == ([], [])
    view.search.clear()
    view.pane.choose("bin")
    assert (unnamed(view), dumb_buttons(view)) == ([], [])
    reading = program.session.reading
    assert reading is not None
    details = MetadataDialog(view._style, reading.record, program.window)
    details.show()
    assert (unnamed(details), dumb_buttons(details)) == ([], [])
    details.activateWindow()
    qtbot.waitUntil(lambda: details.isAncestorOf(QApplication.focusWidget() or program.window))
    go_round(details, Qt.Key.Key_Tab)
    details.close()


def dialogs(program: Program) -> Iterator[QDialog]:
    session, window = program.session, program.window
    style, reading = window.messages.look, session.reading
    assert reading is not None
    themes = list(reading.themes.values())
    session.do(edits.delete([reading.in_order()[0]]))
    yield SettingsDialog(session.settings, folders(), window)
    yield ShortcutSheet(window)
    yield ThemeDialog(style, themes, lambda _: 3, themes[0], window)
    yield ThemeDialog(style, themes, lambda _: 0, None, window)
    yield MergeDialog(style, themes[0], themes, window)
    yield BinDialog(style, session.bin(), {reading.record.id: reading.record.title}, window)


@pytest.mark.parametrize("view", ["read", "brief", "library"])
@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab], ids=["tab", "backtab"])
def test_tab_reaches_everything_and_comes_round(start: Start, qtbot: QtBot, view: str, key: Qt.Key) -> None:
    program = filled(start, qtbot)
    window = program.window
    if view != "read":
        window.actions_by_name[view].trigger()
        qtbot.waitUntil(lambda: not program.session.jobs.busy, timeout=5000)
    else:
        window.read.reader.setFocus()
    current = window.views.currentWidget()
    assert current is not None
    go_round(current, key)


def test_tab_reaches_everything_in_each_dialog(start: Start, qtbot: QtBot) -> None:
    program = filled(start, qtbot)
    for dialog in dialogs(program):
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(lambda dialog=dialog: dialog.isAncestorOf(QApplication.focusWidget() or program.window))
        go_round(dialog, Qt.Key.Key_Tab)
        dialog.close()


def go_round(current: QWidget, key: Qt.Key) -> None:
    window = current.window()
    first = QApplication.focusWidget()
    assert first is not None
    reached: list[QWidget] = [first]
    for _ in range(200):
        QTest.keyClick(QApplication.focusWidget() or window, key)
        now = QApplication.focusWidget()
        assert now is not None
        if now is first:
            break
        assert now not in reached, f"a trap: {told(now)} again, {told(first)} never"
        reached.append(now)
    else:
        pytest.fail("200 times Tab and not round")
    missed = [
        told(widget)
        for widget in children(current)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not isinstance(widget, QScrollBar)
        and widget.objectName() != "qt_scrollarea_viewport"
        and not any(widget is other or (other.isAncestorOf(widget) and exclusive(other)) for other in reached)
        and not (isinstance(widget, QAbstractButton) and in_exclusive_group(widget))
    ]
    assert not missed, (missed, [told(widget) for widget in reached])
    assert all(widget.isVisible() for widget in reached)


def exclusive(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractScrollArea)


def in_exclusive_group(button: QAbstractButton) -> bool:
    """Tab goes to one button of a group; arrow keys go to the others."""
    group = button.group()
    return group is not None and group.exclusive() and len(group.buttons()) > 1


def texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """Words that a widget shows or says, with where they stand."""
    for widget in children(root):
        where = told(widget)
        yield where, widget.toolTip()
        yield where, widget.accessibleName()
        yield where, widget.accessibleDescription()
        yield where, widget.windowTitle() if widget.isWindow() else ""
        if isinstance(widget, QAbstractButton | QLabel):
            yield where, widget.text()
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            yield where, widget.placeholderText()
        if isinstance(widget, QComboBox):
            for index in range(widget.count()):
                yield where, widget.itemText(index)


OWN = re.compile(
    r"EU–Kazakhstan|Source Serif|Inter|Oil, gas|largest country|\b[XY]\b|^\W*\d|^/|margent\.|"
    r"(Ctrl|Alt|Shift|Meta)\+|^F\d|^(\w|Return|Del|Esc|Backspace)$|^[\W\d_]*$"
)
"""What nobody translates: names, quotations, keys, numbers, file names."""


def untranslated(root: QWidget, content: str) -> list[tuple[str, str]]:
    found = []
    for where, text in texts(root):
        plain = re.sub(r"<[^>]+>", "", text)
        if plain and "⟦" not in plain and plain not in content and not OWN.search(plain):
            found.append((where, plain))
    return found


def test_every_text_of_the_window_comes_from_the_translator(marked: None, start: Start, qtbot: QtBot) -> None:
    program = filled(start, qtbot)
    window = program.window
    reading = program.session.reading
    assert reading is not None
    content = reading.document.text + " ".join(theme.name for theme in reading.themes.values())
    assert window.read.sidebar is not None
    for tab in ("themes", "contents", "notes"):
        window.read.sidebar.show_tab(tab)  # type: ignore[arg-type]
        assert not untranslated(window, content), (tab, untranslated(window, content))
    for action in window.actions_by_name.values():
        assert "⟦" in action.text()
        assert "⟦" in action.toolTip()
    window.actions_by_name["brief"].trigger()
    qtbot.waitUntil(lambda: not program.session.jobs.busy, timeout=5000)
    assert not untranslated(window, content), untranslated(window, content)
    for dialog in dialogs(program):
        dialog.show()
        assert not untranslated(dialog, content + "OKCancelClose"), untranslated(dialog, content + "OKCancelClose")
        dialog.close()
    assert re.fullmatch(r"⟦Undo⟧: ⟦\w+⟧", window.actions_by_name["undo"].text())


def test_every_text_of_the_library_comes_from_the_translator(marked: None, start: Start, qtbot: QtBot) -> None:
    program = filled(start, qtbot)
    view = look_at_library(program, qtbot)
    reading = program.session.reading
    assert reading is not None
    record = reading.record
    content = reading.document.text + "English"
    for known in program.session.library.records():
        content += known.title + known.summary + " ".join(known.authors) + known.date + known.source
    assert not untranslated(view, content), untranslated(view, content)
    for shelf in ("reading", "to_read", "finished", "bin"):
        view.pane.choose(shelf)
        assert not untranslated(view, content), (shelf, untranslated(view, content))
    details = MetadataDialog(view._style, record, program.window)
    details.show()
    found = [pair for pair in untranslated(details, content + "SaveCancel") if not pair[0].startswith("QComboBox")]
    assert not found
    details.close()
