"""List what Margent uses of others, with licences, in packaging/THIRD-PARTY.md.

    uv run python packaging/licences.py            write it
    uv run python packaging/licences.py --check    only tell whether it is in step with uv.lock

Everything that a wheel pulls in stands in uv.lock; what each package says of its licence, in its metadata. A package
whose licence is not among those allowed stops this, so that none comes in unnoticed.
"""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "packaging" / "THIRD-PARTY.md"
ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-3.0-only", "MIT", "MPL-2.0", "PSF-2.0",
})  # fmt: skip
CLASSIFIERS = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}
SAID = {
    # Their metadata name no licence by its identifier; these are those of the texts that they bring.
    "cssselect": "BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "jinja2": "BSD-3-Clause",
    "lxml": "BSD-3-Clause",
    "lxml-html-clean": "BSD-3-Clause",
    "mammoth": "BSD-2-Clause",
    "cobble": "BSD-2-Clause",
    "pypdfium2": "BSD-3-Clause",
    "readability-lxml": "Apache-2.0",
    "snowballstemmer": "BSD-3-Clause",
    # Offered under one of several licences, of which Margent takes this one.
    "pyside6-essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
}
WITHIN = {
    "lxml": "libxml2 and libxslt (MIT), zlib (Zlib), libiconv (LGPL-2.1-or-later, in some builds)",
    "pypdfium2": "PDFium (BSD-3-Clause and Apache-2.0) with what it contains: FreeType (FTL), libjpeg-turbo (IJG, "
    "BSD-3-Clause), OpenJPEG (BSD-2-Clause), Little CMS (MIT), AGG 2.3, ICU and others, each with its text",
    "nh3": "ammonia and html5ever (MIT or Apache-2.0)",
    "pyside6-essentials": "Qt 6 (LGPL-3.0-only) with what it contains",
    "rapidfuzz": "rapidfuzz-cpp and Taskflow (MIT)",
    "stopwordsiso": "the lists of stopwords-iso (MIT)",
}
HEAD = """# What Margent uses of others

Made by `packaging/licences.py` from `uv.lock`; a test holds the two together. A wheel or an sdist of Margent contains
none of these packages: they are installed beside it. The frozen program contains them, and their licence texts stand in
its folder `licences`, with those of the libraries of the system it was built on.

| package | licence | with it come |
|---|---|---|
"""
TAIL = """
In the repository, in `resources/`: the typefaces Source Serif 4 and Inter (SIL Open Font License 1.1) and the icons of
Lucide (ISC), each beside its licence. The lists of stop words in `resources/stopwords` are Margent's own.
"""


def runtime() -> list[str]:
    """The names of all packages that installing Margent brings along on some system, sorted."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    needs: dict[str, set[str]] = {}
    extras = {package["name"]: package.get("optional-dependencies", {}) for package in packages}
    for package in packages:
        for wish in package.get("dependencies", ()):
            more = (each for extra in wish.get("extra", ()) for each in extras[wish["name"]][extra])
            needs.setdefault(package["name"], set()).update(each["name"] for each in (wish, *more))
    found: set[str] = set()
    left = ["margent"]
    while left:
        for name in needs.get(left.pop(), set()) - found:
            found.add(name)
            left.append(name)
    return sorted(found)


def licence(name: str) -> str:
    """The SPDX identifier or expression of an installed package's licence; "" for one that is not installed here.

    Ends the program with a sentence when it is unknown or not allowed.
    """
    if name in SAID:
        said = SAID[name]
    else:
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            return ""
        classified = {CLASSIFIERS[line] for line in about.get_all("Classifier", []) if line in CLASSIFIERS}
        said = about.get("License-Expression") or about.get("License") or " AND ".join(sorted(classified))
    if not set(re.split(r" (?:AND|OR) ", said)) <= ALLOWED:
        sys.exit(f"{name}: the licence is “{said[:80]}”; look at its text, then put it into SAID or ALLOWED.")
    return said


def rows() -> dict[str, str]:
    """Name and licence of every package; the licence is "" where the package is for another system."""
    return {name: licence(name) for name in runtime()}


def text() -> str:
    """The content of the file."""
    lines = [
        f"| {name} | {said or 'for other systems; see there'} | {WITHIN.get(name, '')} |\n"
        for name, said in rows().items()
    ]
    return HEAD + "".join(lines) + TAIL


def main() -> None:
    """Write the file, or tell whether it is in step."""
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.read_text("utf-8") == text() else "THIRD-PARTY.md is not in step with uv.lock.")
    TARGET.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
