from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import plain
from pytest_icp.reports.annotations import commands, github, gitlab
from pytest_icp.reports.entries import entries
from pytest_icp.reports.run import Run
from tests.results import FINDING, LOCATION
from tests.runs import RUN, TROUBLE, VIOLATED, hostile, many

COMMAND = re.compile("::(?P<level>[a-z]+) (?P<properties>.*?)::(?P<data>.*)")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Read a command as the runner does."""
    found = COMMAND.fullmatch(line)
    assert found
    pairs = (pair.partition("=") for pair in found["properties"].split(","))
    return found["level"], {k: raw(v, "%3A:", "%2C,") for k, _, v in pairs}, raw(found["data"])


def raw(text: str, *more: str) -> str:
    for code in ("%0D\r", "%0A\n", *more, "%25%"):
        text = text.replace(code[:3], code[3:])
    return text


def told(run: Run) -> list[tuple[str, dict[str, str], str]]:
    return [read(line) for line in github(run).splitlines()]


def test_one_annotation_whole() -> None:
    (line,) = commands(replace(RUN, results=(VIOLATED,)))
    assert line == (
        "::error file=infra/prod.icp.yaml,line=7,endLine=7,col=15,endColumn=20,"
        "title=SP12/renewal violated%3A Renewal is applied for 90 days ahead::"
        "not done, and overdue%0AApply now."
    )


def test_what_was_not_judged_is_an_error_before_all_others() -> None:
    run = replace(RUN, troubles=(TROUBLE, replace(TROUBLE, hint=plain(""))))
    first, second, *_ = told(run)
    assert first[2] == "there is no property `x`\ndid you mean y?"
    assert second[2] == "there is no property `x`"
    assert first[1]["title"] == "pytest-icp: Not judged"


def test_ten_of_a_level_are_shown_and_the_last_says_how_many_more_there_are() -> None:
    assert [level for level, _, _ in told(many(10))] == ["error"] * 10
    eleven = told(many(15))
    assert len(eleven) == 10
    assert eleven[-1] == ("error", {"title": "pytest-icp"}, "6 more: see the summary of this job")
    assert len(told(many(2_500))) == 10


def test_what_is_new_comes_before_what_the_baseline_has() -> None:
    (known,) = entries(replace(RUN, results=(VIOLATED,)))
    other = replace(VIOLATED, rule_id="SP14/x")
    run = replace(
        RUN,
        results=(VIOLATED, other),
        known=frozenset({(VIOLATED.description, known.fingerprint)}),
    )
    first, second = told(run)
    assert first[1]["title"].startswith("SP14/x")
    assert second[2].startswith("not done, and overdue (in the baseline)\n")


def test_grades_that_another_plugin_annotates_are_left_out() -> None:
    run = replace(RUN, troubles=(TROUBLE,))
    left = commands(run, leave_out={Standing.VIOLATED, Standing.UNKNOWN})
    assert [read(line)[0] for line in left] == ["warning", "notice"]


def test_where_an_annotation_stands() -> None:
    spots = (
        (replace(LOCATION, path="../x.yaml"), {}),
        (replace(LOCATION, line=None), {"file": "infra/prod.icp.yaml"}),
        (
            replace(LOCATION, column=None),
            {"file": "infra/prod.icp.yaml", "line": "7", "endLine": "7"},
        ),
    )
    for spot, place in spots:
        finding = replace(FINDING, location=spot)
        ((_, properties, _),) = told(
            replace(RUN, results=(replace(VIOLATED, findings=(finding,)),))
        )
        assert {name: properties[name] for name in properties if name != "title"} == place


@given(st.text(max_size=40))
def test_every_text_is_read_back(text: str) -> None:
    finding = replace(
        FINDING, message=plain(f"a{text}"), location=replace(LOCATION, path=f"a{text}")
    )
    run = replace(RUN, results=(replace(VIOLATED, findings=(finding,)),))
    (line,) = github(run).split("\n")[:-1]
    _, properties, data = read(line)
    clean = data.partition("\n")[0]
    assert properties["file"] == clean
    assert len(clean) == len(text) + 1


ISSUES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1, "pattern": "^[^./]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""What GitLab's documentation asks for; it publishes no schema."""


def issues(run: Run) -> list[dict[str, Any]]:
    read = json.loads(gitlab(run))
    jsonschema.Draft202012Validator(ISSUES).validate(read)
    return read  # type: ignore[no-any-return]  # what the validator has seen


def test_the_grades_are_severities_and_waived_is_no_issue() -> None:
    found = {one["check_name"]: one["severity"] for one in issues(RUN)}
    assert found == {
        "SP09/record-kept": "minor",
        "SP12/exit": "major",
        "SP12/renewal": "critical",
        "SP14/report": "info",
    }


def test_one_issue_whole() -> None:
    (told,) = issues(replace(RUN, results=(VIOLATED,)))
    assert len(told.pop("fingerprint")) == 64
    assert told == {
        "description": "Renewal is applied for 90 days ahead: not done, and overdue",
        "check_name": "SP12/renewal",
        "severity": "critical",
        "location": {"path": "infra/prod.icp.yaml", "lines": {"begin": 7}},
    }


def test_fingerprints_are_unique_across_files() -> None:
    other = replace(VIOLATED, description="infra/test.icp.yaml")
    alike = replace(VIOLATED, findings=(FINDING, FINDING))
    crash = replace(TROUBLE, rule_id="SP12/stop")
    runs = (
        replace(RUN, results=(VIOLATED, other)),
        replace(RUN, results=(alike,), troubles=(TROUBLE, crash)),
        hostile(),
        many(1000),
    )
    for run in runs:
        told = [one["fingerprint"] for one in issues(run)]
        assert len(told) == len(set(told)) > 1


def test_what_could_not_be_judged_blocks() -> None:
    (told,) = issues(replace(RUN, results=(), troubles=(TROUBLE,)))
    assert (told["severity"], told["check_name"]) == ("blocker", "icp/readable")
    assert told["description"] == "there is no property `x` did you mean y?"
    assert told["location"] == {"path": "infra/broken.icp.yaml", "lines": {"begin": 2}}
