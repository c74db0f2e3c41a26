"""Before a dossier leaves: its heading and form, and beside them exactly what will be written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QLocale, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from margent.brief.arrangement import Arrangement, dumps, loads
from margent.brief.dates import spoken
from margent.brief.dossiers import dossier_brief
from margent.brief.filing import write
from margent.brief.keeping import bare
from margent.brief.render import render_joint
from margent.brief.templates import templates
from margent.ui.briefout import ask_for_file, may_replace, must_replace
from margent.ui.briefsheet import BriefSheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from margent.annotations import Theme
    from margent.brief.render import JointBrief
    from margent.document import Document
    from margent.dossier import DossierRow
    from margent.errors import MargentError
    from margent.ui.session import Session
    from margent.ui.style import Style

_T = TypeVar("_T")
_KEY = "dossier:"
"""What a dossier's heading, introduction and form are kept under in the library; the theme's id follows."""
_RENDER_MS = 120
_SIDE = 260
_WHOLE = "whole"
"""The one template that is of a single document."""


class DossierExport(QDialog):
    """Makes one brief of what is ticked of a dossier. `said` carries a sentence when it has left.

    What went wrong is said in the dialog, where another place or form can be chosen.
    """

    said = Signal(str)

    def __init__(
        self,
        session: Session,
        style: Style,
        theme: Theme,
        rows: list[DossierRow],
        ticked: set[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._rows, self._ticked = rows, ticked
        self._joint: JointBrief | None = None
        """The points without heading and introduction, once they are gathered."""
        self._closed = False
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_RENDER_MS)
        self._timer.timeout.connect(self._render)
        self.setWindowTitle(self.tr("Export dossier"))
        window = parent.window().size() if parent is not None else self.size()
        self.resize(min(style.px(980), window.width() - 60), min(style.px(700), window.height() - 60))
        self.sheet = BriefSheet(style, session.settings.face)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._make_side(style))
        row.addWidget(self.sheet, 1)
        self._show_kept()
        self._gather()

    def _make_side(self, style: Style) -> QWidget:
        side = QWidget()
        side.setFixedWidth(style.px(_SIDE))
        column = QVBoxLayout(side)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(style.px(6))
        self.title = QLineEdit()
        self.title.setPlaceholderText(self._theme.name)
        self.title.setAccessibleName(self.tr("Heading of the brief"))
        self.introduction = QPlainTextEdit()
        self.introduction.setPlaceholderText(self.tr("What the readers of this brief should know first"))
        self.introduction.setAccessibleName(self.tr("Introduction"))
        self.introduction.setTabChangesFocus(True)
        self.introduction.setFixedHeight(style.px(92))
        self.form = QComboBox()
        self.form.setAccessibleName(self.tr("Form of the brief"))
        parts = (
            (self.tr("Heading"), self.title),
            (self.tr("Introduction"), self.introduction),
            (self.tr("Form"), self.form),
        )
        for text, widget in parts:
            label = QLabel(text)
            label.setProperty("section", True)
            label.setBuddy(widget)
            column.addWidget(label)
            column.addWidget(widget)
            column.addSpacing(style.px(6))
        self.count = QLabel(self.tr("Gathering…"))
        self.count.setProperty("muted", True)
        self.count.setWordWrap(True)
        column.addWidget(self.count)
        self.problem = QLabel()
        self.problem.setProperty("danger", True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.hide()
        column.addWidget(self.problem)
        column.addStretch(1)
        self.export = QPushButton(self.tr("Export Markdown…"))
        self.export.setProperty("primary", True)
        self.export.setDefault(True)
        self.export.clicked.connect(self._export)
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.setAutoDefault(False)
        self.copy.setToolTip(self.tr("Put the brief on the clipboard as Markdown"))
        self.copy.clicked.connect(self._copy)
        for button in (self.export, self.copy):
            button.setEnabled(False)
            column.addWidget(button)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        cancel = box.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setAutoDefault(False)
        box.rejected.connect(self.reject)
        column.addWidget(cancel)
        return side

    def _show_kept(self) -> None:
        """Begin with what was chosen the last time."""
        kept = self._session.kept(_KEY + self._theme.id)
        arrangement = loads(kept) if kept else Arrangement(template="order")
        self.title.setText(arrangement.title)
        self.introduction.setPlainText(arrangement.introduction)
        known = {
            "order": self.tr("By document"),
            "meeting": self.tr("Meeting brief"),
            "theme": self.tr("By theme"),
        }
        infos = [info for info in templates(self._session.folders.templates) if info.name != _WHOLE]
        for info in sorted(infos, key=lambda info: info.name not in known):
            self.form.addItem(known.get(info.name, info.title), info.name)
        self.form.setCurrentIndex(max(0, self.form.findData(arrangement.template)))
        self.title.textChanged.connect(self._timer.start)
        self.introduction.textChanged.connect(self._timer.start)
        self.form.currentIndexChanged.connect(self._timer.start)

    # -- what will be written -------------------------------------------------------------------------------------

    def _gather(self) -> None:
        """Read the documents and make points of what is ticked, in a worker: there may be many."""
        library, rows, ticked, theme = self._session.library, self._rows, self._ticked, self._theme

        def done(joint: JointBrief) -> None:
            self._joint = joint
            points = sum(len(part.points) for part in joint.parts)
            text = self.tr("%n point(s)", None, points)
            documents = self.tr("in %n document(s)", None, len(joint.parts))
            self.count.setText(f"{text} {documents}")
            self._enable()
            self._render()

        self._run(lambda: dossier_brief(rows, ticked, theme, library.reading), done)

    def _run(self, work: Callable[[], _T], done: Callable[[_T], None]) -> None:
        """Work in a worker; what comes when the dialog is closed is dropped."""

        def then(result: _T) -> None:
            if not self._closed:
                done(result)

        self._session.jobs.run(work, then, self._fail)

    @property
    def template(self) -> str:
        """The name of the template that is chosen."""
        return str(self.form.currentData())

    def brief(self) -> JointBrief | None:
        """The brief as it would be written now; None while it is gathered."""
        if self._joint is None:
            return None
        return replace(
            self._joint,
            title=" ".join(self.title.text().split()) or self._theme.name,
            introduction=self.introduction.toPlainText().strip(),
            prepared=spoken(datetime.now().astimezone().date()),
            exporter=self._session.settings.author,
        )

    def _render(self) -> None:
        self._timer.stop()
        joint = self.brief()
        if joint is None:
            return
        self._turn += 1
        turn, template, folder = self._turn, self.template, self._session.folders.templates

        def work() -> tuple[str, Document]:
            from margent.formats import read  # noqa: PLC0415 - the preview alone

            text = render_joint(joint, template, user_folder=folder)
            return text, read(text.encode(), "brief.md")

        def done(result: tuple[str, Document]) -> None:
            if turn == self._turn:
                self.problem.hide()
                self.sheet.show_brief(*result)

        self._run(work, done)

    def _fail(self, error: MargentError) -> None:
        """Say it here, where another place or form can be chosen."""
        if self._closed:
            return
        self.problem.setText(str(error))
        self.problem.show()
        self._enable()

    def _enable(self, *, on: bool = True) -> None:
        ready = on and self._joint is not None and bool(self._joint.parts)
        for button in (self.export, self.copy):
            button.setEnabled(ready)

    # -- out ------------------------------------------------------------------------------------------------------

    def done(self, result: int) -> None:
        """Keep what was chosen for the next time."""
        self._closed = True
        self._timer.stop()
        chosen = Arrangement(
            template=self.template, title=self.title.text(), introduction=self.introduction.toPlainText()
        )
        text = dumps(chosen)
        if text != self._session.kept(_KEY + self._theme.id):
            self._session.keep(_KEY + self._theme.id, text)
        super().done(result)

    def _copy(self) -> None:
        joint, template, folder = self.brief(), self.template, self._session.folders.templates
        if joint is None:
            return

        def copied(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self.said.emit(self.tr("The brief is on the clipboard as Markdown."))
            self.accept()

        self._enable(on=False)
        self._run(lambda: bare(render_joint(joint, template, user_folder=folder)), copied)

    def _export(self) -> None:
        joint = self.brief()
        if joint is None:
            return
        path = ask_for_file(self, joint.title)
        if path is not None:
            self.write_to(path)

    def write_to(self, path: Path) -> None:
        """Write the brief to `path`; what was written there outside the managed parts stays."""
        joint, template, folder = self.brief(), self.template, self._session.folders.templates
        replace_it = must_replace(path)
        if joint is None or (replace_it and not may_replace(self, path)):
            return

        def written(file: Path) -> None:
            now = QLocale().toString(QTime.currentTime(), QLocale.FormatType.ShortFormat)
            self.said.emit(self.tr("Exported to %1 at %2.").replace("%1", str(file)).replace("%2", now))
            self.accept()

        self._enable(on=False)
        self._run(lambda: write(path, render_joint(joint, template, user_folder=folder), replace=replace_it), written)
