from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import NoteKind, Verdict
from pytest_icp.reports.html import html
from pytest_icp.reports.markdown import markdown
from pytest_icp.reports.summary import summary
from pytest_icp.reports.whose import names_apart
from tests.results import FINDING, NOTE, RESULT, UPCOMING, WAIVED
from tests.runs import RUN

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
        one.title.en: "\n".join(one.lines)
        for one in summary([TOLD, OTHER, ADVISED, advised], (), "en", 200, most=None)
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
