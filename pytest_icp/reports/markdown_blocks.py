"""The blocks of a Markdown report: what was not judged, findings, due dates, a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import OPEN, Standing, standing_name
from pytest_icp.law.text import Text
from pytest_icp.reports import labels
from pytest_icp.reports import words as w
from pytest_icp.reports.advice import advice, decision
from pytest_icp.reports.causes import others
from pytest_icp.reports.certainty import own_resource
from pytest_icp.reports.duties import HORIZON_DAYS, Duty, duties, left
from pytest_icp.reports.entries import Entry
from pytest_icp.reports.licences import urgent
from pytest_icp.reports.markdown_text import code, escaped, inline, rule_link
from pytest_icp.reports.overview import Overview
from pytest_icp.reports.run import Run, Trouble
from pytest_icp.reports.whose import names_of_results
from pytest_icp.reports.words import Language, each_language, in_languages

_MOST_ROWS = 60
MOST_DUTIES = 12
_MOST_FINDINGS = 5
_MOST_TROUBLES = 30
SIGNS = {
    Standing.VIOLATED: "❌",
    Standing.UNKNOWN: "❓",
    Standing.ADVISORY: "⚠️",
    Standing.ADVISORY_UNKNOWN: "❔",
    Standing.WAIVED: "⏸️",
    Standing.DECIDED: "☑️",
    Standing.SATISFIED: "✅",
    Standing.NOT_APPLICABLE: "➖",
}


def units(text: str) -> int:
    """Return the length of a text in units of UTF-16: where characters are counted, never less.

    GitHub does not say what a character is; those beyond the first 65,536 are two units.
    """
    return len(text.encode("utf-16-le", "replace")) // 2


def joined(parts: Iterable[str]) -> str:
    """Return the text of some parts; two spaces at the end of a line would break it there."""
    text = "\n".join(parts).rstrip()
    return "\n".join(line.rstrip(" ") for line in text.split("\n")) + "\n"


def urgent_of(run: Run) -> Iterator[str]:
    """Yield what is urgent of the licences, before all else."""
    for said in urgent(run.records):
        yield f"> ⏰ **{inline(said, run.language)}**"
        yield ""


def troubles_of(
    sign: str, title: Text, troubles: Sequence[Trouble], lang: Language
) -> Iterator[str]:
    """Yield the first troubles under a title; nothing where there are none."""
    if not troubles:
        return
    yield f"### {sign} {inline(title, lang)}"
    yield ""
    for trouble in troubles[:_MOST_TROUBLES]:
        yield from _trouble(trouble, lang)
    yield from more(len(troubles) - _MOST_TROUBLES, lang)
    yield ""


def _trouble(trouble: Trouble, lang: Language) -> Iterator[str]:
    yield f"- {code(str(trouble.location))} {inline(trouble.message, lang, 300)}"
    if trouble.hint.en:
        yield f"  {inline(trouble.hint, lang, 300)}"


def more(n: int, lang: Language) -> Iterator[str]:
    """Yield in a list how many entries it does not have."""
    if n > 0:
        yield f"- {inline(w.MORE.format(n=n), lang)}"


def table(seen: Overview, lang: Language) -> Iterator[str]:
    """Yield a row for each provision, and the rules that are not met."""
    if not seen.rows:
        return
    signs = [SIGNS[how] for how in seen.standings]
    yield cells(inline(labels.PROVISION, lang), *signs, inline(labels.AMISS, lang))
    yield f"|---{'|--:' * len(signs)}|---|"
    for row in seen.rows[:_MOST_ROWS]:
        name = f"**{escaped(row.provision, 40)}** {inline(row.title, lang, 80)}".rstrip()
        numbers = [str(row.counts[how] or "") for how in seen.standings]
        amiss = row.amiss()
        rules = ", ".join(escaped(rule.partition("/")[2], 40) for rule in amiss[:8])
        more = " …" if len(amiss) > 8 else ""  # noqa: PLR2004 - as many as a cell holds
        yield cells(name, *numbers, rules + more)
    yield ""
    yield from rest(w.MORE, len(seen.rows) - _MOST_ROWS, lang)


def findings(found: Sequence[Entry], run: Run, room: int) -> Iterator[str]:
    """Yield what is not met, folded by rule, as far as there is room; the rest is counted."""
    lang, left_out = run.language, 0
    for grade, group in groupby(found, key=lambda entry: entry.standing):
        if grade not in OPEN:
            continue
        title = f"### {SIGNS[grade]} {inline(standing_name(grade), lang)}"
        for result_entries in _by_result(group):
            block = "\n".join([title, "", *_folded(result_entries, run), ""]).lstrip("\n")
            if units(block) >= room:
                left_out += len(result_entries)
                continue
            room -= units(block) + 1
            title = ""
            yield block
    if left_out:
        yield f"*{inline(labels.CUT.format(n=left_out), lang)}*"
        yield ""


def _by_result(group: Iterator[Entry]) -> Iterator[list[Entry]]:
    for _, of_one in groupby(group, key=lambda one: (one.result.description, one.result.rule_id)):
        yield list(of_one)


def _folded(found: Sequence[Entry], run: Run) -> Iterator[str]:
    """Yield the findings of one result: a line to see, the article and what to do below it."""
    result, lang = found[0].result, run.language
    place = code(str(found[0].finding.location), 120)
    title = inline(result.title, lang, 200)
    yield f"<details><summary><b>{escaped(result.rule_id, 60)}</b> {title} — {place}</summary>"
    yield ""
    if found[0].standing is result.standing or result.standing not in OPEN:
        yield from _parts(result, lang)
    for entry in found[:_MOST_FINDINGS]:
        yield from _finding(entry, lang)
    yield from more(len(found) - _MOST_FINDINGS, lang)
    yield ""
    if result.quote:
        article = f"{escaped(result.provision, 40)} {escaped(result.article, 40)}"
        for words in each_language(result.quote, lang):
            yield f"> {article}: {escaped(words)}"
            yield ">"
        yield ""
    cited = dict.fromkeys(inline(one.label, lang, 200) for one in result.cited)
    what, how = advice(result, found[0].finding)
    for label, texts in ((w.STATUTE, list(cited)), (what, [inline(how, lang)])):
        for text in texts:
            yield f"- **{inline(label, lang)}**: {text}"
    if result.rule_id in run.pages:
        yield f"- **{inline(w.EXPLAINED, lang)}**: {rule_link(result.rule_id, run.pages)}"
    yield ""
    yield "</details>"


def _parts(result: Result, lang: Language) -> Iterator[str]:
    """Yield how each part of a rule stands, with its level."""
    for part in result.parts:
        level = inline(w.LEVELS[part.level], lang)
        title = inline(part.title, lang, 200)
        yield f"- {SIGNS[part.standing]} {code(part.name, 60)} {title} ({level})"
    if result.parts:
        yield ""


def _finding(entry: Entry, lang: Language) -> Iterator[str]:
    finding = entry.finding
    marks = (
        (labels.NEW, entry.new),
        (labels.KNOWN, entry.known),
        (labels.TOLERATED, entry.tolerated),
    )
    known = "".join(f" ({inline(label, lang)})" for label, holds in marks if holds)
    part = f"{code(finding.part, 60)} " if finding.part else ""
    yield f"- {part}{code(finding.subject, 80)} {inline(finding.message, lang, 400)}{known}"
    if finding.others:
        yield f"  - {inline(w.ALSO, lang)}: {inline(others(finding), lang, 300)}"
    if (resource := own_resource(finding)).en:
        yield f"  - {inline(w.RESOURCE, lang)}: {inline(resource, lang, 200)}"
    if not finding.line_to_add:
        for label, text in ((w.FOUND, finding.found), (w.REQUIRED, finding.required)):
            if text.en:
                yield f"  - {inline(label, lang)}: {inline(text, lang, 300)}"
        if finding.due:
            yield f"  - {inline(w.DUE, lang)}: {finding.due}"
    to_add = (finding.hinge or finding).line_to_add
    if finding.review:
        yield f"  - {inline(w.TO_DECIDE, lang)}"
        to_add = decision(entry.result, finding)
    if to_add:
        yield ""
        yield "  <pre>"
        yield from (f"  {escaped(line, 200)}" for line in to_add.split("\n")[:20])
        yield "  </pre>"


def due(run: Run) -> Iterator[str]:
    """Yield what is due next, as a table and as a picture."""
    lang = run.language
    ahead = [duty for duty in duties(run) if duty.days >= 0]
    shown = [duty for duty in ahead if duty.days <= HORIZON_DAYS][:MOST_DUTIES]
    if not ahead:
        return
    yield f"### 📅 {inline(labels.NEXT, lang)}"
    yield ""
    yield from duty_table(shown, run)
    yield from rest(w.LATER, len(ahead) - len(shown), lang)
    if shown:
        yield from _picture(shown, lang)


def duty_table(shown: Sequence[Duty], run: Run) -> Iterator[str]:
    """Yield a table of duties by their last days."""
    lang, names = run.language, names_of_results(run.results)
    if shown:
        yield from header((labels.DAY, labels.LEFT, labels.RULE, labels.SUBJECT), lang)
    for duty in shown:
        mark = " ~" if duty.provisional else ""
        rule = whose_cell(duty.rule_id, names[duty.description], run, duty.part)
        title = f"{rule} {inline(duty.title, lang, 100)}"
        yield cells(f"{duty.last}{mark}", inline(left(duty), lang), title, code(duty.subject, 60))
    yield ""
    if any(duty.provisional for duty in shown):
        yield f"~ {inline(w.PROVISIONAL, lang)}"
        yield ""


def whose_cell(rule_id: str, name: str, run: Run, part: str = "") -> str:
    """Return a rule and its part, with its description where there are several."""
    rule = rule_link(rule_id, run.pages) + (f" {code(part, 60)}" if part else "")
    return f"{rule} {code(name, 80)}" if name else rule


def header(titles: Sequence[Text], lang: Language) -> Iterator[str]:
    """Yield the head of a table."""
    yield cells(*(inline(title, lang) for title in titles))
    yield "|---" * len(titles) + "|"


def cells(*texts: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(texts)} |"


def rest(text: Text, n: int, lang: Language) -> Iterator[str]:
    """Yield below a table how many rows it does not have."""
    if n > 0:
        yield inline(text.format(n=n), lang)
        yield ""


def _picture(shown: Sequence[Duty], lang: Language) -> Iterator[str]:
    """Yield a Mermaid timeline; of what users write it shows nothing but letters and digits."""
    yield "```mermaid"
    yield "timeline"
    yield f"    title {in_languages(labels.TIMELINE, lang)}"
    for day, group in groupby(shown, key=lambda duty: duty.last):
        rules = dict.fromkeys(re.sub("[^A-Za-z0-9/-]", "", duty.rule_id)[:40] for duty in group)
        yield f"    {day} : {' : '.join(rules)}"
    yield "```"
    yield ""
