"""How Margent looks: the appearance in force, its colours, fonts and icons, and the style sheet made of them.

Widgets say what they are by object name or property (see resources/appearances/sheet.qss) and never carry colours
of their own; what paints by hand asks here and repaints on `changed`.
"""

from zlib import crc32

from PySide6 import QtCore
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from margent.appearance import CHOICES, Appearance, Choice, Name, blend, from_platform, load
from margent.appearance import contrast as contrast_of
from margent.assets import RESOURCES
from margent.errors import MargentError
from margent.ui import fonts
from margent.ui.icons import Icons
from margent.ui.sheet import Drawings, compose

_STARK = 20.0
"""Contrast of text and ground, of 21 at most, that themes of high contrast alone have."""


class Style(QObject):
    """The one place that knows how things look. Made once, right after the QApplication.

    Sizes are given in pixels of the design, in which interface text is 13 high; all but `text_font` grow with the
    desktop's own text size.
    """

    changed = Signal()
    """Colours are others now: repaint what was painted with them. Icons and styled widgets do so by themselves."""

    def __init__(self, app: QApplication, choice: str = "system", *, quick: bool = False) -> None:
        """`quick` leaves to `settle` what can wait until something is on the screen."""
        super().__init__(app)
        self._app = app
        self._scale = fonts.scale(app.font())
        self._choice: Choice = "light"
        self._appearance: Appearance
        self._icons = Icons(RESOURCES / "icons", self.colour)
        self._template = (RESOURCES / "appearances" / "sheet.qss").read_text("utf-8")
        self._drawings: Drawings | None = None
        fonts.register(RESOURCES / "fonts")
        self._brushes: dict[str, QPalette] = {}
        self._asked = False
        app.setFont(self.ui_font())
        if quick and choice == "system":
            self._choice = "system"
            self.apply()
        else:
            self._asked = True
            self.set_appearance(choice)
        if not quick:
            self.settle()

    def settle(self) -> None:
        """Do what the first page can do without: the program's icon, focus rings, and following the system."""
        self._app.setWindowIcon(QIcon(str(RESOURCES / "icons" / "margent.png")))
        self._app.focusChanged.connect(self._show_focus)
        hints = self._app.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow_system)
        if not self._asked:
            self._asked = True
            self.apply()

    # -- the appearance -----------------------------------------------------------------------------------------

    @property
    def appearance(self) -> Appearance:
        """The colours in force."""
        return self._appearance

    @property
    def choice(self) -> Choice:
        """What was asked for: an appearance, or "system"."""
        return self._choice

    def set_appearance(self, choice: str) -> None:
        """Show "light", "sepia", "dark" or "contrast", or whatever the "system" shows, from now on and live."""
        if choice not in CHOICES:
            raise MargentError(f"There is no appearance “{choice}”: choose one of {', '.join(CHOICES)}.")
        # Title bars and the platform's own dialogs go along with a choice of ours. The scheme is set while the old
        # choice stands, so that its change is not taken for the system's.
        known = QtCore.Qt.ColorScheme
        schemes = {"light": known.Light, "sepia": known.Light, "dark": known.Dark}
        self._app.styleHints().setColorScheme(schemes.get(choice, known.Unknown))
        self._choice = next(known for known in CHOICES if known == choice)
        self.apply()

    def apply(self) -> None:
        """Give the application the palette and the sheet of what is chosen; nothing happens where it has them."""
        look = self._look()
        if self._drawings is not None and look == self._appearance:
            return
        self._appearance = look
        self._app.setPalette(self._palette())
        # Qt remembers pictures by name, so each set of colours has names of its own.
        root = f"/margent/{crc32(repr(self._appearance).encode()):08x}"
        sheet, files = compose(self._template, self._appearance, self._scale, self._icons.tinted, ":" + root)
        drawings = Drawings(files, root)
        self._app.setStyleSheet(sheet)
        self._drawings = drawings
        self.changed.emit()

    # -- what others ask for ------------------------------------------------------------------------------------

    def colour(self, role: str) -> QColor:
        """The colour of a role of appearance.ROLES."""
        return QColor(self._appearance.colours[role])

    def mark(self, name: str) -> QColor:
        """What is drawn under highlighted text, by annotations.Colour."""
        return QColor(self._appearance.marks[name])

    def mark_strong(self, name: str) -> QColor:
        """Underlines and the edges of cards, by annotations.Colour."""
        return QColor(self._appearance.strong[name])

    def theme(self, name: str) -> QColor:
        """Gutter bars, dots and strips, by annotations.ThemeColour."""
        return QColor(self._appearance.themes[name])

    def theme_tint(self, name: str) -> QColor:
        """The ground of the passages of the theme that is being shown, by annotations.ThemeColour."""
        return QColor(self._appearance.tint(name))

    def blend(self, over: QColor, under: QColor, amount: float) -> QColor:
        """`amount` (0–1) of `over` laid on `under`; both opaque."""
        return QColor(blend(over.name(), under.name(), amount))

    def brush(self, colour: QColor) -> QBrush:
        """A brush of a colour, for QPainter.setBackground and the like.

        To make a brush of a colour, and to choose among the forms of setPen, setBrush or fillRect, PySide first makes
        every name in `Qt` and all its enumerations: 15 ms, a tenth of what the first page takes. A palette has brushes
        ready, so that text is on the screen before anybody asks for those names; what comes later needs no such care.
        """
        name = colour.name()
        if name not in self._brushes:
            self._brushes[name] = QPalette()
            self._brushes[name].setColor(QPalette.ColorRole.Base, colour)
        return self._brushes[name].base()

    def px(self, size: float) -> int:
        """`size` pixels of the design as pixels of this desktop."""
        return round(size * self._scale)

    def text_font(self, size_px: float, weight: int = 400, *, italic: bool = False, family: str = fonts.TEXT) -> QFont:
        """The face of the text at just `size_px` pixels; `weight` is 400 or 600."""
        return fonts.font(family, size_px, weight, italic=italic)

    def ui_font(self, size_px: float = fonts.BASE, weight: int = 400) -> QFont:
        """The face of the interface; `weight` is 400 or 600."""
        return fonts.font(fonts.INTERFACE, size_px * self._scale, weight)

    def icon(self, name: str, size: int = 16, role: str = "text", on: str | None = None) -> QIcon:
        """The icon resources/icons/`name`.svg in the colour of `role`; checked in that of `on`.

        It follows the appearance by itself. Raises MargentError when there is no such icon.
        """
        return self._icons.icon(name, self.px(size), role, on or role)

    # -- inside -------------------------------------------------------------------------------------------------

    def _follow_system(self) -> None:
        if self._choice in {"system", "contrast"}:
            self.apply()

    def _show_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """Mark what the keyboard brought the focus to: the sheet rings it, and leaves a click without a ring.

        Qt notes on the window whether its focus last moved by keyboard (Tab, a shortcut), before it tells of the move.
        """
        by_keyboard = QtCore.Qt.WidgetAttribute.WA_KeyboardFocusChange
        for widget, there in ((old, False), (new, new is not None and new.window().testAttribute(by_keyboard))):
            if widget is not None and bool(widget.property("keyboard")) != there:
                widget.setProperty("keyboard", there)
                widget.style().unpolish(widget)
                widget.style().polish(widget)
                widget.update()

    def _look(self) -> Appearance:
        name: Name
        if not self._asked and not self._stark():
            return load("dark" if self._system_is_dark() else "light")
        hints = self._app.styleHints()
        contrast = hints.accessibility().contrastPreference() == QtCore.Qt.ContrastPreference.HighContrast
        if self._choice == "system":
            dark = hints.colorScheme() == QtCore.Qt.ColorScheme.Dark
            name = "contrast" if contrast else "dark" if dark else "light"
        else:
            name = self._choice
        platform = self._platform_contrast() if name == "contrast" and contrast else None
        return platform or load(name)

    def _stark(self) -> bool:
        """Whether the platform's text is so far from its ground that high contrast may have been asked for."""
        palette = self._app.palette()
        return contrast_of(palette.windowText().color().name(), palette.window().color().name()) > _STARK

    def _system_is_dark(self) -> bool:
        """The system's colour scheme as its palette shows it, without the names in `Qt`."""
        palette = self._app.palette()
        return palette.window().color().lightness() < palette.windowText().color().lightness()

    def _platform_contrast(self) -> Appearance | None:
        ours = self._app.palette()
        self._app.setPalette(QPalette())
        palette = self._app.palette()
        self._app.setPalette(ours)
        role, active = QPalette.ColorRole, QPalette.ColorGroup.Active
        return from_platform(
            page=palette.color(active, role.Base).name().upper(),
            text=palette.color(active, role.Text).name().upper(),
            accent=palette.color(active, role.Highlight).name().upper(),
            on_accent=palette.color(active, role.HighlightedText).name().upper(),
            link=palette.color(active, role.Link).name().upper(),
            faint=palette.color(QPalette.ColorGroup.Disabled, role.Text).name().upper(),
        )

    def _palette(self) -> QPalette:
        role = QPalette.ColorRole
        names = {
            role.Window: "panel",
            role.WindowText: "text",
            role.Base: "field",
            role.AlternateBase: "panel",
            role.Text: "text",
            role.PlaceholderText: "muted",
            role.Button: "panel",
            role.ButtonText: "text",
            role.BrightText: "danger",
            role.Highlight: "selection",
            role.HighlightedText: "text",
            role.Link: "link",
            role.LinkVisited: "link",
            role.ToolTipBase: "card",
            role.ToolTipText: "text",
            role.Accent: "accent",
            role.Light: "card",
            role.Midlight: "hover",
            role.Mid: "line",
            role.Dark: "control",
            role.Shadow: "shadow",
        }
        palette = QPalette()
        for key, name in names.items():
            palette.setColor(key, self.colour(name))
        for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
            palette.setColor(QPalette.ColorGroup.Disabled, key, self.colour("faint"))
        return palette
