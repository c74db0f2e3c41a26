"""The style sheet of an appearance, and the drawings it refers to as a Qt resource held in memory.

In resources/appearances/sheet.qss `@role` and `@table.name` stand for colours, `12px` for that many pixels of the
design, and `icon(name, role)` for an icon in that colour. Qt's style sheets take pictures from files alone; a resource
in memory is one without anything being written to disk.
"""

import re
import struct
import weakref
from collections.abc import Callable, Mapping

from PySide6.QtCore import QResource

from margent.appearance import Appearance
from margent.errors import MargentError

_ROLE = re.compile(r"@([a-z_]+(?:\.[a-z]+)?)")
_PIXELS = r"(-radius: )?\b(\d+)px"
_ICON = re.compile(r"icon\(([a-z0-9-]+), ([a-z_]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def compose(
    template: str, appearance: Appearance, scale: float, drawing: Callable[[str, str], bytes], root: str
) -> tuple[str, dict[str, bytes]]:
    """The sheet for `appearance`, and its drawings by file name; it looks for them below `root` (":/name").

    `drawing(icon, colour)` gives an SVG. Raises MargentError when the template names a role or an icon that is not.
    """
    files: dict[str, bytes] = {}
    known = dict(appearance.colours)
    for table, values in (("marks", appearance.marks), ("strong", appearance.strong), ("themes", appearance.themes)):
        known |= {f"{table}.{name}": value for name, value in values.items()}

    def colour(role: str) -> str:
        if role not in known:
            raise MargentError(f"The style sheet names “{role}”, which is no role of an appearance.")
        return known[role]

    def picture(found: re.Match[str]) -> str:
        name, role = found.groups()
        file = f"{name}-{role}.svg"
        files[file] = drawing(name, colour(role))
        return f"url({root}/{file})"

    sheet = _COMMENT.sub("", template)
    sheet = _ICON.sub(picture, sheet)
    sheet = _ROLE.sub(lambda found: colour(found[1]), sheet)
    if scale != 1:  # where all lengths are what they were, to look for them takes 1 ms
        sheet = re.sub(_PIXELS, lambda found: _pixels(found[1] or "", int(found[2]) * scale), sheet)
    return sheet, files


def _pixels(radius: str, size: float) -> str:
    """A length; Qt squares a corner whose radius is more than half of a side, so that is never rounded up."""
    return f"{radius}{int(size) if radius else round(size)}px"


class Drawings:
    """`files` by name, which Qt finds below `root` (":/name" without the colon) for as long as this lives."""

    def __init__(self, files: Mapping[str, bytes], root: str) -> None:
        # Qt reads the bytes in place; the finaliser holds them until Qt has let go.
        data = bundle(files)
        QResource.registerResourceData(data, root)
        weakref.finalize(self, QResource.unregisterResourceData, data, root)


def bundle(files: Mapping[str, bytes]) -> bytes:
    """`files` by name (ASCII) as a binary Qt resource, format version 1, as QResource.registerResourceData reads it.

    The layout is that of Qt's own compiler: a header, file contents, names, and a tree whose siblings are sorted by
    the hash of their names; all numbers are big-endian.
    """
    header = struct.calcsize(">4sIIII")
    contents, names, tree = bytearray(), bytearray(), bytearray()
    tree += struct.pack(">IHII", 0, 2, len(files), 1)
    for name in sorted(files, key=_hash):
        tree += struct.pack(">IHHHI", len(names), 0, 0, 1, len(contents))
        contents += struct.pack(">I", len(files[name])) + files[name]
        letters = bytearray(2 * len(name))
        letters[1::2] = name.encode("ascii")  # UTF-16, without loading Python's codec for it
        names += struct.pack(">HI", len(name), _hash(name)) + letters
    data = header
    named = data + len(contents)
    return struct.pack(">4sIIII", b"qres", 1, named + len(names), data, named) + contents + names + tree


def _hash(name: str) -> int:
    """Qt's hash of a resource's name (qt_hash), 28 bits."""
    value = 0
    for letter in name:
        value = (value << 4) + ord(letter)
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value
