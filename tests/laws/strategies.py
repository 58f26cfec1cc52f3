"""Descriptions for laws: drawn from the schema, or a known situation with some facts changed.

A situation is the example with the facts of one case of ``tests/cases`` laid over it: every
obligation has something to decide, and the one of the case stands at an edge of the law.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter
from msgspec.structs import replace

from pytest_icp.authoring import strategies
from pytest_icp.authoring.strategies.shapes import DAYS, INSTANTS, values_at
from pytest_icp.authoring.strategies.trial import (
    Document,
    Tokens,
    is_valid,
    places_below,
    value_at,
    with_ids,
)
from pytest_icp.facts.description import load
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.policy import Obligation, Policy, facts_gating, facts_read
from tests.helpers import ROOT, Case, all_cases

EXAMPLE = ROOT / "examples" / "etaoche"
FOREVER = 400_000
"""A look-back, in days, that reaches before every date of these tests."""


class Situation(strategies.Situation):
    """A situation that shows what differs from the example; the whole is too long to be read."""

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        here, there = self.document, example()
        names = [name for name in {**here, **there} if here.get(name) != there.get(name)]
        facts = {name: here.get(name) for name in names}
        printer.text(f"Situation({self.as_of}, {facts}, {self.settings})")


@cache
def obligations() -> dict[str, tuple[Policy, Obligation]]:
    """Every shipped rule without parts, and every part of the others, by id, with its policy."""
    return {
        one.own_id: (policy, one)
        for policy in default_policies()
        for rule in policy.obligations
        for one in rule.each_part
    }


@cache
def alone(rule: str) -> Policy:
    """Return the policy of a rule, or of a part of one, with nothing else in it."""
    for policy in default_policies():
        for whole in policy.obligations:
            for one in (whole, *whole.parts):
                if one.own_id == rule:
                    return replace(policy, obligations=(one,))
    raise LookupError(rule)


@cache
def read_paths() -> frozenset[str]:
    """Every fact that a shipped obligation reads, or that tells whether one applies."""
    return frozenset(
        path for policy, obligation in obligations().values() for path in reads(policy, obligation)
    )


def reads(policy: Policy, obligation: Obligation) -> tuple[str, ...]:
    """Every fact that may move the verdict of an obligation."""
    gates = (facts_gating(policy.applies), facts_gating(obligation.applies))
    return (*facts_read(obligation), *(path for gate in gates for path in gate))


@cache
def collections() -> tuple[str, ...]:
    """The top-level facts that the shipped obligations read."""
    return tuple(sorted({path.partition(".")[0] for path in read_paths()}))


# ---- Known situations


@cache
def example() -> Document:
    """The example's description with its licence inline."""
    described = load(EXAMPLE / "etaoche.icp.yaml", root=EXAMPLE)
    facts = {key: value for key, value in described.facts.items() if key != "licence_file"}
    document = json.loads(json.dumps({"apiVersion": "pytest-icp/v1", **facts}))
    document["licence"].pop("apiVersion", None)
    return dict(document)


@cache
def example_files() -> tuple[tuple[str, bytes], ...]:
    """The evidence of the example."""
    found = [path for name in ("evidence", "pages") for path in (EXAMPLE / name).iterdir()]
    return tuple((path.relative_to(EXAMPLE).as_posix(), path.read_bytes()) for path in found)


def situation_of(case: Case) -> Situation:
    """Lay the facts of a case over the example."""
    # What YAML shares by aliases is parted, so that a change is one change.
    document = json.loads(json.dumps({**example(), **case.base, **case.facts}))
    files = dict(example_files())
    for name, content in case.files.items():
        how = content if isinstance(content, dict) else {"text": content, "encoding": "utf-8"}
        files[name] = how["text"].encode(how["encoding"])
    return Situation(
        document=document,
        as_of=case.as_of,
        files=tuple(sorted(files.items())),
        settings=case.settings,
    )


@st.composite
def situations(draw: st.DrawFn, *, changes: int = 3) -> Situation:
    """Situations that stand in the case files, with up to so many facts changed."""
    case = draw(st.sampled_from(all_cases()))
    situation = situation_of(case)
    document = situation.document
    for _ in range(draw(st.integers(0, changes))):
        document = draw(changed(document))
    return situation.having(document)


@st.composite
def changed(draw: st.DrawFn, document: Document) -> Document:
    """The document with one fact replaced by another that its schema allows, or taken out."""
    at = draw(st.sampled_from(sorted(places(document), key=str)))
    result = copy.deepcopy(document)
    parent = value_at(result, at[:-1])
    name: Any = at[-1]
    match draw(st.sampled_from(["another", "another", "null", "absent"])):
        case "another":
            parent[name] = draw(values_at(at))
        case "null":
            parent[name] = None
        case _:
            del parent[name]
    result = with_ids(result)
    return result if is_valid(result) else document


def places(document: Document, *, below: Tokens = ()) -> Iterator[Tokens]:
    """Yield where every fact stands that the shipped obligations may read; ids stay."""
    for name in collections():
        if name in document:
            yield from places_below(document[name], (name,))


AS_OF = DAYS.map(str) | INSTANTS


def descriptions() -> st.SearchStrategy[Document]:
    """Whole descriptions out of nothing but the schema, of what the shipped obligations read."""
    return strategies.descriptions(facts=collections())
