"""A violation in a few lines: the duty, what is wrong on which line, the fix and the law."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pytest_icp.kinds.finding import Finding
from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Location
from pytest_icp.law.text import Lang, Text, in_quotes, plain
from pytest_icp.reports import words as w
from pytest_icp.reports.advice import advice
from pytest_icp.reports.excerpt import caret_lines
from pytest_icp.reports.failure import failure_text, title_of, worst_findings
from pytest_icp.reports.layout import inert, uncommanded, width, wrap
from pytest_icp.reports.words import Language

_MOST = 3
"""Findings that have their line shown; of the others the subject is named, or they are counted."""

_OF = Text(zh="{subject}：{message}", en="{subject}: {message}")
_REQUIRED = Text(zh="；要求：{required}", en="; required: {required}")
_OTHERS = Text(zh="；另有 {n} 个对象相同", en="; the same of {n:more subject}")
_PRINTED = Text(zh="特别规定事项{article}{quote}", en="licence, {provision} {quote}")
_ON_PAGE = Text(zh="许可证{article}{quote}", en="licence, {quote}")
_STATE = "中华人民共和国"
_LAW = Text(zh="依据", en="law")
_COLON = Text(zh="：", en=": ")


def brief_text(result: Result, language: Language, columns: int = 80) -> str:
    """Render the worst findings of a result in a few lines, in one language after the other.

    What somebody has to add or to decide is rendered in full: those lines are to be pasted.
    """
    worst, more = worst_findings(result)
    if not worst or worst[0].review or worst[0].line_to_add:
        return failure_text(result, language, columns)
    langs: tuple[Lang, ...] = ("zh", "en") if language == "both" else (language,)
    return "\n".join(line for lang in langs for line in _lines(result, worst, more, lang, columns))


def _lines(
    result: Result, worst: list[Finding], more: int, lang: Lang, columns: int
) -> Iterator[str]:
    yield from wrap(title_of(result)[lang], columns)
    for finding in worst[:_MOST]:
        yield from _line(finding.location, columns)
        yield from wrap(_sentence(finding)[lang], columns)
    if more := more + len(worst[_MOST:]):
        yield from wrap(w.MORE.format(n=more)[lang], columns)
    label, fix = advice(result, worst[0])
    for head, said in ((label, fix), (_LAW, _law(result, worst[0]))):
        lead = f"{head[lang]}{_COLON[lang]}"
        yield from wrap(lead + said[lang], columns, indent=" " * width(lead))


def _line(spot: Location, columns: int) -> Iterator[str]:
    """Yield the line of a fact with carets under the fact, behind its place if there is room."""
    place, excerpt, column = uncommanded(inert(str(spot))), spot.excerpt, spot.column or 1
    lead = f"{place}: "
    if not excerpt or width(lead + excerpt) > columns:
        yield place
        indented = min(len(excerpt) - len(excerpt.lstrip()), column - 1)
        lead, excerpt, column = "    ", excerpt[indented:], column - indented
    if excerpt:
        yield from caret_lines(excerpt, column, spot.width, columns, lead=lead)


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
