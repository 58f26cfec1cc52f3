"""What the published schemas allow at a place: any value, the smallest one, whole descriptions."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from msgspec import Struct

from pytest_icp.authoring.strategies.trial import (
    NOT_FACTS,
    VERSION,
    Document,
    Tokens,
    dotted,
    with_ids,
)
from pytest_icp.facts.files.properties import follow, lacks, schema_document
from pytest_icp.law.catalogue import INTERNET_ITEMS
from pytest_icp.law.domains import host_of, normal_host
from pytest_icp.law.scope import INTERNET_LINE, render_scope
from pytest_icp.law.times import CST

# ---- Host names (主机名), and names that only resemble them


def spellings(host: str) -> tuple[str, ...]:
    """Return the ways to write a host name, the given one first."""
    bare = host.rstrip(".")
    ways = [host, bare.upper(), bare.title(), f"{bare}.", bare.replace(".", "。")]
    normal = normal_host(host)
    ways += [normal, _in_chinese(normal)]
    return tuple(dict.fromkeys(way for way in ways if _same(way, normal)))


def _same(way: str, normal: str) -> bool:
    return host_of(way) == normal


def _in_chinese(normal: str) -> str:
    labels = [
        label.encode("ascii").decode("idna") if label.startswith("xn--") else label
        for label in normal.split(".")
    ]
    return ".".join(labels)


def mistaken_for(domain: str) -> tuple[str, ...]:
    """Return hosts that are not under a domain but that comparing strings may accept.

    ``evil-etaoche.cn``, ``etaoche.cn.example``, ``etaoche.cn-evil.example``, and the public
    suffix that it is registered under. A printed ``www.`` is the bare domain.
    """
    name = normal_host(domain).removeprefix("www.")
    suffix = name.partition(".")[2]
    beside = (f"evil-{name}", f"evil{name}", f"{name}.example", f"{name}-evil.example")
    return (*beside, suffix) if suffix else beside


# ---- Days and instants


# From before the first licence of most companies to after the last year that is published.
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

NOTABLE_DAYS = (
    *("2020-01-31", "2020-02-29", "2024-02-10", "2024-02-29", "2023-09-21", "2023-08-31"),
    *("2023-10-07", "2021-02-07", "2021-12-31", "2022-12-31", "2024-01-31", "2025-01-26"),
    *("2023-01-20", "2023-01-21", "2023-01-27", "2023-01-28", "2023-09-28", "2023-09-29"),
    *("2023-10-06", "2023-12-29", "2023-11-30", "2024-02-09", "2024-02-17", "2024-02-18"),
)
"""Days that are easily miscounted (易错日期).

