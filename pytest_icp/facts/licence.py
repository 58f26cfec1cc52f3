"""Values of a licence (许可证) that its schema allows but that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.jsontypes import JsonObject, list_of, object_of
from pytest_icp.law.numbers import normal_form, numbers_in
from pytest_icp.law.scope import ScopeError, parse_scope
from pytest_icp.law.text import Text

_NO_HINT = Text(zh="", en="")


class Unreadable(Struct, frozen=True, kw_only=True):
    """One fact of a licence that cannot be read: where, why, and the expected form."""

    tokens: tuple[str | int, ...]
    message: Text
    hint: Text = _NO_HINT
    cause: Exception | None = None


def unreadable(licence: JsonObject) -> Iterator[Unreadable]:
    """Yield the number, the scopes and the domains that cannot be read."""
    number = licence.get("number")
    if isinstance(number, str) and numbers_in(number).licences != (normal_form(number),):
        yield Unreadable(
            tokens=("number",),
            message=Text(
                zh=f"{number!r} 不是电信业务经营许可证编号",
                en=f"{number!r} is not the number of a telecom licence",
            ),
            hint=Text(
                zh="形如 京B2-20190486 或 合字B1.B2-20180025",
                en="such as 京B2-20190486 or 合字B1.B2-20180025",
            ),
        )
    for i, written in enumerate(list_of(licence.get("service_lines"))):
        line = object_of(written)
        name = line.get("name")
        if isinstance(name, str):
            try:
                parse_scope(str(line.get("scope") or ""), line=name)
            except ScopeError as error:
                yield Unreadable(
                    tokens=("service_lines", i, "scope"),
                    message=_unread_scope(error),
                    cause=error,
                )
    for i, attachment in enumerate(list_of(licence.get("attachments"))):
        for j, domain in enumerate(list_of(object_of(attachment).get("domains"))):
            try:
                normal_host("cn" if domain is None else str(domain))
            except HostError as error:
                yield Unreadable(
                    tokens=("attachments", i, "domains", j),
                    message=error.text,
                    cause=error,
                )


def _unread_scope(error: ScopeError) -> Text:
    hint = f"；是否指“{error.suggestion}”？" if error.suggestion else ""
    zh = f"业务范围第 {error.position + 1} 字起的“{error.residue}”无法识别{hint}"
    return Text(zh=zh, en=str(error))
