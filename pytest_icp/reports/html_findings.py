"""The rules of a run on the page: each with its findings, its article and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pytest_icp.kinds.result import LocatedFinding, Result
from pytest_icp.law.text import Text
from pytest_icp.reports import labels as say
from pytest_icp.reports import words as w
from pytest_icp.reports.advice import advice
from pytest_icp.reports.certainty import resource_of
from pytest_icp.reports.entries import Entry, Grade, worst_first
from pytest_icp.reports.glance import NAMES, Standing, standing
from pytest_icp.reports.html_words import anchor, excerpt, paragraphs, plain_words, words
from pytest_icp.reports.run import Trouble
from pytest_icp.reports.words import Language

SIGNS = {
    Standing.VIOLATED: "✗",
    Standing.UNKNOWN: "?",
    Standing.ADVISORY: "!",
    Standing.WAIVED: "‖",
    Standing.SATISFIED: "✓",
    Standing.NOT_APPLICABLE: "–",
}
MOST_RESULTS = 500
"""Rules shown in full, and as many again in short; a browser has to bear the page."""

_MOST_FINDINGS = 20
_WHOLE = {Standing.VIOLATED, Standing.UNKNOWN, Standing.ADVISORY, Standing.WAIVED}


def css(standing_: Standing) -> str:
    """Return the class of a standing."""
    return standing_.value.replace(" ", "-")


def troubles(found: Sequence[Trouble], lang: Language) -> Iterator[str]:
    """Yield what could not be judged."""
    for trouble in found[:MOST_RESULTS]:
        yield '<article class="not-judged">'
        yield f'<h3><span class="badge">✗ {words(say.NOT_JUDGED, lang)}</span> '
        yield f"{plain_words(trouble.description, 200)}</h3>"
        yield f"<p>{words(trouble.message, lang)}</p>"
        if trouble.hint.en:
            yield f"<p>{words(trouble.hint, lang)}</p>"
        yield f"<p><code>{plain_words(str(trouble.spot), 200)}</code></p>"
        yield f"{excerpt(trouble.spot)}</article>"
    yield from _more(len(found) - MOST_RESULTS, lang)


def rules(results: Sequence[Result], entries: Iterable[Entry], lang: Language) -> Iterator[str]:
    """Yield every rule, the worst first; those that are met in one line each."""
    of_result: dict[int, list[Entry]] = {}
    for entry in entries:
        of_result.setdefault(id(entry.result), []).append(entry)
    order = {how: i for i, how in enumerate(Standing)}
    ordered = sorted(results, key=lambda result: order[standing(result)])
    named: set[str] = set()
    for whole in (True, False):
        group = [result for result in ordered if (standing(result) in _WHOLE) is whole]
        for result in group[:MOST_RESULTS]:
            name = anchor(result.rule_id)
            own = "" if name in named else f' id="{name}"'
            named.add(name)
            yield from _rule(result, of_result.get(id(result), []), own, lang, whole=whole)
        yield from _more(len(group) - MOST_RESULTS, lang)


def _more(n: int, lang: Language) -> Iterator[str]:
    if n > 0:
        yield f"<p>{words(w.MORE.format(n=n), lang)}</p>"


def _rule(
    result: Result, found: list[Entry], own: str, lang: Language, *, whole: bool
) -> Iterator[str]:
    how = standing(result)
    small = "" if whole else " small"
    badge = f'<span class="badge">{SIGNS[how]} {words(NAMES[how], lang)}</span>'
    yield f'<article class="rule {css(how)}{small}"{own}>'
    yield f"<h3>{badge} {plain_words(result.rule_id, 80)} {words(result.title, lang, 300)}</h3>"
    if not whole:
        yield f'<p class="soft">{words(result.reason, lang)}</p></article>'
        return
    yield f'<p class="soft">{plain_words(result.description, 200)}</p>'
    shown = [entry for entry in found if entry.grade is not Grade.DUE_SOON]
    for entry in shown[:_MOST_FINDINGS]:
        yield from _finding(entry, lang)
    yield from _more(len(shown) - _MOST_FINDINGS, lang)
    yield from _law(result, shown, lang)
    yield "</article>"


def _finding(entry: Entry, lang: Language) -> Iterator[str]:
    finding = entry.finding
    known = f" ({words(say.KNOWN, lang)})" if entry.known else ""
    yield '<div class="finding">'
    yield f"<p><strong>{words(finding.message, lang)}</strong>{known}</p>"
    yield f"<p><code>{plain_words(str(finding.spot), 200)}</code></p>"
    if finding.line_to_add:
        lines = "\n".join(plain_words(line, 200) for line in finding.line_to_add.split("\n")[:40])
        yield f'<p>{words(w.ADD, lang)}</p><pre tabindex="0">{lines}</pre>'
    else:
        yield excerpt(finding.spot)
    yield f"<dl>{''.join(_sides(finding, lang))}</dl></div>"


def _sides(finding: LocatedFinding, lang: Language) -> Iterator[str]:
    yield f"<dt>{words(say.SUBJECT, lang)}</dt><dd>{plain_words(finding.subject, 200)}</dd>"
    if finding.spot.resource:
        yield _pair(w.RESOURCE, resource_of(finding.spot), lang)
    if not finding.line_to_add:
        for label, text in ((w.FOUND, finding.found), (w.REQUIRED, finding.required)):
            if text.en:
                yield _pair(label, text, lang)
    if finding.due:
        yield f"<dt>{words(w.DUE, lang)}</dt><dd>{plain_words(finding.due)}</dd>"


def _pair(label: Text, text: Text, lang: Language) -> str:
    return f"<dt>{words(label, lang)}</dt><dd>{words(text, lang)}</dd>"


def _law(result: Result, shown: Sequence[Entry], lang: Language) -> Iterator[str]:
    """Yield the waiver, what the provision and the statutes say, and how to mend it."""
    if result.waived:
        waiver = w.WAIVER.format(
            expires=result.waived.expires, owner=result.waived.owner, reason=result.waived.reason
        )
        yield f"<p>{words(waiver, lang)}</p>"
    if result.quote:
        article = plain_words(f"{result.provision} {result.article}", 80)
        yield f"<blockquote><p>{article}</p>{''.join(paragraphs(result.quote, lang))}</blockquote>"
    label, what = advice(result, worst_first(shown)[0].finding)
    yield f"<dl>{_pair(label, what, lang)}{_pair(w.MEANING, result.meaning, lang)}</dl>"
    cited = list(dict.fromkeys(result.cited))
    if cited:
        yield f"<details><summary>{words(w.STATUTE, lang)} ({len(cited)})</summary>"
        for one in cited:
            yield f"<p>{words(one.label, lang)}</p>"
            if one.quote:
                yield f"<blockquote>{''.join(paragraphs(one.quote, lang))}</blockquote>"
        yield "</details>"
