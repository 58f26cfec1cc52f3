"""Finds facts that a description can declare and that no rule reads.

What is asked for is judged. A fact that only identifies, explains or is there for sources says
so in the schema: ``x-icp-unread`` is the reason. Identifiers need none, and the day on which
something begins is read by the view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_icp.authoring.lint.remarks import Remark
from pytest_icp.facts.files.properties import Definition, definitions
from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.facts.titles import title_of
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.contradictions import contradictions
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.policy import Policy, decided, facts_gating, facts_read

MARK = "x-icp-unread"
"""The keyword of a fact that no rule need read; its value is the reason."""

_UNREAD = Text(zh="“{title}”没有任何规则判断", en="no rule reads “{title}”")
_JUDGE = Text(
    zh="写一项规则、删去该字段，或者在模式中以 x-icp-unread 写明理由",
    en="write a rule, drop the fact, or give the reason as x-icp-unread in the schema",
)
_IS_READ = Text(
    zh="“{title}”标为没有规则判断，但已有规则判断",
    en="“{title}” is marked as unread, but is read",
)
_UNMARK = Text(zh="删去 x-icp-unread", en="remove x-icp-unread")
_IDS = frozenset({"id", "apiVersion", "provisions_edition"})
_NOT_FACTS = NOT_FACTS | {"licence_file"}


def unread_facts(policies: Iterable[Policy]) -> Iterator[Remark]:
    """Yield the facts that no rule reads and no mark excuses, and marks of those that are read."""
    found = [(path, one) for path in _read(policies) for one in definitions(SCHEMA, path)]
    read = {one.key for _, one in found}
    # Who asks whether there is such an object at all does not read its parts.
    itself = {one.key for path, one in found if one.path == path}
    for fact in definitions(SCHEMA):
        marked = MARK in fact.marks
        if marked and fact.key in itself:
            yield _remark("read", fact, _IS_READ, _UNMARK)
        elif not (marked or fact.key in read or _needs_no_rule(fact)):
            yield _remark("unread", fact, _UNREAD, _JUDGE)


def _read(policies: Iterable[Policy]) -> Iterator[str]:
    """Yield the paths of the facts that rules and contradictions read."""
    for policy in policies:
        yield from facts_gating(policy.applies)
        for _, rule in decided(policy.obligations):
            each = join_path("", rule.each)
            yield from (path for path in facts_read(rule) if path != each)
            yield from facts_gating(rule.applies)
    known = contradictions()
    yield from (path for one in known.contradictions for path in one.reads())
    yield from (path for one in known.sums for path in one.reads())


def _needs_no_rule(fact: Definition) -> bool:
    top, _, _ = fact.path.partition(".")
    name = fact.path.rpartition(".")[2]
    return top in _NOT_FACTS or name in _IDS or fact.marks.get("x-icp-time") == "begins"


def _remark(code: str, fact: Definition, message: Text, hint: Text) -> Remark:
    return Remark(
        code=code,
        about=fact.path,
        place=Place(path=resource("schemas") / f"{SCHEMA}.schema.json"),
        message=message.format(title=title_of(fact.path)),
        hint=hint,
    )
