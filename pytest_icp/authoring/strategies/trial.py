"""A situation, and how one obligation is decided in it, many times and without reading files."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, Self, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.engine import judge
from pytest_icp.facts.asof import view
from pytest_icp.facts.description import dangling, unreadable
from pytest_icp.facts.evidence import Evidence, evidence_of, with_papers
from pytest_icp.facts.files.schema import validator
from pytest_icp.facts.plans import time_plan
from pytest_icp.facts.workdays import published
from pytest_icp.kinds import Kind
from pytest_icp.kinds import kinds as known_kinds
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.errors import IcpError
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.fields import CONDITIONS, Field, join_path
from pytest_icp.rules.policy import (
    Applicability,
    Obligation,
    Policy,
    facts_gating,
    facts_read,
    requirement,
)
from pytest_icp.rules.settings import Settings

Tokens: TypeAlias = tuple[str | int, ...]
Document: TypeAlias = dict[str, Any]

VERSION: Document = {"apiVersion": "pytest-icp/v1"}
"""The smallest description there is."""

NOT_FACTS = frozenset({"apiVersion", "include", "licence_file", "places", "sources"})
"""What stands at the top of a description and is not a fact: where others are read from."""


def is_valid(document: Document) -> bool:
    """Whether a document is valid under the published schema."""
    return bool(validator("description").is_valid(document))


def places_below(value: Any, at: Tokens) -> Iterator[Tokens]:
    """Yield a place and those of all facts below it, except ids."""
    yield at
    if isinstance(value, dict):
        for name, member in value.items():
            if name != "id":
                yield from places_below(member, (*at, name))
    elif isinstance(value, list):
        for i, element in enumerate(value):
            yield from places_below(element, (*at, i))


def value_at(document: Any, at: Tokens) -> Any:
    """Follow tokens into a document."""
    for token in at:
        document = document[token]
    return document


def found_at(document: Any, at: Tokens) -> Any:
    """Follow tokens into a document; None where they lead nowhere."""
    for token in at:
        inside = isinstance(document, list) and isinstance(token, int) and token < len(document)
        if not inside and not (isinstance(document, dict) and token in document):
            return None
        document = document[token]
    return document


def without(document: Document, at: Tokens) -> Document:
    """Return a copy of a document without the part at a place."""
    result = copy.deepcopy(document)
    del value_at(result, at[:-1])[at[-1]]
    return result


def dotted(at: Tokens) -> str:
    """Write tokens as a dotted path, with ``[]`` for elements of lists."""
    return "".join("[]" if isinstance(token, int) else f".{token}" for token in at).lstrip(".")


def with_ids(document: Document) -> Document:
    """Return a document in which no two elements of a list have one id, which readers refuse.

    It shares all else with the given one.
    """
    result = {**document}
    for name, value in document.items():
        if isinstance(value, list):
            result[name] = _distinct(value)
    licence = document.get("licence")
    if isinstance(licence, dict) and isinstance(licence.get("attachments"), list):
        result["licence"] = {**licence, "attachments": _distinct(licence["attachments"])}
    return result


def _distinct(elements: list[Any]) -> list[Any]:
    # Some lists are of words, such as the sanctions.
    if not all(isinstance(element, dict) for element in elements):
        return elements
    taken: set[str] = set()
    result = []
    for element in elements:
        while element["id"] in taken:
            element = {**element, "id": f"{element['id']}x"}  # noqa: PLW2901 - a copy
        taken.add(element["id"])
        result.append(element)
    return result


class Situation(Struct, frozen=True, kw_only=True):
    """A description and what it is judged with (情形), as a case writes it.

    ``document`` is the whole description, valid under the schema, with the licence inline;
    ``as_of`` the day or instant it is judged as of; ``files`` the evidence beside it, name and
    content; ``settings`` those that are not the default.
    """

    document: Document
    as_of: str
    files: tuple[tuple[str, bytes], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def having(self, document: Document) -> Self:
        """Return the same situation with other facts."""
        return replace(self, document=document)


class CheckCrashed(IcpError):  # noqa: N818 - what happened, not an error of this package
    """A check (检查) raised an error; ``situation`` is where, and the cause is the error."""

    def __init__(self, rule_id: str, situation: Situation) -> None:
        super().__init__(f"the check of {rule_id} crashed")
        self.situation = situation


class RecordList(Struct, frozen=True):
    """RecordList at a dotted path, of which those count that meet a condition.

    They are ``evidence`` where they show that the duty was done, so that more never harm.
    """

    path: str
    where: Node
    evidence: bool


def _records(obligation: Field) -> Iterator[RecordList]:
    conditions = [one for one in obligation.walk() if one.what in CONDITIONS]
    for named in obligation.walk():
        for path in named.paths if named.what == "records" else ():
            about = (one.node for one in conditions if one.records is named)
            evidence = named.mark("x-icp-evidence") is not None
            yield RecordList(path, next(about, ANYTHING), evidence)


# Compared by identity, so that it can be a key of caches.
class Trial(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """An obligation and all that it is decided with, except the description and the day.

    ``evidence`` are files that are already read; those of a situation take precedence.
    """

    obligation: Obligation
    policy: Policy
    kinds: Mapping[str, Kind] = field(default_factory=known_kinds)
    calendar: Calendar = field(default_factory=published)
    settings: Settings = field(default_factory=Settings)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)

    @property
    def own_kind(self) -> bool:
        """Whether a plugin defines the kind, so that the facts it reads are not known."""
        return self.obligation.kind not in known_kinds()

    @property
    def gates(self) -> tuple[Applicability, Applicability]:
        """The applicability of the provision and of the obligation."""
        return self.policy.applies, self.obligation.applies

    @cached_property
    def fields(self) -> Field:
        """The obligation as its policy writes it."""
        return self.obligation.written.fields

    @cached_property
    def requirement(self) -> Node:
        """The condition that subjects must meet."""
        return requirement(self.fields)

    @cached_property
    def records(self) -> tuple[RecordList, ...]:
        """The records that the obligation reads."""
        return tuple(_records(self.fields))

    @property
    def documents(self) -> tuple[str, ...]:
        """The dotted paths of the documents that it requires of its subjects."""
        named = (field for field in self.fields.walk() if field.what == "document")
        return tuple(path for field in named for path in field.paths)

    @property
    def by_rule(self) -> bool:
        """Whether its subjects are the attestations that name the rule."""
        return self.fields.mark("x-icp-by-rule") is not None

    @cached_property
    def gating(self) -> tuple[str, ...]:
        """The paths of the facts that decide whether the obligation applies at all."""
        return tuple(path for gate in self.gates for path in facts_gating(gate))

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The paths of all facts that may change the verdict, as far as the policy shows.

        Among them are the days on which the elements begin that it names.
        """
        named = (*facts_read(self.obligation), *self.gating)
        plan = time_plan("description")
        begin = (f"{at}.{day}" for fact in named for at, day in plan.beginnings(fact))
        return tuple(dict.fromkeys((*named, *begin)))

    @cached_property
    def collections(self) -> frozenset[str]:
        """The top-level facts that may change the verdict; all of them for a kind of a plugin."""
        return frozenset(path.partition(".")[0] for path in self.reads)

    def outcome(self, situation: Situation) -> Outcome:
        """Decide the obligation in a situation.

        Raises `CheckCrashed` from any error of the check.
        """
        as_of = as_of_instant(situation.as_of)
        settings = self.settings._replace(**situation.settings)
        facts = with_papers(situation.document, settings.papers)
        context = Context(
            view=view(facts, time_plan("description"), as_of),
            as_of=as_of,
            calendar=self.calendar,
            evidence={**self.evidence, **_files(situation.files)},
            settings=settings,
        )
        try:
            return judge(context, self.policy, self.obligation, self.kinds)
        except Exception as error:
            # A check of a user's may raise anything; the situation is what they need to know.
            raise CheckCrashed(self.obligation.own_id, situation) from error

    def verdict(self, situation: Situation) -> Verdict:
        """Return the verdict of the obligation in a situation."""
        return self.outcome(situation).verdict


