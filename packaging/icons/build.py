"""Render the application icon: PNGs of 16 to 512 px, a Windows .ico, a macOS .icns, and the program's own copy.

uv run packaging/icons/build.py
"""

import os
import shutil
import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
RESOURCES = HERE.parents[1] / "resources" / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO = (16, 24, 32, 48, 64, 256)
ICNS = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic11": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic08": 256,
    b"ic13": 256,
    b"ic09": 512,
    b"ic14": 512,
}
"""Apple's type codes and the pixels each stands for."""


def png(drawing: QSvgRenderer, size: int) -> bytes:
    """The drawing as a PNG, `size` pixels square."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawing.render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """A Windows icon with a PNG for each of ICO; 0 stands for 256 in its directory."""
    head = struct.pack("<HHH", 0, 1, len(ICO))
    at = len(head) + 16 * len(ICO)
    body = b""
    for size in ICO:
        data = pictures[size]
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), at + len(body))
        body += data
    return head + body


def icns(pictures: dict[int, bytes]) -> bytes:
    """A macOS icon with a PNG for each of ICNS."""
    body = b"".join(struct.pack(">4sI", code, 8 + len(pictures[size])) + pictures[size] for code, size in ICNS.items())
    return struct.pack(">4sI", b"icns", 8 + len(body)) + body


def main() -> None:
    """Render, pack, copy."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication([])
    drawing = QSvgRenderer(str(HERE / "margent.svg"))
    pictures = {size: png(drawing, size) for size in SIZES}
    for size, data in pictures.items():
        (HERE / f"margent-{size}.png").write_bytes(data)
    (HERE / "margent.ico").write_bytes(ico(pictures))
    (HERE / "margent.icns").write_bytes(icns(pictures))
    shutil.copyfile(HERE / "margent.svg", RESOURCES / "margent.svg")
    (RESOURCES / "margent.png").write_bytes(pictures[128])
    application.quit()


if __name__ == "__main__":
    main()
