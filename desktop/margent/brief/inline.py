r"""A line of text with its marks as inline Markdown, escaped only where the meaning would change.

The measure is CommonMark; where GitHub, Obsidian, Pandoc or Python-Markdown read more into the same signs (struck
text, wiki links, comments, formulas, attribute lists), that is escaped as well. Signs that Python-Markdown cannot
escape with a backslash become a character reference, which every program reads.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from margent.brief.links import destination
from margent.document import Mark

Place = Literal["block", "item", "heading", "cell", "phrase"]
STANDINS = "\ufdd0\ufdd1\ufdd2\ufdd3"
"""Characters that no document has: they keep the places of signs which are put in when all others are escaped."""

_HAZARD = re.compile(r"[\\`*_\[~$]|<[A-Za-z/!?]|&(?:#\w{1,8}|\w{1,32});|==|%%|\^\[" + f"|=[{STANDINS}]|[{STANDINS}]=")
_SUSPECT = re.compile(r"[\\`*_\[~$<&=%^]")
"""In every text that has a hazard; one set of signs is looked for far faster than a choice of patterns."""
_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_BREAK = re.compile(r"\s*\n\s*")
_RUN = re.compile(r"\*+|_+|~+|`+|={2,}")
_BRACKETS = re.compile(r"\]\(|\[[\[^@]|\^\[")
_FORMULA = re.compile(r"\$\$|\$(?=\S)[^$\n]*(?<=\S)\$(?!\d)")
_REFERENCE = re.compile(r"&(?=(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_STANDIN = re.compile(f"[{STANDINS}]")
_BESIDE = re.compile(f"(?<=[{STANDINS}])=|=(?=[{STANDINS}])")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")

_LINE_START = re.compile(
    r"""(?:
      (?P<back>
        \#{1,6}(?=[ \t]|\s*$) | > | [-+*](?=[ \t]|\s*$) | `{3} | ~{3} | \{(?=[^{}\n]*\}\s*$)
      | \|(?=[ \t]) | !!!(?=\s|\w)
      | [-_*](?:[ \t]*[-_*]){2,}\s*$ | \[[^\]]*\](?=:) | \*\[[^\]]*\](?=:)
      )
    | (?P<number>\d{1,9})[.)](?=[ \t]|\s*$)
    | (?P<colon>:(?=[ \t]|::))
    )""",
    re.VERBOSE | re.MULTILINE,
)
_LATER_LINE = re.compile(r"(?P<back>(?:=+|-+)\s*$|[|-][ \t:|-]*$)|(?P<colon>:[ \t:|-]*-[ \t:|-]*$)", re.MULTILINE)
"""Lines that make a heading or a table of the line above them."""
_ITEM_START = re.compile(r"\[[ xX]\](?=\s|$)|-[ \t-]*\s*$", re.MULTILINE)
"""A box to tick; or dashes, which make a line across with the item's own."""
_CLOSING_HASHES = re.compile(r"(?:^|(?<=\s))#+\s*$")
_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}\s*$")

_EMPHASIS = {"strong": "**", "emphasis": "*", "strike": "~~"}
_FLANKED = {"strong", "emphasis"}
_AROUND = {
    **{kind: (sign, sign) for kind, sign in _EMPHASIS.items()},
    "superscript": ("<sup>", "</sup>"),
    "subscript": ("<sub>", "</sub>"),
}
"""What is written before and behind the words of a mark. For raised and lowered signs Markdown has no way of its own,
and 10<sup>3</sup> is another number than 103."""
_RANK = {"link": 0, "strike": 1, "strong": 2, "emphasis": 2, "superscript": 3, "subscript": 3, "code": 4}
"""Lower ranks stand outside; a mark of a higher rank is divided where one of a lower rank begins or ends."""


class _Piece(NamedTuple):
    """A mark, or a part of one, that can be written: pieces nest properly."""

    kind: str
    start: int
    end: int
    target: str = ""


def inline(text: str, marks: Sequence[Mark] = (), *, place: Place = "block") -> str:
    """`text` as Markdown that renders to it; forced line breaks become a backslash and a line end.

    `place` says where it stands: "block" at the beginning of a paragraph, "item" after a list marker, "heading" and
    "cell" in one line of theirs, "phrase" amid other words of a line. Marks that Markdown has no way for are left out,
    their words stay. The characters of `STANDINS` pass through as they are, and signs beside them are escaped.
    """
    pieces = _pieces(text, marks) if marks else []
    if not pieces and _is_calm(text, place):
        return text.strip()
    signs = _signs(text, pieces)
    _break_lines(text, signs, one_line=place not in {"block", "item"})
    if place in {"block", "item"}:
        _guard_starts(text, signs, {piece.start for piece in pieces}, item=place == "item")
    elif place == "heading":
        _guard_heading(text, signs)
    elif place == "cell":
        signs.update({at: "\\|" for at, sign in enumerate(text) if sign == "|"})
    return _written(text, signs, pieces, cell=place == "cell")


