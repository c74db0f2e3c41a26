"""Scrolling, opening and changing a million words with 10,000 marks, against drawing bare QTextLayouts.

The floor is measured in the same run: as many lines as the view holds, laid out before, drawn by QTextLayout.draw
onto the same widget's image. Limits are those of the design: a frame of 8 ms, a repaint after adding a mark of
16 ms, 30 ms to take a document over, and no pause of 100 ms anywhere.
"""

import random
from collections.abc import Callable
from time import perf_counter

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from margent import edits
from margent.annotations import COLOURS, Annotation, DocumentRecord, Passage, Theme
from margent.document import Block, Document
from margent.reading import Reading
from margent.ui.page import Flow, Typography
from margent.ui.reader import Reader
from margent.ui.style import Style

pytestmark = pytest.mark.benchmark

_WORDS = (
    "the of union trade energy partnership agreement policy and in supply regional stability which investment a to "
    "governance minerals between Europe Asia has come see part answer security offer rule law better administration"
)
VOCABULARY = _WORDS.split()
BLOCKS = 14_000
MARKS = 10_000


def milliseconds(act: Callable[[], object]) -> float:
    begun = perf_counter()
    act()
    return (perf_counter() - begun) * 1000


def share(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


@pytest.fixture(scope="module")
def style(qapp: QApplication) -> Style:
    return Style(qapp, "light")


@pytest.fixture(scope="module")
def document() -> Document:
    chance = random.Random(1)
    blocks = []
    for number in range(BLOCKS):
        if number % 20 == 0:
            words = chance.choices(VOCABULARY, k=5)
            blocks.append(Block("heading", " ".join(words).capitalize(), level=2 if number else 1))
        else:
            words = chance.choices(VOCABULARY, k=chance.randrange(30, 122))
            blocks.append(Block("paragraph", " ".join(words).capitalize() + "."))
    return Document("A long one", tuple(blocks))


@pytest.fixture(scope="module")
def reading(document: Document) -> Reading:
    chance = random.Random(2)
    step = len(document.text) // MARKS
    marks = []
    for number in range(MARKS):
        start = number * step + chance.randrange(100)
        end = start + chance.randrange(10, 220)
        kind = {"colour": COLOURS[number % 5], "style": "underline" if number % 7 == 0 else "highlight"}
        marks.append(
            Annotation(id=f"a{number}", document="d", revision="r", start=start, end=end, exact="", **kind)  # type: ignore[arg-type]
        )
    themes = [Theme(id=f"t{number}", name=f"Theme {number}") for number in range(6)]
    passages = []
    for number in range(0, BLOCKS, 7):
        start, end = document.span_of(number)
        key = f"p{number}"
        passages.append(Passage(id=key, theme=f"t{number % 6}", document="d", revision="r", start=start, end=end))
    record = DocumentRecord(id="d", revision="r", title="A long one")
    return Reading(record, document, annotations=marks, themes=themes, passages=passages)


@pytest.fixture
def reader(style: Style, reading: Reading, qapp: QApplication) -> Reader:
    reader = Reader(style, Typography())
    reader.resize(1140, 840)
    reader.show()
    reader.open(reading)
    for _ in range(20):
        qapp.processEvents()
    return reader


def floor(style: Style, reader: Reader) -> float:
    """Milliseconds to draw a screen of text, and nothing else."""
    height, flows = 0, []
    words = " ".join(VOCABULARY * 3)
    while height < 840:
        flow = Flow(words, 0, style.text_font(18))
        flow.y = height
        height += flow.lay(reader._view.column_width, reader._view.line_height)
        flows.append(flow)
    image = QImage(1140, 840, QImage.Format.Format_RGB32)

    def draw() -> None:
        painter = QPainter(image)
        painter.fillRect(image.rect(), style.colour("page"))
        for flow in flows:
            flow.layout.draw(painter, QPointF(280, flow.y))
        painter.end()

    return share([milliseconds(draw) for _ in range(30)], 0.5)


def report(name: str, found: float, base: float, limit: float) -> None:
    print(f"{name}: {found:.2f} ms, {found / base:.1f} × floor ({base:.2f} ms), limit {limit:.0f} ms")
    assert found <= limit


def test_opening(style: Style, reading: Reading, reader: Reader, document: Document) -> None:
    base = floor(style, reader)
    small = Document("", document.blocks[:9])
    brief = Reading(DocumentRecord(id="s", revision="r", title=""), small)

    def shown(value: Reading) -> float:
        reader.open(None)
        return milliseconds(lambda: (reader.open(value), reader.viewport().repaint()))

    report("opening 600 words, painted", share([shown(brief) for _ in range(9)], 0.5), base, 15)
    report("opening 1,000,000 words, painted", share([shown(reading) for _ in range(9)], 0.5), base, 30)


def test_scrolling(style: Style, reader: Reader) -> None:
    base = floor(style, reader)

    def frame() -> None:
        reader.scroll_by(60)
        reader.viewport().repaint()

    times = [milliseconds(frame) for _ in range(400)]
    report("a frame of scrolling, p50", share(times, 0.5), base, 8)
    report("a frame of scrolling, p95", share(times, 0.95), base, 8)
    report("a frame of scrolling, worst", max(times), base, 100)


def test_jumping(style: Style, reader: Reader) -> None:
    base = floor(style, reader)
    chance = random.Random(3)
    bar = reader.verticalScrollBar()

    def jump() -> None:
        bar.setValue(chance.randrange(bar.maximum()))
        reader.viewport().repaint()

    times = [milliseconds(jump) for _ in range(100)]
    report("a jump by the scroll bar, p95", share(times, 0.95), base, 100)
    report("to the end", milliseconds(lambda: (reader.scroll_to_end(), reader.viewport().repaint())), base, 100)


def test_adding_a_mark(style: Style, reading: Reading, reader: Reader, document: Document) -> None:
    base = floor(style, reader)
    reader.scroll_to(document.starts[BLOCKS // 2], "top")
    start, _ = document.span_of(BLOCKS // 2 + 1)

    def add(number: int) -> None:
        change = edits.annotate(reading.record, document.text, start + number, start + number + 40)
        reading.apply(change)
        reader.refresh(change)
        reader.viewport().repaint()

    times = [milliseconds(lambda n=number: add(n)) for number in range(40)]  # type: ignore[misc]
    report("adding a mark, painted, p95", share(times, 0.95), base, 16)


def test_changing_everything(style: Style, reader: Reader, document: Document) -> None:
    base = floor(style, reader)
    reader.scroll_to(len(document.text) // 2, "top")
    sizes = [18, 19, 20, 24, 18]
    times = [
        milliseconds(lambda s=size: (reader.set_typography(Typography(size=s)), reader.viewport().repaint()))  # type: ignore[misc]
        for size in sizes
    ]
    report("another size of text, worst", max(times), base, 100)
    times = [
        milliseconds(lambda w=width: (reader.resize(w, 840), reader.viewport().repaint()))  # type: ignore[misc]
        for width in (620, 600, 580, 1140)
    ]
    report("another width of column, worst", max(times), base, 100)
    report("showing a theme", milliseconds(lambda: (reader.set_theme("t1"), reader.viewport().repaint())), base, 100)


def test_a_thicket_of_marks(style: Style, reader: Reader, document: Document) -> None:
    """Every mark overlaps the next, and one covers all of the text."""
    base = floor(style, reader)
    step = len(document.text) // MARKS
    spans = [(number * step, number * step + step + 300) for number in range(MARKS)] + [(0, len(document.text))]
    marks = [
        Annotation(id=f"a{number}", document="d", revision="r", start=start, end=end, exact="")
        for number, (start, end) in enumerate(spans)
    ]
    reader.open(Reading(DocumentRecord(id="d", revision="r", title=""), document, annotations=marks))
    reader.scroll_to(len(document.text) // 2, "top")

    def frame() -> None:
        reader.scroll_by(60)
        reader.viewport().repaint()

    report("a frame in a thicket, p95", share([milliseconds(frame) for _ in range(60)], 0.95), base, 33)
