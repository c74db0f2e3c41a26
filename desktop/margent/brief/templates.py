"""The templates of a brief: Margent's own, and the reader's own in a folder, which add to them or replace them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from margent.assets import RESOURCES
from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SUFFIX = ".md.j2"
OWN = RESOURCES / "templates"
_ORDER = ("meeting", "theme", "order", "whole")
_MOST = 100_000
"""Bytes a template may have."""
_MOST_TEXT = 64_000_000
"""Characters a template may write, so that one that repeats itself ends."""


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
            found[path.name.removesuffix(SUFFIX)] = path
    return [TemplateInfo(name, _title(path, name), path) for name, path in found.items()]


def fill(name: str, values: Mapping[str, Any], user_folder: Path | None = None) -> str:
    """The text that template `name` makes of `values`.

    Raises MargentError when there is no such template, or naming file and line when it is broken.
    """
    info = next((info for info in templates(user_folder) if info.name == name), None)
    if info is None:
        names = ", ".join(info.name for info in templates(user_folder))
        raise MargentError(f"There is no template “{name}”. There are: {names}.")
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError  # noqa: PLC0415 - 50 ms
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    folders = [folder for folder in (user_folder, OWN) if folder is not None]
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    _check(info.path)
    try:
        template = environment.get_template(info.path.name)
        out: list[str] = []
        length = 0
        for piece in template.generate(**values):
            out.append(piece)
            length += len(piece)
            if length > _MOST_TEXT:
                raise MargentError(f"The template {info.path} writes without end; look at its loops.")
    except TemplateSyntaxError as error:
        file = error.filename or info.path
        raise MargentError(f"The template {file} is broken in line {error.lineno}: {error.message}.") from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, OverflowError) as error:
        raise MargentError(f"The template {info.path} fails{_line_of(error, info.path)}: {error}.") from error
    return "".join(out)


def _check(path: Path) -> None:
    try:
        data = path.read_bytes()
        data.decode("utf-8")
    except OSError as error:
        raise MargentError(f"The template {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise MargentError(f"The template {path} is not UTF-8 text.") from error
    if len(data) > _MOST:
        raise MargentError(f"The template {path} is longer than {_MOST:,} bytes.")


def _title(path: Path, name: str) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            first = lines.readline()
    except OSError:
        return name
    match = re.match(r"\{#-?\s*(.+?)\s*(?:-?#\})?$", first.rstrip())
    return match[1].rstrip(".") if match else name


def _line_of(error: BaseException, path: Path) -> str:
    """Where in the template it happened, as " in line 7"; Jinja puts the template's lines into the traceback."""
    trace = error.__traceback__
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return f" in line {line}" if line else ""
