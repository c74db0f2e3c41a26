"""Colours, faces, icons and the sheet reach real widgets, and a change of appearance reaches them live."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QFile, QIODevice, QSize, Qt
from PySide6.QtGui import (
    QAccessibilityHints,
    QColor,
    QFont,
    QFontInfo,
    QFontMetricsF,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QRawFont,
    QStyleHints,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFrame, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from margent.annotations import COLOURS, THEME_COLOURS
from margent.appearance import NAMES, ROLES, Name, load
from margent.assets import RESOURCES
from margent.errors import MargentError
from margent.ui import fonts
from margent.ui.actions import ACTIONS
from margent.ui.sheet import Drawings, compose
from margent.ui.style import Style

SOURCE = Path(__file__).resolve().parents[2] / "desktop" / "margent" / "ui"
ICONS = sorted(path.stem for path in (RESOURCES / "icons").glob("*.svg"))
SHEET = (RESOURCES / "appearances" / "sheet.qss").read_text("utf-8")
RULES = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
KAZAKH = "ҚқҒғҢңҰұҮүӘәӨөҺһІі"
LETTERS = KAZAKH + "ЖжЩщЁё" + "ĄąŐőŞșŽžßẞÅåĪī" + "ΑαΏώΫΐ" + "€₸–—“”„‘’…•·←↑→↓×≤≥½²³§¶†‡№"


@pytest.fixture
def make(qapp: QApplication) -> Iterator[Callable[[str], Style]]:
    """Makes styles, and takes their clothes off the application afterwards."""
    font, made = qapp.font(), []

    def build(choice: str = "light") -> Style:
        made.append(Style(qapp, choice))
        return made[-1]

    yield build
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())
    qapp.setFont(font)
    for style in made:
        style.setParent(None)
        style.deleteLater()


def dominant(image: QImage) -> str:
    """The colour of the most opaque pixels of an icon."""
    found = [
        colour
        for x in range(image.width())
        for y in range(image.height())
        if (colour := image.pixelColor(x, y)).alpha() > 250
    ]
    assert found, "nothing opaque was drawn"
    names = [colour.name() for colour in found]
    return max(set(names), key=names.count).upper()


def ground(widget: QWidget) -> str:
    """The colour in the middle of a widget as it is drawn."""
    image = widget.grab().toImage()
    return image.pixelColor(image.width() // 2, image.height() // 2).name().upper()


# -- appearances ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_an_appearance_can_be_asked_for_its_colours(make: Callable[[str], Style], name: Name) -> None:
    style, known = make(name), load(name)
    assert style.appearance == known
    assert style.choice == name
    assert {role: style.colour(role).name().upper() for role in ROLES} == known.colours
    assert {c: style.mark(c).name().upper() for c in COLOURS} == known.marks
    assert {c: style.mark_strong(c).name().upper() for c in COLOURS} == known.strong
    assert {c: style.theme(c).name().upper() for c in THEME_COLOURS} == known.themes
    assert style.theme_tint("navy").name().upper() == known.tint("navy")


def test_asking_for_what_is_shown_already_changes_nothing(make: Callable[[str], Style], qtbot: QtBot) -> None:
    style = make("dark")
    with qtbot.assertNotEmitted(style.changed):
        style.set_appearance("dark")
    with qtbot.waitSignal(style.changed):
        style.set_appearance("light")


def test_an_unknown_appearance_is_refused_and_the_old_one_stays(make: Callable[[str], Style]) -> None:
    style = make("sepia")
    with pytest.raises(MargentError, match="no appearance “pink”"):
        style.set_appearance("pink")
    assert style.appearance.name == style.choice == "sepia"


def test_a_window_that_is_shown_changes_with_the_appearance(make: Callable[[str], Style], qtbot: QtBot) -> None:
    style = make("light")
    window, label = QWidget(), QLabel("note")
    window.setObjectName("window")
    layout = QVBoxLayout(window)
    layout.addWidget(label)
    qtbot.addWidget(window)
    window.resize(200, 100)
    window.show()
    assert window.grab().toImage().pixelColor(2, 2) == style.colour("panel")
    with qtbot.waitSignal(style.changed):
        style.set_appearance("dark")
    assert window.grab().toImage().pixelColor(2, 2).name().upper() == load("dark").colours["panel"]
    assert label.palette().color(QPalette.ColorRole.WindowText).name().upper() == load("dark").colours["text"]


class Desktop:
    """Stands for what the platform says of dark mode and contrast, and announces what changes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, app: QApplication) -> None:
        self._hints = app.styleHints()
        self.scheme = Qt.ColorScheme.Light
        self.contrast = Qt.ContrastPreference.NoPreference
        monkeypatch.setattr(QStyleHints, "colorScheme", lambda _: self.scheme)
        monkeypatch.setattr(QAccessibilityHints, "contrastPreference", lambda _: self.contrast)

    def show(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme
        self._hints.colorSchemeChanged.emit(scheme)

    def ask(self, contrast: Qt.ContrastPreference) -> None:
        self.contrast = contrast
        self._hints.accessibility().contrastPreferenceChanged.emit(contrast)


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Desktop:
    return Desktop(monkeypatch, qapp)


def test_system_follows_the_desktop_while_it_runs(make: Callable[[str], Style], desktop: Desktop) -> None:
    style = make("system")
    assert style.appearance.name == "light"
    desktop.show(Qt.ColorScheme.Dark)
    assert style.appearance.name == "dark"
    desktop.ask(Qt.ContrastPreference.HighContrast)
    assert style.appearance.name == "contrast"
    desktop.ask(Qt.ContrastPreference.NoPreference)
    desktop.show(Qt.ColorScheme.Light)
    assert style.appearance.name == "light"


@pytest.mark.parametrize("name", ["light", "sepia", "dark"])
def test_a_choice_of_ones_own_stays_when_the_desktop_changes(
    make: Callable[[str], Style], desktop: Desktop, name: Name
) -> None:
    style = make(name)
    desktop.show(Qt.ColorScheme.Dark)
    desktop.ask(Qt.ContrastPreference.HighContrast)
    desktop.show(Qt.ColorScheme.Light)
    assert style.appearance.name == name


def test_high_contrast_takes_the_palette_of_the_platform(
    make: Callable[[str], Style], desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = make("contrast")
    assert style.appearance == load("contrast")
    role = QPalette.ColorRole
    palette = QPalette(QColor("#202020"))
    for key, value in {
        role.Base: "#000000",
        role.Text: "#ffff00",
        role.Highlight: "#00ff00",
        role.HighlightedText: "#000000",
        role.Link: "#ffffff",
    }.items():
        palette.setColor(key, QColor(value))
    monkeypatch.setattr(QApplication, "palette", lambda *_: palette)
    desktop.ask(Qt.ContrastPreference.HighContrast)
    assert style.appearance.name == "contrast"
    assert style.appearance.colours["text"] == "#FFFF00"
    assert style.appearance.colours["page"] == "#000000"
    assert style.colour("accent") == QColor("#00FF00")


# -- the sheet --------------------------------------------------------------------------------------------------


def drawing(name: str, colour: str) -> bytes:
    return f"{name} {colour}".encode()


@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_the_sheet_is_resolved(name: Name) -> None:
    sheet, files = compose(SHEET, load(name), 1.0, drawing, ":/x")
    assert "@" not in sheet
    assert "icon(" not in sheet
    assert set(re.findall(r"url\(:/x/([^)]+)\)", sheet)) == set(files)
    colours = set(re.findall(r"#[0-9A-F]{6}", sheet))
    appearance = load(name)
    known = {*appearance.colours.values(), *appearance.marks.values()}
    assert colours <= known | {*appearance.strong.values(), *appearance.themes.values()}


def test_the_sheet_has_no_colour_of_its_own() -> None:
    assert not re.findall(r":[^;{}]*(?:#[0-9a-fA-F]{3,8}\b|\brgba?\()", RULES)
    assert not re.findall(r"(?:color|background): *(?:white|black|gr[ae]y|red|blue|palette)\b", RULES)


def test_every_icon_in_the_sheet_exists() -> None:
    assert set(re.findall(r"icon\(([a-z0-9-]+),", RULES)) <= set(ICONS)


@pytest.mark.parametrize("template", ["QLabel { color: @nothing; }", "QLabel { image: icon(check, nothing); }"])
def test_an_unknown_role_is_named(template: str) -> None:
    with pytest.raises(MargentError, match="“nothing”"):
        compose(template, load("light"), 1.0, drawing, ":/x")


def test_sizes_grow_with_the_desktop_and_hairlines_stay() -> None:
    sheet, _ = compose("a { width: 20px; border: 1px; margin: 0px -6px }", load("light"), 1.25, drawing, "")
    assert sheet == "a { width: 25px; border: 1px; margin: 0px -8px }"


def test_round_corners_stay_round_at_any_size() -> None:
    sheet, _ = compose("a { width: 14px; border: 1px; border-radius: 8px }", load("light"), 1.46, drawing, "")
    assert sheet == "a { width: 20px; border: 1px; border-radius: 11px }"


def test_qt_reads_the_drawings_of_the_sheet(make: Callable[[str], Style]) -> None:
    style = make("dark")
    sheet = QApplication.instance().styleSheet()  # type: ignore[union-attr]
    found = set(re.findall(r"url\((:[^)]+)\)", sheet))
    assert len(found) > 8
    for name in found:
        file = QFile(name)
        assert file.open(QIODevice.OpenModeFlag.ReadOnly), name
        text = bytes(file.readAll().data()).decode()
        role = name.removesuffix(".svg").rsplit("-", 1)[1]
        assert style.appearance.colours[role] in text
        file.close()


def test_drawings_can_be_read_as_long_as_they_live(qapp: QApplication) -> None:
    def read(name: str) -> bytes | None:
        file = QFile(f":/drawings/{name}")
        if not file.open(QIODevice.OpenModeFlag.ReadOnly):
            return None
        try:
            return bytes(file.readAll().data())
        finally:
            file.close()

    files = {f"{name}-{n}.svg": f"{name} {n}".encode() * n for n in range(40) for name in ("a", "check", "chevron")}
    drawings = Drawings(files, "/drawings")
    assert {name: read(name) for name in files} == files
    assert read("other.svg") is None
    del drawings
    assert not [name for name in files if read(name) is not None]


@pytest.mark.parametrize("name", NAMES)
def test_widgets_are_drawn_in_the_colours_of_their_role(make: Callable[[str], Style], qtbot: QtBot, name: Name) -> None:
    style = make(name)
    window = QWidget()
    qtbot.addWidget(window)
    frames = {}
    for role, names in {"panel": ("toolbar", "sidebar", "statusbar"), "card": ("card", "popover")}.items():
        for named in names:
            frames[named] = (QFrame(window), role)
            frames[named][0].setObjectName(named)
            frames[named][0].resize(80, 40)
    for frame, role in frames.values():
        assert ground(frame) == style.appearance.colours[role]
    primary = QPushButton(" " * 40, window)
    primary.setProperty("primary", True)
    assert ground(primary) == style.appearance.colours["accent"]


def test_the_bars_have_their_heights(make: Callable[[str], Style], qtbot: QtBot) -> None:
    make("light")
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    bars = {"toolbar": 44, "statusbar": 26}
    for name in bars:
        bar = QFrame()
        bar.setObjectName(name)
        layout.addWidget(bar)
    window.resize(400, 400)
    window.show()
    assert {name: window.findChild(QFrame, name).height() for name in bars} == bars


def test_a_tick_is_drawn_in_the_box(make: Callable[[str], Style], qtbot: QtBot) -> None:
    style = make("light")
    box = QCheckBox("Ask")
    qtbot.addWidget(box)
    box.setChecked(True)
    box.show()
    image = box.grab().toImage()
    colours = {image.pixelColor(x, y).name().upper() for x in range(22) for y in range(image.height())}
    assert style.appearance.colours["accent"] in colours
    assert style.appearance.colours["on_accent"] in colours
    box.setChecked(False)
    image = box.grab().toImage()
    assert style.appearance.colours["accent"] not in {
        image.pixelColor(x, y).name().upper() for x in range(22) for y in range(image.height())
    }


def test_the_keyboard_rings_what_it_reaches_and_a_click_does_not(make: Callable[[str], Style], qtbot: QtBot) -> None:
    style = make("light")
    window = QWidget()
    layout = QVBoxLayout(window)
    first, second = QPushButton("First"), QPushButton("Second")
    layout.addWidget(first)
    layout.addWidget(second)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)

    def ringed(widget: QWidget) -> bool:
        image = widget.grab().toImage()
        return image.pixelColor(image.width() // 2, 1) == style.colour("focus")

    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert first.hasFocus()
    assert not ringed(first)
    QTest.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    assert ringed(second)
    size = second.size()
    QTest.keyClick(second, Qt.Key.Key_Backtab)
    assert ringed(first)
    assert not ringed(second)
    assert second.size() == size == second.sizeHint().expandedTo(size)


def test_the_chosen_row_is_drawn_as_chosen(make: Callable[[str], Style], qtbot: QtBot) -> None:
    style = make("sepia")
    window, rows = QWidget(), QListWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(rows)
    qtbot.addWidget(window)
    rows.addItems(["one", "two"])
    rows.setCurrentRow(1)
    window.show()
    qtbot.waitUntil(lambda: rows.visualItemRect(rows.item(1)).top() == rows.visualItemRect(rows.item(0)).bottom() + 1)
    image = rows.viewport().grab().toImage()
    rect = rows.visualItemRect(rows.item(1))
    assert image.pixelColor(rect.right() - 20, rect.center().y()) == style.colour("selected")


# -- faces ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "weight", "italic"),
    [
        ("Source Serif 4", 400, False),
        ("Source Serif 4", 400, True),
        ("Source Serif 4", 600, False),
        ("Source Serif 4", 600, True),
        ("Inter", 400, False),
        ("Inter", 600, False),
    ],
)
def test_a_face_is_there_and_covers_its_scripts(
    make: Callable[[str], Style], family: str, weight: int, italic: bool
) -> None:
    make("light")
    font = fonts.font(family, 18, weight, italic=italic)
    found = QFontInfo(font)
    assert (found.family(), found.weight(), found.italic()) == (family, weight, italic)
    raw = QRawFont.fromFont(font)
    assert [letter for letter in LETTERS if not raw.supportsCharacter(ord(letter))] == []


@pytest.mark.parametrize("family", ["Source Serif 4", "Inter"])
def test_kerning_and_marks_work(make: Callable[[str], Style], family: str) -> None:
    make("light")
    font = fonts.font(family, 100)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    metrics = QFontMetricsF(font)
    assert metrics.horizontalAdvance("AV") < metrics.horizontalAdvance("A") + metrics.horizontalAdvance("V") - 2
    assert metrics.horizontalAdvance("ТА") != metrics.horizontalAdvance("Т") + metrics.horizontalAdvance("А")
    for plain, marked in (("а", "а\u0301"), ("x", "x\u0304"), ("q", "q\u0308")):
        assert metrics.horizontalAdvance(marked) == pytest.approx(metrics.horizontalAdvance(plain), abs=0.5)


def test_the_application_speaks_in_the_interface_face(make: Callable[[str], Style], qapp: QApplication) -> None:
    style = make("light")
    assert qapp.font().family() == "Inter"
    assert qapp.font().pixelSize() == style.px(13)
    assert style.ui_font(11, 600).weight() == 600
    assert style.text_font(18).pixelSize() == 18
    assert style.text_font(18, 600, italic=True).italic()


@pytest.mark.parametrize(("pixels", "scale"), [(9, 1.0), (13, 1.0), (26, 2.0), (60, 2.0)])
def test_the_interface_is_never_smaller_than_the_desktops_own(qapp: QApplication, pixels: int, scale: float) -> None:
    platform = QFont()
    platform.setPixelSize(pixels)
    assert fonts.scale(platform) == scale


def test_a_broken_font_is_named(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "Broken.ttf").write_bytes(b"not a font")
    with pytest.raises(MargentError, match=r"Broken\.ttf cannot be used"):
        fonts.register(tmp_path)


# -- icons ------------------------------------------------------------------------------------------------------


def named_icons() -> set[str]:
    """Every icon that the program's own code names."""
    found = {action.icon for action in ACTIONS if action.icon}
    for path in SOURCE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "icon":
                found |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant) and arg.value}
            if isinstance(node, ast.keyword) and node.arg == "icon" and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
    return found - {""}


