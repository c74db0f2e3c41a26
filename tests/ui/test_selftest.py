"""What the program touches while it does everything once: nothing but its own folders, and no network at all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WATCHED = """
import json, os, sys
seen = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path, mode, flags = arguments
        writing = bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) or (mode and set(mode) & set("wax+"))
        if writing:
            seen.append(["write", os.path.abspath(os.fsdecode(path))])
    elif event in {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"}:
        seen.append([event, str(arguments[1 if event == "os.rename" else 0])])
    elif event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"}:
        seen.append(["network", str(arguments[1:])])
    elif event in {"subprocess.Popen", "os.exec", "os.system", "os.posix_spawn", "webbrowser.open"}:
        own = event in {"subprocess.Popen", "os.posix_spawn"} and list(arguments[1]) == apart.command()
        if not own or event == "subprocess.Popen":  # which spawns it from Python 3.13 on
            seen.append(["reading" if own else "process", str(arguments)])
sys.addaudithook(watch)
sys.dont_write_bytecode = True
from margent.cli import main
from margent.formats import apart
code = main(["--selftest"])
print(json.dumps(seen))
sys.exit(code)
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[list[str]], str, Path, set[Path]]:
    """What one self-test did, what it said, its temporary folder, and what is left there and in its home."""
    temporary, home = tmp_path_factory.mktemp("temporary"), tmp_path_factory.mktemp("home")
    own = {name: str(home) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    own |= {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")), "TMPDIR": str(temporary)}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED], capture_output=True, text=True, timeout=60, env=os.environ | own, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    said, seen = done.stdout.splitlines()
    return json.loads(seen), said, temporary, {*temporary.rglob("*"), *home.rglob("*")}


def test_it_passes_and_says_so(watched: tuple[list[list[str]], str, Path, set[Path]]) -> None:
    assert watched[1] == "margent: the self-test passed"


def test_nothing_touches_the_network_or_starts_a_program_but_the_one_that_reads_files(
    watched: tuple[list[list[str]], str, Path, set[Path]],
) -> None:
    assert not [event for event in watched[0] if event[0] in {"network", "process"}]
    assert len([event for event in watched[0] if event[0] == "reading"]) == 1


def test_nothing_is_written_outside_its_own_folder(watched: tuple[list[list[str]], str, Path, set[Path]]) -> None:
    seen, _, temporary, _ = watched
    touched = [event for event in seen if event[0] not in {"network", "process", "reading"}]
    touched = [event for event in touched if event[1] != os.devnull]
    assert len(touched) > 5, "the hook sees something"
    assert not [
        event
        for event in touched
        if str(temporary) not in event[1] and not (event[0] in {"os.remove", "os.rmdir"} and "/" not in event[1])
    ], "but for what is cleared away, which is named inside its folder"


def test_nothing_is_left_behind(watched: tuple[list[list[str]], str, Path, set[Path]]) -> None:
    assert watched[3] == set()
