from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.cli.evaluate import Evaluate, Ways
from pytest_icp.cli.waivers import run_waivers
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import as_of_instant
from tests.cli.test_evaluate import ASKED

EVERY = replace(ASKED, descriptions=(Path(),))


def write(folder: Path, *entries: str) -> None:
    lines = "".join(f"- {{{entry}}}\n" for entry in entries)
    (folder / "icp-waivers.yaml").write_text(f"waivers:\n{lines}", "utf-8")


def told(asked: Evaluate = EVERY) -> tuple[int, str]:
    answer = run_waivers(asked, 80)
    return answer.code, answer.text


def test_there_are_none(folder: Path) -> None:
    assert told() == (0, "There are no waivers.")


def test_one_in_use_is_well(folder: Path) -> None:
    write(folder, "rule: SP12/renewal, reason: moving, owner: legal, expires: 2025-12-05")
    code, text = told()
    assert code == 0
    assert text.splitlines() == [
        "icp-waivers.yaml:2: SP12/renewal [*]",
        "  state: in use, 4 days left",
        "  expires: 2025-12-05",
        "  owner: legal",
        "  reason: moving",
    ]
    last = replace(EVERY, as_of=as_of_instant("2025-12-05"))
    assert "in use, on its last day" in told(last)[1]


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        ("rule: SP12/renewal, reason: r, owner: o, expires: 2025-11-30", "expired 1 day ago"),
        ("rule: SP12/stop, reason: r, owner: o, expires: 2026-01-01", "matches no violation"),
        ("rule: SP12/renewal, subject: x, reason: r, owner: o, expires: 2026-01-01", "matches no"),
    ],
)
def test_one_that_has_expired_or_is_idle_is_not(folder: Path, entry: str, state: str) -> None:
    write(folder, entry)
    code, text = told()
    assert code == 1
    assert state in text


def test_one_whose_rule_was_not_judged_may_stay(folder: Path) -> None:
    write(folder, "rule: SP12/stop, reason: r, owner: o, expires: 2026-01-01")
    chosen = replace(EVERY, ways=Ways(wanted=lambda rule: rule != "SP12/stop"))
    code, text = told(chosen)
    assert (code, "its rule was not judged in every description here" in text) == (0, True)


def test_one_is_for_every_description_of_its_folder(folder: Path) -> None:
    write(folder, "rule: SP12/renewal, reason: r, owner: o, expires: 2026-01-01")
    (folder / "test.icp.yaml").write_text("apiVersion: pytest-icp/v1\n", "utf-8")
    only = replace(EVERY, descriptions=(Path("test.icp.yaml"),))
    assert "was not judged" in told(only)[1]
    assert "in use" in told()[1]


def test_those_of_a_folder_are_told_once(folder: Path) -> None:
    write(folder, "rule: SP12/renewal, reason: r, owner: o, expires: 2026-01-01")
    text = (folder / "prod.icp.yaml").read_text("utf-8")
    (folder / "test.icp.yaml").write_text(text, "utf-8")
    assert told()[1].count("SP12/renewal") == 1


def test_what_cannot_be_read_is_said(folder: Path) -> None:
    (folder / "bad.icp.yaml").write_text("apiVersion: pytest-icp/v1\nlicense: 1\n", "utf-8")
    code, text = told()
    assert (code, "bad.icp.yaml:2:1: " in text) == (1, True)
    assert "  = did you mean 'licence'?" in text


def test_malformed_ones_are_an_error(folder: Path) -> None:
    write(folder, "rule: SP12/renewal")
    with pytest.raises(InputError, match=r"icp-waivers\.yaml"):
        told()
