"""An exchange file gives back what went into it, equal; a damaged or hostile one gives a sentence."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.annotations import (
    COLOURS,
    KINDS,
    STYLES,
    THEME_COLOURS,
    Annotation,
    DocumentRecord,
    Passage,
    Theme,
)
from margent.document import Block, Document, Mark
from margent.errors import MargentError
from margent.exchange import package, records, webannotation
from margent.exchange.package import Bundle, Revision
from margent.exchange.versions import Copy, grown, version_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 13, tzinfo=UTC)
DOC, REV, OLD = "d" * 32, "a" * 32, "b" * 32
PICTURE = b"\x89PNG picture"
KEY = hashlib.sha256(PICTURE).hexdigest()
NEW_TEXT = Document(
    "Access brief",
    (
        Block("heading", "Access brief", level=1, target="access-brief"),
        Block("paragraph", "The corridor reopened on 3 May.", (Mark("strong", 4, 12),)),
        Block("picture", "A map", target=KEY),
    ),
    language="en",
    pictures={KEY: PICTURE},
    pages=((0, "i"), (14, "1")),
)
OLD_TEXT = Document("Access brief", (Block("paragraph", "The corridor is closed."),))
RECORD = DocumentRecord(
    id=DOC, revision=REV, title="Access brief / draft", authors=("Policy unit",), date="2026-11-01", language="en",
    source="https://x.org/brief", origin="brief.md", words=NEW_TEXT.words(), created=NOON, modified=NOON,
)  # fmt: skip
ORIGINAL = b"# Access brief\n"


def annotation(number: int, **more: Any) -> Annotation:
    values: dict[str, Any] = {
        "id": f"{number:032x}", "document": DOC, "revision": REV, "start": 13, "end": 25, "exact": "The corridor",
        "suffix": " reopened", "note": "Ask --> <them>.", "author": "Ana", "created": NOON, "modified": NOON, **more,
    }  # fmt: skip
    return Annotation(**values)


THEME = Theme(id="e" * 32, name="Access", words=("road",), created=NOON, modified=NOON)
FIRST = annotation(1, themes=(THEME.id,), kind="question", done=True, colour="blue", style="underline")


def bundle(*values: Any) -> Bundle:
    copies = {value.id: Copy(value) for value in (THEME, *values)}
    old = Revision(OLD, 1, "0" * 64, "brief-1.md", NOON, OLD_TEXT)
    new = Revision(REV, 2, hashlib.sha256(ORIGINAL).hexdigest(), "brief.md", LATER, NEW_TEXT, ORIGINAL)
    return Bundle(RECORD, (old, new), copies, "Ana", LATER)


FULL = bundle(
    FIRST,
    annotation(2, parent=FIRST.id, note="Agreed.", author="Bek", start=13, end=25),
    annotation(3, revision=OLD, start=0, end=12, state="orphaned", deleted=LATER, private=True),
    Passage(id="f" * 32, theme=THEME.id, document=DOC, revision=REV, start=13, end=44, created=NOON, modified=NOON),
)


def rewritten(data: bytes, **parts: bytes | None) -> bytes:
    """The file with parts of it replaced, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        for name in names:
            content = parts.get(name.split(".")[0].replace("/", "_"), old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def test_everything_comes_back() -> None:
    data = package.write(FULL, "# A readable copy\n")
    assert package.is_package(data)
    back = package.read(data, "brief.margent")
    assert back == FULL
    assert back.revisions[1].document.blocks == NEW_TEXT.blocks
    assert back.revisions[1].document.pages == NEW_TEXT.pages


def test_what_each_record_grew_out_of_comes_back() -> None:
    copy = grown(grown(Copy(FIRST), replace(FIRST, note="Two.", modified=LATER)), replace(FIRST, note="Three."))
    back = package.read(package.write(replace(FULL, copies={THEME.id: Copy(THEME), FIRST.id: copy}), ""), "x.margent")
    assert back.copies[FIRST.id] == copy._replace(past={}), "names of states, never what they said"
    assert version_of(back.copies[FIRST.id].value) == copy.version


def test_the_same_input_gives_the_same_bytes() -> None:
    turned = replace(FULL, copies=dict(reversed(list(FULL.copies.items()))))
    assert package.write(FULL, "x") == package.write(turned, "x")


def test_people_and_other_programs_find_what_they_know() -> None:
    data = package.write(FULL, "# A readable copy\n")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("Access brief draft.md") == b"# A readable copy\n"
        assert archive.read(f"original/{REV}") == ORIGINAL
    (parcel,) = webannotation.read(data, "brief.margent")
    first = next(remark for remark in parcel.remarks if remark.id == FIRST.id)
    assert (first.exact, first.note, first.author, first.themes, first.colour, first.style, first.kind) == (
        "The corridor", "Ask --> <them>.", "Ana", ("Access",), "blue", "underline", "question",
    )  # fmt: skip
    assert [reply.author for reply in first.replies] == ["Bek"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"manifest": None}, "is not an exchange file"),
        ({"manifest": b"{"}, "is not whole JSON"),
        ({"manifest": b'{"format": "other"}'}, "is not an exchange file"),
        ({"manifest": b'{"format": "margent-exchange", "version": 2}'}, "a newer Margent"),
        ({"manifest": b'{"format": "margent-exchange", "version": 1}'}, "is damaged"),
        ({"annotations": None}, "annotations.json"),
        ({"annotations": b'{"items": [{}]}'}, "is damaged"),
        ({f"text_{REV}": b'{"text": "short", "blocks": [1], "about": {}}'}, "is damaged"),
        ({f"original_{REV}": b"another file"}, "not the one that it names"),
    ],
)
def test_a_damaged_file_is_refused_by_name(parts: dict[str, bytes | None], said: str) -> None:
    with pytest.raises(MargentError, match=r"brief\.margent") as caught:
        package.read(rewritten(package.write(FULL, ""), **parts), "brief.margent")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "changed",
    [
        {"revision": "c" * 32},
        {"document": "c" * 32},
        {"start": 40, "end": 4000},
        {"start": 9, "end": 3},
        {"parent": "9" * 32},
    ],
)
def test_annotations_stand_on_the_texts_in_the_file(changed: dict[str, Any]) -> None:
    with pytest.raises(MargentError, match=r"x\.margent is damaged"):
        package.read(package.write(bundle(annotation(7, **changed)), ""), "x.margent")


