"""The faces Margent brings along, and how large the interface is set on this desktop.

All faces are registered at once: the first costs what Qt's font database costs anyway, each further one 0.1 ms.
"""

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from margent.errors import MargentError

TEXT = "Source Serif 4"
INTERFACE = "Inter"

BASE = 13
"""Pixels of interface text where the platform's own is no larger."""
LARGEST = 26


def register(folder: Path) -> None:
    """Add every face in `folder` to Qt's font database. Raises MargentError when one cannot be used."""
    for path in sorted(folder.glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise MargentError(f"The font {path} cannot be used. Install Margent again.")


def font(family: str, size: float, weight: int = 400, *, italic: bool = False) -> QFont:
    """`family` at `size` pixels; `weight` as in CSS, 100 to 900."""
    value = QFont(family)
    value.setPixelSize(max(1, round(size)))
    value.setWeight(QFont.Weight(weight))
    value.setItalic(italic)
    return value


def scale(platform: QFont) -> float:
    """How much larger than designed the interface is drawn, so that it is never smaller than the desktop's text.

    `platform` is the desktop's own interface font. 1.0 stands for BASE pixels; never less, and at most twice that.
    """
    return min(max(QFontInfo(platform).pixelSize(), BASE), LARGEST) / BASE
