"""The sidebar as a whole: its tabs, its count, how it shares its height, and what it hands on."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord, Theme
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.sidebar import Sidebar
from margent.ui.style import Style

PARAGRAPHS = [f"Paragraph {number} speaks of things that a meeting may want to know." for number in range(40)]


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


def a_reading(tasks: int = 0, *, headings: bool = True) -> Reading:
    blocks = [Block("heading", "What it is about", level=1)] if headings else []
    document = Document("A brief", (*blocks, *(Block("paragraph", text) for text in PARAGRAPHS)))
    record = DocumentRecord(id="document", revision="revision", title=document.title)
    annotations = []
    for number in range(tasks):
        start = document.text.index(PARAGRAPHS[number])
        annotations.append(
            Annotation(
                id=f"task{number}",
                document=record.id,
                revision=record.revision,
                start=start,
                end=start + 9,
                exact=document.text[start : start + 9],
                kind="question",
                note=f"Question {number} is long enough to need a second line in a narrow sidebar, surely",
            )
        )
    return Reading(record, document, annotations=annotations, themes=[Theme(id="energy", name="Energy")])


def a_sidebar(qtbot: QtBot, style: Style, reading: Reading | None, size: Sequence[int] = (272, 780)) -> Sidebar:
    sidebar = Sidebar(style, "Me")
    qtbot.addWidget(sidebar)
    sidebar.resize(*size)
    sidebar.open(reading)
    with qtbot.waitActive(sidebar):
        sidebar.show()
    return sidebar


def apply(sidebar: Sidebar, reading: Reading, change: Change) -> None:
    reading.apply(change)
    sidebar.refresh(change)


def test_it_is_as_wide_as_designed_and_can_be_narrower(qtbot: QtBot, style: Style) -> None:
    sidebar = a_sidebar(qtbot, style, a_reading(3))
    assert sidebar.sizeHint().width() == style.px(272)
    assert sidebar.minimumSizeHint().width() <= 200


@pytest.mark.parametrize("name", ["themes", "contents", "notes"])
def test_a_click_on_a_tab_brings_its_pane_to_the_front(qtbot: QtBot, style: Style, name: str) -> None:
    sidebar = a_sidebar(qtbot, style, a_reading(1))
    qtbot.mouseClick(sidebar.tabs.buttons[name], Qt.MouseButton.LeftButton)
    assert sidebar.tab() == name
    assert getattr(sidebar, name).isVisible()
    assert sidebar.focusProxy() is getattr(sidebar, name)


def test_arrow_keys_go_from_tab_to_tab_and_round(qtbot: QtBot, style: Style) -> None:
    sidebar = a_sidebar(qtbot, style, a_reading())
    seen = []
    for name in ("themes", "contents", "notes"):
        qtbot.keyClick(sidebar.tabs.buttons[name], Qt.Key.Key_Right)
        seen.append(sidebar.tab())
    assert seen == ["contents", "notes", "themes"]


def test_the_count_of_notes_follows_changes(qtbot: QtBot, style: Style) -> None:
    reading = a_reading(2)
    sidebar = a_sidebar(qtbot, style, reading)
    assert sidebar.tabs.buttons["notes"].text() == "Notes 2"
    change = edits.delete([reading.annotations["task0"]])
    apply(sidebar, reading, change)
    assert sidebar.tabs.buttons["notes"].text() == "Notes 1"
    apply(sidebar, reading, change.inverse())
    assert sidebar.tabs.buttons["notes"].text() == "Notes 2"
    sidebar.open(None)
    assert sidebar.tabs.buttons["notes"].text() == "Notes"


@pytest.mark.parametrize("height", [520, 780])
@pytest.mark.parametrize("tab", ["themes", "contents", "notes"])
def test_the_meeting_list_scrolls_within_two_fifths_of_the_height(
    qtbot: QtBot, style: Style, height: int, tab: str
) -> None:
    sidebar = a_sidebar(qtbot, style, a_reading(30), (272, height))
    sidebar.show_tab(tab)  # type: ignore[arg-type]
    QApplication.processEvents()
    assert 0.3 * height < sidebar.meeting.height() <= 0.4 * height
    assert sidebar.meeting.view.verticalScrollBar().maximum() > 0
    bottom = sidebar.meeting.geometry().bottom()
    assert bottom <= height
    pane = sidebar.notes if tab == "notes" else sidebar.themes if tab == "themes" else sidebar.contents
    assert pane.mapTo(sidebar, pane.rect().bottomLeft()).y() < sidebar.meeting.y()


def test_a_document_without_anything_shows_calm_sentences(qtbot: QtBot, style: Style) -> None:
    sidebar = a_sidebar(qtbot, style, a_reading(headings=False))
    assert sidebar.meeting.empty.isVisible()
    sidebar.show_tab("contents")
    assert sidebar.contents.empty.isVisible()
    sidebar.show_tab("notes")
    assert sidebar.notes.empty.text() == "Select words in the text to highlight them."
    assert sidebar.notes.empty.isVisible()


def test_without_a_document_there_is_nothing_to_do(qtbot: QtBot, style: Style) -> None:
    sidebar = a_sidebar(qtbot, style, None)
    assert sidebar.themes.model.rowCount() == 0
    assert not sidebar.meeting.isVisible()
    assert sidebar.passage_label() == ""
    sidebar.step_passage(1)
    sidebar.set_current("anything")
    sidebar.set_place(7)


def test_the_reader_goes_on_being_you_under_another_name(qtbot: QtBot, style: Style) -> None:
    reading = a_reading()
    sidebar = a_sidebar(qtbot, style, reading)
    apply(
        sidebar,
        reading,
        edits.annotate(reading.record, reading.document.text, 20, 40, author="New name", themes=["energy"]),
    )
    sidebar.show_tab("notes")
    row, themed = next(sidebar.notes.model.values()), sidebar.themes.model.get("energy")
    assert "New name" in sidebar.notes.model.what(row)
    assert themed is not None
    assert themed.mine == 0
    sidebar.set_author("New name")
    assert "You" in sidebar.notes.model.what(row)
    themed = sidebar.themes.model.get("energy")
    assert themed is not None
    assert themed.mine == 1


def test_notes_are_in_step_when_their_tab_comes_to_the_front(qtbot: QtBot, style: Style) -> None:
    reading = a_reading(3)
    sidebar = a_sidebar(qtbot, style, reading)
    apply(sidebar, reading, edits.delete([reading.annotations["task0"]]))
    sidebar.set_current("task2")
    sidebar.show_tab("notes")
    assert list(sidebar.notes.model.keys()) == ["task1", "task2"]
    assert sidebar.notes.view.selected_keys() == ["task2"]
    apply(sidebar, reading, edits.delete([reading.annotations["task2"]]))
    assert list(sidebar.notes.model.keys()) == ["task1"]


def test_what_panes_ask_for_goes_up(qtbot: QtBot, style: Style) -> None:
    sidebar = a_sidebar(qtbot, style, a_reading(1))
    asked: list[tuple[object, ...]] = []
    for name in ("changeRequested", "themeChosen", "positionRequested", "annotationRequested", "attachRequested"):
        getattr(sidebar, name).connect(lambda value, n=name: asked.append((n, value)))
    sidebar.mergeRequested.connect(lambda *values: asked.append(("mergeRequested", *values)))
    sidebar.selectionWanted.connect(lambda value: asked.append(("selectionWanted", value)))
    sidebar.choose_theme("energy")
    sidebar.contents.positionRequested.emit(7)
    sidebar.notes.annotationRequested.emit("a")
    sidebar.meeting.annotationRequested.emit("b")
    sidebar.notes.attachRequested.emit("c")
    sidebar.themes.mergeRequested.emit("d", "e")
    sidebar.themes.selectionWanted.emit("f")
    sidebar.add_selection("energy", 20, 30)
    change = asked.pop()
    assert asked == [
        ("themeChosen", "energy"),
        ("positionRequested", 7),
        ("annotationRequested", "a"),
        ("annotationRequested", "b"),
        ("attachRequested", "c"),
        ("mergeRequested", "d", "e"),
        ("selectionWanted", "f"),
    ]
    assert change[0] == "changeRequested"
    assert isinstance(change[1], Change)
    assert change[1].label == "Add passage"


def test_everything_is_named_for_a_screen_reader(qtbot: QtBot, style: Style) -> None:
    sidebar = a_sidebar(qtbot, style, a_reading(2))
    sidebar.choose_theme("energy")
    nameless = [
        widget
        for widget in sidebar.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
        and not isinstance(widget.parent(), QLineEdit)
        and not isinstance(widget, QMenu)
        and widget.focusProxy() is None
        and isinstance(widget, QAbstractButton | QLineEdit | QListView)
    ]
    assert nameless == []


def test_it_can_be_used_by_tab_alone(qtbot: QtBot, style: Style) -> None:
    sidebar = a_sidebar(qtbot, style, a_reading(2))
    sidebar.tabs.buttons["themes"].setFocus()
    reached: list[QWidget | None] = []
    for _ in range(12):
        reached.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert sidebar.themes.view in reached
    assert sidebar.meeting.view in reached


def test_another_appearance_is_painted_at_once(qtbot: QtBot, style: Style) -> None:
    reading = a_reading(2)
    sidebar = a_sidebar(qtbot, style, reading)
    apply(sidebar, reading, edits.add_theme(reading.annotations.values(), "energy"))
    colours = []
    try:
        for look in ("light", "dark"):
            style.set_appearance(look)
            QApplication.processEvents()
            view = sidebar.themes.view
            area = view.visualRect(sidebar.themes.model.index_of("energy"))
            dot = view.viewport().grab().toImage().pixelColor(style.px(13), area.top() + style.px(17))
            colours.append((dot.name(), style.theme("amber").name()))
    finally:
        style.set_appearance("light")
    assert colours[0][0] != colours[1][0]
    assert all(seen == meant for seen, meant in colours)
