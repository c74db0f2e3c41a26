"""Annotations, themes and passages as JSON, and back, equal: what an exchange file holds.

An annotation is an item of an EPUB annotation set, so that other programs find what they know; what they do not know
stands under our own prefix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, get_args

from margent.annotations import (
    COLOURS,
    KINDS,
    STYLES,
    THEME_COLOURS,
    Annotation,
    Origin,
    Passage,
    State,
    Theme,
)
from margent.exchange import reading
from margent.exchange.webannotation import person, stated, urn
from margent.library.rows import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from margent.exchange.versions import Record

Json = Any
_T = TypeVar("_T")

_STATES: tuple[State, ...] = get_args(State)
_ORIGINS: tuple[Origin, ...] = get_args(Origin)


def annotation_json(value: Annotation, themes: Mapping[str, Theme]) -> dict[str, Json]:
    """An annotation or a reply. `themes` gives the names that other programs show as tags."""
    quote = {"exact": value.exact, "prefix": value.prefix, "suffix": value.suffix}
    names = [themes[key].name for key in value.themes if key in themes]
    return {
        "id": urn(value.id),
        "type": "Annotation",
        "motivation": "commenting" if value.note else "highlighting",
        "created": stated(value.created),
        "modified": stated(value.modified),
        "creator": person(value.author),
        "target": {
            "source": f"text/{value.revision}.json",
            "selector": [
                {"type": "TextQuoteSelector", **quote},
                {"type": "TextPositionSelector", "start": value.start, "end": value.end},
            ],
        },
        "body": {
            "type": "TextualBody",
            "format": "text/markdown",
            "value": value.note,
            "color": value.colour,
            "highlight": "underline" if value.style == "underline" else "solid",
            **({"tags": names} if names else {}),
        },
        **({"margent:inReplyTo": urn(value.parent)} if value.parent is not None else {}),
        "margent:document": value.document,
        "margent:revision": value.revision,
        "margent:state": value.state,
        "margent:kind": value.kind,
        "margent:style": value.style,
        **({"margent:done": True} if value.done else {}),
        **({"margent:private": True} if value.private else {}),
        **({"margent:themes": list(value.themes)} if value.themes else {}),
        **({"margent:deleted": stated(value.deleted)} if value.deleted is not None else {}),
    }


def annotation_of(item: Json) -> Annotation:
    """The annotation in an item of `annotation_json`. Raises ValueError when it is none."""
    whole, body = _object(item), _object(item.get("body") if isinstance(item, dict) else None)
    selectors = {
        found.get("type"): found for found in map(_object, reading.listed(_object(whole["target"])["selector"]))
    }
    quote, place = selectors["TextQuoteSelector"], selectors["TextPositionSelector"]
    parent = whole.get("margent:inReplyTo")
    return Annotation(
        id=_key(whole.get("id")),
        document=_key(whole.get("margent:document")),
        revision=_key(whole.get("margent:revision")),
        start=_number(place.get("start")),
        end=_number(place.get("end")),
        exact=_string(quote.get("exact")),
        prefix=_string(quote.get("prefix")),
        suffix=_string(quote.get("suffix")),
        state=_one_of(whole.get("margent:state"), _STATES),
        colour=_one_of(body.get("color"), COLOURS),
        style=_one_of(whole.get("margent:style"), STYLES),
        kind=_one_of(whole.get("margent:kind"), KINDS),
        note=_string(body.get("value")),
        private=whole.get("margent:private") is True,
        done=whole.get("margent:done") is True,
        author=_string(_object(whole.get("creator")).get("name")),
        themes=tuple(_key(theme) for theme in reading.listed(whole.get("margent:themes"))),
        parent=_key(parent) if parent is not None else None,
        created=_moment(whole.get("created")),
        modified=_moment(whole.get("modified")),
        deleted=_moment(whole["margent:deleted"]) if whole.get("margent:deleted") is not None else None,
    )


def theme_json(value: Theme) -> dict[str, Json]:
    """A theme."""
    return {"id": value.id, "name": value.name, "colour": value.colour, "words": list(value.words), **_times(value)}


def theme_of(item: Json) -> Theme:
    """The theme in an object of `theme_json`. Raises ValueError when it is none."""
    whole = _object(item)
    name = _string(whole.get("name"))
    if not name.strip():
        raise ValueError("a theme has no name")
    return Theme(
        id=_key(whole.get("id")),
        name=name,
        colour=_one_of(whole.get("colour"), THEME_COLOURS),
        words=tuple(_string(word) for word in reading.listed(whole.get("words"))),
        created=_moment(whole.get("created")),
        modified=_moment(whole.get("modified")),
        deleted=_moment(whole["deleted"]) if whole.get("deleted") is not None else None,
    )


def passage_json(value: Passage) -> dict[str, Json]:
    """A passage."""
    names = ("id", "theme", "document", "revision", "start", "end", "origin")
    return {**{name: getattr(value, name) for name in names}, **_times(value)}


def passage_of(item: Json) -> Passage:
    """The passage in an object of `passage_json`. Raises ValueError when it is none."""
    whole = _object(item)
    return Passage(
        id=_key(whole.get("id")),
        theme=_key(whole.get("theme")),
        document=_key(whole.get("document")),
        revision=_key(whole.get("revision")),
        start=_number(whole.get("start")),
        end=_number(whole.get("end")),
        origin=_one_of(whole.get("origin"), _ORIGINS),
        created=_moment(whole.get("created")),
        modified=_moment(whole.get("modified")),
        deleted=_moment(whole["deleted"]) if whole.get("deleted") is not None else None,
    )


def record_json(value: Record) -> dict[str, Json]:
    """Any of them, with what it is."""
    if isinstance(value, Annotation):
        return {"record": "annotation", **annotation_json(value, {})}
    if isinstance(value, Theme):
        return {"record": "theme", **theme_json(value)}
    return {"record": "passage", **passage_json(value)}


def record_of(item: Json) -> Record:
    """What is in an object of `record_json`. Raises ValueError when it is none of them."""
    makers: dict[Json, Callable[[Json], Record]] = {
        "annotation": annotation_of,
        "theme": theme_of,
        "passage": passage_of,
    }
    kind = _object(item).get("record")
    if kind not in makers:
        raise ValueError(f"a record is of no known kind ({kind})")
    return makers[kind](item)


def _times(value: Theme | Passage) -> dict[str, Json]:
    deleted = {"deleted": stated(value.deleted)} if value.deleted is not None else {}
    return {"created": stated(value.created), "modified": stated(value.modified), **deleted}


def _object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise ValueError("something else stands where an object should")  # noqa: TRY004 - one kind of error for all
    return value


def _string(value: Json) -> str:
    """As it was written: what is merged by its version may not be tidied on the way."""
    if not isinstance(value, str):
        raise ValueError("something else stands where words should")  # noqa: TRY004 - one kind of error for all
    return storable(value)


def _key(value: Json) -> str:
    found = reading.uuid_of(value)
    if not found:
        raise ValueError(f"{str(value)[:60]!r} is no id")
    return found


def _number(value: Json) -> int:
    found = reading.number(value)
    if found is None:
        raise ValueError(f"{str(value)[:60]!r} is no position")
    return found


def _moment(value: Json) -> datetime:
    found = reading.moment(value)
    if found is None:
        raise ValueError(f"{str(value)[:60]!r} is no time")
    return found


def _one_of(value: Json, choices: tuple[_T, ...]) -> _T:
    for choice in choices:
        if choice == value:
            return choice
    raise ValueError(f"{str(value)[:60]!r} is none of {', '.join(map(str, choices))}")
