"""The Aa pop-over: each choice is told at once, within its limits, and by name."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from margent.settings import Settings
from margent.ui.style import Style
from margent.ui.typography import TypographyPopover


@pytest.fixture
def popover(qapp: QApplication, qtbot: QtBot) -> Iterator[TypographyPopover]:
    style, parent = Style(qapp, "light"), QWidget()
    qtbot.addWidget(parent)
    yield TypographyPopover(style, Settings(face="A Face Nobody Has"), parent)
    style.deleteLater()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("size_slider", 30, {"size": 30}), ("measure", 50, {"measure": 50}), ("leading", 40, {"leading": 2.0})],
)
def test_a_slider_changes_its_setting_alone(
    popover: TypographyPopover, name: str, value: int, expected: dict[str, object]
) -> None:
    told: list[Settings] = []
    popover.changed.connect(told.append)
    getattr(popover, name).setValue(value)
    assert told == [Settings(face="A Face Nobody Has", **expected)]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["system", "light", "sepia", "dark", "contrast"])
def test_an_appearance_is_chosen_by_its_button(popover: TypographyPopover, name: str) -> None:
    told: list[Settings] = []
    popover.changed.connect(told.append)
    button = popover.findChild(QToolButton, name)
    assert isinstance(button, QToolButton)
    button.click()
    assert [settings.appearance for settings in told] == [name]
    assert button.isChecked()


def test_sliders_cannot_leave_the_limits_of_the_settings(popover: TypographyPopover) -> None:
    told: list[Settings] = []
    popover.changed.connect(told.append)
    for slider in popover.findChildren(QSlider):
        assert slider.accessibleName()
        for value in (slider.minimum(), slider.maximum()):
            slider.setValue(value)
    assert {s.size for s in told} >= {11, 40}
    assert {s.leading for s in told} >= {1.1, 2.4}


def test_a_face_that_this_machine_lacks_stays_chosen(popover: TypographyPopover) -> None:
    assert popover.face.currentText() == "A Face Nobody Has"
    assert "Source Serif 4" in [popover.face.itemText(n) for n in range(popover.face.count())]
