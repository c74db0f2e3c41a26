"""What is felt at each key typed into the search field, over ten thousand documents and a hundred thousand notes.

The floor is fifty texts of 600 words read by their row and lower-cased: what showing one in each document found costs
without any search.
"""

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from margent import edits
from margent.annotations import COLOURS, KINDS, Change
from margent.document import Block, Document
from margent.library.store import Library

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]

DOCUMENTS, NOTES = 10_000, 10
_COMMON = "the of and to in a that is for on with as are by from at this be or which an it was will have more than its"
_TYPED = [
    "energy of the union", "the", "trade agreement", "in:notes polic", "kind:question fund", '"of the" energy',
    "colour:pink reform", "author:novak trade", "kazakhstan -water", "and of to in a",
]  # fmt: skip


class Words:
    """Made-up words as often as words are used (Zipf), some known ones among them."""

    def __init__(self) -> None:
        self._chance = random.Random(7)
        topics = "energy policy trade agreement fund reform union water kazakhstan question"
        known = [*_COMMON.split(), *topics.split()]
        while len(known) < 40_000:
            known.append("".join(self._chance.choices("etaoinshrdlucmfwypvbgkjqxz", range(26, 0, -1), k=7)))
        self._known = known
        self._weights = list(itertools.accumulate(1 / (place + 8) for place in range(len(known))))

    def text(self, count: int) -> str:
        return " ".join(self._chance.choices(self._known, cum_weights=self._weights, k=count))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    words, chance = Words(), random.Random(3)
    with closing(Library.open(tmp_path_factory.mktemp("search"))) as opened:
        driver: Any = opened._writer.connection.driver_connection
        driver.execute("PRAGMA synchronous = OFF")
        begun = time.process_time()
        for number in range(DOCUMENTS):
            blocks = tuple(Block("paragraph", words.text(60).capitalize() + ".") for _ in range(10))
            document = Document(words.text(5).capitalize(), blocks, language="en", authors=("A. Novak",))
            record = opened.add_document(document, origin="x", original=str(number).encode())
            made: dict[str, Any] = {}
            for start in range(0, 300 * NOTES, 300):
                kind, colour = chance.choice(KINDS), chance.choice(COLOURS)
                change = edits.annotate(
                    record, document.text, start, start + 90, note=words.text(18), kind=kind, colour=colour
                )
                made.update(change.after)
            opened.apply(Change("x", dict.fromkeys(made), made))
        each = 1000 * (time.process_time() - begun) / DOCUMENTS
        print(f"\n{each:.1f} ms to bring in a document with {NOTES} notes, its making included", end="")
        yield opened


def milliseconds(action: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        begun = time.process_time()
        action()
        taken.append(time.process_time() - begun)
    return 1000 * min(taken)


def test_what_is_found_while_it_is_typed(library: Library) -> None:
    revisions = [record.revision for record in library.records()[:50]]
    query = "SELECT text FROM revision WHERE id = ?"
    with library._reading() as connection:
        driver: Any = connection.connection.driver_connection
        floor = milliseconds(lambda: [driver.execute(query, (key,)).fetchone()[0].lower() for key in revisions], 20)
    library.search("warm")
    typed = [phrase[:count] for phrase in _TYPED for count in range(1, len(phrase) + 1)]
    taken = [milliseconds(lambda text=text: library.search(text, 20)) for text in typed]  # type: ignore[misc]
    late = statistics.quantiles(taken, n=20)[-1]
    print(
        f"\nfloor {floor:.2f} ms; a key {statistics.median(taken):.1f}, p95 {late:.1f}, at most {max(taken):.1f} ms; "
        f"the p95 is {late / floor:.0f} floors"
    )
    assert late <= 80 * floor


def test_the_rows_of_the_library_view(library: Library) -> None:
    rows, records = milliseconds(library.shelf), milliseconds(library.records)
    print(f"\n{DOCUMENTS} documents: records {records:.0f} ms, the shelf with its counts {rows:.0f} ms")
    assert records < 150
    assert rows < 300
