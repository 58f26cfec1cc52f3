from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.schema import InvalidDocument, Problem, validator
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.evaluation import evaluation_json
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.run import Run
from tests.runs import HOSTILE, RUN, VIOLATED, hostile

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
    problems = (Problem(place=place, message=said, hint=said),) * 2
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