def _is_calm(text: str, place: Place) -> bool:
    """Whether no sign in `text` means anything where it stands. Most prose is calm, and this is all it costs."""
    if "\n" in text or (_SUSPECT.search(text) and _HAZARD.search(text)):
        return False
    match place:
        case "block":
            # What begins a block begins with no letter.
            return text[:1].isalpha() or not _LINE_START.match(text.lstrip())
        case "item":
            start = text.lstrip()
            return start[:1].isalpha() or (not _LINE_START.match(start) and not _ITEM_START.match(start))
        case "heading":
            return "#" not in text and "{" not in text
        case "cell":
            return "|" not in text
        case "phrase":
            return True


def _written(text: str, signs: dict[int, str], pieces: Iterable[_Piece], *, cell: bool) -> str:
    """`text` with the replacements `signs` by place, and the delimiters of `pieces` around their words."""
    cuts: list[tuple[int, int, int, str]] = []
    code: list[tuple[int, int, str]] = []
    for number, piece in enumerate(pieces):
        if piece.kind == "code":
            code.append((piece.start, piece.end, _code(text[piece.start : piece.end], cell=cell)))
            continue
        opening, closing = _delimiters(piece)
        # At one place what closes comes before what opens, the inner before the outer, and the outer opens first.
        cuts.append((piece.start, 1, number, opening))
        cuts.append((piece.end, 0, -number, closing))
    for start, end, span in code:
        signs = {at: sign for at, sign in signs.items() if not start <= at < end}
        signs.update(dict.fromkeys(range(start, end), ""))
        signs[start] = span
    out: list[str] = []
    position = 0
    changes = [(at, 2, 0, sign) for at, sign in signs.items()] + cuts
    for at, order, _, sign in sorted(changes):
        out.append(text[position:at])
        out.append(sign)
        position = max(position, at + (order == 2))
    out.append(text[position:])
    return "".join(out)


def _delimiters(piece: _Piece) -> tuple[str, str]:
    return ("[", f"]({piece.target})") if piece.kind == "link" else _AROUND[piece.kind]


def _code(text: str, *, cell: bool) -> str:
    """A code span; its fence is longer than any run of backticks in it."""
    text = _BREAK.sub(" ", text)
    fence = "`"
    runs = {len(run) for run in re.findall("`+", text)}
    while len(fence) in runs:
        fence += "`"
    if text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " "):
        text = f" {text} "
    return f"{fence}{text.replace('|', chr(92) + '|') if cell else text}{fence}"


# -- escapes ------------------------------------------------------------------------------------------------------


def _signs(text: str, pieces: Sequence[_Piece]) -> dict[int, str]:
    """What to write instead of single characters, by their place."""
    signs: dict[int, str] = {}
    for found in _TAG.finditer(text):
        signs[found.start()] = "&lt;"
    for found in _REFERENCE.finditer(text):
        signs[found.start()] = "&amp;"
    for found in _BESIDE.finditer(text):
        signs[found.start()] = "\\="
    for found in _FORMULA.finditer(text):
        signs[found.start()] = signs[found.end() - 1] = "&#36;"
    at = text.find("%%")
    while at >= 0:
        signs[at] = "&#37;"
        at = text.find("%%", at + 2)
    _guard_runs(text, signs, pieces)
    _guard_links(text, signs, pieces)
    at = text.find("\\")
    while at >= 0:
        after = text[at + 1 : at + 2]
        if pieces or not after or after in " \n" or after in _ASCII_PUNCTUATION or after in STANDINS:
            signs[at] = "\\\\"
        at = text.find("\\", at + 1)
    for piece in pieces:
        if text[piece.end : piece.end + 1] == "{":
            signs[piece.end] = "\\{"
    return signs


def _guard_runs(text: str, signs: dict[int, str], pieces: Iterable[_Piece]) -> None:
    """Escape runs of stars, underscores, tildes, equals signs and backticks that could pair, also with a mark's own.

    One alone pairs with nothing and is left, and so is one that has white space, or for an underscore letters, on
    both sides.
    """
    runs: dict[str, list[re.Match[str]]] = {}
    for run in _RUN.finditer(text):
        runs.setdefault(run[0][0], []).append(run)
    if not runs:
        return
    kinds = {piece.kind for piece in pieces}
    edges = {at for piece in pieces for at in (piece.start, piece.end)}
    edges |= {at for found in _STANDIN.finditer(text) for at in (found.start(), found.end())}
    for sign, found in runs.items():
        for run in _meaning(text, sign, found, kinds, edges):
            signs.update(dict.fromkeys(range(run.start(), run.end()), f"\\{sign}"))


