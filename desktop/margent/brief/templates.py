"""The templates of a brief: Margent's own, and the reader's own in a folder, which add to them or replace them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from margent.assets import RESOURCES
from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from jinja2 import Environment

SUFFIX = ".md.j2"
OWN = RESOURCES / "templates"
_ORDER = ("meeting", "theme", "order", "whole")
_MOST = 100_000
"""Bytes a template may have."""
_MOST_TEXT = 64_000_000
"""Characters a template may write, turns of loops counted as some, so that one that repeats itself ends."""
_LONGEST_TITLE = 200
_ADVICE = "Mend it, or choose another template."
_NAME = re.compile(r"[\w][\w .()-]*")


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """A template that can be chosen. `title` is what its first comment says on its first line."""

    name: str
    title: str
    path: Path


def templates(user_folder: Path | None = None) -> list[TemplateInfo]:
    """Margent's templates in their order, then the reader's by name; one of the same name replaces ours."""
    found: dict[str, Path] = {name: OWN / f"{name}{SUFFIX}" for name in _ORDER}
    if user_folder is not None and user_folder.is_dir():
        for path in sorted(user_folder.glob(f"*{SUFFIX}")):
            if path.is_file():
                found[path.name.removesuffix(SUFFIX)] = path
    return [TemplateInfo(name, _title(path, name), path) for name, path in found.items()]


def fill(
    name: str,
    values: Mapping[str, Any],
    user_folder: Path | None = None,
    tools: Mapping[str, Callable[..., str]] | None = None,
) -> str:
    """The text that template `name` makes of `values`. Its parts see `tools` alone, functions that write.

    Raises MargentError when there is no such template, or naming file and line when it is broken or does not end.
    """
    infos = {info.name: info for info in templates(user_folder)}
    if name not in infos:
        raise MargentError(f"There is no template “{name}”. There are: {', '.join(infos)}.")
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError  # noqa: PLC0415 - Jinja takes 50 ms

    from margent.brief.sandbox import Bounded  # noqa: PLC0415

    info = infos[name]
    folders = [folder for folder in (user_folder, OWN) if folder is not None]
    # Margent's own need no bounds while none of their parts is the reader's, and take half as long without.
    ours = info.path.parent == OWN and not (user_folder is not None and any(user_folder.glob("_*.j2")))
    environment = _own() if ours else Bounded(lambda file: _read(file, folders), _MOST_TEXT)
    try:
        return environment.get_template(info.path.name, globals=dict(tools or {})).render(values)
    except TemplateSyntaxError as error:
        file = error.filename or info.path
        said = _said(error.message or "it cannot be read")
        raise MargentError(f"The template {file} is broken in line {error.lineno}: {said}. {_ADVICE}") from error
    except RecursionError as error:
        line = _line_of(error, info.path)
        raise MargentError(f"The template {info.path} goes round in a circle{line}. {_ADVICE}") from error
    except TemplateNotFound as error:
        said = f"there is no “{error.name}” beside it"
        raise MargentError(f"The template {info.path} fails{_line_of(error, info.path)}: {said}. {_ADVICE}") from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        said = _said(str(error) or type(error).__name__)
        raise MargentError(f"The template {info.path} fails{_line_of(error, info.path)}: {said}. {_ADVICE}") from error


@lru_cache(maxsize=1)
def _own() -> Environment:
    """Margent's own templates, which are compiled once."""
    from margent.brief.sandbox import unbounded  # noqa: PLC0415 - as above

    return unbounded(lambda file: _read(file, [OWN]))


def _read(name: str, folders: Iterable[Path]) -> tuple[str, Path] | None:
    """Source and file of a template or a part of one; the reader's folder comes before ours."""
    if not _NAME.fullmatch(name):
        return None
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise MargentError(f"The template {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise MargentError(f"The template {path} is not UTF-8 text; save it as such.") from error
    if len(data) > _MOST:
        raise MargentError(f"The template {path} is longer than {_MOST:,} bytes; make it shorter.")
    return text, path


def _title(path: Path, name: str) -> str:
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            first = lines.readline(_LONGEST_TITLE)
    except OSError:
        return name
    match = re.match(r"\{#-?\s*(.+?)\s*(?:-?#\})?$", first.rstrip())
    return match[1].rstrip(".") if match else name


def _said(text: str) -> str:
    """What an error says, in one line that a full stop can follow."""
    return " ".join(text.split()).rstrip(".")


def _line_of(error: BaseException, path: Path) -> str:
    """Where it happened, as " in line 7"; Jinja puts the lines of templates into the traceback."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file == str(path):
            place = f" in line {trace.tb_lineno}"
        elif file.endswith(".j2"):
            place = f" in line {trace.tb_lineno} of {file}"
        trace = trace.tb_next
    return place
