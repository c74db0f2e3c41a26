"""The Brief view: which points leave, in which order and form; on the right exactly what will be written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from margent.brief.arrangement import Arrangement, dumps, loads
from margent.brief.dates import spoken
from margent.brief.filing import write
from margent.brief.keeping import bare
from margent.brief.points import Point, gather
from margent.brief.render import Brief, render
from margent.brief.templates import TemplateInfo, templates
from margent.errors import MargentError
from margent.ui.briefout import ask_for_file, may_replace, must_replace
from margent.ui.briefpoints import Heading, PointList, PointRow
from margent.ui.briefsheet import BriefSheet
from margent.ui.brieftemplates import TemplateChoice
from margent.ui.chrome import StatusBar, Toolbar
from margent.ui.noteeditor import RETRY_MS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from PySide6.QtGui import QAction

    from margent.annotations import Annotation, Change
    from margent.document import Document
    from margent.reading import Reading
    from margent.ui.session import Session
    from margent.ui.style import Style

_KEY = "brief:"
_AROUND_CHOICE = 36
"""Pixels that the ends of the toolbar and the gaps beside the choice of a template take."""
_RENDER_MS = 80
"""Pause in ticking and typing after which the preview is made again."""


class BriefView(QWidget):
    """Points on the left, preview on the right. `said` and `failed` carry a sentence for the reader."""

    said = Signal(str)
    failed = Signal(str)

    def __init__(
        self, session: Session, style: Style, actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._style = style
        self._actions = actions
        self._reading: Reading | None = None
        self._arrangements: dict[str, Arrangement] = {}
        self._points: list[Point] = []
        self._infos: dict[str, TemplateInfo] = {}
        self._unkept: dict[str, str] = {}
        self._by_hand = False
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_RENDER_MS)
        self._timer.timeout.connect(self._render)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(RETRY_MS)
        self._again.timeout.connect(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_toolbar())
        self._splitter = splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._make_left())
        self.sheet = BriefSheet(style, session.settings.face)
        splitter.addWidget(self.sheet)
        splitter.splitterMoved.connect(self._moved_by_hand)
        splitter.setStretchFactor(1, 1)
        column.addWidget(splitter, 1)
        self.status = StatusBar(self)
        column.addWidget(self.status)
        session.changed.connect(self._changed)
        session.reloaded.connect(self._reloaded)

    # -- building ---------------------------------------------------------------------------------------------

    def _make_toolbar(self) -> QWidget:
        self._bar = bar = Toolbar(self)
        back = QToolButton()
        back.setText(self.tr("‹ Article"))
        back.setToolTip(self._actions["article"].toolTip())
        back.setAccessibleName(self._actions["article"].text())
        back.setAutoRaise(True)
        back.clicked.connect(self._actions["article"].trigger)
        bar.add_left(back)
        self.choice = TemplateChoice(self._style)
        self.choice.chosen.connect(self._choose_template)
        bar.add_middle(self.choice)
        copy = QToolButton()
        copy.setText(self.tr("Copy"))
        copy.setToolTip(self._actions["copy_brief"].toolTip())
        copy.setAccessibleName(self._actions["copy_brief"].text())
        copy.setAutoRaise(True)
        copy.clicked.connect(self._actions["copy_brief"].trigger)
        bar.add_right(copy)
        bar.right.addSpacing(6)
        export = QPushButton(self.tr("Export Markdown"))
        export.setProperty("primary", True)
        export.setToolTip(self._actions["export"].toolTip())
        export.clicked.connect(self._actions["export"].trigger)
        bar.add_right(export)
        return bar

    def _fill_templates(self) -> None:
        found = templates(self._session.folders.templates)
        self._infos = {info.name: info for info in found}
        self.choice.fill(found, self._arrangement.template)
        self._fit_templates()

    def _fit_templates(self) -> None:
        sides = self._bar.left.minimumSize().width() + self._bar.right.minimumSize().width()
        self.choice.fit(self.width() - sides - _AROUND_CHOICE)

    def _choose_template(self, name: str) -> None:
        self._arrange(template=name)
        self.choice.fill(list(self._infos.values()), name)
        self._fit_templates()

    def _make_left(self) -> QWidget:
        left = QWidget()
        left.setObjectName("page")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        left.setMinimumWidth(320)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(8)
        fields = QVBoxLayout()
        fields.setContentsMargins(20, 0, 20, 0)
        fields.setSpacing(4)
        fields.addWidget(self._label(self.tr("Heading")))
        self.title = QLineEdit()
        self.title.setAccessibleName(self.tr("Heading of the brief"))
        self.title.textEdited.connect(lambda text: self._arrange(title=text))
        fields.addWidget(self.title)
        fields.addSpacing(4)
        fields.addWidget(self._label(self.tr("Introduction")))
        self.introduction = QLineEdit()
        self.introduction.setAccessibleName(self.tr("A line of introduction"))
        self.introduction.setPlaceholderText(self.tr("What the readers of this brief should know first"))
        self.introduction.textEdited.connect(lambda text: self._arrange(introduction=text))
        fields.addWidget(self.introduction)
        self.private = QCheckBox()
        self.private.toggled.connect(lambda on: self._arrange(private=on))
        column.addLayout(fields)
        line = QHBoxLayout()
        line.setContentsMargins(15, 0, 15, 0)  # a tick box keeps 5 px at its side for its ring
        line.addWidget(self.private)
        column.addLayout(line)
        self.points = PointList(self._style)
        self.points.ticked.connect(self._tick)
        self.points.moved.connect(self._move)
        self.points.stepped.connect(self._step)
        self.empty = QLabel(self.tr("Nothing is highlighted yet. Select words in the article to highlight them."))
        self.empty.setProperty("muted", True)
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(20, 8, 20, 8)
        column.addWidget(self.empty)
        column.addWidget(self.points, 1)
        column.addStretch()
        return left

    def _label(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("section", True)
        return label

    # -- the arrangement --------------------------------------------------------------------------------------

    @property
    def _arrangement(self) -> Arrangement:
        key = self._reading.record.id if self._reading is not None else ""
        return self._arrangements.get(key, Arrangement())

    def _arrange(self, **values: object) -> None:
        if self._reading is None:
            return
        arrangement = replace(self._arrangement, **values)  # type: ignore[arg-type]
        if arrangement == self._arrangement:
            return
        record = self._reading.record
        self._arrangements[record.id] = arrangement
        self._unkept[record.id] = record.title
        self._show_points()
        self._timer.start()

    def open(self, reading: Reading | None) -> None:
        """Show the points of a document."""
        self.keep()
        self._reading = reading
        if reading is not None and reading.record.id not in self._arrangements:
            self._arrangements[reading.record.id] = loads(self._session.kept(_KEY + reading.record.id))
        arrangement = self._arrangement
        self.title.setText(arrangement.title)
        self.title.setPlaceholderText(reading.record.title if reading is not None else "")
        self.introduction.setText(arrangement.introduction)
        self.private.setChecked(arrangement.private)
        self._fill_templates()
        self._show_points()
        self._render()

    def keep(self) -> None:
        """Write what was arranged, so that the next sitting finds it; what cannot be written is tried again."""
        for document in list(self._unkept):
            if self._session.keep(_KEY + document, dumps(self._arrangements[document])):
                del self._unkept[document]
        self._again.start() if self._unkept else self._again.stop()

    def unsaved(self) -> list[str]:
        """What was arranged and is not in the library, a text for each document."""
        return [self._said(title, self._arrangements[key]) for key, title in self._unkept.items()]

    def _said(self, title: str, arrangement: Arrangement) -> str:
        lines = [self.tr("How the brief of “%1” is arranged").replace("%1", title)]
        if arrangement.title:
            lines.append(self.tr("Heading: %1").replace("%1", arrangement.title))
        if arrangement.introduction:
            lines.append(self.tr("Introduction: %1").replace("%1", arrangement.introduction))
        if arrangement.left_out:
            lines.append(self.tr("%n point(s) left out", None, len(arrangement.left_out)))
        if arrangement.order:
            lines.append(self.tr("The points in another order"))
        return "\n".join(lines)

    def _changed(self, _change: Change) -> None:
        self._reloaded()

    def _reloaded(self) -> None:
        if self.isVisible() and self._reading is not None:
            self._show_points()
            self._timer.start()

    def _moved_by_hand(self) -> None:
        self._by_hand = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width between points and preview, until somebody has done so by hand."""
        super().resizeEvent(event)
        self._fit_templates()
        if not self._by_hand:
            left = min(520, round(self.width() * 0.42))
            self._splitter.setSizes([left, self.width() - left])

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the view was hidden."""
        super().showEvent(event)
        self._reloaded()

    # -- points -----------------------------------------------------------------------------------------------

    def _show_points(self) -> None:
        reading = self._reading
        if reading is None:
            self.points.rows.put([])
            return
        every = gather(reading, include_private=True)
        private = sum(point.annotation.private for point in every)
        self.private.setVisible(bool(private))
        self.private.setText(self.tr("Include %n private annotation(s)", None, private))
        arrangement = self._arrangement
        self._points = arrangement.ordered(
            [point for point in every if arrangement.private or not point.annotation.private]
        )
        rows: list[tuple[str, Heading | PointRow]] = []
        groups: dict[str, list[Point]] = {}
        for point in self._points:
            groups.setdefault(self._group_of(point), []).append(point)
        for name, points in groups.items():
            rows.append((f"heading:{name}", Heading(name)))
            rows += [(point.annotation.id, self._row(point, name)) for point in points]
        self.points.rows.put(rows)
        self.empty.setVisible(not rows)
        keys = QKeySequence("Alt+Up").toString(QKeySequence.SequenceFormat.NativeText)
        hint = self.tr("Space ticks a point; dragging, or %1 and Down, moves it").replace("%1", keys)
        self.status.counts.setText(hint if rows else "")
        self.points.setVisible(bool(rows))
        chosen = len(arrangement.chosen(self._points))
        self.status.leading.setText(
            self.tr("%1 of %n point(s) included", None, len(self._points)).replace("%1", str(chosen))
        )
        info = self._infos.get(arrangement.template)
        self.status.state.setText(
            self.tr("Template: %1").replace("%1", info.title if info is not None else arrangement.template)
        )

    def _group_of(self, point: Point) -> str:
        if point.annotation.state == "orphaned":
            return self.tr("No longer in the text")
        if self._arrangement.template in {"order", "whole"}:
            return point.section[-1] if point.section else self.tr("Beginning")
        return point.themes[0] if point.themes else self.tr("Other points")

    def _row(self, point: Point, group: str) -> PointRow:
        annotation = point.annotation
        kinds = {"question": self.tr("Question"), "action": self.tr("Action"), "position": self.tr("Position")}
        parts = [kinds.get(annotation.kind, ""), self._other_author(annotation)]
        parts.append(self.tr("private") if annotation.private else "")
        label = ", ".join(part for part in parts if part)
        included = annotation.id not in self._arrangement.left_out
        return PointRow(annotation, included, f"{label}:" if label else "", group)

    def _other_author(self, annotation: Annotation) -> str:
        return annotation.author if annotation.author != self._session.settings.author else ""

    def _tick(self, keys: list[str], on: bool) -> None:
        left_out = self._arrangement.left_out
        self._arrange(left_out=left_out - set(keys) if on else left_out | set(keys))

    def _move(self, key: str, before: str) -> None:
        order = [point.annotation.id for point in self._points]
        if key not in order or key == before:
            return
        order.remove(key)
        order.insert(order.index(before) if before in order else len(order), key)
        self._arrange(order=tuple(order))

    def _step(self, key: str, by: int) -> None:
        moving = self.points.rows.get(key)
        if not isinstance(moving, PointRow):
            return
        group = [
            row.annotation.id
            for row in self.points.rows.values()
            if isinstance(row, PointRow) and row.group == moving.group
        ]
        here = group.index(key)
        there = here + by
        if not 0 <= there < len(group):
            return
        order = [point.annotation.id for point in self._points]
        first, second = order.index(key), order.index(group[there])
        order[first], order[second] = order[second], order[first]
        self._arrange(order=tuple(order))

    # -- what will be written ---------------------------------------------------------------------------------

    def _brief(self) -> Brief:
        assert self._reading is not None
        arrangement = self._arrangement
        return Brief(
            record=self._reading.record,
            document=self._reading.document,
            points=arrangement.chosen(self._points),
            title=" ".join(arrangement.title.split()) or self._reading.record.title,
            introduction=arrangement.introduction.strip(),
            prepared=spoken(datetime.now().astimezone().date()),
            exporter=self._session.settings.author,
        )

    def markdown(self) -> str:
        """The brief as it would be written now. Raises MargentError when a template is broken."""
        return render(self._brief(), self._arrangement.template, user_folder=self._session.folders.templates)

    def _render(self) -> None:
        self._timer.stop()
        if self._reading is None:
            return
        self.keep()
        self._turn += 1
        turn, brief = self._turn, self._brief()
        template, folder = self._arrangement.template, self._session.folders.templates

        def work() -> tuple[str, Document]:
            from margent.formats import read  # noqa: PLC0415 - the preview alone

            text = render(brief, template, user_folder=folder)
            return text, read(text.encode(), "brief.md")

        def done(result: tuple[str, Document]) -> None:
            if turn == self._turn:
                self.sheet.show_brief(*result)

        self._session.jobs.run(work, done, lambda error: self.failed.emit(str(error)))

    # -- out --------------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the brief on the clipboard."""
        try:
            QGuiApplication.clipboard().setText(bare(self.markdown()))
        except MargentError as error:
            self.failed.emit(str(error))
            return
        self.said.emit(self.tr("The brief is on the clipboard as Markdown."))

    def export(self) -> None:
        """Ask for a file and write the brief to it."""
        if self._reading is None:
            return
        path = ask_for_file(self, self._brief().title)
        if path is not None:
            self.write_to(path)

    def write_to(self, path: Path) -> None:
        """Write the brief to `path`; what was written there outside the managed parts stays."""
        replace_it = must_replace(path)
        if replace_it and not may_replace(self, path):
            return
        brief, template, folder = self._brief(), self._arrangement.template, self._session.folders.templates

        def work() -> Path:
            written = write(path, render(brief, template, user_folder=folder), replace=replace_it)
            if template == "whole":
                from margent.exchange.outgoing import remember_points  # noqa: PLC0415 - of this template alone

                points = [point.annotation.id for point in brief.points]
                remember_points(self._session.library, brief.record.id, points)
            return written

        self._session.jobs.run(
            work,
            lambda written: self.said.emit(
                self.tr("Exported to %1 at %2.")
                .replace("%1", str(written))
                .replace("%2", QLocale().toString(QTime.currentTime(), QLocale.FormatType.ShortFormat))
            ),
            lambda error: self.failed.emit(str(error)),
        )
