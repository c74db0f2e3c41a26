"""Bytes into text, whatever they were written in: UTF-8 as a rule, UTF-16 or a code page from older editors."""

from margent.errors import MargentError

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 256 * 1024
"""Bytes that are enough to tell an encoding by."""


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text in `data`, and notices (a sentence each) where its encoding had to be guessed or bytes were lost.

    Raises MargentError, naming the file `name`, when no encoding makes text of it.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with(data, encoding)
    if _is_utf8(data):
        return data.decode("utf-8"), ()
    wide = wide_encoding(data)
    if wide:
        return _with(data, wide)
    if _nearly_utf8(data):
        return _with(data, "utf-8")
    return _legacy(data, name)


def is_wide(data: bytes) -> bool:
    """Whether `data` without a byte order mark is UTF-16 or UTF-32, by where its NULs stand."""
    return bool(wide_encoding(data))


def wide_encoding(data: bytes) -> str:
    """Which of the UTF-16 and UTF-32 encodings `data` is in, or "" for none of them."""
    head = data[: 4096 - 4096 % 4]
    if len(head) < 4:
        return ""
    zeros = [head[place::4].count(0) / len(head[place::4]) for place in range(4)]
    if min(zeros[1:3]) > 0.9 and zeros[3] > 0.9 and zeros[0] < 0.1:
        return "utf-32-le"
    if min(zeros[:3]) > 0.9 and zeros[3] < 0.1:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    # Spaces and line ends have a NUL in their high byte in any script, and no text is without them.
    if odd > 0.1 and even < odd / 10:
        return "utf-16-le"
    if even > 0.1 and odd < even / 10:
        return "utf-16-be"
    return ""


def _is_utf8(data: bytes) -> bool:
    """Whether `data` is UTF-8; English in UTF-16 would pass for it, but for its NULs."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in data[:4096]


def _with(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(encoding).removeprefix("\ufeff"), ()
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
        return text, (
            f"Some bytes were not {encoding.split('-sig', maxsplit=1)[0].upper()} text and are shown as \ufffd.",
        )


def _nearly_utf8(data: bytes) -> bool:
    """Whether UTF-8 fails only here and there, as in a file that was cut off or pasted together."""
    text = data.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", errors="ignore")) - lost
    # In a code page two such bytes seldom happen to make a character of UTF-8.
    return whole >= 2 * max(lost, 1)


def _legacy(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - files from another age alone

    sample = data if len(data) <= _SAMPLE else _telling(data)
    best = from_bytes(sample).best()
    if best is None:
        raise MargentError(
            f"{name} is in an encoding that could not be told: open it where it was made and save it as UTF-8."
        )
    text = data.decode(best.encoding, errors="replace")
    return text, (
        f"It is not in UTF-8 and was read as {best.encoding.replace('_', '-')}: check that its letters are right.",
    )


def _telling(data: bytes) -> bytes:
    """Lines of `data` with letters beyond ASCII, for those alone tell one code page from another."""
    lines: list[bytes] = []
    length = 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line)
            length += len(line)
            if length > _SAMPLE:
                break
    return b"".join(lines)[: 2 * _SAMPLE]
