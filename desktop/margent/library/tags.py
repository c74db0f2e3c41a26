"""What the search's index says of a row besides its words: words that nobody can type, and ids that tell the time."""

from collections.abc import Iterator
from datetime import UTC, datetime

from margent.annotations import Annotation
from margent.stemming import Stems, words_of

TAG = "\ue000"
"""Begins every tag: a letter to SQLite, and one of Unicode's private ones, which `query` never lets through."""
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_BITS = 20
"""So many bits of an id count the rows of one second."""


def note_tags(value: Annotation) -> Iterator[str]:
    """The words that stand for an annotation's document, kind, colour, themes and author."""
    yield document_tag(value.document)
    yield kind_tag(value.kind)
    yield colour_tag(value.colour)
    yield from map(theme_tag, value.themes)
    yield from author_tags(value.author)


def document_tag(document: str) -> str:
    """The word that stands for a document, by its id."""
    return f"{TAG}d{document}"


def kind_tag(kind: str) -> str:
    """The word that stands for a kind."""
    return f"{TAG}k{kind}"


def colour_tag(colour: str) -> str:
    """The word that stands for a colour."""
    return f"{TAG}c{colour}"


def theme_tag(theme: str) -> str:
    """The word that stands for a theme, by its id."""
    return f"{TAG}t{theme}"


def author_tags(name: str) -> list[str]:
    """The words that stand for the words of a name."""
    folding = Stems("")
    return [f"{TAG}a{folding.key(word)}" for word in words_of(name)]


def ids_of_second(moment: datetime) -> tuple[int, int]:
    """The first and the last id of what was made in the second of `moment` (UTC): ids rise with the years."""
    since = moment - _FIRST
    first = (since.days * 86_400 + since.seconds) << _BITS
    return first, first + (1 << _BITS) - 1
