"""Walking through passages goes on from where one stands, and round; what is said of one is a Change."""

import pytest

from margent.annotations import DocumentRecord, Passage, Theme
from margent.document import Block, Document
from margent.reading import Reading
from margent.walking import Walk, next_passage, still_at

SPANS = [(100, 150, "given"), (500, 550, "suggested"), (500, 590, "chosen"), (9000, 9100, "chosen")]
ENERGY = Theme(id="energy", name="Energy", words=("oil",))


@pytest.mark.parametrize(
    ("at", "place", "by", "index"),
    [
        (None, 0, 1, 0),
        (None, 100, 1, 0),
        (None, 101, 1, 1),
        (None, 9001, 1, 0),
        (None, 0, -1, 3),
        (None, 501, -1, 2),
        (None, 500, -1, 0),
        ((100, 150), 0, 1, 1),
        ((500, 550), 0, 1, 2),
        ((500, 590), 0, 1, 3),
        ((9000, 9100), 0, 1, 0),
        ((100, 150), 0, -1, 3),
        ((9000, 9100), 0, -1, 2),
        ((500, 590), 0, -1, 1),
        ((200, 210), 0, 1, 1),
        ((200, 210), 0, -1, 0),
    ],
)
def test_a_step_leads_to_the_passage_beside(at: tuple[int, int] | None, place: int, by: int, index: int) -> None:
    assert next_passage(SPANS, at, place, by) == index


@pytest.mark.parametrize(
    ("at", "place", "still"),
    [(100, 0, True), (100, 200, True), (100, 2000, False), (9000, 7000, True), (9000, 0, False)],
)
def test_one_stands_on_a_passage_while_it_may_be_on_the_page(at: int, place: int, still: bool) -> None:
    assert still_at(at, place) is still


def a_walk() -> Walk:
    document = Document("A brief", tuple(Block("paragraph", text) for text in ("Oil here.", "Nothing.", "More oil.")))
    given = Passage(id="p", theme="energy", document="d", revision="r", start=10, end=18, origin="given")
    walk = Walk()
    walk.reading = Reading(
        DocumentRecord(id="d", revision="r", title="A brief"),
        document,
        themes=[ENERGY],
        passages=[given],
        suggest=lambda found, theme: [found.span_of(0), found.span_of(2)] if theme.words else [],
    )
    walk.choose("energy")
    return walk


def apply(walk: Walk, change: object) -> None:
    assert walk.reading is not None
    walk.reading.apply(change)  # type: ignore[arg-type]


def test_one_stands_on_nothing_before_the_first_step() -> None:
    walk = a_walk()
    assert walk.index() == -1
    assert walk.keep() is None
    assert walk.drop() is None
    assert [walk.step(1), walk.step(1), walk.step(-1)] == [(0, 9, "suggested"), (10, 18, "given"), (0, 9, "suggested")]


def test_a_suggestion_that_is_kept_is_stood_on_still() -> None:
    walk = a_walk()
    walk.step(1)
    apply(walk, walk.keep())
    assert walk.spans()[walk.index()] == (0, 9, "chosen")
    assert walk.keep() is None, "what is chosen is not chosen again"


@pytest.mark.parametrize(("steps", "left"), [(1, [(10, 18), (19, 28)]), (2, [(0, 9), (19, 28)])])
def test_what_is_dropped_goes_and_the_walk_goes_on_behind_it(steps: int, left: list[tuple[int, int]]) -> None:
    walk = a_walk()
    for _ in range(steps):
        walk.step(1)
    apply(walk, walk.drop())
    assert [(start, end) for start, end, _ in walk.spans()] == left
    assert walk.index() == -1
    following = walk.step(1)
    assert following is not None
    assert following[:2] == left[steps - 1]


def test_leaving_the_page_ends_the_walk_and_the_next_begins_there() -> None:
    walk = a_walk()
    walk.step(1)
    assert not walk.moved(5)
    assert walk.index() == 0
    assert walk.moved(5000)
    assert walk.index() == -1
    assert not walk.moved(12)
    assert walk.step(1) == (19, 28, "suggested")


def test_without_a_theme_or_a_document_there_is_no_step() -> None:
    walk = Walk()
    assert walk.step(1) is None
    assert walk.spans() == []
    walk = a_walk()
    walk.choose("")
    assert walk.step(-1) is None
