"""Nothing leaves that was not meant to: no private, deleted or earlier words, wherever in a file they might stand."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from margent import edits
from margent.annotations import UNSAID, Annotation, Change
from margent.exchange import incoming, outgoing, package
from margent.exchangecommands import packed
from margent.formats import read as read_document
from margent.library.store import Library

TEXT = b"# Brief\n\nThe corridor reopened on 3 May.\n\nTraffic stays below the level of last year.\n"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "Zanzibar"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.open(tmp_path / "Ana")
    library.add_document(read_document(TEXT, "brief.md"), origin="brief.md", original=TEXT)
    annotate(library, "Traffic stays", "Shared.")
    yield library
    library.close()


def annotate(library: Library, quote: str, note: str, **more: object) -> Annotation:
    (record,) = library.records()
    text = library.text(record.revision)
    start = text.index(quote)
    change = edits.annotate(record, text, start, start + len(quote), note=note, author="Ana", **more)  # type: ignore[arg-type]
    return next(iter(library.apply(change).after.values()))  # type: ignore[return-value]


def send(library: Library, *, private: bool = False) -> bytes:
    """As the window and the command line do it, and remember it."""
    (record,) = library.records()
    data, copies = packed(library, record, "Ana", private=private)
    library.remember(outgoing.remembered(copies))
    return data


def everything(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def note(library: Library, key: str) -> Annotation:
    return next(value for value in (*library.annotations(), *library.annotations(deleted=True)) if value.id == key)


def _private(library: Library) -> None:
    annotate(library, "The corridor", SECRET, private=True)


def _answer_to_a_private_one(library: Library) -> None:
    library.apply(edits.reply(annotate(library, "The corridor", "Hm.", private=True), SECRET, author="Bek"))


def _private_after_it_was_sent(library: Library) -> None:
    key = annotate(library, "The corridor", SECRET).id
    send(library)
    library.apply(edits.set_private([note(library, key)], True))


def _private_sent_once_on_purpose(library: Library) -> None:
    annotate(library, "The corridor", SECRET, private=True)
    send(library, private=True)


def _once_private_and_sent_then_reworded_and_shared(library: Library) -> None:
    key = annotate(library, "The corridor", SECRET, private=True).id
    send(library, private=True)
    library.apply(edits.set_note(note(library, key), "Harmless."))
    library.apply(edits.set_private([note(library, key)], False))


def _reworded_after_it_was_sent(library: Library) -> None:
    key = annotate(library, "The corridor", SECRET).id
    send(library)
    library.apply(edits.set_note(note(library, key), "Harmless."))


def _deleted_and_never_sent(library: Library) -> None:
    library.apply(edits.delete([annotate(library, "The corridor", SECRET)]))


def _deleted_after_it_was_sent(library: Library) -> None:
    key = annotate(library, "The corridor", SECRET).id
    send(library)
    library.apply(edits.delete([note(library, key)]))


def _changed_and_deleted_after_it_was_sent(library: Library) -> None:
    key = annotate(library, "The corridor", "Harmless.").id
    send(library)
    library.apply(edits.set_note(note(library, key), SECRET))
    library.apply(edits.delete([note(library, key)]))


def _answer_in_a_deleted_conversation(library: Library) -> None:
    key = annotate(library, "The corridor", "Hm.").id
    send(library)
    library.apply(edits.reply(note(library, key), SECRET, author="Ana"))
    library.apply(edits.delete([note(library, key)]))


def _deleted_theme_of_a_shared_note(library: Library) -> None:
    theme = next(iter(library.apply(edits.new_theme(SECRET, "navy", ["x"])).after))
    annotate(library, "The corridor", "Hm.", themes=[theme])
    library.apply(edits.delete_theme(next(one for one in library.theme_list() if one.id == theme)))


def _theme_of_private_notes_alone(library: Library) -> None:
    theme = next(iter(library.apply(edits.new_theme("Quiet", "navy", [SECRET])).after))
    annotate(library, "The corridor", "Hm.", themes=[theme], private=True)


def _theme_of_a_dismissed_passage(library: Library) -> None:
    (record,) = library.records()
    library.apply(edits.new_theme(SECRET, "navy"))
    library.apply(edits.set_passage(record, library.theme_list()[0], 0, 5, "dismissed"))


def _passage_taken_back(library: Library) -> None:
    (record,) = library.records()
    library.apply(edits.new_theme(SECRET, "navy"))
    made = library.apply(edits.set_passage(record, library.theme_list()[0], 0, 5, "chosen"))
    library.apply(made.inverse())


@pytest.mark.parametrize(
    "doing",
    [
        _private,
        _answer_to_a_private_one,
        _private_after_it_was_sent,
        _private_sent_once_on_purpose,
        _once_private_and_sent_then_reworded_and_shared,
        _reworded_after_it_was_sent,
        _deleted_and_never_sent,
        _deleted_after_it_was_sent,
        _changed_and_deleted_after_it_was_sent,
        _answer_in_a_deleted_conversation,
        _deleted_theme_of_a_shared_note,
        _theme_of_private_notes_alone,
        _theme_of_a_dismissed_passage,
        _passage_taken_back,
    ],
)
def test_nothing_leaves_that_was_not_meant_to(library: Library, doing: Callable[[Library], None]) -> None:
    doing(library)
    data = send(library)
    assert SECRET not in everything(data)
    assert "Shared." in everything(data)
    package.read(data, "brief.margent")


def test_what_is_deleted_is_gone_there_too_and_comes_back_with_its_words(library: Library, tmp_path: Path) -> None:
    key = annotate(library, "The corridor", "Ask.").id
    bek = Library.open(tmp_path / "Bek")
    merge(bek, send(library))
    library.apply(edits.set_note(note(library, key), "Ask them."))
    library.apply(edits.delete([note(library, key)]))
    gone = send(library)
    merge(bek, gone)
    assert key not in {value.id for value in bek.annotations()}
    assert note(bek, key).note == "Ask.", "the bin has what was there"
    assert merge(bek, gone).change.after == {}
    library.apply(edits.restore([note(library, key)]))
    merge(bek, send(library))
    assert note(bek, key).note == note(library, key).note == "Ask them."
    bek.close()


def test_what_was_deleted_before_it_came_does_not_come_with_an_older_file(library: Library, tmp_path: Path) -> None:
    key = annotate(library, "The corridor", "Ask.").id
    older = send(library)
    library.apply(edits.delete([note(library, key)]))
    bek = Library.open(tmp_path / "Bek")
    merge(bek, send(library))
    merge(bek, older)
    assert [value.note for value in bek.annotations()] == ["Shared."]
    assert bek.bin() == [], "nobody put it in the bin here"
    bek.close()


def test_an_undone_merge_deletes_nothing_at_the_colleagues(library: Library, tmp_path: Path) -> None:
    bek = Library.open(tmp_path / "Bek")
    merge(bek, send(library))
    theirs = annotate(bek, "The corridor", "Mine.")
    back = send(bek)
    (one,) = incoming.look(back, "brief.margent", NOON)
    change = library.apply(incoming.prepare(one, library, library.records()[0]).change)
    library.apply(change.inverse())
    merge(bek, send(library))
    assert note(bek, theirs.id).deleted is None
    bek.close()


def test_a_private_answer_is_remembered_as_left_only_with_a_private_note(library: Library) -> None:
    shared = annotate(library, "The corridor", "Shared.")
    private = annotate(library, "Traffic", "Mine.", private=True)
    keys = {}
    for head in (shared, private):
        change = edits.reply(note(library, head.id), "To myself.", author="Ana")
        (keys[head.id],) = change.after
        library.apply(change)
        library.apply(edits.set_private([note(library, keys[head.id])], True))
    outgoing.remember_points(library, library.records()[0].id, [shared.id, private.id])
    assert library.lineage([shared.id, private.id, *keys.values()]).keys() == {shared.id, private.id, keys[private.id]}


def merge(library: Library, data: bytes) -> incoming.Prepared:
    (one,) = incoming.look(data, "brief.margent", NOON)
    record = incoming.meant(one, library)
    if record is None:
        document, origin, original, key = incoming.arrival(one, "brief.margent")
        record = library.add_document(document, origin=origin, original=original, id=key)
    prepared = incoming.prepare(one, library, record)
    library.apply(prepared.change)
    return prepared


def test_whose_author_is_not_known_is_nobody_of_that_name_in_another_program(library: Library) -> None:
    value = annotate(library, "The corridor", "Whose?")
    library.apply(Change("x", {value.id: value}, {value.id: replace(value, author=UNSAID)}))
    sent = outgoing.parcel(library.reading(library.records()[0].id))
    assert [one.author for one in sent.remarks] == ["", "Ana"]


def _word_file(comment: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>The corridor</w:t></w:r><w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r><w:r><w:t> reopened.</w:t></w:r></w:p>'
    )
    said = (
        '<w:comment w:id="0" w:author="Ana" w:date="2024-05-03T10:00:00Z">'
        f"<w:p><w:r><w:t>{comment}</w:t></w:r></w:p></w:comment>"
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{kind}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>",
        "word/comments.xml": f"<w:comments {space}>{said}</w:comments>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="c" Type="{kind}/comments" Target="comments.xml"/></Relationships>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _shared(value: Annotation) -> Change | None:
    return None


@pytest.mark.parametrize(
    ("doing", "leaves"),
    [
        (_shared, True),
        (lambda value: edits.set_private([value], True), False),
        (lambda value: edits.delete([value]), False),
        (lambda value: edits.set_note(value, "Milder."), False),
    ],
)
def test_a_file_that_has_notes_in_it_leaves_only_with_those_notes(
    tmp_path: Path, doing: Callable[[Annotation], Change | None], leaves: bool
) -> None:
    data = _word_file(SECRET)
    library = Library.open(tmp_path / "Word")
    record = library.add_document(read_document(data, "brief.docx"), origin="brief.docx", original=data)
    (value,) = library.annotations()
    change = doing(value)
    if change is not None:
        library.apply(change)
    sent = package.read(send(library), "brief.margent")
    assert (sent.newest.original == data) is leaves
    assert sent.newest.document.text == library.text(record.revision)
    bek = Library.open(tmp_path / "Bek")
    merge(bek, package.write(sent, ""))
    assert bek.text(bek.records()[0].revision) == library.text(record.revision)
    bek.close()
    library.close()
