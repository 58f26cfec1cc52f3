"""Descriptions for laws: drawn from the schema, or a known situation with some facts changed.

A situation is the example with the facts of one case of ``tests/cases`` laid over it: every
obligation has something to decide, and the one of the case stands at an edge of the law.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from pytest_icp.core.catalogue import INTERNET_ITEMS
from pytest_icp.core.policy import Obligation, Policy
from pytest_icp.core.reads import facts_gating, facts_read
from pytest_icp.core.scope import INTERNET_LINE, render_scope
from pytest_icp.core.times import CST
from pytest_icp.loading.description import load
from pytest_icp.loading.policies import default_policies
from pytest_icp.loading.schema import validator
from tests.helpers import ROOT, Case, all_cases

Tokens = tuple[str | int, ...]
Document = dict[str, Any]

EXAMPLE = ROOT / "examples" / "etaoche"
SCHEMAS = ROOT / "schemas"
FOREVER = 400_000
"""A look-back, in days, that reaches before every date of these tests."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A description, the day it is judged as of, and the files beside it (name, content)."""

    document: Document
    as_of: str
    files: tuple[tuple[str, bytes], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        """Show what differs from the example; the whole is too long to be read."""
        here, there = self.document, example()
        names = [name for name in {**here, **there} if here.get(name) != there.get(name)]
        facts = {name: here.get(name) for name in names}
        printer.text(f"Situation({self.as_of}, {facts}, {self.settings})")

    def having(self, document: Document) -> Situation:
        """Return the same situation with other facts."""
        return replace(self, document=document)


@cache
def obligations() -> dict[str, tuple[Policy, Obligation]]:
    """Every shipped obligation by its rule id, with its policy."""
    return {o.rule_id: (policy, o) for policy in default_policies() for o in policy.obligations}


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


def is_valid(document: Document) -> bool:
    """Whether a document answers to the published schema."""
    return bool(validator("description").is_valid(document))


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
            yield from _places(document[name], (name,))


def _places(value: Any, at: Tokens) -> Iterator[Tokens]:
    yield at
    if isinstance(value, dict):
        for name, member in value.items():
            if name != "id":
                yield from _places(member, (*at, name))
    elif isinstance(value, list):
        for i, element in enumerate(value):
            yield from _places(element, (*at, i))


def value_at(document: Any, at: Tokens) -> Any:
    """Follow tokens into a document."""
    for token in at:
        document = document[token]
    return document


def put(document: Document, at: Tokens, value: Any) -> Document:
    """Return a copy of a document with another value somewhere."""
    result = copy.deepcopy(document)
    value_at(result, at[:-1])[at[-1]] = value
    return result


def without(document: Document, at: Tokens) -> Document:
    """Return a copy of a document that leaves something out."""
    result = copy.deepcopy(document)
    del value_at(result, at[:-1])[at[-1]]
    return result


def dotted(at: Tokens) -> str:
    """Write tokens as a path: every element of a list is ``[]``."""
    return "".join("[]" if isinstance(token, int) else f".{token}" for token in at).lstrip(".")


def with_ids(document: Document) -> Document:
    """Give elements whose id is taken another one: the reader refuses an id that is used twice."""
    for elements in [*document.values(), (document.get("licence") or {}).get("attachments")]:
        taken: set[str] = set()
        known = elements if isinstance(elements, list) else ()
        # Some lists are of words, such as the sanctions.
        for element in (one for one in known if isinstance(one, dict)):
            while element["id"] in taken:
                element["id"] += "x"
            taken.add(element["id"])
    return document


# ---- Values that a schema allows


@dataclass(frozen=True)
class Shape:
    """A schema and the file it stands in."""

    schema: Mapping[str, Any]
    file: str

    def alternatives(self) -> Iterator[Shape]:
        """Yield the schemas without reference or choice that this one leads to."""
        if "$ref" in self.schema:
            name, _, fragment = self.schema["$ref"].partition("#")
            file = name or self.file
            found = schema_file(file)
            for token in filter(None, fragment.split("/")):
                found = found[token]
            yield from Shape(found, file).alternatives()
        elif "anyOf" in self.schema:
            for choice in self.schema["anyOf"]:
                yield from Shape(choice, self.file).alternatives()
        else:
            yield self

    def below(self, token: str | int) -> Shape:
        """Return the shape of a property, or of an element of a list."""
        for one in self.alternatives():
            inner = (
                one.schema.get("items")
                if isinstance(token, int)
                else one.schema.get("properties", {}).get(token)
            )
            if inner is not None:
                return Shape(inner, one.file)
        raise LookupError(token)


@cache
def schema_file(name: str) -> Mapping[str, Any]:
    """Read a published schema."""
    return dict(json.loads((SCHEMAS / name).read_text("utf-8")))


def root() -> Shape:
    """The shape of a whole description."""
    return Shape(schema_file("description.schema.json"), "description.schema.json")


def values_at(at: Tokens) -> st.SearchStrategy[Any]:
    """Values that the schema allows somewhere in a description."""
    shape = root()
    for token in at:
        shape = shape.below(token)
    return values(shape, dotted(at))


_MADE: dict[tuple[int, str], st.SearchStrategy[Any]] = {}


def values(shape: Shape, path: str) -> st.SearchStrategy[Any]:
    """Values of a shape; ``path`` tells what they are about, so that some make sense."""
    key = (id(shape.schema), path)
    if key not in _MADE:
        lawful = st.one_of([_of(one, path) for one in shape.alternatives()])
        likely = next((s for end, s in LIKELY.items() if path.endswith(end)), lawful)
        _MADE[key] = likely if path.startswith(MUST_BE_READ) else likely | lawful
    return _MADE[key]


def _of(shape: Shape, path: str) -> st.SearchStrategy[Any]:
    schema = shape.schema
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    types = schema["type"]
    return st.one_of(
        [_of_type(kind, shape, path) for kind in ([types] if isinstance(types, str) else types)]
    )


def _of_type(kind: str, shape: Shape, path: str) -> st.SearchStrategy[Any]:
    schema = shape.schema
    match kind:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            least, most = schema["minimum"], schema.get("maximum")
            return st.integers(least, least + 400 if most is None else most) | st.integers(
                least, most
            )
        case "number":
            return st.floats(
                schema.get("minimum"), schema.get("maximum"), allow_nan=False, allow_infinity=False
            )
        case "string":
            return _strings(schema)
        case "array":
            return st.lists(values(Shape(schema["items"], shape.file), f"{path}[]"), max_size=3)
        case "object":
            return _objects(shape, path)
    raise LookupError(kind)


def _objects(shape: Shape, path: str) -> st.SearchStrategy[Any]:
    """Objects with what they must have, and some of what they may."""
    schema = shape.schema
    names = list(schema["properties"])
    required = schema.get("required", ())

    # Drawn one by one: as one strategy, the whole schema would stand in its repr.
    @st.composite
    def objects(draw: st.DrawFn) -> dict[str, Any]:
        if schema.get("maxProperties") == 1:
            chosen = [draw(st.sampled_from(names))]
        else:
            chosen = [name for name in names if name in required or draw(st.booleans())]
        members = {name: Shape(schema["properties"][name], shape.file) for name in chosen}
        return {name: draw(values(one, f"{path}.{name}")) for name, one in members.items()}

    return objects()


# From before the first licence of these tests to after the last year that is published.
DAYS = st.dates(date(2018, 1, 1), date(2028, 12, 31))
ANY_DAYS = DAYS | st.dates(date(1000, 1, 2), date(2999, 12, 30))
ZONES = st.sampled_from([UTC, CST, timezone(timedelta(hours=-5)), timezone(timedelta(hours=14))])
INSTANTS = st.builds(
    lambda day, second, zone: (
        datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=second)
    ),
    DAYS,
    st.integers(0, 86_399),
    ZONES,
).map(lambda instant: instant.isoformat())
AS_OF = DAYS.map(str) | INSTANTS
WORDS = st.sampled_from(["京", "淘车二手车", "示例科技有限公司", "etaoche.cn", "office", " ", "-"])
TEXTS = WORDS | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def _strings(schema: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if "x-icp-file" in schema:
        return st.sampled_from(FILES) | TEXTS
    if "format" in schema:
        return ANY_DAYS.map(str)
    pattern = schema.get("pattern")
    if pattern is None:
        return TEXTS
    if "T(?:" in pattern:
        return ANY_DAYS.map(str) | INSTANTS
    return st.from_regex(pattern, fullmatch=True).filter(lambda text: not text.endswith("\n"))


HOSTS = ["etaoche.cn", "www.etaoche.cn", "etaoche.com", "示例.cn", "cn", "a.b.etaoche.cn:8080"]
FILES = ["evidence/licence-scan.txt", "scan.txt", "pages/index.html", "nowhere.txt"]
LINES = [INTERNET_LINE, "信息服务业务", "互联网数据中心业务", "在线数据处理与交易处理业务"]
MUST_BE_READ = ("licence.number", "licence.service_lines[].", "licence.attachments[].domains[]")
"""What the reader refuses when it makes no sense; there only what is likely is drawn."""


def _sometimes(words: list[str]) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(words)


SCOPES = st.sets(st.sampled_from(INTERNET_ITEMS), min_size=1).map(render_scope)
LIKELY: Mapping[str, st.SearchStrategy[Any]] = {
    "licence.number": _sometimes(["京B2-20190486", "合字B1.B2-20180025"]),
    "service_lines[].name": st.none() | st.just(INTERNET_LINE),
    "service_lines[].scope": st.none() | SCOPES,
    "service_lines[].areas[]": _sometimes(["全国", "北京", "上海市"]),
    "areas_served[]": _sometimes(["全国", "北京市", "上海", "深圳"]),
    ".domains[]": _sometimes(HOSTS),
    "site_ids[]": _sometimes(["main", "site", "x"]),
    "attestations[].rule": _sometimes(["LIC/scan", "SP09/monitoring-system", "SP99/x"]),
    ".country": _sometimes(["CN", "HK", "US"]),
    ".province": _sometimes(["北京市", "北京", "上海市", "广东省"]),
    ".city": _sometimes(["北京市", "上海市", "深圳市"]),
    ".district": _sometimes(["朝阳区", "海淀区"]),
    ".cloud_region.id": _sometimes(["cn-beijing", "cn-hangzhou", "us-east-1", "moon-1"]),
    ".cloud_region.provider": _sometimes(["aliyun", "aws"]),
    ".id": st.sampled_from(["main", "site", "a", "b"]) | TEXTS,
}


def descriptions() -> st.SearchStrategy[Document]:
    """Whole descriptions out of nothing but the schema, of what the shipped obligations read."""
    members = {name: values_at((name,)) for name in collections()}
    version = {"apiVersion": st.just("pytest-icp/v1")}
    return st.fixed_dictionaries(version, optional=members).map(with_ids)
