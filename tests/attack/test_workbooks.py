"""A small workbook that stands for an endless one is refused early, in a child process."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from time import perf_counter

import openpyxl
import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources.register import files
from pytest_icp.sources.register.files import read_workbook

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
SLOW = 60
"""Seconds that no machine needs; without a limit it took hours, or all of the memory."""


def changed(part: str, old: str, new: str) -> bytes:
    """Return a small workbook in which a text of one part is another."""
    book, raw, packed = openpyxl.Workbook(), BytesIO(), BytesIO()
    book.active.append(["标识", "种类"])
    book.active.append(["c-1", 7])
    book.save(raw)
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            content = parts.read(name).decode()
            if name == part:
                assert old in content
                content = content.replace(old, new, 1)
            out.writestr(name, content)
    return packed.getvalue()


def refused(raw: bytes) -> str:
    begun = perf_counter()
    with pytest.raises(InputError) as error:
        read_workbook(Path("complaints.xlsx"), raw)
    assert perf_counter() - begun < SLOW
    return error.value.message.en


def test_a_row_whose_number_no_spreadsheet_has() -> None:
    raw = changed(SHEET, '<row r="2"', '<row r="99999999999"')
    assert len(raw) < 10_000
    assert refused(raw) == "more than 1048576 rows"


def test_more_sheets_than_anybody_has() -> None:
    sheet = '<sheet name="s{0}" sheetId="{0}" r:id="rId1"/>'
    many = "".join(map(sheet.format, range(2, 20_000)))
    assert refused(changed(BOOK, "</sheets>", f"{many}</sheets>")) == "more than 1000 sheets"


@pytest.mark.parametrize("cell", ["<c/>", '<x:c xmlns:x="y"/>'])
def test_more_cells_in_a_row_than_a_spreadsheet_has_columns(cell: str) -> None:
    raw = changed(SHEET, "</row>", cell * 200_000 + "</row>")
    assert len(raw) < 300_000
    assert refused(raw) == "more than 16384 columns"


def test_what_is_large_when_it_is_unpacked() -> None:
    raw = changed(SHEET, "</row>", "</row>" + " " * 65 * 1024 * 1024)
    assert len(raw) < 100_000
    assert refused(raw) == "the workbook is larger than 64 MiB when it is unpacked"


def test_an_archive_that_python_cannot_unpack_is_an_error() -> None:
    raw = bytearray(changed(BOOK, "</sheets>", "</sheets>"))
    at = raw.index(b"PK\x01\x02") + 6
    raw[at] = 255  # the version of the archive that is needed to read it
    assert refused(bytes(raw)).startswith("not a complete Excel workbook: zip file version")


def test_cells_that_are_empty_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST", {**files._MOST, "cells": 3})
    assert refused(changed(BOOK, "</sheets>", "</sheets>")) == "more than 3 cells"


def test_what_reads_a_workbook_is_a_child_with_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def run(module: str, *_: object, **__: object) -> dict[str, object]:
        asked.append(module)
        return {"sheets": []}

    monkeypatch.setattr(files, "run", run)
    assert read_workbook(Path("a.xlsx"), changed(BOOK, "</sheets>", "</sheets>")) == []
    assert asked == ["pytest_icp.sources.register.extracting"]
