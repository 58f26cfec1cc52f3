"""Registers of what is inside an element: assessments and changes of units, filings of events."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.description import Description
from pytest_icp.law.errors import InputError
from pytest_icp.sources.loading import load

UNITS = "标识,投入运行日期\nu1,2023-01-01\nu2,2023-01-01\n"
RISK = "网络单元,标识,完成日期\nu1,r1,2023-03-01\nu1,r2,未发生\n"


@pytest.fixture
def described(tmp_path: Path):
    def described(by_hand: str = "", *paths: str, **files: str) -> Description:
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.csv"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        sources = "".join(f"\n  - {{kind: register, path: {path}}}" for path in paths)
        text = f"apiVersion: pytest-icp/v1\nsources:{sources}\n{by_hand}"
        (tmp_path / "a.icp.yaml").write_text(text, "utf-8")
        return load(tmp_path / "a.icp.yaml", root=tmp_path)

    return described


def units(description: Description):
    return description.facts.get("network_units")


def test_rows_go_to_their_elements_and_an_element_without_rows_has_none(described):
    found = described("", "r", r__网络单元=UNITS, **{"r__network_units.risk": RISK})
    assert units(found) == [
        {
            "id": "u1",
            "in_production_on": "2023-01-01",
            "risk": [{"id": "r1", "done_on": "2023-03-01"}, {"id": "r2", "done_on": "never"}],
        },
        {"id": "u2", "in_production_on": "2023-01-01", "risk": []},
    ]
    done = found.provenance("/network_units/0/risk/1/done_on")
    assert done is not None
    assert (Path(done.place.path).name, done.place.line, done.address) == (
        "network_units.risk.csv",
        3,
        "C3",
    )


def test_rows_complete_the_elements_of_other_parts(described):
    by_hand = "network_units:\n  - {id: u1, kind: 系统}\n  - {id: u3}\n"
    found = described(by_hand, "网络单元.风险评估.csv", **{"网络单元.风险评估": RISK})
    first, other = units(found)
    assert first["risk"][0] == {"id": "r1", "done_on": "2023-03-01"}
    assert first["kind"] == "系统"
    # Nobody knows here whether the register was meant to have the other unit.
    assert other == {"id": "u3"}
    assert not found.gaps


def test_rows_do_not_declare_the_elements_that_they_belong_to(described):
    found = described("", "network_units.risk.csv", **{"network_units.risk": RISK})
    assert units(found) is None
    (gap,) = found.gaps["network_units"]
    assert gap.message.en == "no element of `network_units` has the id 'u1'"
    wrong = described(
        "network_units: [{id: u-1}]\n", "network_units.risk.csv", **{"network_units.risk": RISK}
    )
    (gap,) = wrong.gaps["network_units"]
    assert gap.message.en.endswith("has the id 'u1'; did you mean 'u-1'?")
    assert units(wrong) == [{"id": "u-1"}]


def test_registers_of_one_source_agree_on_the_elements(described):
    found = described(
        "", "r", r__网络单元=UNITS, **{"r__network_units.risk": "网络单元,标识\nu3,r\n"}
    )
    (reading,) = found.readings
    assert isinstance(reading.error, InputError)
    assert reading.error.message.en.endswith("A2, 网络单元: no element has the id 'u3'")
    assert reading.error.hint.en == "did you mean 'u2'?"
    assert reading.gives == {"network_units"}
