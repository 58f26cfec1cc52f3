"""Registers to fill in say nothing until somebody fills them in."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources.register import read_register
from pytest_icp.sources.register.columns import registers
from pytest_icp.sources.register.template import (
    TEMPLATES,
    csv_template,
    json_lines_template,
    workbook_template,
)
from pytest_icp.sources.request import Request


def read(content: bytes, name: str):
    request = Request(path=Path("-"), root=Path(), given=content, settings={"list": name})
    return read_register(request)


@pytest.mark.parametrize("name", registers())
def test_a_template_says_nothing(name: str) -> None:
    register = registers()[name]
    for lang in ("zh", "en"):
        for write in TEMPLATES.values():
            derived = read(write(register, lang), name)
            assert derived.facts == {}
            assert [gap.kinds for gap in derived.gaps] == [{register.fact}]


def test_without_its_hints_it_says_that_there_are_none() -> None:
    content = csv_template(registers()["complaints"], "zh").splitlines()[0]
    assert read(content, "complaints").facts == {"complaints": []}


def test_hints_name_choices_and_examples() -> None:
    hints = csv_template(registers()["network_units"], "en").decode().splitlines()[1]
    assert hints.startswith("# such as ")
    assert " or none," in hints
    assert "intrusion / monitoring / backup (several, separated by ;)" in hints
    line = json_lines_template(registers()["complaints"], "zh").decode()
    assert '"种类": "service / fee / personal_info / illegal_content"' in line


def test_a_workbook_offers_choices() -> None:
    raw = workbook_template(registers()["complaints"], "zh")
    sheet = openpyxl.load_workbook(BytesIO(raw)).active
    assert sheet.title == "投诉"
    assert "投诉" in sheet["C1"].comment.text
    offers = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    assert offers["B3:B2000"].formula1 == '"service,fee,personal_info,illegal_content"'
    assert offers["B3:B2000"].showErrorMessage
    # A date is not in the list, and right all the same.
    assert not offers["D3:D2000"].showErrorMessage
    sheet.append(["c-1", "fee", "2023/9/1", "never"])
    filled = BytesIO()
    sheet.parent.save(filled)
    assert read(filled.getvalue(), "complaints").facts["complaints"] == [
        {"id": "c-1", "kind": "fee", "received_at": "2023-09-01", "answered_at": "never"}
    ]


def test_a_workbook_needs_openpyxl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError) as error:
        workbook_template(registers()["complaints"], "zh")
    assert error.value.hint.en.endswith('"pytest-icp[xlsx]"; or use --format csv')
