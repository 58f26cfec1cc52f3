"""Source kind ``cloud-export``: what the clouds' own command-line tools answer, as JSON (输出).

Which call an answer is of is known by its form; its items are Terraform resources.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Gap, Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import is_folder
from pytest_icp.facts.files.json import JsonPositions
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, list_of, object_of, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.cloud_export.tables import (
    REGION,
    Call,
    Mapped,
    Tokens,
    calls,
    elements_at,
    has_list,
    is_one_of,
    path_of,
    tokens_at,
    values_at,
)
from pytest_icp.sources.documents import Document, read_documents
from pytest_icp.sources.gathering import listed
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.deriving import EVERY_LIST, derived
from pytest_icp.sources.terraform.resource import Origin, Resource
from pytest_icp.sources.terraform.tables import TAGS


class Answer(Confidential, Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """An answer: its call, its body without what wraps it, and its items.

    ``above`` are the keys of what wraps the body.
    """

    call: Call
    document: Document
    file: str
    body: Json
    above: Tokens
    items: list[Json]

    @property
    def place(self) -> Place:
        """The file of the answer."""
        return Place(path=self.document.path)

    @cached_property
    def tokens(self) -> list[Tokens]:
        """The tokens of the pointers to the items."""
        listed = self.call.list
        return [*tokens_at(self.body, listed, self.above)] if listed else [self.above]

    def at(self, number: int, *below: str) -> Place:
        """Return the place of a value in an item."""
        return self.document.place(pointer((*self.tokens[number], *below)))


def answer_of(request: Request, path: Path) -> Answer:
    """Read one answer.

    Raises `InputError` if it is a table, an error of the tool, or of no call that is known.
    """
    documents = list(read_documents(request, path))
    document = documents[0] if len(documents) == 1 else None
    if not isinstance(document, Document) or not _is_json(document):
        raise InputError(_NO_JSON, place=Place(path=path), hint=_AS_JSON)
    for call in calls():
        body, above = _unwrapped(document.data, call.wrapped)
        items = _items(call, body)
        if items is not None:
            return Answer(
                call=call, document=document, file=str(path), body=body, above=above, items=items
            )
    raise _unknown(document)


def _is_json(document: Document) -> bool:
    return isinstance(document.places.positions, JsonPositions)


def _unwrapped(data: Json, wrapped: str) -> tuple[Json, tuple[str, ...]]:
    inner = data.get(wrapped) if wrapped and isinstance(data, dict) else None
    return (inner, (wrapped,)) if isinstance(inner, dict) else (data, ())


def _items(call: Call, body: Json) -> list[Json] | None:
    """Return the items of an answer; None if it is not of the call."""
    if not call.list:
        return [body] if _has(call, body) else None
    if not isinstance(body, dict) or not has_list(body, call.list):
        return None
    # Some calls answer with names alone.
    named: list[Json] = [
        {"name": item} if item.__class__ is str else item for item in elements_at(body, call.list)
    ]
    return named if not named or _has(call, named[0]) else None


def _has(call: Call, item: Json) -> bool:
    return isinstance(item, dict) and all(_key(item, path) for path in call.has)


def _key(item: Json, path: tuple[str, ...]) -> bool:
    return isinstance(item, dict) and path[0] in item


def _unknown(document: Document) -> InputError:
    place = Place(path=document.path)
    code = next(_codes(document.data), None)
    if code is not None:
        return InputError(_ERROR.format(code=code), place=place, hint=_AGAIN)
    keys = document.data if isinstance(document.data, dict) else {}
    shown = [key for key in [*keys][:_MOST] if _KEY.fullmatch(key)]
    message = _UNKNOWN.format(keys=listed(shown)) if shown else _FILTERED
    return InputError(message, place=place, hint=_WHOLE)


def _codes(data: Json) -> Iterator[str]:
    """Yield the code of an error, where the tools write one; its message may hold a secret."""
    for path in _CODES:
        for code in values_at(data, path):
            if isinstance(code, str) and _CODE.fullmatch(code):
                yield code


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


class Items:
    """Collects the resources of answers, and says where each is; the links of an export."""

    def __init__(self, request: Request) -> None:
        self.resources: list[Resource] = []
        self.gaps: list[Gap] = []
        self.remarks: dict[Text, None] = {}
        self._request = request
        self._answers: dict[str, Answer] = {}
        self._set: dict[str, str] = {}

    def take(self, answer: Answer) -> None:
        """Add the items of an answer."""
        call = answer.call
        if call.tells is not None:
            self.remarks[_NOTHING.format(call=call.name, why=call.tells)] = None
        if not all(self._may_set(name, answer) for name in call.settings):
            return
        self._answers[answer.file] = answer
        self._request.meter.spend("elements", len(answer.items))
        for number, item in enumerate(answer.items):
            for mapped in call.items:
                self._add(answer, number, item, mapped)

    def _may_set(self, name: str, answer: Answer) -> bool:
        """Whether a setting that an answer needs is given, and for it alone."""
        first = self._set.setdefault(name, answer.file)
        message = _NO_SETTING if not self._request.settings.get(name) else _SEVERAL
        if message is _SEVERAL and first == answer.file:
            return True
        text = message.format(call=answer.call.name, name=name)
        self.gaps.append(Gap(message=text, place=answer.place, kinds=answer.call.gives))
        return False

    def _add(self, answer: Answer, number: int, item: Json, mapped: Mapped) -> None:
        if mapped.unless and any(is_one_of(item, *allowed) for allowed in mapped.unless):
            return
        settings = self._request.settings
        name = _name(mapped.id.of(item, settings))
        if name is None:
            if not mapped.optional:
                text = _NO_ID.format(call=answer.call.name)
                gap = Gap(message=text, place=answer.at(number), kinds=answer.call.gives)
                self.gaps.append(gap)
            return
        resource = Resource(
            address=name,
            base=name,
            index="",
            module="",
            row=mapped.row,
            values=_values(name, mapped, item, settings),
            unknown={},
            provider_key=answer.file,
            origin=number,
            whole=False,
        )
        self.resources.append(resource)

    def _mapped(self, resource: Resource) -> Mapped:
        """Return what a resource was made by: each has a row of its own."""
        made = self._answers[resource.provider_key].call.items
        return next(mapped for mapped in made if mapped.row is resource.row)

    # The links of an export: it has no references and no expressions, only names.

    def follow(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:  # noqa: ARG002
        """Return nothing: what an item refers to is known by its id."""
        return ()

    def is_set(self, resource: Resource, attribute: str) -> bool | None:  # noqa: ARG002
        """Return None: an answer may leave out what is set."""
        return None

    def provider_region(self, key: str) -> str | None:  # noqa: ARG002
        """Return None: each item has its own."""
        return None

    def place(self, origin: Origin) -> Place:
        """Return the place of an attribute in its answer."""
        if origin.resource is None:
            return Place(path=self._request.path)
        form = self._mapped(origin.resource).attributes.get(origin.attribute)
        keys = form.paths[0] if form and form.paths else ()
        return self._answers[origin.resource.provider_key].at(origin.resource.origin, *keys)

    def written(self) -> dict[tuple[str, str], str]:
        """Return what the attributes of Terraform are called in the answers, by address."""
        names: dict[tuple[str, str], str] = {}
        for resource in self.resources:
            for attribute, form in self._mapped(resource).attributes.items():
                keys = ".".join(form.paths[0]) if form.paths else form.setting
                names.setdefault((resource.address, attribute), keys)
        return names


def _values(name: str, mapped: Mapped, item: Json, settings: Mapping[str, Json]) -> dict[str, Any]:
    """Return the attributes of a resource, with dots into nested blocks."""
    values: dict[str, Any] = {"id": name}
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


def _name(values: list[Json]) -> str | None:
    """Return the first value that is a name."""
    return next((str(value) for value in values if isinstance(value, _NAMES)), None)


_NAMES = (str, int)


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


def outcome(request: Request, items: Items) -> Derived:
    """Derive the facts of the items; what an answer does not tell is no fact."""
    found = derived(
        request,
        items.resources,
        items,
        gaps=items.gaps,
        remarks=tuple(items.remarks),
        deployed=True,
        told=True,
    )
    names: dict[tuple[str, str], str] = {}

    def trace(pointer: str) -> Provenance:
        told = found.trace(pointer)
        if not names:
            names.update(items.written())
        return replace(told, attribute=names.get((told.address, told.attribute), ""))

    return replace(found, trace=trace)


def pages_missing(answers: list[Answer]) -> list[Gap]:
    """Return a gap for each answer that is a part, unless the other parts are there as well.

    Answers of one call with one total are parts of one, if their items are of the same region, or
    the same domain.
    """
    return [*_by_total(answers), *_by_token(answers)]


def _by_total(answers: list[Answer]) -> Iterator[Gap]:
    parts: dict[tuple[Call, int, frozenset[str]], list[Answer]] = defaultdict(list)
    for answer in answers:
        total = _total(answer)
        if total > len(answer.items):
            parts[answer.call, total, _scope(answer)].append(answer)
    for (call, total, _), pages in parts.items():
        there = {at for page in pages for at in _ids(page)}
        if len(there) < total:
            message = _ONLY.format(n=len(there), total=total, call=call.name, rest=call.rest)
            yield Gap(message=message, place=pages[0].place, kinds=call.gives)


def _by_token(answers: list[Answer]) -> Iterator[Gap]:
    for answer in answers:
        call = answer.call
        more = any(value for path in call.next for value in values_at(answer.body, path))
        if more and not _total(answer):
            message = _MORE.format(n=len(answer.items), call=call.name, rest=call.rest)
            yield Gap(message=message, place=answer.place, kinds=call.gives)


def _total(answer: Answer) -> int:
    found = [*values_at(answer.body, answer.call.total)] if answer.call.total else []
    return found[0] if found and isinstance(found[0], int) else 0


def _ids(answer: Answer) -> Iterator[str]:
    """Yield the ids of the items; what has none is counted by its place."""
    mapped = answer.call.items[0]
    for number, item in enumerate(answer.items):
        names = mapped.id.of(item, {})
        yield str(names[0]) if names else f"{answer.file}:{number}"


def _scope(answer: Answer) -> frozenset[str]:
    """Return the regions, or the domains, that the items of an answer are of."""
    mapped = answer.call.items[0]
    owner = mapped.row.provider
    names = (REGION, *mapped.row.zones, "domain_name")
    forms = [mapped.attributes[name] for name in names if name in mapped.attributes]
    found = (str(value) for item in answer.items for form in forms for value in form.of(item, {}))
    return frozenset(owner.region_of(value) or value for value in found)


_ONLY = Text(
    zh="只有 {total} 项中的 {n} 项（{call}）；{rest}",
    en="only {n} of {total} items are there ({call}); {rest}",
)
_MORE = Text(
    zh="{n} 项之后还有下一页（{call}）；{rest}",
    en="there is another page after {n:item} ({call}); {rest}",
)


def read_cloud_export(request: Request) -> Derived:
    """Derive facts from an answer (命令行输出) of a cloud's tool, or from a folder of them.

    Which tool and call it is, is known by its form. Settings: ``region`` of items that name none,
    ``origin``, the domain of records that do not name it.

    Raises `InputError` if the file is no answer that is known, or an error of the tool; of a
    folder, if all are.
    """
    items = Items(request)
    answers = list(_answers(request, items))
    for answer in answers:
        items.take(answer)
    items.gaps += pages_missing(answers)
    return outcome(request, items)


def _answers(request: Request, items: Items) -> Iterator[Answer]:
    """Yield the answers; of a folder with any, a file that is none is a gap."""
    several = request.given is None and is_folder(request.path)
    refused: list[InputError] = []
    any_read = False
    for path in request.files(".json"):
        try:
            answer = answer_of(request, path)
        except InputError as error:
            if not several:
                raise
            refused.append(error)
            place = error.place or Place(path=path)
            items.gaps.append(Gap(message=error.message, place=place, kinds=EVERY_LIST))
        else:
            any_read = True
            yield answer
    if refused and not any_read:
        raise refused[0]
