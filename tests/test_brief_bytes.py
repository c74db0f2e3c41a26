"""A large brief of every kind of block and annotation, byte for byte: what a faster way of writing may not change.

A colleague's file, exported by an earlier Margent, is recognised by check sums of what was written. So a change of
these digests is a change of the format; it needs a reason, and a look at what happens to files that are there already.
"""

import hashlib
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from margent.annotations import COLOURS, KINDS, STYLES, Annotation, DocumentRecord, Theme
from margent.brief.keeping import kept
from margent.brief.render import brief_of, render
from margent.document import Block, Document, Mark
from margent.reading import Reading

TIME = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
NOTES = (
    "",
    "",
    "A plain note of one line.",
    "Two paragraphs.\n\nThe second has *stress* and `code`.",
    "# A heading\n\n- one\n- two\n  - three",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "```python\nprint('--> x')\n\n\n\nprint()\n```",
    "<b>HTML</b> and [a link](https://example.org) and [^1] %% $$",
    "  1. first\n  2. second\n\nEnd -->",
    "Қазақша жазба — with dashes",
    "- [ ] a box\n- [x] another",
    "> said by another\n\nand answered",
)
NAMES = ("Financing", "Data & privacy", "Who pays?", "2024*", "`grids`", "Қаржы", "[open] points", "A_b_c", "x")


def _blocks(chance: random.Random) -> list[Block]:
    known = ["".join(chance.choices("aeiounrstlmdk", k=chance.randint(2, 10))) for _ in range(800)]
    odd = ("*", "_so_", "[1]", "a<b", "5%", "`x", "&amp;", "$5", "|", "#", "==", "1.", "Жер", "~")

    def words(count: int) -> str:
        return " ".join(chance.choice(odd) if chance.random() < 0.06 else chance.choice(known) for _ in range(count))

    def marks(text: str) -> tuple[Mark, ...]:
        places = sorted(chance.randrange(len(text)) for _ in range(4))
        kinds = chance.sample(("strong", "emphasis", "link", "code", "superscript"), 2)
        return tuple(
            Mark(kind, start, end, "https://example.org/a_b" if kind == "link" else "")
            for kind, start, end in zip(kinds, places[::2], places[1::2], strict=True)
            if start < end
        )

    made = [Block("heading", "A brief of everything", level=1)]
    for number in range(400):
        if number % 17 == 0:
            made.append(Block("heading", f"{number}. {words(4)}", level=2 + number // 17 % 3, target=f"h{number}"))
        text = words(chance.randint(12, 90))
        match number % 9:
            case 2:
                made += [Block("item", words(9), level=1, ordered=True, number=n + 1) for n in range(3)]
            case 3:
                made += [Block("item", words(9), level=1 + n % 2, checked=None if n else True) for n in range(4)]
            case 4:
                made.append(Block("quotation", text, quote=1))
            case 5:
                rows = "\n".join("\t".join(words(3) for _ in range(3)) for _ in range(4))
                made.append(Block("table", rows, align=("left", "right", "center"), heading_row=number % 2 == 0))
            case 6 if number % 4 == 0:
                made.append(Block("code", "for x in y:\n    print(x)\n\n\n```\nend", target="python"))
            case 7 if number % 8 == 0:
                made += [Block("rule"), Block("picture", words(5))]
            case _:
                note = (Mark("noteref", len(text) - 1, len(text), f"n{number}"),) if number % 23 == 0 else ()
                made.append(Block("paragraph", text, tuple(sorted({*marks(text), *note}, key=lambda m: m.start))))
    made += [Block("footnote", words(12), target=f"n{number}") for number in range(0, 400, 23)]
    return made


def everything(annotations: int = 2000) -> Reading:
    """A reading with all that a brief can meet, the same on every computer."""
    chance = random.Random(20261102)
    document = Document("A brief of everything", tuple(_blocks(chance)))
    text = document.text
    made = []
    for number in range(annotations):
        start = chance.randrange(len(text) - 400)
        end = start + chance.choice((3, 20, 60, 60, 60, 350))
        moment = TIME + timedelta(minutes=number)
        parent = Annotation(
            id=f"{number:032x}",
            document="d",
            revision="r",
            start=start,
            end=end,
            exact="other words" if number % 41 == 0 else text[start:end],
            prefix=text[max(0, start - 128) : start],
            suffix=text[end : end + 128],
            state="orphaned" if number % 101 == 0 else "moved" if number % 41 == 0 else "placed",
            colour=COLOURS[number % 5],
            style=STYLES[number % 7 == 0],
            kind=KINDS[number % 4],
            note=NOTES[number % len(NOTES)],
            private=number % 37 == 0,
            done=number % 3 == 0,
            author=("", "Ana", "B*o*b")[number % 3],
            themes=tuple(dict.fromkeys(f"t{chance.randrange(9)}" for _ in range(number % 4))),
            created=moment,
            modified=moment,
        )
        made.append(parent)
        if number % 13 == 0:
            made.append(
                replace(
                    parent,
                    id=f"r{number:031x}",
                    parent=parent.id,
                    note=NOTES[number % 11 + 1],
                    author="Cem",
                    private=number % 26 == 0,
                )
            )
    themes = [Theme(id=f"t{number}", name=name) for number, name in enumerate(NAMES)]
    record = DocumentRecord(
        id="d", revision="r", title="A brief of everything", authors=("Ana B.", "C. D."), date="2026-10-01",
        source="https://example.org/brief", language="en", summary="All -- of it",
    )  # fmt: skip
    return Reading(record, document, annotations=made, themes=themes)


@pytest.fixture(scope="module")
def large() -> Reading:
    return everything()


DIGESTS = {
    "meeting": "114de1ad1fd838c2a7e930443b170c3bb930194f8e8862d45e21b77560dcd455",
    "theme": "1b52b29464288961242764bb262cc309a9bc325a292742fad7de35101fc3b663",
    "order": "63830d64610d17cdd7f4fb61e6680587a5eda32b0d5f6dc2b14c0c95687d3cdf",
    "whole": "f83d77b9f28c71e95035b2663d116373deb52781ac669cf1530de85b93bc827b",
}


@pytest.mark.parametrize("template", DIGESTS)
def test_a_large_brief_is_the_same_bytes_in_every_version(template: str, large: Reading) -> None:
    brief = brief_of(large, prepared="2 November 2026", exporter="Ana", include_private=True)
    text = render(brief, template)
    assert hashlib.sha256(text.encode()).hexdigest() == DIGESTS[template]


@pytest.mark.parametrize("template", DIGESTS)
def test_a_large_brief_is_recognised_as_its_own_and_keeps_what_was_added(template: str, large: Reading) -> None:
    text = render(brief_of(large), template)
    assert kept(text, text) == text
    half = text.index("<!-- margent:", len(text) // 2)
    added = f"{text[:half]}\n\nA line by hand.\n\n{text[half:]}"
    again = kept(added, text)
    assert again.count("A line by hand.") == 1
    assert again.replace("A line by hand.", "").split() == text.split()
