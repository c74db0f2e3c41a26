"""Which files stand in what the reader gave: files as named, folders and archives by what is readable in them."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from margent.formats import SUFFIXES, limits, suffix_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ARCHIVE = ".zip"
_LEFT_OUT = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_TEMPORARY = re.compile(r"[.~]|.*(?:~|\.(?:tmp|part|partial|crdownload|download|swp|bak))$", re.IGNORECASE)
_PARTS_OF_A_PAGE = re.compile(
    r"(?:[_.]files|_file|-dateien|_fichiers|_archivos|_arquivos|_bestanden|_soubory|_pliki|-filer|_filer|[_.]файлы)$",
    re.IGNORECASE,
)
"""What browsers call the folder beside a page they save; pictures, scripts and advertisements stand in it."""
_NUMBER = re.compile(r"(\d+)")


class File(NamedTuple):
    """A file to bring in, and its name with the folders below the one that was given."""

    path: Path
    shown: str


def gather(
    paths: Iterable[Path], cancelled: Callable[[], bool] = lambda: False
) -> tuple[list[File], list[tuple[str, str]]]:
    """The files in `paths`, folders with all that is readable in them, and what is wrong: a name and a sentence each.

    Files that were named are taken whatever they are called; in folders hidden and temporary ones and those whose
    suffix says that they are not read are left out. The order is as given, and natural within a folder.
    """
    files: list[File] = []
    problems: list[tuple[str, str]] = []
    for path in paths:
        if not path.is_dir():
            files.append(File(path, path.name or str(path)))
            continue
        name = path.resolve().name or str(path)
        before = len(files)
        wrong: list[tuple[str, str]] = []
        files.extend(_in_folder(path, name, 0, wrong, cancelled))
        if len(files) == before and not wrong:
            wrong.append((name, f"{name} holds no file that Margent reads."))
        problems += wrong
    return files, problems


def in_archive(names: Iterable[str]) -> list[str]:
    """Of the names of files in a ZIP archive those that are readable, in natural order."""
    chosen = (name for name in names if all(map(is_wanted, PurePosixPath(name).parts)) and is_readable(name))
    return sorted(chosen, key=natural)


def is_wanted(name: str) -> bool:
    """Whether a file or folder of this name is neither hidden nor temporary nor what a system leaves behind."""
    return name.lower() not in _LEFT_OUT and not _TEMPORARY.match(name)


def is_readable(name: str) -> bool:
    """Whether the suffix is of a kind that is read."""
    return suffix_of(name) in SUFFIXES or suffix_of(name) == ARCHIVE


def natural(name: str) -> list[tuple[int, str]]:
    """Sorts "2.md" before "10.md", whatever the case."""
    # A number is compared by its length, then its digits: int() refuses one of thousands of digits.
    return [
        (len(part.lstrip("0")) + 1, part.lstrip("0")) if index % 2 else (0, part.casefold())
        for index, part in enumerate(_NUMBER.split(name))
    ]


def _in_folder(
    folder: Path, shown: str, depth: int, problems: list[tuple[str, str]], cancelled: Callable[[], bool]
) -> Iterator[File]:
    if cancelled():
        return
    if depth > limits.FOLDERS:
        problems.append((shown, f"{shown} stands more than {limits.FOLDERS} folders deep: open it by itself."))
        return
    try:
        with os.scandir(folder) as listing:
            entries = sorted((entry for entry in listing if _shows(entry)), key=lambda entry: natural(entry.name))
    except OSError as error:
        reason = error.strerror or "the system gives no reason"
        problems.append((shown, f"The folder {shown} could not be read ({reason})."))
        return
    pages = {Path(entry.name).stem for entry in entries if suffix_of(entry.name) in {".htm", ".html"}}
    for entry in entries:
        name = f"{shown}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if _PARTS_OF_A_PAGE.sub("", entry.name) not in pages:
                yield from _in_folder(Path(entry.path), name, depth + 1, problems, cancelled)
        elif is_readable(entry.name) and entry.is_file():
            yield File(Path(entry.path), name)


def _shows(entry: os.DirEntry[str]) -> bool:
    if not is_wanted(entry.name):
        return False
    hidden: int = getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 2)
    attributes: int = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return not attributes & hidden
