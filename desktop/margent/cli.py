"""The command line. Without a command it opens the window, and that is the only place that brings in Qt."""

from __future__ import annotations

import gc
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from margent.errors import MargentError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from margent.commands import Outcome
    from margent.importing import Progress

READ_APART = "--read-apart"
"""What the program starts itself with, where it is a folder without a Python, to read files in a process of their own.
Nobody types it, so the help does not name it."""
COMMANDS = (
    *("import", "list", "show", "annotate", "annotations", "themes", "export"),
    *("merge", "revise", "search", "backup", "check"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0, or 2 after one sentence on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == [READ_APART]:
        from margent.formats.apart import serve  # noqa: PLC0415 - the process that reads files

        serve()
    try:
        if all(not word.startswith("-") for word in given) and not (given and given[0] in COMMANDS):
            return _open(None, [_path(word) for word in given])
        code = _dispatch(given)
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a reader that has gone away can be caught
    except MargentError as error:
        print(f"margent: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Python flushes once more at the end, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        # What a signal that nobody handles comes to in a shell. What was written by then is whole.
        return 130
    return code


def _dispatch(given: list[str]) -> int:
    from margent import __version__  # noqa: PLC0415 - the window opens without it

    command = next((word for word in _without_options(given)), "")
    if command in COMMANDS:
        options = _commands().parse_args(given)
        return _command(options)
    options = _window().parse_args(given)
    if options.version:
        print(f"margent {__version__}")
        return 0
    if options.selftest:
        from margent.ui.selftest import selftest  # noqa: PLC0415 - brings in Qt

        return selftest()
    return _open(options.library, options.files)


def _without_options(given: list[str]) -> list[str]:
    """The words that are neither an option nor the value of --library."""
    words: list[str] = []
    skip = False
    for word in given:
        if skip:
            skip = False
        elif word == "--library":
            skip = True
        elif not word.startswith("-"):
            words.append(word)
    return words


def _open(library: str | None, files: Sequence[Path]) -> int:
    for path in files:
        if not path.exists():
            raise MargentError(f"{path}: there is no such file.")
    # What a start makes, stays; to look for garbage in it, time and again, takes 9 ms until the first page stands.
    gc.disable()
    from margent.settings import folders  # noqa: PLC0415
    from margent.ui.app import run  # noqa: PLC0415 - brings in Qt

    return run(folders(library), files)


def _command(options: argparse.Namespace) -> int:
    from margent import commands, importing  # noqa: PLC0415 - not needed by the window
    from margent.library.store import Library  # noqa: PLC0415
    from margent.settings import folders, load  # noqa: PLC0415

    where = folders(options.library)
    library = Library.open(where.library)
    try:
        importing.seed(library, carry=False)
        name = {"import": "import_", "list": "list_", "annotations": "list_annotations"}.get(options.command)
        command: Callable[[commands.Context, argparse.Namespace], Outcome]
        command = getattr(commands, name or options.command)
        # Only what runs in a terminal that somebody looks at tells how far it is.
        progress = _tell if sys.stderr is not None and sys.stderr.isatty() else None
        outcome = command(commands.Context(library, where, load(where.settings), progress), options)
    finally:
        library.close()
    _print(outcome, as_json=options.json)
    return outcome.code


def _tell(now: Progress) -> None:
    """One line on standard error that is written over; the last call takes it away."""
    line = f"{now.done + 1} of {now.total}  {now.name}" if now.name else ""
    print(f"\r\x1b[K{line[:78]}", end="", file=sys.stderr, flush=True)


def _print(outcome: Outcome, *, as_json: bool) -> None:
    if sys.stdout is None:
        # Somebody closed it: what was asked for is done all the same.
        return
    # A file's name may hold bytes that are no letters; they are shown as codes, which JSON reads too.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    if as_json:
        import json  # noqa: PLC0415 - this output alone

        print(json.dumps(outcome.value, ensure_ascii=False, indent=2))
        return
    for line in outcome.lines:
        if line.startswith("error: "):
            print(f"margent: {tame(line.removeprefix('error: '))}", file=sys.stderr)
        else:
            print(tame(line) if sys.stdout.isatty() else line)


def tame(line: str) -> str:
    """A line without what a terminal obeys instead of showing: a name in a stranger's file may hold it.

    Into a file or a pipe all goes as it is.
    """
    orders = {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {0x09, 0x0A}
    return line.translate(dict.fromkeys(orders, "\ufffd"))


def _window() -> argparse.ArgumentParser:
    parser = _parser("margent", "Read policy briefs offline, annotate them, hand them on.")
    parser.epilog = f"commands: {', '.join(COMMANDS)}; `margent COMMAND --help` tells more"
    parser.add_argument("files", nargs="*", type=_path, metavar="FILE", help="texts or Markdown files to open")
    _library_option(parser)
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    parser.add_argument(
        "--selftest", action="store_true", help="try everything in a temporary library, without a screen"
    )
    return parser


def _commands() -> argparse.ArgumentParser:
    from argparse import SUPPRESS  # noqa: PLC0415

    from margent.annotations import COLOURS, KINDS, STYLES  # noqa: PLC0415 - not needed by the window

    parser = _parser("margent", "Read policy briefs offline, annotate them, hand them on.")
    _library_option(parser)
    every = parser.add_subparsers(dest="command", required=True)

    def add(name: str, text: str, *, document: bool = False) -> argparse.ArgumentParser:
        sub = every.add_parser(name, help=text, description=text)
        if document:
            sub.add_argument("document", metavar="DOC", help="an id, the beginning of one, or part of the title")
        sub.add_argument("--json", action="store_true", help="print JSON")
        sub.add_argument("--library", default=SUPPRESS, metavar="DIR", help="the library's folder")
        return sub

    sub = add("import", "bring files, folders and ZIP archives of documents into the library")
    sub.add_argument("files", nargs="+", type=_path, metavar="PATH")
    sub.add_argument("--whole-page", action="store_true", help="of web pages take all, not the article alone")
    sub.add_argument(
        "--revise", action="store_true", help="make newer files of known documents revisions, with the notes on them"
    )
    add("list", "list the documents")
    add("show", "tell what is known of a document", document=True).add_argument(
        "--text", action="store_true", help="print its text"
    )
    sub = add("annotate", "highlight a quotation, with a note or without", document=True)
    sub.add_argument("--quote", required=True, metavar="TEXT", help="the words to annotate")
    sub.add_argument("--prefix", default="", metavar="TEXT", help="words before them, to tell twins apart")
    sub.add_argument("--suffix", default="", metavar="TEXT", help="words after them")
    sub.add_argument("--note", default="", metavar="MD", help="the note, in Markdown")
    sub.add_argument("--colour", default="yellow", choices=COLOURS)
    sub.add_argument("--style", default="highlight", choices=STYLES)
    sub.add_argument("--kind", default="note", choices=KINDS)
    sub.add_argument("--theme", default=[], action="append", metavar="NAME", help="a theme; may be given again")
    sub.add_argument("--private", action="store_true", help="keep it out of briefs")
    sub.add_argument(
        "--author", default=None, metavar="NAME", help="who wrote it; your name in the settings if left out"
    )
    sub = add("annotations", "list a document's annotations", document=True)
    sub.add_argument("--state", choices=("placed", "moved", "orphaned"), help="those in that state alone")
    sub = add("themes", "list the themes of the library or of a document")
    sub.add_argument("document", nargs="?", metavar="DOC", help="a document, to see its passages")
    way = sub.add_mutually_exclusive_group()
    way.add_argument("--suggest", action="store_true", help="themes the document could have; nothing is added")
    way.add_argument(
        "--export", dest="export_file", metavar="FILE", help="write the themes as TOML, or - to print them"
    )
    way.add_argument("--import", dest="import_file", metavar="FILE", help="take in themes and words from a TOML file")
    _exchanges(add)
    sub = add("search", "find words in titles, texts, quotes and notes")
    sub.add_argument(
        "query", nargs="+", metavar="QUERY",
        help='words, "phrases", -not, theme: kind: colour: author: in: before: after:',
    )  # fmt: skip
    sub.add_argument(
        "--limit", type=partial(_count, "--limit"), default=20, metavar="N", help="at most so many documents"
    )
    sub.add_argument(
        "--hits", type=partial(_count, "--hits"), metavar="N", help="at most so many places of each, not the first few"
    )
    add("backup", "write a verified copy of the library").add_argument("file", nargs="?", type=_path, metavar="FILE")
    sub = add("check", "verify database, anchors and the search's index")
    sub.add_argument("--rebuild", action="store_true", help="make the search's index anew first")
    return parser


def _exchanges(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands by which annotations and texts leave and come in."""
    from margent.exchange.programs import PROGRAMS  # noqa: PLC0415 - not needed by the window

    sub = add("export", "write an annotated brief as Markdown, of one document or of several")
    sub.add_argument("documents", nargs="*", metavar="DOC", help="an id, the beginning of one, or part of the title")
    sub.add_argument("--theme", default="", metavar="NAME", help="what belongs to a theme, in all documents or these")
    sub.add_argument(
        "--format",
        default="md",
        choices=("md", "margent", *PROGRAMS),
        help="md, a brief; margent, a file for a colleague to merge; or what another program takes in",
    )
    sub.add_argument("--author", default=None, metavar="NAME", help="your name, for notes that carry none yet")
    sub.add_argument("--template", default="meeting", metavar="NAME", help="meeting, theme, order, whole, or your own")
    sub.add_argument("-o", "--output", default=None, metavar="FILE", help="a file, or - for standard output")
    sub.add_argument("--private", action="store_true", help="include private annotations")
    sub.add_argument("--date", default="", metavar="DATE", help="the date to state; today if left out")
    sub = add("merge", "take in annotations: an exchange file, a document exported whole, or another program's file")
    sub.add_argument("document", metavar="DOC", help="the document they belong to, or - to find it by itself")
    sub.add_argument("file", type=_path, metavar="FILE")
    sub.add_argument("--dry-run", action="store_true", help="tell what would happen, and change nothing")
    way = sub.add_mutually_exclusive_group()
    way.add_argument(
        "--revise", dest="text", action="store_const", const=True,
        help="make the file's own text the newest one here; done by itself where it comes from yours",
    )  # fmt: skip
    way.add_argument(
        "--keep-text", dest="text", action="store_const", const=False, help="put the notes on the text you have"
    )
    add("revise", "make a file the newest text of a document", document=True).add_argument(
        "file", type=_path, metavar="FILE"
    )


def _path(word: str) -> Path:
    """A path as somebody types it. Nothing typed would be the folder one stands in, which nobody means by it."""
    if not word.strip():
        raise MargentError("A name of a file is empty: say which file is meant.")
    return Path(word)


def _count(option: str, word: str) -> int:
    """How many somebody wants to see, of whom none would be nobody's wish."""
    try:
        count = int(word)
    except ValueError:
        count = 0
    if count < 1:
        raise MargentError(f"{option} is a number from 1 on, and not “{word}”.")
    return count


def _parser(name: str, text: str) -> argparse.ArgumentParser:
    import argparse  # noqa: PLC0415 - opening the window without options does not need it

    return argparse.ArgumentParser(prog=name, description=text)


def _library_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--library", default=None, metavar="DIR", help="the library's folder")
