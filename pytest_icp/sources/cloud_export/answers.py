"""One answer of a tool (输出): which call it is, known by its form, and the items in it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.json import JsonPositions
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.cloud_export.tables import (
    Call,
    calls,
    elements_at,
    has_list,
    path_of,
    tokens_at,
    values_at,
)
from pytest_icp.sources.documents import Document, read_documents
from pytest_icp.sources.listing import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.cloud_export.tables import Tokens
    from pytest_icp.sources.request import Request


class Answer(Confidential, Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """An answer: its call, its body without what wraps it, and its items.

    ``above`` are the keys of what wraps the body.
    """

    _shown = ("call",)

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
