"""Buttons of which one is chosen, walked through as a platform's own radio buttons are."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup


def one_stop(group: QButtonGroup) -> None:
    """Let Tab come to the chosen button alone, now and after every choice; arrow keys go on from there."""
    _set(group)
    group.buttonToggled.connect(lambda: _set(group))


def _set(group: QButtonGroup) -> None:
    for button in group.buttons():
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus)
