from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pytest_icp.core.errors import Place
from pytest_icp.core.finding import Verdict
from pytest_icp.loading.waivers import Waiver
from pytest_icp.reporters.waivers import waiver_sections
from tests.results import FINDING, RESULT

BASE = Path("/repository")


def waiver(**changed: Any) -> Waiver:
    given: dict[str, Any] = {
        "rule": "SP12/renewal",
        "subject": "*",
        "reason": "agreed",
        "owner": "compliance",
        "expires": date(2023, 12, 8),
        "place": Place(path=BASE / "infra" / "icp-waivers.yaml", line=2),
    }
    return Waiver(**{**given, **changed})


def sections(*waivers: Waiver, results: Any = (RESULT,)) -> dict[str, list[str]]:
    found = waiver_sections(waivers, results, BASE, "en", 200)
    return {section.title.en: [*section.lines] for section in found}


def test_a_waiver_that_is_used_is_not_mentioned() -> None:
    assert sections(waiver()) == {}
    assert sections() == {}


def test_an_expired_waiver_is_listed_with_its_place() -> None:
    where = "  infra/icp-waivers.yaml:2: SP12/renewal [*]"
    assert sections(waiver(expires=date(2023, 12, 7))) == {
        "expired waivers": [f"{where} waived until 2023-12-07 by compliance: agreed"]
    }


def test_a_waiver_that_matches_nothing_is_listed() -> None:
    for idle in (waiver(rule="SP12/exit"), waiver(subject="web-*")):
        assert list(sections(idle)) == ["waivers that match nothing"]
    unknown = replace(RESULT, findings=(replace(FINDING, verdict=Verdict.UNKNOWN),))
    assert list(sections(waiver(), results=[unknown])) == ["waivers that match nothing"]
    assert list(sections(waiver(), results=[])) == ["waivers that match nothing"]


def test_a_file_outside_keeps_its_whole_path() -> None:
    other = waiver(rule="SP12/exit", place=Place(path=Path("/elsewhere/icp-waivers.yaml"), line=4))
    ((line,),) = sections(other).values()
    assert line.startswith("  /elsewhere/icp-waivers.yaml:4: SP12/exit")
