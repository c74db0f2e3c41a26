"""What the frozen program runs: the same as the command `margent`."""

import os
import sys
from collections.abc import MutableMapping

from margent.cli import main


def give_back(environment: MutableMapping[str, str]) -> None:
    """Undo what the start of a frozen program does to the environment.

    WORKAROUND: on Linux PyInstaller points LD_LIBRARY_PATH to the program's own libraries, and a browser started by a
    click on a link would load those. This process has read the variable already.
    https://pyinstaller.org/en/stable/runtime-information.html#ld-library-path-libpath-considerations
    """
    before = environment.pop("LD_LIBRARY_PATH_ORIG", "")
    if before:
        environment["LD_LIBRARY_PATH"] = before
    else:
        environment.pop("LD_LIBRARY_PATH", None)


if __name__ == "__main__":
    if getattr(sys, "frozen", False) and sys.platform.startswith("linux"):
        give_back(os.environ)
    sys.exit(main())
