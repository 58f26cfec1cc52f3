"""The page of legal notes: defaults, what is open, what was not checked, and what changes each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from handbook.markdown import Lang, said, table
from pytest_icp.facts.fields import title_of, word_of
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.words import amount_on, holding
from pytest_icp.law.condition import ANYTHING
from pytest_icp.law.sentences import sentence
from pytest_icp.law.text import Text
from pytest_icp.reports.explain import CONFIDENCE
from pytest_icp.rules.contradictions import contradictions
from pytest_icp.rules.numbers import Named
from pytest_icp.rules.policy import Obligation, Policy, Version

OPEN = Path(__file__).with_name("open.yaml")
"""Duties that are known and not decided, and questions of law that no text answers."""

_TITLE = Text("法律说明", "Legal notes")
_INTRO = Text(
    "本页列出判断所依据的每一个默认值、每一处有歧义的理解和每一个未核对原文的数字或条文，并说明如何"
    "改变；也列出已知而未检查的义务和没有答案的法律问题。本页由 `policies/` 和 "
    "`docs/handbook/open.yaml` 生成，请勿手工修改：修改之后运行 `python docs/handbook`。"
    "本项目不构成法律意见：请由律师核对本页。",
    "This page lists every default, every ambiguous reading, and every number or article that was "
    "not checked against its original, and how to change it; also the duties that are known and "
    "not decided, and the questions of law that no text answers. It is generated from `policies/` "
    "and `docs/handbook/open.yaml`: do not edit it; run `python docs/handbook` after a change "
    "there. This project is not legal advice: have a lawyer review this page.",
)
_READINGS = Text("贯穿各条的理解", "Readings that apply to all provisions")
_NUMBERS = Text("默认的和未核对的数字", "Defaults and unverified numbers")
_NUMBERS_INTRO = Text(
    "条文没有规定、或者没有核对原文的数字。要采用自己的数字，在 `icp_policies` 所指的文件夹中放"
    "一个 `parameters.yaml`，以同一个 `id`、同一单位写明数值、来源和可信程度；"
    "原文规定的数字不能改变。",
    "Numbers that no text prescribes, or whose text was not checked. To use your own, put a "
    "`parameters.yaml` into a folder listed in `icp_policies`, with the same `id` and unit, the "
    "value, its source and its confidence; a number from a checked text cannot be changed.",
)
_ARTICLES = Text("未核对原文的条文", "Articles not checked against the original")
_ARTICLES_INTRO = Text(
    "引用的条文中据转述或者未核对的。用 `icp_ignore` 可以不检查依据它们的规则。",
    "Articles that are cited from a restatement, or unverified. Use `icp_ignore` to leave out the "
    "rules that rest on them.",
)
_TEXTS = Text("各文本读到多少", "How much of each text was read")
_TEXTS_INTRO = Text(
    "规则引用的每一部法律、法规、规章和文件，读到的是全文、一部分还是转述；副本不是官方网站本身的，"
    "见各条的来源。",
    "Of every law, regulation, rule and notice that rules cite, whether it was read whole, in part "
    "or as others restate it; where the copy is not that of an official site, the source of the "
    "article says so.",
)
_READ = {
    "whole": Text("全文", "whole"),
    "part": Text("一部分", "in part"),
    "restated": Text("只见转述", "as restated by others"),
    "none": Text("没有读到", "not read"),
}
_HEAD_TEXT = (Text("文本", "text"), Text("读到", "read"))
_DUTIES = Text("已知而未检查的义务", "Duties known and not decided")
_DUTIES_INTRO = Text(
    "与特别规定事项有关、但条文没有读到的义务。这里不作判断，请对照原文自行检查；"
    "读到条文以后，才写成规则。",
    "Duties that belong to the special provisions, whose text was not read. They are not decided "
    "here: check them against the text. Each becomes a rule when its text has been read.",
)
_QUESTIONS = Text("没有答案的法律问题", "Questions of law without an answer")
_EXCLUDING = Text("相互矛盾的申报", "Declarations that exclude each other")
_EXCLUDING_INTRO = Text(
    "同时申报时，后一项视为不知道：无论哪一项属实都违反的规则才算违反，结论取决于它的为无法判断，"
    "并写明两处位置；更正其中一项即可。出自 `policies/contradictions.yaml`。",
    "Where both are declared, the second counts as not known: a rule is violated only if it is "
    "broken whichever is true, and unknown where it depends on that; both places are named. "
    "Correct one of them. They are written in `policies/contradictions.yaml`.",
)
_OPEN = Text("各条的未决之处", "Open points of each provision")
_HEAD_READING = (
    Text("问题", "question"),
    Text("这里的处理", "handling here"),
    Text("改变方法", "how to change it"),
)
_HEAD_NUMBER = (
    Text("数字", "number"),
    Text("取值", "value"),
    Text("可信程度", "confidence"),
    Text("来源", "source"),
    Text("所用规则", "rules"),
    Text("改变方法", "how to change it"),
)
_HEAD_DUTY = (
    Text("规定", "provision"),
    Text("义务", "duty"),
    Text("没有读到的条文", "text that was not read"),
)
_HEAD_QUESTION = (Text("规定", "provision"), *_HEAD_READING[:2])
_HEAD_EXCLUDING = (
    Text("申报", "declared"),
    Text("矛盾的申报", "excludes"),
    Text("理由", "because"),
)
_NOTHING_OF = Text("没有一项：{none}", "nothing such that {none}")
_NOTHING = Text("“{each}”中没有任何一项", "nothing at all in “{each}”")
_SUM_OF = Text("{of}的合计不等于它", "a different sum of {of}")
_HEAD_ARTICLE = (
    Text("条文", "article"),
    Text("可信程度", "confidence"),
    Text("来源", "source"),
    Text("所用规则", "rules"),
)


def page(lang: Lang) -> str:
    """Return the whole page in one language."""
    policies = default_policies()
    rules = [obligation for policy in policies for obligation in policy.obligations]
    parts = [f"# {said(_TITLE, lang)}", _plain(_INTRO, lang)]
    known = _data()
    parts += [_heading(_READINGS, lang)]
    parts += [_listed(_HEAD_READING, known["readings"], ("question", "handling", "change"), lang)]
    parts += [_heading(_NUMBERS, lang), _plain(_NUMBERS_INTRO, lang), _numbers(rules, lang)]
    parts += [_heading(_ARTICLES, lang), _plain(_ARTICLES_INTRO, lang), _articles(rules, lang)]
    parts += [_heading(_TEXTS, lang), _plain(_TEXTS_INTRO, lang), _texts(rules, lang)]
    parts += [_heading(_DUTIES, lang), _plain(_DUTIES_INTRO, lang)]
    parts += [_listed(_HEAD_DUTY, known["duties"], ("duty", "text"), lang)]
    parts += [_heading(_QUESTIONS, lang)]
    parts += [_listed(_HEAD_QUESTION, known["questions"], ("question", "handling"), lang)]
    parts += [_heading(_EXCLUDING, lang), _plain(_EXCLUDING_INTRO, lang), _excluding(lang)]
    parts += [_heading(_OPEN, lang), *_open(policies, lang)]
    return "\n\n".join(parts) + "\n"


def _plain(text: Text, lang: Lang) -> str:
    return text.zh if lang == "zh" else text.en


def _heading(text: Text, lang: Lang) -> str:
    return f"## {said(text, lang)}"


def _numbers(rules: list[Obligation], lang: Lang) -> str:
    used: dict[tuple[str, Text], tuple[Named, list[str]]] = {}
    for rule in rules:
        for named in rule.relies_on:
            if any(one.confidence != "primary" for one in holding(named, date.max)):
                amount = amount_on(named, date.max, rule.each)
                used.setdefault((named.id, amount), (named, []))[1].append(rule.rule_id)
    rows = [
        (
            f"{said(named.title, lang)} (`{named.id}`)",
            said(amount, lang),
            *_sources(named, lang),
            ", ".join(ids),
            "`parameters.yaml`",
        )
        for (_, amount), (named, ids) in used.items()
    ]
    return table([said(name, lang) for name in _HEAD_NUMBER], rows)


def _sources(named: Named, lang: Lang) -> tuple[str, str]:
    """Say how sure the values of a number are that are not checked, and where they come from."""
    unsure = [one for one in holding(named, date.max) if one.confidence != "primary"]
    sure = dict.fromkeys(said(CONFIDENCE[one.confidence], lang) for one in unsure)
    sources = dict.fromkeys(said(one.source, lang) for one in unsure if one.source)
    return "; ".join(sure), "; ".join(sources)


def _excluding(lang: Lang) -> str:
    known = contradictions()
    rows = []
    for one in known.contradictions:
        declared, denied = one.declared, one.denied
        each = denied.each or f"{declared.each}.{denied.inside}"
        some = sentence(declared.where, declared.each, title_of, word_of)
        none = _NOTHING_OF.format(none=sentence(denied.none, each, title_of, word_of))
        if denied.none is ANYTHING:
            none = _NOTHING.format(each=title_of(each))
        rows.append((said(some, lang), said(none, lang), said(one.because, lang)))
    rows += [
        (
            said(title_of(one.fact), lang),
            said(_SUM_OF.format(of=title_of(f"{one.of}.{one.add}")), lang),
            said(one.because, lang),
        )
        for one in known.sums
    ]
    return table([said(name, lang) for name in _HEAD_EXCLUDING], rows)


def _articles(rules: list[Obligation], lang: Lang) -> str:
    used: dict[tuple[str, str], tuple[Version, list[str]]] = {}
    for rule in rules:
        for citation in rule.cites:
            for version in citation.versions:
                if version.confidence != "primary":
                    article = f"{said(citation.statute, lang)} {said(version.article, lang)}"
                    name = f"{article}: {said(citation.subject, lang)}"
                    known = used.setdefault((name, str(version.effective_from)), (version, []))
                    known[1].append(rule.rule_id)
    rows = [
        (
            name,
            said(CONFIDENCE[version.confidence], lang),
            said(version.source, lang),
            ", ".join(dict.fromkeys(ids)),
        )
        for (name, _), (version, ids) in used.items()
    ]
    return table([said(name, lang) for name in _HEAD_ARTICLE], rows)


def _texts(rules: list[Obligation], lang: Lang) -> str:
    """Say of each text that is cited how much of it was read."""
    cited = dict.fromkeys(citation.statute for rule in rules for citation in rule.cites)
    read = {name: how for how, names in _data()["texts"].items() for name in names}
    rows = [(said(text, lang), said(_READ[read[text.zh]], lang)) for text in cited]
    return table([said(name, lang) for name in _HEAD_TEXT], sorted(rows, key=lambda row: row[1]))


def _data() -> Any:
    return yaml.load(OPEN.read_text("utf-8"), Loader=yaml.CSafeLoader)


def _listed(
    head: tuple[Text, ...], entries: list[Mapping[str, Any]], keys: tuple[str, ...], lang: Lang
) -> str:
    rows = [
        (
            *([", ".join(entry["provisions"])] if "provisions" in entry else []),
            *(said(Text(**entry[key]), lang) for key in keys),
        )
        for entry in entries
    ]
    return table([said(name, lang) for name in head], rows)


def _open(policies: tuple[Policy, ...], lang: Lang) -> Iterator[str]:
    for policy in policies:
        if policy.limits:
            yield f"**{policy.id} {said(policy.title, lang)}** {said(policy.limits, lang)}"
