"""The bar beside the page moves the page, is moved by it, and shows where something was found."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.qtbot import QtBot

from margent.ui.scrollmarks import MarkedScrollBar
from margent.ui.style import Style


def test_it_follows_and_leads(qapp: QApplication, qtbot: QtBot) -> None:
    style, other = Style(qapp, "light"), QScrollBar()
    other.setRange(0, 900)
    bar = MarkedScrollBar(style, other)
    for widget in (other, bar):
        qtbot.addWidget(widget)
    assert bar.maximum() == 900
    other.setValue(300)
    assert bar.value() == 300
    bar.setValue(500)
    assert other.value() == 500
    other.setRange(0, 400)
    assert (bar.maximum(), bar.value()) == (400, 400)
    assert bar.accessibleName()
    style.deleteLater()


def test_ticks_stand_where_they_belong_and_go_again(qapp: QApplication, qtbot: QtBot) -> None:
    style, other = Style(qapp, "light"), QScrollBar()
    bar = MarkedScrollBar(style, other)
    for widget in (other, bar):
        qtbot.addWidget(widget)
    bar.resize(14, 400)
    bare = bar.grab().toImage()
    bar.set_marks([0.25, 0.75], 1)
    marked = bar.grab().toImage()
    rows = [y for y in range(400) if any(bare.pixel(x, y) != marked.pixel(x, y) for x in range(14))]
    assert all(abs(y - 100) < 20 or abs(y - 300) < 20 for y in rows)
    assert min(rows) < 120
    assert max(rows) > 280
    assert QColor(marked.pixel(7, max(rows) - 1)) != QColor(marked.pixel(7, min(rows)))
    bar.set_marks([])
    assert bar.grab().toImage() == bare
    style.deleteLater()
