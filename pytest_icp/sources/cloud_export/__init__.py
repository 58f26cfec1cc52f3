"""Source kind ``cloud-export``: the JSON output of cloud command-line tools (输出).

Which call an answer is of is known by its form; its items are Terraform resources. The tables in
``calls`` say where the values of an item are in an answer, and how Terraform writes them. An answer
has some of the attributes of a resource. Elements that depend on others are left out of the row of
its type, and facts without a value are not written: a source is silent about what it does not
contain.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias, cast

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Gap, Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.json import JsonPositions
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, list_of, object_of
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, Value, read_documents
from pytest_icp.sources.gathering import listed
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.deriving import EVERY_LIST, derived
from pytest_icp.sources.terraform.resource import Links, Origin, Provider, Resource, Row, head
from pytest_icp.sources.terraform.tables import (
    TAGS,
    compiled,
    provider,
    read_table,
    table,
    word,
)

CALLS = Path(__file__).parent / "calls"
PUBLIC = "public"
REGION = "region_of_answer"
"""The attribute with the region that an answer tells."""

Keys: TypeAlias = tuple[str, ...]
Values: TypeAlias = "list[Value]"
Allowed: TypeAlias = tuple[tuple[Keys, frozenset[str]], ...]
"""The values, as words, that each path may have."""

_ANY = "*"
_NUMBERS = (int, float)


# ---- Where the values of an item are


class Form(Struct, frozen=True, kw_only=True):
    """Where the values of an attribute are, and how Terraform writes them if it does otherwise.

    They are at paths, below what has the values that are allowed, or in a setting. ``is_set`` asks
    whether there are any, ``match`` takes a part of a text, ``values`` are other words for them,
    and ``absent`` stands where there is none.
    """

    paths: tuple[Keys, ...]
    where: Allowed
    setting: str
    is_set: bool
    match: re.Pattern[str] | None
    values: Mapping[str, Json]
    absent: Json

    def of(self, item: Json, settings: Mapping[str, Json]) -> list[Json]:
        """Return the values of an item; none if it has none."""
        if self.setting:
            found = [settings[self.setting]] if settings.get(self.setting) else []
        else:
            found = [
                value
                for path in self.paths
                for holder in values_at(item, path[:-1])
                if all(is_one_of(holder, *allowed) for allowed in self.where)
                for value in values_at(holder, path[-1:])
            ]
        if self.is_set:
            found = [bool(found)]
        if self.match is not None:
            parts = [self.match.fullmatch(text) for text in found if isinstance(text, str)]
            found = [part[1] for part in parts if part]
        if self.values:
            found = [self.values.get(word(value), value) for value in found]
        return [self.absent] if not found and self.absent is not None else found


def form(written: Any) -> Form:
    """Compile a form: a path, or a mapping."""
    if isinstance(written, str):
        written = {"of": written}
    of = written.get("of", written.get("set", ()))
    return Form(
        paths=tuple(map(path_of, [of] if isinstance(of, str) else of)),
        where=allowed_of(written.get("where", {})),
        setting=written.get("setting", ""),
        is_set="set" in written,
        match=re.compile(written["match"]) if "match" in written else None,
        values={name.casefold(): value for name, value in written.get("values", {}).items()},
        absent=written.get("absent"),
    )


def path_of(written: str) -> Keys:
    """Split a path of keys; the empty one is the whole answer."""
    return tuple(written.split(".")) if written else ()


def allowed_of(written: Mapping[str, Any]) -> Allowed:
    """Compile the values that paths may have."""
    return tuple((path_of(path), frozenset(map(word, values))) for path, values in written.items())


def is_one_of(item: Json, path: Keys, allowed: frozenset[str]) -> bool:
    """Whether a value at a path is one of those that are allowed."""
    return any(word(value) in allowed for value in values_at(item, path))


def values_at(value: Any, path: Keys) -> list[Json]:
    """Return the values at a path, through lists; nothing for what is empty."""
    for depth, key in enumerate(path):
        if value.__class__ is not dict or key == _ANY:
            return _below(value, path[depth:])
        value = value.get(key)
    if value:
        return _below(value, ()) if value.__class__ is list else [value]
    return [value] if isinstance(value, _NUMBERS) else []


def _below(value: Any, path: Keys) -> list[Json]:
    if isinstance(value, list):
        return [found for element in value for found in values_at(element, path)]
    if isinstance(value, dict):
        return [found for part in value.values() for found in values_at(part, path[1:])]
    return []


def elements(value: Value, path: Keys) -> Values | None:
    """Return the elements of the list at a path; None if there is none.

    If the path leads through lists, each of their elements has one.
    """
    if path and isinstance(value.data, dict):
        return elements(value.get(path[0]), path[1:])
    if not isinstance(value.data, list):
        return None
    found = [one for _, one in value.members()]
    if not path:
        return found
    inner = [elements(one, path) for one in found]
    return None if None in inner else [*chain.from_iterable(filter(None, inner))]


# ---- What an answer tells, by the rows of types and the calls of tools


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
    written["gives"] = [give for give in row.get("gives", ()) if _is_told(give, known)]
    return written


def _is_told(give: Mapping[str, Any], known: Collection[str]) -> bool:
    """Whether it is known that there is an element; a fact that is not told is left out later."""
    name = give.get("name", {})
    paths = [*give.get("when", ()), *([name] if isinstance(name, str) else name.values())]
    return _all(known, [*paths, *(give[key] for key in ("of", "kept_in") if key in give)])


def _all(known: Collection[str], paths: Collection[str]) -> bool:
    return all(head(path) in known for path in paths)


class Mapped(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """One resource that an item of an answer is: its row, id and attributes."""

    row: Row
    id: Form
    optional: bool
    unless: Allowed
    attributes: Mapping[str, Form]


class Call(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """One call of a tool, by the form of its answer: the list and what an item has."""

    name: str
    wrapped: str
    rest: Text
    list: Keys
    has: frozenset[str]
    total: Keys
    next: tuple[Keys, ...]
    tells: Text | None
    items: tuple[Mapped, ...]

    @property
    def settings(self) -> set[str]:
        """The settings of the source that the call needs."""
        forms = [form for item in self.items for form in item.attributes.values()]
        return {form.setting for form in forms} - {""}

    @property
    def gives(self) -> frozenset[str]:
        """The lists that the items of the call are in."""
        return frozenset(give.list for item in self.items for give in item.row.gives)

    def items_of(self, data: Value) -> tuple[Value, Values] | None:
        """Return the body of an answer and its items; None if the answer is not of this call."""
        inner = data.get(self.wrapped)
        body = inner if isinstance(inner.data, dict) else data
        if not isinstance(body.data, dict):
            return None
        items = elements(body, self.list) if self.list else [body]
        if items is None:
            return None
        # Some calls answer with names alone.
        items = [
            replace(one, data={"name": one.data}) if isinstance(one.data, str) else one
            for one in items
        ]
        known = not items or (isinstance(items[0].data, dict) and self.has <= items[0].data.keys())
        return (body, items) if known else None


@cache
def calls() -> tuple[Call, ...]:
    """Return the calls of all tools; those that ask for more keys come first."""
    tools = [read_table(path, "export") for path in sorted(CALLS.glob("*.yaml"))]
    found = [
        _call(tool, name, written) for tool in tools for name, written in tool["calls"].items()
    ]
    return tuple(sorted(found, key=lambda call: -len(call.has)))


def _call(tool: Mapping[str, Any], name: str, written: Mapping[str, Any]) -> Call:
    owner = cast("Provider", table(tool["provider"]))
    return Call(
        name=f"{tool['title']} {name}",
        wrapped=tool.get("wrapped", ""),
        rest=Text(**tool["rest"]),
        list=path_of(written.get("list", "")),
        has=frozenset(written.get("has", ())),
        total=path_of(written.get("total", "")),
        next=tuple(map(path_of, written.get("next", ()))),
        tells=Text(**written["tells"]) if "tells" in written else None,
        items=tuple(_mapped(owner, item) for item in written.get("items", ())),
    )


def _mapped(owner: Provider, item: Mapping[str, Any]) -> Mapped:
    """Return what an item is; its row is that of its type, or its own, for what is told."""
    attributes = {name: form(written) for name, written in item["attributes"].items()}
    if "region" in item:
        attributes[REGION] = form(item["region"])
    kind = item.get("type", "")
    own = {
        "zone": owner.zone.pattern,
        "operator": {"name": owner.operator, "by_region": owner.operators},
        "resources": {kind: told(item.get("row") or owner.rows[kind], attributes)},
    }
    return Mapped(
        row=cast("Row", compiled(provider(owner.name, own), kind)),
        id=form(item["id"]),
        optional=item.get("optional", False),
        unless=allowed_of(item.get("unless", {})),
        attributes=attributes,
    )


# ---- Answers, and their items as resources


class Answer(Confidential, Struct, frozen=True, eq=False):
    """An answer: its call, its body without what wraps it, and its items."""

    call: Call
    body: Value
    items: Values

    @property
    def path(self) -> Path:
        """The file of the answer."""
        return self.body.places.path

    def gap(self, message: Text, place: Place | None = None, **names: object) -> Gap:
        """Return a gap of what its call gives."""
        text = message.format(call=self.call.name, **names)
        return Gap(message=text, place=place or Place(path=self.path), kinds=self.call.gives)


def answer_of(request: Request, path: Path) -> Answer:
    """Read one answer.

    Raises `InputError` if it is a table, an error of the tool, or of no call that is known.
    """
    documents = list(read_documents(request, path))
    document = documents[0] if len(documents) == 1 else None
    is_json = isinstance(document, Document) and isinstance(
        document.places.positions, JsonPositions
    )
    if not isinstance(document, Document) or not is_json:
        raise InputError(_NO_JSON, place=Place(path=path), hint=_AS_JSON)
    for call in calls():
        found = call.items_of(document.value)
        if found is not None:
            return Answer(call, *found)
    raise _unknown(document)


def _unknown(document: Document) -> InputError:
    place = Place(path=document.path)
    # The message of an error may hold a secret; its code does not.
    codes = (code for path in _CODES for code in values_at(document.data, path))
    code = next((one for one in codes if isinstance(one, str) and _CODE.fullmatch(one)), None)
    if code is not None:
        return InputError(_ERROR.format(code=code), place=place, hint=_AGAIN)
    shown = [key for key in [*object_of(document.data)][:_MOST] if _KEY.fullmatch(key)]
    message = _UNKNOWN.format(keys=listed(shown)) if shown else _FILTERED
    return InputError(message, place=place, hint=_WHOLE)


class Items(Links):
    """Collects the resources of answers, and says where each is; the links of an export."""

    def __init__(self, request: Request) -> None:
        self.gaps: list[Gap] = []
        self.remarks: dict[Text, None] = {}
        self.made: dict[Resource, tuple[Value, Mapped]] = {}
        self._request = request
        self._set: dict[str, Answer] = {}

    def take(self, answer: Answer) -> None:
        """Add the items of an answer."""
        call = answer.call
        if call.tells is not None:
            self.remarks[_NOTHING.format(call=call.name, why=call.tells)] = None
        if not all(self._may_set(name, answer) for name in call.settings):
            return
        self._request.meter.spend("elements", len(answer.items))
        for item in answer.items:
            for mapped in call.items:
                if not any(is_one_of(item.data, *allowed) for allowed in mapped.unless):
                    self._add(answer, item, mapped)

    def _may_set(self, name: str, answer: Answer) -> bool:
        """Whether a setting that an answer needs is given, and for it alone."""
        given = self._request.settings.get(name)
        if given and self._set.setdefault(name, answer) is answer:
            return True
        self.gaps.append(answer.gap(_SEVERAL if given else _NO_SETTING, name=name))
        return False

    def _add(self, answer: Answer, item: Value, mapped: Mapped) -> None:
        settings = self._request.settings
        names = [one for one in mapped.id.of(item.data, settings) if isinstance(one, (str, int))]
        if not names:
            if not mapped.optional:
                self.gaps.append(answer.gap(_NO_ID, item.place()))
            return
        name = str(names[0])
        resource = Resource(
            address=name,
            base=name,
            index="",
            module="",
            row=mapped.row,
            values={"id": name, **_values(mapped, item.data, settings)},
            unknown={},
            whole=False,
        )
        self.made[resource] = item, mapped

    def place(self, origin: Origin) -> Place:
        """Return the place of an attribute in its answer."""
        if origin.resource is None:
            return Place(path=self._request.path)
        item, mapped = self.made[origin.resource]
        form = mapped.attributes.get(origin.attribute)
        return item.get(*(form.paths[0] if form and form.paths else ())).place()

    def written(self) -> dict[tuple[str, str], str]:
        """Return what the attributes of Terraform are called in the answers, by address."""
        names: dict[tuple[str, str], str] = {}
        for resource, (_, mapped) in self.made.items():
            for attribute, form in mapped.attributes.items():
                keys = ".".join(form.paths[0]) if form.paths else form.setting
                names.setdefault((resource.address, attribute), keys)
        return names


def _values(mapped: Mapped, item: Json, settings: Mapping[str, Json]) -> dict[str, Any]:
    """Return the attributes of a resource, with dots into nested blocks."""
    values: dict[str, Any] = {}
    for attribute, form in mapped.attributes.items():
        found = form.of(item, settings)
        if not found:
            continue
        value = found[0] if len(found) == 1 else found
        first, _, below = attribute.partition(".")
        if not below:
            values[first] = value
        elif found == [form.absent]:
            values.setdefault(first, value)
        else:
            block = values.get(first)
            values[first] = {**(block if isinstance(block, dict) else {}), below: value}
    if tags := dict(_tags(item)):
        values.setdefault(TAGS, tags)
    return values


_TAG_LISTS = ("Tags", "TagList", "TagSet", "InstanceTags", "tags")
"""Where the answers of the clouds have the tags of an item."""


def _tags(item: Json) -> Iterator[tuple[str, Json]]:
    """Yield the tags of an item, which the tools write in several ways."""
    for tags in map(object_of(item).get, _TAG_LISTS):
        listed = object_of(tags).get("Tag", tags)
        for tag in list_of(listed):
            if isinstance(tag, str):
                key, _, value = tag.partition("=")
                yield key, value
                continue
            pair = {name.lower().removeprefix("tag"): one for name, one in object_of(tag).items()}
            if isinstance(own := pair.get("key"), str):
                yield own, pair.get("value")


def pages_missing(answers: list[Answer]) -> Iterator[Gap]:
    """Yield a gap for each answer that is a part, unless the other parts are there as well.

    Answers of one call with one total are parts of one, if their items are of the same region, or
    the same domain.
    """
    parts: dict[tuple[Call, int, frozenset[str]], list[Answer]] = defaultdict(list)
    for answer in answers:
        total = _total(answer)
        if total > len(answer.items):
            parts[answer.call, total, _scope(answer)].append(answer)
    for (call, total, _), pages in parts.items():
        there = {name for page in pages for name in _ids(page)}
        if len(there) < total:
            yield pages[0].gap(_ONLY, n=len(there), total=total, rest=call.rest)
    for answer in answers:
        more = any(
            value for path in answer.call.next for value in values_at(answer.body.data, path)
        )
        if more and not _total(answer):
            yield answer.gap(_MORE, n=len(answer.items), rest=answer.call.rest)


def _total(answer: Answer) -> int:
    found = [*values_at(answer.body.data, answer.call.total)] if answer.call.total else []
    return found[0] if found and isinstance(found[0], int) else 0


def _ids(answer: Answer) -> Iterator[str]:
    """Yield the ids of the items; what has none is counted by its place."""
    for item in answer.items:
        names = answer.call.items[0].id.of(item.data, {})
        yield str(names[0]) if names else f"{answer.path}:{item.path}"


def _scope(answer: Answer) -> frozenset[str]:
    """Return the regions, or the domains, that the items of an answer are of."""
    mapped = answer.call.items[0]
    owner = mapped.row.provider
    names = (REGION, *mapped.row.zones, "domain_name")
    forms = [mapped.attributes[name] for name in names if name in mapped.attributes]
    found = (
        str(value) for item in answer.items for form in forms for value in form.of(item.data, {})
    )
    return frozenset(owner.region_of(value) or value for value in found)


def read_cloud_export(request: Request) -> Derived:
    """Derive facts from an answer (命令行输出) of a cloud's tool, or from a folder of them.

    Which tool and call it is, is known by its form; what an answer does not tell is not a fact.
    Settings: ``region`` of items that name none, ``origin``, the domain of records that do not name
    it.

    Raises `InputError` if the file is no answer that is known, or an error of the tool; of a
    folder, if all are.
    """
    items = Items(request)
    answers = list(_answers(request, items))
    for answer in answers:
        items.take(answer)
    found = derived(
        request,
        [*items.made],
        items,
        gaps=[*items.gaps, *pages_missing(answers)],
        remarks=tuple(items.remarks),
        deployed=True,
        told=True,
    )
    names = items.written()

    def trace(pointer: str) -> Provenance:
        told = found.trace(pointer)
        return replace(told, attribute=names.get((told.address, told.attribute), ""))

    return replace(found, trace=trace)


def _answers(request: Request, items: Items) -> Iterator[Answer]:
    """Yield the answers; of a folder with any, a file that is none is a gap."""
    refused: list[InputError] = []
    read = 0
    for path in request.files(".json"):
        try:
            answer = answer_of(request, path)
        except InputError as error:
            if request.alone:
                raise
            refused.append(error)
            place = error.place or Place(path=path)
            items.gaps.append(Gap(message=error.message, place=place, kinds=EVERY_LIST))
        else:
            read += 1
            yield answer
    if refused and not read:
        raise refused[0]


_MOST = 5
_KEY = re.compile(r"[A-Za-z]\w{0,40}")
_CODE = re.compile(r"[A-Za-z]\w{0,40}(?:\.\w{1,40}){0,3}")
_CODES = [
    path_of(path)
    for path in (
        *("Response.Error.Code", "ResponseMetadata.Error.Code", "Error.Code", "error.code"),
        *("Code", "code", "error_code", "errorCode"),
    )
]
_NO_JSON = Text(zh="这不是命令行工具的 JSON 输出", en="this is not the JSON of a command-line tool")
_AS_JSON = Text(
    zh="用 --output json（hcloud 用 --cli-output=json）重新导出，一个文件一次调用，不要混入日志",
    en="export it again with --output json (hcloud: --cli-output=json), one call in one file, "
    "without log lines",
)
_ERROR = Text(zh="工具返回了错误 {code}，没有数据", en="the tool answered with the error {code}")
_AGAIN = Text(
    zh="按错误修正权限或参数，再重新导出",
    en="fix the permission or the argument, and export it again",
)
_UNKNOWN = Text(
    zh="认不出是哪个命令的输出（其中有 {keys}）",
    en="no call that is known answers like this ({keys})",
)
_FILTERED = Text(
    zh="认不出是哪个命令的输出，可能用 --query、jq 等筛选过",
    en="no call that is known answers like this; it may be filtered by --query or jq",
)
_WHOLE = Text(
    zh="docs/sources/cloud-export.zh.md 列出能读取的命令；保留完整的输出，不要筛选",
    en="docs/sources/cloud-export.md lists the calls; keep the whole answer, without a filter",
)
_NOTHING = Text(zh="{call} 的输出没有用上：{why}", en="nothing is read from {call}: {why}")
_NO_SETTING = Text(
    zh="{call} 的输出没有写明域名，无法判断是哪些网站；请在该来源填写 {name}: 域名",
    en="the answer of {call} does not name its domain, so its sites are not known; "
    "add `{name}: DOMAIN` to this source",
)
_SEVERAL = Text(
    zh="同一来源有几份 {call} 的输出，{name} 只能说明其中一份；请各写成一个来源",
    en="this source has several answers of {call}, and `{name}` is about one: give each its own",
)
_NO_ID = Text(zh="{call} 的输出中有一项没有标识", en="an item in the answer of {call} has no id")
_ONLY = Text(
    zh="只有 {total} 项中的 {n} 项（{call}）；{rest}",
    en="only {n} of {total} items are there ({call}); {rest}",
)
_MORE = Text(
    zh="{n} 项之后还有下一页（{call}）；{rest}",
    en="there is another page after {n:item} ({call}); {rest}",
)
