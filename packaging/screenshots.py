"""Take the pictures of the README from the running program.

    uv run python packaging/screenshots.py                     the README's, into packaging/pictures
    uv run python packaging/screenshots.py --all FOLDER        every state, appearance and size, for looking at

Needs no screen: it runs offscreen unless QT_QPA_PLATFORM says otherwise. The library is made afresh in a temporary
folder, so nothing of yours is in the pictures.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TZ", "UTC")

from PySide6.QtWidgets import QApplication, QWidget

from margent import edits
from margent.annotations import Annotation, Change, DocumentRecord
from margent.exchangecommands import packed
from margent.reading import Reading
from margent.settings import Folders, Settings
from margent.ui.app import Program, application

ROOT = Path(__file__).resolve().parents[1]
APPEARANCES = ("light", "sepia", "dark", "contrast")
SIZES = ((1440, 900), (1024, 640))


def wait(program: Program, condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Let the program run until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit("the program did not get there in time")
        program.app.processEvents()
        time.sleep(0.005)


def settle(program: Program, seconds: float = 0.35) -> None:
    """Let timers run and everything be painted."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        program.app.processEvents()
        time.sleep(0.005)


def sentences(reading: Reading) -> list[tuple[int, int]]:
    """The first sentence or so of each paragraph, as something to mark."""
    spans = []
    for index, block in enumerate(reading.document.blocks):
        if block.kind == "paragraph" and len(block.text) > 120:
            start, _ = reading.document.span_of(index)
            stop = block.text.find(",", 40)
            begin = block.text.find(" ", 12) + 1
            spans.append((start + begin, start + (stop if 0 < stop < 150 else block.text.find(" ", 90))))
    return spans


SAMPLE = (
    ("green", "highlight", "action", "Ask which stretch of the rail corridor is meant, and who pays.", "", False),
    (
        "yellow",
        "highlight",
        "question",
        "By how much? We need *last year’s* share of crude imports before the meeting.",
        "",
        False,
    ),
    ("pink", "highlight", "note", "Legal service: cite the agreement’s title here.", "A. Novak", False),
    ("blue", "highlight", "note", "", "", False),
    ("purple", "underline", "position", "We welcome the offer; **no** new budget line.", "", True),
    ("yellow", "highlight", "action", "Check which chapters are in force.", "", False),
)


def annotate(program: Program) -> list[str]:
    """Put sample annotations on the open document; their ids."""
    session = program.session
    reading = session.reading
    assert reading is not None
    ids = []
    for number, (span, sample) in enumerate(zip(sentences(reading), SAMPLE, strict=False)):
        colour, style, kind, note, author, private = sample
        change = edits.annotate(
            reading.record,
            reading.document.text,
            *span,
            colour=colour,
            style=style,
            kind=kind,
            note=note,
            author=author,
            private=private,
            themes=reading.themes_at(*span)[:1],
        )
        (key,) = change.after
        value = change.after[key]
        assert isinstance(value, Annotation)
        early = value.created.replace(hour=8, minute=41) + timedelta(minutes=3 * number)
        session.do(Change(change.label, change.before, {key: replace(value, created=early)}))
        ids.append(key)
    pink = reading.annotations[ids[2]]
    session.do(edits.reply(pink, "Agreed, it is in the brief."))
    session.do(edits.set_done([reading.annotations[ids[5]]], True))
    return ids


def start(folder: Path, appearance: str, size: tuple[int, int]) -> Program:
    """The program with a fresh library, sample annotations and everything built."""
    app = _apps[0] if _apps else application(["margent"])
    _apps[:] = [app]
    settings = replace(Settings(), appearance=appearance, daily_backup=False)
    program = Program(app, Folders(folder / "library", folder / "config"), settings)
    program.session.folders.library.mkdir(parents=True, exist_ok=True)
    program.window.resize(*size)
    program.show()
    wait(program, lambda: program.session.reading is not None and program.session.is_ready)
    settle(program)
    return program


_apps: list[QApplication] = []


def read_state(program: Program) -> None:
    """As in the design: a question in focus, words selected, the bar beside them."""
    ids = annotate(program)
    reading = program.session.reading
    assert reading is not None
    read = program.window.read
    settle(program)
    read.set_current(ids[1])
    theme = reading.annotations[ids[1]].themes
    if theme and read.sidebar is not None:
        read.reader.scroll_to(0, "top")
    settle(program)


def select_words(program: Program) -> None:
    """Select some words, as with the mouse."""
    reading, reader = program.session.reading, program.window.read.reader
    assert reading is not None
    index = next(n for n, b in enumerate(reading.document.blocks) if b.kind == "paragraph" and n > 4)
    begin, _ = reading.document.span_of(index)
    text = reading.document.blocks[index].text
    first = text.find(" ", 60) + 1
    reader.select(begin + first, begin + text.find(" ", first + 24))
    reader.selectionSettled.emit()
    settle(program)


