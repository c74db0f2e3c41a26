"""The command `themes` beyond listing: suggestions for a document, and a vocabulary written or taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from margent import vocabulary
from margent.commands import Outcome
from margent.errors import MargentError

if TYPE_CHECKING:
    import argparse

    from margent.commands import Context


def suggest_themes(context: Context, options: argparse.Namespace) -> Outcome:
    """Themes that a document could have, with the passages each would get. Nothing is added to the library."""
    from margent.suggesting import suggest_in  # noqa: PLC0415 - brings in the stemmers

    if options.document is None:
        raise MargentError("Suggestions are made for a document: name it, as in margent themes DOC --suggest.")
    record = context.library.find(options.document)
    text = context.library.text(record.revision)
    found = suggest_in(context.library, record)
    rows = [
        {
            "name": each.name,
            "words": list(each.words),
            "score": each.score,
            "passages": [{"start": start, "end": end, "text": text[start:end]} for start, end in each.spans],
        }
        for each in found
    ]
    lines = [f"{each.name}: {len(each.spans)} passages ({', '.join(each.words)})" for each in found]
    return Outcome(rows, lines or ["There is nothing to suggest: the text is short, or your themes cover it."])


def export_themes(context: Context, options: argparse.Namespace) -> Outcome:
    """Write the themes of the library as a vocabulary, to a file or to standard output."""
    shared = vocabulary.of_themes(context.library.theme_list())
    if options.export_file == "-":
        text = vocabulary.dump(shared)
        return Outcome({"themes": len(shared.entries), "toml": text}, [text.removesuffix("\n")])
    path = Path(options.export_file)
    _refuse_others(path)
    vocabulary.write(path, shared)
    return Outcome({"themes": len(shared.entries), "file": str(path)}, [f"{path}: {len(shared.entries)} themes"])


def _refuse_others(path: Path) -> None:
    """Raise MargentError where a file that is no vocabulary would be written over."""
    if not path.is_file() or not path.stat().st_size:
        return
    try:
        vocabulary.read(path)
    except MargentError:
        raise MargentError(f"{path} is there already and is no vocabulary of themes: choose another name.") from None


def import_themes(context: Context, options: argparse.Namespace) -> Outcome:
    """Take a vocabulary in: themes and words are added, and nothing of the reader's is changed."""
    merged = vocabulary.merge(vocabulary.read(Path(options.import_file)), context.library.theme_list())
    if merged.change is not None:
        context.library.apply(merged.change)
    row = {
        "new": list(merged.new),
        "words": {name: list(words) for name, words in merged.words},
        "colours": [{"name": name, "kept": kept, "file": other} for name, kept, other in merged.colours],
        "same": list(merged.same),
    }
    lines = [f"new: {name}" for name in merged.new]
    lines += [f"{name}: also {', '.join(words)}" for name, words in merged.words]
    lines += [f"{name}: stays {kept} (the file has {other})" for name, kept, other in merged.colours]
    return Outcome(row, lines or ["The library has all of these themes already."])
