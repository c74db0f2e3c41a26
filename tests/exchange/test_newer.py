"""A colleague's newer text comes with their notes: offered, never guessed, and undone together with them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from margent import edits
from margent.annotations import Annotation, DocumentRecord
from margent.exchange import incoming, outgoing, package
from margent.exchange.incoming import Offer, Prepared
from margent.exchange.texts import Descent, Relation, relation
from margent.formats import read as read_document
from margent.library.backup import check
from margent.library.store import Library

FIRST = b"# Access\n\nThe corridor reopened on 3 May.\n\nTraffic stays below the level of last year.\n\nIt rained.\n"
SECOND = FIRST.replace(b"# Access\n", b"# Access\n\nNew words came in.\n").replace(b"\n\nIt rained.", b"")
THIRD = SECOND.replace(b"stays below", b"rises above")
ASIDE = FIRST.replace(b"on 3 May", b"early in May")


class Person:
    """Somebody with a library of their own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.library = Library.open(folder)
        self.name = name

    def import_brief(self, data: bytes = FIRST) -> None:
        self.library.add_document(read_document(data, "brief.md"), origin="brief.md", original=data)

    def revise(self, data: bytes) -> None:
        name = f"brief {len(self.library.revisions(self.record.id)) + 1}.md"
        self.library.add_revision(self.record.id, read_document(data, name), origin=name, original=data)

    @property
    def record(self) -> DocumentRecord:
        (record,) = self.library.records()
        return record

    @property
    def text(self) -> str:
        return self.library.text(self.record.revision)

    def annotate(self, quote: str, note: str = "") -> Annotation:
        start = self.text.index(quote)
        change = edits.annotate(self.record, self.text, start, start + len(quote), note=note, author=self.name)
        return next(iter(self.library.apply(change).after.values()))  # type: ignore[return-value]

    def send(self) -> bytes:
        record = self.record
        moment = outgoing.moment_of(self.library.annotations(record.id), record)
        bundle = outgoing.bundle(self.library, record.id, sender=self.name, moment=moment)
        self.library.remember(outgoing.remembered(bundle.copies))
        return package.write(bundle, "")

    def look(self, data: bytes) -> Prepared:
        (one,) = incoming.look(data, "brief.margent", self.record.modified)
        return incoming.prepare(one, self.library, self.record)

    def take(self, data: bytes, *, text: bool = False) -> Prepared:
        prepared = self.look(data)
        if text and prepared.offer is not None:
            prepared = prepared.offer.taken
        self.change = incoming.write(prepared, self.library, self.record.id)
        return prepared

    def states(self) -> dict[str, tuple[str, str]]:
        return {value.note: (value.state, value.exact) for value in self.library.annotations()}

    def everything(self) -> list[Annotation]:
        return sorted(self.library.annotations(), key=lambda value: value.id)


@pytest.fixture
def people(tmp_path: Path) -> Callable[[str], Person]:
    made: list[Person] = []

    def make(name: str) -> Person:
        person = Person(tmp_path / name, name)
        made.append(person)
        return person

    yield make  # type: ignore[misc]
    for person in made:
        assert check(person.library) == []
        person.library.close()


def offered(prepared: Prepared) -> Offer:
    assert prepared.offer is not None
    return prepared.offer


def named(text: str, file: str, *earlier: str) -> Descent:
    return Descent(text, file, frozenset(earlier))


@pytest.mark.parametrize(
    ("mine", "theirs", "told"),
    [
        (named("a", "A"), named("a", "B"), "same"),
        (named("a", "A"), named("b", "A"), "reread"),
        (named("a", "A"), named("b", "B", "a", "A"), "newer"),
        (named("a", "A"), named("b", "B", "A"), "newer"),
        (named("a", "A"), named("b", "A", "a"), "newer"),
        (named("b", "B", "a", "A"), named("a", "A"), "older"),
        (named("b", "B", "a"), named("c", "C", "a"), "other"),
        (named("b", "B", "c", "a"), named("c", "C", "b", "a"), "other"),
        (named("a", "A"), named("b", "B"), "other"),
    ],
)
def test_a_text_is_newer_only_where_it_is_known_to_come_from_the_other(
    mine: Descent, theirs: Descent, told: Relation
) -> None:
    assert relation(mine, theirs) == told


