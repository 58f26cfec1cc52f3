from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.location import Place
from pytest_icp.reports.waivers import Judged, waiver_sections
from pytest_icp.rules.waivers import Waiver
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


def sections(
    *waivers: Waiver, results: Any = (RESULT,), names: Any = ("prod.icp.yaml",)
) -> dict[str, list[str]]:
    def beside(one: Waiver) -> set[str]:
        return {str(one.place.path.parent / name) for name in names}

    judged = Judged(results, BASE, beside)
    found = waiver_sections(waivers, judged, BASE, "en", 200)
    return {section.title.en: [*section.lines] for section in found}


def test_a_waiver_that_is_used_is_not_mentioned() -> None:
    assert sections(waiver()) == {}
    assert sections() == {}


def test_an_expired_waiver_is_listed_with_its_place() -> None:
    where = "  infra/icp-waivers.yaml:2: SP12/renewal [*]"
    assert sections(waiver(expires=date(2023, 12, 7))) == {
        "expired waivers": [f"{where} waived until 2023-12-07 by compliance: agreed"]
    }


def test_an_expired_waiver_that_matches_nothing_is_listed_once() -> None:
    assert list(sections(waiver(expires=date(2023, 12, 7), subject="web-*"))) == ["expired waivers"]


def test_a_waiver_that_matches_nothing_is_listed() -> None:
    assert list(sections(waiver(subject="web-*"))) == ["waivers that match nothing"]
    unknown = replace(RESULT, findings=(replace(FINDING, verdict=Verdict.UNKNOWN),))
    assert list(sections(waiver(), results=[unknown])) == ["waivers that match nothing"]


def test_of_a_waiver_whose_rule_was_not_judged_nothing_is_said() -> None:
    for expires in (date(2023, 12, 7), date(2023, 12, 8)):
        assert sections(waiver(rule="SP12/exit", expires=expires)) == {}
        assert sections(waiver(expires=expires), results=[]) == {}


def test_a_waiver_is_for_every_description_of_its_folder_and_no_other() -> None:
    idle = waiver(subject="web-*")
    other = replace(RESULT, description="infra/test.icp.yaml")
    both = ("prod.icp.yaml", "test.icp.yaml")
    assert sections(idle, names=both) == {}
    assert list(sections(idle, names=both, results=[RESULT, other])) == [
        "waivers that match nothing"
    ]
    elsewhere = replace(RESULT, description="other/prod.icp.yaml")
    compliant = replace(RESULT, findings=())
    assert list(sections(waiver(), results=[compliant, elsewhere])) == [
        "waivers that match nothing"
    ]
