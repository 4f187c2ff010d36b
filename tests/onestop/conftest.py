import io
import re
import subprocess
from datetime import UTC, datetime

import pytest
from docx import Document

from onestop import markup, sheet, writing_docx, writing_pdf

MADE_AT = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
CODE, ADDRESS = "H26.12-260305-0001", "https://kip.example.vn/tra-cuu/AbCdEfGhIjKlMnOpQrStUv/"


def bare(text: str) -> str:
    """Without blanks: line breaks fall elsewhere in each face."""
    return re.sub(r"\s+", "", text)


class Faces:
    """One filled form in both faces."""

    def __init__(self, kind, values, body=None, tmp_path=None):
        self.sheet = sheet.sheet_of(kind, sheet.Text(body or kind.standard()), values, code=CODE, address=ADDRESS)
        self.pdf = writing_pdf.write(self.sheet)
        self.docx = writing_docx.write(self.sheet, at=MADE_AT)
        self.path = tmp_path / "form.pdf"
        self.path.write_bytes(self.pdf)

    def tool(self, *command):
        return subprocess.run([*command], capture_output=True, text=True, check=True).stdout

    @property
    def said(self):
        return markup.texts(self.sheet.blocks)

    @property
    def pdf_text(self):
        return self.tool("pdftotext", "-raw", str(self.path), "-")

    @property
    def document(self):
        return Document(io.BytesIO(self.docx))

    def docx_texts(self):
        """Paragraphs and cells in the order of the document."""
        found = []
        for item in self.document.iter_inner_content():
            if hasattr(item, "rows"):
                for row in item.rows:
                    for cell in row.cells:
                        found += [paragraph.text for paragraph in cell.paragraphs]
            else:
                found.append(item.text)
        return [text for text in found if text]


@pytest.fixture
def faces(tmp_path):
    return lambda kind, values=None, body=None: Faces(kind, values or kind.example(), body, tmp_path)


@pytest.fixture
def receipt_values():
    from onestop.kinds import BY_CODE

    return BY_CODE["01"].example()
