"""Whole libraries exchange files: what each has comes to the other, once, with nobody's name or words lost."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from margent import edits
from margent.annotations import UNSAID, Annotation, DocumentRecord, Theme
from margent.brief.render import brief_of, render
from margent.errors import MargentError
from margent.exchange import incoming, outgoing, package, programs
from margent.exchange.package import Bundle
from margent.formats import read as read_document
from margent.library.store import Library

TEXT = b"""---
title: Access brief
themes:
  - name: Roads
    words: [corridor]
---
# Access brief

The corridor reopened on 3 May after long talks.

Traffic stays below the level of last year. The parties met twice.

The minister rejected the second draft of the protocol.
"""
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Person:
    """Somebody with a library of their own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.library = Library.open(folder)
        self.name = name
        self.clock = NOON

    def import_brief(self, data: bytes = TEXT) -> DocumentRecord:
        return self.library.add_document(read_document(data, "brief.md"), origin="brief.md", original=data)

    @property
    def record(self) -> DocumentRecord:
        (record,) = self.library.records()
        return record

    def annotate(self, quote: str, note: str = "", **more: object) -> Annotation:
        text = self.library.text(self.record.revision)
        start = text.index(quote)
        change = edits.annotate(self.record, text, start, start + len(quote), note=note, author=self.name, **more)  # type: ignore[arg-type]
        return next(iter(self.library.apply(change).after.values()))  # type: ignore[return-value]

    def reply(self, key: str, note: str) -> None:
        self.library.apply(edits.reply(self.note(key), note, author=self.name))

    def note(self, key: str) -> Annotation:
        return next(value for value in self.library.annotations() if value.id == key)

    def write(self, key: str, note: str) -> None:
        self.library.apply(edits.set_note(self.note(key), note))

    def send(self, *, private: bool = False) -> bytes:
        self.clock += timedelta(minutes=1)
        bundle = outgoing.bundle(self.library, self.record.id, sender=self.name, moment=self.clock, private=private)
        self.library.remember(outgoing.remembered(bundle.copies))
        return package.write(bundle, "# readable\n")

    def take(self, data: bytes, name: str = "brief.margent") -> incoming.Prepared:
        (one,) = incoming.look(data, name, self.clock)
        record = incoming.meant(one, self.library)
        if record is None:
            document, origin, original, key = incoming.arrival(one, name)
            record = self.library.add_document(document, origin=origin, original=original, id=key)
        prepared = incoming.prepare(one, self.library, record)
        self.change = self.library.apply(prepared.change)
        return prepared

    def has(self) -> dict[str, tuple[str, str, str, str | None]]:
        return {value.id: (value.author, value.note, value.exact, value.parent) for value in self.library.annotations()}


@pytest.fixture
def people(tmp_path: Path) -> Callable[[str], Person]:
    made: list[Person] = []

    def make(name: str) -> Person:
        person = Person(tmp_path / name, name)
        made.append(person)
        return person

    yield make  # type: ignore[misc]
    for person in made:
        person.library.close()


