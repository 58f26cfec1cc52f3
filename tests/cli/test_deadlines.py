from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.cli.deadlines import run_deadlines
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import as_of_instant
from tests.cli.test_evaluate import ASKED

EARLY = replace(ASKED, as_of=as_of_instant("2025-09-01"))


def test_a_table_of_what_changes(folder: Path) -> None:
    told = run_deadlines(EARLY, "table", 90, 80)
    assert told.text.splitlines()[0] == "  2025-10-07 +36   SP12/renewal: Satisfied → Violated"
    assert told.code == 0


def test_nothing_within_the_span(folder: Path) -> None:
    assert run_deadlines(EARLY, "table", 0, 80).text == "No verdict changes within 0 days."


def test_json_of_several_descriptions_in_the_order_of_days(folder: Path) -> None:
    (folder / "test.icp.yaml").write_text((folder / "prod.icp.yaml").read_text("utf-8"), "utf-8")
    told = json.loads(run_deadlines(replace(EARLY, descriptions=(Path(),)), "json", 730, 80).text)
    days = [(one["day"], one["rule"], one["description"]) for one in told]
    assert days == sorted(days)
    assert {one["description"] for one in told} == {"prod.icp.yaml", "test.icp.yaml"}


def test_a_table_of_several_descriptions_names_them(folder: Path) -> None:
    (folder / "test.icp.yaml").write_text((folder / "prod.icp.yaml").read_text("utf-8"), "utf-8")
    told = run_deadlines(replace(EARLY, descriptions=(Path(),)), "table", 90, 80)
    first, second = (line for line in told.text.splitlines() if ".icp.yaml" in line)
    assert first.startswith("      prod.icp.yaml: not done")
    assert second.startswith("      test.icp.yaml: not done")


def test_a_broken_description_does_not_stop_the_others(folder: Path) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v2\n", "utf-8")
    told = run_deadlines(replace(EARLY, descriptions=(Path(),)), "table", 90, 80)
    assert told.text.splitlines()[0] == "  2025-10-07 +36   SP12/renewal: Satisfied → Violated"
    assert told.code == 1
    (error,) = told.errors
    assert "bad.icp.yaml:1:13" in str(error)


def test_of_broken_descriptions_alone_nothing_is_said_to_stay(folder: Path) -> None:
    (folder / "prod.icp.yaml").write_text("apiVersion: pytest-icp/v2\n", "utf-8")
    told = run_deadlines(EARLY, "table", 90, 80)
    assert (told.text, told.code, len(told.errors)) == ("", 1, 1)
    assert json.loads(run_deadlines(EARLY, "json", 90, 80).text) == []


def test_a_calendar_ends_its_last_line_when_it_is_printed(folder: Path) -> None:
    text = run_deadlines(EARLY, "ical", 90, 80).text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r")


def test_without_the_package_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    monkeypatch.delitem(sys.modules, "pytest_icp.reports.ical", raising=False)
    with pytest.raises(InputError, match=r'pip install "pytest-icp\[calendar\]"'):
        run_deadlines(EARLY, "ical", 90, 80)


def test_waivers_end_too(folder: Path) -> None:
    (folder / "icp-waivers.yaml").write_text(
        "waivers:\n- {rule: SP12/renewal, reason: r, owner: o, expires: 2025-12-10}\n", "utf-8"
    )
    told = run_deadlines(ASKED, "table", 30, 80).text
    assert "  2025-12-11 +10   SP12/renewal: Waived → Violated" in told.splitlines()
