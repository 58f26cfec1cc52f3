"""What a run rests on: the digests of the files that were read, and where reports have them."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.html import html
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.markdown import markdown
from pytest_icp.reports.record import (
    Digest,
    Licence,
    Record,
    Role,
    licence_lines,
    record_of,
    remarks,
)
from pytest_icp.reports.run import as_reported
from pytest_icp.reports.sarif import sarif
from pytest_icp.sources.loading import load, named_source
from tests.results import brief_text, failure_text
from tests.runs import RECORD, RECORDED, RUN, VIOLATED, result

PARTS = {
    "a.icp.yaml": b"\xef\xbb\xbfapiVersion: pytest-icp/v1\ninclude: [b.yaml]\n"
    b"licence_file: licence.yaml\nsources: [{kind: kubernetes, path: deploy}]\n"
    b"sites: [{id: www, home_page: {snapshot: index.html}}, "
    b"{id: old, home_page: {snapshot: gone.html}}]\n",
    "b.yaml": b"apiVersion: pytest-icp/v1\n",
    "licence.yaml": "apiVersion: pytest-icp/v1\nholder: 示例公司\n".encode(),
    "deploy/x.yaml": b"apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
    "index.html": b"<p>x</p>",
}


def written(folder: Path) -> Path:
    (folder / ".git").mkdir()
    for name, content in PARTS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder / "a.icp.yaml"


def digest(role: Role, path: str, content: bytes) -> Digest:
    return Digest(role=role, path=path, sha256=sha256(content).hexdigest())


def test_every_file_that_was_read_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    record = record_of(load(written(tmp_path)), "a.icp.yaml")
    run = as_reported(replace(RECORDED, records=(record,)), base=tmp_path, root=tmp_path)
    (told,) = run.records
    assert told == Record(
        description="a.icp.yaml",
        holder="示例公司",
        licence="",
        digests=(
            *(digest(Role.DESCRIPTION, name, PARTS[name]) for name in [*PARTS][:3]),
            digest(Role.SOURCE, "deploy/x.yaml", PARTS["deploy/x.yaml"]),
            digest(Role.EVIDENCE, "index.html", PARTS["index.html"]),
        ),
        elements={"sites": ("www", "old")},
    )


def test_standard_input_has_no_place(tmp_path: Path) -> None:
    given = replace(
        named_source("kubernetes=-", tmp_path), given=PARTS["deploy/x.yaml"], root=tmp_path
    )
    record = record_of(load(written(tmp_path), named=(given,)), "a.icp.yaml")
    run = as_reported(replace(RECORDED, records=(record,)), base=tmp_path, root=tmp_path.parent)
    assert digest(Role.SOURCE, "-", PARTS["deploy/x.yaml"]) in run.records[0].digests


def test_sarif_has_them_as_the_hashes_of_artifacts() -> None:
    (run,) = json.loads(sarif(RECORDED))["runs"]
    assert run["artifacts"][2] == {
        "location": {"uri": "infra/evidence/scan.pdf", "uriBaseId": "%SRCROOT%"},
        "roles": ["attachment"],
        "hashes": {"sha-256": "3" * 64},
    }
    bases = {one["location"]["uriBaseId"] for one in run["artifacts"]}
    assert bases == run["originalUriBaseIds"].keys()
    assert run["properties"]["licences"] == [
        {
            "description": "infra/prod.icp.yaml",
            "holder": "示例科技有限公司",
            "number": "京B2-20990001",
        }
    ]


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
    lines = licence_lines(SEVERAL.records, Screen("en", 120))
    assert [line.partition(":")[0] for line in lines] == ["icp"] * 4
    # Of several descriptions of one licence it is said once.
    assert licence_lines(SEVERAL.records * 2, Screen("en", 120)) == lines
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
