"""Briefs as files: a name that stays, a write that is whole or not at all, and what others wrote left alone."""

import os
import re
import tempfile
from pathlib import Path

from margent.errors import MargentError

_BEGIN = re.compile(r"^<!-- margent:begin brief (?P<id>[0-9a-f]+) -->$", re.MULTILINE)
_END = re.compile(r"^<!-- margent:end brief (?P<id>[0-9a-f]+) -->\n?", re.MULTILINE)
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
_LONGEST = 80


def suggested_name(title: str) -> str:
    """A file name for a brief of this title: the same each time, and good on Windows, macOS and Linux."""
    name = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]+', " ", title)
    name = " ".join(name.split()).strip(". ")[:_LONGEST].rstrip(". ")
    if not name or name.split(".")[0].casefold() in _RESERVED:
        name = f"brief {name}".strip()
    return f"{name}.md"


def is_ours(path: Path) -> bool:
    """Whether the file has a part that a brief manages, with its beginning and its end."""
    try:
        return _managed(path.read_text("utf-8")) is not None
    except (OSError, UnicodeDecodeError):
        return False


def write(path: Path | str, text: str, *, replace: bool = False) -> Path:
    """Write a rendered brief to `path`. In a file that has a managed part, that part alone is replaced.

    Returns the path. Raises MargentError, and leaves the file as it was, when it cannot be written, or when it is there
    without a managed part and `replace` is not given.
    """
    path = Path(path)
    try:
        old = path.read_bytes().decode("utf-8") if path.exists() else None
    except UnicodeDecodeError:
        old = ""
    except OSError as error:
        raise MargentError(f"{path} cannot be read: {error.strerror}. Choose another place.") from error
    if old is not None and not replace:
        text = merged(old, text, path)
    _write(path, text)
    return path


def merged(old: str, new: str, path: Path) -> str:
    """`old` with its managed part replaced by that of `new`. Raises MargentError when `old` has none."""
    found, fresh = _managed(old), _managed(new)
    if found is None:
        raise MargentError(
            f"{path} was not written by Margent, or lost the comments that mark its part. Choose another name."
        )
    if fresh is None:
        return new
    return old[: found[0]] + new[fresh[0] : fresh[1]] + old[found[1] :]


def _managed(text: str) -> tuple[int, int] | None:
    """Start and end of the managed part; None where there is not just one."""
    begins, ends = list(_BEGIN.finditer(text.replace("\r\n", "\n"))), list(_END.finditer(text.replace("\r\n", "\n")))
    if "\r\n" in text:
        begins = list(re.finditer(_BEGIN.pattern.replace("$", "\r?$"), text, re.MULTILINE))
        ends = list(re.finditer(_END.pattern.replace("\\n?", "\r?\n?"), text, re.MULTILINE))
    if len(begins) != 1 or len(ends) != 1 or begins[0].end() > ends[0].start():
        return None
    return begins[0].start(), ends[0].end()


def _write(path: Path, text: str) -> None:
    draft: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".new")
        draft = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        draft.chmod(mode)
        draft.replace(path)
    except OSError as error:
        if draft is not None:
            draft.unlink(missing_ok=True)
        raise MargentError(f"{path} cannot be written: {error.strerror}. Choose another place.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