@pytest.fixture
def both(people: Callable[[str], Person]) -> tuple[Person, Person]:
    """Ana, who has gone on to a newer text, and Bek, who reads the first one; both have notes."""
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    ana.annotate("corridor reopened", "Ask.")
    bek.import_brief()
    bek.take(ana.send())
    bek.annotate("last year", "Which?")
    bek.annotate("It rained.", "So what?")
    ana.revise(SECOND)
    ana.annotate("New words", "By whom?")
    return ana, bek


def test_a_newer_text_is_offered_and_says_what_becomes_of_ones_own_notes(both: tuple[Person, Person]) -> None:
    ana, bek = both
    before = bek.everything()
    offer = offered(bek.look(ana.send()))
    assert (offer.relation, offer.advised) == ("newer", True)
    assert offer.name.startswith("brief 2.md, 20")
    assert (offer.states["placed"], offer.states["moved"], offer.states["orphaned"]) == (2, 0, 1)
    assert [row.fate for row in offer.taken.rows if row.fate != "same"] == ["new"]
    assert bek.everything() == before, "nothing was written"


def test_taken_along_the_notes_of_both_stand_on_it_and_one_undo_takes_all_back(both: tuple[Person, Person]) -> None:
    ana, bek = both
    before, text = bek.everything(), bek.text
    data = ana.send()
    bek.take(data, text=True)
    assert bek.text == ana.text
    assert bek.states() == {
        "Ask.": ("placed", "corridor reopened"),
        "By whom?": ("placed", "New words"),
        "Which?": ("placed", "last year"),
        "So what?": ("orphaned", "It rained."),
    }
    again = bek.look(data)
    assert (again.is_nothing, again.offer) == (True, None)
    undone = bek.library.apply(bek.change.inverse())
    assert (bek.text, bek.everything()) == (text, before)
    bek.library.apply(undone.inverse())
    assert bek.text == ana.text
    assert len(bek.everything()) == 4


def test_kept_apart_the_notes_are_put_on_ones_own_text_and_the_text_is_offered_again(
    both: tuple[Person, Person],
) -> None:
    ana, bek = both
    text = bek.text
    prepared = bek.take(ana.send())
    assert bek.text == text
    assert bek.states()["By whom?"][0] == "orphaned"
    assert any("a newer text of the document (brief 2.md" in problem for problem in prepared.problems)
    assert offered(bek.look(ana.send())).advised is True
    bek.take(ana.send(), text=True)
    assert bek.states()["By whom?"] == ("placed", "New words"), "what was lost on the old text is found on its own"


def test_a_text_that_was_taken_back_is_not_taken_again_by_itself(both: tuple[Person, Person]) -> None:
    ana, bek = both
    bek.take(ana.send(), text=True)
    bek.library.apply(bek.change.inverse())
    offer = offered(bek.look(ana.send()))
    assert (offer.relation, offer.refused, offer.advised) == ("newer", True, False)
    bek.take(ana.send(), text=True)
    assert bek.text == ana.text
    assert len(bek.library.revisions(bek.record.id)) == 2, "it is not stored twice"


def test_of_two_texts_from_one_draft_none_is_taken_for_the_newer(both: tuple[Person, Person]) -> None:
    ana, bek = both
    bek.revise(ASIDE)
    offer = offered(bek.look(ana.send()))
    assert (offer.relation, offer.advised) == ("other", None)
    assert offered(ana.look(bek.send())).relation == "other"


def test_an_older_text_is_never_offered(both: tuple[Person, Person]) -> None:
    ana, bek = both
    prepared = ana.take(bek.send())
    assert prepared.offer is None
    assert any("older text" in problem for problem in prepared.problems)
    assert ana.states()["Which?"] == ("placed", "last year")


def test_whoever_missed_a_text_between_is_known_to_be_behind(people: Callable[[str], Person]) -> None:
    ana, bek, cem = people("Ana"), people("Bek"), people("Cem")
    ana.import_brief()
    bek.import_brief()
    ana.revise(SECOND)
    cem.import_brief(SECOND)
    ana.revise(THIRD)
    bek.take(ana.send(), text=True)
    assert len(bek.library.revisions(bek.record.id)) == 2
    key = bek.annotate("rises above", "Really?").id
    (one,) = incoming.look(bek.send(), "brief.margent", cem.record.modified)
    offer = offered(incoming.prepare(one, cem.library, cem.record))
    assert offer.relation == "newer"
    incoming.write(offer.taken, cem.library, cem.record.id)
    assert [value.id for value in cem.library.annotations()] == [key]


