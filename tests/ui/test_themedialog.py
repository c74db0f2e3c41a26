"""Making, changing and merging themes: what is asked, what is refused, and the Change that comes of it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from margent.annotations import THEME_COLOURS, Theme, next_colour
from margent.ui.style import Style
from margent.ui.themedialog import MergeDialog, ThemeDialog, colour_name, signal_words

ENERGY = Theme(id="e", name="Energy", colour="amber", words=("oil", "gas"))
TRADE = Theme(id="t", name="Trade", colour="forest")
WATER = Theme(id="w", name="Водные ресурсы", colour="plum")


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


def a_dialog(qtbot: QtBot, style: Style, theme: Theme | None = None) -> ThemeDialog:
    dialog = ThemeDialog(style, [ENERGY, TRADE, WATER], lambda asked: 2 * len(asked.words), theme)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
    return dialog


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", []),
        ("oil", ["oil"]),
        ("oil, gas,raw  materials", ["oil", "gas", "raw materials"]),
        ("oil\ngas\n\n , ;coal", ["oil", "gas", "coal"]),
        ("نفط، غاز", ["نفط", "غاز"]),
        ("能源、石油", ["能源", "石油"]),
    ],
)
def test_signal_words_come_one_a_line_or_with_commas(typed: str, words: list[str]) -> None:
    assert signal_words(typed) == words


def test_a_new_theme_takes_the_colour_least_used() -> None:
    assert next_colour([]) == THEME_COLOURS[0]
    assert next_colour([ENERGY, TRADE]) == THEME_COLOURS[2]
    every = [Theme(id=c, name=c, colour=c) for c in THEME_COLOURS]
    assert next_colour([*every, ENERGY]) == THEME_COLOURS[1]


def test_the_keyboard_comes_to_the_chosen_colour(qtbot: QtBot, style: Style) -> None:
    dialog = a_dialog(qtbot, style, WATER)
    dialog.name.setFocus()
    qtbot.keyClick(dialog.name, Qt.Key.Key_Tab)
    (stop,) = (button for button in dialog.swatches.buttons if button.hasFocus())
    assert stop.colour == "plum"
    qtbot.keyClick(stop, Qt.Key.Key_Right)
    assert dialog.swatches.colour() == THEME_COLOURS[THEME_COLOURS.index("plum") + 1]


def test_every_colour_has_a_name_of_its_own(qapp: QApplication) -> None:
    assert len({colour_name(colour) for colour in THEME_COLOURS}) == len(THEME_COLOURS)


def test_a_theme_is_made_from_keys_alone(qtbot: QtBot, style: Style) -> None:
    dialog = a_dialog(qtbot, style)
    assert not dialog.ok.isEnabled()
    qtbot.keyClicks(dialog.name, "  Raw   materials ")
    assert dialog.ok.isEnabled()
    chosen = next(button for button in dialog.swatches.buttons if button.isChecked())
    chosen.setFocus()
    qtbot.keyClick(chosen, Qt.Key.Key_Right)
    qtbot.keyClicks(dialog.words, "minerals, ore")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.result() == ThemeDialog.DialogCode.Accepted
    change = dialog.change()
    assert change is not None
    (made,) = change.after.values()
    assert isinstance(made, Theme)
    assert (made.name, made.words) == ("Raw materials", ("minerals", "ore"))
    assert made.colour == THEME_COLOURS[THEME_COLOURS.index(chosen.colour) + 1]


@pytest.mark.parametrize("name", ["", "   ", "energy", "ENERGY ", "водные  ресурсы"])
def test_a_name_that_is_empty_or_taken_makes_no_theme(qtbot: QtBot, style: Style, name: str) -> None:
    dialog = a_dialog(qtbot, style)
    dialog.name.setText(name)
    assert not dialog.ok.isEnabled()
    if name.strip():
        assert dialog.said.text() == "There is a theme of this name already."


def test_it_counts_what_the_words_would_suggest_while_they_are_typed(qtbot: QtBot, style: Style) -> None:
    dialog = a_dialog(qtbot, style)
    assert "suggested as passages" in dialog.said.text()
    qtbot.keyClicks(dialog.words, "oil,gas,coal")
    qtbot.waitUntil(lambda: "6 passage" in dialog.said.text())
    assert dialog.words.accessibleDescription() == dialog.said.text()


@pytest.mark.parametrize(
    ("name", "colour", "words", "after"),
    [
        ("Energy", "amber", "oil\ngas", None),
        ("Power", "amber", "oil\ngas", ("Power", "amber", ("oil", "gas"))),
        ("Energy", "navy", "oil\ngas", ("Energy", "navy", ("oil", "gas"))),
        ("Energy", "amber", "oil", ("Energy", "amber", ("oil",))),
        ("Power", "navy", "", ("Power", "navy", ())),
    ],
)
def test_changing_a_theme_says_only_what_differs(
    qtbot: QtBot, style: Style, name: str, colour: str, words: str, after: tuple[str, str, tuple[str, ...]] | None
) -> None:
    dialog = a_dialog(qtbot, style, ENERGY)
    dialog.name.setText(name)
    dialog.words.setPlainText(words)
    next(button for button in dialog.swatches.buttons if button.colour == colour).click()
    change = dialog.change()
    if after is None:
        assert change is None
        return
    assert change is not None
    assert change.before == {"e": ENERGY}
    theme = change.after["e"]
    assert isinstance(theme, Theme)
    assert (theme.name, theme.colour, theme.words) == after


def test_a_theme_is_merged_into_one_that_is_found_by_typing(qtbot: QtBot, style: Style) -> None:
    dialog = MergeDialog(style, ENERGY, [ENERGY, TRADE, WATER])
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.list.count() == 2
    assert not dialog.ok.isEnabled()
    dialog.filter.setText("ВОД")
    assert dialog.into() == "w"
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Return)
    assert dialog.result() == MergeDialog.DialogCode.Accepted


def test_nothing_is_merged_while_nothing_matches(qtbot: QtBot, style: Style) -> None:
    dialog = MergeDialog(style, ENERGY, [ENERGY, TRADE])
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Down)
    assert dialog.into() == "t"
    qtbot.keyClicks(dialog.filter, "zzz")
    assert dialog.into() == ""
    assert not dialog.ok.isEnabled()
