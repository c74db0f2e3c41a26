"""What the project says of itself in many places is the same in all of them, whether or not it can be built here."""

from __future__ import annotations

import ast
import plistlib
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from margent import __version__
from margent.exchange.package import SUFFIX
from margent.formats import FORMATS, SUFFIXES
from margent.ui.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "desktop" / "margent"
PACKAGING = ROOT / "packaging"
APP_ID = "org.margent.margent"
MIGRATIONS = PACKAGE / "library" / "migrations"

needs_sh = pytest.mark.skipif(sys.platform == "win32", reason="a script for Linux")


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads(text("pyproject.toml"))


@pytest.fixture(scope="module")
def entry() -> dict[str, str]:
    """The keys of the Linux menu entry."""
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text("packaging/linux/margent.desktop"))
    return dict(parser["Desktop Entry"])


@pytest.fixture(scope="module")
def metainfo() -> ET.Element:
    return ET.fromstring(text(f"packaging/linux/{APP_ID}.metainfo.xml"))


@pytest.fixture(scope="module")
def plist() -> dict[str, Any]:
    value: dict[str, Any] = plistlib.loads((PACKAGING / "macos" / "Info.plist").read_bytes())
    return value


@pytest.fixture(scope="module")
def nsi() -> str:
    return text("packaging/windows/margent.nsi")


def releases() -> list[tuple[str, str]]:
    """Version and date of every release in the changelog, newest first."""
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", text("CHANGELOG.md"), re.MULTILINE)


# -- the version and the changelog ------------------------------------------------------------------------------