def test_a_brief_with_its_notes_comes_to_a_colleague_who_does_not_have_it(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    key = ana.annotate("The corridor", "Ask.", kind="question", themes=[ana.library.theme_list()[0].id]).id
    ana.reply(key, "Twice.")
    ana.annotate("Traffic stays", "Mine alone.", private=True)
    prepared = bek.take(ana.send())
    assert prepared.problems == ()
    assert [row.fate for row in prepared.rows] == ["same", "new", "new"], "a theme of that name came with the text"
    assert bek.has() == {one: said for one, said in ana.has().items() if said[1] != "Mine alone."}
    note = bek.note(key)
    assert (note.kind, note.created) == ("question", ana.note(key).created)
    assert bek.record.id == ana.record.id
    assert bek.library.text(bek.record.revision)[note.start : note.end] == "The corridor"
    (theme,) = bek.library.theme_list()
    assert note.themes == (theme.id,)


def test_somebody_who_imported_the_same_file_gets_the_notes_on_that(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    bek.import_brief()
    assert bek.record.id != ana.record.id
    first = ana.annotate("The corridor", "Ask.", themes=[ana.library.theme_list()[0].id]).id
    second = bek.annotate("Traffic stays", "Why?", themes=[bek.library.theme_list()[0].id]).id
    bek.take(ana.send())
    assert len(bek.library.records()) == 1
    assert [theme.name for theme in bek.library.theme_list()] == ["Roads"]
    ana.take(bek.send())
    assert ana.has().keys() == bek.has().keys() == {first, second}
    assert [theme.id for theme in ana.library.theme_list()] == [theme.id for theme in bek.library.theme_list()]
    assert {value.themes for value in ana.library.annotations()} == {(bek.library.theme_list()[0].id,)}


def test_merging_twice_equals_once_and_going_back_and_forth_comes_to_rest(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    key = ana.annotate("The corridor", "Ask.").id
    data = ana.send()
    bek.take(data)
    assert bek.take(data).change.after == {}
    bek.write(key, "Ask them.")
    bek.reply(key, "Done.")
    back = bek.send()
    assert sorted(row.fate for row in ana.take(back).rows) == ["changed", "new"]
    assert ana.has() == bek.has()
    assert ana.take(back).change.after == {}
    assert ana.take(data).change.after == {}, "a file of their own, from before"
    assert bek.take(ana.send()).change.after == {}


def test_a_change_made_meanwhile_is_not_overwritten(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    key = ana.annotate("The corridor", "Ask.").id
    bek.take(ana.send())
    bek.write(key, "Ask them.")
    ana.write(key, "Ask us.")
    prepared = ana.take(bek.send())
    assert [row.fate for row in prepared.rows] == ["conflict", "new"]
    assert {said[1] for said in ana.has().values()} == {"Ask us.", "Ask them."}
    assert {said[0] for said in ana.has().values()} == {"Ana"}
    bek.take(ana.send())
    assert bek.has() == ana.has()


def test_one_undo_takes_a_merge_back_and_it_can_be_merged_again(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    key = ana.annotate("The corridor", "Ask.").id
    bek.take(ana.send())
    bek.write(key, "Ask them.")
    bek.annotate("Traffic stays", "Why?")
    before = ana.has()
    data = bek.send()
    ana.take(data)
    after = ana.has()
    assert after != before
    ana.library.apply(ana.change.inverse())
    assert ana.has() == before
    ana.take(data)
    assert ana.has() == after
    ana.library.apply(edits.delete([value for value in ana.library.annotations() if value.author == "Bek"]))
    ana.take(data)
    assert len(ana.has()) == 1, "what the reader deleted does not come back"


def test_deleted_is_deleted_and_what_was_changed_meanwhile_stays(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    gone, kept = ana.annotate("The corridor", "Ask.").id, ana.annotate("Traffic stays", "Why?").id
    bek.take(ana.send())
    ana.library.apply(edits.delete([ana.note(gone), ana.note(kept)]))
    bek.write(kept, "Why so?")
    prepared = bek.take(ana.send())
    assert {row.id: row.fate for row in prepared.rows} == {gone: "deleted", kept: "conflict"}
    assert bek.has().keys() == {kept}
    ana.take(bek.send())
    assert ana.has() == bek.has()


def test_notes_without_a_name_do_not_leave_without_one(people: Callable[[str], Person]) -> None:
    ana = people("")
    ana.import_brief()
    ana.annotate("The corridor", "Ask.")
    with pytest.raises(MargentError, match="carry no name"):
        outgoing.sign(ana.library.annotations(), " ")
    ana.library.apply(outgoing.sign(ana.library.annotations(), "Ana"))
    assert {value.author for value in ana.library.annotations()} == {"Ana"}
    assert outgoing.sign(ana.library.annotations(), "").after == {}


def test_a_document_exported_whole_comes_back_with_a_colleagues_edits(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    key = ana.annotate("The corridor", "Ask.", themes=[ana.library.theme_list()[0].id]).id
    text = render(brief_of(ana.library.reading(ana.record.id), exporter="Ana"), "whole")
    assert ana.take(text.encode(), "brief.md").change.after == {}
    prepared = ana.take(text.replace("Ask.", "Ask them.", 1).encode(), "brief.md")
    assert [row.fate for row in prepared.rows] == ["changed"]
    assert ana.note(key).note == "Ask them."
    bek.take(text.encode(), "brief.md")
    assert bek.has() == {key: ("Ana", "Ask.", "The corridor", None)}
    assert bek.record.title == "Access brief"
    assert [theme.name for theme in bek.library.theme_list()] == ["Roads"]


def test_notes_on_an_older_text_come_onto_the_newest_one(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    bek.import_brief(TEXT.replace(b"rejected", b"accepted").replace(b"# Access brief\n", b"# Access brief\n\nNew.\n"))
    ana.annotate("The corridor", "Ask.")
    changed = ana.annotate("The minister rejected", "Why?").id
    (one,) = incoming.look(ana.send(), "brief.margent", NOON)
    prepared = incoming.prepare(one, bek.library, bek.record)
    bek.library.apply(prepared.change)
    text = bek.library.text(bek.record.revision)
    states = {value.id: value.state for value in bek.library.annotations()}
    assert states.pop(changed) == "moved"
    assert set(states.values()) == {"placed"}
    assert all(
        text[value.start : value.end] == value.exact for value in bek.library.annotations() if value.state == "placed"
    )


def test_another_programs_annotations_come_onto_the_document_they_quote(people: Callable[[str], Person]) -> None:
    ana = people("Ana")
    ana.import_brief()
    table = b"Highlight,Title,Author,URL,Note,Location,Date\nThe corridor reopened on 3 May,Other,,,Ask.,,2026-11-24\n"
    prepared = ana.take(table, "export.csv")
    (value,) = ana.library.annotations()
    assert (value.exact, value.note, value.author) == ("The corridor reopened on 3 May", "Ask.", UNSAID)
    assert ana.take(table, "export.csv").change.after == {}
    assert len(prepared.rows) == 1


@pytest.mark.parametrize("program", programs.PROGRAMS)
def test_what_went_out_to_a_program_comes_back_to_the_same_document(
    people: Callable[[str], Person], program: str
) -> None:
    ana = people("Ana")
    ana.import_brief()
    ana.annotate("The corridor", "Ask.")
    parcel = outgoing.parcel(ana.library.reading(ana.record.id))
    (one,) = incoming.look(programs.write(program, [parcel]), f"x{programs.PROGRAMS[program].suffix}", NOON)
    assert incoming.meant(one, ana.library) == ana.record


def test_notes_on_a_document_that_nobody_has_say_so(people: Callable[[str], Person]) -> None:
    ana = people("Ana")
    table = b"Highlight,Title,Author,URL,Note,Location,Date\nwords of another text,Other,,,Ask.,,\n"
    with pytest.raises(MargentError, match="import the document first"):
        ana.take(table, "export.csv")


def test_three_libraries_that_exchange_at_random_end_with_the_same(people: Callable[[str], Person]) -> None:
    chance = random.Random(7)
    everybody = [people(name) for name in ("Ana", "Bek", "Cem")]
    everybody[0].import_brief()
    everybody[1].import_brief()
    quotes = ("The corridor", "Traffic stays", "The parties met", "The minister")
    files: list[bytes] = [everybody[0].send()]
    everybody[2].take(files[0])
    said: set[str] = set()
    for step in range(60):
        person = chance.choice(everybody)
        keys = sorted(person.has())
        match chance.randrange(6):
            case 0:
                person.annotate(chance.choice(quotes), f"{person.name} {step}.")
            case 1 if keys:
                person.write(chance.choice(keys), f"{person.name} edited {step}.")
            case 2 if keys:
                head = person.note(chance.choice(keys))
                if head.parent is None:
                    person.reply(head.id, f"{person.name} answered {step}.")
                    said.add(f"{person.name} answered {step}.")
            case 3 if keys:
                person.library.apply(edits.set_colour([person.note(chance.choice(keys))], "blue"))
            case 4:
                files.append(person.send())
            case _:
                person.take(chance.choice(files[-4:]))
    for _ in range(4):
        sent = [person.send() for person in everybody]
        for person in everybody:
            for data in sent:
                person.take(data)
    assert everybody[0].has() == everybody[1].has() == everybody[2].has()
    assert {value[0] for value in everybody[0].has().values()} <= {"Ana", "Bek", "Cem"}


def test_an_exchange_file_says_exactly_what_leaves(people: Callable[[str], Person]) -> None:
    ana = people("Ana")
    ana.import_brief()
    hidden = ana.annotate("The corridor", "Mine alone.", private=True).id
    ana.reply(hidden, "To myself.")
    ana.annotate("Traffic stays", "Shared.")
    ana.library.apply(edits.new_theme("Secret project", "navy"))
    data = ana.send()
    assert b"Mine alone" not in data
    (one,) = incoming.look(data, "x.margent", NOON)
    assert isinstance(one, Bundle)
    notes = {copy.value.note for copy in one.copies.values() if isinstance(copy.value, Annotation)}
    assert notes == {"Shared."}
    assert not any(isinstance(copy.value, Theme) for copy in one.copies.values())
    (whole,) = incoming.look(ana.send(private=True), "x.margent", NOON)
    assert isinstance(whole, Bundle)
    assert len([copy for copy in whole.copies.values() if isinstance(copy.value, Annotation)]) == 3


def test_a_reply_stands_where_its_head_stands(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    ana.import_brief()
    key = ana.annotate("The corridor", "Ask.").id
    ana.reply(key, "Twice.")
    bek.take(ana.send())
    head = bek.note(key)
    reply = next(value for value in bek.library.annotations() if value.parent == key)
    assert replace(reply, id="", note="", parent=None, created=NOON, modified=NOON) == replace(
        head, id="", note="", created=NOON, modified=NOON
    )


def _whole(person: Person) -> str:
    return render(brief_of(person.library.reading(person.record.id), exporter=person.name), "whole")


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("*very*", "_very_").replace("**bold**", "__bold__"),
        lambda text: text.replace("- one", "* one").replace("- two", "* two"),
        lambda text: text.replace("snake_case", "snake\\_case"),
        lambda text: text.replace("It is ", "It is\n> "),
        lambda text: text.replace("Traffic stays below the level", "Traffic stays\nbelow the level"),
    ],
    ids=["CRLF", "emphasis", "bullets", "escapes", "wrapped note", "wrapped text"],
)
def test_what_a_formatter_does_is_no_edit(people: Callable[[str], Person], edit: Callable[[str], str]) -> None:
    ana = people("Ana")
    ana.import_brief()
    key = ana.annotate("The corridor", "It is *very* **bold** of snake_case.\n\n- one\n- two").id
    ana.reply(key, "Yes, *very*.")
    before = ana.has()
    # No formatter touches comments.
    parts = re.split(r"(<!--[^\n]*-->)", _whole(ana))
    text = "".join(part if part.startswith("<!--") else edit(part) for part in parts)
    prepared = ana.take(text.encode(), "brief.md")
    assert (ana.has(), prepared.problems) == (before, ())


@pytest.mark.parametrize(
    ("old", "new"),
    [("Traffic stays below", "Traffic rises above"), ("The parties met twice.", "")],
)
def test_text_that_a_colleague_changed_outside_the_notes_is_told(
    people: Callable[[str], Person], old: str, new: str
) -> None:
    ana = people("Ana")
    ana.import_brief()
    ana.annotate("The corridor", "Ask.")
    text = _whole(ana)
    body = text.index("margent:begin text")
    prepared = ana.take((text[:body] + text[body:].replace(old, new, 1)).encode(), "brief.md")
    assert any("own text was changed" in problem for problem in prepared.problems)
    assert len(ana.has()) == 1
