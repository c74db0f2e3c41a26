"""Files read in a process of their own: what it gives back, and what happens when it hangs, crashes or lies."""

import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from margent import cli
from margent.document import Block, Document, GivenAnnotation, GivenTheme, Mark
from margent.errors import MargentError
from margent.formats import apart, pace, read
from margent.formats.apart import Apart, Cancelled, command

LONG = b"# A title\n\n" + b"Words of a paragraph, _some_ of them [linked](https://example.org).\n\n" * 400


def serving(body: str) -> list[str]:
    """The command of a process that reads with the function of this body; `data`, `name` and `picture` are given."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from margent.document import *\nfrom margent.errors import MargentError\nfrom margent.formats import apart\n"
        f"def reader(data, name, picture):\n{lines}\napart.serve(reader)\n"
    )
    return [sys.executable, "-c", code]


def never() -> bool:
    return False


def test_the_process_gives_what_reading_gives() -> None:
    with Apart() as process:
        assert process.send(LONG, "a.md", None, never) == read(LONG, "a.md")
        assert process.send(b"Plain words.", "a.txt", None, never) == read(b"Plain words.", "a.txt")


def test_all_that_a_document_can_hold_comes_back() -> None:
    body = (
        "from datetime import UTC, datetime\n"
        "moment = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)\n"
        "reply = GivenAnnotation(0, 4, 'No', author='B', created=moment)\n"
        "note = GivenAnnotation(0, 4, 'Why?', author='A', created=moment, done=True, replies=(reply,))\n"
        "blocks = (Block('paragraph', 'Text', (Mark('link', 0, 4, 'x'),)), Block('item', 'b', checked=False))\n"
        "return Document('T', blocks, authors=('A',), themes=(GivenTheme('x', spans=((0, 4),)),),\n"
        "    pictures={'k': b'\\x00\\xff'}, notices=('n.',), annotations=(note,), pages=((0, 'i'),))"
    )
    moment = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    reply = GivenAnnotation(0, 4, "No", author="B", created=moment)
    note = GivenAnnotation(0, 4, "Why?", author="A", created=moment, done=True, replies=(reply,))
    expected = Document(
        "T",
        (Block("paragraph", "Text", (Mark("link", 0, 4, "x"),)), Block("item", "b", checked=False)),
        authors=("A",),
        themes=(GivenTheme("x", spans=((0, 4),)),),
        pictures={"k": b"\x00\xff"},
        notices=("n.",),
        annotations=(note,),
        pages=((0, "i"),),
    )
    with Apart(serving(body)) as process:
        assert process.send(b"x", "a.md", None, never) == expected


def test_the_choice_of_a_whole_page_reaches_the_process_and_formats_that_have_none_go_on_as_they_are() -> None:
    words = "<p>The river carries less water every year, and the towns along it count what is left of it.</p>" * 12
    page = f"<html><body><nav><a href='/'>Politics</a></nav><article><h1>Water</h1>{words}</article></body></html>"
    with Apart() as one:
        article = one.read(page.encode(), "page.html")
        whole = one.read(page.encode(), "page.html", whole=True)
        text = one.send(LONG, "a.md", None, lambda: False, whole=True)
    assert "Politics" not in article.text
    assert "Politics" in whole.text
    assert text.blocks == read(LONG, "a.md").blocks


def test_one_process_reads_many_files() -> None:
    body = "import os\nreturn Document(str(os.getpid()), (Block('paragraph', 'x'),))"
    with Apart(serving(body)) as process:
        titles = {process.send(b"x" * size, "a.md", None, never).title for size in (1, 10, 100_000)}
    assert len(titles) == 1


def test_a_quick_file_needs_no_process() -> None:
    with Apart(["/no/such/program"]) as process:
        assert process.read(b"# A\n\nwords", "a.md") == read(b"# A\n\nwords", "a.md")
        with pytest.raises(FileNotFoundError):
            process.read(LONG, "a.md")


def test_the_process_asks_for_pictures_and_opens_no_file_itself() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(50)
    asked = []

    def give(address: str) -> bytes | None:
        asked.append(address)
        return picture if address == "maps/ä.png" else None

    data = "# A\n\n![in](maps/ä.png)\n\n![out](none.png)\n".encode()
    with Apart() as process:
        document = process.send(data, "a.md", give, never)
    assert list(document.pictures.values()) == [picture]
    assert sorted(asked) == ["maps/ä.png", "none.png"]


def test_what_a_reader_refuses_is_told_in_its_own_sentence() -> None:
    with Apart(serving("raise MargentError(f'{name} is no good: ask Ä.')")) as process:
        for _ in range(2):
            with pytest.raises(MargentError, match=r"^a\.md is no good: ask Ä\.$"):
                process.send(b"x", "a.md", None, never)


def test_a_long_document_comes_back_in_order_with_all_its_pictures() -> None:
    body = (
        "blocks = tuple(Block('paragraph', f'{number} ' * 3) for number in range(int(data)))\n"
        "return Document('Long', blocks, pictures={str(number): bytes(number) for number in range(1, 9)})"
    )
    with Apart(serving(body)) as process:
        for count in (0, 1, 999, 1000, 1001, 4321):
            document = process.send(str(count).encode(), "a.md", None, never)
            assert document.text.split() == [str(number) for number in range(count) for _ in range(3)]
            assert document.pictures == {str(number): bytes(number) for number in range(1, 9)}


@pytest.mark.parametrize(
    "fault",
    [
        "import os; os.kill(os.getpid(), 11)",
        "import os; os._exit(0)",
        "raise RuntimeError('a bug')",
        "def deep(): return deep()\ndeep()",
        "import ctypes; ctypes.string_at(0)",
        "return 'no document'",
        "class Own: pass\nimport __main__; __main__.Own = Own; Own.__qualname__ = 'Own'\nreturn Own()",
        "import os, pickle\nclass Call:\n    def __reduce__(self): return os.system, ('exit 3',)\nreturn Call()",
    ],
)
def test_a_crash_or_a_lie_becomes_a_sentence_and_the_next_file_is_read(fault: str) -> None:
    body = f"if data == b'good': return Document('Good', (Block('paragraph', 'x'),))\n{fault}"
    with Apart(serving(body)) as process:
        with pytest.raises(MargentError, match=r"^bad\.md could not be read: it broke the program.*\.$"):
            process.send(b"bad", "bad.md", None, never)
        assert process.send(b"good", "good.md", None, never).title == "Good"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a process to its address space")
def test_a_reader_that_fills_the_memory_is_stopped() -> None:
    body = "kept = []\nwhile True: kept.append(bytearray(1 << 24))"
    with Apart(serving(body)) as process, pytest.raises(MargentError, match=r"^a\.md needs more memory"):
        process.send(b"x", "a.md", None, never)


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    body = "import time\nif data == b'bad': time.sleep(60)\nreturn Document('Good', (Block('paragraph', 'x'),))"
    with Apart(serving(body), patience=1.5) as process:
        process.send(b"good", "good.md", None, never)
        start = time.monotonic()
        with pytest.raises(MargentError, match=r"^bad\.md took longer than 2 seconds to read and was given up"):
            process.send(b"bad", "bad.md", None, never)
        assert time.monotonic() - start < 5
        assert process.send(b"good", "good.md", None, never).title == "Good"


def test_a_long_file_that_says_how_far_it_is_has_its_time() -> None:
    body = (
        "import time\nfrom margent.formats import pace\n"
        "for page in range(12):\n    time.sleep(.25)\n    pace.advance(page + 1, 12)\n"
        "return Document('Good', (Block('paragraph', 'x'),))"
    )
    shares: list[float] = []
    with Apart(serving(body), patience=1.5) as process:
        assert process.send(b"x", "a.pdf", None, never, shares.append).title == "Good"
    assert shares == sorted(shares)
    assert len(shares) > 6
    assert 0 < shares[0] < shares[-1] <= 1


def test_a_file_that_never_ends_is_given_up_whatever_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LONGEST", 1.5)
    body = "import time\nfrom margent.formats import pace\nwhile True: time.sleep(.05); pace.advance(1, 2)"
    with Apart(serving(body), patience=1.0) as process, pytest.raises(MargentError, match="given up"):
        process.send(b"x", "a.pdf", None, never)


def test_nobody_has_to_listen_to_how_far_a_reading_is() -> None:
    pace.advance(1, 2)
    pace.advance(1, 0)


def test_a_reading_that_is_not_wanted_any_more_ends_at_once() -> None:
    began = threading.Event()
    threading.Timer(0.5, began.set).start()
    with Apart(serving("while True: pass")) as process:
        with pytest.raises(Cancelled):
            process.send(b"x", "a.md", None, began.is_set)
        with pytest.raises(Cancelled):
            process.send(b"x", "a.md", None, lambda: True)


def test_closing_ends_a_reading_in_another_thread() -> None:
    process = Apart(serving("while True: pass"))
    outcome: list[BaseException] = []

    def work() -> None:
        try:
            process.send(b"x" * 10_000_000, "a.md", None, never)
        except Cancelled as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    process.close()
    thread.join(5)
    assert not thread.is_alive()
    assert isinstance(outcome[0], Cancelled)
    with pytest.raises(Cancelled):
        process.send(b"x", "a.md", None, never)


def test_a_process_whose_program_died_does_not_stay_behind(tmp_path: Path) -> None:
    """Killed, the program cannot end it; the closed pipe does, in the middle of a reading too."""
    import subprocess

    alive = tmp_path / "alive"
    body = (
        f"import pathlib, time\nwhile True: pathlib.Path({str(alive)!r}).write_text(str(time.time())); time.sleep(.05)"
    )
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\nfrom margent.formats.apart import Apart\n"
        f"Apart({serving(body)!r}).send(b'x', 'a.md', None, lambda: False)\n"
    )
    program = subprocess.Popen([sys.executable, "-c", code])
    until = time.monotonic() + 20
    while not alive.exists() and time.monotonic() < until:
        time.sleep(0.05)
    program.kill()
    program.wait()
    time.sleep(1)
    last = alive.read_text()
    time.sleep(0.5)
    assert alive.read_text() == last


def test_what_a_parser_prints_does_not_get_into_the_answer() -> None:
    body = (
        "import os\nprint('loud', flush=True); os.write(1, b'louder'); return Document('T', (Block('paragraph', 'x'),))"
    )
    with Apart(serving(body)) as process:
        assert process.send(b"x", "a.md", None, never).title == "T"


def test_the_program_without_a_python_calls_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cli.READ_APART == apart.OPTION
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "margent"))
    assert command() == [str(tmp_path / "margent"), apart.OPTION]
    (tmp_path / "margent-cli.exe").touch()
    assert command() == [str(tmp_path / "margent-cli.exe"), apart.OPTION]


def test_the_command_line_serves() -> None:
    code = f"import sys; sys.path[:] = {sys.path!r}; from margent.cli import main; main([{apart.OPTION!r}])"
    with Apart([sys.executable, "-c", code]) as process:
        assert process.send(LONG, "a.md", None, never).title == "A title"
