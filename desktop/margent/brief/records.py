"""What a brief's readers need not see, as JSON in HTML comments, from which an annotation can be made again, equal.

A comment may not hold "--" and ends at "-->"; JSON can write any character as an escape, so none of it is lost.
"""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring as _text
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from margent.annotations import Annotation, DocumentRecord

BEGIN, END = "<!-- margent:begin", "<!-- margent:end"
"""How the comments around a managed part, a document's text or a note start."""
RECORDS = "<!-- margent:records -->"
"""Stands in a brief for all of them until it is finished: they are most of it, and there is nothing to tidy in them."""
VERSION = 1
"""Of what the records hold; it rises when an older Margent would read them wrongly."""

_AWAY = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdd3]")
"""Signs that some programs take for the end of a line, or do not store."""


def comment(name: str, text: str) -> str:
    """JSON as one line that every renderer leaves out of sight: `<!-- margent:name {...} -->`."""
    return f"<!-- margent:{name} {_safe(text)} -->"


def _safe(text: str) -> str:
    """JSON without what ends a comment or, for some programs, a line."""
    text = text.replace(">", "\\u003e").replace("--", "-\\u002d")
    # Whether there is anything to look for can be told far faster than where it is.
    clean = "\x7f" not in text if text.isascii() else text.isprintable()
    return text if clean else _AWAY.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def document_of(record: DocumentRecord, *, heading: bool) -> str:
    """Which state of which document it is. `heading` says that the brief's title is also the text's first block."""
    value = {
        "version": VERSION,
        "id": record.id,
        "revision": record.revision,
        "title": record.title,
        "authors": list(record.authors),
        "date": record.date,
        "language": record.language,
        "source": record.source,
        "summary": record.summary,
        "heading": heading,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Records:
    """Writes annotations of a text as JSON. What many of them share, names and times, is put into JSON once."""

    def __init__(self, text: str) -> None:
        plain = text.replace("\n", " ").replace("\t", " ")
        self._text = text if _safe(plain) == plain else ""
        """Nothing in it needs care, so its words and what stands around them, most of a record, do without."""
        self._names: dict[tuple[str, ...], str] = {}
        self._last: datetime | None = None
        self._time = ""

    def of(self, value: Annotation, themes: tuple[str, ...], replies: Sequence[Annotation]) -> str:
        """A comment with all that an annotation is: selector, use, author and times, names of themes, and replies."""
        # Put together by hand: an encoder is set up anew for each value, which takes longer than to write it.
        names = self._names.get(themes)
        if names is None:
            names = self._names[themes] = ",".join([_text(name) for name in themes])
        more = f',"replies":[{",".join([_reply(reply) for reply in replies])}]' if replies else ""
        prefix, exact, suffix = value.prefix, value.exact, value.suffix
        selector = f'"exact":{_text(exact)},"prefix":{_text(prefix)},"suffix":{_text(suffix)}'
        low = value.start - len(prefix)
        if low < 0 or self._text[low : value.end + len(suffix)] != f"{prefix}{exact}{suffix}":
            selector = _safe(selector)
        said = _safe(
            f'"state":"{value.state}",'
            f'"colour":"{value.colour}","style":"{value.style}","kind":"{value.kind}","done":{_flag(value.done)},'
            f'"private":{_flag(value.private)},"author":{_text(value.author)},'
            f'"themes":[{names}],"created":{self._moment(value.created)},'
            f'"modified":{self._moment(value.modified)},"note":{_text(value.note)}{more}'
        )
        start = f'{{"id":{_safe(_text(value.id))},"start":{value.start},"end":{value.end}'
        return f"<!-- margent:record {start},{selector},{said}}} -->"

    def _moment(self, moment: datetime) -> str:
        # Most annotations were never modified; they have one moment twice.
        if moment is not self._last:
            self._last, self._time = moment, _time(moment)
        return self._time


def _reply(reply: Annotation) -> str:
    return (
        f'{{"id":{_text(reply.id)},"author":{_text(reply.author)},"private":{_flag(reply.private)},'
        f'"created":{_time(reply.created)},"modified":{_time(reply.modified)},"note":{_text(reply.note)}}}'
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _time(moment: datetime) -> str:
    text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f'"{text}"'
