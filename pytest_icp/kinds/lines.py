"""The lines of business (业务种类) of all licences of a company, and for which a rule is asked.

What every licence prints is asked for the one that is described. The rules of a line are asked for
each licence that permits it, of ``other_licences`` as well, unless its status says that it ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from pytest_icp.kinds.holdings import licensed_scope
from pytest_icp.kinds.renewal import ENDED, EXPIRED
from pytest_icp.law.catalogue import CATALOGUE, permits, root_of
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of, texts_of
from pytest_icp.rules.policy import Policy


class Held(Struct, frozen=True):
    """A licence of the company by its number, else its id: the codes and areas that it permits.

    ``codes`` is None where they are not known: then it may be for any line.
    """

    name: str
    codes: frozenset[str] | None
    areas: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of business, in the order of the catalogue."""
        roots = {root_of(code) for code in self.codes or ()}
        return tuple(code for code in CATALOGUE if code in roots)

    def is_for(self, family: str) -> bool:
        """Whether it permits something of what a folder of policies is named after."""
        return self.codes is None or _permit(self.codes, family)


# The licences of a company are for much the same, and each policy of a line asks all of them.
@lru_cache(maxsize=1024)
def _permit(codes: frozenset[str], family: str) -> bool:
    return permits(codes, family) is not False


def licences_of(facts: JsonObject) -> tuple[Held, ...]:
    """Return the licences of a company: first the one that is described."""
    licence = facts.get("licence")
    scope, number = licensed_scope(licence), object_of(licence).get("number")
    held = Held(
        name=number if isinstance(number, str) else "licence",
        codes=scope.permitted if scope else None,
        areas=tuple(sorted(scope.areas)) if scope else (),
    )
    return (held, *_others(facts.get("other_licences")))


def _others(written: Json) -> Iterator[Held]:
    for one in map(object_of, list_of(written)):
        codes = one.get("codes")
        known = isinstance(codes, list) and None not in codes
        if one.get("status") not in {*ENDED, EXPIRED}:
            yield Held(
                name=str(one.get("number") or one.get("id")),
                codes=frozenset(texts_of(codes)) if known else None,
                areas=texts_of(one.get("areas")),
            )


def asked_for(policy: Policy, held: tuple[Held, ...]) -> tuple[Held, ...]:
    """Return the licences for which a policy is asked; none where it does not bind."""
    if not policy.family:
        return held[:1]
    return tuple(one for one in held if one.is_for(policy.family))
