"""Which annotations a reader asks to see: by what they are, and by words in them.

Open and done are said of questions and actions and, where they are resolved, of conversations as well. Values of one
group widen the choice (a question *or* an action), groups narrow it (blue *and* private). Words are
looked for in quotation, note, replies and author, without regard to case and accents; all of them must occur.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from margent.annotations import Annotation
from margent.folding import fold

Group = Literal["kind", "colour", "theme", "author", "state", "task", "privacy"]

GROUPS: tuple[Group, ...] = get_args(Group)
TASKS = ("open", "done")
PRIVACY = ("private", "shareable")

_NONE: frozenset[tuple[Group, str]] = frozenset()


def author_of(annotation: Annotation, owner: str) -> str:
    """Who wrote an annotation: "" for the owner of the library, also where a name was given only later."""
    return "" if annotation.author == owner else annotation.author


@dataclass(frozen=True, slots=True)
class Filter:
    """What annotations are asked for. The empty one lets every annotation through."""

    chosen: frozenset[tuple[Group, str]] = _NONE
    """Groups and their values: ("kind", "question"), ("theme", an id), ("author", a name, "" for the owner)."""
    words: str = ""

    def toggled(self, group: Group, value: str) -> "Filter":
        """With a value more, or without it when it was chosen."""
        return replace(self, chosen=self.chosen ^ {(group, value)})

    def only(self, group: Group) -> frozenset[str]:
        """The values chosen in one group."""
        return frozenset(value for known, value in self.chosen if known == group)

    def in_order(self) -> list[tuple[Group, str]]:
        """All values chosen, by group and then by value."""
        return sorted(self.chosen, key=lambda pair: (GROUPS.index(pair[0]), pair[1]))

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.chosen or self.words.strip())


@dataclass(slots=True)
class Sieve:
    """Puts annotations through a Filter, and keeps their folded texts for the next one."""

    owner: str
    """The name of the library's owner."""
    _texts: dict[str, tuple[Annotation, tuple[Annotation, ...], str]] = field(default_factory=dict)

    def passing(
        self, annotations: Iterable[Annotation], replies: dict[str, list[Annotation]], asked: Filter
    ) -> list[Annotation]:
        """Those of `annotations` that pass, in their order; `replies` by the id of their parent."""
        found = list(annotations)
        answered = {key for key, said in replies.items() if said}
        for group in GROUPS:
            values = asked.only(group)
            if values:
                found = [a for a in found if not values.isdisjoint(self._values(a, group, a.id in answered))]
        words = fold(asked.words, spaces=True).text.split()
        if words:
            found = [a for a in found if _holds(self._text(a, tuple(replies.get(a.id, ()))), words)]
        return found

    def _values(self, annotation: Annotation, group: Group, answered: bool) -> Sequence[str]:
        match group:
            case "kind":
                return (annotation.kind,)
            case "colour":
                return (annotation.colour,)
            case "theme":
                return annotation.themes
            case "author":
                return (author_of(annotation, self.owner),)
            case "state":
                return (annotation.state,)
            case "task":
                closable = annotation.is_task or annotation.done or answered
                return (TASKS[annotation.done],) if closable else ()
            case "privacy":
                return (PRIVACY[not annotation.private],)

    def _text(self, annotation: Annotation, replies: tuple[Annotation, ...]) -> str:
        known = self._texts.get(annotation.id)
        if known is not None and known[0] is annotation and known[1] == replies:
            return known[2]
        parts = [annotation.exact, annotation.note, annotation.author]
        for reply in replies:
            parts += (reply.note, reply.author)
        text = fold("\n".join(parts), spaces=True).text
        self._texts[annotation.id] = (annotation, replies, text)
        return text


def _holds(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)
