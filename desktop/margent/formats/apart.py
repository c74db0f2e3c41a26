"""Files read in a process of their own, which may crash, hang or run out of memory without harm to the program.

A parser written in C++ can be brought down by the file it reads, and one in Python can be kept busy for hours by a few
kilobytes; a thread can be neither stopped nor survived then. The process is a fresh Python that is told to `serve`: it
gets a file's bytes through a pipe, asks for pictures through it, and gives the document back. It starts once for many
files and is ended when one of them takes too long, is not wanted any more, or breaks it.

Messages are a letter, a length and that many bytes. The document comes as pickles that may name the values of
`margent.document` and nothing else, for the process that sends them has read a stranger's file: some blocks in each,
so that a long document is never there a second time as a pickle, and then what it says of itself.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import time
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, NoReturn, Self, cast

from margent.errors import MargentError
from margent.formats import format_of, limits, pace, read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from margent.document import Block, Document

    Picture = Callable[[str], bytes | None]
    Read = Callable[..., Document]
    """Takes bytes, a name and a Picture or None, and `whole` by its name where that is asked for."""
    _Answer = Document | Exception | float

OPTION = "--read-apart"
"""What the program is started with to serve, where it is a folder without a Python beside it."""

PATIENCE = 60.0
"""Seconds that a file may be read without a word from `pace`; a larger one has one more for each megabyte."""
LONGEST = 900.0
"""Seconds that a file may take altogether."""
_MEMORY = 1536 * limits.MB
_MEMORY_TIMES = 10
"""The process may use that many bytes (of address space, which is more than it fills), and so many times the file's."""
_ANSWER = 2048 * limits.MB
"""Bytes of a document on its way back; a longer answer is not one."""
_POLL = 0.05
"""Seconds between two looks whether the reading is still wanted."""

_HEAD = struct.Struct(">cQ")
_FILE, _PICTURE, _NONE, _DOCUMENT, _REFUSED, _FULL, _SHARE = b"F", b"P", b"N", b"D", b"R", b"M", b"S"
_BLOCKS, _SHOWN = b"B", b"I"
_TOGETHER = 1000
"""Blocks in one message."""
_SAID = struct.Struct(">d")
_EVERY = 0.1
"""Seconds between two words on how far the reading is."""

_VALUES = {
    ("margent.document", "Block"),
    ("margent.document", "Mark"),
    ("margent.document", "GivenTheme"),
    ("margent.document", "GivenAnnotation"),
    ("datetime", "datetime"),
    ("datetime", "timezone"),
    ("datetime", "timedelta"),
}


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """The reading was not wanted any more."""


class _BrokenError(Exception):
    """The process ended, or said what it must not say."""


def command() -> list[str]:
    """How a process that serves is started: this Python with this program's modules, or the program itself."""
    if getattr(sys, "frozen", False):
        # A program with a window has no standard input on Windows; the one for the command line beside it does.
        console = Path(sys.executable).with_name("margent-cli.exe")
        return [str(console if console.exists() else sys.executable), OPTION]
    code = f"import sys; sys.path[:] = {sys.path!r}; from margent.formats.apart import serve; serve()"
    return [sys.executable, "-I", "-c", code]