@lru_cache(maxsize=64)
def _files(files: tuple[tuple[str, bytes], ...]) -> Mapping[str, Evidence]:
    return {name: evidence_of(name, content, "page") for name, content in files}


def can_be_read(document: Document) -> bool:
    """Whether a document can be read: it is valid, and every id is known and unique."""
    if not is_valid(document):
        return False
    licence = document.get("licence") or {}
    lists = [value for value in document.values() if isinstance(value, list)]
    ids = [[one.get("id") for one in value if isinstance(one, dict)] for value in lists]
    unique = all(len(names) == len({*names}) for names in ids)
    return unique and not any(unreadable(licence)) and not any(dangling(document, "description"))


# ---- The facts that an obligation reads, so that it is decided fast


def slim(trial: Trial, facts: JsonObject) -> Document:
    """Return the top-level facts that may change the verdict (相关事实), with the licence inline.

    For a kind that a plugin defines they are not known, so all stay.
    """
    # That its subjects are there is known, even if nothing of them is read.
    each = join_path("", trial.obligation.each).partition(".")[0]
    read = facts.keys() if trial.own_kind else trial.collections | {each}
    document = {name: facts[name] for name in facts if name in read and name not in NOT_FACTS}
    licence = document.get("licence")
    if isinstance(licence, dict):
        # A licence in a file of its own has the apiVersion of that file.
        document["licence"] = {key: value for key, value in licence.items() if key != "apiVersion"}
    register = document.get("attestations")
    if trial.by_rule and isinstance(register, list):
        # Attestations of other rules are not read.
        rule = trial.obligation.own_id
        document["attestations"] = [entry for entry in register if entry.get("rule") == rule]
    return {**VERSION, **document}
