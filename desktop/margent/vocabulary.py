"""A vocabulary of themes as a TOML file, so that a team may share one: names, colours and signal words.

Taking one in adds themes and words and never takes any away: what the reader named and coloured stays.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from margent import edits
from margent.annotations import THEME_COLOURS, Change, Theme, next_colour, theme_named
from margent.document import canonical
from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from margent.annotations import ThemeColour

LABEL = "Import themes"
"""What taking a vocabulary in is called where it can be undone."""
VERSION = 1
LIMIT = 1024 * 1024
"""Bytes of a file: a thousand themes of a hundred words."""
THEMES = 1000
WORDS = 500
"""Signal words of one theme; each is looked for in the whole text."""
_LONGEST = 200
"""Characters of a name or a word."""
_LONGEST_DESCRIPTION = 2000
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*theme[ \t]*\]\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A theme of a vocabulary."""

    name: str
    colour: ThemeColour | None = None
    """None when the file does not say; taking it in finds one."""
    words: tuple[str, ...] = ()
    description: str = ""
    """What the team means by it; kept in files alone, for a library's themes have none."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a file of themes holds."""

    title: str = ""
    language: str = ""
    """BCP 47, of the words; "" when they are of several languages or it is not said."""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """What taking in a vocabulary does."""

    change: Change | None
    """None when the library has all of it already."""
    new: tuple[str, ...] = ()
    """Names of themes that are added."""
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Names of themes that get more words, each with these words."""
    colours: tuple[tuple[str, ThemeColour, ThemeColour], ...] = ()
    """Names of themes whose colour the file has otherwise: the one that is kept, and the file's."""
    same: tuple[str, ...] = ()
    """Names of themes that the library has already with all their words."""


def of_themes(themes: Iterable[Theme], title: str = "", language: str = "") -> Vocabulary:
    """The vocabulary of `themes`, in the order of their names."""
    kept = sorted((theme for theme in themes if theme.deleted is None), key=lambda theme: theme.name.casefold())
    return Vocabulary(title, language, tuple(Entry(theme.name, theme.colour, theme.words) for theme in kept))


def dump(vocabulary: Vocabulary) -> str:
    """`vocabulary` as TOML that `parse` reads back."""
    import tomlkit  # noqa: PLC0415 - writing alone

    document = tomlkit.document()
    document.add(
        tomlkit.comment("A vocabulary of themes for Margent: add themes and words as you like, and pass it on.")
    )
    document.add(tomlkit.comment(f"Colours: {', '.join(THEME_COLOURS)}."))
    document.add("version", tomlkit.item(VERSION))
    for key, text in (("title", vocabulary.title), ("language", vocabulary.language)):
        if text:
            document.add(key, tomlkit.item(text))
    tables = tomlkit.aot()
    for entry in vocabulary.entries:
        table = tomlkit.table()
        table.add("name", entry.name)
        if entry.colour:
            table.add("colour", entry.colour)
        words = tomlkit.array()
        words.extend(entry.words)
        table.add("words", words.multiline(multiline=sum(map(len, entry.words)) > 80))
        if entry.description:
            table.add("description", entry.description)
        tables.append(table)
    if vocabulary.entries:
        document.add("theme", tables)
    return tomlkit.dumps(document)


def write(path: Path, vocabulary: Vocabulary) -> None:
    """Write `vocabulary` to a file, whole or not at all. Raises MargentError when it cannot be written."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.write_text(dump(vocabulary), "utf-8", newline="\n")
        os.replace(draft, path)  # noqa: PTH105 - Path.replace is the same
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        reason = error.strerror or "the system gives no reason"
        raise MargentError(f"{path} cannot be written ({reason}): choose another place.") from error


def read(path: Path) -> Vocabulary:
    """The vocabulary in a file. Raises MargentError, naming file, line and cause, when it is none."""
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise MargentError(f"There is no file {path}: look where your colleagues put it.") from None
    except OSError as error:
        reason = error.strerror or "the system gives no reason"
        raise MargentError(f"{path} cannot be read ({reason}): copy it to another place and try again.") from error
    if len(data) > LIMIT:
        raise MargentError(f"{path.name} is longer than 1 MB, which no vocabulary of themes is: look for another file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MargentError(f"{path.name}, line {line}: this is not UTF-8. Save the file as UTF-8.") from None
    return parse(text, path.name)


def parse(text: str, name: str) -> Vocabulary:
    """The vocabulary in `text`, the content of a file called `name`. Raises MargentError as `read` does."""
    text = text.replace("\r\n", "\n")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MargentError(_syntax(name, str(error), text)) from None
    except RecursionError:
        raise MargentError(f"{name} nests its values deeper than any vocabulary does: look for another file.") from None
    reader = _Reader(text, name)
    version = found.get("version", VERSION)
    if type(version) is not int or version < 1:
        raise reader.error("version", "“version” must be a whole number, 1 for this kind of file")
    if version > VERSION:
        raise reader.error("version", "this vocabulary was written by a newer Margent; get that one to read it")
    themes = found.get("theme", [])
    if not isinstance(themes, list) or not all(isinstance(theme, dict) for theme in themes):
        raise reader.error("theme", "themes must each begin with a line [[theme]]")
    if not themes and "theme" not in found and not {"title", "version"} & found.keys():
        raise MargentError(f"{name} has no themes in it: each must begin with a line [[theme]].")
    if len(themes) > THEMES:
        raise MargentError(f"{name} has {len(themes):,} themes; {THEMES:,} is the most that Margent takes in.")
    return Vocabulary(
        reader.line_of_text(found, "title"),
        reader.line_of_text(found, "language"),
        _united([reader.entry(theme, number) for number, theme in enumerate(themes)]),
    )


def merge(vocabulary: Vocabulary, themes: Iterable[Theme]) -> Merged:
    """What makes a library with `themes` know `vocabulary` too: new themes, and words for those it has by that name.

    Nothing of the reader's is taken away, renamed or recoloured. The change is one step to undo.
    """
    known = [theme for theme in themes if theme.deleted is None]
    changes: list[Change] = []
    new: list[str] = []
    words: list[tuple[str, tuple[str, ...]]] = []
    colours: list[tuple[str, ThemeColour, ThemeColour]] = []
    same: list[str] = []
    for entry in vocabulary.entries:
        theme = theme_named(entry.name, known)
        if theme is None:
            change = edits.new_theme(entry.name, entry.colour or next_colour(known), entry.words)
            changes.append(change)
            known += [value for value in change.after.values() if isinstance(value, Theme)]
            new.append(entry.name)
            continue
        if entry.colour and entry.colour != theme.colour:
            colours.append((theme.name, theme.colour, entry.colour))
        more = _missing(entry.words, theme.words)
        if more:
            changes.append(edits.set_words(theme, [*theme.words, *more]))
            words.append((theme.name, more))
        else:
            same.append(theme.name)
    return Merged(_as_one(changes), tuple(new), tuple(words), tuple(colours), tuple(same))


def _as_one(changes: Sequence[Change]) -> Change | None:
    if not changes:
        return None
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for change in changes:
        before |= change.before
        after |= change.after
    return Change(LABEL, before, after)


def _missing(wanted: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The words that are not among `known` in whatever case, each once."""
    have = {word.casefold() for word in known}
    found: dict[str, str] = {}
    for word in wanted:
        if word.casefold() not in have:
            found.setdefault(word.casefold(), word)
    return tuple(found.values())


