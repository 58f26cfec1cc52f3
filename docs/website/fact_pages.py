"""A page for each fact at the top of a description (事实), with all that is inside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import yaml
from handbook.markdown import Lang, said

from pytest_icp.facts.fields import asked_of, form_of, group_of, groups, roles, title_of
from pytest_icp.facts.files.faults import flow
from pytest_icp.facts.files.properties import Property, mark, members, property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Policy, facts_needed
from website.rule_table import rule_table
from website.text import Pages, found_as, heading, page, rows, target

_TITLE = Text("事实", "Facts")
_INTRO = Text(
    "描述文件中可以写的全部事实：是什么、怎样写、谁知道、哪些规则要看。没有写明的事实不作猜测："
    "要看它的规则为无法判断，绝不算作符合。",
    "Every fact that a description may have: what it is, how it is written, who knows it, and "
    "which rules read it. What is not written is not guessed: a rule that needs it cannot be "
    "decided, and is never satisfied.",
)
_HEAD = (Text("事实", "fact"), Text("写在", "written as"), Text("谁知道", "who knows"))
_OTHER = Text("其他", "Other")
_WRITTEN = Text("**写法**：`{form}`", "**Written as:** `{form}`")
_EXAMPLE = Text("**例如**：`{example}`", "**For example:** `{example}`")
_READ_BY = Text("**规则**：{rules}", "**Read by:** {rules}")
_UNREAD = Text("没有规则要看：{why}", "No rule reads it: {why}")
_RULES = Text("要看它的规则", "Rules that read it")
_INSIDE = Text("其中的事实", "The facts in it")

_DEEPEST = 6
"""Headings go no deeper; schemas that contain themselves end there."""


def fact_target(path: str) -> str:
    """Return the name of the heading of a fact, which links use."""
    return f"fact-{path.replace('.', '-')}"


def fact_link(path: str) -> str:
    """Return the way from the first page to a fact."""
    return f"facts/{path.partition('.')[0]}.md#{fact_target(path)}"


class _Readers:
    """Which rules read a fact, one that contains it, or one inside it."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self._rules: dict[str, dict[str, Obligation]] = defaultdict(dict)
        self._whole: dict[str, dict[str, Obligation]] = defaultdict(dict)
        for policy in policies:
            for rule in policy.obligations:
                for path in facts_needed(policy, rule):
                    self._whole[path][rule.rule_id] = rule
                    self._rules[path.partition(".")[0]][rule.rule_id] = rule

    def of_root(self, name: str) -> list[Obligation]:
        return list(self._rules[name].values())

    def of(self, path: str) -> list[Obligation]:
        names = path.split(".")
        above = (".".join(names[:end]) for end in range(1, len(names) + 1))
        found = {rule.rule_id: rule for each in above for rule in self._whole[each].values()}
        return [found[name] for name in sorted(found)]


def fact_pages(policies: Sequence[Policy], lang: Lang) -> Pages:
    """Return the page of each fact, and the one that lists them."""
    readers = _Readers(policies)
    names = members(SCHEMA, "").names
    pages = {f"facts/{name}": _fact_page(name, readers, lang) for name in names}
    return {"facts/index": _index(names, lang), **pages}


def _index(names: Sequence[str], lang: Lang) -> str:
    parts = [heading(1, _TITLE, lang), _INTRO[lang]]
    grouped: Mapping[str, list[str]] = defaultdict(list)
    for name in names:
        grouped[group_of(name)].append(name)
    for group, title in (*groups().items(), ("", _OTHER)):
        if grouped[group]:
            parts.append(heading(2, _capital(title), lang))
            parts.append(rows(_HEAD, (_row(name, lang) for name in grouped[group]), lang))
    return page(*parts)


def _capital(text: Text) -> Text:
    return Text(text.zh, text.en[0].upper() + text.en[1:])


def _row(name: str, lang: Lang) -> tuple[str, str, str]:
    role = asked_of(name)
    title = said(title_of(name), lang)
    return f"[{title}]({name}.md)", f"`{name}`", said(roles()[role], lang) if role else ""


def _fact_page(name: str, readers: _Readers, lang: Lang) -> str:
    rules = readers.of_root(name)
    inside = list(_inside(name, readers, lang, 2))
    title = title_of(name)
    return page(
        target(fact_target(name)),
        heading(1, title, lang),
        found_as([name]),
        *_described(name, (), lang),
        heading(2, _INSIDE, lang) if inside else "",
        *inside,
        *((heading(2, _RULES, lang), rule_table(rules, lang, below="../rules/")) if rules else ()),
        orphan=True,
    )


def _inside(above: str, readers: _Readers, lang: Lang, depth: int) -> Iterator[str]:
    for name in members(SCHEMA, above).names:
        path = f"{above}.{name}"
        if path.count(".") > _DEEPEST:
            continue
        yield target(fact_target(path))
        title = " › ".join(title_of(path)[lang].split(" › ")[1:])
        yield heading(3, plain(title), lang)
        yield from _described(path, readers.of(path), lang)
        yield from _inside(path, readers, lang, depth + 1)


def _described(path: str, rules: Sequence[Obligation], lang: Lang) -> Iterator[str]:
    fact = property_at(SCHEMA, path)
    if fact is None:
        raise KeyError(path)
    role = asked_of(path)
    yield f"`{path}`" + (f" · {said(roles()[role], lang)}" if role else "")
    if fact.description:
        yield said(fact.description, lang)
    yield from _form(path, fact, lang)
    if rules:
        links = " ".join(f"[`{one.rule_id}`](../rules/{one.rule_id}.md)" for one in rules)
        yield _READ_BY[lang].format(rules=links)
    unread = mark(SCHEMA, path, "x-icp-unread")
    if isinstance(unread, str):
        yield _UNREAD[lang].format(why=said(plain(unread), lang))


def _form(path: str, fact: Property, lang: Lang) -> Iterator[str]:
    form = form_of(SCHEMA, path).replace("`", "'")
    said_of = [_WRITTEN[lang].format(form=form)] if form != "…" else []
    example = next(iter(fact.examples), None)
    name = path.rpartition(".")[2]
    if example is None:
        block = ""
    elif isinstance(example, dict | list):
        text = yaml.safe_dump({name: example}, allow_unicode=True, sort_keys=False, width=88)
        block = f"```yaml\n{text}```"
    else:
        said_of.append(_EXAMPLE[lang].format(example=f"{name}: {flow(example)}".replace("`", "'")))
        block = ""
    yield "\\\n".join(said_of)
    yield block
