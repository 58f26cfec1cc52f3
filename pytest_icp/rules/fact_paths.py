"""Which facts the paths of a policy mean: of the subject, of records, of the whole description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.rules.reads import rooted

_RECORDS = {
    **dict.fromkeys(("records_where", "at", "year"), ("records",)),
    **dict.fromkeys(("by_where", "covers"), ("by",)),
    **dict.fromkeys(("with.fact", "with.joined_by"), ("with.records",)),
    **dict.fromkeys(("in_force.from", "in_force.until"), ("by", "with.records")),
    "exists_where": ("exists",),
    "joined_by.record": ("records", "by", "then.first", "first.first"),
}
"""The fields that are about records, and the fields that name those."""

_BESIDE = {"at": "first", "where": "first", "count": "of"}
"""The same where the records are named in the same object."""

_OF_THE_DOCUMENT = frozenset({"by", "with.records", "of"})


def base_of(entry: JsonObject, path: tuple[str | int, ...]) -> str:
    """Return the dotted path of the object that a path or a condition of an obligation is about.

    ``path`` leads to the field within the obligation, such as ``("done", "at")``.
    """
    each = rooted("", str(entry.get("each", "attestations")))
    if path[0] == "applies":
        return ""
    if entry.get("kind") == "location" and path == ("at",):
        return "licence.attachments"
    if path[0] == "parent_where":
        return each.rpartition(".")[0]
    *above, name = path
    # `where` of the obligation itself is about its subjects, though `first` may stand beside it.
    beside = _BESIDE.get(str(name)) if above else None
    named = [(*above, beside)] if beside else []
    field = ".".join(key for key in path if isinstance(key, str))
    named += [tuple(source.split(".")) for source in _RECORDS.get(field, ())]
    for source in named:
        records = _at(entry, source)
        if records is not None:
            alone = {".".join(map(str, source)), str(source[-1])} & _OF_THE_DOCUMENT
            return rooted("" if alone else each, str(records))
    return each


def _at(value: Json, path: Sequence[str | int]) -> Json:
    for key in path:
        if isinstance(value, list) and isinstance(key, int):
            value = value[key]
        else:
            value = value.get(str(key)) if isinstance(value, Mapping) else None
    return value
