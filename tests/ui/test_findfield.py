"""The find field: what it counts, how it walks, and what its keys do."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent.ui.findfield import FindField
from margent.ui.style import Style

TEXT = "Energy and energies. Énergie 🚆 ENERGY, synergy."


@pytest.fixture
def field(qapp: QApplication, qtbot: QtBot) -> Iterator[FindField]:
    style = Style(qapp, "light")
    made = FindField(style, words=False, accents=False)
    qtbot.addWidget(made)
    made.set_text(TEXT)
    made.show()
    yield made
    style.deleteLater()


def counted(qtbot: QtBot, field: FindField, query: str) -> list[str]:
    field.edit.clear()
    qtbot.keyClicks(field.edit, query)
    qtbot.waitUntil(lambda: field._counted, timeout=2000)
    return [TEXT[start:end] for start, end in field.hits.spans]


def test_case_and_accents_do_not_matter_unless_asked(qtbot: QtBot, field: FindField) -> None:
    assert counted(qtbot, field, "energ") == ["Energ", "energ", "Énerg", "ENERG"]
    field.accents.click()
    assert counted(qtbot, field, "energ") == ["Energ", "energ", "ENERG"]
    field.words.click()
    assert counted(qtbot, field, "energy") == ["Energy", "ENERGY"]


def test_enter_walks_round_both_ways(qtbot: QtBot, field: FindField) -> None:
    counted(qtbot, field, "energy")
    seen = []
    for _ in range(3):
        seen.append(field.hits.current)
        qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert seen == [0, 1, 0]
    qtbot.keyClick(field.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert field.hits.current == 0
    assert field.count.text() == "1 of 2"
    assert field.edit.accessibleDescription() == "1 of 2"


def test_what_is_not_there_is_said(qtbot: QtBot, field: FindField) -> None:
    assert counted(qtbot, field, "hydrogen") == []
    assert field.count.text() == "not found"
    field.step(1)
    assert field.hits.current == -1


def test_escape_forgets_and_leaves(qtbot: QtBot, field: FindField) -> None:
    counted(qtbot, field, "energy")
    with qtbot.waitSignal(field.left):
        qtbot.keyClick(field.edit, Qt.Key.Key_Escape)
    assert field.edit.text() == ""
    assert field.hits.spans == []


def test_it_begins_with_the_words_that_are_selected(qtbot: QtBot, field: FindField) -> None:
    field.begin(10, "energies")
    assert [TEXT[a:b] for a, b in field.hits.spans] == ["energies"]
    field.begin(0, "two\nlines")
    assert field.edit.text() == "energies"
