from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command, Said


@pytest.fixture(autouse=True)
def few_rules(folder: Path) -> None:
    (folder / "pytest.ini").write_text(
        "[pytest]\nicp_select = SP12 SP14\nicp_waiver_days = 366\n", "utf-8"
    )


def write(folder: Path, *entries: str) -> None:
    lines = "".join(f"- {{{entry}}}\n" for entry in entries)
    (folder / "icp-waivers.yaml").write_text(f"waivers:\n{lines}", "utf-8")


def told(command: Command, *named: str, as_of: str = "2025-12-01") -> tuple[int, str]:
    answer = command("waivers", *(named or (".",)), as_of=as_of)
    return answer.code, answer.out.rstrip("\n")


def test_one_in_use_is_well(command: Command, folder: Path) -> None:
    write(folder, "rule: SP12/renewal, reason: moving, owner: legal, expires: 2025-12-05")
    code, text = told(command)
    assert code == 0
    assert text.splitlines() == [
        "icp-waivers.yaml:2: SP12/renewal [*]",
        "  state: in use, 4 days left",
        "  expires: 2025-12-05",
        "  owner: legal",
        "  reason: moving",
    ]
    assert "in use, on its last day" in told(command, as_of="2025-12-05")[1]


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        ("rule: SP12/renewal, reason: r, owner: o, expires: 2025-11-30", "expired 1 day ago"),
        ("rule: SP12/stop, reason: r, owner: o, expires: 2026-01-01", "matches no violation"),
        ("rule: SP12/renewal, subject: x, reason: r, owner: o, expires: 2026-01-01", "matches no"),
    ],
)
def test_one_that_has_expired_or_is_idle_is_not(
    command: Command, folder: Path, entry: str, state: str
) -> None:
    write(folder, entry)
    code, text = told(command)
    assert code == 1
    assert state in text


def test_what_cannot_be_read_is_said(command: Command, folder: Path) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v1\nlicense: 1\n", "utf-8")
    code, text = told(command)
    assert (code, "bad.icp.yaml:2:1: " in text) == (1, True)
    assert "  = did you mean 'licence'?" in text


def test_malformed_ones_are_an_error(command: Command, folder: Path) -> None:
    write(folder, "rule: SP12/renewal")
    answer = command("waivers", ".")
    assert (answer.code, answer.out) == (4, "")
    assert "icp-waivers.yaml" in answer.err


# --- waivers add ---------------------------------------------------------------------------------

ACCEPT = ("--owner=legal", "--reason=the office was closed")


def add(command: Command, *arguments: str, as_of: str = "2025-12-01") -> Said:
    return command("waivers", "add", *arguments, *ACCEPT, as_of=as_of)


def test_a_finding_is_accepted_until_a_day(command: Command, folder: Path) -> None:
    said = add(command, "SP12/renewal", "renewal", "--until=2025-12-05")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "Wrote icp-waivers.yaml: SP12/renewal [renewal] is accepted until 2025-12-05,\ninclusive.\n"
    )
    assert (folder / "icp-waivers.yaml").read_text("utf-8") == (
        "waivers:\n  - rule: SP12/renewal\n    subject: renewal\n"
        "    reason: the office was closed\n    owner: legal\n    expires: 2025-12-05\n"
    )
    assert told(command)[0] == 0


def test_the_entries_that_are_there_stay_as_they_are(command: Command, folder: Path) -> None:
    write(folder, "rule: SP14/report, reason: r, owner: o,  expires: 2026-01-01")
    before = (folder / "icp-waivers.yaml").read_text("utf-8")
    assert add(command, "SP12/renewal", "renewal", "--until=2025-12-05").code == 0
    after = (folder / "icp-waivers.yaml").read_text("utf-8")
    assert after.startswith(before)
    assert "- rule: SP12/renewal\n  subject: renewal\n" in after


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("SP12/renewl", "renewal", "--until=2025-12-05"), "did you mean 'SP12/renewal'?"),
        (("SP12/renewal", "renewl", "--until=2025-12-05"), "did you mean 'renewal'?"),
        (("SP12/stop", "renewal", "--until=2025-12-05"), "SP12/stop is not violated"),
        (("SP12/renewal", "renewal", "--until=2025-11-05"), "is before 2025-12-01"),
        (("SP12/renewal", "renewal", "--until=soon"), "not a day"),
        (("SP12/renewal", "renewal", "--until=2029-12-05"), "a waiver lasts at most"),
        (("SP12/renewal", "renewal", "--decided=complied"), "nobody need decide it"),
        (("SP12/renewal", "renewal"), "--until"),
    ],
)
def test_what_cannot_be_accepted_is_not_written(
    command: Command, folder: Path, arguments: tuple[str, ...], why: str
) -> None:
    said = add(command, *arguments)
    assert said.code == 4
    assert why in " ".join(said.err.split())
    assert not (folder / "icp-waivers.yaml").exists()


def test_what_is_taken_back_leaves_the_file_as_it_was(command: Command, folder: Path) -> None:
    write(folder, "rule: SP14/report, reason: r, owner: o,  expires: 2026-01-01")
    before = (folder / "icp-waivers.yaml").read_bytes()
    assert add(command, "SP12/renewal", "renewal", "--until=2029-12-05").code == 4
    assert (folder / "icp-waivers.yaml").read_bytes() == before
