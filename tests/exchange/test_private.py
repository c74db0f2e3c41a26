"""Not a word of what is private leaves, whatever was done before and in whatever form: the bytes are searched."""

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from margent import edits
from margent.annotations import Annotation
from margent.brief.render import brief_of, render
from margent.exchange import outgoing, programs
from margent.exchangecommands import packed
from margent.formats import read as read_document
from margent.library.store import Library

TEXT = (
    b"# Brief\n\nThe corridor reopened on 3 May.\n\nTraffic stays below the level of last year.\n\nIt rained in May.\n"
)
NEWER = TEXT.replace(b"# Brief\n", b"# Brief\n\nAll of it in short.\n")
QUOTES = ("corridor reopened", "Traffic stays", "rained in May")
FORMS = ("margent", "whole", "meeting", "theme", "order", *programs.PROGRAMS)

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("share", "hide", "reword", "delete", "answer", "file", "send", "revise"),
                *("hide later", "share later", "unfile", "restore"),
            ]
        ),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=16,
)


class Writer:
    """Somebody who writes notes of which some are secret. Every secret word is one of a kind."""

    def __init__(self, folder: Path) -> None:
        self.library = Library.open(folder)
        self.library.add_document(read_document(TEXT, "brief.md"), origin="brief.md", original=TEXT)
        self.count = 0

    def word(self) -> str:
        self.count += 1
        return f"Zanzibar{self.count}x"

    def heads(self) -> list[Annotation]:
        return sorted((v for v in self.library.annotations() if v.parent is None), key=lambda v: v.created)

    def do(self, deed: str, number: int) -> None:
        library, heads = self.library, self.heads()
        (record,) = library.records()
        text = library.text(record.revision)
        value = heads[number % len(heads)] if heads else None
        if deed in {"share", "hide"}:
            quote = QUOTES[number % len(QUOTES)]
            start = text.index(quote)
            note, private = self.word(), deed == "hide"
            library.apply(
                edits.annotate(record, text, start, start + len(quote), note=note, author="Ana", private=private)
            )
        elif deed == "send":
            data, copies = packed(library, record, "Ana", private=False)
            assert data
            library.remember(outgoing.remembered(copies))
        elif deed == "revise" and len(library.revisions(record.id)) == 1:
            library.add_revision(record.id, read_document(NEWER, "b.md"), origin="b.md", original=NEWER)
        elif deed == "restore":
            binned = [one for one in library.bin() if one.parent is None][:1]
            if binned:
                library.apply(edits.restore(binned))
        elif value is not None:
            self._on(value, deed)

    def _on(self, value: Annotation, deed: str) -> None:
        library = self.library
        match deed:
            case "reword":
                library.apply(edits.set_note(value, self.word()))
            case "delete":
                library.apply(edits.delete([value, *(one for one in library.annotations() if one.parent == value.id)]))
            case "answer":
                library.apply(edits.reply(value, self.word(), author="Bek"))
            case "file":
                made = library.apply(edits.new_theme(self.word(), "navy", [self.word()]))
                library.apply(edits.add_theme([value], next(iter(made.after))))
            case "unfile" if value.themes:
                library.apply(edits.remove_theme([value], value.themes[0]))
            case "hide later":
                library.apply(edits.set_private([value], True))
            case "share later":
                library.apply(edits.set_private([value], False))
            case _:
                pass

    def public(self) -> set[str]:
        """The words that may leave: of standing notes that are not private, their answers and their themes."""
        themes = {theme.id: theme for theme in self.library.theme_list()}
        every = {value.id: value for value in self.library.annotations()}
        words: set[str] = set()
        for value in every.values():
            head = every.get(value.parent or value.id)
            if value.private or head is None or head.private:
                continue
            words.add(value.note)
            for key in value.themes:
                words |= {themes[key].name, *themes[key].words} if key in themes else set()
        return words

    def written(self, form: str) -> bytes:
        """A form as it leaves, without what is private."""
        (record,) = self.library.records()
        if form == "margent":
            return packed(self.library, record, "Ana", private=False)[0]
        if form in {"whole", "meeting", "theme", "order"}:
            return render(brief_of(self.library.reading(record.id), exporter="Ana"), form).encode()
        return programs.write(form, [outgoing.parcel(self.library.reading(record.id))])


def everything(data: bytes) -> str:
    """All that is in a file and in what is packed in it, with the names there."""
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [everything(archive.read(name)) for name in archive.namelist()]
        return "\n".join([*archive.namelist(), archive.comment.decode("utf-8", "replace"), *parts])


def secrets(text: str, public: set[str], count: int) -> set[str]:
    return {word for n in range(1, count + 1) if (word := f"Zanzibar{n}x") not in public and word in text}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=DEEDS)
def test_no_word_of_what_is_private_leaves_in_any_form(deeds: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        writer = Writer(Path(folder))
        try:
            for deed, number in deeds:
                writer.do(deed, number)
            public = writer.public()
            for form in FORMS:
                assert secrets(everything(writer.written(form)), public, writer.count) == set(), form
        finally:
            writer.library.close()


@pytest.mark.parametrize("form", FORMS)
def test_what_is_shared_is_there_to_be_found(tmp_path: Path, form: str) -> None:
    """Else the search above could miss what it looks for."""
    writer = Writer(tmp_path)
    writer.do("share", 0)
    writer.do("hide", 1)
    text = everything(writer.written(form))
    assert "Zanzibar1x" in text
    assert "Zanzibar2x" not in text
    writer.library.close()
