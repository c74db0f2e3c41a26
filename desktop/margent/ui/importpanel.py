"""How far an import is, over the foot of the window, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from margent.ui.surface import SHADOW, Surface

if TYPE_CHECKING:
    from margent.errors import MargentError
    from margent.importing import ImportReport, Progress
    from margent.ui.chrome import MessageBar
    from margent.ui.imports import Imports
    from margent.ui.style import Style

_QUIET_MS = 400
"""An import that is done by then shows no panel."""
_FINE = 100
"""Steps of the bar that a file is worth."""
_WIDTH = 420
"""Of the panel, in pixels of the design."""


class ImportPanel(Surface):
    """Shows an import that takes a while and can stop it; says in the message bar what became of it.

    It stands over the foot of `window`, `floor` pixels from it, and messages stand above it.
    `wholePageRequested`: all of the page that a document (its id) came from is wanted, and not its article alone.
    """

    wholePageRequested = Signal(str)

    def __init__(self, style: Style, imports: Imports, messages: MessageBar, window: QWidget, floor: int) -> None:
        super().__init__(style, window)
        self.setObjectName("importpanel")
        self.setAccessibleName(self.tr("Import"))
        self._imports = imports
        self._messages = messages
        self._window = window
        self._floor = floor
        self._name = ""
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.name = _Elided(self)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(self.tr("Files that were looked at"))
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setToolTip(self.tr("Stop the import; what has come in stays"))
        self.cancel.clicked.connect(self.stop)
        self._details = QAction(self.tr("Details…"), self)
        self._details.setProperty("lasting", True)
        self._details.triggered.connect(self.show_details)
        self._whole = QAction(self.tr("Show the whole page"), self)
        self._whole.setProperty("lasting", True)
        self._whole.triggered.connect(self._ask_whole)
        self._report: ImportReport | None = None
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_QUIET_MS)
        self._timer.timeout.connect(self._appear)
        imports.started.connect(self._begin)
        imports.progressed.connect(self._progress)
        imports.ended.connect(self._end)
        imports.failed.connect(self._fail)
        window.installEventFilter(self)
        self.hide()
        if imports.running:
            self._begin()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(SHADOW + 16, SHADOW + 12, SHADOW + 12, SHADOW + 14)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.name, 1, 0)
        grid.addWidget(self.cancel, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.setRowMinimumHeight(2, 6)
        grid.addWidget(self.bar, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    # -- what the import says ---------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the import."""
        self.cancel.setEnabled(False)
        self.title.setText(self.tr("Stopping…"))
        self._imports.stop()

    def _begin(self) -> None:
        self.cancel.setEnabled(True)
        self.title.setText(self.tr("Looking for files…"))
        self.name.set_text("")
        self.bar.setRange(0, 0)
        self._timer.start()

    def _progress(self, now: Progress) -> None:
        if not self.cancel.isEnabled():
            return
        self.title.setText(
            self.tr("Bringing in %1 of %2")
            .replace("%1", str(min(now.done + 1, now.total)))
            .replace("%2", str(now.total))
        )
        self.name.set_text(now.name)
        self.bar.setRange(0, _FINE * max(1, now.total))
        self.bar.setValue(round(_FINE * (now.done + now.share)))

    def _end(self, report: ImportReport) -> None:
        self._disappear()
        self._report = report
        problems = len(report.failed)
        if problems == 1 and not (report.added or report.known or report.cancelled):
            self._messages.fail(report.failed[0].reason)
            return
        action = self._details if _has_details(report) else None
        if problems:
            self._messages.fail(self.summary(report), action)
        elif len(report.added) + len(report.known) == 1 and not report.cancelled:
            self._say_one(report)
        elif report.added or report.known or report.cancelled:
            self._messages.say(self.summary(report), action)

    def _say_one(self, report: ImportReport) -> None:
        """A single document is seen; there is something to say only if it was there, or came in with losses."""
        from margent.formats.notices import ARTICLE_ONLY  # noqa: PLC0415 - after an import
        from margent.importing import already  # noqa: PLC0415

        if report.known:
            self._messages.say(already(*report.known[0]))
        elif report.added[0].notices:
            added = report.added[0]
            cut = ARTICLE_ONLY in added.notices
            said = "\n".join(f"{added.name}: {notice}" for notice in added.notices)
            self._messages.say(said, self._whole if cut else None)

    def _ask_whole(self) -> None:
        if self._report is not None and self._report.added:
            self.wholePageRequested.emit(self._report.added[0].record.id)

    def summary(self, report: ImportReport) -> str:
        """What became of an import, in one line."""
        parts = []
        if report.added or not (report.known or report.failed):
            parts.append(self.tr("%n document(s) came in", None, len(report.added)))
        if report.known:
            parts.append(self.tr("%n already in your library", None, len(report.known)))
        if report.failed:
            parts.append(self.tr("%n could not be read", None, len(report.failed)))
        text = " · ".join(parts)
        return self.tr("Stopped: %1").replace("%1", text) if report.cancelled else text

    def _fail(self, error: MargentError) -> None:
        self._disappear()
        self._messages.fail(str(error))

    def show_details(self) -> None:
        """List what did not come in, and what is to be known of what did."""
        from margent.ui.importdialog import ImportDialog  # noqa: PLC0415 - asked for

        if self._report is not None:
            dialog = ImportDialog(self.look, self._report, self._window.window())
            dialog.exec()
            dialog.deleteLater()

    # -- the panel itself -------------------------------------------------------------------------------------

    def _appear(self) -> None:
        if self._imports.running:
            self._place()
            self.show()
            self.raise_()
            self._messages.set_floor(self._floor + self.height() - SHADOW)

    def _disappear(self) -> None:
        self._timer.stop()
        if self.isVisible():
            self.hide()
            self._messages.set_floor(self._floor)

    def _place(self) -> None:
        room = self._window.rect()
        self.resize(min(self.look.px(_WIDTH), room.width()) + 2 * SHADOW, self.sizeHint().height())
        self.move((room.width() - self.width()) // 2, room.height() - self._floor - self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the foot of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops the import."""
        if event.key() == Qt.Key.Key_Escape and self.cancel.isEnabled():
            self.stop()
        else:
            super().keyPressEvent(event)


class _Elided(QLabel):
    """A file's name on one line; what does not fit is left out in the middle, where folders are."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("muted", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""

    def set_text(self, text: str) -> None:
        """Show `text`."""
        self._whole = text
        self.setAccessibleName(text)
        self._elide()

    def resizeEvent(self, event: object) -> None:
        """Use the room there is."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._elide()

    def minimumSizeHint(self) -> QSize:
        """A line's height even while there is no name."""
        return QSize(0, QFontMetrics(self.font()).height())

    def _elide(self) -> None:
        fitting = QFontMetrics(self.font()).elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width())
        self.setText(fitting)


def _has_details(report: ImportReport) -> bool:
    return bool(report.failed or any(added.notices for added in report.added))
