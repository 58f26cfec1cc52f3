"""A result on a terminal: what is wrong on which line, the fix and the law; briefly or in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Other, Verdict
from pytest_icp.kinds.messages import assumed_apart
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.text import Lang, Text, in_quotes, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.as_text import COLON, in_each, text_lines
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
from pytest_icp.reports.layout import width
from pytest_icp.reports.words import Language, in_languages, languages

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


def failure_text(result: Result, language: Language, columns: int = 80) -> str:
    """Render the findings of a result, the worst ones only, within so many columns."""
    return "\n".join(in_each(_whole(result), language, columns))


def _whole(result: Result) -> Iterator[b.Block]:
    worst, more = worst_findings(result)
    yield from _head(result)
    if not worst:
        yield b.paragraph(result.reason)
        return
    yield from findings_of(_entries(result, worst), _MOST, more)
    numbers = ((w.NUMBER, b.line(one)) for one in worst[0].numbers)
    yield b.Rows(((w.MEANING, b.line(result.meaning)), *numbers))
    yield from law(result)


def rule_lines(
    result: Result, findings: Iterable[Finding], more: int, language: Language, columns: int
) -> Iterator[str]:
    """Yield the name of a rule, some of its findings, and how many more there are."""
    found = (one for entry in _entries(result, findings) for one in finding_blocks(entry))
    blocks = (*_head(result), *found, *b.more(more), *parts_of(result))
    yield from text_lines(blocks, language, columns)


def cause_lines(
    finding: Finding, rules: Sequence[str], named: int | None, language: Language, columns: int
) -> Iterator[str]:
    """Yield why several rules cannot be decided, and so many of them, all if it is None."""
    verdict = standing_name(finding.verdict)
    said = plain(", ".join(rules[:named]))
    if more := len(rules) - len(rules[:named]):
        said += plain("; ") + w.MORE.format(n=more)
    rows = ((w.ALSO, others(finding)), (w.RESOURCE, own_resource(finding)), (w.RULES, said))
    blocks = (
        b.paragraph(_RULES.format(n=len(rules), verdict=verdict)),
        b.paragraph(finding.message),
        b.Rows(tuple((label, b.line(text)) for label, text in rows if text.en)),
        *to_add(finding),
    )
    yield from text_lines(blocks, language, columns)


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


def brief_text(result: Result, language: Language, columns: int = 80) -> str:
    """Render the first of the worst findings of a result in a few lines, in each language.

    What somebody has to add or to decide is rendered in full: those lines are to be pasted.
    """
    worst, more = worst_findings(result)
    if not worst or worst[0].review or worst[0].line_to_add:
        return failure_text(result, language, columns)
    return "\n".join(in_each(_brief(result, worst, more, columns), language, columns))


def _brief(result: Result, worst: Sequence[Finding], more: int, columns: int) -> Iterator[b.Block]:
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
