"""The faces of one typography: the text's at every size a block asks for, and the one of code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontMetricsF

if TYPE_CHECKING:
    from margent.ui.page import Typography
    from margent.ui.style import Style

_SAMPLE = (
    "The column is as wide as this many letters of common prose take up, spaces and commas included, because a "
    "face's own average counts glyphs that nobody reads. "
)


class Faces:
    """Fonts by scale: 1.0 is the size of the text."""

    def __init__(self, style: Style, typography: Typography) -> None:
        self._style = style
        self.typography = typography
        self.size = typography.size
        """Pixels."""
        self.pitch = round(typography.size * typography.leading)
        """From line to line of prose."""
        self._fonts: dict[tuple[int, int, bool], QFont] = {}
        self._mono = ""
        self.character = QFontMetricsF(self.font()).horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        """Average width of a character, in pixels."""
        self.full_width = round(self.character * typography.measure)
        """Width of the column where there is room for it."""

    def font(self, scale: float = 1.0, weight: int = 400, *, italic: bool = False) -> QFont:
        """The text face at `scale` of the size of the text."""
        size = max(8, round(self.size * scale))
        font = self._fonts.get((size, weight, italic))
        if font is None:
            font = self._style.text_font(size, weight, italic=italic, family=self.typography.face)
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            font.setKerning(True)
            self._fonts[size, weight, italic] = font
        return font

    def mono(self, scale: float, *, bold: bool = False) -> QFont:
        """The face of code, which looks larger than text of the same size."""
        if not self._mono:
            from PySide6.QtGui import QFontDatabase  # noqa: PLC0415 - only for code

            self._mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
        font = QFont(self._mono)
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(max(8, round(self.size * scale * 0.82)))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setBold(bold)
        return font

    def em(self, factor: float) -> int:
        """`factor` times the size of the text, in whole pixels."""
        return round(self.size * factor)