def test_where_a_same_text_came_from_is_learned_from_a_colleague(people: Callable[[str], Person]) -> None:
    ana, bek, cem = people("Ana"), people("Bek"), people("Cem")
    ana.import_brief()
    ana.annotate("corridor reopened", "Ask.")
    cem.import_brief()
    bek.import_brief(SECOND)
    ana.revise(SECOND)
    bek.take(ana.send())
    assert bek.look(ana.send()).is_nothing
    (one,) = incoming.look(bek.send(), "brief.margent", cem.record.modified)
    assert offered(incoming.prepare(one, cem.library, cem.record)).relation == "newer"


def test_themes_that_both_texts_name_are_one(people: Callable[[str], Person]) -> None:
    head = b"---\nthemes:\n  - name: Roads\n    words: [corridor]\n---\n"
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief(FIRST)
    bek.import_brief(FIRST)
    ana.revise(head + SECOND)
    note = ana.annotate("corridor reopened", "Ask.")
    ana.library.apply(edits.add_theme([note], ana.library.theme_list()[0].id))
    bek.take(ana.send(), text=True)
    assert [theme.name for theme in bek.library.theme_list()] == ["Roads"]


def test_taking_a_text_along_is_no_edit_of_the_notes(both: tuple[Person, Person]) -> None:
    ana, bek = both
    times = {value.id: value.modified for value in bek.everything()}
    bek.take(ana.send(), text=True)
    assert {value.id: value.modified for value in bek.everything() if value.id in times} == times


def test_what_was_accepted_there_is_accepted_here(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    key = ana.annotate("Traffic stays below", "Since when?").id
    bek.import_brief()
    bek.take(ana.send())
    ana.revise(THIRD)
    (value,) = ana.everything()
    assert value.state == "moved"
    ana.library.apply(edits.accept([value], ana.text))
    bek.take(ana.send(), text=True)
    (here,) = bek.everything()
    assert (here.id, here.state, here.exact) == (key, "placed", ana.everything()[0].exact)


def test_two_wordings_of_a_note_are_kept_where_their_text_is_left_out(both: tuple[Person, Person]) -> None:
    ana, bek = both
    for person in both:
        value = next(value for value in person.everything() if value.note == "Ask.")
        person.library.apply(edits.set_note(value, f"{person.name} asks."))
    bek.take(ana.send())
    assert {"Ana asks.", "Bek asks."} <= bek.states().keys()
    (head,) = [value for value in bek.everything() if value.exact == "corridor reopened" and value.parent is None]
    (answer,) = [value for value in bek.everything() if value.parent == head.id]
    assert (answer.revision, answer.start, answer.end) == (bek.record.revision, head.start, head.end)


@pytest.mark.parametrize("answered", [False, True])
def test_a_note_that_came_as_deleted_first_is_back_on_its_words_on_another_text(
    people: Callable[[str], Person],
    answered: bool,
) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    bek.import_brief()
    note = ana.annotate("below the level", "How far?")
    replies = [
        value
        for change in ([ana.library.apply(edits.reply(note, "A tenth.", author="Ana"))] if answered else [])
        for value in change.after.values()
        if isinstance(value, Annotation)
    ]
    ana.send()
    ana.library.apply(edits.delete([note, *replies]))
    bek.take(ana.send())
    assert bek.everything() == []
    assert check(bek.library) == [], "it is on no words, and nothing is wrong with that"
    bek.revise(SECOND)
    gone = [value for value in ana.library.annotations(deleted=True) if value.deleted is not None]
    ana.library.apply(edits.restore(gone))
    bek.take(ana.send())
    assert {value.exact for value in bek.everything()} == {"below the level"}
    assert {bek.text[value.start : value.end] for value in bek.everything()} == {"below the level"}
    assert {value.note for value in bek.everything()} == {"How far?", *(reply.note for reply in replies)}


def test_themes_that_become_one_with_those_of_their_names_are_no_news(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    for person, quote in ((ana, "corridor reopened"), (bek, "It rained")):
        person.import_brief()
        (theme,) = person.library.apply(edits.new_theme("Customs", "navy")).after.values()
        note = person.annotate(quote, f"{person.name} asks.")
        assert theme is not None
        person.library.apply(edits.add_theme([note], theme.id))
    data = bek.send()
    assert ana.look(data).counted() == {"new": 1}
    ana.take(data)
    assert [theme.name for theme in ana.library.theme_list()].count("Customs") == 1
