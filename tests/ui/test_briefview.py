"""The Brief view on a real library: what is arranged there is what the preview shows, what leaves and what stays."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QSplitter, QToolButton
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation
from margent.brief.keeping import bare
from margent.errors import MargentError
from margent.importing import BRIEF, GUIDE, seed
from margent.library.store import Library
from margent.reading import Reading
from margent.settings import Folders, Settings
from margent.ui.app import Program
from margent.ui.briefpoints import Heading, PointRow
from margent.ui.briefview import BriefView
from margent.ui.session import Session
from margent.ui.style import Style

OIL, COUNTRY, UNION = "Oil, gas and minerals", "largest country of Central Asia", "The European Union"


class Bench:
    """A session with a library, and the view on it as a window of its own."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, folders: Folders) -> None:
        self.qtbot = qtbot
        self.session = Session(folders, Settings(daily_backup=False, author="Ana"))
        self.session.start()
        qtbot.waitUntil(lambda: self.session.is_ready, timeout=10000)
        self.session.open_document(BRIEF)
        self.settle()
        self.style = Style(qapp, "light")
        self.actions = {name: QAction(name) for name in ("article", "copy_brief", "export")}
        self.views: list[BriefView] = []
        self.said: list[str] = []
        self.failed: list[str] = []

    def show(self) -> BriefView:
        self.view = view = BriefView(self.session, self.style, self.actions)
        self.views.append(view)
        self.actions["copy_brief"].triggered.connect(view.copy)
        self.actions["export"].triggered.connect(view.export)
        view.said.connect(self.said.append)
        view.failed.connect(self.failed.append)
        view.resize(1200, 800)
        view.open(self.reading)
        with self.qtbot.waitActive(view):
            view.show()
        self.settle()
        return view

    @property
    def reading(self) -> Reading:
        assert self.session.reading is not None
        return self.session.reading

    def mark(self, words: str, note: str = "", *, private: bool = False) -> Annotation:
        document = self.reading.document
        start = document.text.index(words)
        change = edits.annotate(self.reading.record, document.text, start, start + len(words), note=note, author="Ana")
        assert self.session.do(change)
        (key,) = change.after
        if private:
            assert self.session.do(edits.set_private([self.reading.annotations[key]], private=True))
        return self.reading.annotations[key]

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.jobs.busy, timeout=10000)

    def shown(self) -> str:
        """The Markdown on the sheet, once the view has caught up with what was done."""
        self.qtbot.waitUntil(lambda: not self.view._timer.isActive(), timeout=5000)
        self.settle()
        return self.view.sheet.source.toPlainText()

    def order(self) -> list[str]:
        rows = self.view.points.rows.values()
        return [row.annotation.exact for row in rows if isinstance(row, PointRow)]

    def go_to(self, value: Annotation) -> None:
        rows = self.view.points.rows
        self.view.points.setCurrentIndex(rows.index(rows.keys().index(value.id), 0))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with the bundled documents, made once for all tests to copy."""
    folder = tmp_path_factory.mktemp("seeded") / "library"
    folder.mkdir()
    library = Library.open(folder)
    seed(library)
    library.close()
    return folder


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication, tmp_path: Path, seeded: Path) -> Iterator[Bench]:
    folders = Folders(tmp_path / "library", tmp_path / "config")
    shutil.copytree(seeded, folders.library)
    made = Bench(qtbot, qapp, folders)
    yield made
    for view in made.views:
        view._timer.stop()
        view._again.stop()
    made.settle()
    made.session.close()
    # Not before: what a worker brings goes to a view that is still there.
    for view in made.views:
        view.close()
        view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def quoted(text: str, *words: str) -> list[str]:
    """Those of `words` that are quoted, in the order they are."""
    return [w for _, w in sorted((text.index(f"> {w}"), w) for w in words if f"> {w}" in text)]


# -- points ---------------------------------------------------------------------------------------------------------


def test_without_points_it_says_where_they_come_from(bench: Bench) -> None:
    view = bench.show()
    assert view.empty.isVisible()
    assert not view.points.isVisible()
    bench.mark(OIL)
    assert not view.empty.isVisible()
    assert bench.order() == [OIL]
    assert f"> {OIL}" in bench.shown()


def test_a_point_that_is_unticked_leaves_the_brief_and_comes_back(bench: Bench) -> None:
    first = bench.mark(OIL)
    bench.mark(UNION)
    view = bench.show()
    bench.go_to(first)
    bench.qtbot.keyClick(view.points, Qt.Key.Key_Space)
    assert quoted(bench.shown(), OIL, UNION) == [UNION]
    assert view.status.leading.text() == "1 of 2 point(s) included"
    bench.qtbot.keyClick(view.points, Qt.Key.Key_Space)
    assert set(quoted(bench.shown(), OIL, UNION)) == {OIL, UNION}
    assert view.status.leading.text() == "2 of 2 point(s) included"


def test_points_stand_under_their_headings_and_the_headings_follow_the_template(bench: Bench) -> None:
    bench.mark(OIL)
    view = bench.show()

    def headings() -> list[str]:
        return [row.text for row in view.points.rows.values() if isinstance(row, Heading)]

    assert headings() == ["Other points"]
    view.choice.chosen.emit("order")
    section = bench.reading.document.section_at(bench.reading.document.text.index(OIL))
    assert headings() == [section[-1]]


def test_alt_and_an_arrow_moves_a_point_among_those_beside_it_and_no_further(bench: Bench) -> None:
    for words in (UNION, OIL, COUNTRY):
        bench.mark(words)
    view = bench.show()
    before = bench.order()
    first = next(a for a in bench.reading.annotations.values() if a.exact == before[0])
    bench.go_to(first)
    bench.qtbot.keyClick(view.points, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert bench.order() == before
    for _ in range(5):
        bench.qtbot.keyClick(view.points, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    after = [*before[1:], before[0]]
    assert bench.order() == after
    assert quoted(bench.shown(), UNION, OIL, COUNTRY) == after
    assert view.points.rows.key(view.points.currentIndex()) == first.id


@pytest.mark.parametrize(("dragged", "onto", "after"), [(2, 0, [2, 0, 1]), (0, 2, [1, 0, 2]), (0, None, [1, 2, 0])])
def test_a_point_that_is_dragged_comes_to_stand_where_it_was_dropped(
    bench: Bench, dragged: int, onto: int | None, after: list[int]
) -> None:
    for words in (UNION, OIL, COUNTRY):
        bench.mark(words)
    view = bench.show()
    before = bench.order()
    rows = view.points.rows
    data: QMimeData = rows.mimeData([rows.index(1 + dragged, 0)])
    row = rows.rowCount() if onto is None else 1 + onto
    rows.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, rows.index(-1, -1))
    assert bench.order() == [before[place] for place in after]


def test_a_note_that_is_written_meanwhile_is_in_the_list_and_on_the_sheet(bench: Bench) -> None:
    value = bench.mark(OIL)
    bench.show()
    bench.session.do(edits.set_note(value, "At what price?"))
    assert "At what price?" in bench.shown()
    assert not bench.failed


def test_the_sheet_shows_the_last_state_when_several_come_at_once(bench: Bench) -> None:
    bench.mark(OIL)
    view = bench.show()
    for text in ("One", "Two", "Three"):
        view.title.setText(text)
        view.title.textEdited.emit(text)
        view._render()
    assert bench.shown().splitlines()[2] == "# Three"


# -- private --------------------------------------------------------------------------------------------------------


def test_private_points_leave_only_when_they_are_let_in(bench: Bench) -> None:
    bench.mark(OIL)
    bench.mark(COUNTRY, "Not for them.", private=True)
    view = bench.show()
    assert view.private.isVisible()
    assert view.private.text() == "Include 1 private annotation(s)"
    assert bench.order() == [OIL]
    assert COUNTRY not in bench.shown()
    assert "Not for them" not in bench.shown()
    bench.qtbot.keyClick(view.private, Qt.Key.Key_Space)
    assert set(bench.order()) == {OIL, COUNTRY}
    assert "Not for them." in bench.shown()
    (row,) = (r for r in view.points.rows.values() if isinstance(r, PointRow) and r.annotation.private)
    assert row.label == "private:"


def test_without_anything_private_there_is_nothing_to_let_in(bench: Bench) -> None:
    bench.mark(OIL)
    assert not bench.show().private.isVisible()


# -- words above ----------------------------------------------------------------------------------------------------


def test_heading_and_introduction_stand_above_the_points_as_they_are_typed(bench: Bench) -> None:
    bench.mark(OIL)
    view = bench.show()
    assert view.title.placeholderText() == bench.reading.record.title
    assert bench.shown().splitlines()[2] == f"# {bench.reading.record.title}"
    bench.qtbot.keyClicks(view.title, "For Tuesday")
    bench.qtbot.keyClicks(view.introduction, "Read *this* first.")
    text = bench.shown()
    assert text.splitlines()[2] == "# For Tuesday"
    assert "\nRead *this* first.\n" in text
    assert view.sheet.preview.text.startswith("For Tuesday\n")
    view.title.selectAll()
    bench.qtbot.keyClick(view.title, Qt.Key.Key_Delete)
    assert bench.shown().splitlines()[2] == f"# {bench.reading.record.title}"


# -- templates ------------------------------------------------------------------------------------------------------


def buttons(view: BriefView) -> list[QToolButton]:
    return [b for b in view.choice.findChildren(QToolButton) if b.isVisible()]


def test_each_template_is_a_button_and_the_one_in_use_is_pressed(bench: Bench) -> None:
    bench.mark(OIL, "A note.")
    view = bench.show()
    assert [b.text() for b in buttons(view)] == ["Meeting brief", "By theme", "Reading order", "Whole article"]
    assert [b.isChecked() for b in buttons(view)] == [True, False, False, False]
    bench.qtbot.mouseClick(buttons(view)[3], Qt.MouseButton.LeftButton)
    assert f"=={OIL}==" in bench.shown()
    assert [b.isChecked() for b in buttons(view)] == [False, False, False, True]
    assert view.status.state.text() == "Template: Whole article, annotated"


def test_templates_of_the_readers_own_are_in_a_menu_behind_them(bench: Bench) -> None:
    folder = bench.session.folders.templates
    folder.mkdir(parents=True)
    (folder / "letter.md.j2").write_text("{# Letter #}\nDear all, {{ count }}.\n", "utf-8")
    bench.mark(OIL)
    view = bench.show()
    assert [b.text() for b in buttons(view)][4:] == ["Other ▾"]
    menu = buttons(view)[4].menu()
    assert [action.text() for action in menu.actions()] == ["Letter"]
    menu.actions()[0].trigger()
    assert "Dear all, 1 point." in bench.shown()
    assert buttons(view)[4].text() == "Letter"
    assert buttons(view)[4].isChecked()


def test_a_broken_template_is_told_and_the_sheet_stays(bench: Bench) -> None:
    folder = bench.session.folders.templates
    folder.mkdir(parents=True)
    (folder / "broken.md.j2").write_text("{# Broken #}\n{% if %}\n", "utf-8")
    bench.mark(OIL)
    view = bench.show()
    before = bench.shown()
    view.choice.chosen.emit("broken")
    assert bench.shown() == before
    assert "line 2" in bench.failed[0]


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize(("width", "menu"), [(1200, False), (1024, False), (700, True)])
def test_where_the_names_of_templates_have_no_room_they_are_in_a_menu(
    bench: Bench, width: int, *, menu: bool, rtl: bool
) -> None:
    bench.mark(OIL)
    view = bench.show()
    if rtl:
        view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    view.resize(width, 600)
    assert view.width() == width
    if menu:
        (button,) = buttons(view)
        assert button.text() == "Meeting brief ▾"
        button.menu().actions()[2].trigger()
        assert button.text() == "Reading order ▾"
        assert view.status.state.text() == "Template: Reading order"
        view.resize(1200, 600)
    assert len(buttons(view)) == 4
    for button in buttons(view):
        assert button.width() >= button.sizeHint().width()


# -- the sheet ------------------------------------------------------------------------------------------------------


def test_the_sheet_shows_the_brief_as_it_reads_or_as_it_is_typed(bench: Bench) -> None:
    bench.mark(OIL)
    view = bench.show()
    sheet = view.sheet
    assert sheet.preview.isVisible()
    assert OIL in sheet.preview.text
    bench.qtbot.mouseClick(sheet.forms.button(1), Qt.MouseButton.LeftButton)
    assert sheet.source.isVisible()
    assert sheet.source.toPlainText() == view.markdown()


def test_what_one_had_scrolled_to_stays_when_the_brief_is_made_again(bench: Bench) -> None:
    bench.mark(OIL)
    view = bench.show()
    view.choice.chosen.emit("whole")
    bench.shown()
    view.sheet.forms.button(1).click()
    source = view.sheet.source

    def top() -> str:
        return source.cursorForPosition(QPoint(4, 4)).block().text()

    source.verticalScrollBar().setValue(20)
    before = top()
    assert source.toPlainText().index(before) > 500
    bench.qtbot.keyClicks(view.introduction, "More")
    assert "More" in bench.shown()
    assert top() == before


def test_points_and_sheet_share_the_width_until_somebody_shares_it_otherwise(bench: Bench) -> None:
    view = bench.show()
    (splitter,) = view.findChildren(QSplitter)
    view.resize(1000, 600)
    assert splitter.sizes()[0] == 420
    splitter.moveSplitter(500, 1)
    splitter.splitterMoved.emit(500, 1)
    view.resize(1300, 600)
    assert splitter.sizes()[0] != 520


# -- out ------------------------------------------------------------------------------------------------------------


def test_a_brief_is_copied_without_the_comments(bench: Bench) -> None:
    bench.mark(OIL)
    view = bench.show()
    bench.actions["copy_brief"].trigger()
    text = QGuiApplication.clipboard().text()
    assert text == bare(view.markdown())
    assert "<!--" not in text
    assert bench.said == ["The brief is on the clipboard as Markdown."]


@pytest.mark.parametrize(("name", "written"), [("b.md", "b.md"), ("b", "b.md"), ("b.txt", "b.txt")])
def test_a_brief_is_exported_to_the_file_that_was_asked_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, written: str
) -> None:
    bench.mark(OIL)
    view = bench.show()
    offered: list[str] = []

    def choose(_parent: object, _title: str, start: str, *_: object, **__: object) -> tuple[str, str]:
        offered.append(Path(start).name)
        return str(tmp_path / name), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    bench.qtbot.keyClicks(view.title, "On Tuesday: trade?")
    bench.actions["export"].trigger()
    bench.settle()
    assert offered == ["On Tuesday trade.md"]
    assert (tmp_path / written).read_text("utf-8") == view.markdown()
    assert bench.said[0].startswith(f"Exported to {tmp_path / written} at ")


def test_nothing_is_written_when_no_file_is_chosen(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.mark(OIL)
    bench.show()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    bench.actions["export"].trigger()
    bench.settle()
    assert (bench.said, bench.failed) == ([], [])


def test_what_somebody_wrote_into_an_exported_brief_stays(bench: Bench, tmp_path: Path) -> None:
    value = bench.mark(OIL)
    view = bench.show()
    path = tmp_path / "brief.md"
    view.write_to(path)
    bench.settle()
    text = path.read_text("utf-8")
    path.write_text(text.replace(f"> {OIL}", f"By hand.\n\n> {OIL}") + "\nBelow.\n", "utf-8")
    bench.session.do(edits.set_note(value, "At what price?"))
    view.write_to(path)
    bench.settle()
    after = path.read_text("utf-8")
    assert all(words in after for words in ("By hand.", "Below.", "At what price?"))


@pytest.mark.parametrize("template", ["whole", "meeting"])
def test_what_leaves_as_a_whole_document_is_remembered(bench: Bench, tmp_path: Path, template: str) -> None:
    """It may come back with edits, which are then known as edits of this."""
    value = bench.mark(OIL)
    view = bench.show()
    view.choice.chosen.emit(template)
    view.write_to(tmp_path / "brief.md")
    bench.settle()
    assert (value.id in bench.session.library.lineage([value.id])) == (template == "whole")


def test_a_file_of_somebody_else_stays_when_the_question_is_cancelled(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bench.mark(OIL)
    view = bench.show()
    path = tmp_path / "theirs.md"
    path.write_text("Theirs\n", "utf-8")
    monkeypatch.setattr(QMessageBox, "exec", press("Cancel"))
    view.write_to(path)
    bench.settle()
    assert path.read_text("utf-8") == "Theirs\n"
    monkeypatch.setattr(QMessageBox, "exec", press("Replace"))
    view.write_to(path)
    bench.settle()
    assert path.read_text("utf-8") == view.markdown()


def test_a_place_that_cannot_be_written_is_told(bench: Bench, tmp_path: Path) -> None:
    bench.mark(OIL)
    view = bench.show()
    (tmp_path / "file").write_text("", "utf-8")
    view.write_to(tmp_path / "file" / "brief.md")
    bench.settle()
    assert bench.said == []
    assert "cannot be" in bench.failed[0]


def press(text: str) -> Callable[[QMessageBox], int]:
    def answer(box: QMessageBox) -> int:
        next(b for b in box.buttons() if b.text().replace("&", "") == text).click()
        return 0

    return answer


# -- keeping --------------------------------------------------------------------------------------------------------


def test_what_is_arranged_is_there_in_the_next_sitting(bench: Bench) -> None:
    first = bench.mark(OIL)
    bench.mark(UNION)
    bench.mark(COUNTRY, private=True)
    view = bench.show()
    bench.qtbot.keyClicks(view.title, "For Tuesday")
    bench.qtbot.keyClicks(view.introduction, "Read first.")
    bench.qtbot.keyClick(view.private, Qt.Key.Key_Space)
    view.choice.chosen.emit("order")
    bench.go_to(first)
    bench.qtbot.keyClick(view.points, Qt.Key.Key_Space)
    text, order = bench.shown(), bench.order()
    view.keep()
    assert view.unsaved() == []
    again = bench.show()
    assert again is not view
    assert (again.title.text(), again.introduction.text(), again.private.isChecked()) == (
        "For Tuesday",
        "Read first.",
        True,
    )
    assert (bench.shown(), bench.order()) == (text, order)


def test_each_document_has_an_arrangement_of_its_own(bench: Bench) -> None:
    bench.mark(OIL)
    view = bench.show()
    bench.qtbot.keyClicks(view.title, "For Tuesday")
    bench.session.open_document(GUIDE)
    bench.settle()
    view.open(bench.reading)
    assert view.title.text() == ""
    bench.session.open_document(BRIEF)
    bench.settle()
    view.open(bench.reading)
    assert view.title.text() == "For Tuesday"


def test_looking_at_a_brief_arranges_nothing(bench: Bench) -> None:
    bench.mark(OIL)
    view = bench.show()
    bench.shown()
    assert bench.session.kept(f"brief:{BRIEF}") == ""
    assert view.unsaved() == []


def test_what_a_full_disk_refuses_stays_is_named_and_is_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.mark(OIL)
    view = bench.show()
    with monkeypatch.context() as full:
        full.setattr(bench.session.library, "keep", refuse)
        bench.qtbot.keyClicks(view.introduction, "Read first.")
        bench.go_to(first)
        bench.qtbot.keyClick(view.points, Qt.Key.Key_Space)
        view.keep()
        (said,) = view.unsaved()
        assert said.splitlines() == [
            f"How the brief of “{bench.reading.record.title}” is arranged",
            "Introduction: Read first.",
            "1 point(s) left out",
        ]
        bench.session.open_document(GUIDE)
        bench.settle()
        view.open(bench.reading)
        assert view.unsaved() == [said], "another document does not make it forgotten"
        assert view._again.isActive()
    view._again.timeout.emit()
    assert view.unsaved() == []
    assert not view._again.isActive()
    assert "Read first." in bench.session.kept(f"brief:{BRIEF}")


def refuse(*_: object) -> None:
    raise MargentError("The disk is full.")


def test_closing_over_an_arrangement_that_cannot_be_saved_asks_first(
    start: Callable[[], Program], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = start()
    window = program.window
    window.actions_by_name["brief"].trigger()
    assert window.brief is not None
    asked: list[str] = []

    def answer(box: QMessageBox) -> int:
        asked.append(box.detailedText())
        return press(answers.pop(0))(box)

    monkeypatch.setattr(QMessageBox, "exec", answer)
    answers = ["Go back", "Close and lose it"]
    with monkeypatch.context() as full:
        full.setattr(program.session.library, "keep", refuse)
        qtbot.keyClicks(window.brief.introduction, "Read first.")
        assert not window.close()
        assert window.isVisible()
    window.flush()
    assert "Read first." in program.session.kept(f"brief:{BRIEF}")
    with monkeypatch.context() as full:
        full.setattr(program.session.library, "keep", refuse)
        qtbot.keyClicks(window.brief.title, "Lost")
        assert window.close()
    assert [said.splitlines()[1:] for said in asked] == [
        ["Introduction: Read first."],
        ["Heading: Lost", "Introduction: Read first."],
    ]
