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
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from margent import edits
from margent.annotations import COLOURS, KINDS, Annotation, Change
from margent.document import Block, Document
from margent.library.store import Library

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]

DOCUMENTS, NOTES = 10_000, 10
_COMMON = {
    "en": "the of and to in a that is for on with as are by from at this be or which an it was will have more than its",
    "ru": "и в не на что с по это как из для от его к но их мы она они был при также который году",
    "kk": "және мен бұл үшін бар деп бір да де еді осы сол болып қазақ елі ол жыл туралы",
}
_TOPICS = {
    "en": "energy policy trade agreement fund reform union water kazakhstan question tax ferry",
    "ru": "энергия политика торговля реформа союз вода казахстан вопрос налог",
    "kk": "энергия саясат сауда реформа одақ су қазақстан сұрақ салық өкілдер",
}
_LETTERS = {
    "en": "etaoinshrdlucmfwypvbgkjqxz",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф",
    "kk": "аеынтілрдқсомкбушжйпүғгөяңзәұи",
}
_THEMES = ["Energy security", "Trade", "Law and order", "Water policy", "Tax", "Reform agenda", "Budget", "Climate"]
_AUTHORS = ["A. Novak", "Zhao Wei", "B. Omarr", "Айгүл Серікқызы"]
_TYPED = {
    "common words": ["the", "energy", "policy", "of the", "water"],
    "rare words": ["kazakhstan", "oilntas", "utniose", "reform"],
    "two and three words": [
        "energy of the union", "trade agreement", "tax ferry", "and of to in a", "policy fund water reform"
    ],
    "beginnings": ["th", "po", "pol", "ener", "t", "a k", "tr ag"],
    "phrases": ['"of the" energy', '"trade agreement"', '"the policy of"'],
    "without": ["kazakhstan -water", "energy -the", "the -energy -policy"],
    "theme:": ["theme:trade", "theme:trade energy", "theme:energy the", "theme:law"],
    "kind: colour:": ["kind:question fund", "kind:action", "colour:pink reform", "kind:question colour:blue the"],
    "author:": ["author:novak", "author:novak trade", "author:zhao the"],
    "in:": ["in:notes polic", "in:text energy", "in:quotes the union", "in:titles trade", "in:notes the"],
    "dates": [
        "after:2026-06 the", "after:2024-11 energy", "before:2024-02 the policy", "after:2026-10", "before:2024",
        "after:2026-10 before:2026-11 the", "after:7d energy", "in:notes after:2026-01 policy",
    ],
    "Kazakh, Russian": ["қазақстан", "казахстан вопрос", "саясат және", "реформа союза", "энергия", "мен бұл"],
    "nothing": ["zzxqj", "energie policz", "kazahkstan", "xyzzy the", "пывр", "“unbalanced", "qqqq wwww eeee"],
}  # fmt: skip
"""What is typed, letter by letter."""
_BEGINS = datetime(2023, 11, 1, tzinfo=UTC)
_DAYS = 1_100


class Words:
    """Made-up words of a language as often as words are used (Zipf), some known ones among them."""

    def __init__(self, language: str) -> None:
        self._chance = random.Random(7)
        letters = _LETTERS[language]
        known = [*_COMMON[language].split(), *_TOPICS[language].split()]
        while len(known) < 40_000:
            known.append("".join(self._chance.choices(letters, range(len(letters), 0, -1), k=7)))
        self._known = known
        self._weights = list(itertools.accumulate(1 / (place + 8) for place in range(len(known))))

    def text(self, count: int) -> str:
        return " ".join(self._chance.choices(self._known, cum_weights=self._weights, k=count))


def fill(library: Library) -> None:
    """Documents in three languages that came in over three years, each with notes of the month after."""
    chance, words = random.Random(3), {language: Words(language) for language in _COMMON}
    made: dict[str, Any] = {}
    for name in _THEMES:
        made |= library.apply(edits.new_theme(name, "teal")).after
    themes = list(made)
    for number in range(DOCUMENTS):
        language = chance.choices(list(words), [80, 12, 8])[0]
        said = words[language]
        blocks = tuple(Block("paragraph", said.text(60).capitalize() + ".") for _ in range(10))
        title, authors = said.text(5).capitalize(), (chance.choice(_AUTHORS),)
        when = _BEGINS + timedelta(days=_DAYS * number / DOCUMENTS)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(library, "_moment", lambda when=when: when)
            document = Document(title, blocks, language=language, authors=authors)
            record = library.add_document(document, origin="x", original=str(number).encode())
        made = {}
        for start in range(0, 300 * NOTES, 300):
            change = edits.annotate(
                record, document.text, start, start + 90, note=said.text(18), kind=chance.choice(KINDS),
                colour=chance.choice(COLOURS), themes=chance.sample(themes, chance.choice([0, 0, 1, 2])),
                author=chance.choice(_AUTHORS),
            )  # fmt: skip
            for key, value in change.after.items():
                assert isinstance(value, Annotation)
                made[key] = replace(value, created=when + timedelta(days=30 * chance.random()))
        library.apply(Change("x", dict.fromkeys(made), made))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with closing(Library.open(tmp_path_factory.mktemp("search"))) as opened:
        driver: Any = opened._writer.connection.driver_connection
        driver.execute("PRAGMA synchronous = OFF")
        begun = time.process_time()
        fill(opened)
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


@pytest.mark.parametrize(("limit", "floors"), [(20, 51), (50, 68)])
def test_what_is_found_while_it_is_typed(library: Library, limit: int, floors: int) -> None:
    revisions = [record.revision for record in library.records()[:50]]
    query = "SELECT text FROM revision WHERE id = ?"
    with library._reading() as connection:
        driver: Any = connection.connection.driver_connection
        floor = milliseconds(lambda: [driver.execute(query, (key,)).fetchone()[0].lower() for key in revisions], 20)
    library.search("warm")
    every: list[float] = []
    print(f"\n{'at limit ' + str(limit):22} keys  median     p95  at most")
    for kind, phrases in _TYPED.items():
        typed = [phrase[:count] for phrase in phrases for count in range(1, len(phrase) + 1)]
        taken = [milliseconds(lambda text=text: library.search(text, limit)) for text in typed]  # type: ignore[misc]
        every += taken
        print(f"{kind:22} {_told(taken)}")
    late = statistics.quantiles(every, n=20)[-1]
    print(f"{'all':22} {_told(every)} ms; the p95 is {late / floor:.0f} floors of {floor:.2f} ms")
    assert late <= floors * floor


def _told(taken: list[float]) -> str:
    late = statistics.quantiles(taken, n=20)[-1]
    return f"{len(taken):4} {statistics.median(taken):7.1f} {late:7.1f} {max(taken):8.1f}"


def test_the_rows_of_the_library_view(library: Library) -> None:
    rows, records = milliseconds(library.shelf), milliseconds(library.records)
    print(f"\n{DOCUMENTS} documents: records {records:.0f} ms, the shelf with its counts {rows:.0f} ms")
    assert records < 150
    assert rows < 300
