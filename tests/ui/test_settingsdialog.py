"""The settings dialog gives back what was chosen, and leaves the rest alone."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from margent.settings import Folders, Settings
from margent.ui.settingsdialog import SettingsDialog


def test_untouched_it_gives_what_it_was_given(qtbot: QtBot, tmp_path: Path) -> None:
    given = Settings(author="Ana", size=22, ask_links=False, inherit_theme=False)
    dialog = SettingsDialog(given, Folders(tmp_path, tmp_path))
    qtbot.addWidget(dialog)
    assert dialog.settings() == given


def test_what_is_chosen_is_given_back_and_names_are_tidied(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = SettingsDialog(Settings(size=22), Folders(tmp_path, tmp_path))
    qtbot.addWidget(dialog)
    qtbot.keyClicks(dialog.author, "  Ana   Ruiz ")
    boxes = dialog.findChildren(QCheckBox)
    assert len(boxes) == 3
    for box in boxes:
        assert box.text()
        box.toggle()
    expected = replace(Settings(size=22), author="Ana Ruiz", inherit_theme=False, ask_links=False, daily_backup=False)
    assert dialog.settings() == expected
