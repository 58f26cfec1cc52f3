"""An example that violates a rule (违反的例子): a case, and what the engine says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handbook.markdown import Lang

from pytest_icp.authoring.cases import Case, CaseRunner
from pytest_icp.facts.files.faults import flow
from pytest_icp.facts.files.properties import property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.finding import Finding
from pytest_icp.rules.policy import Obligation, Policy, facts_needed

COLUMN = 28
"""Where the comments begin, so that a phone shows most of them; behind longer lines further on."""


@dataclass(frozen=True)
class Example:
    """A case in which a rule is violated, what is found there, and the facts that decide it."""

    case: Case
    finding: Finding
    paths: tuple[str, ...]


def examples(policies: Sequence[Policy], cases: Mapping[str, Sequence[Case]]) -> dict[str, Example]:
    """Return an example for each rule that has a case in which it is violated, or is to review."""
    runner, found = CaseRunner(), {}
    for policy in policies:
        for rule in policy.obligations:
            case = _plainest(cases.get(rule.rule_id, ()))
            if case is not None:
                found[rule.rule_id] = _decided(runner, case, policy, rule)
    return found


def _plainest(cases: Sequence[Case]) -> Case | None:
    """Return the case that shows a violation best: the first day of it, in few facts."""
    broken = [one for one in cases if one.verdict == "violated"]
    # What is broken at the level of review is for a person to decide.
    to_review = [one for one in cases if one.boundary == "first bad"]
    return min(
        broken or to_review,
        key=lambda one: (bool(one.files or one.settings), one.boundary != "first bad"),
        default=None,
    )


def _decided(runner: CaseRunner, case: Case, policy: Policy, rule: Obligation) -> Example:
    named = next(one for one in (rule, *rule.parts) if one.own_id == case.rule)
    result = runner.decide(case, policy, named)
    if result is None or result.verdict != case.verdict:
        raise ValueError(f"{case.id} is not {case.verdict}")
    finding = next(one for one in result.findings if one.verdict == result.verdict)
    return Example(case, finding, facts_needed(policy, rule))


def facts_shown(example: Example, lang: Lang) -> str:
    """Return the facts of an example that its rule reads as YAML; comments name them in words."""
    roots = {path.partition(".")[0] for path in example.paths}
    roots.add(example.finding.location.pointer.strip("/").partition("/")[0])
    facts = {
        key: value
        for key, value in example.case.description.items()
        if key in roots and (key != "licence" or _of(example.paths, "licence"))
    }
    facts = {key: _kept(key, value, example.paths) for key, value in facts.items()}
    return "".join(f"{line}\n" for line in _lines(facts, "", 0, lang))


def _kept(path: str, value: Any, paths: Sequence[str]) -> Any:
    """Return a value without the members that the rule does not read; ids are kept."""
    if isinstance(value, list):
        return [_kept(path, one, paths) for one in value]
    if not isinstance(value, dict) or path in paths or not _of(paths, path):
        return value
    kept = {
        name: _kept(f"{path}.{name}", one, paths)
        for name, one in value.items()
        if name == "id" or f"{path}.{name}" in paths or _of(paths, f"{path}.{name}")
    }
    return kept or value


def _of(paths: Sequence[str], above: str) -> bool:
    return any(path.startswith(f"{above}.") for path in paths)


def _lines(value: Mapping[str, Any], above: str, indent: int, lang: Lang) -> Iterator[str]:
    for name, one in value.items():
        path = f"{above}.{name}".lstrip(".")
        start = f"{' ' * indent}{flow(name)}:"
        if isinstance(one, dict) and one:
            yield _named(start, path, lang)
            yield from _lines(one, path, indent + 2, lang)
        elif isinstance(one, list) and one and all(isinstance(each, dict) for each in one):
            yield _named(start, path, lang)
            for each in one:
                inner = list(_lines(each, path, indent + 4, lang)) or [f"{' ' * (indent + 4)}{{}}"]
                yield f"{' ' * (indent + 2)}- {inner[0].lstrip()}"
                yield from inner[1:]
        else:
            yield _named(f"{start} {flow(one)}", path, lang)


def _named(line: str, path: str, lang: Lang) -> str:
    """Put the title of a fact behind its line."""
    found = property_at(SCHEMA, path)
    if found is None:
        return line
    return f"{line}{' ' * max(2, COLUMN - len(line))}# {found.title[lang]}"
