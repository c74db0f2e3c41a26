"""An address is shown whole before the browser gets it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from margent.ui.linkdialog import may_open

ADDRESS = "https://example.org/a?b=<b>c</b>&d=1"


@pytest.mark.parametrize(("press", "opens"), [("Open", True), ("Copy address", False), ("Cancel", False)])
def test_only_open_opens(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, press: str, opens: bool) -> None:
    QGuiApplication.clipboard().setText("before")

    def answer(box: QMessageBox) -> int:
        assert box.informativeText() == ADDRESS
        assert box.textFormat() == Qt.TextFormat.PlainText
        next(button for button in box.buttons() if button.text().replace("&", "") == press).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    parent = QWidget()
    assert may_open(parent, ADDRESS) is opens
    assert QGuiApplication.clipboard().text() == (ADDRESS if press == "Copy address" else "before")
