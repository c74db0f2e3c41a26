"""Makes the library view's dossier and connects it: where its rows lead, and the brief that is exported of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from margent.ui.dossierpane import DossierPane

if TYPE_CHECKING:
    from margent.ui.libraryview import LibraryView
    from margent.ui.session import Session
    from margent.ui.style import Style


def dossier_of(view: LibraryView, session: Session, style: Style) -> DossierPane:
    """The dossier of a library view."""
    pane = DossierPane(session, style, view)
    pane.placeRequested.connect(view.placeRequested)
    pane.noteRequested.connect(view.noteRequested)
    pane.openRequested.connect(view.openRequested)
    pane.failed.connect(view.failed)
    return pane
