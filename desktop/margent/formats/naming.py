"""Names of headings, by which links inside a document find them."""

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 80
_OUTSIDE = re.compile(r"[^\w\s-]")
_BETWEEN = re.compile(r"[-\s]+")


class Names:
    """Gives each heading a name of its own: the second "Outlook" is "outlook_1"."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def new(self, title: str) -> str:
        """A name for a heading with this title that no other has; letters of any script are kept."""
        name = slug(title) or "section"
        unique = name
        while unique in self._taken:
            # The count goes on where it stopped, or a thousand equal headings would try a million names.
            self._next[name] = self._next.get(name, 0) + 1
            unique = f"{name}_{self._next[name]}"
        self._taken.add(unique)
        return unique


def slug(title: str, separator: str = "-") -> str:
    """`title` in small letters with `separator` between its words; the form that GitHub and Python-Markdown give."""
    plain = _OUTSIDE.sub("", unicodedata.normalize("NFC", title)).strip().lower()
    return _BETWEEN.sub(separator, plain)[:_LONGEST].strip(separator)
