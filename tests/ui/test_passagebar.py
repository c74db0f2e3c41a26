"""The strip that says which passage is shown, and its buttons."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent.ui.passagebar import PassageBar
from margent.ui.style import Style

SPANS = [(100, 150, "given"), (500, 550, "suggested"), (9000, 9100, "chosen")]


@pytest.mark.parametrize(
    ("index", "label", "origin", "choice"),
    [
        (-1, "3 passage", "", False),
        (0, "Passage 1 of 3", "Given by the author", False),
        (1, "Passage 2 of 3", "Suggested", True),
        (2, "Passage 3 of 3", "Chosen by you", False),
    ],
)
def test_it_says_where_one_stands_and_what_can_be_said(
    qtbot: QtBot, qapp: QApplication, index: int, label: str, origin: str, choice: bool
) -> None:
    bar = PassageBar(Style(qapp, "light"))
    qtbot.addWidget(bar)
    bar.show()
    bar.show_passage(SPANS, index)
    assert bar.label.text().startswith(label)
    assert bar.label.toolTip() == origin
    assert bar.keep.isVisible() is choice
    assert bar.drop.isVisible() is choice


def test_its_buttons_ask_for_steps_and_answers(qtbot: QtBot, qapp: QApplication) -> None:
    bar = PassageBar(Style(qapp, "light"))
    qtbot.addWidget(bar)
    bar.show()
    bar.show_passage(SPANS, 1)
    asked: list[object] = []
    bar.stepped.connect(asked.append)
    bar.kept.connect(lambda: asked.append("kept"))
    bar.dropped.connect(lambda: asked.append("dropped"))
    bar.menuRequested.connect(lambda: asked.append("menu"))
    for button in (bar.previous, bar.next, bar.keep, bar.drop, bar.more):
        assert button.accessibleName() or button.text()
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [-1, 1, "kept", "dropped", "menu"]


def test_without_passages_there_is_no_step(qtbot: QtBot, qapp: QApplication) -> None:
    bar = PassageBar(Style(qapp, "light"))
    qtbot.addWidget(bar)
    bar.show_passage([], -1)
    assert not bar.next.isEnabled()
    assert not bar.previous.isEnabled()
