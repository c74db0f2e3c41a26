"""What importing one file costs in memory, measured in a fresh process: run by `test_import_memory`.

Prints, for the process that holds the library and for the one that reads the file, by how many bytes the most that
either held (VmHWM of proc(5)) grew over what it held after a small file of the same format.
"""

import gc
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from margent.formats.apart import Apart
from margent.importing import import_paths
from margent.library.store import Library


def held(process: int, name: str) -> int:
    """Bytes that `process` holds ("VmRSS") or has held at most ("VmHWM")."""
    for line in Path(f"/proc/{process}/status").read_text("ascii", errors="replace").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(name)


def reader(process: int) -> int:
    """The process that reads for `process`."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    return int(children[-1])


def main(small: Path, large: Path) -> None:
    """Import one file after the other, and print what the second took."""
    own = os.getpid()
    with tempfile.TemporaryDirectory() as folder, Apart() as apart:
        library = Library.open(Path(folder))
        apart.send(b"# A small file", "small.md", None, lambda: False)
        import_paths(library, [small], apart=apart)
        other = reader(own)
        gc.collect()
        for process in (own, other):
            Path(f"/proc/{process}/clear_refs").write_text("5", "ascii")
        before = {process: held(process, "VmRSS") for process in (own, other)}
        begun = time.perf_counter()
        report = import_paths(library, [large], apart=apart)
        taken = time.perf_counter() - begun
        assert not report.failed, report.failed
        assert reader(own) == other
        grown = [held(process, "VmHWM") - before[process] for process in (own, other)]
        letters = sum(len(library.text(added.record.revision)) for added in report.added)
        library.close()
    print(json.dumps({"parent": grown[0], "child": grown[1], "seconds": taken, "letters": letters}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
