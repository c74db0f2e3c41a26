"""What a reader ticked and unticked in dossiers, kept in the library from one sitting to the next.

It is no edit, and there is nothing to undo: it says what a reader wants in a brief, as the order of its points does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from margent.ui.session import Session

_KEY = "ticks:"
_KEPT_MS = 800
"""After the last tick of several."""


class DossierTicks(QObject):
    """Choices by theme (its id) and by the key of an entry (`dossier.key_of`); the rest is as at the beginning."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: dict[str, dict[str, bool]] = {}
        self._altered: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_KEPT_MS)
        self._timer.timeout.connect(self.keep)

    def of(self, theme: str) -> Mapping[str, bool]:
        """Whether entries of a theme were ticked or unticked, by key."""
        if theme not in self._known:
            if not theme or not self._session.is_ready:
                return {}
            self._known[theme] = _read(self._session.kept(_KEY + theme))
        return self._known[theme]

    def put(self, theme: str, keys: Iterable[str], *, on: bool) -> None:
        """Tick or untick entries."""
        self._known[theme] = {**self.of(theme), **dict.fromkeys(keys, on)}
        self._alter(theme)

    def forget(self, theme: str) -> None:
        """Leave a theme as it is at the beginning."""
        self._known[theme] = {}
        self._alter(theme)

    def keep(self) -> None:
        """Write what was altered."""
        self._timer.stop()
        altered, self._altered = self._altered, set()
        for theme in altered if self._session.is_ready else ():
            self._session.keep(_KEY + theme, _written(self._known[theme]))

    def _alter(self, theme: str) -> None:
        self._altered.add(theme)
        self._timer.start()


def _written(choices: Mapping[str, bool]) -> str:
    if not choices:
        return ""
    return json.dumps([[key for key, ticked in choices.items() if ticked is on] for on in (True, False)])


def _read(text: str) -> dict[str, bool]:
    """What `_written` wrote; what nobody can have written here is as if nothing was."""
    try:
        ticked, unticked = json.loads(text) if text else ((), ())
        return {**{str(key): True for key in ticked}, **{str(key): False for key in unticked}}
    except (ValueError, TypeError):
        return {}
