"""The child that reads a PDF, called without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from pytest_icp.sources.paper import extracting
from tests.sources.paper.test_pages import cells, drawn


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