def test_a_picture_that_is_not_what_its_name_says_is_left_out() -> None:
    data = rewritten(package.write(FULL, ""), **{f"pictures_{KEY}": b"another"})
    assert package.read(data, "x.margent").revisions[1].document.pictures == {}


times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - given a zone next
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
)
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
keys = st.uuids().map(lambda value: value.hex)
annotations = st.builds(
    Annotation, id=keys, document=keys, revision=keys, start=st.integers(0, 99), end=st.integers(99, 200), exact=words,
    prefix=words, suffix=words, state=st.sampled_from(["placed", "moved", "orphaned"]), colour=st.sampled_from(COLOURS),
    style=st.sampled_from(STYLES), kind=st.sampled_from(KINDS), note=words, private=st.booleans(), done=st.booleans(),
    author=words, themes=st.lists(keys, max_size=3).map(tuple), parent=st.none() | keys, created=times,
    modified=times, deleted=st.none() | times,
)  # fmt: skip
themes = st.builds(
    Theme, id=keys, name=words.filter(lambda name: bool(name.strip())), colour=st.sampled_from(THEME_COLOURS),
    words=st.lists(words, max_size=3).map(tuple), created=times, modified=times, deleted=st.none() | times,
)  # fmt: skip
passages = st.builds(
    Passage, id=keys, theme=keys, document=keys, revision=keys, start=st.integers(0, 9), end=st.integers(9, 99),
    origin=st.sampled_from(["given", "chosen", "dismissed"]), created=times, modified=times, deleted=st.none() | times,
)  # fmt: skip


@given(value=annotations | themes | passages)
def test_every_record_comes_back_equal(value: Any) -> None:
    assert records.record_of(json.loads(json.dumps(records.record_json(value)))) == value


@given(
    cuts=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 60), st.binary(max_size=8)), min_size=1, max_size=3)
)
def test_any_damage_gives_a_sentence_or_what_was_there(cuts: list[tuple[int, int, bytes]]) -> None:
    data = package.write(FULL, "x")
    for at, length, with_ in cuts:
        data = data[:at] + with_ + data[at + length :]
    try:
        package.read(data, "x.margent")
    except MargentError as error:
        assert "x.margent" in str(error)  # noqa: PT017 - either way is right


@given(
    part=st.sampled_from(["manifest", "annotations", "themes", "history", f"text_{REV}"]),
    at=st.integers(0, 3000),
    with_=st.sampled_from([b"null", b"0", b'"x"', b"[]", b"{}", b"-1", b"1e9", b'"' + b"9" * 32 + b'"']),
)
def test_any_other_value_inside_gives_a_sentence_or_is_read(part: str, at: int, with_: bytes) -> None:
    older = Copy(replace(FIRST, note="Older.", modified=NOON))
    copies = {**FULL.copies, FIRST.id: grown(older, replace(FIRST, modified=LATER))}
    data = package.write(replace(FULL, copies=copies), "x")
    name = next(
        entry for entry in zipfile.ZipFile(io.BytesIO(data)).namelist() if entry.split(".")[0].replace("/", "_") == part
    )
    content = zipfile.ZipFile(io.BytesIO(data)).read(name)
    # A value of the JSON is replaced by another one.
    values = [found for found in range(len(content)) if content[found : found + 1] == b":"]
    place = values[at % len(values)] + 1
    end = min(
        (found for found in (content.find(sign, place + 1) for sign in (b",", b"\n", b"}")) if found > 0), default=place
    )
    try:
        package.read(rewritten(data, **{part: content[:place] + with_ + content[end:]}), "x.margent")
    except MargentError as error:
        assert "x.margent" in str(error)  # noqa: PT017 - either way is right


@pytest.mark.parametrize(
    "change",
    [
        {"about": 1.5},
        {"about": {"title": "A", "authors": [1], "notices": [], "themes": []}},
        {"about": {"title": ["A"], "authors": [], "notices": [], "themes": []}},
        {"about": {"title": "A", "authors": [], "notices": [], "themes": [], "pages": [[9**9, "1"]]}},
        {"blocks": [["heading", 5, [], {"level": 9}]]},
        {"blocks": [["heading", 5, [], {"level": "1"}]]},
        {"blocks": [["paragraph", 5, [["strong", 2, 99]]]]},
        {"blocks": [["paragraph", 5, [["link", 0, 2, 7]]]]},
        {"blocks": [["table", 5, [], {"align": ["up"]}]]},
        {"blocks": [["item", 5, [], {"checked": "no"}]]},
        {"text": "He\x00lo"},
    ],
)
def test_a_text_that_no_importer_would_have_made_is_refused(change: dict[str, Any]) -> None:
    whole = package.write(FULL, "")
    about = {"title": "A", "authors": [], "notices": [], "themes": []}
    text = json.dumps({"text": "Hello", "blocks": [5], "about": about, **change})
    with pytest.raises(MargentError, match=r"brief\.margent is damaged"):
        package.read(rewritten(whole, **{f"text_{OLD}": text.encode()}), "brief.margent")
