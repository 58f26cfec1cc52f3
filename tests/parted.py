"""Rules with parts, decided in a description that is written for it."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pytest_icp.engine import Scene, decide, prepare
from pytest_icp.facts.description import load
from pytest_icp.kinds.policies import load_policies
from pytest_icp.kinds.result import Result
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.run import Run
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.selection import levels
from pytest_icp.rules.waivers import read_waivers
from tests.policies_of_ones_own import CASE, REPORT, STOPPED, own_policies

AS_OF = "2024-06-03"
SOON = {"illegal_content_cases": [CASE]}
"""Stopped within the hour."""
LATE = {"illegal_content_cases": [{**CASE, "stopped_at": "2024-03-08T10:00+08:00"}]}
"""Stopped after four days: too late for every part but that it is stopped at all."""
SLOW = {"illegal_content_cases": [{**CASE, "stopped_at": "2024-03-04T12:00+08:00"}]}
"""Stopped after two hours: only advice is not met."""
NEVER = {"illegal_content_cases": [{**CASE, "stopped_at": "never"}]}
OPEN = {"illegal_content_cases": [{**CASE, "stopped_at": None}]}

DECISION = """\
  - rule: ACME/stopped#latest
    subject: fraud
    reason: the operator was asleep
    owner: security
    decided: complied
    decided_on: 2024-03-20
"""
WAIVER = """\
  - rule: ACME/stopped#latest
    reason: agreed
    owner: compliance
    expires: 2024-06-20
"""


def scene_of(
    facts: dict[str, Any], waivers: str = "", as_of: str = AS_OF, text: str = STOPPED + REPORT
) -> tuple[Scene, Policy]:
    """Return a description as of a day, with some entries of waivers, and the policy ``ACME``."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (policy,) = load_policies([own_policies(folder, obligations=text)])
        file = folder / "x.icp.json"
        document = {"apiVersion": "pytest-icp/v1", "illegal_content_cases": [], "incidents": []}
        file.write_text(json.dumps({**document, **facts}), "utf-8")
        instant = as_of_instant(as_of)
        entries = folder / "icp-waivers.yaml"
        entries.write_text(f"waivers:\n{waivers}" if waivers else "waivers: []\n", "utf-8")
        accepted = read_waivers(
            entries, levels=levels([policy]), as_of=instant.date(), longest_days=None
        )
        description = load(file, root=folder)
        return prepare(description, as_of=instant, waivers=accepted), policy


def result_of(
    facts: dict[str, Any],
    waivers: str = "",
    as_of: str = AS_OF,
    *,
    rule: str = "stopped",
    text: str = STOPPED + REPORT,
) -> Result:
    """Decide a rule of the policy ``ACME``."""
    scene, policy = scene_of(facts, waivers, as_of, text)
    return decide(scene, policy, next(one for one in policy.obligations if one.id == rule))


def run_of(*results: Result, **given: Any) -> Run:
    """Return a finished run of some results."""
    as_of = results[0].as_of
    return Run(results=results, **{"as_of": as_of, "language": "en", "version": "", **given})
