"""What a brief's readers need not see, as JSON in HTML comments, from which an annotation can be made again, equal.

A comment may not hold "--" and ends at "-->"; JSON can write any character as an escape, so none of it is lost.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from margent.annotations import Annotation, DocumentRecord

VERSION = 1
"""Of what the records hold; it rises when an older Margent would read them wrongly."""

_AWAY = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdd3]")
"""Signs that some programs take for the end of a line, or do not store."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def comment(name: str, value: dict[str, Any]) -> str:
    """A value as one line that every renderer leaves out of sight: `<!-- margent:name {...} -->`."""
    text = _ENCODER.encode(value).replace(">", "\\u003e").replace("--", "-\\u002d")
    # Most texts have nothing else to be escaped, and to ask that costs a tenth of looking for it.
    safe = text if text.isprintable() else _AWAY.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"<!-- margent:{name} {safe} -->"


def document_of(record: DocumentRecord, *, heading: bool) -> dict[str, Any]:
    """Which state of which document it is. `heading` says that the brief's title is also the text's first block."""
    return {
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


def record_of(annotation: Annotation, themes: Iterable[str], replies: Iterable[Annotation]) -> dict[str, Any]:
    """All that an annotation is: its selector, what it is for, who wrote it and when, names of themes, and replies."""
    value: dict[str, Any] = {
        "id": annotation.id,
        "start": annotation.start,
        "end": annotation.end,
        "exact": annotation.exact,
        "prefix": annotation.prefix,
        "suffix": annotation.suffix,
        "state": annotation.state,
        "colour": annotation.colour,
        "style": annotation.style,
        "kind": annotation.kind,
        "done": annotation.done,
        "private": annotation.private,
        "author": annotation.author,
        "themes": list(themes),
        "created": _time(annotation.created),
        "modified": _time(annotation.modified),
        "note": annotation.note,
    }
    answers = [
        {
            "id": reply.id,
            "author": reply.author,
            "private": reply.private,
            "created": _time(reply.created),
            "modified": _time(reply.modified),
            "note": reply.note,
        }
        for reply in replies
    ]
    if answers:
        value["replies"] = answers
    return value


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
