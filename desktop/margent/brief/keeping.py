"""What somebody writes between the points of an exported brief stays there when the brief is exported again.

Nothing of what was written before is left to compare with, so a brief ends with a comment of check sums, one for each
stanza (what stands between blank lines) that Margent wrote. A stanza of the file that is not among them is somebody's:
a remark, or a stanza of ours that was altered. It goes after the same stanza as before, or after the last one before it
that is still there; a box that was ticked by hand stays ticked. Nothing is dropped: in doubt, a stanza comes twice.
"""

import re
import sys
from array import array
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

_COMMENT = "<!-- margent:"
_SEAL = re.compile(r"^<!-- margent:wrote (?P<wrote>[\w+/=]*) (?P<ticked>[\w+/=]*) -->[ \t]*$", re.MULTILINE)
_OURS = re.compile(r"^<!-- margent:[^\n]*-->[ \t]*\n*", re.MULTILINE)
_OWN_LINE = re.compile(r"[ \t]*(?:<!--[ \t]*margent:|(?:>[ \t]*)?-[ \t]*\[)")
"""How a line begins that is a stanza by itself: a comment of ours, or an item with a box."""
_TICK = re.compile(r"[ \t]*(?:>[ \t]*)?-[ \t]*\[(?P<sign>[ xX]?)\]")
_TICKED = re.compile(
    rf"^[ \t]*(?:>[ \t]*)?-[ \t]*\[[xX]\][^\n]*(?:\n(?!{_OWN_LINE.pattern})[^\n]*\S[^\n]*)*", re.MULTILINE
)
_KEY_LENGTH = 60
"""Of a comment's beginning, by which it is known again: it holds the id, and not what may have changed."""


@dataclass(slots=True)
class _Stanza:
    """A stretch of a text without blank lines, in code points of it."""

    start: int
    end: int
    text: str
    sum: int = 0
    """0 for a comment of ours."""
    chunk: str = ""
    """The comment of ours that follows, by which a stanza is told from its like; a comment's is its own."""

    @property
    def is_ticked(self) -> bool | None:
        """Whether its box has a tick; None without one."""
        box = _TICK.match(self.text)
        return None if box is None else box["sign"] in {"x", "X"}


def sealed(body: str) -> str:
    """`body` with the comment that says what was written; it comes last."""
    return f"{body}\n\n{_COMMENT}wrote {_packed(_sums(body))} {_packed(_ticked(body))} -->"


def bare(text: str) -> str:
    """A brief without Margent's comments, as one pastes it into a message."""
    return _OURS.sub("", text).strip("\n") + "\n"


def kept(old: str, new: str) -> str:
    """`new`, a sealed text, with all that somebody wrote into `old`, an earlier one with the same comments.

    Where `old` lost its seal, what `new` does not say is taken for somebody's.
    """
    wrote, ticked = _seal(old) or (_sums(new), [])
    if _sums(old) == wrote and _ticked(old) == ticked:
        return new
    stanzas, fresh = _parted(_stanzas(old), wrote), _stanzas(new)
    ours = _ours(stanzas, wrote)
    by_hand = _ticked_by_hand(stanzas, ours, Counter(ticked))
    known = {stanza.sum for stanza in fresh}
    for place, hand in enumerate(by_hand):
        # A tick that has no box to go to any more is kept with its words.
        ours[place] &= not hand or stanzas[place].sum in known
    places = _Places([stanza for stanza, own in zip(stanzas, ours, strict=True) if own], fresh)
    signs = list(new)
    count = 0
    remarks: dict[int, list[str]] = {}
    for place, stanza in enumerate(stanzas):
        if ours[place]:
            twin = places.twin(count) if by_hand[place] else None
            box = _TICK.match(twin.text) if twin is not None else None
            if twin is not None and box is not None:
                signs[twin.start + box.start("sign")] = "x" if stanza.is_ticked else " "
            count += 1
        elif place == 0 or ours[place - 1]:
            last = next(n for n in range(place, len(stanzas)) if n + 1 == len(stanzas) or ours[n + 1])
            twins = map(places.twin, range(count - 1, -1, -1))
            anchor = next((twin.end for twin in twins if twin is not None), 0)
            remarks.setdefault(anchor, []).append(old[stanza.start : stanzas[last].end])
    return _with_remarks("".join(signs), remarks)


