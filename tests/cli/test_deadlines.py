from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Said

EARLY = "2025-09-01"
FEW = "[pytest]\nicp_select = SP12 SP14/sections\n"


@pytest.fixture(autouse=True)
def few_rules(folder: Path) -> None:
    (folder / "pytest.ini").write_text(FEW, "utf-8")


def deadlines(command: Command, form: str, span: str, *named: str, as_of: str = EARLY) -> Said:
    named = named or ("prod.icp.yaml",)
    return command("deadlines", *named, "--format", form, "--within", span, as_of=as_of)


def test_a_table_of_what_changes(command: Command, folder: Path) -> None:
    told = deadlines(command, "text", "90d")
    assert told.out.splitlines()[:3] == [
        "icp: 京B2-20210001 北京示例科技有限公司; valid until 2026-01-04 (125 days);",
        "     renewal to be applied for by 2025-10-06",
        "last day    days  to do                                 if nothing is done, from",
    ]
    assert told.out.splitlines()[3] == (
        "2025-10-06    35  Renewal is applied for 90 days ahead  2025-10-07 violated"
    )
    assert told.code == 0


def test_what_cannot_be_decided_is_counted_below_what_changes(
    command: Command, folder: Path
) -> None:
    assert "Due dates may be missing" in deadlines(command, "text", "90d").out
    (folder / "pytest.ini").write_text("[pytest]\nicp_select = SP12/renewal\n", "utf-8")
    told = deadlines(command, "text", "90d").out
    assert "2025-10-07 violated" in told
    assert "may be missing" not in told


def test_json_of_several_descriptions_in_the_order_of_days(command: Command, folder: Path) -> None:
    (folder / "test.icp.yaml").write_text((folder / "prod.icp.yaml").read_text("utf-8"), "utf-8")
    told = json.loads(deadlines(command, "json", "90d", ".").out)
    days = [(one["day"], one["rule"], one["description"]) for one in told]
    assert days == sorted(days)
    assert {one["description"] for one in told} == {"prod.icp.yaml", "test.icp.yaml"}


def test_a_table_of_several_descriptions_names_them(command: Command, folder: Path) -> None:
    (folder / "test.icp.yaml").write_text((folder / "prod.icp.yaml").read_text("utf-8"), "utf-8")
    told = deadlines(command, "text", "90d", ".")
    named = [one.strip() for one in told.out.splitlines() if one.strip().endswith(".icp.yaml")]
    assert named[:2] == ["prod.icp.yaml", "test.icp.yaml"]


def test_a_broken_description_does_not_stop_the_others(command: Command, folder: Path) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v2\n", "utf-8")
    told = deadlines(command, "text", "90d", ".")
    assert "2025-10-07 violated" in told.out
    assert told.code == 1
    assert told.err.startswith("bad.icp.yaml:1:13")


def test_a_calendar_ends_its_last_line_when_it_is_printed(command: Command, folder: Path) -> None:
    text = deadlines(command, "ical", "90d").out
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")


def test_without_the_package_it_says_what_to_install(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    monkeypatch.delitem(sys.modules, "pytest_icp.reports.ical", raising=False)
    told = deadlines(command, "ical", "90d")
    assert (told.code, 'pip install "pytest-icp[calendar]"' in told.err) == (4, True)


def test_waivers_end_too(command: Command, folder: Path) -> None:
    (folder / "icp-waivers.yaml").write_text(
        "waivers:\n- {rule: SP12/renewal, reason: r, owner: o, expires: 2025-12-10}\n", "utf-8"
    )
    told = deadlines(command, "text", "30d", as_of="2025-12-01").out
    assert "2025-12-10     9  Renewal is applied for 90 days ahead" in told
    assert "2025-12-11 violated" in told


def test_it_looks_as_far_ahead_as_a_run_notes_what_is_due(command: Command, folder: Path) -> None:
    (folder / "pytest.ini").write_text(f"{FEW}icp_warn_days = 30\n", "utf-8")
    assert "Nothing is due within 30 days." in command("deadlines", as_of=EARLY).out
    (folder / "pytest.ini").write_text(f"{FEW}icp_warn_days = 40\n", "utf-8")
    assert "2025-10-07 violated" in command("deadlines", as_of=EARLY).out
