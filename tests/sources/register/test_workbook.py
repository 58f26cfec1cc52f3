"""Workbooks of Excel and WPS: sheets, dates as they are typed, and files that are none."""

from __future__ import annotations

import sys
import warnings
import zipfile
from datetime import date, datetime, time
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.errors import InputError
from pytest_icp.sources.register import lists_of, read_register
from pytest_icp.sources.register.files import read_workbook
from pytest_icp.sources.request import Request
from tests.attack.reading import in_this_process
from tests.sources.reading import refused

HEAD = ["标识", "种类", "收到时间", "答复时间"]


def workbook(**sheets):
    """The bytes of a workbook with rows in its sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book):
    raw = BytesIO()
    book.save(raw)
    return raw.getvalue()


@pytest.fixture(autouse=True)
def quickly():
    with in_this_process():
        yield


@pytest.fixture
def read(tmp_path):
    def read(raw, name="complaints.xlsx", **settings):
        (tmp_path / name).write_bytes(raw)
        path = tmp_path / name
        return read_register(Request(path=path, root=tmp_path, folder=tmp_path, settings=settings))

    return read


def test_cells_have_the_addresses_of_a_spreadsheet(read):
    rows = [
        ["投诉登记表"],
        HEAD,
        [],
        ["c-1", "fee", date(2023, 9, 1), datetime(2023, 9, 2, 15, 30)],
    ]
    derived = read(workbook(投诉=rows, 说明=[["如何填写"]]))
    assert derived.facts["complaints"] == [
        {
            "id": "c-1",
            "kind": "fee",
            "received_at": "2023-09-01",
            "answered_at": "2023-09-02T15:30",
        }
    ]
    found = derived.trace("/complaints/0/answered_at")
    assert (found.place.line, found.address, found.attribute) == (None, "投诉!D4", "答复时间")
    assert [one.en for one in derived.remarks] == [
        "complaints.xlsx: sheets that were not read: 说明"
    ]
    error = refused(read, workbook(投诉=[HEAD, ["c-1", "fine"]]))
    assert error.message.en == "sheet 投诉, B2: 'fine' is not one of the choices"
    assert error.message.zh == "工作表“投诉”B2：'fine' 不在可填的内容之中"


def test_dates_as_excel_has_them(read):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["标识", "收到时间", "答复时间", "办结时间"])
    sheet.append(["a", 45250, 45250.5, 20231120])
    sheet.append(["b", datetime(2023, 11, 20), datetime(2023, 11, 20), "2023年11月20日"])
    # The formats of China have no number of their own in the file.
    sheet["B3"].number_format = 'yyyy"年"m"月"d"日";@'
    sheet["C3"].number_format = "yyyy/m/d h:mm"
    derived = read(saved(book))
    day, noon, midnight = "2023-11-20", "2023-11-20T12:00", "2023-11-20T00:00"
    assert [list(one.values())[1:] for one in derived.facts["complaints"]] == [
        [day, noon, day],
        [day, midnight, day],
    ]
    error = refused(read, workbook(s=[HEAD, ["a", "fee", 7, time(15, 30)]]))
    assert [one.message.en for one in error.problems] == [
        "sheet s, C2: 7 is not a date",
        "sheet s, D2: '15:30:00' is not a date",
    ]


def test_formulas_count_as_they_were_calculated(read):
    raw = workbook(s=[["标识", "种类"], ["a", "=1/0"], ["b", "fee"]])
    with zipfile.ZipFile(BytesIO(raw)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert b"<v></v>" in parts[name] or b"<v />" in parts[name] or b"<v/>" in parts[name]
    sheet = parts[name].replace(b'<c r="B2"', b'<c r="B2" t="e"')
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        sheet = sheet.replace(empty, b"<v>#DIV/0!</v>")
    # A program wrote the wrong size of the sheet.
    sheet = sheet.replace(b'ref="A1:B3"', b'ref="A1"')
    error = refused(read, zipped({**parts, name: sheet}))
    assert "B2: the cell has '#DIV/0!'" in error.message.en


def zipped(parts):
    raw = BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return raw.getvalue()


def test_sheets_are_chosen_by_name_or_by_setting(read, tmp_path):
    two = workbook(投诉=[["标识"], ["c"]], 安全事件=[["标识"]])
    both = read(two, "registers.xlsx")
    assert both.facts == {"complaints": [{"id": "c"}], "incidents": []}
    assert read(two, "registers.xlsx", list="incidents").facts == {"incidents": []}
    years = workbook(一=[["标识"], ["a"]], 二=[["标识"], ["b"]])
    assert read(years, sheet="二").facts == {"complaints": [{"id": "b"}]}
    assert read(years, "x.xlsx", sheet="二", list="投诉").facts == {"complaints": [{"id": "b"}]}
    assert "which sheet" in refused(read, years).message.en
    assert "which sheet" in refused(read, workbook(一=[["标识"]]), "x.xlsx").message.en
    error = refused(read, two, sheet="投拆")
    assert (error.message.en, error.hint.en) == (
        "sheet: there is no sheet '投拆'",
        "did you mean '投诉'?",
    )
    assert refused(read, two, sheet="zz").hint.en == "there are 投诉, 安全事件"
    assert refused(read, workbook(投诉=[])).message.en == "the workbook is empty"
    hidden = openpyxl.load_workbook(BytesIO(two))
    hidden["投诉"].sheet_state = "hidden"
    assert read(saved(hidden), "registers.xlsx").facts == {"incidents": []}
    assert lists_of(Request(path=tmp_path / "complaints.xlsx", root=tmp_path)) == {"complaints"}


def test_files_that_are_no_workbook(read):
    assert "password" in refused(read, b"\xd0\xcf\x11\xe0").message.en
    assert "complete" in refused(read, b"PK\x03\x04 x").message.en
    assert "complete" in refused(read, zipped({"a": b"b"})).message.en
    bomb = zipped({"a": b"\0" * (65 * 1024 * 1024)})
    assert len(bomb) < 100_000
    assert "64 MiB" in refused(read, bomb).message.en


def test_a_lonely_cell_far_away(read):
    book = openpyxl.Workbook()
    book.active["A1"] = "标识"
    book.active["XFD1048576"] = "x"
    assert "more than 100000 rows" in refused(read, saved(book)).message.en


def test_without_openpyxl(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    error = refused(read, workbook(s=[["标识"]]))
    assert 'pip install "pytest-icp[xlsx]"' in error.hint.en
    assert error.hint.en.endswith("or save the sheet as CSV")


def test_files_beside_an_open_workbook_are_left_alone(read, tmp_path):
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "~$complaints.xlsx").write_bytes(b"x")
    (tmp_path / "registers" / "complaints.xlsx").write_bytes(workbook(s=[["标识"]]))
    derived = read_register(Request(path=tmp_path / "registers", root=tmp_path))
    assert derived.facts == {"complaints": []}


DAMAGED = workbook(投诉=[HEAD, ["c-1", "fee", date(2023, 9, 1), 45250.5]])


@given(st.data())
def test_a_damaged_workbook_is_an_input_error(data):
    with zipfile.ZipFile(BytesIO(DAMAGED)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    content = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 40))] = data.draw(
            st.sampled_from([b"", b"x", b'"', b"<", b"-9", b"99999999999", b"&x;", b"\xff"])
        )
    if data.draw(st.booleans()):
        del parts[name]
    else:
        parts[name] = bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            read_workbook(__file__, zipped(parts))  # type: ignore[arg-type]  # a path to name
        except InputError as error:
            assert error.message.zh
