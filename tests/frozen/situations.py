"""The situations whose verdicts are frozen.

The cases, each for its rule; the examples on several days, and what is reported of them; the sound
description with each planted fault; and files of real projects, beside a licence. Of the last two
only the rules are kept that are decided otherwise than in the sound description and beside no file
at all.

A rule that became a part of another one is decided by itself, under the id that it had. Every paper
is asked for.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import breaking
import yaml

import pytest_icp
from pytest_icp.authoring.cases import CaseRunner
from pytest_icp.cli.main import main
from pytest_icp.engine import binding, outcome_of, prepare
from pytest_icp.facts.description import Description
from pytest_icp.facts.workdays import published
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.result import Result
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.publishing import FORMATS
from tests import forking
from tests.frozen.answers import Answers, OfRule, lines_of, report_line, wordless
from tests.helpers import REAL, ROOT, all_cases, kind_of_folder

EXAMPLES = ROOT / "examples"
MOVED = Path(__file__).with_name("moved.yaml")

DAY = "2026-11-24"
DAYS = {
    # before and after the renewal is due, expired, and long before and after
    "etaoche/etaoche.icp.yaml": ("2021-03-01", "2023-11-20", "2023-12-08", DAY, "2030-06-01"),
    "broken/base/base.icp.yaml": ("2022-06-01", "2025-02-28", DAY, "2027-03-31", "2030-06-01"),
    "broken/broken.icp.yaml": ("2025-02-28", DAY, "2030-06-01"),
    "repository/site.icp.yaml": ("2025-02-28", DAY, "2027-03-31"),
    "repository/broken.icp.yaml": (DAY,),
    **{of.relative_to(EXAMPLES).as_posix(): (DAY,) for of in breaking.OTHERS},
}
REPORTED = {
    "etaoche/etaoche.icp.yaml": "2023-12-08",
    "broken/broken.icp.yaml": DAY,
    "repository/broken.icp.yaml": DAY,
}
"""A renewal that is late, a fault of every rule, and what files of a repository say."""

SETTINGS = {"html": {"host": "www.example.cn"}}

FORMER = {
    new: old for old, new in yaml.load(MOVED.read_text("utf-8"), Loader=yaml.CSafeLoader).items()
}
"""What parts of rules were, as rules of their own, before they were parts."""

LAST = 2026
"""The last year whose working days count as published, whatever is installed."""


def answers() -> Answers:
    """Decide every situation."""
    found = {**_cases(), **_examples(), **_reports(), **_start()}
    return {**found, **_faults(), **_real()}


def _cases() -> Answers:
    rules = {
        one.own_id: (policy, one)
        for policy in default_policies()
        for rule in policy.obligations
        for one in (rule, *rule.parts)
    }
    found = Answers()
    for case in all_cases():
        # A runner keeps what it has read, which is read once here.
        result = CaseRunner().decide(case, *rules[case.rule])
        assert result
        former = _former(case.rule)
        provision, _, _ = former.partition("/")
        situation = found.setdefault(f"cases/{provision}/{case.name}", {})
        situation[former] = _lines(result)
    return found


def _examples() -> Answers:
    found = Answers()
    for name, days in DAYS.items():
        description = pytest_icp.load(EXAMPLES / name)
        for day in days:
            found[f"examples/{name} on {day}"] = _decided(description, day)
    return found


def _reports() -> Answers:
    """Return every report of the examples, and what the command itself says in each language."""
    found = Answers()
    with TemporaryDirectory(prefix="icp-frozen-") as name:
        files = {f"report {form}": Path(name) / form for form in FORMATS}
        wanted = [f"--report={file.name}={file}" for file in files.values()]
        for example, day in REPORTED.items():
            asked = [f"examples/{example}", "--as-of", day, "--no-project"]
            said = {"in Chinese": _said("zh", *asked, *wanted), "in English": _said("en", *asked)}
            said |= {of: file.read_text("utf-8") for of, file in files.items()}
            found[f"reports/{example} on {day}"] = {
                of: {"": report_line(text)} for of, text in said.items()
            }
    return found


def _said(lang: str, *asked: str) -> str:
    judging = [sys.executable, "-m", "pytest_icp", "evaluate", "--lang", lang, *asked]
    ran = forking.run(judging, cwd=ROOT, encoding="utf-8")
    assert ran.returncode in {0, 1}, ran.stderr
    return ran.stdout


def _start() -> Answers:
    """Decide what ``init`` makes of the repository that nobody has described."""
    with TemporaryDirectory(prefix="icp-frozen-") as name:
        root = Path(name) / "start"
        shutil.copytree(EXAMPLES / "start", root)
        (root / ".git").mkdir()
        with chdir(root), redirect_stdout(StringIO()):
            assert main(["init", "LICENCE.txt", "--lang", "en"]) == 0
        file = root / "infra.icp.yaml"
        written = re.sub(r"(?m)^described_on: .*", f"described_on: {DAY}", file.read_text("utf-8"))
        file.write_text(f"{written}papers: [all]\n", "utf-8")
        return {f"examples/start on {DAY}": _decided(pytest_icp.load(file))}


def _faults() -> Answers:
    found = Answers()
    for of in breaking.SOUND_ONES:
        facts = breaking.sound(of)
        with TemporaryDirectory(prefix="icp-frozen-") as name:
            folder = Path(name)
            breaking.copy_files(folder, of)
            usual = _outcomes(_described(folder, facts))
            for fault in (one for one in breaking.faults() if one.of == of):
                decided = _outcomes(_described(folder, breaking.broken(facts, fault)))
                found[f"faults/{_former(fault.rule)}"] = _apart(decided, usual)
    return found


def _real() -> Answers:
    known = {
        "apiVersion": "pytest-icp/v1",
        "licence": breaking.sound()["licence"],
        "papers": ["all"],
    }
    with TemporaryDirectory(prefix="icp-frozen-") as name:
        folder = Path(name) / "real"
        shutil.copytree(REAL, folder)
        usual = _outcomes(_described(folder, known))
        found = {"real": {rule: _lines(one) for rule, one in usual.items()}}
        for path in _real_files():
            kind = path.split("/")[0]
            source = {"kind": kind_of_folder(kind), "path": path, **SETTINGS.get(kind, {})}
            described = _described(folder, {**known, "described_on": DAY, "sources": [source]})
            found[f"real/{path}"] = _apart(_outcomes(described), usual)
    return found


def _real_files() -> Iterator[str]:
    for index in sorted(REAL.glob("*/INDEX.tsv")):
        rows = index.read_text("utf-8").splitlines()[1:]
        names = (row.split("\t")[0] for row in rows)
        yield from (f"{index.parent.name}/{name}" for name in names)


def _described(folder: Path, facts: dict[str, Any]) -> Description:
    file = folder / "frozen.icp.json"
    file.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    return pytest_icp.load(file, root=folder)


def _decided(description: Description, day: str = DAY) -> dict[str, OfRule]:
    return {rule: _lines(one) for rule, one in _outcomes(description, day).items()}


def _outcomes(description: Description, day: str = DAY) -> dict[str, Outcome]:
    years = {year: days for year, days in published().years.items() if year <= LAST}
    calendar = Calendar(years)
    scene = prepare(description, as_of=as_of_instant(day), calendar=calendar, places="none")
    return {
        _former(one.own_id): outcome_of(scene, policy, one)
        for policy in binding(default_policies(), description)
        for rule in policy.obligations
        for one in rule.each_part
    }


def _lines(one: Outcome | Result) -> OfRule:
    """Return the lines of a rule; of a paper that is missing, its rule is the subject."""
    return {_former(subject): line for subject, line in lines_of(one).items()}


def _former(own_id: str) -> str:
    """Return the id that a part had as a rule of its own; of any other, its own."""
    return FORMER.get(own_id, own_id)


def _apart(decided: dict[str, Outcome], usual: dict[str, Outcome]) -> dict[str, OfRule]:
    """Return the rules that are decided otherwise than usual, whatever the words."""
    others = {
        rule: (_lines(one), _lines(usual[rule]) if rule in usual else {})
        for rule, one in decided.items()
        # What is said in the same words need not be written to be compared.
        if rule not in usual or _told(one) != _told(usual[rule])
    }
    return {rule: new for rule, (new, old) in others.items() if wordless(new) != wordless(old)}


def _told(one: Outcome) -> tuple[object, ...]:
    return one.verdict, one.findings, one.notes, one.upcoming
