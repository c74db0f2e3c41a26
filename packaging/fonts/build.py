# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.60.1"]
# ///
"""Make resources/fonts: the text and interface faces, cut down to the scripts and features Margent sets.

    uv run packaging/fonts/build.py

The sources are the static TrueType files of two npm packages (`npm` must be there); they carry whole kerning and
mark tables, which the subsets made for web pages do not. What is kept: Latin with its extensions, Greek, Cyrillic
with Kazakh, punctuation, currency, arrows and mathematical signs; kerning, marks, ligatures, figures and fractions.
Small capitals and alternates go. Neither font has a reserved font name, so the cut faces may keep their names.
The same sources give the same bytes.
"""

import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"

PACKAGES = {
    "@expo-google-fonts/source-serif-4@0.4.1": {
        "400Regular/SourceSerif4_400Regular.ttf": "SourceSerif4-Regular.ttf",
        "400Regular_Italic/SourceSerif4_400Regular_Italic.ttf": "SourceSerif4-Italic.ttf",
        "600SemiBold/SourceSerif4_600SemiBold.ttf": "SourceSerif4-SemiBold.ttf",
        "600SemiBold_Italic/SourceSerif4_600SemiBold_Italic.ttf": "SourceSerif4-SemiBoldItalic.ttf",
        "LICENSE_FONT": "SourceSerif4-OFL.txt",
    },
    "@expo-google-fonts/inter@0.4.2": {
        "400Regular/Inter_400Regular.ttf": "Inter-Regular.ttf",
        "600SemiBold/Inter_600SemiBold.ttf": "Inter-SemiBold.ttf",
        "LICENSE_FONT": "Inter-OFL.txt",
    },
}

RANGES = (
    (0x0020, 0x024F),  # Latin, its supplement and extensions A and B
    (0x0259, 0x0259),  # schwa, as Azerbaijani writes it
    (0x02B0, 0x036F),  # modifiers, combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic with its supplement: Kazakh, Kyrgyz, Tajik, Mongolian
    (0x1E00, 0x1FFF),  # Latin additional, Greek with breathings
    (0x2000, 0x22FF),  # punctuation, indices, currency, letterlike, fractions, arrows, mathematics
    (0x2460, 0x2473),  # numbers in circles
    (0x25A0, 0x27BF),  # shapes, ticks
    (0xFB00, 0xFB06),  # ligatures
    (0xFFFD, 0xFFFD),
)
FEATURES = [
    *("kern", "mark", "mkmk", "ccmp", "locl", "calt", "liga", "rlig"),
    *("lnum", "onum", "pnum", "tnum", "frac", "numr", "dnom", "sups", "subs", "ordn", "case"),
]


def fetch(package: str, folder: Path) -> Path:
    """The unpacked npm package, below `folder`."""
    done = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True)
    archive = folder / done.stdout.strip()
    target = folder / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def cut(source: Path, target: Path) -> None:
    """Write the face in `source` with RANGES and FEATURES alone to `target`."""
    options = subset.Options(
        layout_features=FEATURES,
        name_IDs=["*"],
        notdef_outline=True,
        glyph_names=False,
        hinting=True,
        recalc_timestamp=False,
        drop_tables=["DSIG", "STAT", "BASE", "meta"],
    )
    face = TTFont(source, recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    worker.subset(face)
    face.save(target)
    print(f"{target.name}: {target.stat().st_size // 1024} kB, {len(face.getBestCmap())} characters")


def main() -> None:
    """Fetch, cut, write."""
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        for package, files in PACKAGES.items():
            root = fetch(package, Path(name))
            for source, target in files.items():
                if target.endswith(".ttf"):
                    cut(root / source, FONTS / target)
                else:
                    text = (root / source).read_text("utf-8")
                    (FONTS / target).write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
