"""E-mail as it is saved: one message becomes a document, its quoted replies quotations, its attachments are named."""

from __future__ import annotations

import re
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING

from margent.document import Block, Document, canonical
from margent.errors import MargentError
from margent.formats import html, mailparts, pagetree
from margent.formats.naming import Names
from margent.formats.pagenotes import forget_names, mark_notes
from margent.formats.pageshape import reshape
from margent.formats.text import blocks_of
from margent.formats.titles import stem
from margent.formats.webpage import name_pictures, too_nested

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from email.message import Message

    from margent.formats.mailparts import Part

_PICTURE = "picture-of-mail-"
_LOCKED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_HANDLED = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "message/rfc822"}
)
"""Parts that are no attachments: signatures, and messages, which are taken in."""
_RICH = re.compile(r"<(?:b|strong|em|i|u|ul|ol|li|blockquote|h[1-6]|img|th|a\s[^>]*href)\b", re.IGNORECASE)
_QUOTED = re.compile(r"((?:>[ ]?)*)(.*)", re.DOTALL)
_SIGNATURE = re.compile(r"(?:^|\n)-- ?\n(?P<lines>(?!>)[\s\S]*)$")
_DEEPEST = 4
"""Messages in messages in messages are read down to this depth."""
_LONGEST_SIGNATURE = 1500
_BIDDEN = re.compile(r"[\ufeff\u200b\u200c\u200d\u2060\u034f\xad]+")
"""Letters of no width, by the hundreds of which mailings hide a text that only the list of messages shows."""


def read(data: bytes, name: str, picture: Callable[[str], bytes | None] | None = None) -> Document:  # noqa: ARG001
    """The document in a message: its subject is the title, its sender the author.

    The richer of two versions is taken, and messages that are attached to it follow under headings. Pictures come from
    the message; nothing is fetched, so that no sender learns that it was read. Raises MargentError, naming the file,
    when it is encrypted or without text.
    """
    return _document(data, name, 1)


def _document(data: bytes, name: str, depth: int) -> Document:
    message = mailparts.message(data, name)
    parts = mailparts.parts(message, name)
    _refuse_locked(message, parts, name)
    subject = mailparts.header(message, "Subject") or stem(name)
    body = _Body(parts, name)
    body.add_heading(subject, depth)
    shown = _shown(parts)
    for part in shown:
        body.add(part)
    attached = _attachments(parts, shown)
    for part in parts:
        if part.kind == "message/rfc822" and depth < _DEEPEST:
            body.add_letter(part, depth)
    if len(body.blocks) == 1 and message.preamble:
        body.add(mailparts.Part("text/plain", "", message.preamble.encode(errors="surrogateescape")))
    if len(body.blocks) == 1:
        raise MargentError(f"{name} is a message without text{_with(attached)}.")
    return Document(
        title=subject,
        blocks=tuple(body.blocks),
        authors=_authors(message),
        date=_date(message),
        language=_language(message) or body.language,
        pictures=body.pictures,
        notices=(*dict.fromkeys(body.notices), *_notice(attached)),
    )


class _Body:
    """The blocks of the parts that are shown, one after another."""

    def __init__(self, parts: Sequence[Part], name: str) -> None:
        self.blocks: list[Block] = []
        self.pictures: dict[str, bytes] = {}
        self.notices: list[str] = []
        self.language = ""
        """What the HTML of the message says it is written in; "" for nothing."""
        self._parts = parts
        self._name = name
        self._known = mailparts.locations(parts, "")

    def add_heading(self, text: str, level: int) -> None:
        """A heading with a name of its own."""
        names = Names(block.target for block in self.blocks if block.kind == "heading")
        self.blocks.append(Block("heading", text, level=level, target=names.new(text)))

    def add_letter(self, part: Part, depth: int) -> None:
        """A message that came with this one: who wrote it and when, and what."""
        try:
            letter = _document(part.data, self._name, depth + 1)
        except MargentError:
            self.notices.append("An attached message could not be read and was left out.")
            return
        self.add_heading(letter.title, depth + 1)
        origin = ", ".join(filter(None, (*letter.authors, letter.date)))
        self.blocks.extend([Block("paragraph", origin)] if origin else [])
        for block in letter.blocks[1:]:
            if block.kind == "heading":
                self.add_heading(block.text, min(block.level + depth, 6))
            else:
                self.blocks.append(block)
        self.pictures.update(letter.pictures)
        self.notices.extend(letter.notices)

    def add(self, part: Part) -> None:
        """A part of the message itself."""
        text, notices = part.text(self._name)
        self.notices.extend(notices)
        if part.kind != "text/html":
            self.blocks.extend(_plain(text, part))
            return
        content = self._content(text)
        self._extend(content.blocks)
        self.pictures.update(content.pictures)
        self.notices.extend(content.notices)

    def _extend(self, blocks: Sequence[Block]) -> None:
        """Blocks of a part, whose headings get names of their own here; a subject that it repeats is not said twice."""
        names = Names(block.target for block in self.blocks if block.kind == "heading")
        renamed: dict[str, str] = {}
        first = blocks[0] if blocks and len(self.blocks) == 1 else None
        if first is not None and first.kind == "heading" and first.text.casefold() == self.blocks[0].text.casefold():
            renamed[f"#{first.target}"] = f"#{self.blocks[0].target}"
            blocks = blocks[1:]
        for block in blocks:
            if block.kind == "heading":
                renamed[f"#{block.target}"] = f"#{names.new(block.text)}"
        for block in blocks:
            marks = tuple(mark._replace(target=renamed.get(mark.target, mark.target)) for mark in block.marks)
            target = renamed[f"#{block.target}"][1:] if block.kind == "heading" else block.target
            self.blocks.append(block._replace(marks=marks, target=target))

    def _content(self, text: str) -> html.Content:
        text = _BIDDEN.sub("", text)
        if pagetree.too_deep(text):
            try:
                return html.parse(text, self._picture)
            except MargentError:
                raise too_nested(self._name) from None
        try:
            tree = pagetree.page(text)
        except MargentError:
            return html.parse("", self._picture)
        del text
        self.language = self.language or _tag(tree.get("lang") or "")
        name_pictures(tree, lambda source: f"{_PICTURE}{self._known[source]}" if source in self._known else "")
        pagetree.strip_unseen(tree)
        mark_notes(tree)
        forget_names(tree)
        reshape(tree)
        return html.parse_tree(tree, self._picture)

    def _picture(self, address: str) -> bytes | None:
        number = address.removeprefix(_PICTURE)
        return self._parts[int(number)].data if number != address and number.isdecimal() else None


