"""How long a licence runs is said first, and what is urgent of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp import load
from pytest_icp.engine import Scene, prepare
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import Text
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.record import Record, Term, urgent
from pytest_icp.reports.term import term_of

LICENCE = {"number": "京B2-20210001", "status": "正常", "valid_until": "2026-12-21"}
NOT_FILED = {"intention": "renew", "applied_on": "never", "decision": "pending"}
FILED = {**NOT_FILED, "applied_on": "2026-09-01"}
GRANTED = {
    **FILED,
    "decision": "granted",
    "decided_on": "2026-11-02",
    "new_valid_until": "2031-12-21",
}


def scene(
    folder: Path, day: str, licence: dict[str, Any], renewal: dict[str, Any] | None = None
) -> Scene:
    facts = {"apiVersion": "pytest-icp/v1", "licence": licence}
    file = folder / "a.icp.json"
    file.write_text(json.dumps({**facts, "renewal": renewal} if renewal else facts), "utf-8")
    return prepare(load(file), as_of=as_of_instant(day))


@pytest.mark.parametrize(
    ("day", "renewal", "until", "said"),
    [
        ("2026-05-01", NOT_FILED, "2026-12-21", "valid until 2026-12-21 (234 days)"),
        (
            "2026-09-01",
            NOT_FILED,
            "2026-12-21",
            "valid until 2026-12-21 (111 days); renewal to be applied for by 2026-09-22",
        ),
        ("2026-12-01", FILED, "2026-12-21", "valid until 2026-12-21 (20 days)"),
        ("2026-12-01", GRANTED, "2031-12-21", "valid until 2031-12-21 (1846 days)"),
        ("2026-12-01", {"intention": "exit"}, "2026-12-21", "valid until 2026-12-21 (20 days)"),
        (
            "2027-01-01",
            {**FILED, "decided_on": "never"},
            "",
            "ended on 2026-12-21, deemed renewed (Administrative Licensing Law, Art. 50)",
        ),
    ],
)
def test_until_when_it_runs(
    tmp_path: Path, day: str, renewal: dict[str, Any] | None, until: str, said: str
) -> None:
    found = term_of(scene(tmp_path, day, LICENCE, renewal), default_policies())
    assert (found.until, found.said.en, found.urgent) == (until, said, None)


@pytest.mark.parametrize(
    ("day", "renewal", "said"),
    [
        (
            "2026-12-01",
            None,
            "LICENCE ENDS in 20 days, on 2026-12-21; renewal was due by 2026-09-22: filed?",
        ),
        (
            "2026-09-23",
            NOT_FILED,
            "LICENCE ENDS in 89 days, on 2026-12-21; renewal was due by 2026-09-22: not filed",
        ),
        (
            "2026-12-21",
            NOT_FILED,
            "LICENCE ENDS with this day, 2026-12-21; renewal was due by 2026-09-22: not filed",
        ),
        (
            "2026-12-01",
            {**FILED, "decision": "refused", "decided_on": "2026-11-02"},
            "LICENCE ENDS in 20 days, on 2026-12-21; its renewal was refused",
        ),
        (
            "2026-12-22",
            NOT_FILED,
            "LICENCE EXPIRED 1 day ago, on 2026-12-21; no renewal was granted",
        ),
        ("2026-12-31", None, "LICENCE EXPIRED 10 days ago, on 2026-12-21: renewed?"),
        (
            "2031-12-22",
            GRANTED,
            "LICENCE EXPIRED 1 day ago, on 2031-12-21; no renewal was granted",
        ),
    ],
)
def test_what_is_urgent(
    tmp_path: Path, day: str, renewal: dict[str, Any] | None, said: str
) -> None:
    found = term_of(scene(tmp_path, day, LICENCE, renewal), default_policies())
    assert found.urgent is not None
    assert found.urgent.en == said


@pytest.mark.parametrize("renewal", [None, NOT_FILED, GRANTED])
def test_a_licence_that_was_revoked_is_not_said_to_run(
    tmp_path: Path, renewal: dict[str, Any] | None
) -> None:
    revoked = {**LICENCE, "status": "吊销"}
    found = term_of(scene(tmp_path, "2026-12-01", revoked, renewal), default_policies())
    said = Text(zh="许可证状态为“吊销”", en="LICENCE NOT IN FORCE: its status is 吊销")
    assert (found.until, found.said, found.urgent) == ("", said, said)


def test_of_several_licences_each_is_named() -> None:
    late = Term(urgent=Text(zh="迟", en="late"))
    one, other, fine = (
        Record(description=f"{name}.icp.yaml", holder="", licence=licence, term=term, digests=())
        for name, licence, term in (("a", "京B2-1", late), ("b", "", late), ("c", "", Term()))
    )
    assert [said.en for said in urgent([one])] == ["late"]
    assert [said.en for said in urgent([one, other, fine])] == ["京B2-1: late", "b.icp.yaml: late"]
