"""The shipped policies under a law that changes: other numbers, articles of other days."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec.structs import replace

from pytest_icp.engine import Scene, decide, prepare
from pytest_icp.facts.description import load
from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.workdays import published
from pytest_icp.kinds import kinds
from pytest_icp.kinds.result import Result
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.forecast import Change, forecast
from pytest_icp.rules.numbers import Named, Number, Value
from pytest_icp.rules.policies import WrittenPolicy, written_policies
from pytest_icp.rules.policy import Citation, Obligation, Policy
from tests.helpers import all_cases


@cache
def shipped() -> Mapping[str, WrittenPolicy]:
    """Return the shipped policies by their ids, as they are written."""
    read = written_policies([resource("policies")], kinds=kinds())
    return {written.policy.id: written for written in read}


def changed(
    name: str, old: float, new: float, since: str, *, running: bool = False, grace: str = ""
) -> dict[str, Named]:
    """Return a shipped number that changes on a day."""
    number = next(written.law.parameters[name] for written in shipped().values())
    later = Value(
        n=new,
        start=date.fromisoformat(since),
        running=running,
        grace=date.fromisoformat(grace) if grace else None,
        confidence="primary",
    )
    both = (Value(n=old, confidence="primary"), later)
    return {name: Number(id=name, title=number.title, unit=number.unit, values=both)}


def under(
    rule: str,
    numbers: Mapping[str, Named],
    entry: Mapping[str, Any] | None = None,
    citations: Mapping[str, Citation] | None = None,
) -> tuple[Policy, Obligation]:
    """Return a shipped rule, or a part of one, under changed numbers and articles.

    ``entry`` has other fields.
    """
    whole, _, part = rule.partition("#")
    provision, _, name = whole.partition("/")
    written = shipped()[provision]
    law = replace(
        written.law,
        parameters={**written.law.parameters, **numbers},
        citations={**written.law.citations, **(citations or {})},
    )
    data: Any = {**written.data}
    data["obligations"] = [
        _changed(one, entry or {}, part) if one["id"] == name else one
        for one in data["obligations"]
    ]
    policy = replace(written, law=law).changed(data)
    parts = (part for one in policy.obligations for part in (one, *one.parts))
    return policy, next(one for one in parts if one.own_id == rule)


def _changed(
    written: Mapping[str, Any], entry: Mapping[str, Any], part: str = ""
) -> dict[str, Any]:
    """Return a rule, or a part of it, with other fields; without those that are None."""
    if part:
        parts = (_changed(one, entry) if one["name"] == part else one for one in written["parts"])
        return {**written, "parts": [*parts]}
    return {key: value for key, value in {**written, **entry}.items() if value is not None}


def decided(
    rule: str,
    as_of: str,
    facts: Mapping[str, Any],
    numbers: Mapping[str, Named],
    entry: Mapping[str, Any] | None = None,
    citations: Mapping[str, Citation] | None = None,
) -> Result:
    """Decide a shipped rule under a changed law, on the base of its cases."""
    with TemporaryDirectory() as folder:
        scene = _scene(Path(folder), rule, as_of, facts)
    return decide(scene, *under(rule, numbers, entry, citations))


def foreseen(
    rule: str, as_of: str, facts: Mapping[str, Any], numbers: Mapping[str, Named]
) -> tuple[Change, ...]:
    """Return what becomes of the verdict on a shipped rule within a year."""
    policy, obligation = under(rule, numbers)
    with TemporaryDirectory() as folder:
        scene = _scene(Path(folder), rule, as_of, facts)
        return forecast(scene, [replace(policy, obligations=(obligation,))], days=366)


def _scene(folder: Path, rule: str, as_of: str, facts: Mapping[str, Any]) -> Scene:
    """Return what is described in the base of a rule's cases, with other facts, as of a day."""
    base = next(case for case in all_cases() if case.rule == rule)
    described = replace(base, facts={**facts}).description
    file = folder / "case.icp.json"
    file.write_text(json.dumps(described, ensure_ascii=False), "utf-8")
    return prepare(load(file, root=folder), as_of=as_of_instant(as_of), calendar=published())