Leap days, month ends, the ends of years, both ends of the Spring Festival and of the National
Day holidays, and the Saturdays and Sundays that are worked for them.
"""


# ---- The scope of the business of a licence (业务覆盖范围)


_CONTENT = ("新闻", "出版", "药品和医疗器械", "互联网视听节目", "网络文化")


def scope_texts() -> st.SearchStrategy[str]:
    """Return scopes of Internet information services, as licences print them.

    Each permits at least one of the five items, and may name pre-approved content.
    """
    return st.builds(
        lambda excluded, content: render_scope(
            [code for code in INTERNET_ITEMS if code not in excluded], preapprovals=content
        ),
        st.sets(st.sampled_from(INTERNET_ITEMS), max_size=len(INTERNET_ITEMS) - 1),
        st.just([]) | st.lists(st.sampled_from(_CONTENT), unique=True, max_size=2),
    )


class Shape(Struct, frozen=True, eq=False):
    """A schema, and the name of the schema file that its references start from."""

    schema: Mapping[str, Any]
    file: str

    def alternatives(self) -> tuple[Shape, ...]:
        """Return the schemas without reference or choice that this one leads to."""
        # Schemas are read once and stay; to follow their references again takes long.
        known = _ALTERNATIVES.get(id(self.schema))
        if known is None:
            known = _ALTERNATIVES[id(self.schema)] = tuple(self._follow())
        return known

    def _follow(self) -> Iterator[Shape]:
        if "$ref" in self.schema:
            yield from Shape(*follow(self.schema["$ref"], self.file)).alternatives()
        elif "anyOf" in self.schema:
            for choice in self.schema["anyOf"]:
                yield from Shape(choice, self.file).alternatives()
        else:
            yield self

    @property
    def known(self) -> list[Shape]:
        """The alternatives but null: what is said where something is known."""
        return [one for one in self.alternatives() if one.types != ["null"]]

    @property
    def types(self) -> list[str]:
        """The types that a schema without choice allows; of words, that of a text."""
        types = self.schema.get("type", "string")
        return [types] if isinstance(types, str) else list(types)

    @property
    def is_day(self) -> bool:
        """Whether it is a day without a time."""
        return "format" in self.schema

    @property
    def is_instant(self) -> bool:
        """Whether it is an instant, or may be."""
        return "T(?:" in self.schema.get("pattern", "")

    def below(self, token: str | int) -> Shape:
        """Return the shape of a property, or of an element of a list; raise `LookupError`."""
        for one in self.alternatives():
            inner = (
                one.schema.get("items")
                if isinstance(token, int)
                else one.schema.get("properties", {}).get(token)
            )
            if inner is not None:
                return Shape(inner, one.file)
        raise LookupError(token)


_ALTERNATIVES: dict[int, tuple[Shape, ...]] = {}


@cache
def root(schema: str = "description") -> Shape:
    """Return the shape of a whole document."""
    return Shape(schema_document(schema), schema)


def shape_at(at: Tokens) -> Shape:
    """Return the shape of a place in a description; raise `LookupError` where there is none."""
    shape = root()
    for token in at:
        shape = shape.below(token)
    return shape


def values_at(at: Tokens) -> st.SearchStrategy[Any]:
    """Return a strategy for what the schema allows somewhere in a description."""
    return values(shape_at(at), dotted(at))


_MADE: dict[tuple[int, str], st.SearchStrategy[Any]] = {}


def values(shape: Shape, path: str) -> st.SearchStrategy[Any]:
    """Return values of a shape; ``path`` is their place, so that some make sense there."""
    key = (id(shape.schema), path)
    if key not in _MADE:
        lawful = st.one_of([_of(one, path) for one in shape.alternatives()])
        likely = next((s for end, s in LIKELY.items() if path.endswith(end)), None)
        read = path.startswith(MUST_BE_READ)
        _MADE[key] = lawful if likely is None else likely if read else likely | lawful
    return _MADE[key]


def _of(shape: Shape, path: str) -> st.SearchStrategy[Any]:
    schema = shape.schema
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return st.one_of([_of_type(kind, shape, path) for kind in shape.types])


def _of_type(kind: str, shape: Shape, path: str) -> st.SearchStrategy[Any]:
    schema = shape.schema
    least, most = schema.get("minimum"), schema.get("maximum")
    match kind:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            near = (least or 0) + 400 if most is None else most
            return st.integers(least, near) | st.integers(least, most)
        case "number":
            return st.floats(least, most, allow_nan=False, allow_infinity=False)
        case "string":
            return _strings(shape)
        case "array":
            return st.lists(values(Shape(schema["items"], shape.file), f"{path}[]"), max_size=3)
    return _objects(shape, path)


def _objects(shape: Shape, path: str) -> st.SearchStrategy[Any]:
    """Return objects with all required members, and some optional ones."""
    schema = shape.schema
    names = list(schema["properties"])
    required = schema.get("required", ())
    at = tuple(path.replace("[]", "").strip(".").split("."))

    def member(name: str) -> st.SearchStrategy[Any]:
        return values(Shape(schema["properties"][name], shape.file), f"{path}.{name}")

    # Drawn one by one: as one strategy, the whole schema would stand in its repr.
    @st.composite
    def objects(draw: st.DrawFn) -> dict[str, Any]:
        if schema.get("maxProperties") == 1:
            chosen = [draw(st.sampled_from(names))]
        else:
            chosen = [name for name in names if name in required or draw(st.booleans())]
        # Of those that exclude each other, the first.
        apart = schema.get("not", {}).get("required", ())
        if apart and {*apart} <= {*chosen}:
            chosen = [name for name in chosen if name not in apart[1:]]
        made = {name: draw(member(name)) for name in chosen}
        for name in [*lacks(made, "description", at)]:
            made[name] = draw(member(name))
        return made

    return objects()


WORDS = st.sampled_from(["京", "淘车二手车", "示例科技有限公司", "etaoche.cn", "office", " ", "-"])
TEXTS = WORDS | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def _strings(shape: Shape) -> st.SearchStrategy[str]:
    if "x-icp-file" in shape.schema:
        return st.sampled_from(FILES) | TEXTS
    if shape.is_day:
        return ANY_DAYS.map(str)
    if shape.is_instant:
        return ANY_DAYS.map(str) | INSTANTS
    pattern = shape.schema.get("pattern")
    if pattern is None:
        return TEXTS
    return st.from_regex(pattern, fullmatch=True).filter(lambda text: not text.endswith("\n"))


FILES = ["evidence/licence-scan.txt", "scan.txt", "pages/index.html", "nowhere.txt"]
HOSTS = ["etaoche.cn", "www.etaoche.cn", "etaoche.com", "示例.cn", "cn", "a.b.etaoche.cn:8080"]
MUST_BE_READ = ("licence.number", "licence.service_lines[].", "licence.attachments[].domains[]")
"""What the reader refuses when it makes no sense; there only what is likely is drawn."""


def _sometimes(words: list[str]) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(words)


LIKELY: Mapping[str, st.SearchStrategy[Any]] = {
    "licence.number": _sometimes(["京B2-20190486", "合字B1.B2-20180025"]),
    "service_lines[].name": st.none() | st.just(INTERNET_LINE),
    "service_lines[].scope": st.none() | scope_texts(),
    "service_lines[].areas[]": _sometimes(["全国", "北京", "上海市"]),
    "areas_served[]": _sometimes(["全国", "北京市", "上海", "深圳"]),
    ".domains[]": _sometimes(HOSTS),
    "site_ids[]": _sometimes(["main", "site", "x"]),
    "attestations[].rule": _sometimes(["EVID/papers#scan", "SP01/work-safety", "SP99/x"]),
    ".country": _sometimes(["CN", "HK", "US"]),
    ".province": _sometimes(["北京市", "北京", "上海市", "广东省"]),
    ".city": _sometimes(["北京市", "上海市", "深圳市"]),
    ".district": _sometimes(["朝阳区", "海淀区"]),
    ".cloud_region.id": _sometimes(["cn-beijing", "cn-hangzhou", "us-east-1", "moon-1"]),
    ".cloud_region.provider": _sometimes(["aliyun", "aws"]),
    ".id": st.sampled_from(["main", "site", "a", "b"]) | TEXTS,
}


def words_of(shape: Shape) -> list[Any]:
    """Return the words that a schema allows, without null."""
    found: list[Any] = []
    for one in shape.alternatives():
        found += one.schema.get("enum", ())
        found += [one.schema["const"]] if "const" in one.schema else []
        found += [False, True] if "boolean" in one.types else []
    return [word for word in found if word is not None]


def examples_of(shape: Shape) -> list[str]:
    """Return the examples of texts that must have a form, such as a URL or the word ``none``."""
    texts = (one.schema for one in shape.known if "pattern" in one.schema and not one.is_instant)
    examples = (example for schema in texts for example in schema.get("examples", ()))
    return [one for one in examples if isinstance(one, str)]


# ---- The smallest value, with required parts only; where facts stand


def smallest(shape: Shape) -> Any:
    """Return the smallest value of a shape that is not null."""
    least = shape.known[0]
    schema = least.schema
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return next(word for word in schema["enum"] if word is not None)
    match next(one for one in least.types if one != "null"):
        case "object":
            return _least_object(least)
        case "array":
            return []
        case "boolean":
            return False
        case "integer" | "number":
            return schema.get("minimum", 0)
    if least.is_day or least.is_instant:
        return "2020-01-02"
    return next(iter(examples_of(least)), "信息")


def _least_object(shape: Shape) -> Document:
    schema = shape.schema
    # A length of time is written in one unit.
    one_of = list(schema["properties"])[: schema.get("minProperties", 0)]
    required = schema.get("required", one_of)
    return {name: smallest(shape.below(name)) for name in required if name != "apiVersion"}


def _of_object(shape: Shape, name: str | int) -> Shape:
    """Return the alternative of a shape that is an object with a property; others are words."""
    return next(one for one in shape.alternatives() if name in one.schema.get("properties", ()))


def place(document: Document, at: Tokens, value: Any) -> Document:
    """Return a document with a value at a place, adding the objects around it.

    What is needed beside the value, and is not there, is null.
    Parts that are not on the way are shared with the given document.
    Raises `LookupError` where no description has such a place.
    """
    result = copy.copy(document)
    parent: Any = result
    shape = root()
    for token, then in pairwise(at):
        shape = shape.below(token)
        inside = _member(parent, token)
        if isinstance(inside, (dict, list)):
            inside = copy.copy(inside)
        else:
            inside = [] if isinstance(then, int) else _least_object(_of_object(shape, then))
        _set(parent, token, inside)
        parent = inside
    shape.below(at[-1])
    _set(parent, at[-1], value)
    if isinstance(parent, dict):
        names = tuple(name for name in at[:-1] if isinstance(name, str))
        parent.update(dict.fromkeys(lacks(parent, "description", names)))
    return result


def _set(parent: Any, token: str | int, value: Any) -> None:
    if isinstance(parent, list) and isinstance(token, int) and token >= len(parent):
        parent.append(value)
    else:
        parent[token] = value


def expand(document: Document, path: str) -> list[Tokens]:
    """Return the places, present or possible, of a fact at a path of a policy.

    For a list that is empty or not declared it is the first element.
    """
    found: list[tuple[Tokens, Any]] = [((), document)]
    for name, in_element in _way(path):
        below: list[tuple[Tokens, Any]] = []
        for at, value in found:
            if not in_element:
                below.append(((*at, name), _member(value, name)))
                continue
            elements = value if isinstance(value, list) and value else [None]
            for i, element in enumerate(elements):
                below.append(((*at, i, name), _member(element, name)))
        found = below
    return [at for at, _ in found if at]


@cache
def _way(path: str) -> tuple[tuple[str, bool], ...]:
    """Return the names of a path, each with whether it stands in an element of a list.

    There are none where no description has such a place.
    """
    shape, way = root(), []
    for name in path.split("."):
        in_element = is_list(shape)
        try:
            shape = (shape.below(0) if in_element else shape).below(name)
        except LookupError:
            return ()
        way.append((name, in_element))
    return tuple(way)


def is_list(shape: Shape) -> bool:
    """Whether a shape may be a list."""
    return any("items" in one.schema for one in shape.alternatives())


def _member(value: Any, token: str | int) -> Any:
    if isinstance(value, list) and isinstance(token, int):
        return value[token] if token < len(value) else None
    return value.get(token) if isinstance(value, dict) else None


# ---- Whole descriptions (基础设施描述)


def top_level() -> tuple[str, ...]:
    """Return the names of the top-level facts (事实) of a description."""
    names = {name for one in root().alternatives() for name in one.schema["properties"]}
    return tuple(sorted(names - NOT_FACTS))


def descriptions(*, facts: Collection[str] | None = None) -> st.SearchStrategy[Document]:
    """Return whole descriptions that are valid under the published schema.

    ``facts`` are the top-level names that may occur, all of them by default. Optional facts
    are sometimes left out; the licence is inline. Ids are unique, but a reference to another
    element may lead nowhere, which the reader refuses.

    Examples shrink to a description that declares nothing.

    Raises `InvalidArgument` for a name that no description has.
    """
    known = top_level()
    chosen = known if facts is None else tuple(facts)
    for name in chosen:
        if name not in known:
            raise InvalidArgument(f"descriptions(facts={facts!r}): there is no fact {name!r}")
    members = {name: values_at((name,)) for name in chosen}
    version = {name: st.just(value) for name, value in VERSION.items()}
    return st.fixed_dictionaries(version, optional=members).map(with_ids)
