"""Merging keeps every word and every author, and ends with the same records everywhere, whatever the order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from margent.annotations import COLOURS, KINDS, Annotation, Passage, Theme
from margent.exchange.merging import Fate, Merge, merge
from margent.exchange.outgoing import hidden, leaving
from margent.exchange.versions import Copy, Record, content, grown, version_of

START = datetime(2026, 11, 24, 9, tzinfo=UTC)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def note(text: str = "Ask.", minute: float = 0, **more: object) -> Annotation:
    values: dict[str, object] = {
        "id": "n", "document": "d", "revision": "r", "start": 3, "end": 8, "exact": "words", "note": text,
        "author": "Ana", "created": at(0), "modified": at(minute), **more,
    }  # fmt: skip
    return Annotation(**values)  # type: ignore[arg-type]


def theme(key: str, name: str, minute: float = 0, **more: object) -> Theme:
    return Theme(id=key, name=name, created=at(0), modified=at(minute), **more)  # type: ignore[arg-type]


BASE = note()
AGREED = Copy(BASE)


def merged(mine: Record | Copy, theirs: Record | Copy) -> tuple[Fate, Record, list[Record]]:
    """What becomes of two copies of a record, and what was added besides."""
    my = mine if isinstance(mine, Copy) else Copy(mine)
    their = theirs if isinstance(theirs, Copy) else Copy(theirs)
    outcome = merge({my.value.id: my}, {their.value.id: their})
    rest = [copy.value for key, copy in outcome.copies.items() if key != my.value.id]
    return outcome.rows[0].fate, outcome.copies[my.value.id].value, rest


def since(value: Record) -> Copy:
    """`value` as an edit of what both sides agreed on."""
    return grown(AGREED, value)


def test_a_record_that_is_not_there_comes_in_as_it_is() -> None:
    outcome = merge({}, {"n": AGREED})
    assert outcome.altered({}) == {"n": BASE}
    assert [row.fate for row in outcome.rows] == ["new"]


def test_what_is_not_in_the_file_is_left_alone() -> None:
    other = Copy(note(id="m"))
    assert merge({"m": other}, {"n": AGREED}).copies["m"] == other


@pytest.mark.parametrize(
    ("mine", "theirs", "fate", "left"),
    [
        (AGREED, AGREED, "same", BASE),
        (AGREED, since(note("Changed.", 5)), "changed", note("Changed.", 5)),
        (since(note("Changed.", 5)), AGREED, "ours", note("Changed.", 5)),
        (AGREED, since(note(minute=5, deleted=at(5))), "deleted", note(minute=5, deleted=at(5))),
        (since(note(minute=5, deleted=at(5))), AGREED, "ours", note(minute=5, deleted=at(5))),
        (since(note("Same.", 5)), since(note("Same.", 7)), "same", note("Same.", 7)),
        (note("Old.", 1, author="B"), note("Old.", 4, author="B"), "same", note("Old.", 4, author="B")),
    ],
)
def test_what_one_side_alone_changed_is_taken_from_it(mine: Copy, theirs: Copy, fate: Fate, left: Record) -> None:
    assert merged(mine, theirs) == (fate, left, [])


def test_an_older_time_does_not_make_a_change_older_than_what_it_was_made_on() -> None:
    """A laptop whose clock is an hour slow."""
    assert merged(AGREED, since(note("Changed.", -60)))[1] == note("Changed.", -60)


def test_changes_of_different_fields_come_together() -> None:
    fate, value, rest = merged(since(note("Changed.", 5)), since(note(minute=3, kind="question", done=True)))
    assert isinstance(value, Annotation)
    assert (fate, value.note, value.kind, value.done, rest) == ("changed", "Changed.", "question", True, [])
    assert value.modified > at(5)


def test_themes_put_on_and_taken_off_come_together() -> None:
    base = note(themes=("a", "b"))
    mine = grown(Copy(base), note(minute=2, themes=("a", "b", "c")))
    theirs = grown(Copy(base), note(minute=3, themes=("d", "b")))
    value = merged(mine, theirs)[1]
    assert isinstance(value, Annotation)
    assert value.themes == ("d", "b", "c")


@pytest.mark.parametrize("known", [True, False], ids=["with a common past", "without"])
def test_two_texts_of_a_note_are_both_kept_the_older_one_as_a_reply(known: bool) -> None:
    mine, theirs = note("Mine.", 5), note("Theirs.", 9)
    first = merge({"n": since(mine) if known else Copy(mine)}, {"n": since(theirs) if known else Copy(theirs)})
    assert first.rows[0].fate == "conflict"
    clash = first.rows[0].clash
    assert clash is not None
    assert (clash.what, clash.mine, clash.theirs) == ("note", mine, theirs)
    value = first.copies["n"].value
    assert isinstance(value, Annotation)
    assert value.note == "Theirs."
    (spare,) = [copy.value for key, copy in first.copies.items() if key != "n"]
    assert isinstance(spare, Annotation)
    assert (spare.note, spare.parent, spare.author) == ("Mine.", "n", "Ana")


def test_no_second_copy_of_what_the_newer_text_still_holds() -> None:
    assert merged(since(note("Ask them.", 5)), since(note("Ask them. Twice.", 9)))[2] == []
    assert merged(since(note("", 5)), since(note("Theirs.", 9)))[2] == []


@pytest.mark.parametrize("changed", ["mine", "theirs"])
def test_what_one_deleted_and_the_other_changed_stays(changed: str) -> None:
    edit, gone = since(note("Changed.", 5)), since(note(minute=9, deleted=at(9)))
    fate, value, _ = merged(edit, gone) if changed == "mine" else merged(gone, edit)
    assert isinstance(value, Annotation)
    assert (fate, value.note, value.deleted) == ("conflict", "Changed.", None)


def test_what_came_back_from_the_bin_on_one_side_is_back() -> None:
    base = Copy(note(deleted=at(0)))
    mine = grown(base, note(minute=5))
    theirs = grown(base, note(minute=9, deleted=at(9)))
    value = merged(mine, theirs)[1]
    assert isinstance(value, Annotation)
    assert (value.deleted, value.note) == (None, note().note)


def test_nothing_is_the_same_record_for_saying_the_same() -> None:
    outcome = merge({"n": AGREED}, {"m": Copy(note(id="m"))})
    assert len(outcome.copies) == 2


def test_a_note_stays_where_this_library_has_it_when_the_other_reads_another_revision() -> None:
    moved = note("Changed.", 5, revision="older", start=90, end=95, exact="wards", document="theirs")
    value = merged(AGREED, since(moved))[1]
    assert value == note("Changed.", 5)
    same = note("Changed.", 5, start=90, end=95, exact="wards", document="theirs")
    assert merged(AGREED, since(same))[1] == replace(same, document="d")


def test_themes_of_one_name_become_one_and_keep_all_words_and_notes() -> None:
    mine = {"b": Copy(theme("b", "Energy", 1, words=("coal",)))}
    theirs = {
        "a": Copy(theme("a", " energy ", 2, words=("gas", "oil"))),
        "n": Copy(note(themes=("a",))),
        "p": Copy(Passage(id="p", theme="b", document="d", revision="r", start=0, end=1, modified=at(0))),
    }
    outcome = merge(mine, theirs)
    first, other = outcome.copies["a"].value, outcome.copies["b"].value
    assert isinstance(first, Theme)
    assert (first.deleted, first.words) == (None, ("gas", "oil", "coal"))
    assert other.deleted is not None
    filed, passage = outcome.copies["n"].value, outcome.copies["p"].value
    assert isinstance(filed, Annotation)
    assert isinstance(passage, Passage)
    assert (filed.themes, passage.theme) == (("a",), "a")
    assert merge(outcome.copies, theirs).altered(outcome.copies) == {}
    back = merge(theirs, mine)
    assert {key: copy.value for key, copy in back.copies.items()} == {k: c.value for k, c in outcome.copies.items()}


# -- three people, exchanging as they like --------------------------------------------------------------------------

NAMES = ("Ana", "Bek", "Cem")
WORDS = ("Ask.", "By how much?", "Agreed.", "No.", "")


class File(NamedTuple):
    """What goes from one to another."""

    sent: Mapping[str, Copy]
    hidden: Mapping[str, frozenset[str]]


@dataclass
class Person:
    """A library: what it holds, and what it remembers of each record as it was exchanged."""

    name: str
    copies: dict[str, Copy] = field(default_factory=dict)

    def edit(self, value: Record) -> None:
        old = self.copies.get(value.id)
        self.copies[value.id] = Copy(value) if old is None else old._replace(value=value)

    def post(self) -> File:
        """A file for the others, without what is private; what was sent is remembered."""
        sent = {key: copy._replace(past={}) for key, copy in leaving(self.copies).items()}
        file = File(sent, hidden(self.copies, sent))
        for key in sent:
            copy = self.copies[key]
            version = copy.version
            self.copies[key] = Copy(copy.value, copy.seen | {version}, {**copy.past, version: copy.value})
        return file

    def receive(self, file: File) -> Merge:
        sent = file.sent
        outcome = merge(self.copies, sent, hidden=file.hidden)
        for key, copy in outcome.copies.items():
            version = copy.version
            if key in sent or key not in self.copies:
                self.copies[key] = Copy(copy.value, copy.seen | {version}, {**copy.past, version: copy.value})
            else:
                self.copies[key] = copy
        return outcome

    def kept_back(self, parent: str | None) -> bool:
        head = self.copies.get(parent or "")
        return head is not None and isinstance(head.value, Annotation) and head.value.private

    def texts(self, key: str) -> Iterator[str]:
        """What a note and its replies say."""
        for copy in self.copies.values():
            value = copy.value
            if isinstance(value, Annotation) and key in {value.id, value.parent}:
                yield value.note


class Exchanges(RuleBasedStateMachine):
    """Three libraries; files go round late, twice, and out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.people = [Person(name) for name in NAMES]
        self.files: list[File] = []
        self.before: tuple[int, dict[str, Copy], dict[str, Copy]] | None = None
        self.clock = 0
        self.made = 0
        self.authors: set[str] = set()

    def tick(self) -> datetime:
        self.clock += 1
        return at(self.clock)

    def standing(self, person: Person, which: int, kind: type[Record] = Annotation) -> Record | None:
        found = [copy.value for copy in person.copies.values() if isinstance(copy.value, kind)]
        return found[which % len(found)] if found else None

    who = st.integers(0, 2)
    which = st.integers(0, 50)

    @rule(who=who, text=st.sampled_from(WORDS), private=st.booleans())
    def write(self, who: int, text: str, private: bool) -> None:
        self.made += 1
        moment = self.tick()
        made = note(text, id=f"n{self.made}", author=NAMES[who], private=private, created=moment, modified=moment)
        self.people[who].edit(made)

    @rule(who=who, name=st.sampled_from(["Energy", "Trade", "Rights"]))
    def name_theme(self, who: int, name: str) -> None:
        self.made += 1
        person = self.people[who]
        if not any(
            isinstance(copy.value, Theme) and copy.value.name == name and copy.value.deleted is None
            for copy in person.copies.values()
        ):
            moment = self.tick()
            made = Theme(id=f"t{-self.made % 97}-{self.made}", name=name, created=moment, modified=moment)
            person.edit(made)

    @rule(who=who, which=which, text=st.sampled_from(WORDS))
    def answer(self, who: int, which: int, text: str) -> None:
        person = self.people[who]
        head = self.standing(person, which)
        if isinstance(head, Annotation) and head.parent is None:
            self.made += 1
            moment = self.tick()
            person.edit(
                note(text, id=f"n{self.made}", parent=head.id, author=NAMES[who], created=moment, modified=moment)
            )

    @rule(who=who, which=which, text=st.sampled_from(WORDS), slow=st.booleans())
    def reword(self, who: int, which: int, text: str, slow: bool) -> None:
        person = self.people[who]
        value = self.standing(person, which)
        if isinstance(value, Annotation):
            moment = self.tick()
            person.edit(replace(value, note=f"{text} {self.clock}", modified=moment - timedelta(hours=2 * slow)))

    @rule(who=who, which=which, colour=st.sampled_from(COLOURS), kind=st.sampled_from(KINDS))
    def recolour(self, who: int, which: int, colour: str, kind: str) -> None:
        person = self.people[who]
        value = self.standing(person, which)
        if isinstance(value, Annotation):
            person.edit(replace(value, colour=colour, kind=kind, modified=self.tick()))  # type: ignore[arg-type]

    @rule(who=who, which=which, other=which)
    def file_under(self, who: int, which: int, other: int) -> None:
        person = self.people[who]
        value, under = self.standing(person, which), self.standing(person, other, Theme)
        if isinstance(value, Annotation) and isinstance(under, Theme) and under.deleted is None:
            themes = tuple(dict.fromkeys((*value.themes, under.id)))
            person.edit(replace(value, themes=themes, modified=self.tick()))

    @rule(who=who, which=which)
    def delete_or_restore(self, who: int, which: int) -> None:
        person = self.people[who]
        value = self.standing(person, which)
        if value is not None:
            moment = self.tick()
            person.edit(replace(value, deleted=None if value.deleted else moment, modified=moment))

    @rule(who=who, which=which)
    def hide_or_show(self, who: int, which: int) -> None:
        person = self.people[who]
        value = self.standing(person, which)
        if isinstance(value, Annotation) and value.deleted is None:
            person.edit(replace(value, private=not value.private, modified=self.tick()))

    @rule(who=who, which=which, name=st.sampled_from(["Energy", "energy ", "Trade", "Roads"]))
    def rename_theme(self, who: int, which: int, name: str) -> None:
        person = self.people[who]
        value = self.standing(person, which, Theme)
        if isinstance(value, Theme) and value.deleted is None:
            person.edit(replace(value, name=name, words=(*value.words, f"w{self.clock}"), modified=self.tick()))

    @rule(who=who, which=which)
    def delete_theme(self, who: int, which: int) -> None:
        person = self.people[who]
        value = self.standing(person, which, Theme)
        if value is not None:
            moment = self.tick()
            person.edit(replace(value, deleted=None if value.deleted else moment, modified=moment))

    @rule(who=who, which=which, other=which)
    def merge_themes(self, who: int, which: int, other: int) -> None:
        person = self.people[who]
        one, into = self.standing(person, which, Theme), self.standing(person, other, Theme)
        if not isinstance(one, Theme) or not isinstance(into, Theme):
            return
        if one.id == into.id or one.deleted is not None or into.deleted is not None:
            return
        moment = self.tick()
        person.edit(replace(one, deleted=moment, modified=moment))
        for copy in list(person.copies.values()):
            value = copy.value
            if isinstance(value, Annotation) and one.id in value.themes:
                themes = tuple(dict.fromkeys(into.id if theme == one.id else theme for theme in value.themes))
                person.edit(replace(value, themes=themes, modified=moment))
            elif isinstance(value, Passage) and value.theme == one.id:
                person.edit(replace(value, theme=into.id, modified=moment))

    @rule(who=who, which=which, place=st.integers(0, 9))
    def choose_passage(self, who: int, which: int, place: int) -> None:
        person = self.people[who]
        under = self.standing(person, which, Theme)
        if isinstance(under, Theme) and under.deleted is None:
            self.made += 1
            moment = self.tick()
            made = Passage(
                id=f"p{self.made}",
                theme=under.id,
                document="d",
                revision="r",
                start=place,
                end=place + 1,
                created=moment,
                modified=moment,
            )
            person.edit(made)

    @rule(who=who, which=which)
    def dismiss_passage(self, who: int, which: int) -> None:
        person = self.people[who]
        value = self.standing(person, which, Passage)
        if isinstance(value, Passage):
            person.edit(replace(value, origin="dismissed", modified=self.tick()))

    @rule(who=who, which=which, place=st.integers(0, 40))
    def move(self, who: int, which: int, place: int) -> None:
        """As when a card's new place is accepted."""
        person = self.people[who]
        value = self.standing(person, which)
        if isinstance(value, Annotation) and value.parent is None:
            person.edit(replace(value, start=place, end=place + 3, exact=f"w{place}", modified=self.tick()))

    @rule(who=who, revision=st.sampled_from(["r", "s"]))
    def revise(self, who: int, revision: str) -> None:
        """Another text becomes the newest: everything goes to it."""
        person = self.people[who]
        for copy in list(person.copies.values()):
            if isinstance(copy.value, Annotation | Passage):
                person.edit(replace(copy.value, revision=revision, start=copy.value.start + 1, end=copy.value.end + 1))

    @rule()
    def undo_merge(self) -> None:
        """What it wrote is as it was, what it brought is in the bin, and nothing is remembered of it."""
        if self.before is None:
            return
        who, before, after = self.before
        person = self.people[who]
        self.before = None
        if person.copies != after:
            return
        moment = self.tick()
        for key, copy in after.items():
            if key not in before:
                person.copies[key] = Copy(replace(copy.value, deleted=copy.value.deleted or moment, modified=moment))
            elif before[key].value != copy.value:
                person.copies[key] = before[key]._replace(value=replace(before[key].value, modified=moment))
            else:
                person.copies[key] = before[key]

    @rule(who=who)
    def send(self, who: int) -> None:
        self.files.append(self.people[who].post())

    @rule(who=who, which=which)
    def receive(self, who: int, which: int) -> None:
        if not self.files:
            return
        file = self.files[-1 - which % min(len(self.files), 5)]
        sent = file.sent
        person = self.people[who]
        before = dict(person.copies)
        outcome = person.receive(file)
        self.before = (who, before, dict(person.copies))
        for key in before.keys() & sent.keys():
            self.kept(person, before[key], sent[key])
        assert {row.id for row in outcome.rows} >= sent.keys()
        assert merge(person.copies, sent, hidden=file.hidden).altered(person.copies) == {}, "merging twice equals once"
        assert all(row.after.id == row.id for row in outcome.rows)

    def kept(self, person: Person, mine: Copy, theirs: Copy) -> None:
        """No text that the other did not know is lost."""
        for one, other in ((mine, theirs), (theirs, mine)):
            value = one.value
            if not isinstance(value, Annotation) or one.version in other.seen | {other.version}:
                continue
            texts = list(person.texts(value.parent or value.id))
            known = value.deleted is not None or any(
                isinstance(old, Annotation) and old.note == value.note for old in other.past.values()
            )
            assert known or any(value.note.strip() in text for text in texts), (value, texts)

    @invariant()
    def authors_stay(self) -> None:
        for person in self.people:
            for copy in person.copies.values():
                if isinstance(copy.value, Annotation) and copy.value.id.startswith("n"):
                    assert copy.value.author in NAMES

    def teardown(self) -> None:
        for _ in range(8):
            sent = [person.post() for person in self.people]
            changed = False
            for person in self.people:
                for file in sent:
                    before = {key: copy.value for key, copy in person.copies.items()}
                    person.receive(file)
                    changed |= before != {key: copy.value for key, copy in person.copies.items()}
            if not changed:
                break
        else:
            raise AssertionError("the libraries do not come to rest")
        shared = set.intersection(*(set(file.sent) for file in sent))
        first, *rest = self.people
        for other in rest:
            for key in shared:
                one, two = first.copies[key].value, other.copies[key].value
                assert content(one) == content(two), (one, two)
                assert version_of(one) == version_of(two)
        for file, person in zip(sent, self.people, strict=True):
            for key, copy in file.sent.items():
                for colleague in self.people:
                    there = colleague.copies.get(key)
                    assert there is not None, (person.name, colleague.name, copy.value)
                    hidden_there = isinstance(there.value, Annotation) and (
                        there.value.private or colleague.kept_back(there.value.parent)
                    )
                    assert hidden_there or content(there.value) == content(copy.value), (there.value, copy.value)


TestExchanges = Exchanges.TestCase
TestExchanges.settings = settings(max_examples=40, stateful_step_count=50, deadline=None)
