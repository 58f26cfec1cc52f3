from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.reports.baseline import baseline_text
from pytest_icp.reports.entries import entries
from pytest_icp.rules.baseline import read_baseline
from tests.runs import RUN


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "icp-baseline.json"
    path.write_text(baseline_text(RUN), "utf-8")
    known, day = read_baseline(path)
    assert day == "2023-12-08"
    assert [one.rule for one in known] == ["SP09/record-kept", "SP12/exit", "SP12/renewal"]
    assert {one.key for one in known} <= {
        (entry.result.description, entry.fingerprint) for entry in entries(RUN)
    }


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "[]",
        '{"apiVersion": "pytest-icp/v1", "as_of": "2023-12-08", "findings": 1}',
        '{"apiVersion": "pytest-icp/v1", "as_of": "2023-12-08", "findings": [{"rule": "x"}]}',
    ],
)
def test_one_that_cannot_be_read_is_an_error(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "b.json"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"b\.json"):
        read_baseline(path)
