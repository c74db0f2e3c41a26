import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from margent.document import Block, Document, Mark, sorted_marks
from margent.library import rows
from margent.library.blocks import decode, encode

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=30)
TARGET = st.text(st.characters(codec="utf-8"), max_size=8)
ALIGN = st.lists(st.sampled_from(["left", "center", "right"]), max_size=3).map(tuple)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    text = draw(TEXT)
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    kinds = st.sampled_from(["strong", "emphasis", "code", "link", "noteref", "marked"])
    marks = draw(st.lists(st.tuples(kinds, spans, TARGET), max_size=3))
    return Block(
        kind=draw(st.sampled_from(["paragraph", "heading", "item", "code", "table", "picture", "footnote", "rule"])),
        text=text,
        marks=sorted_marks(Mark(kind, start, end, target) for kind, (start, end), target in marks),
        level=draw(st.integers(0, 6)),
        quote=draw(st.integers(0, 2)),
        ordered=draw(st.booleans()),
        number=draw(st.integers(0, 3)),
        checked=draw(st.sampled_from([None, True, False])),
        target=draw(TARGET),
        align=draw(ALIGN),
        heading_row=draw(st.booleans()),
    )


@given(st.lists(blocks() | TEXT.map(lambda text: Block("paragraph", text)), max_size=6))
def test_blocks_come_back_from_their_json(given_blocks: list[Block]) -> None:
    document = Document("", tuple(given_blocks))
    assert decode(json.loads(json.dumps(encode(given_blocks))), document.text) == document.blocks


def test_a_plain_paragraph_is_one_number() -> None:
    assert encode([Block("paragraph", "Öl 🛢"), Block("rule"), Block("heading", "A", level=2)]) == [
        4,
        ["rule", 0],
        ["heading", 1, [], {"level": 2}],
    ]


@pytest.mark.parametrize(
    ("entries", "text", "error"),
    [
        ([3], "four", ValueError),
        ([4, 1], "four", ValueError),
        ([], "four", ValueError),
        ([["verse", 4]], "four", KeyError),
        ([["item", 4, [["blink", 0, 1]]]], "four", KeyError),
        ([["item", 4, [], {"colour": "red"}]], "four", TypeError),
        ([["item"]], "four", ValueError),
        ([None], "four", TypeError),
    ],
)
def test_entries_that_are_no_blocks_of_the_text_are_refused(
    entries: list[object], text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        decode(entries, text)  # type: ignore[arg-type]


def test_a_document_of_nothing() -> None:
    assert decode(encode(()), "") == ()


def test_a_revision_row_gives_its_document_whether_its_lists_are_json_or_not() -> None:
    picture = "ab" * 32
    document = Document(
        "Title", (Block("picture", "A map", target=picture), Block("paragraph", "Words")), pictures={picture: b"png"}
    )
    entries, about = encode(document.blocks), rows.about(document)
    for row in ((document.text, entries, about), (document.text, json.dumps(entries), json.dumps(about))):
        assert rows.document_of(row, lambda keys: dict.fromkeys(keys, b"png")) == document


@pytest.mark.benchmark
def test_a_million_words_are_decoded_quickly() -> None:
    paragraph = "word " * 71
    made = [
        Block(
            "paragraph", paragraph, (Mark("strong", 4, 9), Mark("link", 20, 29, "https://example.org")) * (n % 5 == 0)
        )
        if n % 20
        else Block("heading", f"Section {n}", level=2, target=f"section-{n}")
        for n in range(14_000)
    ]
    document = Document("", tuple(made))
    stored = json.dumps(encode(made))
    best = min(_seconds(lambda: decode(json.loads(stored), document.text)) for _ in range(5))
    print(f"\n{len(made)} blocks, {len(stored) / 1000:.0f} kB: {1000 * best:.1f} ms")
    assert best < 0.06


def _seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun
