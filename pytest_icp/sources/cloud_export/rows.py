"""The row of a type of Terraform resource, without what an answer does not tell (映射).

An answer has some of the attributes of a resource. Facts, and elements, that depend on others are
left out: a source is silent about what it does not contain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pytest_icp.sources.terraform.facts import paths_in
from pytest_icp.sources.terraform.reading import head

PUBLIC = "public"
REGION = "region_of_answer"
"""The attribute with the region that an answer tells."""


def told(row: Mapping[str, Any], attributes: Collection[str]) -> dict[str, Any]:
    """Return a row, as tables write it, for an answer with only these attributes."""
    known = {"id", PUBLIC, *map(head, attributes)}
    lists = ("identity", "zone", "subnet", "leads")
    written: dict[str, Any] = {"docs": row["docs"]}
    if REGION in attributes:
        written["region"] = [REGION]
    for name in lists:
        if kept := [path for path in row.get(name, ()) if head(path) in known]:
            written[name] = kept
    if joins := [join for join in row.get("joins", ()) if _all(known, join.values())]:
        written["joins"] = joins
    tests = {"publishes": [row.get("publishes", "")], "public": row.get("public", ())}
    written |= {key: row[key] for key in tests if key in row and _all(known, tests[key])}
    gives = [_give(give, known) for give in row.get("gives", ())]
    written["gives"] = [give for give in gives if give is not None]
    return written


def _give(give: Mapping[str, Any], known: Collection[str]) -> dict[str, Any] | None:
    """Return an element without the facts that are not told; None if it is not told itself."""
    name = give.get("name", {})
    paths = [*give.get("when", ()), *([name] if isinstance(name, str) else name.values())]
    paths += [give[key] for key in ("of", "kept_in") if key in give]
    if not _all(known, paths):
        return None
    kept = {key: value for key, value in give.items() if key not in {"facts", "address"}}
    if head(give.get("address", "")) in known:
        kept["address"] = give["address"]
    facts = {fact: _form(form, known) for fact, form in give.get("facts", {}).items()}
    kept["facts"] = {fact: form for fact, form in facts.items() if form is not None}
    return kept


def _form(form: Any, known: Collection[str]) -> Any:
    """Return a form, or of several the ones that are told; None if it is not."""
    if isinstance(form, dict) and "first" in form:
        kept = [one for one in form["first"] if _form(one, known) is not None]
        return {**form, "first": kept} if kept else None
    return form if _all(known, paths_in(form)) else None


def _all(known: Collection[str], paths: Collection[str]) -> bool:
    return all(head(path) in known for path in paths)
