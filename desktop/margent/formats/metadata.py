"""What a document says of itself before it begins: YAML front matter, read so that nothing in it can act."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml
from frontmatter.default_handlers import YAMLHandler

from margent.annotations import THEME_COLOURS

_NOT_GIVEN = frozenset({"", "not given", "none", "n/a", "unknown", "null", "~"})
_SIMPLE = re.compile(r"(?<![\w-])([A-Za-z][\w-]{0,80})[ \t]*:[ \t]+(\S.*)$", re.MULTILINE)
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Gives strings, lists and maps alone, whatever tags the text has: a date stays as written, "no" stays a word."""
_FIRST_KEY = re.compile(r"---[ \t]*\n(?:[ \t]*(?:#.*)?\n)*[A-Za-z_][\w -]*:(?:[ \t]|\n)")


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """A theme of the front matter, its passages given by how they begin."""

    name: str
    colour: str = ""
    words: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """The front matter that Margent knows; "" and () where nothing is said."""

    title: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    language: str = ""
    source: str = ""
    themes: tuple[ThemeEntry, ...] = ()
    notices: tuple[str, ...] = field(default=())


def split(text: str) -> tuple[Header, str]:
    """The front matter at the beginning of `text` (if there is any) and the text after it.

    Front matter that is not valid YAML is read line by line, with a notice; what comes after is never lost.
    """
    text = text.lstrip("\ufeff")
    if not _FIRST_KEY.match(text):
        return Header(), text
    handler = YAMLHandler()
    try:
        matter, body = handler.split(text)
    except ValueError:
        return Header(), text
    try:
        data = handler.load(matter, Loader=_LOADER)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        simple: dict[object, object] = {key: value.strip().strip("\"'") for key, value in _SIMPLE.findall(matter)}
        return _header(simple, (_broken(error),)), body
    if not isinstance(data, dict):
        return Header(), text
    return _header(data, ()), body


def _header(data: dict[object, object], notices: tuple[str, ...]) -> Header:
    known = {str(key).strip().lower(): value for key, value in data.items() if isinstance(key, str)}

    def first(*names: str) -> str:
        return next((text for text in (_line(known.get(name)) for name in names) if text), "")

    authors = known.get("authors", known.get("author"))
    themes, said = _themes(known.get("themes"))
    source = first("source", "url", "canonical_url")
    return Header(
        title=first("title"),
        summary=first("summary", "subtitle", "description", "abstract"),
        authors=_names(authors),
        date=first("date", "published"),
        language=first("language", "lang"),
        source="" if source.casefold() in _NOT_GIVEN else source,
        themes=themes,
        notices=notices + said,
    )


def _themes(value: object) -> tuple[tuple[ThemeEntry, ...], tuple[str, ...]]:
    themes: list[ThemeEntry] = []
    notices: list[str] = []
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, str):
            themes.append(ThemeEntry(_line(entry)))
            continue
        if not isinstance(entry, dict) or not _line(entry.get("name")):
            notices.append("A theme of the front matter has no name and was left out.")
            continue
        name = _line(entry.get("name"))
        colour = _line(entry.get("colour", entry.get("color"))).lower()
        if colour and colour not in THEME_COLOURS:
            notices.append(f"The theme “{name}” asks for the colour “{colour}”, which Margent does not have.")
            colour = ""
        themes.append(ThemeEntry(name, colour, _list(entry.get("words")), _list(entry.get("passages"))))
    return tuple(theme for theme in themes if theme.name), tuple(notices)


def _names(value: object) -> tuple[str, ...]:
    """Authors as a list, or as one line that parts them by semicolons, commas before a name in full, or "and"."""
    if isinstance(value, list):
        return tuple(filter(None, (_line(each.get("name") if isinstance(each, dict) else each) for each in value)))
    return tuple(
        filter(None, (part.strip() for part in re.split(r";|,(?=\s*\S+\s+\S)|\s+and\s+|\s*&\s*", _line(value))))
    )


def _list(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(_line, values)))


def _line(value: object) -> str:
    """A value as one line of text; what is not text is nothing."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _broken(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f" (line {mark.line + 2})" if mark is not None else ""
    return f"The front matter is not valid YAML{place}: only its simple lines were read."
