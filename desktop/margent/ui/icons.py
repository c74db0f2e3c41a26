"""Line icons in the colours of the appearance, drawn when they are shown and at the pixels of that screen.

An icon's engine asks for the colour each time it paints, so a change of appearance needs no new icons. QtSvg is
loaded with the first icon that is painted.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6 import QtCore
from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap

from margent.errors import MargentError

_NORMAL = QIcon.Mode.Normal
_OFF = QIcon.State.Off


class Icons:
    """The icons in `folder`, tinted with what `colour` says a role looks like now."""

    def __init__(self, folder: Path, colour: Callable[[str], QColor]) -> None:
        self._folder = folder
        self._colour = colour
        self._drawings: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, int, int, str, float], QPixmap] = {}
        self._icons: dict[tuple[str, int, str, str], QIcon] = {}
        self._clones: list[QIconEngine] = []

    def icon(self, name: str, size: int, role: str, on: str) -> QIcon:
        """The icon `name`, `size` pixels square unless asked for otherwise, in the colour of `role`.

        Checked it has the colour of `on`, disabled that of "faint". Raises MargentError when there is no such icon.
        """
        key = (name, size, role, on)
        if key not in self._icons:
            self.drawing(name)
            self._icons[key] = QIcon(_Engine(self, name, size, role, on))
        return self._icons[key]

    def drawing(self, name: str) -> str:
        """The SVG of an icon, its strokes in `currentColor`. Raises MargentError when there is no such icon."""
        if name not in self._drawings:
            path = self._folder / f"{name}.svg"
            try:
                self._drawings[name] = path.read_text("utf-8")
            except OSError as error:
                raise MargentError(
                    f"The icon {path} cannot be read: {error.strerror}. Install Margent again."
                ) from error
        return self._drawings[name]

    def tinted(self, name: str, colour: str) -> bytes:
        """The SVG of an icon in `colour` ("#RRGGBB")."""
        return self.drawing(name).replace("currentColor", colour).encode()

    def pixmap(self, name: str, size: QSize, role: str, ratio: float) -> QPixmap:
        """The icon drawn in `size` device pixels, of which `ratio` make one pixel of layout."""
        colour = self._colour(role).name()
        key = (name, size.width(), size.height(), colour, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._render(name, size, colour, ratio)
        return self._pixmaps[key]

    def keep(self, engine: QIconEngine) -> None:
        """Keep a copied engine alive: Qt takes it without owning its Python half."""
        self._clones.append(engine)

    def _render(self, name: str, size: QSize, colour: str, ratio: float) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 - the first paint may need no icon

        pixmap = QPixmap(size)
        pixmap.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        side = min(size.width(), size.height())
        square = QRect((size.width() - side) // 2, (size.height() - side) // 2, side, side)
        QSvgRenderer(QByteArray(self.tinted(name, colour))).render(painter, square)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


class _Engine(QIconEngine):
    """What stands behind one QIcon."""

    def __init__(self, icons: Icons, name: str, size: int, role: str, on: str) -> None:
        super().__init__()
        self._icons = icons
        self._name = name
        self._size = size
        self._role = role
        self._on = on

    def clone(self) -> QIconEngine:
        copy = _Engine(self._icons, self._name, self._size, self._role, self._on)
        self._icons.keep(copy)
        return copy

    def key(self) -> str:
        return "margent"

    def iconName(self) -> str:
        return self._name

    def isNull(self) -> bool:
        return False

    def availableSizes(self, mode: QIcon.Mode = _NORMAL, state: QIcon.State = _OFF) -> list[QSize]:  # noqa: ARG002
        return [QSize(self._size, self._size)]

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:  # noqa: ARG002
        side = min(size.width(), size.height(), self._size)
        return QSize(side, side)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # Since Qt 6.8 the size is in layout pixels, of which each has `scale` on the screen.
        role = self._role
        if mode == QIcon.Mode.Disabled:
            role = "faint"
        elif state == QIcon.State.On:
            role = self._on
        return self._icons.pixmap(self._name, size * scale, role, scale)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        painter.drawPixmap(rect.topLeft(), self.scaledPixmap(rect.size(), mode, state, ratio))
