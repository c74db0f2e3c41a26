"""One window a library: a second start hands its files to the first over a local socket, and leaves."""

import getpass
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 2000
_MOST = 1 << 20
"""Bytes a message may have; a list of file names is far smaller."""


def _name(library: Path) -> str:
    """A socket name of this user and this library; sockets of all users share one folder on Linux."""
    key = f"{getpass.getuser()}:{library.resolve()}".encode()
    return f"margent-{hashlib.sha256(key).hexdigest()[:20]}"


def hand_over(library: Path, files: Sequence[Path]) -> bool:
    """Give the files to the window that has `library` open; whether it took them."""
    socket = QLocalSocket()
    socket.connectToServer(_name(library))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(json.dumps([str(path.absolute()) for path in files]).encode() + b"\n")
    taken = socket.waitForBytesWritten(_WAIT_MS) and socket.waitForReadyRead(_WAIT_MS)
    return taken and bytes(socket.readAll().data()).startswith(b"ok")


class Listener(QObject):
    """Hears later starts. `asked` carries the list of paths they were given, which may be empty.

    Create it only while holding the library's lock: it removes a socket that a crash has left behind.
    """

    asked = Signal(object)

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        QLocalServer.removeServer(_name(library))
        self._server.listen(_name(library))

    def _connected(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)

    def _read(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket):
            return
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MOST:
                socket.abort()
            return
        try:
            names = json.loads(bytes(socket.readLine(_MOST).data()))
        except ValueError:
            socket.abort()
            return
        socket.write(b"ok\n")
        socket.flush()
        if isinstance(names, list):
            self.asked.emit([Path(name) for name in names if isinstance(name, str)])
