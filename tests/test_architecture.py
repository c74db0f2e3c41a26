"""One sentence, enforced: outside ui/ is plain Python, ui/ is Qt, and ui imports the rest, never the reverse."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "desktop" / "margent"
FILES = sorted(SOURCE.rglob("*.py"))
PLAIN = [path for path in FILES if "ui" not in path.relative_to(SOURCE).parts[:-1]]


def imports(path: Path) -> Iterator[str]:
    """Every module imported anywhere in the file, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", PLAIN, ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_plain_part_imports_no_qt_and_no_ui(path: Path) -> None:
    """Only the command line opens the window, and it does so in one function."""
    for name in imports(path):
        assert not name.startswith("PySide6"), name
        if path != SOURCE / "cli.py":
            assert not name.startswith("margent.ui"), name


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_only_the_library_knows_sqlalchemy(path: Path) -> None:
    if "library" not in path.relative_to(SOURCE).parts:
        assert not [name for name in imports(path) if name.split(".")[0] in {"sqlalchemy", "alembic", "sqlite3"}]


def test_sibling_panes_do_not_import_each_other() -> None:
    panes = {"reader", "margin", "sidebar", "selectionbar", "findfield"}
    for pane in panes:
        found = {name.rsplit(".", 1)[-1] for name in imports(SOURCE / "ui" / f"{pane}.py") if "margent.ui" in name}
        assert not found & (panes - {pane}), pane


def test_only_the_session_applies_changes() -> None:
    for path in (SOURCE / "ui").glob("*.py"):
        if path.name not in {"session.py", "undo.py"}:
            assert not re.search(r"\blibrary\.apply\(|\bSession\(bind|sessionmaker", path.read_text("utf-8")), path


def test_the_plain_part_works_where_qt_cannot_be_imported() -> None:
    modules = [
        ".".join(["margent", *path.relative_to(SOURCE).with_suffix("").parts]).removesuffix(".__init__")
        for path in PLAIN
        if "migrations" not in path.parts and path.name != "__main__.py"
    ]
    code = (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.split('.')[0] in {'PySide6', 'shiboken6'}: raise ImportError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        f"for name in {modules!r}: __import__(name)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_importing_a_module_prints_and_does_nothing() -> None:
    code = "import margent, margent.settings, margent.edits, margent.reading, margent.cli; print('quiet')"
    done = subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout == "quiet\n"
    assert done.stderr == ""


def test_twenty_thousand_void_calls_do_not_abort_the_interpreter() -> None:
    """PySide6 6.12.0 drops a reference to None on each one and kills Python 3.11 after some thousands."""
    code = "from PySide6.QtCore import QObject\nthing = QObject()\nfor _ in range(20_000): thing.setObjectName('x')\n"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
