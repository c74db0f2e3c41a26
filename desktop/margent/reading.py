"""A document as it is being read: its text, marks, themes and passages in memory, kept in step by Changes."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator

from margent.annotations import Annotation, Change, DocumentRecord, Passage, Theme
from margent.document import Document

Suggest = Callable[[Document, Theme], list[tuple[int, int]]]
"""Gives the spans (code points) a theme's words suggest in a document; `themes.suggest` in the program."""

_Key = tuple[int, int, str]


class Reading:
    """The state behind the Read view. Views hold it to look things up; only `apply` alters it.

    Annotations and passages are those of `record.revision`. Deleted values are not in it.
    """

    def __init__(
        self,
        record: DocumentRecord,
        document: Document,
        *,
        annotations: Iterable[Annotation] = (),
        themes: Iterable[Theme] = (),
        passages: Iterable[Passage] = (),
        place: int = 0,
        suggest: Suggest | None = None,
        read_only: bool = False,
    ) -> None:
        """`suggest` may come later with `set_suggest`: the first page does not wait for it."""
        self.read_only = read_only
        """Whether it is an older text, on which nothing is to be written any more."""
        self.record = record
        self.document = document
        self.place = place
        """Where reading stopped: code points in the text."""
        self.annotations: dict[str, Annotation] = {}
        """Standing annotations by id, replies not among them."""
        self.replies: dict[str, list[Annotation]] = {}
        """Standing replies by the id of their parent, oldest first."""
        self.themes: dict[str, Theme] = {}
        self._stored: dict[str, Passage] = {}
        self._suggest = suggest
        self._suggested: dict[str, list[tuple[int, int]]] = {}
        self._order: list[_Key] = []
        self._longest = 0
        for annotation in annotations:
            self._put_annotation(annotation)
        self._order.sort()
        for theme in themes:
            self._put_theme(theme)
        for passage in passages:
            self._put_passage(passage)

    # -- what there is ------------------------------------------------------------------------------------------

    def in_order(self) -> list[Annotation]:
        """Annotations in reading order, orphans last."""
        return [self.annotations[key[2]] for key in self._order] + self.orphans()

    def orphans(self) -> list[Annotation]:
        """Annotations whose words are no longer in the text, oldest first."""
        lost = (a for a in self.annotations.values() if a.state == "orphaned")
        return sorted(lost, key=lambda a: (a.created, a.id))

    def between(self, start: int, end: int) -> Iterator[Annotation]:
        """Annotations that touch `start:end` (code points), in reading order; cost follows what is found."""
        low = bisect_left(self._order, (start - self._longest, -1, ""))
        high = bisect_right(self._order, (end, 1 << 62, ""))
        for key in self._order[low:high]:
            annotation = self.annotations[key[2]]
            if annotation.end > start and annotation.start < end:
                yield annotation

    def __len__(self) -> int:
        return len(self.annotations)

    def passages(self, theme: str) -> list[tuple[int, int, str]]:
        """Spans of a theme in order, as (start, end, origin); origin is given, chosen or suggested.

        A suggestion that overlaps a stored passage of the theme, or was dismissed, is left out.
        """
        stored = [p for p in self._stored.values() if p.theme == theme]
        spans = [(p.start, p.end, str(p.origin)) for p in stored if p.origin != "dismissed"]
        for start, end in self._suggestions(theme):
            if not any(p.start < end and p.end > start for p in stored):
                spans.append((start, end, "suggested"))
        return sorted(spans)

    def stored_passages(self, theme: str) -> list[Passage]:
        """The passages of a theme that the library holds (given, chosen, dismissed), in reading order."""
        return sorted((p for p in self._stored.values() if p.theme == theme), key=lambda p: (p.start, p.end))

    def themes_at(self, start: int, end: int) -> list[str]:
        """Ids of the themes whose passages touch `start:end`, in the order of `shown_themes`."""
        return [
            theme.id
            for theme in self.shown_themes()
            if any(first < end and last > start for first, last, _ in self.passages(theme.id))
        ]

    def shown_themes(self) -> list[Theme]:
        """Themes with a passage or an annotation here, in order of first appearance, then the others by name."""
        first: dict[str, int] = {}
        for annotation in self.annotations.values():
            for theme in annotation.themes:
                first[theme] = min(first.get(theme, annotation.start), annotation.start)
        for theme in self.themes:
            spans = self.passages(theme)
            if spans:
                first[theme] = min(first.get(theme, spans[0][0]), spans[0][0])
        beyond = len(self.document.text) + 1
        return sorted(self.themes.values(), key=lambda t: (first.get(t.id, beyond), t.name.casefold(), t.id))

    def counts(self, theme: str) -> tuple[int, int]:
        """How many passages and how many annotations a theme has here."""
        return len(self.passages(theme)), sum(theme in a.themes for a in self.annotations.values())

    def take(self, other: "Reading") -> None:
        """Become what `other` is, a fresh reading of the same revision, so that views keep their reference."""
        self._suggested = {
            key: spans
            for key, spans in self._suggested.items()
            if key in other.themes and key in self.themes and other.themes[key].words == self.themes[key].words
        }
        kept = {"place", "document", "_suggest", "_suggested"}
        vars(self).update({name: value for name, value in vars(other).items() if name not in kept})

    def set_suggest(self, suggest: Suggest, known: dict[str, list[tuple[int, int]]]) -> None:
        """Suggest passages with `suggest` from now on; `known` are the spans it gave already, by theme."""
        self._suggest = suggest
        self._suggested = dict(known)

    # -- keeping in step ----------------------------------------------------------------------------------------

    def apply(self, change: Change) -> bool:
        """Take over what a change says of this document or its themes; whether anything here was touched."""
        touched = False
        for key, after in change.after.items():
            value = after if after is not None else change.before.get(key)
            if value is None:
                continue
            stands = after is not None and after.deleted is None
            match value:
                case Annotation() if value.document == self.record.id and value.revision == self.record.revision:
                    self._drop_annotation(key)
                    if stands:
                        self._put_annotation(value)
                        if value.parent is None and value.state != "orphaned":
                            insort(self._order, self._order.pop())
                case Theme():
                    self.themes.pop(key, None)
                    self._suggested.pop(key, None)
                    if stands:
                        self._put_theme(value)
                case Passage() if value.document == self.record.id and value.revision == self.record.revision:
                    self._stored.pop(key, None)
                    if stands:
                        self._put_passage(value)
                case DocumentRecord() if value.id == self.record.id:
                    self.record = value
                case _:
                    continue
            touched = True
        return touched

    def _put_annotation(self, value: Annotation) -> None:
        if value.parent is not None:
            siblings = self.replies.setdefault(value.parent, [])
            insort(siblings, value, key=lambda a: (a.created, a.id))
            return
        self.annotations[value.id] = value
        if value.state != "orphaned":
            self._order.append((value.start, value.end, value.id))
            self._longest = max(self._longest, value.end - value.start)

    def _drop_annotation(self, key: str) -> None:
        for siblings in self.replies.values():
            siblings[:] = [reply for reply in siblings if reply.id != key]
        old = self.annotations.pop(key, None)
        if old is not None and old.state != "orphaned":
            del self._order[bisect_left(self._order, (old.start, old.end, old.id))]

    def _put_theme(self, value: Theme) -> None:
        if value.deleted is None:
            self.themes[value.id] = value

    def _put_passage(self, value: Passage) -> None:
        if value.deleted is None:
            self._stored[value.id] = value

    def _suggestions(self, theme: str) -> list[tuple[int, int]]:
        if self._suggest is None:
            return []
        known = self._suggested.get(theme)
        if known is None:
            value = self.themes.get(theme)
            known = self._suggest(self.document, value) if value is not None and value.words else []
            self._suggested[theme] = known
        return known
