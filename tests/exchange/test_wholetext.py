"""A document exported whole reads back equal; what a colleague typed into it comes in as edits of those notes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent import edits
from margent.annotations import COLOURS, KINDS, STYLES, UNSAID, Annotation, DocumentRecord, Theme
from margent.brief.render import brief_of, render
from margent.document import Block, Document, Mark
from margent.errors import MargentError
from margent.exchange import wholetext
from margent.exchange.merging import merge
from margent.exchange.versions import Copy
from margent.exchange.wholetext import Entry, WholeText
from margent.reading import Reading

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 9, tzinfo=UTC)
DOCUMENT = Document(
    "Access brief",
    (
        Block("heading", "Access brief", level=1),
        Block("paragraph", "The corridor reopened on 3 May after “long” talks (of two days)."),
        Block("item", "Traffic stays below last year.", level=1),
        Block("item", "The parties met twice.", (Mark("strong", 4, 11),), level=1),
        Block("code", "x == y"),
        Block("quotation", "No road, no trade.", quote=1),
    ),
)
RECORD = DocumentRecord(id="d" * 32, revision="a" * 32, title="Access brief", created=NOON, modified=NOON)
THEME = Theme(id="e" * 32, name="Access (roads)", created=NOON, modified=NOON)


def annotation(quote: str, note: str = "", **more: object) -> Annotation:
    start = DOCUMENT.text.index(quote)
    change = edits.annotate(RECORD, DOCUMENT.text, start, start + len(quote), note=note)
    (value,) = change.after.values()
    assert isinstance(value, Annotation)
    return replace(value, created=NOON, modified=NOON, **more)  # type: ignore[arg-type]


def reply(parent: Annotation, note: str, author: str, minutes: int = 0) -> Annotation:
    (value,) = edits.reply(parent, note, author=author).after.values()
    assert isinstance(value, Annotation)
    moment = NOON + timedelta(minutes=minutes)
    return replace(value, created=moment, modified=moment)


def written(*values: Annotation, exporter: str = "Ana") -> str:
    reading = Reading(RECORD, DOCUMENT, annotations=values, themes=[THEME])
    return render(brief_of(reading, exporter=exporter, include_private=True), "whole")


def read(text: str) -> WholeText:
    return wholetext.read(text.encode(), "brief.md", LATER)


def only(text: str) -> Entry:
    whole = read(text)
    assert whole.problems == ()
    (entry,) = whole.entries
    return entry


QUESTION = annotation("The corridor", "Ask *them*.", kind="question", author="Bek", themes=(THEME.id,))


def test_an_untouched_file_has_every_annotation_equal() -> None:
    values = [
        QUESTION,
        annotation("“long” talks (of two days)", "With (brackets): and “quotes”.", author="Ana"),
        annotation("Traffic stays", author="Ana", colour="green"),
        annotation("The parties", "- a list\n- of two\n\n# A heading", private=True, done=True, kind="action"),
        annotation("x == y", "On code.", style="underline"),
        annotation("No road", "Was other.", state="moved", author="Cem"),
    ]
    answers = [reply(values[1], "Agreed.", "Bek"), reply(values[1], "- no\n- never", "Cem", 3)]
    whole = read(written(*values, *answers))
    assert whole.problems == ()
    assert whole.record.id == RECORD.id
    assert whole.record.revision == RECORD.revision
    found = {entry.record.id: entry for entry in whole.entries}
    assert {key: replace(entry.record, themes=()) for key, entry in found.items()} == {
        value.id: replace(value, themes=()) for value in values
    }
    assert all(entry.edited == entry.record and not entry.added for entry in found.values())
    assert found[QUESTION.id].themes == ("Access (roads)",)
    assert [before for before, _ in found[values[1].id].replies] == answers
    assert all(before == after for before, after in found[values[1].id].replies)


def test_merging_an_untouched_file_changes_nothing() -> None:
    answer = reply(QUESTION, "Agreed.", "Ana")
    mine = {value.id: Copy(value) for value in (QUESTION, answer)}
    whole = read(written(QUESTION, answer))
    assert merge(mine, wholetext.copies(whole, lambda _: THEME.id)).altered(mine) == {}


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("Ask *them*.", "Ask *them* twice.", "Ask *them* twice."),
        ("Ask *them*.", "Ask *them*.\n>\n> And a second paragraph.", "Ask *them*.\n\nAnd a second paragraph."),
        (": Ask *them*.", "", ""),
        ("Ask *them*.", "Ask *them*.\n>\n> - one\n> - two", "Ask *them*.\n\n- one\n- two"),
    ],
    ids=["words", "a paragraph", "nothing", "a list"],
)
def test_an_edited_note_is_an_edit_of_that_note(before: str, after: str, note: str) -> None:
    value = replace(QUESTION, kind="note")
    entry = only(written(value).replace(before, after, 1) if before in written(value) else "")
    assert entry.record == replace(value, themes=())
    assert entry.edited == replace(value, themes=(), note=note, modified=LATER)


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda text: text.replace("\n>\n", "\n> \n"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("Ask *them*.", "Ask\n>   *them*.", 1),
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\nA remark of mine below.\n",
        lambda text: text.replace("<!-- margent:begin text -->", "A remark above.\n\n<!-- margent:begin text -->"),
        lambda text: text.replace("> - [ ] ", "> * [ ]  ", 1),
        lambda text: text.replace("**Question**", "__Question__", 1).replace("Ask *them*.", "Ask _them_.", 1),
        lambda text: text.replace("“The corridor”", '"The corridor"', 1),
        lambda text: text.replace(" on “The corridor” (", "\n> on “The\n> corridor”\n> (", 1),
        lambda text: re.sub(r"\n\n(?=<!--)|(?<=-->)\n\n", "\n", text),
        lambda text: text.replace("\n\n", "\n\n\n").rstrip(),
    ],
    ids=[
        "spaces", "line ends", "wrapped", "byte order mark", "remark below", "remark above", "other bullets",
        "underscores", "straight quotes", "a broken head", "blank lines gone", "more blank lines",
    ],
)  # fmt: skip
def test_what_editors_do_by_themselves_is_no_edit(rewritten: "st.SearchStrategy[str]") -> None:
    entry = only(rewritten(written(QUESTION)))  # type: ignore[operator]
    assert entry.edited == entry.record


def test_a_ticked_box_is_a_done_question() -> None:
    entry = only(written(QUESTION).replace("- [ ] **Question**", "- [x] **Question**"))
    assert entry.edited == replace(QUESTION, themes=(), done=True, modified=LATER)


def test_replies_are_edited_and_added_by_hand() -> None:
    text = written(QUESTION, reply(QUESTION, "Agreed.", "Cem"))
    line = next(line for line in text.split("\n") if "Agreed." in line)
    text = text.replace(line, f"{line} Mostly.\n>   - Dana: I do not.\n>   - And who pays?")
    entry = only(text)
    ((before, after),) = entry.replies
    assert (before.note, after.note, after.author, after.modified) == ("Agreed.", "Agreed. Mostly.", "Cem", LATER)
    assert [(one.author, one.note, one.parent) for one in entry.added] == [
        ("Dana", "I do not.", QUESTION.id),
        (UNSAID, "And who pays?", QUESTION.id),
    ]
    again = only(text)
    assert [one.id for one in again.added] == [one.id for one in entry.added]


def test_a_first_answer_typed_below_a_note_is_its_writers() -> None:
    text = written(SECOND).replace("Who?", "Who?\n>\n> - Dana: The two of them.\n> - Erlan: And Cem.", 1)
    entry = only(text)
    assert entry.edited == entry.record
    assert [(one.author, one.note) for one in entry.added] == [("Dana", "The two of them."), ("Erlan", "And Cem.")]
    entry = only(written(SECOND).replace("Who?", "Who?\n>\n> - the minister\n> - Dana: no", 1))
    assert (entry.edited.note, entry.added) == ("Who?\n\n- the minister\n- Dana: no", ())


def test_another_kind_written_before_a_note_is_an_edit() -> None:
    entry = only(written(SECOND).replace("**Note** on", "**Action** on", 1))
    assert (entry.edited.kind, entry.edited.note, entry.edited.modified) == ("action", "Who?", LATER)


@pytest.mark.parametrize(("old", "new"), [("(Cem)", "(Cemal)"), ("(Cem)", "(Cem, Roads)")])
def test_another_author_or_theme_written_behind_the_words_is_told_and_not_taken(old: str, new: str) -> None:
    whole = read(written(SECOND).replace(old, new, 1))
    assert whole.entries[0].edited == whole.entries[0].record
    assert any("author and themes are kept" in problem for problem in whole.problems)


def test_letters_lost_on_the_way_take_no_note_away() -> None:
    whole = read(written(QUESTION).replace("Ask *them*.", "Ask \ufffd\ufffdhem*.", 1))
    assert whole.entries[0].edited == whole.entries[0].record
    assert any("has lost letters on its way" in problem for problem in whole.problems)


def test_a_number_that_a_formatter_gave_an_item_is_no_edit() -> None:
    value = replace(SECOND, note="First:\n\n1. one\n2. two")
    entry = only(written(value).replace("> 2. two", "> 1. two", 1))
    assert entry.edited == entry.record


def test_an_edit_comes_into_the_library_and_does_not_overwrite_a_later_one() -> None:
    whole = read(written(QUESTION).replace("Ask *them*.", "Ask us.", 1))
    theirs = wholetext.copies(whole, lambda _: THEME.id)
    taken = merge({QUESTION.id: Copy(QUESTION)}, theirs)
    assert [row.fate for row in taken.rows] == ["changed"]
    assert replace(QUESTION, note="Ask us.", modified=LATER) == taken.copies[QUESTION.id].value
    mine = Copy(replace(QUESTION, note="Mine.", modified=LATER + timedelta(hours=1)))
    both = merge({QUESTION.id: mine}, theirs)
    assert {copy.value.note for copy in both.copies.values() if isinstance(copy.value, Annotation)} == {
        "Mine.",
        "Ask us.",
    }


SECOND = annotation("The parties", "Who?", author="Cem")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("**Question** on", "Question about", "the beginning of the note on “The corridor” was changed"),
        (f"<!-- margent:end {QUESTION.id} -->", "", "was taken out of the text; it is kept"),
        ('"exact":"The corridor"', '"exact":"The corridor', "1 record(s) of annotations are damaged"),
        ('"state":"placed","colour":"yellow","style":"highlight","kind":"question"', '"kind":"q"', "could not be read"),
        ("<!-- margent:end text -->", "", "only the notes were read"),
    ],
    ids=["head", "part", "record", "values", "text"],
)
def test_what_is_broken_is_told_and_the_rest_comes_in(old: str, new: str, said: str) -> None:
    text = written(QUESTION, SECOND)
    assert old in text
    whole = read(text.replace(old, new, 1))
    assert any(said in problem for problem in whole.problems), whole.problems
    assert all(problem.startswith("brief.md: ") for problem in whole.problems)
    kept = {entry.record.id: entry.edited for entry in whole.entries}
    assert kept[SECOND.id] == SECOND


def test_a_note_without_its_record_is_told_with_its_words() -> None:
    text = written(QUESTION, SECOND)
    start = text.index(f'<!-- margent:record {{"id":"{QUESTION.id}"')
    whole = read(text[:start] + text[text.index("\n", start) + 1 :])
    assert [entry.record.id for entry in whole.entries] == [SECOND.id]
    assert "Ask *them*" in whole.problems[0].replace("\\", "")


def test_the_text_comes_back_without_signs_and_notes() -> None:
    body = read(written(QUESTION, SECOND)).markdown
    assert body.startswith("The corridor reopened on 3 May") or "The corridor reopened on 3 May" in body
    assert "==The" not in body
    assert "margent:" not in body
    assert "Who?" not in body
    assert "x == y" in body


@pytest.mark.parametrize("data", [b"", b"# A text\n", b"<!-- margent:document {} -->\n"])
def test_another_file_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(MargentError, match=r"other\.md"):
        wholetext.read(data, "other.md", NOON)


def test_a_file_of_a_newer_program_is_refused() -> None:
    with pytest.raises(MargentError, match="newer Margent"):
        read(written(QUESTION).replace('{"version":1', '{"version":2'))


PIECES = [
    *"ab .,:;!?()[]{}<>*_`#-+=|~^&$%\\\"'“”\n1é😀",
    "- ",
    "> ",
    "**x**",
    "<!-- margent:",
    "-->",
    "==",
    "\n\n",
    "\n  ",
]
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
names = st.sampled_from(["Ana", "Bek", "", "X (Y)", "*Z*", "a: b", "**", "UTC"])
spans = st.sampled_from(
    ["The corridor", "“long” talks (of two days)", "Traffic stays below", "x == y", "No road", "parties met"]
)


@st.composite
def annotations(draw: st.DrawFn) -> list[Annotation]:
    values: list[Annotation] = []
    for quote in draw(st.lists(spans, min_size=1, max_size=4)):
        value = annotation(
            quote, draw(texts), kind=draw(st.sampled_from(KINDS)), author=draw(names), done=draw(st.booleans()),
            colour=draw(st.sampled_from(COLOURS)), style=draw(st.sampled_from(STYLES)), private=draw(st.booleans()),
            state=draw(st.sampled_from(["placed", "moved", "orphaned"])),
            themes=draw(st.sampled_from([(), (THEME.id,)])),
        )  # fmt: skip
        values.append(value)
        values += [
            reply(value, draw(texts), draw(names), draw(st.integers(0, 1))) for _ in range(draw(st.integers(0, 2)))
        ]
    return values


@given(values=annotations(), exporter=names)
def test_whatever_is_written_comes_back_equal_and_unedited(values: list[Annotation], exporter: str) -> None:
    whole = read(written(*values, exporter=exporter))
    theirs = wholetext.copies(whole, lambda _: THEME.id)
    assert {key: copy.value for key, copy in theirs.items()} == {value.id: value for value in values}, whole.problems


def notes_of(whole: WholeText) -> Iterator[str]:
    for entry in whole.entries:
        yield entry.edited.note


@given(cuts=st.lists(st.tuples(st.integers(0, 2500), st.integers(0, 80), st.text(max_size=10)), min_size=1, max_size=3))
def test_any_damage_gives_a_sentence_or_what_was_there(cuts: list[tuple[int, int, str]]) -> None:
    text = written(QUESTION, SECOND, reply(QUESTION, "Agreed.", "Cem"))
    for at, length, with_ in cuts:
        text = text[:at] + with_ + text[at + length :]
    try:
        whole = read(text)
    except MargentError as error:
        assert "brief.md" in str(error)  # noqa: PT017 - either way is right
    else:
        assert all(isinstance(note, str) for note in notes_of(whole))
