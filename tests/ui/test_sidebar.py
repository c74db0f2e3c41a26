"""The sidebar as a whole: its tabs, its count, how it shares its height, and what it hands on."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
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
