"""The sheet lists every action that has a key, once."""

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from margent.ui.actions import ACTIONS
from margent.ui.shortcutsheet import ShortcutSheet


def test_every_action_with_a_key_is_there_with_its_keys(qtbot: QtBot) -> None:
    sheet = ShortcutSheet()
    qtbot.addWidget(sheet)
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    native = QKeySequence.SequenceFormat.NativeText
    listed = [spec for spec in ACTIONS if spec.keys and spec.menu]
    assert len(listed) > 30
    for spec in listed:
        assert texts.count(spec.text.rstrip("…")) >= 1, spec.name
        keys = " or ".join(QKeySequence(key).toString(native) for key in spec.keys[:2])
        assert keys in texts, spec.name