def _refuse_locked(message: Message, parts: Sequence[Part], name: str) -> None:
    kinds = {message.get_content_type(), *(part.kind for part in parts)}
    if kinds & _LOCKED or "multipart/encrypted" in kinds:
        raise MargentError(f"{name} is encrypted: open it in your mail program and save the text from there.")


def _shown(parts: Sequence[Part]) -> list[Part]:
    """The parts that are the message: of several versions the one that says most."""
    shown: list[Part] = []
    groups: dict[int, list[Part]] = {}
    for part in parts:
        if part.attached or part.kind not in {"text/plain", "text/html"} or (part.name and part.kind == "text/html"):
            continue
        if not part.group:
            shown.append(part)
        elif part.group not in groups:
            groups[part.group] = [part]
            shown.append(part)
        else:
            groups[part.group].append(part)
    return [_best(groups[part.group]) if part.group in groups else part for part in shown]


def _best(versions: Sequence[Part]) -> Part:
    rich = next((part for part in versions if part.kind == "text/html" and part.data.strip()), None)
    plain = next((part for part in versions if part.kind == "text/plain" and part.data.strip()), None)
    if rich is None or plain is None:
        return rich or plain or versions[0]
    return rich if _RICH.search(rich.data.decode("latin-1")) else plain


def _attachments(parts: Sequence[Part], shown: Sequence[Part]) -> list[str]:
    names: list[str] = []
    called = b"".join(part.data for part in shown if part.kind == "text/html")
    for part in parts:
        if part in shown or part.kind in _HANDLED or (part.kind.startswith("text/") and not part.name and part.group):
            continue
        if part.kind.startswith("image/") and part.cid and part.cid.encode() in called:
            continue
        if part.name or part.attached:
            names.append(part.name or f"a part of the kind {part.kind}")
    return names


def _notice(names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ()
    several = f"{len(names)} attachments were" if len(names) > 1 else "An attachment was"
    return (f"{several} not taken in: {', '.join(names[:20])}{' and more' if len(names) > 20 else ''}.",)


def _with(names: Sequence[str]) -> str:
    return f": save what is attached to it ({', '.join(names[:20])}) and open that" if names else ""


def _authors(message: Message) -> tuple[str, ...]:
    # Encoded words are decoded after the names are parted, for a comma in a name must not part it.
    try:
        found = getaddresses([mailparts.raw_header(message, "From")])
    except RecursionError:
        # The standard reader of addresses goes down a level for each sign that is out of place.
        return ()
    names = (canonical(mailparts.decoded(name).strip("\"' ") or mailparts.decoded(address)) for name, address in found)
    return tuple(dict.fromkeys(name for name in names if name))


def _date(message: Message) -> str:
    """The day on which it was sent, where it was sent."""
    try:
        moment = parsedate_to_datetime(mailparts.header(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    return moment.date().isoformat()


def _language(message: Message) -> str:
    return _tag(mailparts.header(message, "Content-Language").split(",")[0])


def _tag(language: str) -> str:
    language = language.strip().replace("_", "-")
    return language if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", language) else ""


def _plain(text: str, part: Part) -> list[Block]:
    """The blocks of a plain version; the lines of its signature stay lines."""
    text = canonical(text)
    if part.flowed:
        text = unflowed(text, joined=part.joined)
    signature = _SIGNATURE.search(text)
    lines: list[str] = []
    if signature and len(signature["lines"]) <= _LONGEST_SIGNATURE:
        lines = [line.strip() for line in signature["lines"].splitlines() if line.strip()]
        text = text[: signature.start()]
    blocks = [block for block in blocks_of(text) if block.kind != "heading"]
    return [*blocks, Block("paragraph", "\n".join(lines))] if lines else blocks


def unflowed(text: str, *, joined: bool = False) -> str:
    """Text with "format=flowed" (RFC 3676) with each paragraph on one line, its quotation marks before it.

    With `joined` (DelSp) the space at the end of a line is not part of the words.
    """
    lines: list[tuple[str, str]] = []
    open_ = False
    for line in text.split("\n"):
        found = _QUOTED.fullmatch(line)
        marks, words = (">" * found[1].count(">"), found[2]) if found else ("", line)
        words = words.removeprefix(" ") if not marks else words
        last = lines[-1] if lines else None
        flows = words.endswith(" ") and words != "-- "
        if open_ and last is not None and last[0] == marks and words != "-- ":
            lines[-1] = (marks, last[1] + words)
        else:
            lines.append((marks, words))
        if flows and joined:
            lines[-1] = (marks, lines[-1][1][:-1])
        open_ = flows
    return "\n".join(f"{marks} {words}" if marks else words for marks, words in lines)
