"""What templates see: points and documents whose every text is Markdown, escaped and ready to be written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

from margent.brief import markdown
from margent.brief.points import Place, Point, locator, paragraph
from margent.brief.records import BEGIN, END, RECORDS, Records, comment, document_of
from margent.brief.whole import Whole, whole
from margent.errors import MargentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from margent.annotations import Annotation
    from margent.brief.render import Brief, Words

_Item = TypeVar("_Item")


class Late(Sequence[_Item]):
    """A list made when a template first looks at it; most templates look at few."""

    def __init__(self, make: Callable[[], list[_Item]]) -> None:
        self._make = make

    @cached_property
    def _items(self) -> list[_Item]:
        return self._make()

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | list[_Item]:
        return self._items[index]

    def __iter__(self) -> Iterator[_Item]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class View:
    """A point as templates see it: all text is Markdown, ready to be written, made when it is asked for."""

    def __init__(self, point: Point, writer: Writer) -> None:
        annotation = point.annotation
        self._point = point
        self._writer = writer
        self.id = annotation.id
        self.kind = writer.labels.get(annotation.kind, "")
        self.author = writer.author(annotation)
        self.themes = writer.phrases(point.themes)
        self.private = annotation.private
        self.task = annotation.is_task
        self.done = annotation.done
        self.underlined = annotation.style == "underline"
        self.orphaned = annotation.state == "orphaned"

    @property
    def quote(self) -> str:
        """The quotation, every line beginning with ">"."""
        return markdown.quotation(self._point.quote)

    @property
    def locator(self) -> str:
        """Heading, page and paragraph, behind the document where there are several."""
        return self._writer.place(self._point.place)

    @property
    def path(self) -> tuple[object, ...]:
        """What is the same for points under the same headings."""
        return (*self._point.place.section, bool(self._point.place.footnote))

    @property
    def section(self) -> str:
        """The innermost heading; "" before the first."""
        place = self._point.place
        if place.footnote:
            return self._writer.words.footnotes
        return self._writer.phrase(place.section[-1]) if place.section else ""

    @property
    def paragraph(self) -> str:
        """Page and paragraph, or the footnote, alone."""
        return paragraph(self._point.place, self._writer.words.footnote, self._writer.words.page)

    def place(self, under: str = "") -> str:
        """The line below the quotation: place, themes and what else is to be said, but for what its heading says.

        `under` is "theme" or "section" for such a heading.
        """
        words = self._writer.words
        said = [self.paragraph if under == "section" else self.locator]
        if under == "theme" and len(self.themes) > 1:
            said.append(f"{words.also} {', '.join(self.themes[1:])}")
        elif under != "theme":
            said += self.themes
        if self.author and not (self.kind or self.note):
            said.append(self.author)
        said += [words.underlined] * self.underlined + [words.private] * self.private
        return " · ".join(part for part in said if part)

    @property
    def before(self) -> str:
        """What the words were before the text changed, in one line; "" where they are the same."""
        return self._writer.before(self._point)

    @cached_property
    def note(self) -> str:
        """The note."""
        return markdown.note(self._point.annotation.note)

    @property
    def statement(self) -> str:
        """The note behind its kind and author; the kind alone where nothing was written."""
        said = self.note
        if not (self.kind or said):
            return ""
        label = f"{self.kind} ({self.author})" if self.kind and self.author else self.kind or self.author
        if not (label and said):
            return f"**{label}**" if label else said
        return _behind(f"**{label}:**", said, colon="")

    @property
    def replies(self) -> list[dict[str, str]]:
        """Each with author, date, note, and item, the inside of a list item."""
        return [self._writer.reply(reply) for reply in _shown(self._point)]

    @property
    def answers(self) -> str:
        """All replies as a list."""
        return "\n".join([f"- {reply['item']}" for reply in self.replies]) if self._point.replies else ""

    @property
    def boxed(self) -> str:
        """Statement and replies of a task, with a box to tick."""
        return f"- [{'x' if self.done else ' '}] {markdown.indent(_followed(self.statement, self.answers), 2)}"

    @property
    def item(self) -> str:
        """A task in few words, as the inside of a list item: how its note begins or what is quoted, theme and place."""
        said = self.note
        first = _beginning(said)
        if not first:
            words = said or _quoted(self._point)
            first = markdown.shortened(words, 120)
            first = first if said else f"“{first}”"
        elif first != said:
            first += " …"
        about = " · ".join(part for part in (", ".join(self.themes), self.locator) if part)
        text = f"**{self.kind} ({self.author}):** {first}" if self.author else f"**{self.kind}:** {first}"
        return markdown.indent(f"{text} ({about})" if about else text, 2)

    @property
    def mark(self) -> str:
        """A comment with the point's id, for the end of the point."""
        return f"<!-- margent:{self.id} -->"

    def written(self, under: str = "", *, boxes: bool = True) -> str:
        """The whole point: quotation, place, what is said of it, and its comment, with blank lines between.

        `under` is what its heading says already, as for `place`; with `boxes` a task gets one to tick.
        """
        place = self.place(under)
        parts = [self.quote, f"— {place}" if place else "", self.before]
        parts += [self.boxed] if boxes and self.task else [self.statement, self.answers]
        parts.append(self.mark)
        return "\n\n".join([part for part in parts if part]) + "\n"


