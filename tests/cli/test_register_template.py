"""Registers to fill in say nothing until somebody fills them in."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pytest_icp.cli.register import (
    TEMPLATES,
    workbook_template,
)
from pytest_icp.law.errors import InputError
from pytest_icp.sources.register import read_register
from pytest_icp.sources.register.columns import registers
from pytest_icp.sources.request import Request


def read(content: bytes, name: str):
    request = Request(path=Path("-"), root=Path(), given=content, settings={"list": name})
    return read_register(request)


@pytest.mark.parametrize("form", TEMPLATES)
def test_a_template_says_nothing(form: str) -> None:
    # A workbook takes a third of a second; what stands in it is what stands in the others.
    every = 30 if form == "xlsx" else 1
    for register in [*registers().values()][::every]:
        for lang in ("zh", "en"):
            derived = read(TEMPLATES[form](register, lang), register.name)
            assert derived.facts == {}
            assert [gap.kinds for gap in derived.gaps] == [{register.fact}]


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
