"""A page for each rule (规则): what it means, the law, the facts, an example, how to fix it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from handbook.markdown import Lang, quoted, said

from pytest_icp.authoring.cases import Case
from pytest_icp.facts.fields import asked_of, roles, title_of
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import standing_name
from pytest_icp.kinds.words import amount_on, holding
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import explain as w
from pytest_icp.reports.explain import GROUNDS, ground_of
from pytest_icp.reports.method import gates, kind_sentence, method
from pytest_icp.reports.words import PRACTICE, breach_text, level_text
from pytest_icp.rules.policy import Citation, Obligation, Policy, facts_needed, facts_read
from pytest_icp.rules.practice import breach_of
from website.examples import Example, facts_shown
from website.fact_pages import fact_link
from website.provision_pages import named, numbered
from website.rule_table import rule_table
from website.text import Pages, found_as, heading, listed, page, rows

_TITLE = Text("规则", "Rules")
_INTRO = Text(
    "每条规则有一页说明：许可证怎么写、依据哪一条法律、要看哪些事实、怎样算违反、违反了怎么办。"
    "规则的标识（如 `SP12/renewal`）写在每一份报告中，页面的地址由它组成，不会改变。",
    "One page for each rule: the words of the licence, the law behind it, the facts it reads, an "
    "example that violates it, and how to fix a violation. The id of a rule (such as "
    "`SP12/renewal`) is in every report; the address of its page is made of it and stays.",
)
_ALSO = Text("**也叫**：{words}", "**Also called:** {words}")
_EXAMPLE = Text("违反的例子", "A violation")
_EXAMPLE_DAY = Text("截至 **{day}**，事实是：", "As of **{day}**, with these facts:")
_VERDICT = Text("结论是**{verdict}**：", "The rule is **{verdict}**:")
_FOUND = Text("实际：", "found: ")
_REQUIRED = Text("要求：", "required: ")
_LAW = Text("法律依据", "The law")
_SPACE = Text("", ", ")
_NUMBER_HEAD = (
    Text("数字", "number"),
    Text("取值", "value"),
    Text("来源", "source"),
    Text("核对", "checked"),
)
_FACT_HEAD = (Text("事实", "fact"), Text("写在", "written as"), Text("谁知道", "who knows"))
_OPEN_LINK = Text(
    "全文、理解和未决之处见[{article}]({link})。",
    "The whole text, its reading and its open points are with [{article}]({link}).",
)
_CASES = Text("用例", "Its cases")
_CASES_INTRO = Text(
    "写明结论的情形共 {n} 个，每次发布前都由程序重新判断。说明是英文原文。",
    "{n} situations with their right answer; each is decided anew before every release.",
)
_CASES_SHOW = Text("列出全部用例", "Show all cases")
_CASE_HEAD = (Text("截至", "as of"), Text("结论", "verdict"), Text("情形", "situation"))
_TERMINAL = Text("在终端查看：", "At a terminal: ")
_STOP = Text("。", ".")


def rule_pages(
    policies: Sequence[Policy],
    lang: Lang,
    cases: Mapping[str, Sequence[Case]],
    examples: Mapping[str, Example],
    words: Mapping[str, Sequence[Text]],
) -> Pages:
    """Return the page of each rule, and the one that lists them."""
    pages = {
        f"rules/{o.rule_id}": _rule(
            policy,
            o,
            lang,
            cases.get(o.rule_id, ()),
            examples.get(o.rule_id),
            words.get(f"rules/{o.rule_id}", ()),
        )
        for policy in policies
        for o in policy.obligations
    }
    return {"rules/index": _index(policies, lang), **pages}


def _index(policies: Sequence[Policy], lang: Lang) -> str:
    parts = [heading(1, _TITLE, lang), _INTRO[lang]]
    for policy in policies:
        parts.append(heading(2, named(policy), lang))
        parts.append(rule_table(policy.obligations, lang, below=""))
    return page(*parts)


def _pursued(rule: Obligation, lang: Lang) -> str:
    """Say how much authorities pursue a breach of a rule, where anything was read of it."""
    breach = breach_of(rule.rule_id)
    return f"**{said(PRACTICE, lang)}** {said(breach_text(breach), lang)}" if breach else ""


def _rule(
    policy: Policy,
    rule: Obligation,
    lang: Lang,
    cases: Sequence[Case],
    example: Example | None,
    words: Sequence[Text],
) -> str:
    where = f"../../provisions/{policy.id}.md"
    link = f"[{said(named(policy), lang)}]({where})"
    facts = [f"`{rule.rule_id}`", w.LEVELS[rule.level][lang], GROUNDS[ground_of(rule)][lang]]
    called = list(dict.fromkeys(one for word in words for one in _names(word, lang)))
    return page(
        heading(1, rule.title, lang),
        found_as([rule.rule_id]),
        " · ".join([*facts, link]),
        _ALSO[lang].format(words=listed(called, lang)) if called else "",
        *(quoted(rule.quote, one) for one in _shown(lang) if rule.quote),
        heading(2, w.MEANING, lang),
        said(rule.meaning, lang),
        _pursued(rule, lang),
        "" if rule.quote or rule.basis != "statute" else w.NOT_PRINTED[lang],
        heading(2, w.FIX, lang),
        said(rule.fix, lang),
        *(_example(example, lang) if example else ()),
        *_law(rule.cites, lang),
        *_numbers(rule, lang),
        *_facts(policy, rule, lang),
        *_how(policy, rule, lang),
        *_cases(cases, lang),
        f"{_TERMINAL[lang]}`pytest-icp explain {rule.rule_id}`",
        _OPEN_LINK[lang].format(article=numbered(policy)[lang], link=where),
        orphan=True,
    )


def _names(word: Text, lang: Lang) -> tuple[str, ...]:
    """Return what a rule is called: on English pages in Chinese as well, as people ask for it."""
    return tuple(word[one] for one in reversed(_shown(lang)))


def _shown(lang: Lang) -> tuple[Lang, ...]:
    """Return the languages of what the licence prints: English is its translation."""
    return ("zh",) if lang == "zh" else ("zh", "en")


def _example(example: Example, lang: Lang) -> Iterator[str]:
    finding = example.finding
    yield heading(2, _EXAMPLE, lang)
    yield _EXAMPLE_DAY[lang].format(day=_day(example.case))
    yield f"```yaml\n{facts_shown(example, lang)}```"
    verdict = standing_name(finding.verdict)
    yield _VERDICT.format(verdict=verdict)[lang]
    lines = [said(finding.message, lang) + _STOP[lang], ""]
    told = ((_FOUND, finding.found), (_REQUIRED, finding.required))
    lines += [f"- {label[lang]}{said(text, lang)}" for label, text in told if text]
    yield "> " + "\n> ".join(lines)


def _law(citations: Sequence[Citation], lang: Lang) -> Iterator[str]:
    if citations:
        yield heading(2, _LAW, lang)
    for one in citations:
        for v in one.versions:
            name = f"**{said(one.statute, lang)}{_SPACE[lang]}{said(v.article, lang)}**"
            span = w.SPAN if v.effective_to else w.SINCE
            when = span[lang].format(since=v.effective_from, until=v.effective_to)
            sure = f"{when} · {said(w.CONFIDENCE[v.confidence], lang)}"
            yield f"{name} {said(one.subject, lang)}\\\n{sure}"
            if v.quote:
                yield quoted(v.quote, lang)


def _numbers(rule: Obligation, lang: Lang) -> Iterator[str]:
    if not rule.relies_on:
        return
    yield heading(2, w.NUMBERS, lang)
    cells = (
        (
            said(one.title, lang),
            said(amount_on(one, date.max, rule.each), lang),
            "; ".join(dict.fromkeys(said(v.source, lang) for v in values if v.source)),
            ", ".join(dict.fromkeys(said(w.CONFIDENCE[v.confidence], lang) for v in values)),
        )
        for one in rule.relies_on
        for values in [holding(one, date.max)]
    )
    yield rows(_NUMBER_HEAD, cells, lang)


def _facts(policy: Policy, rule: Obligation, lang: Lang) -> Iterator[str]:
    read = facts_read(rule)
    more = [path for path in facts_needed(policy, rule) if path not in read]
    yield heading(2, w.FACTS, lang)
    yield rows(_FACT_HEAD, (_fact(path, lang) for path in read), lang)
    if more:
        yield heading(3, w.GATING, lang)
        yield rows(_FACT_HEAD, (_fact(path, lang) for path in more), lang)


def _fact(path: str, lang: Lang) -> tuple[str, str, str]:
    role = asked_of(path)
    words = f"[{said(title_of(path), lang)}](../../{fact_link(path)})"
    return words, f"`{path}`", said(roles()[role], lang) if role else ""


def _how(policy: Policy, rule: Obligation, lang: Lang) -> Iterator[str]:
    yield heading(2, w.HOW, lang)
    for one in rule.each_part:
        if one.part:
            yield heading(3, level_text(plain(f"{one.part} ") + one.title, one.level), lang)
        yield said(kind_sentence(one), lang)
        steps = dict.fromkeys((*gates(policy.applies, title_of), *method(one, title_of)))
        yield "\n".join(f"- **{said(label, lang)}** {said(text, lang)}" for label, text in steps)


def _cases(cases: Sequence[Case], lang: Lang) -> Iterator[str]:
    if not cases:
        return
    yield heading(2, _CASES, lang)
    yield _CASES_INTRO[lang].format(n=len(cases))
    show = html.escape(_CASES_SHOW[lang])
    cells = [(_day(one), standing_name(Verdict(one.verdict))[lang], one.name) for one in cases]
    lines = [_line("th", [name[lang] for name in _CASE_HEAD]), *(_line("td", row) for row in cells)]
    yield "\n".join(
        [f"<details><summary>{show}</summary>", "<table>", *lines, "</table>", "</details>"]
    )


def _line(cell: str, words: Iterable[str]) -> str:
    """Return a row of HTML: thousands of cases take a while to read as Markdown."""
    return "<tr>" + "".join(f"<{cell}>{html.escape(one)}</{cell}>" for one in words) + "</tr>"


def _day(case: Case) -> str:
    return case.as_of.replace("T", " ")