def _united(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """`entries` with those of one name made one."""
    found: dict[str, Entry] = {}
    for entry in entries:
        key = entry.name.casefold()
        first = found.setdefault(key, entry)
        if first is not entry:
            found[key] = replace(
                first,
                colour=first.colour or entry.colour,
                words=first.words + _missing(entry.words, first.words),
                description=first.description or entry.description,
            )
    return tuple(found.values())


def _syntax(name: str, problem: str, text: str) -> str:
    """The sentence for what tomllib says, with its line."""
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", problem)
    cause = problem[: found.start()] if found else problem
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    return f"{name}, line {line}: this is not valid TOML ({cause[:1].lower()}{cause[1:]}). Mend the line and try again."


class _Reader:
    """Values of one file checked, with the line in the sentence when they are wrong."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._headers = [match.start() for match in _HEADER.finditer(text)]

    def error(self, key: str, cause: str, number: int = -1) -> MargentError:
        """The error for a key at the top (number -1) or of a theme, counted from 0."""
        line = self._line(key, number)
        where = f"{self._name}, line {line}" if line else self._name
        return MargentError(f"{where}: {cause}.")

    def _line(self, key: str, number: int) -> int:
        """The line where a key stands, that of its theme when it is missing; 0 when it cannot be told."""
        if number >= len(self._headers):
            return 0
        start = self._headers[number] if number >= 0 else 0
        following = self._headers[number + 1 : number + 2]
        found = re.compile(rf"^[ \t]*[\"']?{key}[\"']?[ \t]*[=.\]]|^[ \t]*\[+{key}\b", re.MULTILINE).search(
            self._text, start, following[0] if following else len(self._text)
        )
        if found is None and number < 0:
            return 0
        return self._text.count("\n", 0, found.start() if found else start) + 1

    def line_of_text(self, values: Mapping[str, object], key: str, number: int = -1, longest: int = _LONGEST) -> str:
        """A text on one line; "" when it is not given."""
        value = values.get(key, "")
        if not isinstance(value, str):
            raise self.error(key, f"“{key}” must be a text in quotation marks", number)
        text = " ".join(canonical(value).split())
        if len(text) > longest:
            raise self.error(key, f"“{key}” is longer than {longest} characters", number)
        return text

    def entry(self, values: Mapping[str, object], number: int) -> Entry:
        """One theme."""
        name = self.line_of_text(values, "name", number)
        if not name:
            raise self.error("name", "this theme has no name", number)
        colour = self.line_of_text(values, "color" if "color" in values else "colour", number).lower()
        if colour and colour not in THEME_COLOURS:
            known = ", ".join(THEME_COLOURS)
            raise self.error(
                "colou?r", f"there is no colour “{colour[:40]}” for “{name}”; choose one of {known}", number
            )
        return Entry(
            name,
            next((each for each in THEME_COLOURS if each == colour), None),
            self._words(values.get("words", []), name, number),
            self.line_of_text(values, "description", number, _LONGEST_DESCRIPTION),
        )

    def _words(self, value: object, name: str, number: int) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.error("words", f'the words of “{name}” must be texts in square brackets: ["one", "two"]', number)
        words = [" ".join(canonical(word).split()) for word in value]
        if len(words) > WORDS:
            raise self.error("words", f"“{name}” has {len(words):,} words; {WORDS} is the most", number)
        long = next((word for word in words if len(word) > _LONGEST), "")
        if long:
            raise self.error(
                "words", f"a word of “{name}” is longer than {_LONGEST} characters: “{long[:40]}…”", number
            )
        return _missing(filter(None, words), ())