class DocumentView:
    """One of the documents of a brief, with its points."""

    def __init__(self, *, name: str, facts: list[tuple[str, str]], points: Sequence[View], beginning: str) -> None:
        self.name = name
        self.facts = facts
        """Pairs of name and value: source, author, date."""
        self.points = points
        self._beginning = beginning

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """Runs of points under the same headings, so that their order is kept whatever it is; no orphans."""
        groups: list[dict[str, Any]] = []
        before: tuple[object, ...] | None = None
        for view in self.points:
            if view.orphaned:
                continue
            path = view.path
            if path != before:
                groups.append({"name": view.section or self._beginning, "points": []})
            groups[-1]["points"].append(view)
            before = path
        return groups


class Below(NamedTuple):
    """What stands under a stretch of the whole document for one point: comments for Margent, text for people."""

    begin: str
    text: str = ""
    end: str = ""

    @property
    def written(self) -> str:
        """All of it, ending in a newline."""
        return f"{self.begin}\n\n{self.text}\n\n{self.end}\n" if self.text else f"{self.begin}\n"


class PartView(NamedTuple):
    """A stretch of the whole document as templates see it."""

    text: str
    notes: list[Below]

    @property
    def below(self) -> str:
        """All notes as they stand under the text, comments and all."""
        return "".join([note.written for note in self.notes])


class Writer:
    """What the points of one brief share. Names and places come back often, and are escaped once."""

    def __init__(self, words: Words, exporter: str, document: str = "") -> None:
        """`document` is the title to put before each place, where points of several documents stand together."""
        self.words = words
        self.labels = {"question": words.question, "action": words.action, "position": words.position}
        self._exporter = exporter
        self._document = markdown.phrase(document)
        self._phrases: dict[str, str] = {}
        self._lists: dict[tuple[str, ...], list[str]] = {(): []}
        self._places: dict[Place, str] = {}

    def below(self, point: Point, *, unmarked: bool) -> Below:
        """What stands under a block of the whole document: comments for Margent, and for people what no mark says."""
        annotation = point.annotation
        about = [author] if (author := self.author(annotation)) else []
        about += self.phrases(point.themes)
        if annotation.private:
            about.append(self.words.private)
        said = markdown.note(annotation.note)
        answers = "\n".join([f"- {self.reply(reply)['item']}" for reply in _shown(point)]) if point.replies else ""
        before = self.before(point)
        kind = annotation.kind
        if kind == "note" and not (said or answers or about or before or unmarked):
            return Below(f"<!-- margent:{annotation.id} -->")
        label = self.labels.get(kind) or (self.words.note if said or answers else self.words.highlight)
        head = f"**{label}** {self.words.on} “{markdown.shortened(_quoted(point))}”"
        text = _behind(f"{head} ({', '.join(about)})" if about else head, said)
        if before or answers:
            text = _followed(_followed(text, before), answers)
        if annotation.is_task:
            text = f"- {'[x]' if annotation.done else '[ ]'} {markdown.indent(text, 2)}"
        quoted = f"> {text}"
        if "\n" in text:
            quoted = quoted.replace("\n", "\n> ").replace("> \n", ">\n")
        return Below(f"{BEGIN} {annotation.id} -->", quoted, f"{END} {annotation.id} -->")

    def reply(self, reply: Annotation) -> dict[str, str]:
        """A reply with its author, who is named even if it is the exporter: a conversation needs all its names."""
        author, said = self.phrase(reply.author), markdown.note(reply.note)
        # In UTC, for laptops in two time zones are to write the same.
        date = f"{reply.created.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        item = _behind(f"**{author}**, {date}" if author else date, said)
        return {"id": reply.id, "author": author, "date": date, "note": said, "item": markdown.indent(item, 2)}

    def before(self, point: Point) -> str:
        """What the words of a point were before the text changed."""
        return f"{self.words.before} “{markdown.phrase(point.before)}”" if point.before else ""

    def author(self, annotation: Annotation) -> str:
        """Who wrote it, unless that is the exporter."""
        return self.phrase(annotation.author) if annotation.author != self._exporter else ""

    def place(self, place: Place) -> str:
        """Document where there are several, heading, page and paragraph."""
        found = self._places.get(place)
        if found is None:
            said = locator(place, self.words.footnote, self.words.page)
            found = self._places[place] = ", ".join(part for part in (self._document, said) if part)
        return found

    def phrases(self, names: tuple[str, ...]) -> list[str]:
        """Names of themes, each in one line."""
        found = self._lists.get(names)
        if found is None:
            found = self._lists[names] = [self.phrase(name) for name in names]
        return found

    def phrase(self, text: str) -> str:
        """A name in one line."""
        found = self._phrases.get(text)
        if found is None:
            found = self._phrases[text] = markdown.phrase(text)
        return found


def _shown(point: Point) -> Sequence[Annotation]:
    """Replies that may leave with the point; none that is private under one that is not."""
    if not point.replies or point.annotation.private:
        return point.replies
    return [reply for reply in point.replies if not reply.private]


def _behind(head: str, said: str, *, colon: str = ":") -> str:
    if not said:
        return head
    return f"{head}{colon} {said}" if _is_prose(said) else f"{head}{colon}\n\n{said}"


def _followed(text: str, answers: str) -> str:
    return f"{text}\n\n{answers}" if text and answers else text or answers


_NO_PROSE = re.compile(
    r"(?:[-*+]|\d{1,9}[.)])(?:\s|$)|>|\||```|~~~|\s|(?:[-*_] ?){3,}$|[^\n]*\n {0,3}[|:]? ?:?-[|:\- ]*(?:\n|$)"
)


def _is_prose(text: str) -> bool:
    """Whether a note begins with a paragraph, so that it can stand behind a word."""
    return bool(text) and not _NO_PROSE.match(text)


def _quoted(point: Point) -> str:
    return point.quote[0].text if len(point.quote) == 1 else " ".join(block.text for block in point.quote)


def _beginning(said: str) -> str:
    """The first paragraph of a note up to a list, table or code; "" when it begins with one."""
    if not _is_prose(said):
        return ""
    if "\n" not in said:
        return said
    lines = said.split("\n\n", 1)[0].split("\n")
    return "\n".join(takewhile(_is_prose, lines)).rstrip()


class WholeView:
    """The document block by block with the points that end in each, made only for a template that asks."""

    def __init__(self, brief: Brief, writer: Writer, title: str) -> None:
        self._brief = brief
        self._writer = writer
        self._title = title

    @cached_property
    def _made(self) -> Whole:
        return whole(self._brief.document, self._brief.points, self._title)

    @property
    def title(self) -> str:
        """The title, what is highlighted in it marked."""
        return self._made.title or markdown.phrase(self._title)

    @property
    def parts(self) -> Iterator[PartView]:
        """Text, and the notes under it."""
        unmarked = self._made.unmarked
        for part in self._made.parts:
            notes = [self._writer.below(point, unmarked=point.annotation.id in unmarked) for point in part.points]
            yield PartView(part.text, notes)

    @property
    def all_records(self) -> str:
        """The place of all records, each in its line."""
        return RECORDS

    @property
    def records(self) -> Iterator[str]:
        """All that the document and each annotation are besides what people read, a comment each, to be read back."""
        brief = self._brief
        yield comment("document", document_of(brief.record, heading=bool(self._made.title)))
        records = Records(brief.document.text)
        for point in brief.points:
            yield records.of(point.annotation, point.themes, _shown(point))


class NoWhole:
    """Stands for the whole document where there is not one alone."""

    def __getattr__(self, name: str) -> str:
        """Refuse. Raises MargentError."""
        raise MargentError(
            "A brief of several documents cannot hold a whole one. Choose another template, or a single document."
        )
