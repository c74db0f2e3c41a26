"""A footnote opens beside its number, as plain text, and goes on Escape."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from margent.formats import read
from margent.ui.footnote import show_footnote
from margent.ui.style import Style

TEXT = b"# T\n\nWords[^a] and more.\n\n[^a]: The note, 3 < 4 and <b>plain</b>.\n"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_it_shows_the_note_and_escape_takes_it_away(qapp: QApplication, qtbot: QtBot) -> None:
    style, over = Style(qapp, "light"), QWidget()
    qtbot.addWidget(over)
    over.show()
    document = read(TEXT, "a.md")
    label = next(block.target for block in document.blocks if block.kind == "footnote")
    assert show_footnote(style, over, document, "unknown", QRect(0, 0, 5, 5)) is None
    popover = show_footnote(style, over, document, label, QRect(10, 10, 5, 5))
    assert popover is not None
    assert popover.isVisible()
    assert popover.accessibleName() == f"Footnote {label}"
    (text,) = popover.findChildren(QLabel)
    assert text.textFormat() == Qt.TextFormat.PlainText
    assert "3 < 4" in text.text()
    with qtbot.waitSignal(popover.destroyed, timeout=2000):
        qtbot.keyClick(popover, Qt.Key.Key_Escape)
    style.deleteLater()
