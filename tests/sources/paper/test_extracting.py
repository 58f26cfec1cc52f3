"""The child that reads a PDF, called without one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from pytest_icp.sources.paper import extracting
from tests.sources.paper.test_pages import FONT, cells, drawn


@pytest.mark.parametrize(
    ("raw", "most", "expected"),
    [
        (drawn(cells), 0, {"count": 1}),
        (b"%PDF-1.4\n", 9, {"refused": "broken"}),
        (drawn(cells, encrypt=StandardEncryption("secret")), 9, {"refused": "locked"}),
    ],
)
def test_why_there_are_no_texts(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    raw: bytes,
    most: int,
    expected: dict[str, Any],
) -> None:
    monkeypatch.setattr(extracting, "restrict", lambda _: True)
    (tmp_path / extracting.FILE).write_bytes(raw)
    assert extracting.answer({"root": str(tmp_path), "most": most}) == expected


def test_the_texts_of_the_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    restricted: list[str] = []
    monkeypatch.setattr(extracting, "restrict", restricted.append)
    (tmp_path / extracting.FILE).write_bytes(drawn(cells))
    (page,) = extracting.answer({"root": str(tmp_path), "most": 1})["pages"]
    assert "公司名称" in page
    assert restricted == [str(tmp_path)]


def across(canvas: Canvas) -> None:
    """Words over the lines of a page, as a whole and one by one."""
    for turned, words in ((45, "仅供办理使用"), (330, "内部留存")):
        canvas.saveState()
        canvas.translate(150, 500)
        canvas.rotate(turned)
        canvas.setFont(FONT, 30)
        canvas.drawString(0, 0, words)
        canvas.restoreState()
        canvas.setFont(FONT, 12)
        canvas.drawString(60, 460 + turned, f"第{turned}行")
    for at, sign in enumerate("仅供办理"):
        canvas.drawString(200 + 60 * at, 300 - 40 * at, sign)
        canvas.drawString(60, 300 - 40 * at, f"行{at}的文字")
    canvas.showPage()


def upright(canvas: Canvas) -> None:
    """A page that was printed on its side."""
    canvas.rotate(90)
    canvas.setFont(FONT, 12)
    canvas.drawString(100, -100, "公司名称")
    canvas.showPage()


def slanted(canvas: Canvas) -> None:
    """A page all of which is slanted: a scan with its text."""
    canvas.rotate(10)
    canvas.setFont(FONT, 12)
    canvas.drawString(100, 100, "公司名称")
    canvas.showPage()


def text_of(draw: Callable[[Canvas], None]) -> list[str]:
    with pypdfium2.PdfDocument(drawn(draw)) as document:
        return extracting._text(document[0]).split()


def test_what_is_written_across_a_page_is_no_part_of_it() -> None:
    assert text_of(across) == [
        *("第45行", "第330行"),
        *("行0的文字", "仅", "行1的文字", "供", "行2的文字", "办", "行3的文字", "理"),
    ]


@pytest.mark.parametrize("draw", [upright, slanted])
def test_a_page_may_be_turned_as_a_whole(draw: Callable[[Canvas], None]) -> None:
    assert "".join(text_of(draw)) == "公司名称"
