from __future__ import annotations

from pathlib import Path, PurePath

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import NoteKind, Verdict
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.html import html
from pytest_icp.reports.markdown import markdown
from pytest_icp.reports.run import as_reported, crashed, names_apart, unread
from pytest_icp.reports.summary import summary
from tests.results import FINDING, NOTE, RESULT, UPCOMING, WAIVED, shown
from tests.runs import RUN, TROUBLE

PLACE = Place(path=PurePath("/work/repo/infra/licence.yaml"), line=3, column=5, excerpt="a: b")
WRONG = Text(zh="/work/repo/infra/x 不能读取", en="/work/repo/infra/x cannot be read")


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


def test_what_a_finding_hinges_on_moves_with_it() -> None:
    (finding,) = RESULT.findings
    result = replace(RESULT, findings=(replace(finding, hinge=finding),))
    told = as_reported(replace(RUN, results=(result,)), base=Path("/r/a"), root=Path("/r"))
    (moved,) = told.results[0].findings
    assert moved.hinge is not None
    assert moved.location.path == moved.hinge.location.path == f"a/{finding.location.path}"


def test_on_another_drive_the_name_is_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, start: object) -> str:
        raise ValueError

    monkeypatch.setattr("pytest_icp.reports.run.os.path.relpath", refuse)
    told = as_reported(RUN, base=Path("/r"), root=Path("/r"))
    assert told.results[0].description == "prod.icp.yaml"


TOLD = replace(
    RESULT,
    verdict=Verdict.VIOLATED,
    waived=WAIVED,
    findings=(FINDING,),
    notes=(NOTE, replace(NOTE, kind=NoteKind.DEFAULT, due=None)),
    upcoming=(replace(UPCOMING, last="2024-01-08"),),
)
OTHER = replace(TOLD, description="infra/sub/test.icp.yaml")
ADVISED = replace(TOLD, rule_id="SP12/stop", level="advisory", waived=None)


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        ([], []),
        (["infra/a.icp.yaml"], [""]),
        (["infra/a.icp.yaml", "infra/b.icp.yaml"], ["a.icp.yaml", "b.icp.yaml"]),
        (["x/one/a.icp.yaml", "x/two/a.icp.yaml"], ["one/a.icp.yaml", "two/a.icp.yaml"]),
        (["a.icp.yaml", "/x/b.icp.yaml"], ["a.icp.yaml", "/x/b.icp.yaml"]),
    ],
)
def test_a_name_is_as_short_as_it_may_be(paths: list[str], names: list[str]) -> None:
    assert names_apart(paths) == dict(zip(paths, names, strict=True))


def test_of_several_descriptions_each_line_names_its_own() -> None:
    advised = replace(ADVISED, description=OTHER.description)
    sections = {
        one.title.en: "\n".join(shown(one.blocks, columns=200))
        for one in summary([TOLD, OTHER, ADVISED, advised], (), most=None)
    }
    for title in ("waived violations", "due next"):
        assert "SP12/renewal (prod.icp.yaml)" in sections[title]
        assert "SP12/renewal (sub/test.icp.yaml)" in sections[title]
    for name in ("prod.icp.yaml", "sub/test.icp.yaml"):
        assert f"SP12/stop ({name}) infra/prod.icp.yaml:7:15" in sections["advisory, not failing"]
        assert f"SP12/stop ({name})" in sections["notes"]


def test_reports_name_them_too() -> None:
    both = replace(RUN, results=(TOLD, OTHER))
    named = "<code>SP12/renewal</code> <code>sub/test.icp.yaml</code>"
    assert markdown(both).count(named) == 2
    assert html(both).count("<code>sub/test.icp.yaml</code>") == 3
    alone = replace(RUN, results=(TOLD,))
    assert "<code>prod.icp.yaml" not in markdown(alone)
    assert "<code>prod.icp.yaml" not in html(alone)