def library_state(program: Program, folder: Path) -> None:
    """As in the design: six documents of as many formats, two collections, themes, highlights and notes."""
    from margent.importing import import_paths  # noqa: PLC0415
    from margent.samples import SAMPLES  # noqa: PLC0415

    annotate(program)
    library = program.session.library
    for title, module, suffix, *_ in DOCUMENTS:
        (folder / f"{title}{suffix}".replace(":", "")).write_bytes(SAMPLES[module](title, " ".join(SENTENCES)))
    report = import_paths(library, [folder / f"{title}{suffix}".replace(":", "") for title, _, suffix, *_ in DOCUMENTS])
    if report.failed or len(report.added) != len(DOCUMENTS):
        sys.exit(f"a document of the picture did not come in: {report.failed or report.known}")
    for added, (title, _, _, marks, progress) in zip(report.added, DOCUMENTS, strict=True):
        mark(program, added.record, marks)
        record = library.record(added.record.id)
        library.set_place(record.id, record.revision, 0, progress)
        if progress:
            library.touch_opened(record.id)
        program.session.do(edits.edit_document(record, title=title))
    assert program.session.reading is not None
    open_now = program.session.reading.record
    library.set_place(open_now.id, open_now.revision, 0, 0.38)
    library.touch_opened(open_now.id)
    for name in ("Council meeting, 2 December", "Background"):
        program.session.do(edits.make_collection(name))
    background, council = library.collections()
    records = [row.record for row in library.shelf()]
    program.session.do(edits.file_documents(records[:3], council))
    program.session.do(edits.file_documents(records[3:5], background))
    program.session.elsewhere.emit()  # some of it was written past the session
    program.window.show_library()
    settle(program, 0.6)


def choose_first(program: Program) -> None:
    """Choose the bundled brief in the library's table, as whoever comes from reading it finds it."""
    reading = program.session.reading
    assert reading is not None
    program.window.library().view.table.choose([reading.record.id])
    settle(program, 0.6)


def exchange_states(program: Program, folder: Path, name: str) -> None:
    """What leaves with a document, and what a colleague's file would change."""
    from margent.exchange import incoming  # noqa: PLC0415
    from margent.ui.senddialog import SendDialog  # noqa: PLC0415
    from margent.ui.takeindialog import TakeInDialog  # noqa: PLC0415

    program.window.show_article()
    reading, library = program.session.reading, program.session.library
    assert reading is not None
    leaving = SendDialog(program.style, reading, "A. Novak", program.window)
    leaving.show()
    settle(program)
    save(leaving, folder / f"send-{name}.png")
    leaving.reject()
    data, _ = packed(library, reading.record, "A. Novak", private=False)
    (one,) = incoming.look(data, "brief.margent", reading.record.created)
    coming = TakeInDialog(program.style, "brief.margent", ((reading.record.id, reading.record.title),), program.window)
    coming.show_new(incoming.rows_if_new(one))
    coming.show()
    settle(program)
    save(coming, folder / f"take-in-{name}.png")
    coming.reject()
    settle(program, 0.1)


def theme_states(program: Program, folder: Path, name: str) -> None:
    """A theme's dossier, the brief that is made of it, suggested themes, and a vocabulary before it is taken in."""
    from margent.ui.dossiers import export  # noqa: PLC0415

    window, view = program.window, program.window.library().view
    theme = next(theme for theme in program.session.library.theme_list() if theme.name.startswith("Energy"))
    view.show_dossier(theme.id)
    settle(program, 1.0)
    shoot(program, folder / f"dossier-{name}.png")
    assert view.dossier is not None
    leaving = export(view, view.dossier, program.session, program.style)
    assert leaving is not None
    settle(program, 1.0)
    save(leaving, folder / f"dossier-export-{name}.png")
    leaving.reject()
    window.show_article()
    window.themes.suggest()
    settle(program, 1.0)
    assert window.themes.dialog is not None
    save(window.themes.dialog, folder / f"suggest-{name}.png")
    window.themes.dialog.reject()
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "team.toml"
        file.write_text('[[theme]]\nname = "Water"\ncolour = "teal"\nwords = ["water", "river", "Aral"]\n', "utf-8")
        window.themes.take_in_from(file)
        settle(program, 0.6)
    save(window.themes.dialog, folder / f"vocabulary-{name}.png")
    window.themes.dialog.reject()
    settle(program, 0.1)


