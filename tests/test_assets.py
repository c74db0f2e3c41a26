"""Data files and builds: a checkout, an editable install, a wheel and an sdist hold the same files and nothing else."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling import build as hatchling

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ("desktop/margent/", "resources/", "content/")
SDIST = (*SHIPPED, "tests/", "packaging/")
SDIST_FILES = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml", ".gitignore"}
PLANTED = (
    "resources/icons/build/secret.key",
    "content/dist/secret.key",
    "desktop/margent/library/.coverage",
    "desktop/margent/ui/__pycache__/secret.cpython-311.pyc",
)
LOOK = """
import json, site, sys
site.addsitedir(sys.argv[1])
from margent import assets
json.dump([str(assets.RESOURCES), str(assets.CONTENT)], sys.stdout)
"""


@pytest.fixture(scope="module")
def files() -> set[str]:
    """Paths of the project's own files, by git where it is there and else by walking, without what git ignores."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = [*SDIST_FILES]
        for folder in SDIST:
            listed += [path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*")]
    return {name for name in listed if (ROOT / name).is_file() and "__pycache__" not in name}


def under(names: set[str], folders: tuple[str, ...]) -> set[str]:
    return {name for name in names if name.startswith(folders)}


def in_wheel(name: str) -> str:
    """Where a file of the project stands in a wheel."""
    return name.removeprefix("desktop/") if name.startswith("desktop/") else f"margent/_data/{name}"


@pytest.fixture(scope="module")
def checkout(files: set[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's files, with files among them that git ignores."""
    copy = tmp_path_factory.mktemp("checkout") / "margent"
    for name in sorted(under(files, SDIST) | SDIST_FILES):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)
    for name in PLANTED:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("not for anybody else")
    return copy


def built(kind: str, source: Path, to: Path) -> Path:
    """The `wheel`, `sdist` or `editable` that the project's build backend makes of `source`."""
    before = Path.cwd()
    os.chdir(source)  # PEP 517: a backend finds the project in the current folder
    try:
        return to / str(getattr(hatchling, f"build_{kind}")(str(to)))
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("sdist", checkout, tmp_path_factory.mktemp("sdist"))


def installed(wheel_file: Path, to: Path) -> Path:
    """A folder with what installing the wheel would put into site-packages."""
    with zipfile.ZipFile(wheel_file) as archive:
        archive.extractall(to)
    return to


def data_seen_from(site: Path) -> dict[str, bytes]:
    """What margent.assets leads to in a Python that has nothing but the standard library and `site`."""
    seen = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LOOK, str(site)], check=True, capture_output=True, encoding="utf-8"
    )
    files: dict[str, bytes] = {}
    for name, folder in zip(("resources", "content"), map(Path, json.loads(seen.stdout)), strict=True):
        for path in filter(Path.is_file, folder.rglob("*")):
            files[f"{name}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    return files


@pytest.mark.parametrize("way", ["checkout", "editable", "wheel"])
def test_every_way_to_have_margent_leads_to_the_same_data_files(
    way: str, files: set[str], checkout: Path, wheel: Path, tmp_path: Path
) -> None:
    expected = under(files, ("resources/", "content/"))
    match way:
        case "checkout":
            site = checkout / "desktop"
            expected |= under(set(PLANTED), ("resources/", "content/"))
        case "editable":
            site = installed(built("editable", checkout, tmp_path), tmp_path / "site")
            expected |= under(set(PLANTED), ("resources/", "content/"))
        case _:
            site = installed(wheel, tmp_path / "site")
    assert {"resources/appearances/light.toml", "resources/icons/LICENSE.txt"} <= expected
    assert data_seen_from(site) == {name: (checkout / name).read_bytes() for name in expected}


def test_an_editable_install_copies_nothing(checkout: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(built("editable", checkout, tmp_path)) as archive:
        members = [name for name in archive.namelist() if ".dist-info/" not in name]
        assert members == ["_margent.pth"]
        assert archive.read("_margent.pth").decode().split() == [str(checkout / "desktop")]


def test_a_wheel_holds_the_projects_files_and_no_other(files: set[str], checkout: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    assert members == {in_wheel(name): (checkout / name).read_bytes() for name in under(files, SHIPPED)}


def test_a_wheel_says_that_it_is_typed_and_carries_every_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    licences = {name.split(".dist-info/licenses/")[1] for name in names if ".dist-info/licenses/" in name}
    assert "margent/py.typed" in names
    assert licences == {
        "LICENSE",
        "resources/fonts/Inter-OFL.txt",
        "resources/fonts/SourceSerif4-OFL.txt",
        "resources/icons/LICENSE.txt",
    }


def test_an_sdist_holds_the_projects_files_and_no_other(files: set[str], sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        top = sdist.name.removesuffix(".tar.gz")
        members = {member.name.removeprefix(f"{top}/") for member in archive.getmembers() if member.isfile()}
    assert members == under(files, SDIST) | SDIST_FILES | {"PKG-INFO"}


def test_an_sdist_builds_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(sdist.read_bytes())) as archive:
        archive.extractall(tmp_path, filter="data")
    (tmp_path / "again").mkdir()
    again = built("wheel", tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path / "again")
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()
