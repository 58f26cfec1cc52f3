"""HTML: one page that needs nothing else, for a reader without a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from pytest_icp.law.text import Text
from pytest_icp.reports import labels as say
from pytest_icp.reports import words as w
from pytest_icp.reports.duties import Duty, duties, left
from pytest_icp.reports.entries import entries
from pytest_icp.reports.glance import NAMES, Glance, Row, Standing, glance
from pytest_icp.reports.html_findings import SIGNS, css, rules, troubles
from pytest_icp.reports.html_style import allowed, sheet
from pytest_icp.reports.html_timeline import timeline
from pytest_icp.reports.html_words import anchor, plain_in, plain_words, words
from pytest_icp.reports.run import Run
from pytest_icp.reports.whose import telling_of
from pytest_icp.reports.words import Language

_TITLE = Text(zh="许可证特别规定事项核对报告", en="Special provisions of the licence: report")
_SKIP = Text(zh="跳到结果", en="Skip to the rules")
_SHOW = Text(zh="显示", en="Show")
_LANGUAGE = Text(zh="语言", en="Language")
_BOTH = Text(zh="双语", en="Both")
_RULES = Text(zh="规则", en="Rules")
_MATRIX = Text(zh="按规定汇总", en="By provision")
_DUTIES = Text(zh="期限", en="Last days")
_STATE = Text(zh="状态", en="State")
_NONE = Text(zh="没有带期限的事项。", en="No duty has a last day.")
_STATES = {
    "overdue": Text(zh="已逾期", en="overdue"),
    "soon": Text(zh="即将到期", en="due soon"),
    "later": Text(zh="以后到期", en="later"),
}
_DOTS = {"overdue": "■", "soon": "▲", "later": "●"}
_HIDDEN = {Standing.SATISFIED, Standing.NOT_APPLICABLE}
"""What is not shown at first: what is well."""

_MOST_DUTIES = 60
_MOST_ROWS = 200
_MOST_CHIPS = 60


def html(run: Run) -> str:
    """Return a run as a page without scripts; its boxes and buttons are those of the browser."""
    return "\n".join(line for line in _page(run) if line) + "\n"


def _page(run: Run) -> Iterator[str]:
    lang = run.language
    seen = glance(run)
    style = sheet([css(how) for how in Standing])
    title = plain_in(_TITLE, lang)
    yield "<!DOCTYPE html>"
    yield f'<html lang="{"en" if lang == "en" else "zh-CN"}"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{allowed(style)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>"
    yield f"<style>{style}</style></head><body>"
    yield f'<a class="skip" href="#rules">{words(_SKIP, lang)}</a>'
    yield from _header(run, seen)
    yield "<main>"
    if run.troubles:
        yield f"<section><h2>{words(say.NOT_JUDGED, lang)}</h2>"
        yield from troubles(run.troubles, lang)
        yield "</section>"
    yield from _matrix(seen, lang)
    yield from _duties(run)
    yield f'<section id="rules"><h2>{words(_RULES, lang)}</h2>'
    yield from _filters(seen, lang)
    yield from rules(run.results, entries(run), lang)
    yield "</section></main></body></html>"


def _header(run: Run, seen: Glance) -> Iterator[str]:
    """Yield the verdict, as of when, and the choice of language."""
    lang = run.language
    worst = next((how for how in Standing if seen.counts[how]), Standing.NOT_APPLICABLE)
    if run.troubles:
        worst = Standing.VIOLATED
    yield f"<header><h1>{words(_TITLE, lang)}</h1>"
    yield f'<p class="verdict {css(worst)}"><span class="sign">{SIGNS[worst]}</span> '
    yield f"{words(seen.word, lang)}</p>"
    yield f'<ul class="numbers">{"".join(_numbers(seen, lang))}</ul>'
    judged = say.JUDGED.format(
        day=run.as_of[:10], provisions=len(seen.rows), rules=sum(seen.counts.values())
    )
    parts = [words(judged, lang)]
    if run.ignored:
        parts.append(words(say.IGNORED.format(n=len(run.ignored)), lang))
    version = f" {run.version}" if run.version else ""
    yield f'<p class="soft">{"<br>".join(parts)}<br>pytest-icp{plain_words(version)}</p>'
    if lang == "both":
        yield f"<fieldset><legend>{words(_LANGUAGE, lang)}</legend>"
        for name, text in (("both", plain_in(_BOTH, lang)), ("zh", "中文"), ("en", "English")):
            checked = " checked" if name == "both" else ""
            box = f'<input type="radio" name="language" id="{name}"{checked}>'
            yield f'<label for="{name}">{box} {text}</label>'
        yield "</fieldset>"
    yield "</header>"


def _numbers(seen: Glance, lang: Language) -> Iterator[str]:
    """Yield how many rules stand how."""
    for how in Standing:
        if seen.counts[how]:
            sign = f'<span class="sign {css(how)}" aria-hidden="true">{SIGNS[how]}</span>'
            yield f"<li>{sign} {words(NAMES[how], lang)} <strong>{seen.counts[how]}</strong></li>"


def _filters(seen: Glance, lang: Language) -> Iterator[str]:
    """Yield a box for each standing that occurs; what is well is folded away at first."""
    yield f"<fieldset><legend>{words(_SHOW, lang)}</legend>"
    for how in Standing:
        if seen.counts[how]:
            name = f"show-{css(how)}"
            checked = "" if how in _HIDDEN else " checked"
            sign = f'<span class="sign {css(how)}">{SIGNS[how]}</span>'
            yield (
                f'<label for="{name}"><input type="checkbox" id="{name}"{checked}> {sign} '
                f"{words(NAMES[how], lang)} ({seen.counts[how]})</label>"
            )
    yield "</fieldset>"


def _matrix(seen: Glance, lang: Language) -> Iterator[str]:
    """Yield the table of provisions: the numbers, and a sign for each rule."""
    if not seen.rows:
        return
    columns = [how for how in Standing if seen.counts[how]]
    yield f"<section><h2>{words(_MATRIX, lang)}</h2>"
    yield '<div class="wide-table"><table class="matrix"><thead><tr>'
    yield f'<th scope="col">{words(say.PROVISION, lang)}</th>'
    for how in columns:
        sign = f'<span class="sign {css(how)}" aria-hidden="true">{SIGNS[how]}</span>'
        name = f'<span class="unseen">{words(NAMES[how], lang)}</span>'
        title = plain_in(NAMES[how], lang)
        yield f'<th scope="col" class="count" title="{title}">{sign}{name}</th>'
    yield f'<th scope="col">{words(_RULES, lang)}</th></tr></thead><tbody>'
    for row in seen.rows[:_MOST_ROWS]:
        name = f"<strong>{plain_words(row.provision, 60)}</strong> {words(row.title, lang, 200)}"
        counts = "".join(f'<td class="count">{row.counts[how] or ""}</td>' for how in columns)
        yield f'<tr><th scope="row">{name}</th>{counts}<td>{_chips(row, lang)}</td></tr>'
    yield "</tbody></table></div>"
    if len(seen.rows) > _MOST_ROWS:
        yield f"<p>{words(w.MORE.format(n=len(seen.rows) - _MOST_ROWS), lang)}</p>"
    yield "</section>"


def _chips(row: Row, lang: Language) -> str:
    """Return the rules of a provision as links, the worst first, each as it stands worst."""
    order = {how: i for i, how in enumerate(Standing)}
    worst: dict[str, Standing] = {}
    for rule, how in row.rules:
        worst[rule] = min(worst.get(rule, how), how, key=order.__getitem__)
    chips = []
    ordered = sorted(worst.items(), key=lambda one: order[one[1]])
    for rule, how in ordered[:_MOST_CHIPS]:
        name = plain_words(rule.partition("/")[2] or rule, 60)
        title = plain_in(NAMES[how], lang)
        chips.append(
            f'<li><a class="{css(how)}" href="#{anchor(rule)}" title="{title}">'
            f'<span aria-hidden="true">{SIGNS[how]}</span> {name}</a></li>'
        )
    more = "<li>…</li>" if len(worst) > _MOST_CHIPS else ""
    return f'<ul class="chips">{"".join(chips)}{more}</ul>'


def _duties(run: Run) -> Iterator[str]:
    """Yield the timeline, drawn for a wide page and for a narrow one, and the same as a table."""
    lang = run.language
    yield f"<section><h2>{words(_DUTIES, lang)}</h2>"
    every = duties(run)
    # Those nearest to the day of the run, if there are too many for one drawing.
    nearest = sorted(every, key=lambda duty: abs(duty.days))[:_MOST_DUTIES]
    near = {id(duty) for duty in nearest}
    shown = [duty for duty in every if id(duty) in near]
    if not shown:
        yield f"<p>{words(_NONE, lang)}</p></section>"
        return
    today = date.fromisoformat(run.as_of[:10])
    yield "<figure>"
    for name, across in (("wide", 1000), ("narrow", 360)):
        yield from timeline(shown, today, lang, across, name)
    legend = " &nbsp; ".join(
        f'<span class="key {state}"><span class="sign">{_DOTS[state]}</span> {words(text, lang)}'
        "</span>"
        for state, text in _STATES.items()
    )
    yield f"<figcaption>{legend}</figcaption></figure>"
    yield from _table(shown, telling_of(run.results), lang)
    if len(every) > len(shown):
        yield f"<p>{words(w.MORE.format(n=len(every) - len(shown)), lang)}</p>"
    yield "</section>"


def _table(shown: Sequence[Duty], names: Mapping[str, str], lang: Language) -> Iterator[str]:
    yield f"<details><summary>{words(_DUTIES, lang)} ({len(shown)})</summary>"
    yield '<div class="wide-table"><table><thead><tr>'
    for label in (say.DAY, say.LEFT, _STATE, say.RULE, say.SUBJECT):
        yield f'<th scope="col">{words(label, lang)}</th>'
    yield "</tr></thead><tbody>"
    for duty in shown:
        note = f" ~ {words(w.PROVISIONAL, lang)}" if duty.provisional else ""
        waived = f" ({words(say.WAIVED, lang)})" if duty.waived else ""
        rule = f'<a href="#{anchor(duty.rule_id)}">{plain_words(duty.rule_id, 80)}</a>'
        name = names[duty.description]
        where = f"<br><code>{plain_words(name, 120)}</code>" if name else ""
        cells = (
            f"{duty.last}{note}",
            words(left(duty), lang),
            words(_STATES[duty.state], lang) + waived,
            f"{rule} {words(duty.title, lang, 200)}{where}",
            plain_words(duty.subject, 120),
        )
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</tbody></table></div></details>"
