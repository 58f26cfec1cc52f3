"""``pytest-icp facts``: which facts there are, those of sources and those by hand."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.cli.facts import run, run_facts
from pytest_icp.cli.main import main
from pytest_icp.cli.output import Output
from pytest_icp.facts.derived import Status
from pytest_icp.facts.description import Description
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import plain
from pytest_icp.reports.as_text import Screen
from tests.derivations import broken, described, reading


@pytest.fixture
def description(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Description:
    monkeypatch.chdir(tmp_path)
    filings = [{"id": "f", "submitted_at": None}]
    return described(
        Path(),
        {
            "company": {"name": "甲", "former_names": []},
            "sites": [{"id": "s", "domains": ["a.cn"]}],
            "corporate_events": [{"id": "e", "filings": filings}],
            "servers": [{"id": "a", "role": "edge"}],
            "sanction_ladder": ["警示"],
        },
        reading(
            "p",
            {
                "servers": [
                    {"id": "a", "role": "origin", "location": None},
                    {"id": "b", "production": True},
                    {"id": "c"},
                ]
            },
            status={"/servers/0/location": Status.DEFAULT},
            gaps={"sites": "a template"},
        ),
    )


def answered(description: Description, form: str = "json", **asked: Any) -> Output:
    given = {"kind": [], "file": [], "status": [], **asked}
    return run_facts(description, Namespace(format=form, **given), Screen("en"))


def told(description: Description, **asked: Any) -> dict[str, tuple[Any, str, str]]:
    facts = json.loads(answered(description, **asked).text)["facts"]
    return {one["fact"]: (one["value"], one["status"], one["place"]["path"]) for one in facts}


HERE = "prod.icp.json"


def test_all_facts_are_told_with_where_they_come_from(description: Description) -> None:
    assert told(description) == {
        "company.name": ("甲", "known", HERE),
        "company.former_names": ([], "known", HERE),
        "sites[s].domains": (["a.cn"], "known", HERE),
        "corporate_events[e].filings[f].submitted_at": (None, "not declared", HERE),
        "servers[a].role": (None, "contested", HERE),
        "servers[a].location": (None, "default", "p"),
        "servers[b].production": (True, "known", "p"),
        "servers[c].id": ("c", "known", "p"),
        "sanction_ladder[0]": ("警示", "known", HERE),
    }


def test_facts_are_chosen_by_kind_file_and_status(description: Description) -> None:
    assert set(told(description, kind=["company"])) == {"company.name", "company.former_names"}
    assert set(told(description, file=["p"])) == {
        "servers[a].location",
        "servers[b].production",
        "servers[c].id",
    }
    assert set(told(description, file=["*.icp.json"], kind=["servers"])) == {"servers[a].role"}
    assert set(told(description, status=["default", "not declared"])) == {
        "servers[a].location",
        "corporate_events[e].filings[f].submitted_at",
    }


@pytest.mark.parametrize(("name", "meant"), [("servres", "did you mean 'servers'?"), ("zzz", "")])
def test_a_kind_that_there_is_not(name: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        run(Namespace(kind=[name]))
    assert caught.value.hint.en == meant


def test_remarks_stand_at_the_foot(tmp_path: Path) -> None:
    telling = reading("p", {}, remarks=(plain("a remark"),))
    answer = answered(described(tmp_path, {}, telling), "text")
    assert answer.code == 0
    assert "a remark" in answer.text
    assert answered(described(tmp_path, {}, broken("p"))).code == 1


def test_the_command_reads_as_the_project_does(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["facts", "--kind", "renewal", "--lang", "en"]) == 0
    assert "applied_on: never" in capsys.readouterr().out
    texts = []
    for language in ("zh", "en", "both"):
        assert main(["facts", "prod.icp.yaml", "--format", "json", "--lang", language]) == 0
        texts.append(capsys.readouterr().out)
    assert len(set(texts)) == 1
    assert main(["facts", "none.icp.yaml"]) == 4
    assert "no such file" in capsys.readouterr().err
    assert main(["facts", "--source", "zone=none.zone"]) == 1
    assert "none.zone" in capsys.readouterr().out
