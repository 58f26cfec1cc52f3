"""The page of the provisions (特别规定事项): words, duties, facts, deadlines, law, an example."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import breaking
import yaml

import pytest_icp
from handbook.markdown import Lang, quoted, said, table
from pytest_icp.authoring.cases import read_cases
from pytest_icp.engine import decide, prepare
from pytest_icp.facts.files.properties import property_at
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.words import amount_on, holding
from pytest_icp.law.text import Text, in_quotes, plain
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.explain import CONFIDENCE, GROUNDS, LEVELS, ground_of, unverified
from pytest_icp.reports.method import kind_sentence, method
from pytest_icp.reports.words import PRACTICE
from pytest_icp.rules.numbers import Named
from pytest_icp.rules.policy import Citation, Obligation, Policy, facts_read
from pytest_icp.rules.practice import breach_of, breaches

CASES = Path(__file__).parents[2] / "tests" / "cases"
DAY = "2026-11-24"
"""The day of the examples; which wording of the law was in force when is shown for every day."""

_TITLE = Text("特别规定事项逐条说明", "The special provisions, one by one")
_INTRO = Text(
    "本页由 `policies/` 生成，请勿手工修改：修改规定后运行 `python docs/handbook`。"
    "条文逐字照录许可证，连同其中的疏漏；许可证没有印出的，写明规则的来源。每项义务的示例取自"
    " `examples/broken/faults/`，其他业务的取自各自示例旁的 `faults.yaml`，"
    f"以 {DAY} 为截止日。本页不构成法律意见；默认值、有歧义之处和未核对的数字见"
    "[法律说明](legal-notes.zh.md)。",
    "This page is generated from `policies/`: do not edit it; run `python docs/handbook` after a "
    "change there. The text of each provision is the licence as printed, including its errors, "
    "with a translation; where the licence prints none, it says where the rules come from. The "
    "example of each duty comes from `examples/broken/faults/`, for other lines of business from "
    f"`faults.yaml` beside their example, as of {DAY}. This is not legal advice; defaults, "
    "ambiguities and unverified numbers are in the [legal notes](legal-notes.md).",
)
_PROVISION = Text("规定", "provision")
_CASES = Text("用例", "cases")
_MANDATORY = Text("强制规则", "mandatory rules")
_ADVISORY = Text("建议或者须由人认定的规则", "advisory or review rules")
_UNVERIFIED = Text("依据未核对法条的规则", "rules on unverified law")
_GROUNDS: Mapping[Text, tuple[str, ...]] = {
    Text("印出", "printed"): ("licence", "both"),
    Text("法律法规", "statute"): ("statute",),
    Text("待核实", "to be confirmed"): ("unconfirmed",),
}
_COUNTS = Text(
    "“用例”是 `tests/cases/` 中写明结论的情形；“印出”的规则依据许可证印出的条文，“法律法规”的依据"
    "读到原文的法条，“待核实”的依据只见转述的法规或者通知，后两种许可证没有印出；“依据未核对法条的规则”引用的现行"
    "法条或者所用的数字，有一处没有读到官方或者完整的文本。",
    "“Cases” are situations with their right answer in `tests/cases/`. “Printed” rules rest on "
    "words of the licence, “statute” on articles that were read, “to be confirmed” on a statute or "
    "notice as others restate it; the licence prints neither. “Rules on unverified law” cite an "
    "article in force, or use a number, that was not read in an official or a full text.",
)
_SUBJECT = Text("内容", "about")
_PURSUED = Text("查处较多的违反行为", "What authorities pursue most")
_ORDER = Text(
    "报告、`explain`、`init` 和下表中的规则按此排列，其余规则依原来的次序排在其后。位次按公开名单、"
    "通报和评审结果中被点名的多少，混有几个机关和年份，不是罚款次数：没有读到任何一份完整的通信管理局行政处罚"
    "决定书，也没有读到因未标明许可证编号被处罚的。没有列出的规则，是没有读到，不是没有人查处。"
    "出自 `policies/practice.yaml`。",
    "Rules are listed in this order in reports, by `explain` and `init` and below; all others come "
    "after them as before. The rank is by how often companies are named in public lists, notices "
    "and reviews, of several authorities and years; it does not count fines: no full decision of a "
    "Communications Administration was read, and none about a missing licence number. Nothing was "
    "read of a rule that is not listed, which does not mean that nobody pursues it. It is written "
    "in `policies/practice.yaml`.",
)
_NUMBERED = Text("被点名次数居第 {rank} 位", "number {rank} by how often companies are named")
_RANK = Text("位次", "rank")
_BREACH = Text("违反", "breach")
_RULES = Text("规则", "rules")
_READ = Text("所见", "what was read")
_SOURCES = Text("出处", "where")
_READING = Text("理解", "Reading")
_LIMITS = Text("未决之处", "Open points")
_QUOTE = Text("条文：{zh}", "Text: “{en}” ({zh})")
_HOW = Text("判断", "Decided by")
_FACTS = Text("所用事实", "Facts read")
_NUMBERS = Text("数字", "Numbers")
_LAW = Text("法律依据", "Law")
_FIX = Text("整改", "To fix")
_VIOLATED = Text("违反示例", "Violated, for example")
_SINCE = Text("{since} 起", "from {since}")
_SPAN = Text("{since} 至 {until}", "{since} to {until}")
_STOP = Text("。", ".")


@dataclass(frozen=True)
class Example:
    """A fault of one rule and what is then said: the facts changed, why, found and required."""

    changes: Mapping[str, object]
    why: Text
    message: Text


def examples() -> dict[str, Example]:
    """Break a sound description once for each rule or part, and keep what that says."""
    duties = {
        one.own_id: (p, one)
        for p in default_policies()
        for o in p.obligations
        for one in o.each_part
    }
    sound = {of: breaking.sound(of) for of in breaking.SOUND_ONES}
    found: dict[str, Example] = {}
    with tempfile.TemporaryDirectory() as folder:
        for of in sound:
            (Path(folder) / breaking.folder_of(of)).mkdir(exist_ok=True)
            breaking.copy_files(Path(folder) / breaking.folder_of(of), of)
        for fault in breaking.faults():
            path = Path(folder) / breaking.folder_of(fault.of) / "example.icp.json"
            document = breaking.broken(sound[fault.of], fault)
            path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
            scene = prepare(pytest_icp.load(path), as_of=as_of_instant(DAY))
            findings = decide(scene, *duties[fault.rule]).findings
            message = findings[0].message if findings else plain("")
            found[fault.rule] = Example(fault.changes, Text(**fault.why), message)
    return found


@cache
def _cases() -> dict[str, int]:
    return {file.provision: len(file.cases) for file in read_cases(CASES)}


def page(lang: Lang, violated: Mapping[str, Example]) -> str:
    """Return the whole page in one language."""
    policies = default_policies()
    columns = (_PROVISION, _SUBJECT, _CASES, *_GROUNDS, _MANDATORY, _ADVISORY, _UNVERIFIED)
    cases = _cases()
    rows = [
        (
            f"[{p.id}](#{p.id.lower()})",
            f"{p.article} {said(p.title, lang)}",
            str(cases[p.id]),
            *(
                str(sum(ground_of(o) in ground for o in p.obligations))
                for ground in _GROUNDS.values()
            ),
            str(sum(o.level == "mandatory" for o in p.obligations)),
            str(sum(o.level != "mandatory" for o in p.obligations)),
            str(sum(map(unverified, p.obligations))),
        )
        for p in policies
    ]
    parts = [f"# {said(_TITLE, lang)}"]
    parts += [text.zh if lang == "zh" else text.en for text in (_INTRO, _COUNTS)]
    parts += [table([said(name, lang) for name in columns], rows)]
    parts += [f"## {said(_PURSUED, lang)}", _ORDER[lang], _breaches(policies, lang)]
    for policy in policies:
        parts += _provision(policy, lang, violated)
    return "\n\n".join(parts) + "\n"


def _breaches(policies: Iterable[Policy], lang: Lang) -> str:
    """Return what authorities pursue most, with the rules that each breach ranks."""
    columns = (_RANK, _BREACH, _RULES, _READ, _SOURCES)
    ids = [one.rule_id for policy in policies for one in policy.obligations]
    rows = [
        (
            str(one.rank),
            said(one.title, lang),
            ", ".join(f"`{rule}`" for rule in ids if one.names(rule)),
            said(one.found, lang),
            "; ".join((*one.sources, one.read_on.isoformat())),
        )
        for one in breaches()
    ]
    return table([said(name, lang) for name in columns], rows)


def _provision(policy: Policy, lang: Lang, violated: Mapping[str, Example]) -> Iterator[str]:
    yield f'<a id="{policy.id.lower()}"></a>'
    yield f"## {policy.id} {policy.article} {said(policy.title, lang)}"
    yield from words_of(policy, lang)
    if policy.reading:
        yield f"**{said(_READING, lang)}** {said(policy.reading, lang)}"
    if policy.limits:
        yield f"**{said(_LIMITS, lang)}** {said(policy.limits, lang)}"
    for obligation in policy.obligations:
        yield from duty(obligation, lang, violated)


def words_of(policy: Policy, lang: Lang) -> Iterator[str]:
    """Yield what the licence prints, in English with a translation; else what a pack is about."""
    if not policy.is_printed:
        yield said(policy.text, lang)
        return
    yield quoted(policy.text, "zh")
    if lang == "en":
        yield quoted(policy.text, "en")


def duty(obligation: Obligation, lang: Lang, violated: Mapping[str, Example]) -> Iterator[str]:
    """Yield what the page says of one rule, and of each of its parts."""
    yield f"### {obligation.rule_id} {said(obligation.title, lang)}"
    yield f"{said(obligation.meaning, lang)}"
    rows = [
        f"- {said(LEVELS[obligation.level], lang)} · {said(GROUNDS[ground_of(obligation)], lang)}"
    ]
    if obligation.quote:
        rows.append(_quote(obligation.quote, lang))
    if breach := breach_of(obligation.rule_id):
        rows.append(f"- {said(PRACTICE, lang)}: {said(_NUMBERED.format(rank=breach.rank), lang)}")
    if not obligation.parts:
        yield "\n".join([*rows, *_decided(obligation, lang)])
        yield from _example(violated.get(obligation.own_id), lang)
        return
    yield "\n".join(rows)
    for part in obligation.parts:
        yield f"#### `{part.part}` {said(part.title, lang)}"
        if part.meaning != obligation.meaning:
            yield f"{said(part.meaning, lang)}"
        rows = [f"- {said(LEVELS[part.level], lang)} · {said(GROUNDS[ground_of(part)], lang)}"]
        if part.quote and part.quote != obligation.quote:
            rows.append(_quote(part.quote, lang))
        yield "\n".join([*rows, *_decided(part, lang)])
        yield from _example(violated.get(part.own_id), lang)


def _quote(words: Text, lang: Lang) -> str:
    return f"- {said(_QUOTE.format(zh=Text(in_quotes(words.zh), words.zh), en=words.en), lang)}"


def _decided(obligation: Obligation, lang: Lang) -> Iterator[str]:
    """Yield how an obligation is decided, by which law, and how it is fixed."""
    yield f"- {said(_HOW, lang)}: {_how(obligation, lang)}"
    facts = ", ".join(f"`{path}`" for path in facts_read(obligation))
    yield f"- {said(_FACTS, lang)}: {facts}"
    numbers = (_number(one, obligation, lang) for one in obligation.relies_on)
    yield from (f"- {said(_NUMBERS, lang)}: {one}" for one in numbers)
    yield from (f"- {said(_LAW, lang)}: {_law(one, lang)}" for one in obligation.cites)
    yield f"- {said(_FIX, lang)}: {said(obligation.fix, lang)}"


def _example(example: Example | None, lang: Lang) -> Iterator[str]:
    if example:
        yield f"{said(_VIOLATED, lang)}: {said(example.why, lang)}{said(_STOP, lang)}"
        yield f"```yaml\n{_changes(example)}```"
        yield f"→ {said(example.message, lang)}"


def _how(obligation: Obligation, lang: Lang) -> str:
    told = method(obligation, _name)
    rows = [f"{said(label, lang)} {said(text, lang)}" for label, text in told]
    return "; ".join([f"`{obligation.kind}`, {said(kind_sentence(obligation), lang)}", *rows])


def _number(named: Named, rule: Obligation, lang: Lang) -> str:
    value = said(amount_on(named, date.max, rule.each), lang)
    found = dict.fromkeys(said(CONFIDENCE[v.confidence], lang) for v in holding(named, date.max))
    return f"{said(named.title, lang)}: {value} (`{named.id}`, {', '.join(found)})"


def _law(citation: Citation, lang: Lang) -> str:
    """Name an article under each number it has had, and since when."""
    spans = "; ".join(
        f"{said(v.article, lang)} ({said(_when(v.effective_from, v.effective_to), lang)}, "
        f"{said(CONFIDENCE[v.confidence], lang)})"
        for v in citation.versions
    )
    return f"{said(citation.statute, lang)}, {said(citation.subject, lang)}: {spans}"


def _when(since: date, until: date | None) -> Text:
    return _SPAN.format(since=since, until=until) if until else _SINCE.format(since=since)


def _changes(example: Example) -> str:
    return yaml.safe_dump(dict(example.changes), allow_unicode=True, sort_keys=False, width=100)


def _name(path: str) -> Text:
    found = property_at("description", path)
    return found.title if found else plain(path)
