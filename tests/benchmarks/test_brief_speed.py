"""What an export takes, from the values in memory to the file on disk, against writing the same bytes."""

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from margent.annotations import KINDS, Annotation, DocumentRecord, Theme
from margent.brief.filing import write
from margent.brief.points import gather
from margent.brief.render import brief_of, render
from margent.document import Block, Document, Mark
from margent.reading import Reading

pytestmark = pytest.mark.benchmark

TIME = datetime(2026, 11, 2, tzinfo=UTC)
GOAL = 250
"""Milliseconds for 10,000 annotations on 60,000 words."""


def reading(words: int, annotations: int) -> Reading:
    """A text of made-up words, a heading every twenty paragraphs, with highlights of 8 to 80 characters anywhere."""
    chance = random.Random(words)
    known = ["".join(chance.choices("aeiounrstlmdk", k=chance.randint(2, 10))) for _ in range(5000)]
    blocks: list[Block] = []
    while words > 0:
        count = min(words, chance.randint(40, 110))
        words -= count
        if len(blocks) % 20 == 0:
            blocks.append(Block("heading", f"{len(blocks) // 20 + 1}. Section", level=2))
        marks = (Mark("strong", 0, 9), Mark("link", 20, 29, "https://example.org")) if len(blocks) % 5 == 0 else ()
        blocks.append(Block("paragraph", " ".join(chance.choices(known, k=count)).capitalize() + "—", marks))
    document = Document("Prose", tuple(blocks))
    text = document.text
    made = []
    for number in range(annotations):
        start = chance.randrange(len(text) - 80)
        end = start + chance.randint(8, 80)
        made.append(
            Annotation(
                id=f"{number:032x}",
                document="d",
                revision="r",
                start=start,
                end=end,
                exact=text[start:end],
                prefix=text[max(0, start - 128) : start],
                suffix=text[end : end + 128],
                kind=KINDS[number % 4],
                note="" if number % 3 else "A note of *some* words, as people type them; it says (two) things.",
                themes=(f"t{number % 8}",) if number % 2 else (),
                created=TIME,
                modified=TIME,
            )
        )
    themes = [Theme(id=f"t{number}", name=f"Theme {number} & more") for number in range(8)]
    return Reading(DocumentRecord(id="d", revision="r", title="Prose"), document, annotations=made, themes=themes)


def milliseconds(action: Callable[[], object], times: int = 7) -> float:
    """Of the processor, the least of several times: a busy machine and a slow disk are not what is measured."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        action()
        taken.append(time.process_time() - begun)
    return 1000 * min(taken)


@pytest.fixture(scope="module")
def long() -> Reading:
    return reading(60_000, 10_000)


@pytest.mark.parametrize("template", ["meeting", "theme", "order", "whole"])
def test_ten_thousand_annotations_are_on_disk_in_no_time(template: str, long: Reading, tmp_path: Path) -> None:
    path = tmp_path / "brief.md"

    def export() -> None:
        path.unlink(missing_ok=True)
        write(path, render(brief_of(long), template))

    export()
    text = path.read_text("utf-8")
    lines = text.split("\n")

    def floor() -> None:
        with (tmp_path / "floor.md").open("w", encoding="utf-8", newline="\n") as file:
            file.write("".join([f"{line}\n" for line in lines]))
            file.flush()
            os.fsync(file.fileno())

    taken, least = milliseconds(export), milliseconds(floor)
    print(f"\n{template}: {taken:.0f} ms (goal {GOAL}), {taken / least:.1f} times writing {len(text):,} characters")
    assert text.count("<!-- margent:") >= 10_000


def test_gathering_points_takes_little_of_it(long: Reading) -> None:
    taken = milliseconds(lambda: gather(long))
    floor = milliseconds(lambda: [long.document.text[a.start : a.end] for a in long.in_order()])
    print(f"\ngather: {taken:.0f} ms, {taken / floor:.1f} times cutting the words out")
    assert len(gather(long)) == 10_000
