"""Files of every sort: text in its encodings, PDF with and without words, and what is neither."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pytest_icp.law.errors import InputError
from pytest_icp.sources.paper import MOST_PAGES, read_licence, read_pages
from tests.degrading import LICENCE, silent, told, transcribed, unread, wrong

FONT = "STSong-Light"
A4 = (595, 842)


def drawn(draw: Callable[[Canvas], None], **options: Any) -> bytes:
    """A PDF with a font for Chinese that every reader has."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, **options)
    draw(canvas)
    canvas.save()
    return file.getvalue()


def lines_on_pages(canvas: Canvas) -> None:
    """The licence line by line, with a number at the foot of each page."""
    y, page = 800, 1
    for line in LICENCE.splitlines():
        for at in range(0, max(len(line), 1), 40):
            if y < 60:
                canvas.setFont(FONT, 9)
                canvas.drawString(290, 30, f"- {page} -")
                canvas.showPage()
                y, page = 800, page + 1
            canvas.setFont(FONT, 10)
            canvas.drawString(60, y, line[at : at + 40])
            y -= 16
    canvas.showPage()


def cells(canvas: Canvas) -> None:
    """The main page as a table that was drawn column by column, spaced signs in between."""
    labels = ["公司名称：", "法定代表人：", "发证日期：", "有效期限至："]
    values = ["北京淘车科技 有限公司", "王 剑 炜", "2020 年 01 月 08 日", "２０２４年０３月０６日"]
    canvas.setFont(FONT, 12)
    canvas.drawString(60, 800, "经营许可证编号：京Ｂ２－２０１９０４８６")
    for x, cell in ((60, labels), (200, values)):
        for row, words in enumerate(cell):
            canvas.drawString(x, 760 - 30 * row, words)
    canvas.showPage()


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_pages(path)
    assert caught.value.place
    assert caught.value.place.path == path
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_in_the_encodings_that_are_in_use(tmp_path: Path, encoding: str) -> None:
    text = LICENCE.replace("\n", "\r\n")
    raw, pages = read_pages(write(tmp_path, "licence.txt", text.encode(encoding)))
    assert raw == text.encode(encoding)
    assert {name: field.value for name, field in told(read_licence(pages))} == transcribed()


def test_a_pdf_is_read_as_its_text_is(tmp_path: Path) -> None:
    _, pages = read_pages(write(tmp_path, "licence.pdf", drawn(lines_on_pages)))
    reading = read_licence(pages)
    assert unread(reading) == set()
    assert wrong(reading) == []
    assert len(reading.provisions) == 29
    assert "落实企业网络与信息安全主体责任" in reading.provisions[6].words
    assert {one.spot.page for one in reading.provisions} > {2, 3}


def test_a_pdf_of_cells_is_read_or_says_what_is_not(tmp_path: Path) -> None:
    reading = read_licence(read_pages(write(tmp_path, "licence.pdf", drawn(cells)))[1])
    assert wrong(reading) == []
    assert silent(reading) == []
    assert {"number", "holder", "legal_representative", "issued_on"}.isdisjoint(unread(reading))


def test_a_scan_is_sent_to_ocr(tmp_path: Path) -> None:
    def picture(canvas: Canvas) -> None:
        canvas.rect(100, 100, 200, 200, fill=1)
        canvas.showPage()

    error = refused(write(tmp_path, "scan.pdf", drawn(picture)))
    assert "it is a scan" in error.text("en")
    assert "OCR" in error.hint.en
    assert "扫描件" in error.message.zh


def test_a_pdf_under_a_password(tmp_path: Path) -> None:
    locked = drawn(cells, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    error = refused(write(tmp_path, "locked.pdf", locked))
    assert "protected by a password" in error.message.en
    assert "without a password" in error.hint.en


def test_a_pdf_of_too_many_pages(tmp_path: Path) -> None:
    def many(canvas: Canvas) -> None:
        for _ in range(MOST_PAGES + 1):
            canvas.showPage()

    assert f"{MOST_PAGES + 1} pages" in refused(write(tmp_path, "book.pdf", drawn(many))).message.en


@pytest.mark.parametrize(
    ("name", "content", "message", "hint"),
    [
        ("a.pdf", drawn(cells)[:400], "damaged", "export it again"),
        ("a.pdf", b"%PDF-1.4\n" + b"\0" * 300, "damaged", "export it again"),
        ("a.pdf", drawn(cells).replace(b"/Type /Page\n", b"/Type /Pxxx\n"), "damaged", "export"),
        ("a.pdf", b"PK\x03\x04", "not a PDF", "export it again"),
        ("a.pdf", b"", "no text", ""),
        ("a.txt", b" \n", "no text", ""),
        ("a.txt", b"\f \f", "no text", ""),
        ("a.txt", b"\xff\xfe\x00", "not a text file", "OCR"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0", "not a text file", "OCR"),
        ("a.txt", drawn(cells), "not a text file", "rename it to .pdf"),
    ],
)
def test_what_cannot_be_read(
    tmp_path: Path, name: str, content: bytes, message: str, hint: str
) -> None:
    error = refused(write(tmp_path, name, content))
    assert message in error.message.en
    assert hint in error.hint.en


def test_a_missing_file_and_one_that_is_too_large(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "a.txt").message.en
    large = write(tmp_path, "b.txt", b"x" * (2 * 1024 * 1024 + 1))
    assert "too large" in refused(large).message.en


def test_a_pdf_without_its_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    error = refused(write(tmp_path, "a.pdf", drawn(cells)))
    assert 'pip install "pytest-icp[pdf]"' in error.hint.en
