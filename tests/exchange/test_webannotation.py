"""W3C annotations of every container are read as published, and ours come back as they went out."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.annotations import COLOURS, KINDS, STYLES
from margent.document import canonical
from margent.errors import MargentError
from margent.exchange import webannotation
from margent.exchange.parcel import Parcel, Remark, key_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

# As in the recommendation's own examples: each an annotation by itself.
SINGLE: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "http://example.org/anno1",
    "type": "Annotation",
    "creator": {"id": "http://example.org/user1", "type": "Person", "name": "Ana", "nickname": "a"},
    "created": "2026-11-24T12:00:00Z",
    "motivation": "commenting",
    "body": [
        {"type": "TextualBody", "value": "<p>Check <b>this</b>.</p>", "format": "text/html", "purpose": "commenting"},
        {"type": "TextualBody", "purpose": "tagging", "value": "Access"},
        {"type": "TextualBody", "purpose": "tagging", "value": "Trade"},
    ],
    "target": {
        "source": "http://example.org/brief#part",
        "selector": {
            "type": "XPathSelector",
            "value": "/html/body/p[2]",
            "refinedBy": {"type": "TextQuoteSelector", "exact": "on 3 May", "prefix": "reopened ", "suffix": "."},
        },
    },
}

EPUB_SET: dict[str, Any] = {
    "@context": "https://www.w3.org/ns/epub-anno.jsonld",
    "id": "urn:uuid:9b000000-0000-4000-8000-000000000001",
    "type": "AnnotationSet",
    "generated": "2026-11-24T10:15:00Z",
    "generator": {"id": "https://example.org", "type": "Software", "name": "Some Reader 3"},
    "about": {"dc:title": "Access brief", "dc:creator": ["Policy unit"], "dc:identifier": "urn:isbn:1"},
    "items": [
        {
            "id": "urn:uuid:3c000000-0000-4000-8000-000000000002",
            "type": "Annotation",
            "motivation": "commenting",
            "created": "2026-11-24T10:00:00Z",
            "modified": "2026-11-24T10:05:00+05:00",
            "creator": {"id": "urn:uuid:77000000-0000-4000-8000-000000000003", "type": "Person", "name": "Ana"},
            "target": {
                "source": "brief.xhtml",
                "selector": [
                    {"type": "TextQuoteSelector", "exact": "The corridor.", "prefix": "a ", "suffix": " b"},
                    {"type": "TextPositionSelector", "start": 1310, "end": 1341},
                ],
            },
            "body": {
                "type": "TextualBody",
                "value": "Check *all* of it.",
                "color": "orange",
                "highlight": "underline",
                "tags": ["Access"],
            },
        }
    ],
}

# As the reader writes it: one tag, as `tag`; no set of its own but a list of notes with a title.
READIUM: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "urn:uuid:11000000-0000-4000-8000-000000000001",
    "type": "AnnotationSet",
    "generated": "2026-11-24T10:15:00Z",
    "title": "mine",
    "about": {"dc:title": "Access brief", "dc:creator": ["Policy unit"]},
    "items": [
        {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": "urn:uuid:12000000-0000-4000-8000-000000000001",
            "type": "Annotation",
            "created": "2026-11-24T10:00:00Z",
            "body": {
                "type": "TextualBody",
                "value": "Yes",
                "format": "text/plain",
                "color": "#eb9694",
                "tag": "Access",
            },
            "target": {
                "source": "text/part1.xhtml",
                "meta": {"headings": [{"level": 1, "txt": "Part I"}, {"level": 2, "txt": "Access"}], "page": "4"},
                "selector": [
                    {
                        "type": "CssSelector",
                        "value": "p",
                        "refinedBy": {"type": "TextPositionSelector", "start": 3, "end": 9},
                    },
                    {"type": "TextQuoteSelector", "exact": "words", "prefix": "", "suffix": ""},
                    {"type": "ProgressionSelector", "value": 0.25},
                ],
            },
        }
    ],
}


def read(value: Any) -> list[Parcel]:
    return webannotation.read(json.dumps(value).encode(), "notes.json")


def test_a_single_annotation() -> None:
    (parcel,) = read(SINGLE)
    (remark,) = parcel.remarks
    assert parcel.source == "http://example.org/brief"
    assert remark == Remark(
        foreign="http://example.org/anno1",
        exact="on 3 May",
        prefix="reopened ",
        suffix=".",
        note="Check **this**.",
        author="Ana",
        created=NOON,
        themes=("Access", "Trade"),
    )


@pytest.mark.parametrize(
    "container",
    [
        {"type": "AnnotationPage", "items": [SINGLE]},
        {"type": "AnnotationCollection", "total": 1, "first": {"type": "AnnotationPage", "items": [SINGLE]}},
        {"type": ["AnnotationCollection", "BasicContainer"], "items": [SINGLE]},
        [SINGLE],
    ],
    ids=["page", "collection", "flat collection", "list"],
)
def test_every_container(container: Any) -> None:
    assert read(container) == read(SINGLE)


def test_pages_that_are_elsewhere_are_told_and_never_fetched() -> None:
    value = {
        "type": "AnnotationCollection",
        "first": {"type": "AnnotationPage", "items": [SINGLE], "next": "https://x/2"},
    }
    (parcel,) = read(value)
    assert parcel.lost == ("notes.json: 1 further page(s) of annotations are not in the file.",)


def parcel_of(**more: Any) -> Parcel:
    (parcel,) = webannotation.parcels({**SINGLE, **more}, "a.jsonld")
    return parcel


def test_terms_as_json_ld_may_write_them_too() -> None:
    graph = {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"x": "urn:x:"}],
        "@graph": [{"@id": "http://example.org/1", "@type": "oa:Annotation", "motivation": "oa:questioning",
                    "body": {"@type": "TextualBody", "@value": "Why?"}, "target": SINGLE["target"]}],
    }  # fmt: skip
    (parcel,) = webannotation.parcels(graph, "a.jsonld")
    assert [(one.exact, one.note, one.kind) for one in parcel.remarks] == [("on 3 May", "Why?", "question")]


@pytest.mark.parametrize(
    ("creator", "author"),
    [
        ("http://example.org/user1", "http://example.org/user1"),
        ({"id": "http://example.org/user1"}, "http://example.org/user1"),
        ({"type": "Person", "email": "mailto:ana@example.org"}, "ana@example.org"),
        ({"type": "Person", "name": {"en": "Ana", "kk": "Ана"}}, "Ana"),
        ([{"type": "Person", "name": "Ana"}, {"type": ["Software"], "name": "Bot"}, "Bek"], "Ana, Bek"),
        ({"type": "Software", "name": "Bot"}, "Bot"),
        ({"id": "urn:uuid:77000000-0000-4000-8000-000000000003", "type": "Person"}, ""),
        (None, ""),
    ],
)
def test_who_made_it_is_who_is_named_and_nobody_else(creator: Any, author: str) -> None:
    assert parcel_of(creator=creator).remarks[0].author == author


@pytest.mark.parametrize(
    ("body", "note", "themes"),
    [
        ("Said *so*.", "Said *so*.", ()),
        ("http://example.org/post", "<http://example.org/post>", ()),
        ({"id": "http://example.org/a.png", "type": "Image", "format": "image/png"}, "<http://example.org/a.png>", ()),
        ({"type": "SpecificResource", "source": "http://example.org/p"}, "<http://example.org/p>", ()),
        ([{"type": "TextualBody", "value": "1. Qué?", "purpose": ["commenting"], "language": "es"},
          {"type": "TextualBody", "value": "Дороги", "purpose": ["tagging", "classifying"]}], "1\\. Qué?", ("Дороги",)),
        ({"type": "SpecificResource", "purpose": "tagging", "source": {"id": "urn:x:1", "label": {"en": "Roads"}}}, "",
         ("Roads",)),
    ],
)  # fmt: skip
def test_bodies_of_every_form(body: Any, note: str, themes: tuple[str, ...]) -> None:
    (remark,) = parcel_of(body=body).remarks
    assert (remark.note, remark.themes) == (note, themes)


def on(*selectors: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"source": "http://example.org/brief", "selector": list(selectors), **more}


QUOTED = {"type": "TextQuoteSelector", "exact": "on 3 May"}


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (on({"type": "FragmentSelector", "value": "part", "refinedBy": QUOTED}), {"exact": "on 3 May"}),
        (on({"type": "TextPositionSelector", "start": 3, "end": 9}), {"start": 3, "end": 9}),
        (on({"type": "FragmentSelector", "conformsTo": "http://tools.ietf.org/rfc/rfc5147", "value": "char=3,9"}),
         {"start": 3, "end": 9}),
        (on({"type": "RangeSelector", "startSelector": QUOTED,
             "endSelector": {"type": "TextQuoteSelector", "exact": "after"}}), {"exact": "on 3 May", "until": "after"}),
        (on({"type": "RangeSelector", "startSelector": {"type": "TextPositionSelector", "start": 3, "end": 3},
             "endSelector": {"type": "TextPositionSelector", "start": 9, "end": 9}}), {"start": 3, "end": 9}),
        ("http://example.org/brief#:~:text=re-,on%203,May,-after%20talks",
         {"exact": "on 3", "last": "May", "prefix": "re ", "suffix": " after talks"}),
        ("http://example.org/brief#:~:text=%D1%81%D1%83%2C%20%D0%B6%D0%BE%D0%BB", {"exact": "су, жол"}),
    ],
)  # fmt: skip
def test_places_in_every_way_they_are_told(target: Any, said: dict[str, Any]) -> None:
    (remark,) = parcel_of(target=target).remarks
    there = {name: getattr(remark, name) for name in ("exact", "prefix", "suffix", "start", "end", "last", "until")}
    assert {name: value for name, value in there.items() if value not in {"", None}} == said


def test_several_targets_are_several_annotations_each_time_the_same() -> None:
    other = on({"type": "TextQuoteSelector", "exact": "Traffic stays"})
    keys = []
    for _ in range(2):
        parcel = parcel_of(id="urn:uuid:3c000000-0000-4000-8000-000000000002", target=[SINGLE["target"], other])
        assert [one.exact for one in parcel.remarks] == ["on 3 May", "Traffic stays"]
        keys.append([key_of(parcel, one) for one in parcel.remarks])
    assert keys[0] == keys[1]
    assert keys[0][0] == "3c000000000040008000000000000002" != keys[0][1]


def test_what_an_annotation_here_has_not_is_told() -> None:
    svg = {"type": "SvgSelector", "value": "<svg/>"}
    past = on(QUOTED, state={"type": "TimeState", "sourceDate": "2026-01-01T00:00:00Z"})
    looks = {"type": "TextualBody", "value": "x", "color": "orange", "highlight": "outline"}
    tag = {"type": "SpecificResource", "source": "http://example.org/tag", "purpose": "tagging"}
    items = [
        {**SINGLE, "target": on(svg)},
        {**SINGLE, "target": past, "rights": "http://example.org/rights"},
        {**SINGLE, "body": [looks, tag]},
        {"type": "Annotation", "motivation": "bookmarking", "target": "http://example.org/brief"},
        {**SINGLE, "target": on({"type": "TextPositionSelector", "start": 3, "end": 9})},
    ]
    (parcel,) = webannotation.parcels({"type": "AnnotationPage", "items": items}, "a.jsonld")
    assert len(parcel.remarks) == 4
    said = " ".join(parcel.lost)
    for part in (
        "1 bookmark(s)", "1 annotation(s) tell their place by an address", "1 annotation(s) tell their place by counts",
        "1 annotation(s) were struck through or outlined", "1 annotation(s) have a colour", "1 tag(s) without a name",
        "What 1 annotation(s) say of rights",
    ):  # fmt: skip
        assert part in said


@pytest.mark.parametrize(
    "label", ["Access brief", ["Access brief"], {"en": "Access brief"}, [{"value": "Access brief"}]]
)
def test_titles_of_every_form(label: Any) -> None:
    page = {"type": "AnnotationPage", "label": label, "items": [SINGLE]}
    assert webannotation.parcels(page, "a.jsonld")[0].title == "Access brief"


def test_annotations_of_two_documents_are_two_parcels() -> None:
    other = {**SINGLE, "id": "http://example.org/anno2", "target": "http://example.org/other"}
    assert [parcel.source for parcel in read([SINGLE, other])] == [
        "http://example.org/brief",
        "http://example.org/other",
    ]


def test_a_set_of_the_profile_for_books() -> None:
    (parcel,) = read(EPUB_SET)
    assert (parcel.program, parcel.title, parcel.authors, parcel.source) == (
        "Some Reader 3", "Access brief", ("Policy unit",), "urn:isbn:1",
    )  # fmt: skip
    (remark,) = parcel.remarks
    assert remark.id == "3c000000000040008000000000000002"
    assert (remark.start, remark.end, remark.exact) == (1310, 1341, "The corridor.")
    assert remark.modified == datetime(2026, 11, 24, 5, 5, tzinfo=UTC)
    assert (remark.author, remark.colour, remark.style, remark.themes) == ("Ana", "yellow", "underline", ("Access",))
    assert remark.note == "Check \\*all\\* of it.", "plain text stays plain"


def test_what_the_precursor_writes() -> None:
    (remark,) = read(READIUM)[0].remarks
    assert (remark.themes, remark.chapter, remark.page, remark.progress) == (("Access",), "Access", "4", 0.25)
    assert (remark.start, remark.exact, remark.author, remark.colour) == (3, "words", "", "pink")


def test_an_archive() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("annotations.json", json.dumps(EPUB_SET))
    assert webannotation.read(buffer.getvalue(), "x.annotations") == read(EPUB_SET)


@pytest.mark.parametrize(
    "answer",
    [
        {"motivation": "replying", "target": "http://example.org/anno1"},
        {"motivation": ["commenting", "replying"], "target": {"source": "http://example.org/anno1"}},
        {"target": SINGLE["target"], "refersTo": "http://example.org/anno1"},
    ],
)
def test_answers_stand_with_what_they_answer(answer: dict[str, Any]) -> None:
    reply = {"id": "http://example.org/anno3", "type": "Annotation", "bodyValue": "Agreed.", **answer}
    (parcel,) = read([reply, SINGLE])
    (remark,) = parcel.remarks
    assert [found.note for found in remark.replies] == ["Agreed."]


def test_answers_that_go_round_in_a_circle_lose_nothing() -> None:
    def item(key: str, other: str) -> dict[str, Any]:
        return {"id": key, "type": "Annotation", "bodyValue": key, "motivation": "replying", "target": other}

    found = read({"type": "AnnotationPage", "items": [item("a", "b"), item("b", "a"), item("c", "c")]})
    said = [part.note for parcel in found for remark in parcel.remarks for part in (remark, *remark.replies)]
    assert sorted(said) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "is not whole JSON"),
        (b"\xff\xfe{}", "not text in UTF-8"),
        (b'{"type": "Person"}', "holds no W3C annotations"),
        (b"[" * 5000, "levels deep"),
        (b"PK\x03\x04", "notes.json"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_cause(data: bytes, said: str) -> None:
    with pytest.raises(MargentError, match=r"notes\.json") as caught:
        webannotation.read(data, "notes.json")
    assert said in str(caught.value)


hexes = st.uuids().map(lambda value: value.hex)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)
lines = words.map(lambda value: " ".join(value.split()))
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - given a zone next
    lambda value: value.replace(microsecond=value.microsecond // 1000 * 1000, tzinfo=UTC)
)


def canonical_text(value: str) -> str:
    return canonical(value).strip()


notes = words.map(canonical_text)
names = lines.map(canonical_text).map(lambda value: " ".join(value.split()))


@st.composite
def remarks(draw: st.DrawFn, depth: int = 1) -> Remark:
    exact = draw(notes) if depth else ""
    replies = draw(st.lists(remarks(depth=0), max_size=2)) if depth else []
    start = draw(st.integers(0, 10**6))
    return Remark(
        id=draw(hexes),
        exact=exact,
        prefix=draw(notes) if exact else "",
        suffix=draw(notes) if exact else "",
        start=start if depth else None,
        end=start + 5 if depth else None,
        note=draw(notes.filter(bool)) if not depth else draw(notes),
        author=draw(names),
        created=draw(times),
        modified=draw(times),
        kind=draw(st.sampled_from(KINDS)) if depth else "note",
        colour=draw(st.sampled_from(COLOURS)) if depth else "yellow",
        style=draw(st.sampled_from(STYLES)) if depth else "highlight",
        themes=tuple(dict.fromkeys(draw(st.lists(names.filter(bool), max_size=3)))) if depth else (),
        private=draw(st.booleans()),
        done=draw(st.booleans()),
        chapter=draw(names) if depth else "",
        page=draw(names) if depth else "",
        replies=tuple(replies),
    )


def plain(remark: Remark) -> Remark:
    return replace(remark, foreign="", replies=tuple(plain(reply) for reply in remark.replies))


@pytest.mark.parametrize("form", ["collection", "set", "archive"])
@given(given=st.lists(remarks(), min_size=1, max_size=4, unique_by=lambda remark: remark.id))
def test_what_goes_out_comes_back(form: str, given: list[Remark]) -> None:
    parcel = Parcel("Margent", "A brief", ("Ana",), "https://x.org/brief", tuple(given))
    if form == "collection":
        data = webannotation.write([parcel])
    elif form == "set":
        data = webannotation.write_set(parcel)
    else:
        data = webannotation.write_archives([parcel])
    (back,) = webannotation.read(data, "a.json")
    every = [part.id for remark in given for part in (remark, *remark.replies)]
    if len(set(every)) == len(every):
        assert [plain(remark) for remark in back.remarks] == [plain(remark) for remark in given]
        assert (back.title, back.source) == ("A brief", "https://x.org/brief")


def test_the_same_input_gives_the_same_bytes() -> None:
    parcel = Parcel("Margent", "A", remarks=(Remark(id="0" * 32, exact="words", note="n", created=NOON),))
    for write in (lambda: webannotation.write([parcel]), lambda: webannotation.write_archives([parcel])):
        assert write() == write()


def test_plain_web_annotation_programs_find_body_and_target_where_the_recommendation_has_them() -> None:
    remark = Remark(id="0" * 31 + "1", exact="words", note="Ask.", themes=("Trade",), start=1, end=6, created=NOON)
    value = json.loads(webannotation.write([Parcel("Margent", "A", source="https://x.org", remarks=(remark,))]))
    assert value["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    (item,) = value["first"]["items"]
    assert item["target"] == {
        "source": "https://x.org",
        "selector": [
            {"type": "TextQuoteSelector", "exact": "words", "prefix": "", "suffix": ""},
            {"type": "TextPositionSelector", "start": 1, "end": 6},
        ],
    }
    assert item["body"][0] == {
        "type": "TextualBody", "purpose": "commenting", "format": "text/markdown", "value": "Ask.",
    }  # fmt: skip
    assert item["created"] == "2026-11-24T12:00:00.000Z"


KEYS = [
    "type",
    "id",
    "items",
    "first",
    "next",
    "body",
    "target",
    "selector",
    "value",
    "tags",
    "creator",
    "motivation",
    "about",
    "dc:title",
    "refinedBy",
    "exact",
    "start",
    "purpose",
    "name",
    "label",
]
json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | words,
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(KEYS),
        inner | st.sampled_from(["Annotation", "AnnotationPage", "AnnotationSet", "TextualBody", "TextQuoteSelector"]),
        max_size=6,
    ),
    max_leaves=30,
)  # fmt: skip


@given(value=json_values)
def test_anything_else_is_refused_with_a_sentence_or_read(value: Any) -> None:
    try:
        found = read(value)
    except MargentError as error:
        assert "notes.json" in str(error)  # noqa: PT017 - either way is right
    else:
        assert all(isinstance(parcel, Parcel) for parcel in found)


# -- by the published rules -------------------------------------------------------------------------------------------

IRI = re.compile(r"(?:https?://\S+|urn:[a-z0-9][a-z0-9-]{1,31}:\S+)$")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$")
MOTIVATIONS = {
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying",
    "linking", "moderating", "questioning", "replying", "tagging",
}  # fmt: skip
SENT = Parcel(
    "Margent",
    "Access brief",
    ("Policy unit", "Other unit"),
    "urn:margent:0123456789abcdef0123456789abcdef",
    (
        Remark(id="1" * 32, exact="су 🌊", prefix="", suffix=" жол", start=0, end=4, note="*Why?* 1. `x`", author="Ана",
               created=NOON, modified=NOON, colour="pink", style="underline", themes=("Су", "Water"), kind="question",
               done=True, chapter="Roads", page="iv", progress=0.25,
               replies=(Remark(id="2" * 32, note="So.", author="", created=NOON, modified=NOON),)),
        Remark(id="3" * 32, exact="plain", start=7, end=12, created=NOON, modified=NOON),
        Remark(id="4" * 32, note="On all of it.", author="Ана", created=NOON, modified=NOON),
    ),
)  # fmt: skip


def assert_annotation(item: dict[str, Any]) -> None:
    """What the recommendation asks of every annotation."""
    assert IRI.match(item["id"])
    assert item["type"] == "Annotation"
    assert item["motivation"] in MOTIVATIONS
    assert TIME.match(item["created"])
    assert TIME.match(item["modified"])
    targets = [item["target"]]
    assert all(IRI.match(target if isinstance(target, str) else target["source"]) for target in targets)
    for selector in [one for target in targets if isinstance(target, dict) for one in target.get("selector", ())]:
        if selector["type"] == "TextQuoteSelector":
            assert selector.keys() == {"type", "exact", "prefix", "suffix"}
            assert selector["exact"]
        elif selector["type"] == "TextPositionSelector":
            assert 0 <= selector["start"] < selector["end"]
    if "creator" in item:
        assert IRI.match(item["creator"]["id"])
        assert item["creator"]["type"] == "Person"
        assert item["creator"]["name"]
    strange = {name for name in item if ":" in name and name.split(":")[0] != "margent"}
    assert not strange


def test_a_collection_is_as_the_recommendation_asks() -> None:
    value = json.loads(webannotation.write([SENT]))
    assert value["@context"] == ["http://www.w3.org/ns/anno.jsonld", {"margent": "urn:margent:terms:"}]
    page = value["first"]
    assert (value["type"], page["type"], page["partOf"]) == ("AnnotationCollection", "AnnotationPage", value["id"])
    assert IRI.match(value["id"])
    assert IRI.match(page["id"])
    assert value["total"] == len(page["items"]) == 4
    for item in page["items"]:
        assert_annotation(item)
        bodies = item.get("body", [])
        for body in bodies if isinstance(bodies, list) else [bodies]:
            assert body["type"] == "TextualBody"
            assert isinstance(body["value"], str)
            assert body["purpose"] in MOTIVATIONS
    assert len({item["id"] for item in page["items"]}) == 4


def assert_set(value: dict[str, Any]) -> None:
    """What the profile for books asks of a set and of its annotations."""
    assert IRI.match(value["id"])
    assert value["type"] == "AnnotationSet"
    assert TIME.match(value["generated"])
    assert value["generator"].keys() >= {"id", "type", "name"}
    assert IRI.match(value["generator"]["id"])
    about = value["about"]
    assert isinstance(about["dc:title"], str)
    assert all(isinstance(about[name], list) for name in ("dc:identifier", "dc:creator"))
    for item in value["items"]:
        assert_annotation(item)
        assert item["motivation"] in {"bookmarking", "commenting", "highlighting"}
        body = item["body"]
        assert (body["type"], body["format"]) == ("TextualBody", "text/plain")
        assert isinstance(body["value"], str)
        assert body.get("color", "yellow") in {"pink", "orange", "yellow", "green", "blue", "purple"}
        assert body.get("highlight", "solid") in {"solid", "underline", "strikethrough", "outline"}
        assert all(isinstance(tag, str) for tag in body.get("tags", ()))
        assert isinstance(item["target"].get("selector", []), list)


def test_a_set_is_as_the_profile_for_books_asks() -> None:
    with zipfile.ZipFile(io.BytesIO(webannotation.write_archives([SENT]))) as archive:
        assert archive.namelist() == ["annotations.json"]
        value = json.loads(archive.read("annotations.json"))
    assert value["@context"][0] == "https://www.w3.org/ns/epub-anno.jsonld"
    assert_set(value)


def test_a_readium_file_is_one_that_thorium_does_not_refuse() -> None:
    value = json.loads(webannotation.write_readium([SENT]))
    assert_set(value)
    assert value["@context"] == "http://www.w3.org/ns/anno.jsonld"
    for item in value["items"]:
        assert item["@context"] == "http://www.w3.org/ns/anno.jsonld"
        assert isinstance(item["target"]["selector"], list)
        assert all(isinstance(one["level"], int) for one in item["target"].get("meta", {}).get("headings", ()))
    first = value["items"][0]
    assert first["body"]["tag"] == "Су"
    assert first["target"]["meta"] == {"headings": [{"level": 1, "txt": "Roads"}], "page": "iv"}
    assert first["target"]["selector"][-1] == {"type": "ProgressionSelector", "value": 0.25}


@pytest.mark.parametrize("form", ["write", "write_archives", "write_readium"])
def test_all_of_it_comes_back(form: str) -> None:
    (back,) = webannotation.parcels(json.loads(webannotation.write([SENT])), "a") if form == "write" else (
        webannotation.read(getattr(webannotation, form)([SENT]), "a")
    )  # fmt: skip
    carried = [replace(one, foreign="", progress=None) for one in back.remarks]
    plain = [replace(one, foreign="") for one in carried[0].replies]
    assert [replace(carried[0], replies=tuple(plain)), *carried[1:]] == [
        replace(one, progress=None) for one in SENT.remarks
    ]
