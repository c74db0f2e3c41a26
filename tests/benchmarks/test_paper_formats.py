"""What long Word files and PDFs take to be read: memory as a multiple of the file, time a page.

Each is read in a fresh process, so that the peak is its own.
"""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from Linux's own account"),
]

WORDS = "The river carries less water every year and the towns along it have begun to count what is left of it"
READ = """
import json, sys, time
from pathlib import Path
from margent.formats import {module}

def peak():
    # What getrusage says is at least the peak of the process that started this one.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

{module}.read(Path(sys.argv[2]).read_bytes(), "small.{module}")
data = Path(sys.argv[1]).read_bytes()
before = peak()
began = time.process_time()
document = {module}.read(data, "long.{module}")
print(json.dumps([(peak() - before) * 1024, time.process_time() - began, len(document.text)]))
"""


def pdf(pages: int) -> bytes:
    """A PDF of so many pages of 45 lines, each letter placed by its word, as typesetting programs do."""
    kids = " ".join(f"{3 + 2 * page} 0 R" for page in range(pages))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode()]
    for page in range(pages):
        lines = [
            f"BT /R 10 Tf 1 0 0 1 72 {780 - 15 * line} Tm [({page}.{line}) -400 ({WORDS[:80]})] TJ ET"
            for line in range(45)
        ]
        body = "\n".join(lines).encode()
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + 2 * page} 0 R "
            f"/Resources << /Font << /R {font} >> >> >>".encode()
        )
        bodies.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body))
    out, places = [b"%PDF-1.7\n"], []
    total = len(out[0])
    for number, body in enumerate(bodies, 1):
        places.append(total)
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        total += len(out[-1])
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, total)
    return b"".join([*out, table, tail])


def docx(megabytes: float) -> tuple[bytes, int]:
    """A Word file with so much XML, in runs of four words as Word writes them; and the bytes of its XML."""
    words = WORDS.split()
    runs = "".join(
        f'<w:r w:rsidR="00AB12CD"><w:rPr><w:lang w:val="en-GB"/></w:rPr><w:t xml:space="preserve">'
        f"{' '.join(words[place : place + 4])} </w:t></w:r>"
        for place in range(0, len(words), 4)
    )
    paragraph = f'<w:p w:rsidR="00AB12CD"><w:pPr><w:jc w:val="both"/></w:pPr>{runs * 3}</w:p>'
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = f"<w:document {namespace}><w:body>{paragraph * int(megabytes * 1e6 / len(paragraph))}</w:body></w:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", text)
    return out.getvalue(), len(text)


def read(tmp_path: Path, module: str, long: bytes, small: bytes) -> tuple[float, float, int]:
    """Bytes of memory at the peak over what a small file left, seconds of the processor, letters of the text."""
    paths = [tmp_path / name for name in ("long", "small")]
    for path, data in zip(paths, (long, small), strict=True):
        path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", READ.format(module=module), *map(str, paths)], capture_output=True, check=True, text=True
    )
    peak, seconds, letters = json.loads(done.stdout)
    return peak, seconds, letters


@pytest.mark.parametrize("pages", [150, 450])
def test_a_long_pdf_takes_a_bounded_multiple_of_its_size(tmp_path: Path, pages: int) -> None:
    data = pdf(pages)
    peak, seconds, letters = read(tmp_path, "pdf", data, pdf(2))
    times = peak / len(data)
    print(
        f"\npdf {pages} pages, {len(data) / 1e6:.1f} MB, {letters:,} letters: {times:.1f} x, "
        f"{seconds / pages * 1e3:.1f} ms a page"
    )
    assert letters > 3000 * pages
    assert 0 < times < 10


@pytest.mark.parametrize("megabytes", [4, 12])
def test_a_long_word_file_takes_a_bounded_multiple_of_its_xml(tmp_path: Path, megabytes: int) -> None:
    data, xml = docx(megabytes)
    peak, seconds, letters = read(tmp_path, "docx", data, docx(0.1)[0])
    times = peak / xml
    print(f"\ndocx {xml / 1e6:.1f} MB of XML, {letters:,} letters: {times:.1f} x, {seconds / megabytes:.2f} s a MB")
    assert letters > 1e5 * megabytes
    assert 0 < times < 15