def test_the_version_is_written_in_one_place(project: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "desktop/margent/__init__.py"
    assert text("desktop/margent/__init__.py").count(f'__version__ = "{__version__}"\n') == 1
    elsewhere = [
        str(path.relative_to(ROOT))
        for path in [*PACKAGING.rglob("*"), ROOT / "pyproject.toml", *PACKAGE.rglob("*.py")]
        if path.suffix in {".nsi", ".spec", ".plist", ".desktop", ".sh", ".md", ".toml", ".py"}
        and re.search(rf"(?<![\d.]){re.escape(__version__)}(?![\d.])", path.read_text("utf-8"))
    ]
    assert elsewhere == ["desktop/margent/__init__.py"]


def test_every_heading_of_the_changelog_is_a_release_with_its_date_or_what_is_not_released_yet() -> None:
    headings = re.findall(r"^## (.+)$", text("CHANGELOG.md"), re.MULTILINE)
    assert headings
    assert [f"[{version}] - {date}" for version, date in releases()] == [h for h in headings if h != "[Unreleased]"]
    assert headings.index("[Unreleased]") == 0 if "[Unreleased]" in headings else releases()[0][0] == __version__


def test_the_metainfo_tells_of_the_releases_in_the_changelog(metainfo: ET.Element) -> None:
    told = [(release.get("version"), release.get("date")) for release in metainfo.iter("release")]
    assert told == releases()


# -- one name, one id, the same files ------------------------------------------------------------------------------


def test_every_system_knows_the_same_id(metainfo: ET.Element, plist: dict[str, Any], nsi: str) -> None:
    assert metainfo.findtext("id") == APP_ID == APP_ID.lower()
    assert plist["CFBundleIdentifier"] == APP_ID
    assert re.search(r'^!define UNINSTALL ".*\\(.+)"$', nsi, re.MULTILINE)[1] == APP_ID  # type: ignore[index]
    assert f"{APP_ID}.metainfo.xml" in text("packaging/linux/install.sh")


def test_every_system_shows_the_same_name(
    entry: dict[str, str], metainfo: ET.Element, plist: dict[str, Any], nsi: str
) -> None:
    shown = {entry["Name"], metainfo.findtext("name"), plist["CFBundleName"], plist["CFBundleDisplayName"]}
    assert shown == {"Margent"}
    assert '\nName "Margent"\n' in nsi
    assert 'setApplicationDisplayName("Margent")' in text("desktop/margent/ui/app.py")


def test_a_window_finds_its_menu_entry(entry: dict[str, str], metainfo: ET.Element) -> None:
    name = re.search(r'setDesktopFileName\("(.+)"\)', text("desktop/margent/ui/app.py"))
    assert name is not None
    assert (PACKAGING / "linux" / f"{name[1]}.desktop").exists()
    assert metainfo.findtext("launchable") == f"{name[1]}.desktop"
    assert entry["StartupWMClass"] == name[1]


def test_the_command_is_the_one_that_the_package_installs(
    project: dict[str, Any], entry: dict[str, str], metainfo: ET.Element, nsi: str
) -> None:
    assert project["project"]["scripts"] == {"margent": "margent.cli:main"}
    assert entry["Exec"] == "margent %F"
    assert metainfo.findtext("provides/binary") == "margent"
    programs = set(re.findall(r'program\("([\w-]+)"', text("packaging/margent.spec")))
    assert programs == {"margent", "margent-cli"}
    assert set(re.findall(r'Delete "\$INSTDIR\\([\w-]+)\.exe"', nsi)) == programs | {"uninstall"}


_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
KINDS = {
    "markdown": {"text/markdown"},
    "text": {"text/plain"},
    "webpage": {"text/html", "application/xhtml+xml"},
    "mhtml": {"multipart/related", "application/x-mimearchive"},
    "mail": {"message/rfc822"},
    "epub": {"application/epub+zip"},
    "docx": {f"{_OFFICE}.document", f"{_OFFICE}.template", "application/vnd.ms-word.document.macroEnabled.12"},
    "pdf": {"application/pdf"},
}
"""The media types of each format."""
EXCHANGE = "application/x-margent+zip"
OFFERED = {suffix for format_ in FORMATS if format_.module != "text" for suffix in format_.suffixes} | {".txt"}
"""The suffixes that systems are told of: no log or key (.asc) should offer itself to be annotated."""


def test_every_system_is_told_of_every_format(
    entry: dict[str, str], metainfo: ET.Element, plist: dict[str, Any]
) -> None:
    assert set(KINDS) == {format_.module for format_ in FORMATS}
    types = {*set().union(*KINDS.values()), EXCHANGE}
    assert set(entry["MimeType"].removesuffix(";").split(";")) == types
    assert {str(tag.text) for tag in metainfo.iter("mediatype")} == types
    assert {mime for kind in plist["CFBundleDocumentTypes"] for mime in kind["CFBundleTypeMIMETypes"]} == types


def test_every_system_is_told_of_the_same_suffixes(plist: dict[str, Any], nsi: str) -> None:
    told = {f".{suffix}" for kind in plist["CFBundleDocumentTypes"] for suffix in kind["CFBundleTypeExtensions"]}
    assert told == OFFERED | {SUFFIX}
    offered = re.findall(r'^  !insertmacro \$\{WHAT\} "(\.\w+)"$', nsi, re.MULTILINE)
    assert sorted(offered) == sorted(OFFERED)
    assert re.findall(r"!insertmacro EachSuffix (\w+)", nsi) == ["Offer", "Withdraw"]


def test_a_suffix_and_a_type_of_the_mac_belong_to_one_format(plist: dict[str, Any]) -> None:
    for kind in plist["CFBundleDocumentTypes"]:
        if EXCHANGE in kind["CFBundleTypeMIMETypes"]:
            continue
        modules = {SUFFIXES[f".{suffix}"] for suffix in kind["CFBundleTypeExtensions"]}
        (module,) = modules
        assert set(kind["CFBundleTypeMIMETypes"]) == KINDS[module]


def test_every_system_knows_the_kind_of_file_that_goes_to_colleagues(plist: dict[str, Any], nsi: str) -> None:
    assert SUFFIX == ".margent"
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    (kind,) = ET.fromstring(text(f"packaging/linux/{APP_ID}.mime.xml"))
    assert kind.get("type") == EXCHANGE
    assert [glob.get("pattern") for glob in kind.iter(f"{space}glob")] == [f"*{SUFFIX}"]
    assert [parent.get("type") for parent in kind.iter(f"{space}sub-class-of")] == ["application/zip"]
    (declared,) = plist["UTExportedTypeDeclarations"]
    tags = declared["UTTypeTagSpecification"]
    assert (tags["public.filename-extension"], tags["public.mime-type"]) == ([SUFFIX[1:]], [EXCHANGE])
    (owned,) = (kind for kind in plist["CFBundleDocumentTypes"] if kind["LSHandlerRank"] == "Owner")
    assert owned["LSItemContentTypes"] == [declared["UTTypeIdentifier"]]
    assert f'"${{CLASSES}}\\{SUFFIX}" "Content Type" "{EXCHANGE}"' in nsi


def test_the_icon_is_there_in_every_size_and_form(entry: dict[str, str], nsi: str) -> None:
    icons = PACKAGING / "icons"
    assert entry["Icon"] == "margent"
    for size in (16, 24, 32, 48, 64, 128, 256, 512):
        head = (icons / f"margent-{size}.png").read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(head[16:20], "big") == int.from_bytes(head[20:24], "big") == size
    assert (icons / "margent.ico").read_bytes()[:4] == b"\0\0\1\0"
    assert (icons / "margent.icns").read_bytes()[:4] == b"icns"
    assert ET.fromstring(text("packaging/icons/margent.svg")).tag.endswith("svg")
    assert nsi.count(r"icons\margent.ico") == 2


def test_the_frozen_program_takes_along_every_file_that_is_not_code(project: dict[str, Any]) -> None:
    """The wheel's data folders, and the migrations, which Alembic reads as files."""
    (datas,) = (
        keyword.value
        for node in ast.walk(ast.parse(text("packaging/margent.spec")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "datas"
    )
    assert isinstance(datas, ast.List)
    taken = {ast.literal_eval(item.elts[1]) for item in datas.elts if isinstance(item, ast.Tuple)}
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"].values()
    migrations = {path.parent.relative_to(PACKAGE.parent).as_posix() for path in MIGRATIONS.rglob("*.py")}
    assert taken == {folder for folder in wheel if folder} | migrations
    others = {path.name for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    assert others == {"py.typed"}


@pytest.fixture(scope="module")
def not_used() -> re.Pattern[str]:
    """The names of files that the frozen program leaves out."""
    (pattern,) = (
        node.value.args[0]
        for node in ast.parse(text("packaging/margent.spec")).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.targets[0]) == "NOT_USED"
    )
    return re.compile(ast.literal_eval(pattern), re.VERBOSE)


def test_the_frozen_program_leaves_out_nothing_of_margent(not_used: re.Pattern[str]) -> None:
    files = [
        path.relative_to(ROOT).as_posix() for kind in ("resources", "content") for path in (ROOT / kind).rglob("*")
    ]
    assert "resources/translations/margent_en.qm" in files
    assert [name for name in files if not_used.search(f"margent/_data/{name}")] == []


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", False),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", False),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", False),
        ("PySide6/Qt/plugins/platforms/libqlinuxfb.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", False),
        ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", False),
        ("PySide6/Qt/plugins/iconengines/libqsvgicon.so", False),
        ("PySide6/plugins/iconengines/qsvgicon.dll", False),
        ("PySide6/plugins/styles/qmodernwindowsstyle.dll", False),
        ("PySide6/Qt/plugins/imageformats/libqjpeg.so", False),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", False),
        ("PySide6/plugins/imageformats/qtiff.dll", True),
        ("PySide6/Qt/plugins/platformthemes/libqxdgdesktopportal.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", True),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", False),
        ("PySide6/Qt/plugins/printsupport/libcupsprintersupport.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", True),
        ("PySide6/Qt/translations/qtbase_kk.qm", False),
        ("PySide6/translations/qtbase_ru.qm", False),
        ("PySide6/Qt/translations/designer_ru.qm", True),
        ("PySide6/Qt/lib/libQt6Svg.so.6", False),
        ("PySide6/Qt/lib/libQt6OpenGL.so.6", False),
        ("PySide6/Qt/lib/libQt6Quick.so.6", True),
        ("PySide6/Qt6Qml.dll", True),
        ("PySide6/Qt/lib/QtQuick.framework/Versions/A/QtQuick", True),
        ("libglib-2.0.so.0", False),
        ("libpixman-1.so.0", True),
        ("libgdk_pixbuf-2.0.so.0", True),
        ("libstdc++.so.6", True),
        ("libxcb-cursor.so.0", False),
    ],
)
def test_the_frozen_program_keeps_of_qt_what_it_uses(name: str, left_out: bool, not_used: re.Pattern[str]) -> None:
    assert bool(not_used.search(name)) is left_out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"LD_LIBRARY_PATH": "/opt/margent/_internal"}, {}),
        (
            {"LD_LIBRARY_PATH": "/opt/margent/_internal:/own", "LD_LIBRARY_PATH_ORIG": "/own"},
            {"LD_LIBRARY_PATH": "/own"},
        ),
        ({}, {}),
    ],
)
def test_programs_started_by_the_frozen_one_do_not_get_its_libraries(
    before: dict[str, str], after: dict[str, str]
) -> None:
    environment = {**before, "HOME": "/home/reader"}
    runpy.run_path(str(PACKAGING / "launch.py"), run_name="launch")["give_back"](environment)
    assert environment == {**after, "HOME": "/home/reader"}


