"""Obligations made in a line, for tests of what is said of every kind."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import PurePath
from typing import Any

from pytest_icp.kinds import kinds
from pytest_icp.law.condition import ANYTHING, Node, parse_condition
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fields import Written
from pytest_icp.rules.numbers import Number, Value
from pytest_icp.rules.policies import FRAME
from pytest_icp.rules.policy import (
    Applicability,
    Citation,
    Obligation,
    Past,
    Policy,
    Serves,
    Spec,
    Version,
)
from pytest_icp.rules.specs import UnreadKeyError, read_spec


def applicability(items: tuple[str, ...] = (), when: Any = None) -> Applicability:
    """Return an applicability with its condition compiled."""
    return Applicability(items=items, when=None if when is None else parse_condition(when))


def obligation(kind: str, each: str = "sites", **given: Any) -> Obligation:
    """Return an obligation ``SP99/made`` whose kind has the fields given.

    ``where`` and what belongs to an obligation itself may be given as well.
    """
    where = given.pop("where", None)
    common = {"kind": kind, "each": each, **({} if where is None else {"where": where})}
    own: dict[str, Any] = {
        "title": Text("标题", "Title"),
        "meaning": Text("含义。", "Meaning."),
        "quote": Text("引文", "quoted words"),
        "fix": Text("改正。", "Fix it."),
        "level": "mandatory",
        "basis": "licence",
        "applies": Applicability(),
        "cites": (),
        "relies_on": (),
        "editions": (),
        "printed": None,
    }
    own |= {name: given.pop(name) for name in own if name in given}
    served = given.get("serves")
    return Obligation(
        id="made",
        provision="SP99",
        kind=kind,
        each=each,
        where=_condition(where),
        of_where=_condition(given.get("of_where")),
        past=read_spec(Past, given, parse_condition, (), beside=given),
        serves=read_spec(Serves, served, parse_condition, ()) if served else None,
        none=given.get("none"),
        spec=_spec(kind, given),
        written=Written({**common, "basis": own["basis"], **given}),
        **own,
    )


def written(made: Obligation) -> dict[str, Any]:
    """Return the fields of an obligation as its policy writes them, numbers filled in."""
    return {field.name: field.value for field in made.written.fields.members}


def _spec(kind: str, given: dict[str, Any]) -> Spec:
    """Return the spec; an empty one of a kind of one's own, or where it is not as it has to be."""
    with suppress(AttributeError, KeyError, TypeError, UnreadKeyError):
        return read_spec(kinds()[kind].spec, given, parse_condition, (), beside=FRAME)
    return Spec()


def _condition(written: Any) -> Node:
    return ANYTHING if written is None else parse_condition(written)


def policy(*obligations: Obligation, **given: Any) -> Policy:
    """Return a policy ``SP99`` of these obligations."""
    own: dict[str, Any] = {
        "id": "SP99",
        "article": "九十九",
        "title": Text("规定", "Provision"),
        "text": Text("九十九、引文，以及其他。", "99. Quoted words, and others."),
        "reading": None,
        "limits": None,
        "applies": Applicability(),
        "path": PurePath(__file__),
        "family": "",
    }
    return Policy(obligations=obligations, **{**own, **given})


def version(since: str, until: str | None = None, **given: Any) -> Version:
    """Return a version of an article."""
    own: dict[str, Any] = {
        "article": Text("第一条", "Art. 1"),
        "quote": Text("条文", "words of the law"),
        "source": Text("官方文本", "Official text"),
        "confidence": "primary",
    }
    return Version(
        effective_from=date.fromisoformat(since),
        effective_to=date.fromisoformat(until) if until else None,
        **{**own, **given},
    )


def citation(*versions: Version) -> Citation:
    """Return a citation with these versions."""
    return Citation(
        id="law-1",
        statute=Text("示例法", "Example Law"),
        subject=Text("事项", "its subject"),
        versions=versions,
    )


def number(n: float, unit: str, **given: Any) -> Number:
    """Return a number of the law with one value."""
    own: dict[str, Any] = {
        "source": Text("官方文本", "Official text"),
        "confidence": "default",
    }
    value = Value(n=n, **{**own, **given})
    return Number(id="n", title=Text("期限", "A time"), unit=unit, values=(value,))


def own_title(path: str) -> Text:
    """Name a fact by its last name, in capitals for readers of English."""
    name = path.rpartition(".")[2]
    return Text(name, name.upper()) if name else plain("")
