"""Makes the finished run, for reports, from the results in pytest's reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.files.disk import repository_of
from pytest_icp.facts.files.resources import resource
from pytest_icp.plugin.collected import collected_in
from pytest_icp.plugin.options import read_options, settings_of
from pytest_icp.plugin.session import Refused, session_of
from pytest_icp.reports.marked import MarkedTest, marked_results
from pytest_icp.reports.record import Record, policy_files
from pytest_icp.reports.run import Run, SourceRemarks, Trouble, as_reported
from pytest_icp.rules.selection import Choice, groups_among

if TYPE_CHECKING:
    import pytest

    from pytest_icp.kinds.result import Primitives, Result
    from pytest_icp.plugin.missing import Missing
    from pytest_icp.reports.since import State
    from pytest_icp.reports.words import Language
    from pytest_icp.rules.policy import Policy


def finished_run(
    config: pytest.Config,
    results: Iterable[Result],
    troubles: Iterable[Primitives],
    marked: Iterable[Primitives],
    sources: Iterable[Primitives] = (),
    own_rules: Iterable[str] = (),
    weakened: Iterable[Primitives] = (),
    missing: Missing | None = None,
) -> Run:
    """Return the run of a pytest session; under xdist the controller reads the policies."""
    options = read_options(config)
    try:
        policies: tuple[Policy, ...] = session_of(config).policies
    except Refused:
        # The run would have been stopped if rules had been decided by them.
        policies = ()
    choice = Choice(options.select, options.ignore)
    groups = groups_among((*options.select, *options.ignore), policies)
    records = records_of(config)
    left = {rule for record in records for rules in record.left.values() for rule in rules}
    left |= {rule for rule in own_rules if not choice.lets_in(rule, groups)}
    as_of = options.as_of.isoformat(timespec="seconds")
    tests = map(MarkedTest.from_json, marked)
    run = Run(
        results=(*results, *marked_results(tests, policies, as_of)),
        as_of=as_of,
        language=options.language,
        version=tool_version(),
        policies=policies,
        troubles=tuple(Trouble.from_json(one) for one in troubles),
        ignored=tuple(left),
        sources=tuple(SourceRemarks.from_json(one) for one in sources),
        weakened=tuple(Trouble.from_json(one) for one in weakened),
        not_run=missing.not_run if missing else (),
        unseen=missing.unseen if missing else (),
        records=records,
        policy_files=policy_files(policies, resource("policies")),
        settings=settings_of(config),
        docs_url=options.docs_url,
        pages=rule_pages(options.docs_url, policies, resource("policies"), options.language),
    )
    reported = as_reported(run, base=config.rootpath, root=repository_root(config.rootpath))
    return _beside(options.baseline, reported) if options.baseline else reported


def _beside(baseline: State, run: Run) -> Run:
    """Return a run with what its baseline has, and what that has and the run has not."""
    from pytest_icp.reports.comparing import compared, state_of

    found = compared(baseline, state_of(run))
    return replace(run, known=found.known, gone=found.absent)


def records_of(config: pytest.Config) -> tuple[Record, ...]:
    """Return what is known of each description of a run, which its workers may have read."""
    return tuple(map(Record.from_json, collected_in(config).records.values()))


def repository_root(folder: Path) -> Path:
    """Return the folder of the repository that a folder is in, else the folder itself."""
    return repository_of(folder / "any")


def tool_version() -> str:
    """Return the version of this package; empty in a checkout that is not installed."""
    try:
        return metadata.version("pytest-icp")
    except metadata.PackageNotFoundError:
        return ""


def rule_pages(
    site: str, policies: Iterable[Policy], shipped: Path, language: Language
) -> Mapping[str, str]:
    """Return the address of the page of each rule that the package ships; none without a site.

    Rules of one's own, whose policies are not in the folder ``shipped``, have no page there. A run
    in both languages leads to the page in Chinese, the language of the licence.
    """
    if not site:
        return {}
    lang = "en" if language == "en" else "zh"
    return {
        rule.rule_id: f"{site}/{lang}/rules/{rule.rule_id}.html"
        for policy in policies
        if policy.path.is_relative_to(shipped)
        for rule in policy.obligations
    }
