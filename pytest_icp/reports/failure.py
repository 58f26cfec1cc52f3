"""A result on a terminal: what is wrong on which line, the fix and the law; briefly or in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.text import Text, in_quotes, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.advice import advice
from pytest_icp.reports.as_text import in_each, text_lines
from pytest_icp.reports.causes import by_cause, others
from pytest_icp.reports.certainty import own_resource
from pytest_icp.reports.entries import Entry
from pytest_icp.reports.findings import finding_blocks, findings_of, law, parts_of, to_add
from pytest_icp.reports.words import Language, in_languages

_MOST, _FEW = 10, 3
"""Findings that are shown in full, and briefly; the others are counted."""

_RULES = Text(zh="{n} 项规则{verdict}", en="{n:rule} {verdict}")
_OF = Text(zh="{subject}：{message}", en="{subject}: {message}")
_REQUIRED = Text(zh="；要求：{required}", en="; required: {required}")
_OTHERS = Text(zh="；另有 {n} 个对象相同", en="; the same of {n:more subject}")
_PRINTED = Text(zh="特别规定事项{article}{quote}", en="licence, {provision} {quote}")
_ON_PAGE = Text(zh="许可证{article}{quote}", en="licence, {quote}")
_STATE = "中华人民共和国"


def headline(result: Result, language: Language) -> str:
    """Return in one line what is wrong: the verdict, the due date and the first finding.

    A user's own check may name no subject; then its reason is what there is.
    """
    name, due = standing_name(result.verdict), w.DUE
    if not result.binding:
        return f"{in_languages(name, language)}: {in_languages(result.reason, language)}"
    (first, *_), _ = worst_findings(result)
    if first.review:
        name = w.TO_REVIEW
    if first.due:
        name += Text(zh=f"，{due.zh} {first.due}", en=f", {due.en} {first.due}")
    return f"{in_languages(name, language)}: {in_languages(first.message, language)}"


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
    yield b.paragraph(_title(result))


def _title(result: Result) -> Text:
    """Return the title of a rule: whether the company set it, and for which licences it is asked.

    Of these nothing is said where the company holds one only.
    """
    said = result.title + w.OF_COMPANY if result.basis == "own" else result.title
    if result.licences:
        said += w.OF_LICENCES.format(licences=", ".join(result.licences))
    return said


def _entries(result: Result, findings: Iterable[Finding]) -> list[Entry]:
    return [
        Entry(result=result, standing=result.standing, finding=one, fingerprint="")
        for one in findings
    ]


# ---- In a few lines


def brief_text(result: Result, language: Language, columns: int = 80) -> str:
    """Render the worst findings of a result in a few lines, in one language after the other.

    What somebody has to add or to decide is rendered in full: those lines are to be pasted.
    """
    worst, more = worst_findings(result)
    if not worst or worst[0].review or worst[0].line_to_add:
        return failure_text(result, language, columns)
    return "\n".join(in_each(_brief(result, worst, more), language, columns))


def _brief(result: Result, worst: Sequence[Finding], more: int) -> Iterator[b.Block]:
    yield b.paragraph(_title(result))
    for finding in worst[:_FEW]:
        yield b.Excerpt(finding.location)
        yield b.paragraph(_sentence(finding))
    yield from b.more(more + len(worst[_FEW:]))
    label, fix = advice(result, worst[0])
    yield b.Rows(((label, b.line(fix)), (w.LAW, b.line(_law(result, worst[0])))))


def _sentence(finding: Finding) -> Text:
    """Return what is wrong, of which subject, and what is required if that does not say so."""
    said = finding.message
    if finding.subject not in said.en and finding.subject not in finding.pointer:
        said = _OF.format(subject=finding.subject, message=said)
    if finding.required.en not in said.en and not finding.due:
        said += _REQUIRED.format(required=finding.required)
    if finding.others:
        said += _OTHERS.format(n=len(finding.others))
    return said


def _law(result: Result, finding: Finding) -> Text:
    """Return the words of the licence and the articles, those of one law together."""
    printed = Text(zh="", en="")
    if result.quote:
        form = _ON_PAGE if result.provision == "LIC" else _PRINTED
        quote = Text(zh=in_quotes(result.quote.zh), en=in_quotes(result.quote.en))
        printed = form.format(article=result.article, provision=result.provision, quote=quote)
    elif result.basis == "own":
        printed = plain(f"{result.provision} {result.article}")
    labels = [cited.label for cited in finding.cited]
    zh = [printed.zh, *_together((one.zh for one in labels), _parted_zh, "、")]
    en = [printed.en, *_together((one.en for one in labels), _parted_en, ", ")]
    return Text(zh="；".join(filter(None, zh)), en="; ".join(filter(None, en)))


def _parted_zh(label: str) -> tuple[str, str]:
    law, mark, article = label.partition("第")
    return (law, mark + article) if law and article else (label, "")


def _parted_en(label: str) -> tuple[str, str]:
    law, mark, article = label.rpartition(", Art. ")
    return (law + mark, article) if law and article else (label, "")


def _together(
    labels: Iterable[str], parted: Callable[[str], tuple[str, str]], comma: str
) -> Iterator[str]:
    """Yield each law once, with its articles: “Cybersecurity Law, Art. 23(3), 61(1)”."""
    laws: dict[str, dict[str, None]] = {}
    for label in labels:
        law, article = parted(label.removeprefix(_STATE))
        laws.setdefault(law, {})[article] = None
    for law, articles in laws.items():
        yield law + comma.join(articles)