def test_every_icon_named_in_code_exists() -> None:
    assert named_icons() - set(ICONS) == set()
    assert "undo-2" in named_icons()


@pytest.mark.parametrize("name", [name for name in ICONS if name != "margent"])
def test_an_icon_is_lines_in_the_current_colour(name: str) -> None:
    text = (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8")
    assert 'stroke="currentColor"' in text
    assert 'viewBox="0 0 24 24"' in text
    assert "#" not in text


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_sharp_and_in_its_colour(make: Callable[[str], Style], name: Name, ratio: float) -> None:
    style = make(name)
    for role in ("text", "muted", "danger", "on_accent"):
        image = style.icon("square", 32, role).pixmap(QSize(32, 32), ratio).toImage()
        assert image.size() == QSize(32, 32) * ratio
        assert dominant(image) == style.appearance.colours[role]


def test_every_icon_draws_something(make: Callable[[str], Style]) -> None:
    style = make("light")
    for name in ICONS:
        image = style.icon(name, 64).pixmap(QSize(64, 64), 1.0).toImage()
        dominant(image)
        border = [(0, n) for n in range(64)] + [(63, n) for n in range(64)]
        assert all(image.pixelColor(x, y).alpha() == 0 for x, y in border), f"{name} is cut off"


def test_disabled_and_checked_icons_have_colours_of_their_own(make: Callable[[str], Style]) -> None:
    style = make("light")
    icon = style.icon("square", 32, "muted", on="accent")
    size = QSize(32, 32)
    off, on = QIcon.State.Off, QIcon.State.On
    cases = {
        (QIcon.Mode.Normal, off): "muted",
        (QIcon.Mode.Active, off): "muted",
        (QIcon.Mode.Normal, on): "accent",
        (QIcon.Mode.Disabled, off): "faint",
        (QIcon.Mode.Disabled, on): "faint",
    }
    for (mode, state), role in cases.items():
        image = icon.pixmap(size, 1.0, mode, state).toImage()
        assert dominant(image) == style.appearance.colours[role]


def test_an_icon_follows_the_appearance_by_itself(make: Callable[[str], Style]) -> None:
    style = make("light")
    icon = style.icon("square", 32)
    style.set_appearance("dark")
    assert dominant(icon.pixmap(QSize(32, 32), 1.0).toImage()) == load("dark").colours["text"]


def test_an_icon_paints_where_it_is_told(make: Callable[[str], Style]) -> None:
    style = make("light")
    image = QImage(80, 80, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(2.0)
    painter = QPainter(image)
    style.icon("square", 16).paint(painter, 20, 20, 16, 16)
    painter.end()
    inside = [(x, y) for x in range(80) for y in range(80) if image.pixelColor(x, y).alpha() > 0]
    assert min(inside) >= (40, 40)
    assert max(x for x, _ in inside) < 72
    assert max(x for x, _ in inside) - min(x for x, _ in inside) > 20


def test_a_copied_icon_lives_when_qt_copies_its_engine(make: Callable[[str], Style]) -> None:
    style = make("light")
    first = style.icon("square", 32)
    second = QIcon(first)
    second.setIsMask(True)
    del first
    assert dominant(second.pixmap(QSize(32, 32), 1.0).toImage()) == style.appearance.colours["text"]


def test_an_icon_that_is_not_there_is_named(make: Callable[[str], Style]) -> None:
    style = make("light")
    with pytest.raises(MargentError, match=r"unicorn\.svg cannot be read"):
        style.icon("unicorn")


def test_the_application_has_its_own_icon(make: Callable[[str], Style], qapp: QApplication) -> None:
    make("light")
    image = qapp.windowIcon().pixmap(QSize(128, 128), 1.0).toImage()
    assert image.size() == QSize(128, 128)
    assert dominant(image) == "#FBFAF7"


def test_the_same_icon_is_made_once(make: Callable[[str], Style]) -> None:
    style = make("light")
    assert style.icon("copy") is style.icon("copy")
    assert style.icon("copy") is not style.icon("copy", role="muted")
