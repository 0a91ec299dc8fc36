"""Documents for tests in each form: text, HTML, Word, and a small PDF written by hand."""

from __future__ import annotations

import html
import io
import textwrap
from collections.abc import Sequence
from pathlib import Path

import docx

FORMS = ("txt", "html", "docx", "pdf")


def written(folder: Path, lines: Sequence[str], form: str, name: str = "edition") -> Path:
    """Writes a document with these paragraphs in one of the formats. Returns its path."""
    path = folder / f"{name}.{form}"
    path.write_bytes(pdf([pages_line(lines)]) if form == "pdf" else {"txt": _txt, "html": _html, "docx": _docx}[form](lines))
    return path


def _txt(lines: Sequence[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _html(lines: Sequence[str]) -> bytes:
    body = "".join(f"<p>{html.escape(line)}</p>\n" if n % 2 else f"<li>{html.escape(line)}</li>" for n, line in enumerate(lines))
    return f"<html><head><title>A page</title><style>p {{}}</style></head><body>{body}<script>x()</script></body></html>".encode()


def _docx(lines: Sequence[str]) -> bytes:
    document = docx.Document()
    for number, line in enumerate(lines):
        if number % 5 == 4:
            document.add_table(1, 1).cell(0, 0).text = line
        else:
            document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pages_line(lines: Sequence[str], width: int = 46) -> list[str]:
    """Paragraphs wrapped into lines of a page."""
    return [row for line in lines for row in textwrap.wrap(line, width)]


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with these lines on its pages."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, lines in enumerate(pages):
        shown = "".join(f"({_escaped(line)}) Tj 0 -14 Td " for line in lines)
        content = f"BT /F1 11 Tf 50 800 Td {shown}ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    out = "%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