# -- the systems' own rules ------------------------------------------------------------------------------------


@needs("desktop-file-validate")
def test_the_menu_entry_is_valid() -> None:
    done = subprocess.run(
        ["desktop-file-validate", PACKAGING / "linux" / "margent.desktop"],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs("appstreamcli")
def test_the_metainfo_is_valid() -> None:
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", PACKAGING / "linux" / f"{APP_ID}.metainfo.xml"],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert "Validation" in done.stdout
    found = re.findall(r"^[EW]: (.+)$", done.stdout, re.MULTILINE)
    assert [line for line in found if not line.endswith(" url-homepage-missing")] == []  # AppStream 1.0 asks for one


def test_the_metainfo_suits_software_centres_old_and_new(metainfo: ET.Element) -> None:
    assert metainfo.findtext("developer/name") == metainfo.findtext("developer_name")
    first = " ".join(str(metainfo.findtext("description/p")).split())
    assert len(first) >= 80
    assert metainfo.findtext("project_license") == "Apache-2.0"


def test_the_plist_suits_a_retina_screen_and_leaves_default_programs_alone(plist: dict[str, Any]) -> None:
    assert plist["NSHighResolutionCapable"] is True
    ranks = {(kind["LSHandlerRank"], *kind["CFBundleTypeMIMETypes"]) for kind in plist["CFBundleDocumentTypes"]}
    assert {rank for rank, *types in ranks if types != [EXCHANGE]} == {"Alternate"}
    assert not {"CFBundleVersion", "CFBundleShortVersionString"} & set(plist)


@needs("makensis")
def test_the_windows_installer_compiles(tmp_path: Path) -> None:
    payload = tmp_path / "payload"
    (payload / "_internal").mkdir(parents=True)
    for name in ("margent.exe", "margent-cli.exe", "_internal/library.dll"):
        (payload / name).write_bytes(b"stub")
    output = tmp_path / f"margent-{__version__}-windows-setup.exe"
    options = {"VERSION": __version__, "PAYLOAD": payload, "OUTPUT": output}
    done = subprocess.run(
        ["makensis", "-NOCD", "-WX", "-V2", *(f"-D{key}={value}" for key, value in options.items()), "margent.nsi"],
        cwd=PACKAGING / "windows",
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert output.read_bytes()[:2] == b"MZ"


def test_removing_the_program_from_windows_cannot_remove_a_library(nsi: str) -> None:
    """The library is in %LOCALAPPDATA%\\margent; whole trees are deleted inside the program's own folder alone."""
    assert re.findall(r"RMDir\s+/r\s+(.+)", nsi) == [r'"$INSTDIR\_internal"']
    assert r'InstallDir "$LOCALAPPDATA\Programs\Margent"' in nsi
    assert "MUI_PAGE_DIRECTORY" not in nsi


@needs_sh
def test_installing_on_linux_and_removing_again_leaves_the_library_alone(tmp_path: Path) -> None:
    unpacked, home = tmp_path / "un packed", tmp_path / "a home"
    shutil.copytree(PACKAGING / "linux", unpacked)
    shutil.copytree(PACKAGING / "icons", unpacked / "icons")
    (unpacked / "margent").mkdir()
    program = unpacked / "margent" / "margent"
    program.write_text("#!/bin/sh\necho started\n")
    program.chmod(0o755)
    library = home / ".local" / "share" / "margent" / "library.db"
    library.parent.mkdir(parents=True)
    library.write_text("notes")

    def run(*words: str | Path) -> str:
        environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
        return subprocess.run(words, env=environment, check=True, capture_output=True, encoding="utf-8").stdout

    for _ in range(2):  # the second time over the first
        run("sh", unpacked / "install.sh")
        assert run(home / ".local" / "bin" / "margent") == "started\n"
    shared = home / ".local" / "share"
    known = shared / "mime" / "packages" / f"{APP_ID}.xml"
    assert known.read_text("utf-8") == text(f"packaging/linux/{APP_ID}.mime.xml")
    menu_entry = (shared / "applications" / "margent.desktop").read_text("utf-8")
    assert re.findall("^Exec=.*", menu_entry, re.MULTILINE) == [f'Exec="{home}/.local/bin/margent" %F']
    assert (shared / "icons" / "hicolor" / "48x48" / "apps" / "margent.png").exists()
    run("sh", unpacked / "install.sh", "--remove")
    assert not known.exists()
    # What the system makes of the kinds of file it is told of stays, empty.
    made = {path for path in (shared / "mime").rglob("*") if path.is_file()}
    assert not [path for path in made if b"margent" in path.read_bytes()]
    left = [path for path in home.rglob("*") if not path.is_dir() and path.suffix != ".cache" and path not in made]
    assert left == [library]


@needs_sh
def test_installing_on_linux_does_not_take_over_what_opens_a_kind_of_file(tmp_path: Path) -> None:
    """The stand-in for xdg-mime answers as a desktop where nothing was chosen: menu entries of one's own come first."""
    unpacked, home, tools = tmp_path / "unpacked", tmp_path / "home", tmp_path / "tools"
    shutil.copytree(PACKAGING / "linux", unpacked)
    shutil.copytree(PACKAGING / "icons", unpacked / "icons")
    (unpacked / "margent").mkdir()
    (unpacked / "margent" / "margent").write_text("#!/bin/sh\n")
    tools.mkdir()
    (tools / "xdg-mime").write_text(
        "#!/bin/sh\n"
        'if [ "$1" = default ]; then echo "$3=$2" >>"$HOME/chosen"\n'
        'elif [ -e "$HOME/.local/share/applications/margent.desktop" ]; then echo margent.desktop\n'
        'elif [ "$3" = application/pdf ]; then echo viewer.desktop; fi\n'
    )
    (tools / "xdg-mime").chmod(0o755)
    home.mkdir()
    environment = {"HOME": str(home), "PATH": f"{tools}:/usr/bin:/bin"}
    for _ in range(2):
        subprocess.run(["sh", unpacked / "install.sh"], env=environment, check=True, capture_output=True)
    assert (home / "chosen").read_text("utf-8") == "application/pdf=viewer.desktop\n"


# -- dependencies and licences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("python", "qt", "allowed"),
    [
        ("3.11", "6.11.3", True),
        ("3.11", "6.12.0", False),
        ("3.11", "6.12.1", True),
        ("3.11", "6.11.2", False),
        ("3.12", "6.12.0", True),
        ("3.14", "6.12.0", True),
    ],
)
def test_the_qt_that_aborts_an_older_python_is_excluded(
    python: str, qt: str, allowed: bool, project: dict[str, Any]
) -> None:
    wishes = [Requirement(wish) for wish in project["project"]["dependencies"]]
    (qt_wish,) = (
        wish
        for wish in wishes
        if wish.name == "pyside6-essentials"
        and (wish.marker is None or wish.marker.evaluate({"python_version": python}))
    )
    assert qt_wish.specifier.contains(qt) is allowed


def test_what_the_readme_installs_for_the_tests_is_what_they_need(project: dict[str, Any]) -> None:
    needed = {Requirement(wish).name for wish in project["dependency-groups"]["dev"]}
    checkers = {
        name for name in needed if name in {"mypy", "ruff"} or name.startswith("types-") or name.endswith("-stubs")
    }
    line = re.search(r"^\.venv/bin/pip install -e \. (.+)$", text("README.md"), re.MULTILINE)
    assert line is not None
    assert set(line[1].split()) == needed - checkers


def test_the_list_of_what_is_used_of_others_is_in_step_with_the_lock() -> None:
    listing = runpy.run_path(str(PACKAGING / "licences.py"), run_name="licences")
    needed = {Requirement(wish).name for wish in tomllib.loads(text("pyproject.toml"))["project"]["dependencies"]}
    assert needed <= set(listing["runtime"]())
    assert text("packaging/THIRD-PARTY.md") == listing["text"]()


def test_a_licence_that_nobody_looked_at_stops_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = runpy.run_path(str(PACKAGING / "licences.py"), run_name="licences")
    monkeypatch.setitem(listing["SAID"], "lxml", "GPL-3.0-or-later")
    with pytest.raises(SystemExit, match=r"lxml: the licence is “GPL-3\.0-or-later”"):
        listing["licence"]("lxml")


def test_fonts_and_icons_stand_beside_their_licences(project: dict[str, Any]) -> None:
    fonts = ROOT / "resources" / "fonts"
    families = {path.name.split("-")[0] for path in fonts.glob("*.ttf")}
    assert families
    for family in families:
        assert "SIL OPEN FONT LICENSE Version 1.1" in (fonts / f"{family}-OFL.txt").read_text("utf-8")
    assert "ISC License" in text("resources/icons/LICENSE.txt")
    assert "Apache License" in text("LICENSE")
    assert "LESSER GENERAL PUBLIC LICENSE" in text("packaging/licences/LGPL-3.0.txt")
    for pattern in project["project"]["license-files"]:
        assert list(ROOT.glob(pattern)), pattern


# -- what the README promises ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["uv run margent", "uv run pytest"])
def test_the_readme_and_the_checks_run_the_same_commands(command: str) -> None:
    assert f"```sh\n{command}\n```" in text("README.md")
    if (ROOT / ".ci" / "run").exists():  # an sdist has no checks
        assert command in text(".ci/run")


def test_every_key_in_the_readme_does_something() -> None:
    keys = {key for action in ACTIONS for key in action.keys}
    table = text("README.md").partition("### Keys")[2].partition("### ")[0]
    named = re.findall(r"(?:(?:Ctrl|Alt|Shift)\+)+(?:F\d+|[A-Z][a-z]+|\S)|\bF\d+\b", table)
    assert {"Ctrl+1", "Ctrl+Shift+P", "F7", "Alt+Down"} <= set(named)
    assert set(named) <= keys
