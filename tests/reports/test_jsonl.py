from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.schema import InvalidDocument, validator
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.jsonl import evaluation_json, jsonl
from pytest_icp.reports.run import Run
from tests.results import DERIVED, FINDING, LOCATION, UNKNOWN
from tests.runs import HOSTILE, RUN, TROUBLE, VIOLATED, hostile

CRASH = replace(TROUBLE, rule_id="SP12/stop", location=replace(LOCATION, column=None))


def lines(run: Run) -> list[dict[str, Any]]:
    read = [json.loads(line) for line in jsonl(run).splitlines()]
    for line in read:
        validator("finding").validate(line)
    return read


def test_one_line_whole() -> None:
    (line,) = lines(replace(RUN, results=(VIOLATED,)))
    assert len(line.pop("fingerprint")) == 64
    assert line == {
        "apiVersion": "pytest-icp/v1",
        "grade": "violated",
        "rule": "SP12/renewal",
        "description": "infra/prod.icp.yaml",
        "as_of": "2023-12-08T23:59:59+08:00",
        "verdict": "violated",
        "level": "mandatory",
        "article": "十二",
        "subject": "renewal",
        "pointer": "/renewal/applied_on",
        "place": {"path": "infra/prod.icp.yaml", "line": 7, "column": 15},
        "title": {"zh": "提前90日申请延续", "en": "Renewal is applied for 90 days ahead"},
        "message": {"zh": "逾期未办理", "en": "not done, and overdue"},
        "found": {"zh": "never", "en": "never"},
        "required": {"zh": "不晚于 2023-12-07", "en": "on or before 2023-12-07"},
        "fix": {"zh": "立即申请。", "en": "Apply now."},
        "cited": [{"zh": "示例法第一条", "en": "Example Law, Art. 1"}],
        "numbers": [],
        "known": False,
        "due": "2023-12-07",
    }


def test_every_grade_has_its_line() -> None:
    told = {line["rule"]: line for line in lines(RUN)}
    assert {line["grade"] for line in told.values()} == {
        *("violated", "unknown", "advisory", "due soon", "waived")
    }
    assert told["SP12/exit"]["add"] == UNKNOWN.line_to_add.splitlines()
    assert told["SP02/app-number"]["waiver"] == {
        "reason": "agreed",
        "owner": "compliance",
        "expires": "2024-01-01",
    }


def test_what_could_not_be_judged_has_its_line() -> None:
    hintless = replace(CRASH, hint=replace(TROUBLE.hint, zh="", en=""))
    told = lines(replace(RUN, results=(), troubles=(TROUBLE, hintless)))
    assert [line.get("rule") for line in told] == [None, "SP12/stop"]
    assert [line["grade"] for line in told] == ["not judged", "not judged"]
    assert ["fix" in line for line in told] == [True, False]
    assert told[1]["place"] == {"path": "infra/prod.icp.yaml", "line": 7}


def test_a_derived_fact_is_told_with_its_resource() -> None:
    finding = replace(FINDING, location=DERIVED)
    (line,) = lines(replace(RUN, results=(replace(VIOLATED, findings=(finding,)),)))
    place = line["place"]
    assert place["address"] == DERIVED.address
    assert (place["attribute"], place["status"]) == (DERIVED.attribute, DERIVED.status)


BASE = Path("/work")


def document(run: Run | None, *errors: InputError) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(evaluation_json(run, errors, BASE))
    validator("evaluation").validate(read)
    return read


def test_a_run_has_its_rules_and_the_lines_of_its_report() -> None:
    read = document(RUN)
    assert [*read["findings"], *read["records"]] == [
        json.loads(line) for line in jsonl(RUN).splitlines()
    ]
    assert read["rules"]["infra/prod.icp.yaml"]["SP12/renewal"] == "violated"
    assert (read["as_of"], read["errors"]) == (RUN.as_of, [])


def test_a_rule_that_was_not_run_is_unknown() -> None:
    left = replace(VIOLATED, decided=False, verdict=Verdict.UNKNOWN, findings=())
    run = replace(RUN, results=(), not_run=(left,))
    assert document(run)["rules"] == {"infra/prod.icp.yaml": {"SP12/renewal": "unknown"}}


def test_every_problem_of_a_file_is_an_error_near_the_folder() -> None:
    place = Place(path=BASE / "infra" / "waivers.yaml", line=3, column=5)
    said = Text(zh=f"{BASE}/x：不对", en=f"{BASE}/x: wrong")
    problems = (InputError(said, place=place, hint=said),) * 2
    read = document(None, InvalidDocument(problems), InputError("plain"))
    assert read["errors"] == [
        *[
            {
                "message": {"zh": "x：不对", "en": "x: wrong"},
                "place": {"path": "infra/waivers.yaml", "line": 3, "column": 5},
                "fix": {"zh": "x：不对", "en": "x: wrong"},
            }
        ]
        * 2,
        {"message": {"zh": "plain", "en": "plain"}},
    ]


@pytest.mark.parametrize("text", [HOSTILE, "a\r\nb\x85c\x1b[31m\u202e"])
def test_a_document_stays_one_whatever_it_says(text: str) -> None:
    place = Place(path=text or "x", line=1)
    error = InputError(plain(text), place=place, hint=plain(text))
    read = document(hostile(text), error)
    assert len(read["findings"]) == 5
    written = evaluation_json(hostile(text), [error], BASE)
    assert not any(char in written for char in "\x1b\u202e\x85\r")
