"""The Aa pop-over: appearance, typeface, size, line length and leading; each change is seen at once."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QWidget,
)

from margent.settings import Settings, within
from margent.ui.groups import one_stop
from margent.ui.popover import Popover
from margent.ui.style import Style

_LEADING_STEP = 0.05


class TypographyPopover(Popover):
    """Edits the settings of text and appearance; `changed` carries the whole Settings."""

    changed = Signal(object)

    def __init__(self, style: Style, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent, "")
        self.setAccessibleName(self.tr("Text and appearance"))
        self._style = style
        self._settings = settings
        self.setMinimumWidth(320)
        self.body.addWidget(self._appearances())
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        self.face = QComboBox()
        self.face.setAccessibleName(self.tr("Typeface"))
        self.face.addItems(_faces(settings.face))
        self.face.setCurrentText(settings.face)
        self.face.currentTextChanged.connect(lambda face: self._set(face=face))
        grid.addWidget(QLabel(self.tr("Typeface")), 0, 0)
        grid.addWidget(self.face, 0, 1, 1, 2)
        self.size_slider = self._slider(grid, 1, self.tr("Size"), 11, 40, settings.size)
        self.size_slider.valueChanged.connect(lambda value: self._set(size=value))
        self.measure = self._slider(grid, 2, self.tr("Line length"), 45, 90, settings.measure)
        self.measure.valueChanged.connect(lambda value: self._set(measure=value))
        leading = round(settings.leading / _LEADING_STEP)
        self.leading = self._slider(grid, 3, self.tr("Leading"), 22, 48, leading)
        self.leading.valueChanged.connect(lambda value: self._set(leading=round(value * _LEADING_STEP, 2)))
        self.body.addLayout(grid)
        self._show_values()

    def _appearances(self) -> QWidget:
        frame = QFrame()
        frame.setObjectName("segmented")
        row = QHBoxLayout(frame)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        self.appearances = QButtonGroup(self)
        for name, text in (
            ("system", self.tr("System")),
            ("light", self.tr("Light")),
            ("sepia", self.tr("Sepia")),
            ("dark", self.tr("Dark")),
            ("contrast", self.tr("Contrast")),
        ):
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setChecked(self._settings.appearance == name)
            button.setObjectName(name)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _=False, chosen=name: self._set(appearance=chosen))
            self.appearances.addButton(button)
            row.addWidget(button, 1)
        one_stop(self.appearances)
        return frame

    def _slider(self, grid: QGridLayout, row: int, name: str, least: int, most: int, value: int) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(least, most)
        slider.setValue(value)
        slider.setAccessibleName(name)
        figure = QLabel()
        figure.setProperty("muted", True)
        figure.setMinimumWidth(38)
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        figure.setObjectName(f"figure{row}")
        grid.addWidget(QLabel(name), row, 0)
        grid.addWidget(slider, row, 1)
        grid.addWidget(figure, row, 2)
        return slider

    def _set(self, **values: object) -> None:
        self._settings = within(replace(self._settings, **values))  # type: ignore[arg-type]
        self._show_values()
        self.changed.emit(self._settings)

    def _show_values(self) -> None:
        for row, text in (
            (1, f"{self._settings.size} px"),
            (2, str(self._settings.measure)),
            (3, f"{self._settings.leading:.2f}"),
        ):
            label = self.findChild(QLabel, f"figure{row}")
            if isinstance(label, QLabel):
                label.setText(text)


def _faces(current: str) -> list[str]:
    """Typefaces to choose from: the bundled ones first, then good reading faces that this machine has."""
    wished = (
        "Source Serif 4", "Inter", "Literata", "Georgia", "Charter", "Palatino", "Cambria", "Iowan Old Style",
        "Noto Serif", "DejaVu Serif", "Liberation Serif", "Times New Roman", "Helvetica", "Arial", "Segoe UI",
        "Noto Sans", "DejaVu Sans", "Verdana", "OpenDyslexic", "Atkinson Hyperlegible",
    )  # fmt: skip
    there = set(QFontDatabase.families())
    faces = [face for face in wished if face in there]
    return faces if current in faces else [current, *faces]
