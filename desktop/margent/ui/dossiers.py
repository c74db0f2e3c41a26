"""Makes the library view's dossier and connects it: where its rows lead, and the brief that is exported of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from margent.ui.dossierpane import DossierPane

if TYPE_CHECKING:
    from margent.ui.dossierexport import DossierExport
    from margent.ui.libraryview import LibraryView
    from margent.ui.session import Session
    from margent.ui.style import Style


def dossier_of(view: LibraryView, session: Session, style: Style) -> DossierPane:
    """The dossier of a library view."""
    pane = DossierPane(session, style, view)
    pane.passageRequested.connect(view.passageRequested)
    pane.noteRequested.connect(view.noteRequested)
    pane.openRequested.connect(view.openRequested)
    pane.failed.connect(view.failed)
    pane.exportRequested.connect(lambda: export(view, pane, session, style))
    return pane


def export(view: LibraryView, pane: DossierPane, session: Session, style: Style) -> DossierExport | None:
    """Open the dialog that makes a brief of what is ticked; None while the dossier is not there yet."""
    from margent.ui.dossierexport import DossierExport  # noqa: PLC0415 - brings in the templates

    theme = pane.loader.theme
    if theme is None:
        return None
    dialog = DossierExport(session, style, theme, pane.rows(), pane.ticked(), view)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.said.connect(view.said)
    dialog.open()
    return dialog