def altered(text: str) -> list[tuple[int, int]] | None:
    """The stretches of a sealed text (code points) that somebody wrote, changed or ticked.

    None where something that was written is missing, or the seal is, so that there is no telling.
    """
    found = _seal(text)
    if found is None:
        return None
    wrote, ticked = found
    stanzas = _parted(_stanzas(text), wrote)
    if Counter(wrote) - Counter(stanza.sum for stanza in stanzas):
        return None
    ours = _ours(stanzas, wrote)
    by_hand = _ticked_by_hand(stanzas, ours, Counter(ticked))
    return [
        (stanza.start, stanza.end) for stanza, own, hand in zip(stanzas, ours, by_hand, strict=True) if hand or not own
    ]


def _with_remarks(text: str, remarks: dict[int, list[str]]) -> str:
    """`text` with remarks, by their place in it, set between blank lines."""
    out: list[str] = []
    position = 0
    for place, words in sorted(remarks.items()):
        rest = text[place : place + 2]
        out += (text[position:place], *(f"\n\n{remark}" for remark in words))
        out.append("\n" if rest.strip("\n") or rest == "\n" else "")
        position = place
    return "".join([*out, text[position:]])


# -- whose stanzas --------------------------------------------------------------------------------------------------


def _ours(stanzas: Sequence[_Stanza], wrote: Sequence[int]) -> list[bool]:
    """Which stanzas of a file are those that were written, in the order they were written in.

    Of two alike one is a copy that somebody made: it is the one that stands where the order does not want it.
    """
    ours: list[bool] = []
    later = Counter(stanza.sum for stanza in stanzas)
    left = Counter(wrote)
    at = 0
    for stanza in stanzas:
        later[stanza.sum] -= 1
        own = not stanza.sum
        while not own and left[stanza.sum] > 0:
            if wrote[at] == stanza.sum:
                own = True
            elif later[wrote[at]] > 0:
                break
            left[wrote[at]] -= 1
            at += 1
        ours.append(own)
    return ours


def _ticked_by_hand(stanzas: Iterable[_Stanza], ours: Iterable[bool], ticked: Counter[int]) -> list[bool]:
    """Which of our stanzas have a box that is not as it was written."""
    return [
        own and stanza.is_ticked is not None and stanza.is_ticked != (ticked[stanza.sum] > 0)
        for stanza, own in zip(stanzas, ours, strict=True)
    ]


def _parted(stanzas: Sequence[_Stanza], wrote: Iterable[int]) -> list[_Stanza]:
    """Stanzas with lines that somebody put right before or after one of ours, which is missed then, parted from it."""
    missed = Counter(wrote) - Counter(stanza.sum for stanza in stanzas)
    parted: list[_Stanza] = []
    for stanza in stanzas:
        lines = [at for at, sign in enumerate(stanza.text) if sign == "\n"] if missed and stanza.sum else []
        parts = [stanza]
        for end in reversed(lines):
            before, after = _cut(stanza, 0, end), _cut(stanza, end + 1, len(stanza.text))
            found = next((part.sum for part in (before, after) if missed[part.sum] > 0), None)
            if found is not None:
                missed[found] -= 1
                parts = [before, after]
                break
        parted += parts
    return parted


def _cut(stanza: _Stanza, start: int, end: int) -> _Stanza:
    text = stanza.text[start:end]
    return _Stanza(stanza.start + start, stanza.start + end, text, _sum(text), stanza.chunk)


class _Places:
    """Where the stanzas of one text are in another."""

    def __init__(self, stanzas: Sequence[_Stanza], others: Sequence[_Stanza]) -> None:
        self._keys = _keys(stanzas)
        self._there = dict(zip(_keys(others), others, strict=True))
        single = Counter(key[1] for key in self._keys)
        singles = Counter(other.sum for other in others)
        self._single = {other.sum: other for other in others if single[other.sum] == singles[other.sum] == 1}

    def twin(self, place: int) -> _Stanza | None:
        """What stanza `place` is in the other text: the like of it in the same point, or the only one like it."""
        key = self._keys[place]
        return self._there.get(key) or self._single.get(key[1])


