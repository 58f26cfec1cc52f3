"""What is written is read: a key of a shipped file that no code reads is noticed here.

Each key of the policies, citations, numbers, contradictions and cases gets other values, of those
that its schema allows. One of them has to change what is made of the file, or be refused. So does
a key that nobody knows, beside each of them.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from pytest_icp.authoring.cases import Case, CaseFile, Equivalent, read_cases, read_equivalents
from pytest_icp.facts.files.properties import resource, schema_document
from pytest_icp.facts.files.schema import validator
from pytest_icp.facts.files.source import read_source
from pytest_icp.kinds import kinds
from pytest_icp.kinds.policies import written_policies
from pytest_icp.law.condition import ConditionError, parse_condition
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import plain
from pytest_icp.rules import numbers
from pytest_icp.rules.contradictions import Contradictions
from pytest_icp.rules.fields import Written, fields_of
from pytest_icp.rules.policies import PolicyBuilder, WrittenPolicy
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.policy_files import PolicyFile, with_whole_parts
from pytest_icp.rules.practice import Breach
from pytest_icp.rules.specs import read_spec
from pytest_icp.rules.statutes import Law, gather
from tests.helpers import CASES, ROOT

Steps = tuple[str | int, ...]
Read = Callable[[Any], object]

NOWHERE = Place(path="")
DROPPED: Any = object()
UNKNOWN = "nobody_reads_this"
ALIKE = 6
"""How many values that other files have at the same key are tried."""


def keys(value: object, at: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Yield every key of a document with its value."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield (*at, name), member
            yield from keys(member, (*at, name))
    elif isinstance(value, list):
        for i, element in enumerate(value):
            yield from keys(element, (*at, i))


def shape(at: Steps) -> Steps:
    """Return where a key is, whatever the element of a list."""
    return tuple("*" if isinstance(step, int) else step for step in at)


def put(document: Any, at: Steps, value: object) -> Any:
    """Return a document with another value at a key, or without it."""
    if not at:
        return value
    step, *rest = at
    if isinstance(document, list):
        i = int(step)
        return [*document[:i], put(document[i], tuple(rest), value), *document[i + 1 :]]
    if not rest and value is DROPPED:
        return {name: member for name, member in document.items() if name != step}
    return {**document, step: put(document.get(step), tuple(rest), value)}


def others(value: object) -> Iterator[object]:
    """Yield values that are a little different."""
    match value:
        case bool():
            yield not value
        case int() | float():
            yield value + 1
            yield value - 1
        case str():
            yield f"{value}x"
        case list():
            yield from (value[:-1], [*value, *value[:1]], value[::-1])
        case dict():
            yield from ({n: m for n, m in value.items() if n != name} for name in value)


class Files(Struct, frozen=True):
    """Files of one schema: small documents of theirs, what is made of one, which keys are tried."""

    schema: str
    documents: Sequence[Any]
    read: Read
    tries: Callable[[Steps], bool] = bool

    def unread(self) -> set[Steps]:
        """Return the keys by which nothing changes, whatever they say."""
        pool = defaultdict[Steps, dict[str, object]](dict)
        for document in self.documents:
            for at, value in keys(document):
                pool[shape(at)].setdefault(json.dumps(value, ensure_ascii=False), value)
        valid = validator(self.schema).is_valid
        found, tried = set(), set()
        for document in self.documents:
            now = self.read(document)
            for at, value in keys(document):
                if not self.tries(at):
                    continue
                # The same words at the same key are read by the same code.
                same = (shape(at), json.dumps(value, ensure_ascii=False))
                if same in tried:
                    continue
                tried.add(same)
                alike = [*pool[shape(at)].values()][:ALIKE]
                if self._ignored(document, at, [*others(value), *alike, DROPPED], now, valid):
                    found.add(shape(at))
                unknown = (*at, UNKNOWN)
                if isinstance(value, dict) and self._ignored(document, unknown, [1], now, valid):
                    found.add(shape(unknown))
        return found

    def _ignored(
        self,
        document: object,
        at: Steps,
        values: Sequence[object],
        now: object,
        valid: Callable[[object], bool],
    ) -> bool:
        accepted = False
        for value in values:
            changed = put(document, at, value)
            if changed == document or not valid(changed):
                continue
            try:
                if self.read(changed) != now:
                    return False
            except (ConditionError, InputError):
                continue
            accepted = True
        return accepted


# ---- Policies

NOTHING = Written({"basis": "own"})
NO_FILE = PolicyFile(Path(), None, Path(), "statutes")
"""A file whose places nobody asks for."""


@cache
def policies() -> tuple[WrittenPolicy, ...]:
    return written_policies([resource("policies")])


def without_its_text(obligation: Obligation) -> Obligation:
    """Return an obligation without its own text, which has every key whoever reads it."""
    versions = tuple((day, without_its_text(one)) for day, one in obligation.versions)
    cases = tuple(map(without_its_text, obligation.cases))
    return replace(obligation, written=NOTHING, versions=versions, cases=cases)


def check_parts_of(document: Any) -> None:
    """Refuse a part that is not valid with all that it inherits, as loading does."""
    whole = with_whole_parts(document)
    if whole["obligations"] and not validator("policy").is_valid(whole):
        raise InputError(plain("a part that is not valid"))


def in_an_obligation(at: Steps) -> bool:
    return at[0] == "obligations" and len(at) > 2


def beside_obligations(at: Steps) -> bool:
    return at[0] != "obligations"


def of_policy(written: WrittenPolicy) -> Files:
    """Return a policy as small ones, each with one obligation."""
    builder = PolicyBuilder(written.file, written.law, written.kinds)

    def read(document: Any) -> object:
        check_parts_of(document)
        (entry,) = document["obligations"]
        return without_its_text(builder.obligation(document["id"], entry, 0))

    entries: Any = written.data["obligations"]
    documents = [{**written.data, "obligations": [entry]} for entry in entries]
    return Files("policy", documents, read, in_an_obligation)


def of_kind(files: Files) -> Iterator[tuple[str, Files]]:
    """Yield the obligations of each kind apart: each reads its own keys."""
    for kind in sorted({one["obligations"][0]["kind"] for one in files.documents}):
        mine = [one for one in files.documents if one["obligations"][0]["kind"] == kind]
        yield kind, Files(files.schema, mine, files.read, files.tries)


@pytest.mark.parametrize("written", policies(), ids=lambda one: one.policy.id)
def test_every_key_of_an_obligation_is_read(written: WrittenPolicy) -> None:
    unread = {
        (kind, *at[2:]) for kind, files in of_kind(of_policy(written)) for at in files.unread()
    }
    assert not unread


def test_every_key_of_a_policy_is_read() -> None:
    unread: set[Steps] = set()
    for written in policies():

        def read(document: Any, written: WrittenPolicy = written) -> object:
            check_parts_of(document)
            changed = written.changed(document)
            return replace(changed, obligations=(), digests={})

        first: Any = written.data["obligations"]
        only = {**written.data, "obligations": first[:1]}
        unread |= Files("policy", [only], read, beside_obligations).unread()
    assert not unread


def test_the_schema_of_a_kind_has_the_fields_that_its_spec_reads() -> None:
    """What no shipped policy writes is read too."""
    for name, kind in kinds().items():
        described = {*fields_of(name)["properties"]}
        assert described == {*kind.spec.__struct_encode_fields__}, name


# ---- Statutes, numbers, contradictions


def listed(name: str, key: str) -> list[Any]:
    """Return a shipped file as small documents, each with one element of its list."""
    document: Any = read_source(resource("policies") / f"{name}.yaml").data
    return [{**document, key: [entry]} for entry in document[key]]


def read_law(document: Any) -> object:
    return gather([(NO_FILE, document)])


def read_contradictions(document: Any) -> object:
    return read_spec(Contradictions, document, lambda written, _: parse_condition(written), ())


def test_every_key_of_a_number_is_read() -> None:
    files = Files("parameters", listed("parameters", "parameters"), read_law)
    values = unused(files, "Value", ("parameters", 0, "values", 0))
    assert not files.unread() | values | unused(files, "Parameter", ("parameters", 0))


def test_every_key_of_a_statute_is_read() -> None:
    files = Files("statutes", listed("statutes", "citations"), read_law)
    versions = unused(files, "Version", ("citations", 0, "versions", 0))
    assert not files.unread() | versions | unused(files, "Citation", ("citations", 0))


def test_every_key_of_a_contradiction_is_read() -> None:
    for key in ("contradictions", "sums"):
        files = Files("contradictions", listed("contradictions", key), read_contradictions)
        assert not files.unread(), key


def read_practice(document: Any) -> object:
    return msgspec.convert(document["breaches"], tuple[Breach, ...])


def test_every_key_of_a_breach_is_read() -> None:
    assert not Files("practice", listed("practice", "breaches"), read_practice).unread()


def unused(files: Files, name: str, at: Steps) -> set[Steps]:
    """Return what a definition allows, no shipped file has there, and no code reads."""
    document = files.documents[0]
    here = document
    for step in at:
        here = here[step]
    known = {key for one in files.documents for key, _ in keys(one)}
    properties = schema_document(files.schema)["$defs"][name]["properties"]
    missing = {key for key in properties if shape((*at, key)) not in map(shape, known)}

    def ignored(key: str) -> bool:
        try:
            return files.read(put(document, (*at, key), properties[key]["examples"][0])) == now
        except InputError:
            return False

    now = files.read(document)
    return {shape((*at, key)) for key in missing if ignored(key)}


# ---- Cases

KEPT_APART = {"facts", "base", "files", "parts"}
"""Keys whose values are a description's, or a file's: read whole. Fragments are looked at below."""


def case_documents() -> Iterator[dict[str, Any]]:
    """Yield a shipped case for each set of keys that there is, without its facts."""
    seen = set()
    for path in sorted(CASES.glob("*.yaml")):
        document: Any = read_source(path, merge=True).data
        for group in (one for one in document.get("cases", ()) if "cases" in one):
            for case in group["cases"]:
                own = {name: value for name, value in case.items() if name not in KEPT_APART}
                shared = {k: value for k, value in document.items() if k not in KEPT_APART}
                if (these := (frozenset(own), frozenset(shared))) in seen:
                    continue
                seen.add(these)
                # One of its own for each, so that it is not replaced.
                whole = {**own, "facts": {"sites": []}, "files": {"a.txt": "a"}}
                other = {"name": "on the day of the group", "verdict": "unknown"}
                yield {
                    **shared,
                    "base": {"company": {"name": "甲"}},
                    "cases": [{**group, "cases": [whole, other]}],
                }


def read_case(folder: Path) -> Read:
    path = folder / "cases.yaml"

    def read(document: Any) -> object:
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        (file,) = read_cases(folder)
        always = [(one.rule, one.reason) for one in file.always]
        return file.provision, always, [nowhere(case) for case in file.cases]

    return read


def nowhere(case: Case) -> Case:
    return replace(case, place=NOWHERE, rule_at=None)


def test_every_key_of_a_case_is_read(tmp_path: Path) -> None:
    files = Files("cases", [*case_documents()], read_case(tmp_path))
    assert not files.unread() | unused(files, "Case", ("cases", 0, "cases", 0))


def test_every_key_of_a_reason_is_read(tmp_path: Path) -> None:
    document: Any = read_source(CASES / "equivalent.yaml").data

    def read(changed: Any) -> object:
        (tmp_path / "equivalent.yaml").write_text(json.dumps(changed), "utf-8")
        return [replace(one, place=NOWHERE) for one in read_equivalents(tmp_path)]

    first: Mapping[str, Any] = {**document, "equivalent": document["equivalent"][:3]}
    assert not Files("equivalent", [first], read).unread()


# ---- What is made of them


OPAQUE = {Written, numbers.Case}
"""Types with a member of JSON, whose type is not known when it runs."""


def typed(hint: Any, known: set[type[Struct]]) -> set[type[Struct]]:
    """Return the types of values in a type of value."""
    ours = isinstance(hint, type) and hint.__module__.startswith("pytest_icp.")
    of_law = ours and hint.__module__.startswith("pytest_icp.law.")
    if ours and not of_law and issubclass(hint, Struct) and hint not in known | OPAQUE:
        known.add(hint)
        for one in fields(hint):
            typed(one.type, known)
    for one in get_args(hint):
        typed(one, known)
    return known


def test_every_member_of_what_is_made_is_looked_at() -> None:
    places = [*(ROOT / "pytest_icp").rglob("*.py"), *(ROOT / "docs").rglob("*.py")]
    places.append(ROOT / "tests" / "test_case_conventions.py")
    looked_at: set[str] = set()
    for node in (one for path in places for one in ast.walk(ast.parse(path.read_text("utf-8")))):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Load()):
                looked_at.add(name)
            case ast.MatchClass(kwd_attrs=names):
                looked_at.update(names)
    whole = (Policy, Law, Contradictions, CaseFile, Equivalent)
    known: set[type[Struct]] = set()
    for one in (*whole, *(kind.spec for kind in kinds().values())):
        typed(one, known)
    # The unit of an amount is the name of its member.
    units = {*numbers.Amount.__struct_fields__}
    unread = {
        f"{one.__name__}.{name}"
        for one in known
        for name in {*one.__struct_fields__} - units
        if name not in looked_at
    }
    assert not unread