class Apart:
    """Reads files in one process that is started when the first of them needs it. Use it as a context, or close it.

    May be closed from any thread; a reading that goes on then raises Cancelled.
    """

    def __init__(self, start: Sequence[str] | None = None, *, patience: float = PATIENCE) -> None:
        """`start` is the command of a process that serves; `patience` the seconds without a word from it."""
        self._start = start
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it does."""
        self._closed = True
        self._end()

    def read(
        self,
        data: bytes,
        name: str,
        picture: Picture | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        advanced: Callable[[float], None] = lambda _: None,
        *,
        whole: bool = False,
    ) -> Document:
        """As `formats.read`, which does it at once for a file that is quickly read whatever stands in it.

        Raises MargentError, naming the file, also when it takes too long, breaks the process or needs too much memory;
        Cancelled when `cancelled` says so, which is asked many times a second. `advanced` is told the share of the
        file that has been read (0–1), if its format says so.
        """
        format_ = format_of(data, name)
        if len(data) <= format_.quick:
            return read(data, name, picture, whole=whole)
        if len(data) > format_.limit:
            raise limits.too_long(name, format_.limit)
        return self.send(data, name, picture, cancelled, advanced, whole=whole)

    def send(
        self,
        data: bytes,
        name: str,
        picture: Picture | None,
        cancelled: Callable[[], bool],
        advanced: Callable[[float], None] = lambda _: None,
        *,
        whole: bool = False,
    ) -> Document:
        """The same, but in the process in any case."""
        if self._closed or cancelled():
            raise Cancelled
        process = self._running()
        answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        talk = threading.Thread(
            target=_talk, args=(process, data, name, picture, whole, answers), name="margent-apart", daemon=True
        )
        talk.start()
        answer = self._wait(answers, self._patience + len(data) / limits.MB, name, cancelled, advanced)
        if isinstance(answer, _BrokenError):
            self._end()
            if self._closed or cancelled():
                raise Cancelled
            raise MargentError(
                f"{name} could not be read: it broke the program that reads {format_of(data, name).title}. Save it "
                f"anew in the program it comes from, or in another format."
            )
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _wait(
        self,
        answers: queue.SimpleQueue[_Answer],
        seconds: float,
        name: str,
        cancelled: Callable[[], bool],
        advanced: Callable[[float], None],
    ) -> Document | Exception:
        began = heard = time.monotonic()
        while True:
            try:
                answer = answers.get(timeout=_POLL)
            except queue.Empty:
                pass
            else:
                if not isinstance(answer, float):
                    return answer
                heard = time.monotonic()
                advanced(answer)
            now = time.monotonic()
            if self._closed or cancelled():
                self._end()
                raise Cancelled
            if now - heard > seconds or now - began > max(LONGEST, seconds):
                self._end()
                raise MargentError(
                    f"{name} took longer than {now - began:.0f} seconds to read and was given up: save it anew in the "
                    f"program it comes from, or in another format."
                )

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                list(self._start) if self._start is not None else command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=_flags(),
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                # What was not sent yet cannot be sent any more.
                with contextlib.suppress(OSError):
                    pipe.close()


def _flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return 0


def _talk(
    process: subprocess.Popen[bytes],
    data: bytes,
    name: str,
    picture: Picture | None,
    whole: bool,
    answers: queue.SimpleQueue[_Answer],
) -> None:
    """Send a file, answer what is asked about it, and put what comes of it into `answers`."""
    there, back = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
    try:
        about = json.dumps({"name": name, "size": len(data), "pictures": picture is not None, "whole": whole}).encode()
        _write(there, _FILE, about)
        _write(there, _FILE, data)
        parts = _Parts()
        while (message := _read(back)).kind != _DOCUMENT:
            if message.kind == _SHARE:
                answers.put(float(_SAID.unpack(message.body)[0]))
            elif message.kind == _PICTURE:
                shown = picture(message.body.decode("utf-8", "replace")) if picture is not None else None
                _write(there, _NONE if shown is None else _PICTURE, shown or b"")
            elif message.kind in {_BLOCKS, _SHOWN}:
                parts.take(message)
            else:
                answers.put(_outcome(message, name))
                return
        parts.take(message)
        answers.put(parts.document())
    except (OSError, ValueError, struct.error, _BrokenError) as error:
        answers.put(_BrokenError(str(error)))


class _Message(NamedTuple):
    kind: bytes
    body: bytes


class _Parts:
    """A document while its parts come in."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._pictures: dict[str, bytes] = {}
        self._about: dict[str, Any] = {}
        self._length = 0

    def take(self, message: _Message) -> None:
        """Take a part. Raises _BrokenError when it is none, or one too many."""
        self._length += len(message.body)
        if self._length > _ANSWER:
            raise _BrokenError("the answer is too long")
        try:
            found = _Values(io.BytesIO(message.body)).load()
            if message.kind == _BLOCKS:
                self._blocks += found
            elif message.kind == _SHOWN:
                self._pictures.update(found)
            else:
                self._about = dict(found)
        except Exception as error:
            # A pickle that is none can raise anything.
            raise _BrokenError(str(error)) from error

    def document(self) -> Document:
        """All of it. Raises _BrokenError when the values are not a document's."""
        from margent.document import Document  # noqa: PLC0415 - the window loads it anyway

        blocks = tuple(self._blocks)
        self._blocks.clear()
        try:
            return Document(**{**self._about, "blocks": blocks, "pictures": self._pictures})
        except Exception as error:
            raise _BrokenError(str(error)) from error


