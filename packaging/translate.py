"""Refresh resources/translations: collect the texts on screen, fill the English plurals, compile.

    uv run python packaging/translate.py            refresh every .ts file and compile it
    uv run python packaging/translate.py fr kk      begin translations into these languages as well

English itself needs a file for its plurals alone: "%n note(s)" becomes "1 note" and "2 notes", "%n reply(ies)" becomes
"1 reply" and "2 replies". The .ts files are what translators edit (with pyside6-linguist); the .qm files beside them
are what the program loads.
"""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
SOURCES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "desktop" / "margent" / "ui").glob("*.py"))


def update(path: Path, *options: str) -> None:
    """Bring a .ts file in step with the sources."""
    command = ["pyside6-lupdate", *options, "-locations", "none", "-no-obsolete", *SOURCES, "-ts", str(path)]
    subprocess.run(command, cwd=ROOT, check=True)


def english_forms(source: str) -> tuple[str, str]:
    """What a source that counts something says of one and of several.

    An ending in brackets is for several: "(s)", or "(ies)" in the place of a final y. Raises ValueError for others.
    """
    one = re.sub(r"\((?:s|ies)\)", "", source)
    several = re.sub(r"y\(ies\)", "ies", source.replace("(s)", "s"))
    left = re.search(r"\w\(\w+\)", one + several)
    if left is not None:
        raise ValueError(f"{source!r}: no rule for the plural {left[0]!r}")
    return one, several


def fill_english(path: Path) -> None:
    """Write both English forms of every text that counts something."""
    tree = ET.parse(path)
    for message in tree.iter("message"):
        source = message.findtext("source") or ""
        translation = message.find("translation")
        if message.get("numerus") != "yes" or translation is None:
            continue
        translation.attrib.pop("type", None)
        for form in list(translation):
            translation.remove(form)
        for text in english_forms(source):
            ET.SubElement(translation, "numerusform").text = text
    ET.indent(tree, "    ")
    tree.write(path, encoding="utf-8", xml_declaration=True)


def main(languages: list[str]) -> None:
    """Refresh and compile."""
    FOLDER.mkdir(exist_ok=True)
    english = FOLDER / "margent_en.ts"
    update(english, "-pluralonly", "-source-language", "en", "-target-language", "en")
    fill_english(english)
    for language in languages:
        update(FOLDER / f"margent_{language}.ts", "-source-language", "en", "-target-language", language)
    for path in sorted(FOLDER.glob("*.ts")):
        if path != english and path.stem.removeprefix("margent_") not in languages:
            update(path)
        subprocess.run(["pyside6-lrelease", "-silent", str(path), "-qm", str(path.with_suffix(".qm"))], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
