"""Pictures of the open document: sizes when laid out, pixels when in view and no larger than they are shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from margent.ui.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_PIXELS = 60_000_000
"""A picture with more is not decoded: a file of a few kilobytes can claim gigabytes."""
AT_ONCE = 1_500_000
"""Pixels that are decoded while painting, in about 20 ms; more than that goes to a thread."""
_KEPT = 24


class Pictures:
    """Decoded pictures, the few shown last."""

    def __init__(self, source: Mapping[str, bytes], ready: Callable[[], None] | None = None) -> None:
        self._source = source
        self._ready = ready
        self._jobs: Jobs | None = None
        self._sizes: dict[str, QSize] = {}
        self._images: dict[tuple[str, int], QImage] = {}
        self._waiting: set[tuple[str, int]] = set()

    def size(self, key: str) -> QSize:
        """Width and height in the picture's own pixels; an empty size where it is missing or cannot be shown."""
        known = self._sizes.get(key)
        if known is None:
            known = self._sizes[key] = _size(self._source[key]) if key in self._source else QSize()
        return known

    def image(self, key: str, width: int) -> QImage:
        """The picture at most `width` device pixels wide.

        A null image where it cannot be decoded, and while a large one is being decoded in a thread.
        """
        size = self.size(key)
        if size.isEmpty():
            return QImage()
        wanted = (key, min(width, size.width()))
        known = self._images.pop(wanted, None)
        if known is None:
            work = partial(decode, self._source[key], wanted[1])
            if size.width() * size.height() > AT_ONCE and self._ready is not None:
                self._later(wanted, work)
                return QImage()
            known = work()
        self._keep(wanted, known)
        return known

    def _keep(self, wanted: tuple[str, int], image: QImage) -> None:
        while len(self._images) >= _KEPT:
            del self._images[next(iter(self._images))]
        self._images[wanted] = image

    def _later(self, wanted: tuple[str, int], work: Callable[[], QImage]) -> None:
        if wanted in self._waiting:
            return
        self._waiting.add(wanted)
        self._jobs = self._jobs or Jobs()
        self._jobs.run(work, partial(self._arrived, wanted))

    def _arrived(self, wanted: tuple[str, int], image: QImage) -> None:
        self._waiting.discard(wanted)
        self._keep(wanted, image)
        if self._ready is not None:
            self._ready()


def decode(data: bytes, width: int) -> QImage:
    """The picture in `data`, `width` pixels wide or less; a null image where it cannot be read."""
    buffer = _opened(data)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = _turned(reader)
    if size.isValid() and width < size.width():
        scaled = QSize(width, max(1, round(size.height() * width / size.width())))
        turned = scaled if size == reader.size() else scaled.transposed()
        reader.setScaledSize(turned)
    return reader.read()


def _size(data: bytes) -> QSize:
    buffer = _opened(data)
    found = _turned(QImageReader(buffer))
    return found if found.isValid() and 0 < found.width() * found.height() <= MOST_PIXELS else QSize()


def _turned(reader: QImageReader) -> QSize:
    """The size as shown: cameras note that a picture lies on its side."""
    turned = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
    return reader.size().transposed() if turned else reader.size()


def _opened(data: bytes) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer
