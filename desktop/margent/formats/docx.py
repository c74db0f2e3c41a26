"""Word documents: made plain (`docxbody`), through mammoth to HTML (`docxhtml`), then the same way as any HTML.

Highlights in the text stay what they are, marks on it: they are the document's own emphasis, without an author or a
time, and not what somebody noted on reading. Comments are notes of people, and come with the document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from margent.document import Block, Document, canonical
from margent.errors import MargentError
from margent.formats import html
from margent.formats.bylines import authors_in, date_in
from margent.formats.docxbody import PLACE, Body, Notes
from margent.formats.docxcomments import anchored, read_comments
from margent.formats.docxhtml import Note, html_of
from margent.formats.docxparts import Package, attribute, child, short, value
from margent.formats.docxstyles import Numbering, Styles
from margent.formats.titles import stem, title_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from xml.etree.ElementTree import Element

_TOO_DEEP = "{} nests its paragraphs, tables or boxes too deeply to be read: save it again in Word and open that."
_JUNK_TITLE = re.compile(
    r"(?:microsoft (?:office )?word\b.*|(?:document|dokument|документ|документ microsoft word)\s?\d*|untitled|"
    r"without title|ohne titel|sans titre|без названия|powerpoint presentation|word document|титул|title|test|"
    r"\S+\.(?:docx?|dotx?|rtf|odt|pdf))",
    re.IGNORECASE,
)
_JUNK_AUTHOR = re.compile(
    r"(?:microsoft office user|python-docx|apache poi|user\d*|windows user|admin(?:istrator)?|unknown|author|"
    r"un-named|utilisateur|benutzer|пользователь(?: windows)?|админ(?:истратор)?|hp|dell|asus|lenovo|acer|pc|"
    r"microsoft|openxml sdk|docx4j|google docs|libreoffice|wps)",
    re.IGNORECASE,
)
_OPENING = 8
"""Blocks at the beginning in which a byline stands."""


def read(data: bytes, name: str, picture: Callable[[str], bytes | None] | None = None) -> Document:
    """The document in the Word file `data` called `name`.

    Pictures come from the file itself alone; `picture` is not asked, and nothing is fetched from anywhere. Raises
    MargentError, with a sentence that names the file, when it is damaged or cannot be read.
    """
    del picture
    package = Package(data, name)
    comments = read_comments(package)
    notes = Notes(comments={comment.id: index for index, comment in enumerate(comments)})
    try:
        styles = Styles(package.optional(package.part("styles")))
        page = _html(package, styles, notes)
        content = html.parse(page, package.get, places=PLACE)
    except RecursionError:
        raise MargentError(_TOO_DEEP.format(name)) from None
    blocks = content.blocks
    text = "\n".join(block.text for block in blocks)
    annotations, lost = anchored(comments, content.places, text, blocks)
    core = _core(package)
    return Document(
        title=_title(blocks, core.get("title", ""), name, titled=notes.titled),
        blocks=blocks,
        authors=_authors(blocks, core),
        date=_date(blocks, core),
        language=_language(notes, styles, core, blocks),
        pictures=content.pictures,
        notices=(*_notices(notes, lost, package), *content.notices),
        annotations=annotations,
    )


def _html(package: Package, styles: Styles, notes: Notes) -> str:
    """The document as HTML, its notes at the end."""
    text = package.text()
    numbering = Numbering(package.optional(package.part("numbering")), styles)
    roots = {kind: package.optional(package.part(f"{kind}notes")) for kind in ("foot", "end")}
    elements = {kind: _by_id(root, f"w:{kind}note") for kind, root in roots.items()}
    notes.footnotes, notes.endnotes = frozenset(elements["foot"]), frozenset(elements["end"])
    roles = _roles(text, styles)
    notes.titled, notes.headed = "title" in roles, bool(roles & {"title", "heading"})
    notes.anchors = _anchors([text, *roots.values()])
    main = Body(package, package.main, styles, numbering, notes)
    blocks = main.plain(_body(text, package.name))
    parts = {kind: Body(package, package.part(f"{kind}notes"), styles, numbering, notes) for kind in elements}
    for (kind, key), sign in notes.marks.items():
        _take_sign(elements[kind][key], sign)
    written = {
        label: Note(parts[kind], parts[kind].plain(elements[kind][key]))
        for (kind, key), label in list(notes.labels.items())
    }
    # The tree of a long text takes as much memory as what follows.
    del text, roots, elements
    return html_of(main, blocks, written)


def _take_sign(note: Element, sign: str) -> None:
    """Take the sign off the beginning of a note, for it stands there as its label."""
    first = next((each for each in note.iter() if short(each.tag) == "w:t" and (each.text or "").strip()), None)
    if first is not None and first.text and first.text.lstrip().startswith(sign):
        first.text = first.text.lstrip().removeprefix(sign)


def _body(text: Element, name: str) -> Element:
    body = child(text, "w:body")
    if body is None:
        raise MargentError(f"{name} is damaged: it has no text where Word keeps it.")
    return body


def _roles(text: Element, styles: Styles) -> set[str]:
    """What the paragraphs with words are, by their styles and outline levels."""
    found: set[str] = set()
    for paragraph in text.iter():
        if short(paragraph.tag) != "w:p":
            continue
        role = styles.role(value(paragraph, "w:pPr", "w:pStyle"))[0]
        if not role and value(paragraph, "w:pPr", "w:outlineLvl") in set("012345678"):
            role = "heading"
        if (
            role
            and role not in found
            and any((t.text or "").strip() for t in paragraph.iter() if short(t.tag) == "w:t")
        ):
            found.add(role)
    return found


def _by_id(root: Element | None, name: str) -> dict[str, Element]:
    """Footnotes or endnotes by id, without the lines that part them from the text."""
    return {
        attribute(each, "w:id"): each
        for each in (root if root is not None else ())
        if short(each.tag) == name
        and "eparat" not in attribute(each, "w:type")
        and attribute(each, "w:type") != "continuationNotice"
    }


def _anchors(roots: Sequence[Element | None]) -> frozenset[str]:
    """The bookmarks that links inside the document lead to."""
    found: set[str] = set()
    for root in roots:
        for each in root.iter() if root is not None else ():
            match short(each.tag):
                case "w:hyperlink":
                    found.add(attribute(each, "w:anchor"))
                case "w:instrText":
                    found.update(_ANCHOR.findall(each.text or ""))
                case "w:fldSimple":
                    found.update(_ANCHOR.findall(attribute(each, "w:instr")))
    return frozenset(found - {""})


_ANCHOR = re.compile(r'\\l\s+"([^"]+)"')


# -- what the document says of itself -----------------------------------------------------------------------------


def _core(package: Package) -> dict[str, str]:
    """The document's properties by their plain names: title, creator, created, modified, language."""
    root = package.optional(package.core)
    return {
        short(each.tag).partition(":")[2]: " ".join(canonical(each.text or "").split())
        for each in (root if root is not None else ())
    }


def _title(blocks: Sequence[Block], stated: str, name: str, *, titled: bool) -> str:
    """The title on the page, else the one in the properties, else the first heading or line that reads like one."""
    first = next(
        (_words(block) for block in blocks if block.kind == "heading" and (block.level == 1 or not titled)), ""
    )
    if titled and first:
        return first
    if stated and not _JUNK_TITLE.fullmatch(stated):
        return stated
    if first:
        return first
    opening = next(filter(None, map(_words, blocks)), "")
    return opening if title_line(opening) else stem(name)


def _words(block: Block) -> str:
    """A block's text without the numbers of footnotes."""
    text = block.text
    for mark in reversed(block.marks):
        if mark.kind == "noteref":
            text = text[: mark.start] + text[mark.end :]
    return text.strip()


def _authors(blocks: Sequence[Block], core: Mapping[str, str]) -> tuple[str, ...]:
    """The names in a byline, else those of the properties, unless they are a program's or a computer's."""
    for block in blocks[:_OPENING]:
        found = authors_in(block.text)
        if found:
            return found
    names = (" ".join(name.split()) for name in core.get("creator", "").split(";"))
    return tuple(name for name in names if name and not _JUNK_AUTHOR.fullmatch(name))


def _date(blocks: Sequence[Block], core: Mapping[str, str]) -> str:
    """The date under the title, else the day on which the file was last changed or made."""
    for block in blocks[:_OPENING]:
        found = date_in(block.text)
        if found:
            return found
    days = (_DAY.match(core.get(key, "")) for key in ("modified", "created"))
    return next((day[0] for day in days if day), "")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _language(notes: Notes, styles: Styles, core: Mapping[str, str], blocks: tuple[Block, ...]) -> str:
    """The language that most of the words are marked as; what the words themselves say comes before a mere default.

    Word marks with the language of the keyboard, and leaves a document's default as it was installed.
    """
    from margent.themes import language_of  # noqa: PLC0415 - its patterns are compiled for documents alone

    total = sum(notes.languages.values())
    language, count = next(iter(notes.languages.most_common(1)), ("", 0))
    if language and count > total / 2:
        return language
    stated = core.get("language", "")
    return stated or language_of(Document("", blocks)) or styles.language


def _notices(notes: Notes, lost: int, package: Package) -> tuple[str, ...]:
    """What the reader should know of what was taken as accepted or left out, a sentence each."""
    counts = notes.tracked
    tracked = [
        _count(counts["insertion"], "insertion is taken as accepted", "insertions are taken as accepted"),
        _count(counts["deletion"], "deletion is left out", "deletions are left out"),
        _count(counts["move"], "passage stands where it was moved to", "passages stand where they were moved to"),
    ]
    said = [f"The document has tracked changes: {_listed(tracked)}."] if any(tracked) else []
    others = (
        _count(
            counts["hidden"],
            "word is hidden in the document and was left out",
            "words are hidden in the document and were left out",
        ),
        _count(
            counts["part"], "part that another file brings is not shown", "parts that other files bring are not shown"
        ),
        _count(counts["chart"], "chart is not shown", "charts are not shown"),
        _count(
            lost,
            "comment has no place in the text and was left out",
            "comments have no place in the text and were left out",
        ),
    )
    said += [f"{sentence}." for sentence in others if sentence]
    if package.damaged:
        said.append(f"Parts of the file are damaged and were left out: {', '.join(dict.fromkeys(package.damaged))}.")
    return tuple(said)


def _count(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}" if count else ""


def _listed(parts: Sequence[str]) -> str:
    given = [part for part in parts if part]
    return " and ".join([", ".join(given[:-1]), given[-1]]) if len(given) > 1 else given[0]
