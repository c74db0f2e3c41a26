"""Blocks as compact JSON without their text, which a revision stores once and blocks only measure.

An entry is the length of a plain paragraph in code points, or `[kind, length, marks, attributes]` where marks are
`[kind, start, end]` or `[kind, start, end, target]`, attributes are the fields that differ from their defaults, and
empty ends are left off. Most blocks of a long text are plain paragraphs, so that most entries are one number.
"""

from collections.abc import Sequence
from typing import Any, get_args

from margent.document import Block, BlockKind, Mark, MarkKind

Entry = int | list[Any]

_BLOCK_KINDS: dict[str, BlockKind] = {kind: kind for kind in get_args(BlockKind)}
_MARK_KINDS: dict[str, MarkKind] = {kind: kind for kind in get_args(MarkKind)}
_ATTRIBUTES = [name for name in Block._fields if name not in {"kind", "text", "marks"}]
_DEFAULTS = Block._field_defaults


def encode(blocks: Sequence[Block]) -> list[Entry]:
    """The entries that stand for `blocks`, ready for JSON."""
    return [_entry(block) for block in blocks]


def decode(entries: Sequence[Entry], text: str) -> tuple[Block, ...]:
    """The blocks that `entries` cut out of a revision's `text`.

    Raises ValueError, KeyError or TypeError when the entries are not blocks of this text.
    """
    blocks: list[Block] = []
    append = blocks.append
    start = 0
    for entry in entries:
        if type(entry) is int:
            end = start + entry
            append(Block("paragraph", text[start:end]))
        else:
            kind, length, *rest = entry  # type: ignore[misc]
            end = start + length
            append(_block(_BLOCK_KINDS[kind], text[start:end], *rest))
        start = end + 1
    if max(0, start - 1) != len(text):
        raise ValueError(f"the blocks measure {max(0, start - 1)} characters, the text {len(text)}")
    return tuple(blocks)


def _entry(block: Block) -> Entry:
    attributes = {name: getattr(block, name) for name in _ATTRIBUTES if getattr(block, name) != _DEFAULTS[name]}
    if block.kind == "paragraph" and not block.marks and not attributes:
        return len(block.text)
    entry: list[Any] = [block.kind, len(block.text)]
    if block.marks or attributes:
        entry.append([list(mark) if mark.target else list(mark[:3]) for mark in block.marks])
    if attributes:
        entry.append(attributes)
    return entry


def _block(kind: BlockKind, text: str, marks: Sequence[Any] = (), attributes: dict[str, Any] | None = None) -> Block:
    found = tuple([Mark(_MARK_KINDS[mark[0]], *mark[1:]) for mark in marks])
    if not attributes:
        return Block(kind, text, found)
    if "align" in attributes:
        attributes["align"] = tuple(attributes["align"])
    return Block(kind, text, found, **attributes)
