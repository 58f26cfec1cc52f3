"""The finished run, for reports: the results in pytest's reports, and what is missing."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

import pytest
from msgspec import convert
from msgspec.structs import replace

from pytest_icp.engine import not_decided
from pytest_icp.facts.files.disk import repository_of
from pytest_icp.facts.files.properties import resource
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.plugin.collection import collected_in
from pytest_icp.plugin.messages import INCOMPLETE, INCOMPLETE_HERE
from pytest_icp.plugin.options import read_options, settings_of
from pytest_icp.plugin.session import Refused, session_of
from pytest_icp.reports.marked import MarkedTest, marked_results
from pytest_icp.reports.record import Record, policy_files
from pytest_icp.reports.run import (
    Run,
    SourceRemarks,
    Trouble,
    as_reported,
    in_order,
    not_looked_at,
    some_of,
)
from pytest_icp.rules.selection import Choice, groups_among

if TYPE_CHECKING:
    from pytest_icp.kinds.result import Primitives
    from pytest_icp.reports.since import State
    from pytest_icp.reports.words import Language
    from pytest_icp.rules.policy import Policy


def finished_run(
    config: pytest.Config,
    results: Iterable[Result],
    beside: Mapping[str, Sequence[Primitives]],
    missing: Missing | None = None,
) -> Run:
    """Return the run of a pytest session; under xdist the controller reads the policies.

    ``beside`` is what reports of items have beside their results, by sort.
    """
    options, collected = read_options(config), collected_in(config)
    try:
        policies: tuple[Policy, ...] = session_of(config).policies
    except Refused:
        # The run would have been stopped if rules had been decided by them.
        policies = ()
    choice = Choice(options.select, options.ignore)
    groups = groups_among((*options.select, *options.ignore), policies)
    records = records_of(config)
    left = {rule for record in records for rules in record.left.values() for rule in rules}
    left |= {rule for rule in collected.own_rules if not choice.lets_in(rule, groups)}
    as_of = options.as_of.isoformat(timespec="seconds")
    tests = convert(beside["marked"], tuple[MarkedTest, ...])
    run = Run(
        results=(*results, *marked_results(tests, policies, as_of)),
        as_of=as_of,
        language=options.language,
        version=tool_version(),
        policies=policies,
        troubles=convert(beside["troubles"], tuple[Trouble, ...]),
        ignored=tuple(left),
        sources=convert(beside["sources"], tuple[SourceRemarks, ...]),
        weakened=convert([*collected.weakened.values()], tuple[Trouble, ...]),
        not_run=missing.not_run if missing else (),
        unseen=missing.unseen if missing else (),
        records=records,
        policy_files=policy_files(policies, resource("policies")),
        settings=settings_of(config),
        docs_url=options.docs_url,
        pages=rule_pages(options.docs_url, policies, options.language),
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
    return convert([*collected_in(config).records.values()], tuple[Record, ...])


def repository_root(folder: Path) -> Path:
    """Return the folder of the repository that a folder is in, else the folder itself."""
    return repository_of(folder / "any")


def tool_version() -> str:
    """Return the version of this package; empty in a checkout that is not installed."""
    try:
        return metadata.version("pytest-icp")
    except metadata.PackageNotFoundError:
        return ""


def rule_pages(site: str, policies: Iterable[Policy], language: Language) -> Mapping[str, str]:
    """Return the address of the page of each rule that the package ships; none without a site.

    A run in both languages leads to the page in Chinese, the language of the licence.
    """
    if not site:
        return {}
    lang = "en" if language == "en" else "zh"
    return {
        rule.rule_id: f"{site}/{lang}/rules/{rule.rule_id}.html"
        for policy in policies
        if policy.is_shipped
        for rule in policy.obligations
    }


# ---- What was collected and not decided (未完成): it is named, whatever left it out

_NOT_RUN = Text(zh="没有核对", en="not run")
_NOT_COLLECTED = Text(
    zh="测试没有收集完，可能还有别的描述文件没有核对",
    en="the tests were not all collected, so other descriptions may not have been evaluated",
)
_UNCOLLECTED = Text(zh="没有收集这份描述", en="this description was not collected")
_NOT_OPENED = Text(zh="没有核对这份描述", en="this description was not evaluated")


class Missing(NamedTuple):
    """What was not decided: rules, as unknown results, and what has no rules."""

    not_run: tuple[Result, ...] = ()
    unseen: tuple[Trouble, ...] = ()


def missing(config: pytest.Config, uncollected: Iterable[Path], seen: Collection[str]) -> Missing:
    """Return what a run has not decided of what it collected, and what it did not collect.

    ``seen`` are the node ids that were decided, or of which something was said.
    """
    collected = collected_in(config)
    unseen = [] if collected.finished else [not_looked_at(_NOT_COLLECTED, ".")]
    for file in uncollected:
        named = os.path.relpath(file, config.rootpath)
        unseen.append(not_looked_at(_UNCOLLECTED, PurePath(named).as_posix()))
    not_run: list[Result] = []
    # Policies that cannot be used have stopped the run before its collection came to its end.
    with suppress(Refused):
        not_run += _tests(config, seen)
    for node, path in collected.files.items():
        if f"{node}::description" in seen:
            continue
        try:
            not_run += _rules(config, node, Path(path), seen)
        except (InputError, Refused):
            unseen.append(not_looked_at(_NOT_OPENED, PurePath(node).as_posix()))
    return Missing(in_order(not_run), tuple(unseen))


def _tests(config: pytest.Config, seen: Collection[str]) -> Iterator[Result]:
    """Yield the ordinary tests with a marker that gave no verdict."""
    session, as_of = session_of(config), read_options(config).as_of.isoformat(timespec="seconds")
    for node, said in collected_in(config).tests.items():
        if node not in seen and session.lets_in(said["rule_id"]):
            for result in marked_results([convert(said, MarkedTest)], session.policies, as_of):
                yield replace(result, reason=_NOT_RUN, findings=(), decided=False)


def _rules(config: pytest.Config, node: str, path: Path, seen: Collection[str]) -> Iterator[Result]:
    """Yield the rules of a description that were not decided."""

    def missed(rule: str) -> bool:
        return f"{node}::{rule.replace('/', '::', 1)}" not in seen

    session, rules = session_of(config), collected_in(config).rules.get(node)
    if rules is not None and not any(map(missed, rules)):
        return
    scene, _ = session.known(path)
    for policy in session.selection(path).within():
        for one in policy.obligations:
            if missed(one.rule_id):
                yield not_decided(scene, policy, one, _NOT_RUN)


def sentences(found: Missing, decided: int) -> Iterator[Text]:
    """Yield what a run has not decided, beside how many rules it has; nothing if it is complete."""
    if found.not_run:
        n, rules = len(found.not_run), dict.fromkeys(one.rule_id for one in found.not_run)
        yield INCOMPLETE.format(n=n, all=decided + n, rules=some_of([*rules]))
    alike: dict[Text, list[str]] = {}
    for trouble in found.unseen:
        alike.setdefault(trouble.message, []).append(trouble.description)
    for why, files in alike.items():
        yield INCOMPLETE_HERE.format(file=some_of(files), why=why)
