"""Files that say what is not so, by accident or on purpose: nothing goes on wrong words or over something else."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from margent import edits
from margent.annotations import Annotation, DocumentRecord, Theme, new_id
from margent.brief.render import brief_of, render
from margent.errors import MargentError
from margent.exchange import incoming, outgoing, package
from margent.exchange.package import Bundle
from margent.exchange.versions import Copy, Record
from margent.formats import read as read_document
from margent.library.store import Library

TEXT = b"# Brief\n\nThe corridor reopened on 3 May.\n\nTraffic stays below the level of last year.\n"
OTHER = b"# Other\n\nThe budget grows by a tenth and the council agrees.\n"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Person:
    """Somebody with a library."""

    def __init__(self, folder: Path) -> None:
        self.library = Library.open(folder)
        self.name = folder.name

    def add(self, data: bytes = TEXT, name: str = "brief.md") -> DocumentRecord:
        return self.library.add_document(read_document(data, name), origin=name, original=data)

    def annotate(self, record: DocumentRecord, quote: str, note: str = "", **more: object) -> Annotation:
        record = self.library.record(record.id)
        text = self.library.text(record.revision)
        start = text.index(quote)
        change = edits.annotate(record, text, start, start + len(quote), note=note, author=self.name, **more)  # type: ignore[arg-type]
        return next(iter(self.library.apply(change).after.values()))  # type: ignore[return-value]

    def theme(self, name: str) -> Theme:
        return next(iter(self.library.apply(edits.new_theme(name, "navy")).after.values()))  # type: ignore[return-value]

    def bundle(self, record: DocumentRecord) -> Bundle:
        made = outgoing.bundle(self.library, record.id, sender=self.name, moment=NOON)
        self.library.remember(outgoing.remembered(made.copies))
        return made

    def send(self, record: DocumentRecord) -> bytes:
        return package.write(self.bundle(record), "# readable\n")

    def take(self, data: bytes, name: str = "brief.margent") -> incoming.Prepared:
        (one,) = incoming.look(data, name, NOON)
        record = incoming.meant(one, self.library)
        if record is None:
            document, origin, original, key = incoming.arrival(one, name)
            record = self.library.add_document(document, origin=origin, original=original, id=key)
        prepared = incoming.prepare(one, self.library, record)
        self.library.apply(prepared.change)
        return prepared

    def note(self, key: str) -> Annotation:
        values = (*self.library.annotations(), *self.library.annotations(deleted=True))
        return next(value for value in values if value.id == key)

    def check(self) -> None:
        """What stands as placed stands on its own words."""
        for value in self.library.annotations():
            text = self.library.text(value.revision)
            assert value.revision == self.library.record(value.document).revision
            assert 0 <= value.start <= value.end <= len(text)
            if value.state == "placed":
                assert text[value.start : value.end] == value.exact


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Callable[[str], Person]]:
    made: list[Person] = []

    def make(name: str) -> Person:
        made.append(Person(tmp_path / name))
        return made[-1]

    yield make
    for person in made:
        person.library.close()


def crafted(bundle: Bundle, edit: Callable[[Record], Record]) -> bytes:
    values = [edit(copy.value) for copy in bundle.copies.values()]
    return package.write(replace(bundle, copies={value.id: Copy(value) for value in values}), "")


def test_an_id_of_a_note_on_another_document_leaves_that_note_alone(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    other = bek.annotate(bek.add(OTHER, "other.md"), "The budget", "Mine.")
    brief = ana.add()
    taken, fine = ana.annotate(brief, "The corridor", "Ask.").id, ana.annotate(brief, "Traffic", "Fine.").id
    data = crafted(ana.bundle(brief), lambda value: replace(value, id=other.id) if value.id == taken else value)
    bek.add()
    prepared = bek.take(data)
    assert bek.note(other.id) == other
    assert bek.note(fine).note == "Fine."
    assert any("“Other”" in problem for problem in prepared.problems)


@pytest.mark.parametrize("kind", ["theme", "document"])
def test_an_id_of_something_else_is_refused_with_a_sentence(people: Callable[[str], Person], kind: str) -> None:
    ana, bek = people("Ana"), people("Bek")
    key = bek.theme("Energy").id if kind == "theme" else bek.add(OTHER, "other.md").id
    brief = ana.add()
    ana.annotate(brief, "The corridor", "Ask.")
    bek.add()
    prepared = bek.take(crafted(ana.bundle(brief), lambda value: replace(value, id=key)))
    assert bek.library.annotations() == []
    assert "ids of something else" in " ".join(prepared.problems)
    if kind == "theme":
        assert [theme.name for theme in bek.library.theme_list()] == ["Energy"]


def test_the_same_revision_id_with_another_text_puts_nothing_on_the_wrong_words(
    people: Callable[[str], Person],
) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    ana.annotate(brief, "reopened on 3 May", "Ask.")
    mine = bek.add(b"# Brief\n\nNew first words.\n\nThe corridor reopened on 3 May.\n", "mine.md")
    bundle = ana.bundle(brief)
    (revision,) = bundle.revisions
    copies = {
        key: copy._replace(value=replace(copy.value, document=mine.id, revision=mine.revision))  # type: ignore[arg-type]
        for key, copy in bundle.copies.items()
    }
    record = replace(bundle.record, id=mine.id, revision=mine.revision)
    data = package.write(Bundle(record, (replace(revision, id=mine.revision),), copies, "Ana", NOON), "")
    prepared = bek.take(data)
    bek.check()
    assert "another text" in " ".join(prepared.problems)
    (value,) = bek.library.annotations()
    text = bek.library.text(value.revision)
    assert text[value.start : value.end] == value.exact == "reopened on 3 May"


def test_a_place_that_does_not_have_the_words_is_not_believed(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    ana.annotate(brief, "Traffic stays", "Ask.")
    bek.add()
    bek.take(crafted(ana.bundle(brief), lambda value: replace(value, start=9, end=12)))  # type: ignore[arg-type]
    bek.check()
    assert [value.exact for value in bek.library.annotations()] == ["Traffic stays"]


def test_a_place_beyond_the_text_in_an_exported_document_is_not_believed(people: Callable[[str], Person]) -> None:
    ana = people("Ana")
    brief = ana.add()
    made = ana.annotate(brief, "Traffic stays", "Ask.")
    text = render(brief_of(ana.library.reading(brief.id), exporter="Ana"), "whole")
    ana.library.apply(edits.delete([made]))
    bek = people("Bek")
    bek.add()
    wild = text.replace(f'"start":{made.start},"end":{made.end}', '"start":9000,"end":9007199254740991')
    assert wild != text
    bek.take(wild.encode(), "brief.md")
    bek.check()


@pytest.mark.parametrize(
    "edit",
    [
        lambda value: replace(value, themes=(new_id(),)),
        lambda value: replace(value, parent=new_id()),
        lambda value: replace(value, parent=value.id),
        lambda value: replace(value, start=1 << 50, end=1 << 51),
        lambda value: replace(value, document=new_id()),
    ],
)
def test_a_file_whose_records_do_not_hold_together_is_refused(
    people: Callable[[str], Person], edit: Callable[[Record], Record]
) -> None:
    ana = people("Ana")
    brief = ana.add()
    ana.annotate(brief, "The corridor", "Ask.")
    with pytest.raises(MargentError, match="damaged"):
        ana.take(crafted(ana.bundle(brief), edit))


def test_a_document_in_the_bin_comes_back_with_what_was_taken_in(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    first = ana.annotate(brief, "The corridor", "Ask.").id
    bek.take(ana.send(brief))
    (record,) = bek.library.records()
    own = bek.annotate(record, "Traffic", "Mine.").id
    bek.library.apply(edits.delete_documents([record]))
    second = ana.annotate(brief, "last year", "Late.").id
    bek.take(ana.send(brief))
    assert [one.id for one in bek.library.records()] == [record.id]
    assert {first, own, second} <= {value.id for value in bek.library.annotations(record.id)}


def test_a_newer_reply_brings_back_the_note_that_was_deleted_meanwhile(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    head = ana.annotate(brief, "The corridor", "Ask.")
    bek.take(ana.send(brief))
    (record,) = bek.library.records()
    bek.library.apply(edits.delete([bek.note(head.id)]))
    ana.library.apply(edits.reply(head, "But listen.", author="Ana"))
    data = ana.send(brief)
    prepared = bek.take(data)
    assert [row.fate for row in prepared.rows if row.id == head.id] == ["conflict"]
    assert bek.note(head.id).deleted is None
    assert {value.note for value in bek.library.annotations()} == {"Ask.", "But listen."}
    assert bek.take(data).change.after == {}
    ana.take(bek.send(record))
    assert ana.note(head.id).deleted is None


def test_a_deletion_that_did_not_know_of_my_reply_does_not_hide_it(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    head = ana.annotate(brief, "The corridor", "Ask.")
    bek.take(ana.send(brief))
    (record,) = bek.library.records()
    bek.library.apply(edits.reply(bek.note(head.id), "Mine.", author="Bek"))
    ana.library.apply(edits.delete([head]))
    bek.take(ana.send(brief))
    assert bek.note(head.id).deleted is None
    ana.take(bek.send(record))
    assert {value.note for value in ana.library.annotations()} == {"Ask.", "Mine."}


def test_a_conversation_deleted_whole_is_deleted_there_too(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    head = ana.annotate(brief, "The corridor", "Ask.")
    ana.library.apply(edits.reply(head, "Twice.", author="Ana"))
    bek.take(ana.send(brief))
    ana.library.apply(edits.delete([ana.note(head.id)]))
    bek.take(ana.send(brief))
    assert bek.note(head.id).deleted is not None


def test_a_theme_that_a_colleague_deletes_stays_where_it_is_used(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    theme = ana.theme("Energy")
    ana.annotate(brief, "The corridor", "Ask.", themes=[theme.id])
    bek.take(ana.send(brief))
    mine = bek.annotate(bek.add(OTHER, "other.md"), "The budget", "Mine.", themes=[theme.id])
    ana.library.apply(edits.delete_theme(theme))
    bek.take(ana.send(brief))
    assert [one.name for one in bek.library.theme_list()] == ["Energy"]
    assert bek.note(mine.id).themes == (theme.id,)


def test_a_theme_deleted_here_comes_back_with_a_note_under_it(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    theme = ana.theme("Energy")
    ana.annotate(brief, "The corridor", "Ask.", themes=[theme.id])
    bek.take(ana.send(brief))
    ana.library.apply(edits.delete_theme(theme))
    (record,) = bek.library.records()
    bek.annotate(record, "Traffic", "Mine.", themes=[theme.id])
    data = bek.send(record)
    ana.take(data)
    assert [one.name for one in ana.library.theme_list()] == ["Energy"]
    assert ana.take(data).change.after == {}


def test_two_themes_become_one_in_every_document(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    mine, theirs = sorted((bek.theme("Energy"), ana.theme("energy")), key=lambda theme: theme.id)
    holder, sender = (bek, ana) if mine.name == "energy" else (ana, bek)
    stays, goes = (mine, theirs)
    brief = sender.add()
    sender.annotate(brief, "The corridor", "Ask.", themes=[stays.id])
    other = holder.annotate(holder.add(OTHER, "other.md"), "The budget", "Mine.", themes=[goes.id])
    gone = holder.annotate(holder.library.records()[0], "the council", "Old.", themes=[goes.id])
    holder.library.apply(edits.delete([gone]))
    holder.take(sender.send(brief))
    assert [one.id for one in holder.library.theme_list()] == [stays.id]
    assert holder.note(other.id).themes == holder.note(gone.id).themes == (stays.id,)


def test_a_private_mark_is_not_taken_off_by_a_newer_copy_that_never_had_it(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    key = ana.annotate(brief, "The corridor", "Ask.").id
    data = ana.send(brief)
    ana.library.apply(edits.set_private([ana.note(key)], True))
    bek.take(data)
    (record,) = bek.library.records()
    bek.library.apply(edits.set_note(bek.note(key), "Ask them."))
    ana.library.remember({key: ""})
    ana.take(bek.send(record))
    assert ana.note(key).private


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ({"annotations": [{"start": 0}]}, "annotations stand in its text"),
        ({"themes": [[" ", "amber", ["corridor"], []]]}, "a theme in it is none"),
    ],
)
def test_a_text_that_says_of_itself_what_no_text_says_is_refused(
    people: Callable[[str], Person], said: dict[str, object], cause: str
) -> None:
    ana, bek = people("Ana"), people("Bek")
    data = ana.send(ana.add())
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            if name.startswith("text/"):
                told = json.loads(held)
                held = json.dumps({**told, "about": {**told["about"], **said}}).encode()
            new.writestr(name, held)
    with pytest.raises(MargentError, match=cause):
        bek.take(out.getvalue())
    assert bek.library.records() == []


def test_a_time_at_the_end_of_the_calendar_is_refused_for_nothing_could_come_after_it(
    people: Callable[[str], Person],
) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    ana.annotate(brief, "The corridor", "Ask.")
    end = datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
    with pytest.raises(MargentError, match="is no time"):
        bek.take(crafted(ana.bundle(brief), lambda value: replace(value, modified=end)))


def test_a_colleagues_clock_that_is_years_ahead_dates_nothing_but_their_note(people: Callable[[str], Person]) -> None:
    ana, bek = people("Ana"), people("Bek")
    brief = ana.add()
    key = ana.annotate(brief, "The corridor", "Ask.").id
    ahead = datetime(2099, 1, 1, tzinfo=UTC)
    bek.take(crafted(ana.bundle(brief), lambda value: replace(value, modified=ahead)))
    bek.library.apply(edits.set_note(bek.note(key), "Ask twice."))
    assert bek.note(key).modified > ahead, "later than what it was, or the older text would count as the newer one"
    assert bek.annotate(bek.library.records()[0], "Traffic", "Mine.").modified < ahead


@pytest.mark.parametrize("second", ["Traffic stays", "The corridor"])
def test_two_notes_that_changed_places_in_an_editor_that_hides_the_comments_lose_no_text(
    people: Callable[[str], Person], second: str
) -> None:
    ana = people("Ana")
    brief = ana.add()
    keys = [ana.annotate(brief, "The corridor", "First.").id, ana.annotate(brief, second, "Second.").id]
    text = render(brief_of(ana.library.reading(brief.id), exporter="Ana"), "whole")
    between = r"^<!-- margent:begin [0-9a-f]{32} -->\n(.*?)^<!-- margent:end [0-9a-f]{32} -->"
    one, other = re.findall(between, text, re.MULTILINE | re.DOTALL)[-2:]
    prepared = ana.take(text.replace(one, "@@").replace(other, one).replace("@@", other).encode(), "brief.md")
    if second == "The corridor":
        assert {ana.note(key).note for key in keys} == {"First.", "Second."}
    else:
        assert [ana.note(key).note for key in keys] == ["First.", "Second."], "no text goes onto other words"
        assert sum("stands the note on other words" in problem for problem in prepared.problems) == 2
