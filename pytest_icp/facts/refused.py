"""What its schema allows and no description may have: what cannot be read, and leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pytest_icp.facts.plans import REFERENCE, marked, marked_values
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of
from pytest_icp.law.numbers import normal_form, numbers_in
from pytest_icp.law.scope import ScopeError, parse_scope
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text

_NO_HINT = Text(zh="", en="")
_NO_ELEMENT = Text(
    zh="“{target}”中没有 id 为 {name!r} 的项", en="no element of `{target}` has the id {name!r}"
)


class Refused(Struct, frozen=True, kw_only=True):
    """One fact that cannot be used: where it is, why, and what is expected.

    ``target`` is the list in which no element has the id (标识) that the fact is.
    """

    tokens: tuple[str | int, ...]
    message: Text
    hint: Text = _NO_HINT
    target: str = ""
    cause: Exception | None = None


def unreadable(licence: JsonObject) -> Iterator[Refused]:
    """Yield the number, the scopes and the domains that cannot be read."""
    number = licence.get("number")
    if isinstance(number, str) and numbers_in(number).licences != (normal_form(number),):
        yield Refused(
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
                yield Refused(
                    tokens=("service_lines", i, "scope"),
                    message=_unread_scope(error),
                    cause=error,
                )
    for i, attachment in enumerate(list_of(licence.get("attachments"))):
        for j, domain in enumerate(list_of(object_of(attachment).get("domains"))):
            try:
                normal_host("cn" if domain is None else str(domain))
            except HostError as error:
                yield Refused(
                    tokens=("attachments", i, "domains", j),
                    message=error.text,
                    cause=error,
                )


def _unread_scope(error: ScopeError) -> Text:
    hint = f"；是否指“{error.suggestion}”？" if error.suggestion else ""
    zh = f"业务范围第 {error.position + 1} 字起的“{error.residue}”无法识别{hint}"
    return Text(zh=zh, en=str(error))


def dangling(facts: JsonObject, schema: str) -> Iterator[Refused]:
    """Yield the ids that lead nowhere, except those into lists that are not declared."""
    ids: dict[str, frozenset[str] | None] = {}
    for at, value, target in marked_values(facts, marked(schema, REFERENCE)):
        if target not in ids:
            ids[target] = _known(facts.get(target))
        known = ids[target]
        # Nearly every id leads somewhere.
        if known is None or known.issuperset(value if isinstance(value, list) else [value]):
            continue
        for tokens, name in _ids(value, at):
            if name not in known:
                message = _NO_ELEMENT.format(target=target, name=name)
                hint = suggested(name, sorted(known))
                yield Refused(tokens=tokens, target=target, message=message, hint=hint)


def _known(elements: Json) -> frozenset[str] | None:
    """Return the ids in a list; None if it is not declared."""
    if not isinstance(elements, list):
        return None
    return frozenset([str(e.get("id")) for e in elements if isinstance(e, dict)])


def _ids(value: Json, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the ids in a property, one or a list of them, each with its place."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        for i, element in enumerate(value):
            yield from _ids(element, (*at, i))