def _outcome(message: _Message, name: str) -> Exception:
    if message.kind == _REFUSED:
        return MargentError(message.body.decode("utf-8", "replace"))
    if message.kind == _FULL:
        return MargentError(
            f"{name} needs more memory to be read than any document should: divide it, or save it in another format."
        )
    raise _BrokenError("the answer is none")


class _Values(pickle.Unpickler):
    """Makes the values that documents consist of; a pickle could otherwise call any function."""

    def find_class(self, module: str, name: str) -> type:
        if (module, name) not in _VALUES:
            raise pickle.UnpicklingError(f"{module}.{name}")
        found: type = getattr(importlib.import_module(module), name)
        return found


def _write(pipe: BinaryIO, kind: bytes, body: bytes) -> None:
    pipe.write(_HEAD.pack(kind, len(body)))
    pipe.write(body)
    pipe.flush()


def _read(pipe: BinaryIO) -> _Message:
    kind, length = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    if length > _ANSWER:
        raise _BrokenError("the answer is too long")
    return _Message(kind, _exactly(pipe, length))


def _exactly(pipe: BinaryIO, count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise _BrokenError("the pipe was closed")
    return data


# -- in the process ---------------------------------------------------------------------------------------------


def serve(reader: Read = read) -> NoReturn:
    """Read files that come through standard input with `reader`, until it is closed. Runs in the process."""
    inbox: queue.SimpleQueue[_Message] = queue.SimpleQueue()
    there = os.fdopen(os.dup(0), "rb")
    back = os.fdopen(os.dup(1), "wb")
    # What a parser prints must not get into the answers.
    with open(os.devnull, "r+b") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), 0)
        os.dup2(nowhere.fileno(), 1)
    _be_modest()
    threading.Thread(target=_receive, args=(there, inbox), name="margent-inbox", daemon=True).start()
    pace.listen(_saying(back))
    while True:
        about = json.loads(inbox.get().body)
        _bound_memory(about["size"])
        chosen = partial(reader, whole=True) if about["whole"] else reader
        _serve_one(chosen, inbox, back, about["name"], _asking(inbox, back) if about["pictures"] else None)


def _receive(there: BinaryIO, inbox: queue.SimpleQueue[_Message]) -> None:
    """Receive messages; nobody waits for an answer any more when the pipe is closed, whatever is being read."""
    while True:
        try:
            inbox.put(_read(there))
        except (_BrokenError, OSError, MemoryError):
            os._exit(0)


def _serve_one(
    reader: Read, inbox: queue.SimpleQueue[_Message], back: BinaryIO, name: str, picture: Picture | None
) -> None:
    """Answer for one file. Anything but a MargentError is a bug of a reader and ends the process, as a crash does."""
    try:
        _deliver(reader(inbox.get().body, name, picture), back)
    except MargentError as error:
        _write(back, _REFUSED, str(error).encode())
    except MemoryError:
        _write(back, _FULL, b"")


def _deliver(document: Document, back: BinaryIO) -> None:
    """Give the document back in parts, without what it works out by itself: its text would be there twice."""
    for start in range(0, len(document.blocks), _TOGETHER):
        _write(back, _BLOCKS, _packed(list(document.blocks[start : start + _TOGETHER])))
    for key, data in document.pictures.items():
        _write(back, _SHOWN, _packed({key: data}))
    parts = {"blocks", "pictures"}
    _write(
        back,
        _DOCUMENT,
        _packed({f.name: getattr(document, f.name) for f in fields(document) if f.init and f.name not in parts}),
    )


def _packed(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def _asking(inbox: queue.SimpleQueue[_Message], back: BinaryIO) -> Picture:
    def picture(address: str) -> bytes | None:
        _write(back, _PICTURE, address.encode("utf-8", "replace"))
        message = inbox.get()
        return None if message.kind == _NONE else message.body

    return picture


def _saying(back: BinaryIO) -> Callable[[float], None]:
    last = 0.0

    def say(share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            _write(back, _SHARE, _SAID.pack(share))

    return say


def _be_modest() -> None:
    """Let whoever sits at the computer go first, and leave no memory image behind after a crash."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _bound_memory(size: int) -> None:
    """Bound the address space where the system keeps to that: on Linux."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = _MEMORY + _MEMORY_TIMES * size
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
