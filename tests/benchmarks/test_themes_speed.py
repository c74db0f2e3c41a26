"""Suggesting a theme's blocks in a long text, told as a multiple of splitting that text into words."""

import time

import pytest

from benchmarks.anchoring_score import read
from margent.annotations import Theme
from margent.document import Block, Document
from margent.themes import Matcher

pytestmark = pytest.mark.benchmark

WORDS = (
    "function",
    "value",
    "policy",
    "user",
    "ownership",
    "repository",
    "meeting",
    "error",
    "terms of service",
    "team",
)


@pytest.mark.parametrize(("words", "limit"), [(60_000, 0.15), (1_000_000, 3.0)])
def test_ten_words_are_found_in_a_long_text(words: int, limit: float) -> None:
    prose = "\n".join(document["old"] for document in read("docs.jsonl.gz"))
    text = (prose + "\n") * (1 + words // len(prose.split()))
    text = text[: len(text) * words // len(text.split())]
    document = Document("Prose", tuple(Block("paragraph", line) for line in text.split("\n")), language="en")
    theme = Theme(id="t", name="A theme", words=WORDS)
    Matcher(Document("Warm up", (Block("paragraph", "A value"),), language="en")).suggest(theme)
    begun = time.perf_counter()
    len(text.split())
    floor = time.perf_counter() - begun
    begun = time.perf_counter()
    matcher = Matcher(document)
    spans = matcher.suggest(theme)
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    assert matcher.suggest(theme) == spans
    again = time.perf_counter() - begun
    print(
        f"\n{len(text.split()):,} words, {len(spans):,} blocks: {first:.3f} s with preparation, {first / floor:.0f} × "
        f"splitting ({floor:.3f} s); {again:.3f} s once prepared"
    )
    assert spans
    assert first < limit
