"""Names of one and the same (名称): those of a subject, and those of the licensee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.match.spec import Match
from pytest_icp.kinds.names import folded, legal_person
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, steps
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.spellings import may_be_traditional

_COMPANY = ("/company/name", "/company/former_names")
"""The names of the licensee: where one of them is expected, the others are right as well."""


class Names(Struct, frozen=True):
    """The names that a subject has, and those of the licensee where these are one.

    ``gap`` is the place of the first that is not declared.
    """

    own: frozenset[str]
    company: frozenset[str]
    gap: Tokens | None

    @classmethod
    def of(cls, spec: Match, context: Context, subject: Subject) -> Names:
        """Return the names of a subject."""
        own = [*facts_at(context, subject, spec.fact)]
        company = [*facts_at(context, subject, _COMPANY if spec.how == "company" else ())]
        open_at = (fact.tokens for fact in (*own[1:], *company) if fact.is_open)
        return cls(_folded(own), _folded(company), next(open_at, None))

    @property
    def is_licensee(self) -> bool:
        """Whether one of them is the licensee's."""
        return not self.own.isdisjoint(self.company)

    def like(self, name: Json) -> bool | None:
        """Whether a name is one of them, however it is written; None where it may be."""
        theirs = legal_person(str(name))
        if theirs in self.own or (theirs in self.company and self.is_licensee):
            return True
        script = any(may_be_traditional(mine, folded(str(name))) for mine in self.own)
        return None if self.gap or script else False


def _folded(facts: Iterable[Fact]) -> frozenset[str]:
    texts = (value for fact in facts for value in fact.values)
    return frozenset(legal_person(text) for text in texts if isinstance(text, str))


def facts_at(context: Context, subject: Subject, paths: Iterable[str]) -> Iterator[Fact]:
    """Yield what is at some paths, through the lists on the way; the last is taken whole."""
    for path in paths:
        _, absolute, names = steps(path)
        start = Fact((), context.view.facts) if absolute else Fact(subject.tokens, subject.value)
        yield from _below(start, names)


def _below(fact: Fact, names: tuple[str, ...]) -> Iterator[Fact]:
    if not names or fact.value is None:
        yield fact
    elif isinstance(fact.value, list):
        for i, element in enumerate(fact.value):
            yield from _below(Fact((*fact.tokens, i), element), names)
    elif isinstance(fact.value, Mapping):
        yield from _below(Fact((*fact.tokens, names[0]), fact.value.get(names[0])), names[1:])