def _meaning(text: str, sign: str, runs: list[re.Match[str]], kinds: set[str], edges: set[int]) -> list[re.Match[str]]:
    """Those of all the runs of one sign in `text` that could mean something; `edges` are where marks are written."""
    if edges and any(at in edges for run in runs for at in range(run.start(), run.end() + 1)):
        return runs
    if sign == "`":
        return runs if len(runs) > 1 or "code" in kinds else []
    if sign in "~=":
        return runs if "strike" in kinds or _enclosing(text, runs) else []
    if sign == "*" and kinds & _FLANKED:
        return runs
    loose = [run for run in runs if not _inert(text, run)]
    return loose if len(loose) > 1 or any(len(run[0]) > 2 for run in loose) else []


def _inert(text: str, run: re.Match[str]) -> bool:
    before, after = _beside(text, run)
    if run[0][0] == "_" and before.isalnum() and after.isalnum():
        return True
    return (not before or before.isspace()) and (not after or after.isspace())


def _enclosing(text: str, runs: Sequence[re.Match[str]]) -> bool:
    """Whether a run that could begin struck or highlighted text comes before one that could end it."""
    begun = False
    for run in runs:
        before, after = _beside(text, run)
        if begun and before and not before.isspace():
            return True
        begun = begun or bool(after and not after.isspace())
    return False


def _beside(text: str, run: re.Match[str]) -> tuple[str, str]:
    """What will stand before and behind a run; at the end of a line that is broken by force, a backslash."""
    end = run.end()
    return text[run.start() - 1 : run.start()], "\\" if _BREAK.match(text, end) else text[end : end + 1]


def _guard_links(text: str, signs: dict[int, str], pieces: Sequence[_Piece]) -> None:
    links = [piece for piece in pieces if piece.kind == "link"]
    beside = any(text[link.start - 1 : link.start] == "]" for link in links)
    everywhere = beside or bool(_BRACKETS.search(text))
    spans = [(0, len(text))] if everywhere else [(link.start, link.end) for link in links]
    for start, end in spans:
        for at in range(start, end):
            if text[at] in "[]":
                signs[at] = f"\\{text[at]}"
    for link in links:
        if text[link.start - 1 : link.start] == "!":
            signs[link.start - 1] = "\\!"


def _break_lines(text: str, signs: dict[int, str], *, one_line: bool) -> None:
    """Forced breaks as Markdown has them; white space at the outer ends goes."""
    if "\n" in text:
        for found in _BREAK.finditer(text):
            signs.update(dict.fromkeys(range(found.start(), found.end()), ""))
            signs[found.start()] = " " if one_line else "\\\n"
    for at in range(len(text) - len(text.lstrip())):
        signs[at] = ""
    for at in range(len(text.rstrip()), len(text)):
        signs[at] = ""
    for found in re.finditer("\t", text):
        signs.setdefault(found.start(), " ")


def _guard_starts(text: str, signs: dict[int, str], opened: set[int], *, item: bool) -> None:
    """Escape what would begin a block at the beginning of a line, unless a mark's delimiter stands there."""
    at = len(text) - len(text.lstrip())
    first = True
    while at < len(text):
        if at not in opened:
            found = _LINE_START.match(text, at) or (None if first else _LATER_LINE.match(text, at))
            if found is None and item and first:
                found = _ITEM_START.match(text, at)
            if found is not None:
                _guard_start(text, signs, at, found)
        newline = text.find("\n", at)
        if newline < 0:
            return
        rest = text[newline:]
        at = newline + len(rest) - len(rest.lstrip())
        first = False


def _guard_start(text: str, signs: dict[int, str], at: int, found: re.Match[str]) -> None:
    groups = found.groupdict()
    if groups.get("number"):
        place = at + len(groups["number"])
        signs[place] = f"\\{text[place]}"
    elif groups.get("colon"):
        signs[at] = "&#58;"
    else:
        # The rest of a run would begin or end something where the whole run does not.
        run = _RUN.match(text, at) if text[at] != "=" else None
        for place in range(at, run.end() if run else at + 1):
            signs[place] = f"\\{text[place]}"


def _guard_heading(text: str, signs: dict[int, str]) -> None:
    closing = _CLOSING_HASHES.search(text)
    if closing is not None:
        signs[closing.start()] = "\\#"
    attributes = _ATTRIBUTES.search(text)
    if attributes is not None:
        signs[attributes.start()] = "\\{"


# -- marks --------------------------------------------------------------------------------------------------------


