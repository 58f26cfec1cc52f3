"""A result on a terminal: what is wrong on which line, the fix and the law; briefly or in full."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Other, Verdict, as_one
from pytest_icp.kinds.locator import gap_of, of_one_gap
from pytest_icp.kinds.messages import assumed_apart
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing, standing_name
from pytest_icp.law.text import Lang, Text, in_quotes, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.as_text import COLON
from pytest_icp.reports.entries import Entry, by_cause, others
from pytest_icp.reports.findings import (
    advice,
    finding_blocks,
    findings_of,
    law,
    numbered,
    own_resource,
    parts_of,
    subject_title,
    to_add,
)
from pytest_icp.reports.layout import pad, width
from pytest_icp.reports.words import Language, in_languages, languages
from pytest_icp.rules.practice import by_practice

_MOST = 10
"""Findings that are shown in full; the others are counted."""

_RULES = Text(zh="{n} 项规则{verdict}", en="{n:rule} {verdict}")
_OF = Text(zh="{subject}：{message}", en="{subject}: {message}")
_REQUIRED = Text(zh="；要求：{required}", en="; required: {required}")
_PRINTED = (
    Text(zh="{article}", en="licence, {provision}"),
    Text(zh="{printed}{quote}", en="{printed} {quote}"),
)
_ON_PAGE = (
    Text(zh="许可证{article}", en="licence"),
    Text(zh="{printed}{quote}", en="{printed}, {quote}"),
)
_SEMICOLON = Text(zh="；", en="; ")

_SENTENCE = {"zh": re.compile("[。；]"), "en": re.compile(r"[.;](?:\s|$)")}
"""What ends a sentence, or a part of one that stands for itself."""

_PARTS = {
    "zh": re.compile("(?:中华人民共和国)?(.*?)(?:（.+）)?(第.+|)", re.DOTALL),
    "en": re.compile(r"(.*?)(?:, Art\. (.+)|)", re.DOTALL),
}
"""The name of a law without its number, and the article."""

_ORDER = re.compile(r".+\((\w+ Order \d+)\)")
_MEASURES = re.compile(r"(Measures|Provisions) on the Administration of (.+)")

_LABELS = (
    *(w.FOUND, w.REQUIRED, w.DUE, w.SUBJECT, w.ALSO, w.RESOURCE, w.PART, w.MEANING, w.NUMBER),
    *(w.FIX, w.TO_DO, w.DECIDE, w.LAW, w.STATUTE, w.RULES, w.WHO),
)
_NAMES = "|".join(text for label in _LABELS for text in (label.zh, label.en))
_CARETS = re.compile(r" *+\^++")
_LABEL = re.compile(f"(?:{_NAMES})(?:: |：)")
_PLACE = re.compile(r"\A[^\s:]++:[0-9]++:[0-9]++(?=: |\Z)")

_WOULD_BE = "would be violated "

Rule = tuple[str, str]
"""A description and the id of a rule that is decided of it."""


def headline(result: Result, language: Language) -> str:
    """Return in one line what is wrong, and of what is not violated for certain how it stands.

    A user's own check may name no subject; then its reason is what there is.
    """
    (first, *_), _ = worst_findings(result) if result.binding else ([None], 0)
    name = w.TO_REVIEW if first and first.review else standing_name(result.verdict)
    said = in_languages(sentence(first, 0) if first else result.reason, language)
    violated = first is not None and first.verdict is Verdict.VIOLATED
    return said if violated else f"{in_languages(name, language)}: {said}"


def worst_findings(result: Result) -> tuple[list[Finding], int]:
    """Return the findings to show, of the worst verdict there is, and how many more there are."""
    verdict = min((f.verdict for f in result.binding), key=[*Verdict].index, default=None)
    worst = by_cause(finding for finding in result.binding if finding.verdict is verdict)
    worst.sort(key=lambda finding: finding.hinge is None and not finding.review)
    return worst[:_MOST], len(worst[_MOST:])


# ---- In full


def failure(result: Result) -> Iterator[b.Block]:
    """Yield the findings of a result, the worst ones only, and the law that it rests on."""
    worst, more = worst_findings(result)
    yield from _head(result)
    if not worst:
        yield b.paragraph(result.reason)
        return
    yield from findings_of(_entries(result, worst), _MOST, more)
    numbers = ((w.NUMBER, b.line(one)) for one in worst[0].numbers)
    yield b.Rows(((w.MEANING, b.line(result.meaning)), *numbers))
    yield from law(result)


def _head(result: Result) -> Iterator[b.Block]:
    name = w.TO_REVIEW if result.to_review else standing_name(result.verdict)
    yield b.paragraph(result.rule_id, name)
    own = w.OF_COMPANY if result.basis == "own" else plain("")
    yield b.paragraph(result.title + own + _of_licences(result))


def _of_licences(result: Result) -> Text:
    """Return for which licences a rule is asked; nothing where the company holds one only."""
    named = ", ".join(result.licences)
    return w.OF_LICENCES.format(licences=named) if named else plain("")


def _entries(result: Result, findings: Iterable[Finding]) -> list[Entry]:
    return [
        Entry(result=result, standing=result.standing, finding=one, fingerprint="")
        for one in findings
    ]


# ---- In a few lines


def sentence(finding: Finding, columns: int | None = None) -> Text:
    """Return what is wrong, of which subject, and what is required if that does not say so.

    What is required is left out where both do not fit into so many columns.
    """
    said = assumed_apart(finding.message)
    if finding.subject not in said.en:
        # The place is said beside it.
        named = finding.subject.removeprefix(f"{finding.location.path}:")
        said = _OF.format(subject=subject_title(named), message=said)
    if finding.required.en in said.en or finding.due:
        return said
    whole = said + _REQUIRED.format(required=finding.required)
    return whole if columns is None or _widest(whole) <= columns else said


def _widest(text: Text) -> int:
    return max(width(text.zh), width(text.en))


def brief(result: Result, columns: int = 80) -> Iterator[b.Block]:
    """Yield the first of the worst findings of a result, for a few lines of so many columns.

    What somebody has to add or to decide is told in full: those lines are to be pasted.
    """
    worst, more = worst_findings(result)
    if not worst or worst[0].review or worst[0].line_to_add:
        yield from failure(result)
        return
    first = worst[0]
    yield b.paragraph(sentence(first, columns) + _of_licences(result))
    yield b.Excerpt(first.location)
    label, fix = advice(result, first)
    rows = (
        (w.ALSO, _also(worst, more, columns)),
        (label, _to_begin_with(fix, columns)),
        (w.LAW, _law(result, first, columns)),
    )
    yield b.Rows(tuple((name, b.line(said)) for name, said in rows if said.en))


def _also(worst: Sequence[Finding], more: int, columns: int) -> Text:
    """Return the further subjects of a rule, with their places if a line holds these."""
    first, *rest = worst
    beside = [Other(subject=one.subject, pointer="", place=str(one.location)) for one in rest]
    of_rest = sum(len(one.others) for one in rest)
    every = (*beside, *first.others)
    for named in (every, [replace(one, place="") for one in every]):
        said = others(replace(first, others=tuple(named)), more + of_rest)
        if _widest(said) + len("also: ") <= columns:
            return said
    return w.MORE.format(n=len(every) + of_rest + more)


def first_sentence(text: Text) -> Text:
    """Return the first sentence of a text in each language, without the sign that ends it."""
    zh, en = (_SENTENCE[lang].split(text[lang])[0] for lang in languages("both"))
    return Text(zh=zh, en=en)


def _to_begin_with(fix: Text, columns: int) -> Text:
    """Return the whole of a fix where a line holds it, else its first sentence."""
    first = first_sentence(fix)
    room = columns - len("fix: ")
    zh, en = (fix[lang] if width(fix[lang]) <= room else first[lang] for lang in languages("both"))
    return Text(zh=zh, en=en)


def _law(result: Result, finding: Finding, columns: int) -> Text:
    """Return the words of the licence and the articles, as many as a line holds."""
    own = plain(f"{result.provision} {result.article}") + w.OF_COMPANY
    printed = own if result.basis == "own" else plain("")
    quoted = printed
    if result.quote:
        where, with_words = _ON_PAGE if result.provision == "LIC" else _PRINTED
        printed = where.format(article=numbered(result.article), provision=result.provision)
        quote = Text(zh=in_quotes(result.quote.zh), en=in_quotes(result.quote.en))
        quoted = with_words.format(printed=printed, quote=quote)
    labels = [one.label for one in finding.cited]
    zh, en = (
        _in_a_line(quoted[lang], printed[lang], labels, lang, columns) for lang in languages("both")
    )
    return Text(zh=zh, en=en)


def _in_a_line(quoted: str, printed: str, labels: Sequence[Text], lang: Lang, columns: int) -> str:
    """Return what is printed, quoted if there is room for all, and as many laws as there is."""
    laws = list(_together((one[lang] for one in labels), lang))
    room = columns - width(f"{w.LAW[lang]}{COLON[lang]}")
    said = _SEMICOLON[lang].join(filter(None, (quoted, *laws)))
    for left in range(len(laws)):
        if width(said) <= room:
            break
        more = w.MORE.format(n=left)[lang] if left else ""
        named = laws[: len(laws) - left]
        said = _SEMICOLON[lang].join(filter(None, (printed, *named, more)))
    return said


def _together(labels: Iterable[str], lang: Lang) -> Iterator[str]:
    """Yield each law once, with its articles: “Cybersecurity Law, Art. 23(3), 61(1)”."""
    laws: dict[str, dict[str, None]] = {}
    for label in labels:
        law, article = _PARTS[lang].fullmatch(label).groups("")  # type: ignore[union-attr]  # any text is one
        laws.setdefault(_short(law), {})[article] = None
    for law, articles in laws.items():
        named = w.COMMA[lang].join(filter(None, articles))
        yield f"{law}{', Art. ' if lang == 'en' and named else ''}{named}"


def _short(law: str) -> str:
    """Return the name by which an order or measures are called, in English."""
    if order := _ORDER.fullmatch(law):
        return order[1]
    return _MEASURES.sub(r"\2 \1", law)


# ---- What cannot be decided


def by_urgency(results: Iterable[Result]) -> list[Result]:
    """Return unknown results: those that would be violated first, then those that fail a run."""
    return sorted(
        results, key=lambda one: (not one.would_be_violated, one.standing is not Standing.UNKNOWN)
    )


def _rule(result: Result) -> Rule:
    return result.description, result.rule_id


def undecided(results: Iterable[Result], *, named: int | None) -> list[Iterator[b.Block]]:
    """Return the blocks for each cause that several rules have, and for each rule with its own.

    What would be violated comes first, then what keeps most rules from being decided. So many
    rules of a cause are ``named``; None for all of them.
    """
    told = [(result, *worst_findings(result)) for result in by_urgency(results)]
    causes: dict[Hashable, dict[Rule, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for result, findings, _ in told:
        for finding in findings:
            causes[_cause(result, finding)][_rule(result)].append(finding)
    urgent: list[Iterator[b.Block]] = []
    others: list[Iterator[b.Block]] = []
    for result, findings, more in told:
        own = [one for one in findings if len(causes[_cause(result, one)]) == 1]
        if own or more or not findings:
            of_rule = _of_rule(result, own, more)
            (urgent if result.would_be_violated else others).append(of_rule)
    shared = [rules for rules in causes.values() if len(rules) > 1]
    shared.sort(key=lambda rules: -len(rules))
    return [*urgent, *(_of_cause(rules, named) for rules in shared), *others]


def would_be(results: Iterable[Result]) -> list[b.Block]:
    """Return a row for each rule that would be violated, and on which condition.

    The most pursued come first. A row that is too long is cut: what is found is below, with -v.
    """
    told = sorted(results, key=lambda one: by_practice(one.rule_id))
    found = [(one, worst_findings(one)[0]) for one in told if one.would_be_violated]
    rows = [(one.rule_id, next(f for f in of_one if f.hinge)) for one, of_one in found]
    room = max((width(rule) for rule, _ in rows), default=0)
    lines: list[b.Block] = []
    for rule, finding in rows:
        said = sentence(finding)
        # The title has said the rest.
        short = Text(zh=said.zh, en=said.en.replace(_WOULD_BE, "", 1))
        lines.append(b.paragraph(f"{pad(rule, room)} ", short, style="cut"))
    return lines


def _of_rule(result: Result, findings: Iterable[Finding], more: int) -> Iterator[b.Block]:
    """Yield the name of a rule, some of its findings, and how many more there are."""
    yield from _head(result)
    for entry in _entries(result, findings):
        yield from finding_blocks(entry)
    yield from b.more(more)
    yield from parts_of(result)


def _of_cause(rules: Mapping[Rule, Sequence[Finding]], named: int | None) -> Iterator[b.Block]:
    """Yield why several rules cannot be decided, and so many of them, all if it is None."""
    findings = [finding for found in rules.values() for finding in found]
    one = of_one_gap(findings) if gap_of(findings[0]) else as_one(findings)
    if one.left_out:
        # Which words to add is said where the facts are that are to be declared.
        near = replace(one.location, excerpt="")
        one = replace(one, message=w.LEFT_OUT, location=near, line_to_add="")
    # Rules on several subjects may lack one fact of the whole description.
    one = replace(one, others=tuple(each for each in one.others if each.pointer != one.pointer))
    names = sorted(rule for _, rule in rules)
    said = plain(", ".join(names[:named]))
    if more := len(names) - len(names[:named]):
        said += plain("; ") + w.MORE.format(n=more)
    rows = ((w.ALSO, others(one)), (w.RESOURCE, own_resource(one)), (w.RULES, said))
    yield b.paragraph(_RULES.format(n=len(names), verdict=standing_name(one.verdict)))
    yield b.paragraph(one.message)
    yield b.Rows(tuple((label, b.line(text)) for label, text in rows if text.en))
    yield from to_add(one)


def _cause(result: Result, finding: Finding) -> Hashable:
    """Return what findings of several rules have in common that have one cause.

    What would be violated, and what a person must decide, is a matter of its rule alone. Whatever
    is left out of a description and usually so is one cause.
    """
    alone = finding.hinge or finding.review
    if finding.left_out and not alone:
        return result.description
    said = gap_of(finding) or finding.message
    own = (result.rule_id, finding.pointer) if alone else finding.line_to_add
    return result.description, str(finding.location), said, own


# ---- In colours


class Markup(Protocol):
    """Gives a text colours, or leaves it as it is: `TerminalWriter.markup`."""

    def __call__(self, text: str, **markup: bool) -> str:
        """Return the text with the styles that are true, such as ``bold``."""
        ...


def coloured(lines: Iterable[str], markup: Markup, *, colour: str) -> Iterator[str]:
    """Yield the lines of a finding in colours; the first, which names its rule, in its own."""
    for number, line in enumerate(lines):
        yield markup(line, bold=True, **{colour: True}) if not number else _line(line, markup)


def _line(line: str, markup: Markup) -> str:
    if _CARETS.fullmatch(line):
        return markup(line, bold=True, red=True)
    for pattern, style in ((_LABEL, "bold"), (_PLACE, "cyan")):
        if found := pattern.match(line):
            return markup(found[0], **{style: True}) + line[found.end() :]
    return line
