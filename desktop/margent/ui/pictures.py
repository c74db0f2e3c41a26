"""Pictures of the open document: sizes when laid out, pixels when in view and no larger than they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PIXELS = 60_000_000
"""A picture with more is not decoded: a file of a few kilobytes can claim gigabytes."""
_KEPT = 24


class Pictures:
    """Decoded pictures, the few shown last."""

    def __init__(self, source: Mapping[str, bytes]) -> None:
        self._source = source
        self._sizes: dict[str, QSize] = {}
        self._images: dict[tuple[str, int], QImage] = {}

    def size(self, key: str) -> QSize:
        """Width and height in the picture's own pixels; an empty size where it is missing or cannot be shown."""
        known = self._sizes.get(key)
        if known is None:
            known = QSize()
            if key in self._source:
                buffer = self._buffer(key)
                found = QImageReader(buffer).size()
                if found.isValid() and 0 < found.width() * found.height() <= MOST_PIXELS:
                    known = found
            self._sizes[key] = known
        return known

    def image(self, key: str, width: int) -> QImage:
        """The picture at most `width` device pixels wide; a null image where it cannot be decoded."""
        size = self.size(key)
        if size.isEmpty():
            return QImage()
        wanted = min(width, size.width())
        known = self._images.pop((key, wanted), None)
        if known is None:
            buffer = self._buffer(key)
            reader = QImageReader(buffer)
            reader.setAutoTransform(True)
            if wanted < size.width():
                reader.setScaledSize(QSize(wanted, max(1, round(size.height() * wanted / size.width()))))
            known = reader.read()
            while len(self._images) >= _KEPT:
                del self._images[next(iter(self._images))]
        self._images[key, wanted] = known
        return known

    def _buffer(self, key: str) -> QBuffer:
        buffer = QBuffer()
        buffer.setData(QByteArray(self._source[key]))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        return buffer