def _pieces(text: str, marks: Iterable[Mark]) -> list[_Piece]:
    """The marks that Markdown has, divided so that they nest, the outer before the inner.

    What cannot be written for sure is left out: the words count, and a star that means nothing would be one of them.
    """
    wanted = []
    for kind, start, end, target in marks:
        address = destination(target) if kind == "link" else ""
        if kind in _RANK and (address or kind != "link"):
            wanted.append(_Piece(kind, start, end, address))
    pieces: list[_Piece] = []
    for piece in sorted(_united(wanted), key=lambda p: (_RANK[p.kind], p.start, -p.end, p.kind)):
        if piece.kind == "link" and any(
            p.kind == "link" and p.start < piece.end and p.end > piece.start for p in pieces
        ):
            continue
        for part in _divided(piece, pieces):
            fitted = _fitted(text, part, pieces, wanted)
            if fitted is not None and not _breaks_link(text, fitted, pieces):
                pieces.append(fitted)
    return sorted(pieces, key=lambda p: (p.start, -p.end, _RANK[p.kind]))


def _breaks_link(text: str, piece: _Piece, placed: Iterable[_Piece]) -> bool:
    """Whether this is code with a bracket in the words of a link, which would end them: code cannot be escaped."""
    return (
        piece.kind == "code"
        and bool({"[", "]"} & set(text[piece.start : piece.end]))
        and any(p.kind == "link" and p.start <= piece.start < p.end for p in placed)
    )


def _united(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Pieces of one kind and target that overlap or touch as one."""
    united: list[_Piece] = []
    last: dict[tuple[str, str], int] = {}
    for piece in sorted(pieces, key=lambda p: (p.start, p.end)):
        place = last.get((piece.kind, piece.target))
        if place is not None and piece.start <= united[place].end:
            united[place] = united[place]._replace(end=max(united[place].end, piece.end))
        else:
            last[piece.kind, piece.target] = len(united)
            united.append(piece)
    return united


def _divided(piece: _Piece, placed: Iterable[_Piece]) -> list[_Piece]:
    """`piece` cut where a placed one that it does not lie in, or round, begins or ends."""
    cuts = {piece.start, piece.end}
    for other in placed:
        overlaps = other.start < piece.end and other.end > piece.start
        around = piece.start <= other.start and other.end <= piece.end and _RANK[piece.kind] == _RANK[other.kind]
        within = other.start <= piece.start and piece.end <= other.end
        if overlaps and not around and not within:
            cuts.update(at for at in (other.start, other.end) if piece.start < at < piece.end)
    edges = sorted(cuts)
    return [piece._replace(start=start, end=end) for start, end in pairwise(edges)]


def _fitted(text: str, piece: _Piece, placed: Iterable[_Piece], wanted: Iterable[_Piece]) -> _Piece | None:
    """`piece` without white space at its ends, where its delimiters are sure to be read as such; else None."""
    start, end = piece.start, piece.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if piece.kind in _EMPHASIS:
        # The delimiters of what is inside stand next to these, and are punctuation, whatever the words begin with.
        inside = [p for p in wanted if _RANK[p.kind] > _RANK[piece.kind]]
        while start < end and not _opens(text, start, bare=not _covers(inside, start)):
            start += 1
        while end > start and not _closes(text, end, bare=not _covers(inside, end - 1)):
            end -= 1
        if piece.kind in _FLANKED and _runs_on(start, end, placed):
            return None
    if start >= end:
        return None
    return piece._replace(start=start, end=end)


def _runs_on(start: int, end: int, placed: Iterable[_Piece]) -> bool:
    """Whether delimiters at `start` or `end` would stand against another mark's, and be one run of stars with them."""
    beside = {p.end for p in placed if p.kind in _FLANKED} & {start} | {
        p.start for p in placed if p.kind in _FLANKED
    } & {end}
    return bool(beside - {at for p in placed if p.kind not in _EMPHASIS for at in (p.start, p.end)})


def _covers(pieces: Iterable[_Piece], at: int) -> bool:
    return any(piece.start <= at < piece.end for piece in pieces)


def _opens(text: str, at: int, *, bare: bool) -> bool:
    """Whether a delimiter before `at` is left-flanking and nothing else, under every version of the rule.

    Between two signs of punctuation it could close as well as open, so there it is not written.
    """
    before, after = text[at - 1 : at], text[at]
    if after.isspace():
        return False
    return (bare and _is_word(after)) or not before or before.isspace()


def _closes(text: str, at: int, *, bare: bool) -> bool:
    before, after = text[at - 1], text[at : at + 1]
    if before.isspace():
        return False
    return (bare and _is_word(before)) or not after or after.isspace()


def _is_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign) in {"Mn", "Mc", "Me", "Cf"}
