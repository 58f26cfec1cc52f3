"""Which facts an obligation reads: the paths that its policy names, from the document's root."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from pytest_icp.law.condition import ANYTHING, AllOf, AnyOf, Every, Fields, Node, Not, Some
from pytest_icp.law.features import FEATURES, possible_codes

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.rules.policy import Applicability, Obligation

_DOCUMENT = ("document", "sha256", "issued_on", "expires_on", "owner.role", "max_age_days")
_RENEWAL = ("applied_on", "decided_on", "decision", "new_valid_until")
_SCOPE = ("/licence/service_lines/name", "/licence/service_lines/scope")
_OPERATED = ("status", "commercial", "features", "declared_codes")
_OWN_LICENCES = (
    *(*_SCOPE, "/licence/issued_on", "/licence/first_issued_on", "/licence/valid_until"),
    *("/renewal/applied_on", "/renewal/decision", "/renewal/new_valid_until"),
    *(f"/other_licences/{name}" for name in ("codes", "obtained_on", "valid_until", "status")),
)
_FEATURES = ("commercial", "features", "declared_codes", *_SCOPE)


def facts_read(obligation: Obligation) -> tuple[str, ...]:
    """Return the facts (事实) that decide an obligation, as dotted paths of the description.

    Lists are passed through (``sites.domains``), and the licence stands under ``licence``. A
    path may lead to an object that is read whole (``servers.location``). Facts that only tell
    whether the obligation applies are those of `facts_gating`; of a kind that the product does
    not know, only the subjects and their conditions are known.
    """
    each = rooted("", obligation.each)
    own = [rooted(each, path) for path in _of_condition(obligation.where)]
    own += [rooted(each, f"../{path}") for path in _of_condition(_above(obligation))]
    serving = obligation.group("serving")
    if serving:
        own += [rooted(each, str(serving["by"]))]
        own += [f"services.{name}" for name in ("id", *_OPERATED)]
    paths = _READERS.get(obligation.kind, _nothing)(obligation)
    own += [rooted(each, path) for path in paths]
    return tuple(dict.fromkeys(path for path in own if path != each)) or (each,)


def facts_gating(rule: Applicability) -> tuple[str, ...]:
    """Return the facts that tell whether a provision or an obligation applies (适用条件)."""
    items = [rooted("", path) for path in _SCOPE] if rule.items or rule.without else []
    operated = [f"services.{name}" for name in _OPERATED] if rule.operates else []
    when = [] if rule.when is None else [*_of_condition(rule.when)]
    return tuple(dict.fromkeys(items + operated + when))


def rooted(base: str, path: str) -> str:
    """Continue a dotted path by one of the policy's.

    A leading ``/`` takes it from the root, each ``../`` from one name above.
    """
    while path.startswith("../"):
        base, path = base.rpartition(".")[0], path[3:]
    rooted = path.startswith("/")
    dotted = path.strip("/").replace("/", ".")
    return dotted if rooted or not base else f"{base}.{dotted}".rstrip(".")


def _above(obligation: Obligation) -> Node:
    return obligation.condition("parent_where")


def _of_condition(node: Node) -> list[str]:
    """Return the paths that a condition looks at; the empty one is the value itself."""
    return [] if node == ANYTHING else [".".join(names) for names in _tested(node)]


def _tested(node: Node) -> Iterator[tuple[str, ...]]:
    match node:
        case Fields(tests=tests) if tests:
            yield from ((name, *below) for name, test in tests for below in _tested(test))
        case AllOf(tests=tests) | AnyOf(tests=tests):
            yield from (path for test in tests for path in _tested(test))
        case Not(test=test) | Some(test=test) | Every(test=test):
            yield from _tested(test)
        case _:
            yield ()


_Reader: TypeAlias = "Callable[[Obligation], Iterator[str]]"


def _nothing(_: Obligation) -> Iterator[str]:
    yield from ()


def _constraint(obligation: Obligation) -> Iterator[str]:
    yield from _of_condition(obligation.condition("require"))


def _deadline(obligation: Obligation) -> Iterator[str]:
    for name in ("within", "before"):
        rule = obligation.group(name)
        for key in ("after", "of"):
            paths = rule.get(key, [])
            yield from map(str, paths if isinstance(paths, list) else [paths])
    if obligation.path("not_after"):
        yield obligation.path("not_after")
    if isinstance(obligation.fields["done"], str):
        yield obligation.path("done")
        return
    first = obligation.group("done")
    records = str(first["first"])
    yield from _under(records, _of_condition(obligation.condition("done.where")))
    yield from _under(records, [str(first["at"])])


def _recurrence(obligation: Obligation) -> Iterator[str]:
    span, every = obligation.group("while"), obligation.group("every")
    yield from (str(span[end]) for end in ("from", "until") if end in span)
    for key in ("since", "restart"):
        if key in every:
            yield from _day(obligation, f"every.{key}", every[key])
    if obligation.path("last"):
        yield obligation.path("last")
        return
    records = obligation.path("records")
    yield from _joined(obligation, records)
    yield from _under(records, _of_condition(obligation.condition("records_where")))
    inside = [obligation.path(name) for name in ("year", "at")]
    yield from _under(records, [name for name in inside if name])


def _order(obligation: Obligation) -> Iterator[str]:
    for name in ("first", "then"):
        yield from _day(obligation, name, obligation.fields[name])


def _day(obligation: Obligation, name: str, written: Json) -> Iterator[str]:
    """Yield the path of a day, or what tells the first of several records."""
    if not isinstance(written, Mapping):
        yield str(written)
        return
    records = str(written["first"])
    yield from _joined(obligation, records)
    yield from _under(records, _of_condition(obligation.condition(f"{name}.where")))
    yield from _under(records, _OPERATED if "operates" in written else [])
    yield from _under(records, [str(written["at"])])


def _joined(obligation: Obligation, records: str) -> Iterator[str]:
    """Yield what joins records to the subject, on both sides."""
    join = obligation.fields.get("joined_by")
    if join is None:
        return
    theirs, mine = (join["record"], join["subject"]) if isinstance(join, Mapping) else (join, join)
    yield from (str(mine), *_under(records, [str(theirs)]))


def _agreement(obligation: Obligation) -> Iterator[str]:
    yield obligation.path("fact")
    if isinstance(obligation.fields["with"], str):
        yield obligation.path("with")
    else:
        join = obligation.group("with")
        yield str(join["joined_by"])
        records = "/" + str(join["records"]).strip("/")
        yield from _under(records, [str(join["joined_by"]), str(join["fact"])])
        if obligation.path("unit"):
            yield from (obligation.path("unit"), f"{records}.{obligation.path('unit')}")
        yield from _in_force(obligation, records)
    if obligation.path("also"):
        yield obligation.path("also")


def _coverage(obligation: Obligation) -> Iterator[str]:
    if obligation.path("fact"):
        yield obligation.path("fact")
    if not obligation.path("by"):
        yield obligation.path("covers")
        return
    records = "/" + obligation.path("by").strip("/")
    yield from _under(records, _of_condition(obligation.condition("by_where")))
    yield from _under(records, [obligation.path("covers")])
    yield from (*_joined(obligation, records), *_in_force(obligation, records))


def _in_force(obligation: Obligation, records: str) -> Iterator[str]:
    """Yield what tells when records run, and the time of the subject."""
    rule = obligation.group("in_force")
    for name, base in (("from", records), ("until", records), ("on", ""), ("since", "")):
        written = rule.get(name, [])
        for path in written if isinstance(written, list) else [written]:
            yield f"{base}.{path}".strip(".")


def _location(obligation: Obligation) -> Iterator[str]:
    yield obligation.path("fact")
    if obligation.path("sites"):
        yield from (obligation.path("sites"), "/sites/domains", "/licence/attachments/domains")
        yield f"/licence/attachments/{obligation.path('at')}"


def _growth(obligation: Obligation) -> Iterator[str]:
    yield from (obligation.path("earlier"), obligation.path("later"))
    yield from _of_condition(obligation.condition("require"))


def _grading(obligation: Obligation) -> Iterator[str]:
    yield obligation.path("fact")
    levels = obligation.fields["levels"]
    for i, level in enumerate(levels if isinstance(levels, list) else []):
        yield from _of_condition(obligation.condition(f"levels.{i}.when"))
        share = level.get("share") if isinstance(level, Mapping) else None
        if isinstance(share, Mapping):
            yield str(share["fact"])
            yield from _under("/" + str(share["of"]).strip("/"), [str(share["count"])])
    if obligation.path("on"):
        yield obligation.path("on")


def _containment(obligation: Obligation) -> Iterator[str]:
    yield from ("issuer", "codes", "areas", "obtained_on", "valid_until", "status")
    yield from ("/licence/issuing_authority/kind", "/licence/issuing_authority/province", *_SCOPE)
    yield from ("/licence/service_lines/areas", "/licence/first_issued_on", "/licence/issued_on")
    yield from ("/licence/valid_until", "/licence/status")
    if obligation.path("compare") == "cancel":
        yield from _under("cancel_or_change_filing", ["authority", "submitted_at"])


def _holding(obligation: Obligation) -> Iterator[str]:
    path = obligation.path("organisation")
    if path:
        yield from _under(f"{path}.licences", ["categories", "valid_from", "valid_until"])
    else:
        yield from _OWN_LICENCES
    yield from _of_condition(obligation.condition("exempt"))
    if obligation.path("each_of"):
        yield obligation.path("each_of")
    if obligation.fields["throughout"] != "as_of":
        yield from map(str, obligation.group("throughout").values())


def _retention(obligation: Obligation) -> Iterator[str]:
    yield from (path for name in ("fact", "oldest", "since") if (path := obligation.path(name)))


def _scope(obligation: Obligation) -> Iterator[str]:
    if obligation.path("compare") == "areas":
        yield from ("commercial", "areas_served", *_SCOPE, "/licence/service_lines/areas")
    elif obligation.path("compare") == "content":
        yield from ("features.regulated_content", *_SCOPE)
    elif isinstance(only := obligation.fields.get("only"), list):
        meant = {str(code) for code in only}
        told = (name for name in FEATURES if not meant.isdisjoint(possible_codes(name)))
        yield from (*(f"features.{name}" for name in told), "declared_codes", *_SCOPE)
    else:
        yield from _FEATURES


def _validity(obligation: Obligation) -> Iterator[str]:
    until = obligation.fields.get("until")
    if until is not None:
        yield from _of_condition(obligation.condition("require"))
        yield str(until if isinstance(until, str) else obligation.group("until")["after"])
        return
    yield from ("status", "issued_on", "valid_until")
    yield from _under("/renewal", _RENEWAL)


def _display(obligation: Obligation) -> Iterator[str]:
    names = ("page", "text", "shows", "stated", "stated_by")
    yield from (path for name in names if (path := obligation.path(name)))


def _attestation(obligation: Obligation) -> Iterator[str]:
    path = obligation.path("document")
    if path:
        yield from _under(path, _DOCUMENT)
    else:
        yield from ("rule", *_DOCUMENT)


def _presence(obligation: Obligation) -> Iterator[str]:
    records = obligation.path("exists")
    tested = _of_condition(obligation.condition("exists_where"))
    yield from _under(records, tested) if tested else (records,)
    if obligation.path("no_fewer_than"):
        yield obligation.path("no_fewer_than")


def _under(base: str, paths: list[str] | tuple[str, ...]) -> Iterator[str]:
    yield from (f"{base}.{path}".rstrip(".") for path in paths)


# What a kind looks at beyond the paths of its policy is said here, beside them.
_READERS: Mapping[str, _Reader] = {
    "agreement": _agreement,
    "attestation": _attestation,
    "constraint": _constraint,
    "containment": _containment,
    "coverage": _coverage,
    "deadline": _deadline,
    "display": _display,
    "grading": _grading,
    "growth": _growth,
    "holding": _holding,
    "location": _location,
    "order": _order,
    "presence": _presence,
    "recurrence": _recurrence,
    "retention": _retention,
    "scope": _scope,
    "validity": _validity,
}
