"""A page for each provision (特别规定事项): its words, how they are read, and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from handbook.markdown import Lang, said
from handbook.provisions import CASES, words_of

from pytest_icp.authoring.cases import Case
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.explain import ABOUT, READING, unverified
from pytest_icp.rules.policy import Policy
from website.file_pages import ROOT, file_link
from website.rule_table import rule_table
from website.text import Pages, found_as, heading, page, rows, toctree

_TITLE = Text("规定", "Provisions")
_INTRO = Text(
    "许可证的正文与附页，和其中印出的特别规定事项。条文逐字照录，连同其中的疏漏。",
    "The licence with its attached pages, and the special provisions printed in it: the text as "
    "printed, including its errors, with a translation.",
)
_HEAD = (
    Text("规定", "provision"),
    Text("内容", "about"),
    Text("强制规则", "mandatory"),
    Text("建议或者须由人认定的规则", "advisory or review"),
    Text("依据未核对", "on unverified law"),
    Text("用例", "cases"),
)
_UNVERIFIED = Text(
    "“依据未核对”：引用的现行法条或者所用的数字，有一处没有读到官方或者完整的文本。",
    "“On unverified law”: the rule cites an article in force, or uses a number, that was not read "
    "in an official or a full text.",
)
_WORDS = Text("条文", "Its words")
_FILES = Text("文件：{}，用例：{}", "As a file: {}; its cases: {}")
_LIMITS = Text("检查的局限和未决之处", "What the checks cannot judge, and open points")
_RULES = Text("规则", "Its rules")


def provision_pages(
    policies: Sequence[Policy], lang: Lang, cases: Mapping[str, Sequence[Case]]
) -> Pages:
    """Return the page of each provision, and the one that lists them."""
    pages = {f"provisions/{policy.id}": _provision(policy, lang) for policy in policies}
    return {"provisions/index": _index(policies, lang, cases), **pages}


def _index(policies: Sequence[Policy], lang: Lang, cases: Mapping[str, Sequence[Case]]) -> str:
    cells = (
        (
            f"[{said(named(one), lang)}]({one.id}.md)",
            f"`{one.id}`",
            str(sum(rule.level == "mandatory" for rule in one.obligations)),
            str(sum(rule.level != "mandatory" for rule in one.obligations)),
            str(sum(map(unverified, one.obligations))),
            str(sum(len(cases.get(rule.rule_id, ())) for rule in one.obligations)),
        )
        for one in policies
    )
    table = rows(_HEAD, cells, lang)
    names = toctree(policy.id for policy in policies)
    return page(heading(1, _TITLE, lang), _INTRO[lang], names, table, _UNVERIFIED[lang])


def numbered(policy: Policy) -> Text:
    """Return the number of a provision: ``第十五条第（一）项``, ``SP15-01``."""
    article, bracket, item = policy.article.partition("（")
    if not policy.id.startswith("SP"):
        return Text(policy.article, policy.id)
    return Text(f"第{article}条" + (f"第{bracket}{item}项" if item else ""), policy.id)


def named(policy: Policy) -> Text:
    """Return the title of a provision with its number: ``第十二条 信息更新与许可延续``."""
    return numbered(policy) + plain(" ") + policy.title


def _provision(policy: Policy, lang: Lang) -> str:
    return page(
        heading(1, named(policy), lang),
        found_as([policy.id]),
        heading(2, _WORDS if policy.is_printed else ABOUT, lang),
        *words_of(policy, lang),
        heading(2, _RULES, lang),
        rule_table(policy.obligations, lang, below="../rules/"),
        _FILES[lang].format(*_files(policy)),
        *_remark(READING, policy.reading, lang),
        *_remark(_LIMITS, policy.limits, lang),
    )


def _files(policy: Policy) -> Iterator[str | None]:
    for path in (Path(policy.path), CASES / f"{policy.id}.yaml"):
        name = path.relative_to(ROOT).as_posix()
        yield file_link(path, name, f"provisions/{policy.id}")


def _remark(title: Text, words: Text | None, lang: Lang) -> tuple[str, ...]:
    return (heading(2, title, lang), said(words, lang)) if words else ()
