from __future__ import annotations

import json
from pathlib import Path, PurePath

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from pytest_icp.facts.files.schema import InvalidDocument, Problem
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.run import Trouble, as_reported, crashed, unread
from tests.results import RESULT
from tests.runs import RUN, TROUBLE

PLACE = Place(path=PurePath("/work/repo/infra/licence.yaml"), line=3, column=5, excerpt="a: b")
WRONG = Text(zh="/work/repo/infra/x 不能读取", en="/work/repo/infra/x cannot be read")


def test_a_trouble_travels_as_json() -> None:
    written = json.loads(json.dumps(to_builtins(TROUBLE)))
    assert Trouble.from_json(written) == TROUBLE


def test_what_is_wrong_with_a_description_has_its_place() -> None:
    (trouble,) = unread(InputError(WRONG, place=PLACE), PurePath("infra/prod.icp.yaml"))
    assert (trouble.description, trouble.rule_id) == ("infra/prod.icp.yaml", "")
    assert str(trouble.location) == "/work/repo/infra/licence.yaml:3:5"
    assert trouble.location.excerpt == "a: b"


def test_without_a_place_it_is_the_description() -> None:
    (trouble,) = unread(InputError("no"), PurePath("infra/prod.icp.yaml"))
    assert str(trouble.location) == "infra/prod.icp.yaml"


def test_every_problem_of_a_document_is_a_trouble() -> None:
    problems = [Problem(place=PLACE, message=WRONG, hint=Text("", "")) for _ in range(2)]
    assert len(unread(InvalidDocument(problems), PurePath("a.icp.yaml"))) == 2


def test_a_crash_names_the_rule_and_the_reason() -> None:
    trouble = crashed("SP12/renewal", "KeyError: 'x'", PurePath("a.icp.yaml"), 7)
    assert trouble.message.en == "the check of SP12/renewal crashed: KeyError: 'x'"
    assert str(trouble.location) == "a.icp.yaml:7"


def test_a_report_is_sorted_whoever_came_first() -> None:
    results = (replace(RESULT, rule_id="SP12/stop"), replace(RESULT, description="a"), RESULT)
    second = replace(TROUBLE, description="z")
    run = replace(RUN, results=results, troubles=(second, TROUBLE), ignored=("b", "a"))
    told = as_reported(run, base=Path("/r"), root=Path("/r"))
    assert [(one.description, one.rule_id) for one in told.results] == [
        ("a", "SP12/renewal"),
        ("infra/prod.icp.yaml", "SP12/renewal"),
        ("infra/prod.icp.yaml", "SP12/stop"),
    ]
    assert [one.description for one in told.troubles] == ["infra/broken.icp.yaml", "z"]
    assert told.ignored == ("a", "b")
    turned = replace(run, results=results[::-1], troubles=(TROUBLE, second))
    assert as_reported(turned, base=Path("/r"), root=Path("/r")) == told


def test_paths_are_those_of_the_repository() -> None:
    told = as_reported(
        replace(RUN, troubles=()), base=Path("/work/repo/infra"), root=Path("/work/repo")
    )
    spots = {
        one.location.path
        for result in told.results
        for one in (result, *result.findings, *result.notes, *result.upcoming)
    }
    assert spots == {"infra/infra/prod.icp.yaml"}


def test_what_stands_where_it_did_stays_as_it_is() -> None:
    told = as_reported(RUN, base=Path("/work/repo"), root=Path("/work/repo"))
    before = {result.rule_id: result for result in RUN.results}
    for result in told.results:
        assert result.findings is before[result.rule_id].findings
        assert result.location is before[result.rule_id].location


def test_no_path_and_no_word_tells_where_the_run_was() -> None:
    trouble = unread(
        InputError(WRONG, place=PLACE, hint=WRONG), PurePath("/work/repo/infra/a.icp.yaml")
    )
    outside = replace(RESULT, description="/work/other/b.icp.yaml")
    run = replace(RUN, results=(outside,), troubles=tuple(trouble))
    told = as_reported(run, base=Path("/work/repo"), root=Path("/work/repo"))
    assert told.results[0].description == "../other/b.icp.yaml"
    assert told.troubles[0].description == "infra/a.icp.yaml"
    assert told.troubles[0].message.zh == "infra/x 不能读取"
    assert "/work/" not in str(told.troubles)


def test_on_another_drive_the_name_is_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, start: object) -> str:
        raise ValueError

    monkeypatch.setattr("pytest_icp.reports.run.os.path.relpath", refuse)
    told = as_reported(RUN, base=Path("/r"), root=Path("/r"))
    assert told.results[0].description == "prod.icp.yaml"