def mark(program: Program, record: DocumentRecord, marks: int) -> None:
    """Highlight that many sentences of a document, every second one with a note."""
    library = program.session.library
    themes = sorted(library.theme_list(), key=lambda theme: theme.name)
    text = library.text(record.revision)
    for number, sentence in enumerate(SENTENCES[:marks]):
        start = text.index(sentence[:24])
        theme = themes[(number // 2 + marks) % len(themes)]
        note = "Ask who pays, and from when." if number % 2 else ""
        span = (start, start + len(sentence[:60]))
        program.session.do(edits.annotate(record, text, *span, note=note, themes=[theme.id]))


DOCUMENTS = (
    ("Critical raw materials: a reading list for the working party", "docx", ".docx", 6, 1.0),
    ("Transport corridors across the Caspian", "pdf", ".pdf", 4, 0.63),
    ("Human rights dialogue: notes of the fifteenth round", "webpage", ".html", 3, 0.12),
    ("Green hydrogen: state of projects", "epub", ".epub", 0, 0.0),
)
"""Title, format, suffix, highlights, and how much of each has been read."""
SENTENCES = (
    "The corridor carries energy, minerals and goods between the two sides by rail, by road and by sea.",
    "Ministers asked for a list of projects that could begin within a year, with what each of them needs.",
    "Most of the rail line is there; what is missing is a second track and terminals at the two ports.",
    "Loans are on offer from two banks, and a third has said that it would look at the figures in spring.",
    "Water is scarce along the route, so that each plant has to say where it would take its water from.",
    "The working party meets again in December and will have the figures of the third quarter by then.",
)


def shoot(program: Program, path: Path) -> None:
    """Save the window as a picture."""
    settle(program, 0.2)
    path.parent.mkdir(parents=True, exist_ok=True)
    program.window.grab().save(str(path))
    print(path)


def save(dialog: QWidget, path: Path) -> None:
    """Save a dialog as a picture."""
    dialog.grab().save(str(path))
    print(path)


def close(program: Program) -> None:
    """End the program and forget its window."""
    program.window.close()
    settle(program, 0.1)
    program.window.deleteLater()
    settle(program, 0.1)


def readme(folder: Path) -> None:
    """The pictures the README shows."""
    for appearance in ("light", "sepia", "dark"):
        with tempfile.TemporaryDirectory() as temporary:
            program = start(Path(temporary), appearance, (1440, 900))
            read_state(program)
            select_words(program)
            shoot(program, folder / f"read-{appearance}.png")
            if appearance == "light":
                program.window.read.reader.clear_selection()
                program.window.actions_by_name["brief"].trigger()
                settle(program, 0.8)
                shoot(program, folder / "brief-light.png")
            close(program)
    with tempfile.TemporaryDirectory() as temporary:
        program = start(Path(temporary), "light", (1440, 900))
        library_state(program, Path(temporary))
        choose_first(program)
        shoot(program, folder / "library-light.png")
        close(program)


def everything(folder: Path) -> None:
    """Each state in each appearance and size."""
    for appearance in APPEARANCES:
        for size in SIZES:
            name = f"{appearance}-{size[0]}"
            with tempfile.TemporaryDirectory() as temporary:
                program = start(Path(temporary), appearance, size)
                shoot(program, folder / f"first-{name}.png")
                read_state(program)
                shoot(program, folder / f"read-{name}.png")
                select_words(program)
                shoot(program, folder / f"selection-{name}.png")
                program.window.read.reader.clear_selection()
                for tab in ("contents", "notes"):
                    program.window.actions_by_name[f"{tab}_tab"].trigger()
                    shoot(program, folder / f"{tab}-{name}.png")
                program.window.actions_by_name["find"].trigger()
                find = program.window.read.finding
                assert find is not None
                find.edit.setText("energy")
                find.edit.textEdited.emit("energy")
                settle(program, 0.4)
                shoot(program, folder / f"find-{name}.png")
                find.cancel()
                program.window.actions_by_name["brief"].trigger()
                settle(program, 0.8)
                shoot(program, folder / f"brief-{name}.png")
                close(program)
            with tempfile.TemporaryDirectory() as temporary:
                program = start(Path(temporary), appearance, size)
                library_state(program, Path(temporary))
                shoot(program, folder / f"library-{name}.png")
                view = program.window.library().view
                view.search.setText("energy")
                settle(program, 0.6)
                shoot(program, folder / f"search-{name}.png")
                view.search.clear()
                view.table.selectAll()
                shoot(program, folder / f"several-{name}.png")
                view.pane.choose("bin")
                shoot(program, folder / f"bin-{name}.png")
                theme_states(program, folder, name)
                exchange_states(program, folder, name)
                close(program)


def main() -> None:
    """Take the pictures asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every state, into this folder")
    options = parser.parse_args()
    if options.all:
        everything(options.all)
    else:
        readme(ROOT / "packaging" / "pictures")


if __name__ == "__main__":
    main()
