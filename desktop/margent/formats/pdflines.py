"""The lines of a long PDF, packed page by page: as objects, those of two thousand pages take ten times the file."""

from __future__ import annotations

import pickle
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from margent.formats.pdfpage import Line

_OPEN: Final = 128
"""Pages that are kept unpacked: more than whoever reads the lines in order looks back or ahead."""


class Pages(Sequence[list["Line"]]):
    """The lines of each page. A page that is taken twice in a row is the same list, and one taken later is equal."""

    def __init__(self, pages: Iterable[Sequence[Line]] = ()) -> None:
        self._packed: list[bytes] = []
        self._open: OrderedDict[int, list[Line]] = OrderedDict()
        self.counts: list[int] = []
        """How many lines each page has."""
        for page in pages:
            self.append(page)

    def append(self, lines: Sequence[Line]) -> None:
        """Put a page at the end; later changes to its lines are not seen."""
        self._packed.append(zlib.compress(pickle.dumps(list(lines), pickle.HIGHEST_PROTOCOL), 1) if lines else b"")
        self.counts.append(len(lines))

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, index: int) -> list[Line]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[Line]]: ...
    def __getitem__(self, index: int | slice) -> list[Line] | list[list[Line]]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        page = self._open.get(index)
        if page is None:
            page = self._open[index] = self._unpacked(index)
            if len(self._open) > _OPEN:
                self._open.popitem(last=False)
        return page

    def __iter__(self) -> Iterator[list[Line]]:
        """Each page once, none of which is kept."""
        return (self._unpacked(index) for index in range(len(self)))

    def _unpacked(self, index: int) -> list[Line]:
        packed = self._packed[index]
        # What is unpacked was packed by this very object.
        return cast("list[Line]", pickle.loads(zlib.decompress(packed))) if packed else []  # noqa: S301


class Lines(Sequence["Line"]):
    """All lines of some pages in order, for readers that go from one to the next."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._starts: list[int] = []
        total = 0
        for count in pages.counts:
            self._starts.append(total)
            total += count
        self._total = total

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._total))]
        if index < 0:
            index += self._total
        if not 0 <= index < self._total:
            raise IndexError(index)
        page = bisect_right(self._starts, index) - 1
        return self._pages[page][index - self._starts[page]]

    def __iter__(self) -> Iterator[Line]:
        return (line for page in self._pages for line in page)
