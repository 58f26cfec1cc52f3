"""A result that fails or cannot be decided, printed as a good compiler prints an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from pytest_icp.kinds.finding import Cited, Finding, Verdict
from pytest_icp.kinds.result import PartResult, Result
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, in_quotes, plain
from pytest_icp.reports import words as w
from pytest_icp.reports.advice import advice, decision
from pytest_icp.reports.causes import by_cause, others
from pytest_icp.reports.certainty import own_resource
from pytest_icp.reports.excerpt import caret_lines
from pytest_icp.reports.layout import inert, pad, shortened, to_paste, width, wrap
from pytest_icp.reports.matrix import sign
from pytest_icp.reports.words import Language, each_language, heading, in_languages

_MOST = 10
"""Findings shown whole; the others are counted."""

_RULES = Text(zh="{n} 项规则{verdict}", en="{n:rule} {verdict}")

_LONGEST = 1000
"""Characters of a place, which is on one line however long it is."""


def failure_text(result: Result, language: Language, columns: int = 80) -> str:
    """Render the findings of a result, the worst ones only, within so many columns."""
    worst, more = worst_findings(result)
    lines = [*rule_lines(result, worst, more, language, columns)]
    if not worst:
        return "\n".join([*lines, *_row(w.FOUND, result.reason, language, columns)])
    lines += _law(result, worst[0], language, columns)
    return "\n".join(lines)


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


def rule_lines(
    result: Result, findings: Iterable[Finding], more: int, language: Language, columns: int
) -> Iterator[str]:
    """Yield the name of a rule, some of its findings, and how many more there are."""
    yield from _head(result, language, columns)
    for finding in findings:
        yield from _finding(result, finding, language, columns)
    yield from _more(more, language)
    yield from _parts(result, language, columns)


def cause_lines(
    finding: Finding, rules: Sequence[str], named: int | None, language: Language, columns: int
) -> Iterator[str]:
    """Yield why several rules cannot be decided, and so many of them, all if it is None."""
    verdict = standing_name(finding.verdict)
    head = _RULES.format(n=len(rules), verdict=verdict)
    yield from wrap(in_languages(head, language), columns)
    yield from _place(finding, language, columns)
    yield from _to_add(finding, language, columns)
    said = ", ".join(rules[:named])
    if more := len(rules) - len(rules[:named]):
        said += f"; {in_languages(w.MORE.format(n=more), language)}"
    yield from _row(w.RULES, plain(said), language, columns)


def worst_findings(result: Result) -> tuple[list[Finding], int]:
    """Return the findings to show, of the worst verdict there is, and how many more there are."""
    verdict = min((f.verdict for f in result.binding), key=[*Verdict].index, default=None)
    worst = by_cause(finding for finding in result.binding if finding.verdict is verdict)
    worst.sort(key=lambda finding: finding.hinge is None and not finding.review)
    return worst[:_MOST], len(worst[_MOST:])


def _more(n: int, language: Language) -> Iterator[str]:
    if n:
        yield f"  = {in_languages(w.MORE.format(n=n), language)}"


def _parts(result: Result, language: Language, columns: int) -> Iterator[str]:
    """Yield how each part of a rule stands, with its level."""
    if result.parts:
        yield ""
    names = max((width(part.name) for part in result.parts), default=0)
    for part in result.parts:
        said = in_languages(w.level_text(part.title, part.level), language)
        head = f"  {sign(part)} {pad(part.name, names)}  "
        yield from wrap(f"{head}{said}", columns, indent=" " * width(head))


def _head(result: Result, language: Language, columns: int) -> Iterator[str]:
    name = w.TO_REVIEW if result.to_review else standing_name(result.verdict)
    yield from wrap(f"{result.rule_id} {in_languages(name, language)}", columns)
    for title in each_language(title_of(result), language):
        yield from wrap(f"  {title}", columns, indent="  ")


def title_of(result: Result) -> Text:
    """Return the title of a rule: whether the company set it, and for which licences it is asked.

    Of these nothing is said where the company holds one only.
    """
    said = result.title + w.OF_COMPANY if result.basis == "own" else result.title
    if result.licences:
        said += w.OF_LICENCES.format(licences=", ".join(result.licences))
    return said


def _finding(result: Result, finding: Finding, language: Language, columns: int) -> Iterator[str]:
    yield from _place(finding, language, columns)
    about = result.about(finding)
    if isinstance(about, PartResult) and finding.broken:
        yield from _row(w.PART, w.part_text(about), language, columns)
    as_of = result.as_of[:10]
    if not finding.line_to_add:
        found = finding.found + Text(zh=f"（截至 {as_of}）", en=f" (as of {as_of})")
        yield from _row(w.FOUND, found, language, columns)
        yield from _row(w.REQUIRED, finding.required, language, columns)
    if finding.due:
        yield from _row(w.DUE, _due(finding.due, as_of), language, columns)
    yield from _to_add(finding, language, columns)
    if finding.review:
        yield from wrap(f"  = {heading(w.TO_DECIDE, language)}:", columns, indent="    ")
        yield from to_paste(decision(result, finding), "      + ", columns)


def _place(finding: Finding, language: Language, columns: int) -> Iterator[str]:
    """Yield where a fact is, what is wrong with it, and whose it is."""
    yield ""
    yield from _where(finding, columns)
    absent = bool(finding.line_to_add)
    yield from _excerpt(finding.location, finding.message, language, columns, caret=not absent)
    if finding.subject not in finding.pointer:
        yield from _row(w.SUBJECT, plain(finding.subject), language, columns)
    if finding.others:
        yield from _row(w.ALSO, others(finding), language, columns)
    if (resource := own_resource(finding)).en:
        yield from _row(w.RESOURCE, resource, language, columns)


def _to_add(finding: Finding, language: Language, columns: int) -> Iterator[str]:
    """Yield the lines that would declare what is absent."""
    # As a compiler proposes a change.
    for proposed in (finding, finding.hinge):
        if proposed and proposed.line_to_add:
            at = "" if proposed is finding else f" {inert(str(proposed.location))}"
            yield from wrap(f"  = {heading(w.ADD, language)}:{at}", columns, indent="    ")
            yield from to_paste(proposed.line_to_add, "      + ", columns)


def _where(finding: Finding, columns: int) -> Iterator[str]:
    """Yield the place and the pointer, on two lines where one has no room: neither is broken."""
    place = inert(f"  --> {shortened(str(finding.location), _LONGEST)}")
    fact = inert(shortened(finding.pointer, _LONGEST))
    if width(f"{place}  {fact}") <= columns:
        yield f"{place}  {fact}"
    else:
        yield from (place, f"      {fact}")


def _excerpt(
    location: Location, message: Text, language: Language, columns: int, *, caret: bool
) -> Iterator[str]:
    """Yield the line of the fact with a caret under it, and what is wrong with it.

    A fact that is absent has no line to point to, only one near which it belongs; a line that may
    hold secrets, as those of a plan do, is not quoted.
    """
    said = each_language(message, language)
    if not location.excerpt or not caret:
        for text in said:
            yield from wrap(f"      {text}", columns, indent=" " * 6)
        return
    number = str(location.line)
    gutter = " " * len(number)
    yield f"{gutter} |"
    start, wide = location.column or 1, location.width
    lead, under = f"{number} | ", f"{gutter} | "
    yield from caret_lines(location.excerpt, start, wide, columns, lead=lead, under=under)
    for text in said:
        yield from wrap(f"{gutter} | {text}", columns, indent=f"{gutter} | ")
    yield f"{gutter} |"


def _law(result: Result, finding: Finding, language: Language, columns: int) -> Iterator[str]:
    """Yield what the provision and the statutes say, and how to fix it."""
    yield ""
    own = result.basis == "own"
    if result.quote or own:
        said = plain(f"{result.provision} {result.article}")
        if result.quote:
            said += Text(zh=f"：{in_quotes(result.quote.zh)}", en=f": «{result.quote.en}»")
        yield from _law_row(w.OWN_RULE if own else w.ARTICLE, said, language, columns)
    yield from _law_row(w.MEANING, result.meaning, language, columns)
    # Two sentences of one article are cited apart; without their words they read the same.
    for cited in dict.fromkeys(_cited(cited, result) for cited in finding.cited):
        yield from _law_row(w.STATUTE, cited, language, columns)
    for number in finding.numbers:
        yield from _law_row(w.NUMBER, number, language, columns)
    yield from _law_row(*advice(result, finding), language, columns)


@lru_cache(maxsize=4096)
def _law_row(label: Text, text: Text, language: Language, columns: int) -> tuple[str, ...]:
    """Return a row that is the same in every description, laid out once."""
    return tuple(_row(label, text, language, columns))


def _cited(cited: Cited, result: Result) -> Text:
    """Return an article, with its words where the provision has none."""
    if result.quote or not cited.quote:
        return cited.label
    return cited.label + Text(zh=f"：{in_quotes(cited.quote.zh)}", en=f": «{cited.quote.en}»")


def _row(label: Text, text: Text, language: Language, columns: int) -> Iterator[str]:
    head = f"  = {pad(heading(label, language) + ':', 10)}"
    for words in each_language(text, language):
        yield from wrap(head + words, columns, indent=" " * 14)
        head = " " * 14


def _due(due: str, as_of: str) -> Text:
    days = (date.fromisoformat(as_of) - date.fromisoformat(due)).days
    template = w.DUE_PAST if days > 0 else w.DUE_AHEAD
    return template.format(day=due, n=abs(days))