def _keys(stanzas: Iterable[_Stanza]) -> list[tuple[str, int, int]]:
    """What each stanza is known by in another text: the comment after it, its sum, and which of those alike it is."""
    seen: Counter[tuple[str, int]] = Counter()
    keys = []
    for stanza in stanzas:
        keys.append((stanza.chunk, stanza.sum, seen[stanza.chunk, stanza.sum]))
        seen[stanza.chunk, stanza.sum] += 1
    return keys


# -- stanzas and sums -----------------------------------------------------------------------------------------------


def _stanzas(text: str) -> list[_Stanza]:
    """The stanzas of a text; the sums are those that `_sums` gives for the whole."""
    found: list[_Stanza] = []
    lines: list[str] = []
    start = at = 0
    for line in [*text.split("\n"), ""]:
        own = _OWN_LINE.match(line)
        if lines and (own or not line.strip(" \t")):
            found.append(_stanza(start, "\n".join(lines)))
            lines = []
        if line.strip(" \t"):
            start = start if lines else at
            lines.append(line)
            if own and "margent:" in own[0]:
                found.append(_Stanza(at, at + len(line), line))
                lines = []
            elif line.rstrip(" \t").endswith("-->"):
                found.append(_stanza(start, "\n".join(lines)))
                lines = []
        at += len(line) + 1
    chunk = ""
    for stanza in reversed(found):
        if not stanza.sum:
            chunk = "wrote" if _SEAL.match(stanza.text) else stanza.text.split(",", 1)[0][:_KEY_LENGTH]
        stanza.chunk = chunk
    return found


def _stanza(start: int, text: str) -> _Stanza:
    return _Stanza(start, start + len(text), text, _sum(text))


def _sum(text: str) -> int:
    """The sum of one stanza; nothing but signs of quotation is no stanza of ours."""
    return next(iter(_sums(text)), 1)


def _sums(text: str) -> list[int]:
    """A check sum for each stanza but comments; white space, signs of quotation and ticks do not count.

    Editors re-wrap lines and take spaces from their ends; none of that is somebody's writing.
    """
    # Bytes and whole texts, taken apart in a few sweeps: a brief of 10,000 points has 50,000 stanzas.
    bare = f"\n{text}".encode("utf-8", "surrogatepass").translate(None, b" \t").replace(b"-->\n", b"-->\n\n")
    if b"-[x]" in bare or b"-[X]" in bare:
        bare = re.sub(rb"\n(>?)-\[[xX]\]", rb"\n\1-[]", bare)
    for line in (b"\n<!--margent:", b"\n-[", b"\n>-["):
        bare = bare.replace(line, b"\n" + line)
    parts = bare.replace(b"\n\n", b"\0").translate(None, b"\n>").split(b"\0")
    # 0 is for comments.
    return [crc32(part) or 1 for part in parts if part and not (part[0] == 60 and part.startswith(b"<!--margent:"))]


def _ticked(text: str) -> list[int]:
    """The sums of stanzas that have a box with a tick."""
    return [_sum(found[0]) for found in _TICKED.finditer(text)] if "[x]" in text or "[X]" in text else []


def _packed(sums: Iterable[int]) -> str:
    values = array("I", sums)
    if sys.byteorder == "big":
        values.byteswap()
    return b64encode(values.tobytes()).decode()


def _unpacked(text: str) -> list[int]:
    data = b64decode(text)
    return [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data) - 3, 4)]


def _seal(text: str) -> tuple[list[int], list[int]] | None:
    """The sums of what was written and of the boxes that had a tick; None where they are missing or damaged."""
    seals = list(_SEAL.finditer(text))
    if len(seals) != 1:
        return None
    try:
        return _unpacked(seals[0]["wrote"]), _unpacked(seals[0]["ticked"])
    except ValueError:
        return None
