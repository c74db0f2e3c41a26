"""What a brief's readers need not see, as JSON in HTML comments, from which an annotation can be made again, equal.

A comment may not hold "--" and ends at "-->"; JSON can write any character as an escape, so none of it is lost.
"""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring as _text
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from margent.annotations import Annotation, DocumentRecord

BEGIN, END = "<!-- margent:begin", "<!-- margent:end"
"""How the comments around a managed part, a document's text or a note start."""
VERSION = 1
"""Of what the records hold; it rises when an older Margent would read them wrongly."""

_AWAY = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdd3]")
"""Signs that some programs take for the end of a line, or do not store."""


def comment(name: str, text: str) -> str:
    """JSON as one line that every renderer leaves out of sight: `<!-- margent:name {...} -->`."""
    text = text.replace(">", "\\u003e").replace("--", "-\\u002d")
    # Whether there is anything to look for can be told far faster than where it is.
    clean = "\x7f" not in text if text.isascii() else text.isprintable()
    safe = text if clean else _AWAY.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"<!-- margent:{name} {safe} -->"


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


def record_of(annotation: Annotation, themes: Iterable[str], replies: Iterable[Annotation]) -> str:
    """All that an annotation is: its selector, what it is for, who wrote it and when, names of themes, and replies."""
    # Put together by hand: an encoder is set up anew for each value, which takes longer than to write it.
    value = annotation
    names = ",".join([_text(name) for name in themes])
    answers = ",".join([_reply(reply) for reply in replies])
    more = f',"replies":[{answers}]' if answers else ""
    return (
        f'{{"id":{_text(value.id)},"start":{value.start},"end":{value.end},"exact":{_text(value.exact)},'
        f'"prefix":{_text(value.prefix)},"suffix":{_text(value.suffix)},"state":"{value.state}",'
        f'"colour":"{value.colour}","style":"{value.style}","kind":"{value.kind}","done":{_flag(value.done)},'
        f'"private":{_flag(value.private)},"author":{_text(value.author)},'
        f'"themes":[{names}],"created":{_time(value.created)},'
        f'"modified":{_time(value.modified)},"note":{_text(value.note)}{more}}}'
    )


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
