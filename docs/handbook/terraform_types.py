"""The page of the types of Terraform resources: what each tells, out of the tables (映射表)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from handbook.markdown import Lang, said, table
from pytest_icp.facts.files.properties import property_at
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.terraform.tables import FACTS, FOLDER

_TITLE = Text("Terraform 资源类型", "Types of Terraform resources")
_INTRO = Text(
    "本页由 `pytest_icp/sources/terraform/providers/` 中的映射表生成，请勿手工修改："
    "修改映射表后运行 `python docs/handbook`。它列出每种资源说明什么；"
    "括号里是读得到的事项，读不到的不填。"
    "表中没有的类型是缺口，名称表明与规定无关的除外，也包括没有映射表的云厂商；"
    "其他提供方的，看来有关的是：可能缺少它的清单，不会因此判为符合。"
    "增加一种类型不需要写代码，见 [CONTRIBUTING](../../CONTRIBUTING.md)。",
    "This page is generated from the tables in `pytest_icp/sources/terraform/providers/`: do not "
    "edit it; run `python docs/handbook` after a change there. It says what each type of resource "
    "tells; in brackets are the facts that it may give, as far as they are set. Types that are not "
    "in a table are gaps, unless their name says that no provision asks about them, also those of "
    "clouds without a table, and of other providers those that look relevant: a list that they may "
    "be of is never taken for complete. A new type needs no code: see "
    "[CONTRIBUTING](../../CONTRIBUTING.md).",
)
_LOGS = Text(
    "存储桶收到访问日志、操作审计或者流日志的，是一处日志存储，标识是存储桶的地址。"
    "保存时间取自生命周期规则：启用的、管到全部日志的规则中最短的一条；没有规则的一直保存。"
    "只管其中一部分的规则（更长的前缀、标签、大小）和按日期清理的规则，使保存时间无法确定。"
    "存储桶或者日志库不在同一来源中的，保存时间也无从知道。",
    "A bucket that access logs, audit trails or flow logs are written into is a log store; its id "
    "is the address of the bucket. Its retention is the shortest of the lifecycle rules that are "
    "on and hold for all of the logs; without a rule, they are kept for ever. A rule for a part "
    "of them (a longer prefix, tags, a size) and one with a date leave it open, and so does a "
    "bucket or store that is not in the same source.",
)
_TYPE = Text("类型", "Type")
_TELLS = Text("说明什么", "What it tells")
_SOURCE = Text("[provider 源码]({url})", "[source of the provider]({url})")
_OTHER = Text("所引用的{list}", "{list} that it refers to")
_NOTHING = Text("不说明事实：{why}", "nothing: {why}")
_GAP = Text("缺口：{why}", "a gap: {why}")
_MEANS = {
    "publishes": Text("所引用的资源对公众开放", "what it refers to is open to the public"),
    "expires": Text("存储桶中的日志保存多久", "how long logs in a bucket are kept"),
    "joins": Text("流量通向哪些资源", "which resources traffic leads to"),
    "leads": Text("流量通向哪些资源", "which resources traffic leads to"),
    "public": Text("所通向的是否对公众开放", "whether what it leads to is open to the public"),
    "zone": Text("其中的资源在哪个地域", "the region of what is in it"),
    "identity": Text("引用它的资源所需的值", "values for the resources that refer to it"),
}
"""What a row tells that gives no elements, by the first of these keys that it has."""


def page(lang: Lang) -> str:
    """Return the page in one language."""
    parts = [f"# {said(_TITLE, lang)}", _in(_INTRO, lang), _in(_LOGS, lang)]
    for one in _tables():
        head = [said(_TYPE, lang), said(_TELLS, lang)]
        rows = ([f"[`{kind}`]({row['docs']})", _cell(row, lang)] for kind, row in _rows(one))
        parts += [f"## {said(Text(**one['title']), lang)}"]
        parts += [_in(_SOURCE.format(url=one["source"]), lang), table(head, rows)]
    return "\n\n".join(parts) + "\n"


@cache
def _tables() -> list[Any]:
    files = sorted(FOLDER.glob("*.yaml"))
    return [yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) for path in files]


def _rows(one: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from sorted(one["resources"].items())


def _in(text: Text, lang: Lang) -> str:
    return text.zh if lang == "zh" else text.en


def _cell(row: Mapping[str, Any], lang: Lang) -> str:
    if "tells" in row:
        return _in(_NOTHING.format(why=_reason(row, lang)), lang)
    told = [_element(names, lang) for names in _gives(row).items()]
    if "hides" in row:
        told.append(_in(_GAP.format(why=_reason(row, lang)), lang))
    if not told or "expires" in row:
        told.append(said(next(words for key, words in _MEANS.items() if key in row), lang))
    return ("；" if lang == "zh" else "; ").join(told)


def _reason(row: Mapping[str, Any], lang: Lang) -> Text:
    return plain(said(Text(**row["reason"]), lang))


def _gives(row: Mapping[str, Any]) -> dict[tuple[str, bool], dict[str, None]]:
    """Return the facts by list, and whether they are added to the element of another resource."""
    found: dict[tuple[str, bool], dict[str, None]] = {}
    for give in row.get("gives", ()):
        kind, other = give["list"], "of" in give
        names = found.setdefault((kind, other), {})
        facts = {} if other else dict(FACTS.get(kind, {}))
        facts |= give.get("facts", {})
        names |= dict.fromkeys(name for name, form in facts.items() if form != {"constant": None})
        if "address" in give:
            names |= dict.fromkeys(("public", "servers", "access_provider"))
        if "kept_in" in give:
            names["retention"] = None
    return found


def _element(told: tuple[tuple[str, bool], Mapping[str, None]], lang: Lang) -> str:
    (kind, other), names = told
    title = _titled(kind, lang)
    words = _in(_OTHER.format(list=plain(title)), lang) if other else title
    facts = ("、" if lang == "zh" else ", ").join(_titled(f"{kind}.{name}", lang) for name in names)
    left, right = "（）" if lang == "zh" else (" (", ")")
    return f"{words}{left}{facts}{right}" if facts else words


def _titled(path: str, lang: Lang) -> str:
    found = property_at("description", path)
    if found is None:
        raise KeyError(path)
    return said(found.title, lang)
