"""What a run says of several licences, and of a line of business that has no rules."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.reports.failure import brief_text, failure_text
from pytest_icp.reports.html import html
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.licences import licence_lines, remarks
from pytest_icp.reports.markdown import markdown
from pytest_icp.reports.record import Licence
from tests.runs import RECORD, RUN, VIOLATED, result

OWN = Licence(name="京B2-20990001", lines=("B23", "B25"), areas=("北京",), without_rules=("B23",))
CENTRE = Licence(name="B2-20990002", lines=("B22", "B24"), areas=(), without_rules=("B22",))
SEVERAL = replace(
    RUN,
    records=(replace(RECORD, licences=(OWN, CENTRE)),),
    results=(
        replace(VIOLATED, description=RECORD.description, licences=(OWN.name,)),
        replace(result("B24/made"), description=RECORD.description, licences=(CENTRE.name,)),
    ),
)
ONE = replace(SEVERAL, records=(replace(RECORD, licences=(replace(OWN, without_rules=()),)),))


def test_a_line_without_rules_and_another_licence_are_said() -> None:
    assert [one.en for one in remarks(SEVERAL.records)] == [
        "also B2-20990002: only the rules of B24 (domestic call centre)",
        "B23 (store and forward): no rules for this line; articles 1 to 14 are checked",
        "B2-20990002 B22 (domestic conferencing): no rules for this line; nothing of it is checked",
    ]
    assert remarks(SEVERAL.records)[1].zh == (
        "B23（存储转发类业务）：没有本项业务的规则，只核对第一条至第十四条"
    )
    lines = licence_lines(SEVERAL.records, "en", 120)
    assert [line.partition(":")[0] for line in lines] == ["icp"] * 4
    assert remarks(ONE.records) == ()


def test_licences_for_the_same_lines_are_said_together() -> None:
    others = tuple(replace(CENTRE, name=f"B2-{n}", without_rules=()) for n in range(2, 8))
    (record,) = replace(SEVERAL, records=(replace(RECORD, licences=(OWN, *others)),)).records
    said = remarks([record])[0]
    assert said.en.startswith("also B2-2, B2-3, B2-4 and 3 more: only the rules of B22 ")
    assert said.zh.startswith("另有许可证B2-2、B2-3、B2-4 等 6 个：只核对B22")


@pytest.mark.parametrize("form", [markdown, html])
def test_a_table_by_licence_where_there_are_several(form: Any) -> None:
    told = form(SEVERAL)
    assert "By licence" in told
    assert "no rules for this line" in told
    assert "By licence" not in form(ONE)


def test_a_row_counts_the_rules_that_are_asked_for_the_licence() -> None:
    rows = [line for line in markdown(SEVERAL).splitlines() if line.startswith("| <code>")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [row[2:4] for row in cells] == [["北京", "1"], ["", "1"]]


def test_a_finding_names_the_licences_for_which_its_rule_is_asked() -> None:
    (one, _) = SEVERAL.results
    assert "(licence 京B2-20990001)" in failure_text(one, "en")
    assert "（许可证 京B2-20990001）" in brief_text(one, "zh")
    assert "licence 京" not in failure_text(replace(one, licences=()), "en")


def test_programs_read_the_same() -> None:
    lines = [json.loads(line) for line in jsonl(SEVERAL).splitlines()]
    assert lines[0]["asked_for"] == ["京B2-20990001"]
    (held,) = (line["licences"] for line in lines if "licences" in line)
    assert held[0] == {
        "licence": "京B2-20990001",
        "lines": ["B23", "B25"],
        "areas": ["北京"],
        "without_rules": ["B23"],
    }
    assert "licences" not in jsonl(ONE)
    assert "without_rules" in jsonl(replace(ONE, records=(replace(RECORD, licences=(OWN,)),)))
