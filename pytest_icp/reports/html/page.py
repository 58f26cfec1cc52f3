"""One HTML page that needs nothing else, for a reader without a terminal."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from msgspec import Struct

from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing, standing_title
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text
from pytest_icp.reports import labels, since_text, words
from pytest_icp.reports.advice import advice
from pytest_icp.reports.causes import entries_by_cause, others
from pytest_icp.reports.certainty import resource_of
from pytest_icp.reports.duties import duties, left
from pytest_icp.reports.entries import Entry, entries, worst_first
from pytest_icp.reports.html.timeline import STATES, drawing
from pytest_icp.reports.incomplete import incomplete, whole
from pytest_icp.reports.layout import inert, shortened
from pytest_icp.reports.overview import Row, overview
from pytest_icp.reports.run import Run
from pytest_icp.reports.whose import names_of_results
from pytest_icp.reports.words import Language, in_languages

_FOLDER = Path(__file__).parent
_SIGNS = {
    Standing.VIOLATED: "✗",
    Standing.UNKNOWN: "?",
    Standing.ADVISORY: "!",
    Standing.ADVISORY_UNKNOWN: "¿",
    Standing.WAIVED: "‖",
    Standing.SATISFIED: "✓",
    Standing.NOT_APPLICABLE: "–",
}
_ORDER = {how: i for i, how in enumerate(Standing)}
_IN_FULL = {
    Standing.VIOLATED,
    Standing.UNKNOWN,
    Standing.ADVISORY,
    Standing.ADVISORY_UNKNOWN,
    Standing.WAIVED,
}
"""What is shown in full and at first; what is well has one line, and only when it is chosen."""

_MOST = SimpleNamespace(rules=500, findings=20, rows=200, chips=60, duties=60)
"""What of each is shown: a browser has to bear the page."""

_DRAWINGS = {"wide": 1000, "narrow": 360}
"""Pixels across the drawing of the last days, for a wide page and for a phone."""

_BEFORE, _AFTER = 60, 120
"""Characters of a long line that are shown on either side of a fact."""

_COMMAND = re.compile(r"(?<!\S):(?=:)")
"""By which a CI service knows a command when a report is printed into its log."""


def html(run: Run) -> str:
    """Return a run as a page without scripts; its boxes and buttons are those of the browser."""
    style = (_FOLDER / "page.css").read_text("utf-8")
    return (
        environment(run.language)
        .get_template("page.html.jinja")
        .render(
            run=run,
            missed=(*run.troubles, *incomplete(run)),
            seen=overview(run),
            style=Markup(style),  # noqa: S704 - it is ours
            digest=b64encode(sha256(style.encode()).digest()).decode(),
            rules=_rules(whole(run)),
            since=_since(run),
            tolerated=since_text.tolerated(run),
            **_duties(run),
        )
    )


def _since(run: Run) -> SimpleNamespace | None:
    """Return what differs from the state that the run is compared with."""
    if run.since is None:
        return None
    shown = list(since_text.rows(run.since, _MOST.rows))
    return SimpleNamespace(
        title=since_text.title(run.since),
        rows=shown,
        remarks=list(since_text.remarks(run.since)),
        ours=since_text.OURS if any(row.ours for row in shown) else None,
    )


def environment(language: Language) -> Environment:
    """Return the environment of the templates: whatever they write stays text."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    made.globals |= {
        "language": language,
        "labels": labels,
        "terms": words,
        "names": {how: standing_title(how) for how in Standing},
        "signs": _SIGNS,
        "states": STATES,
        "in_full": _IN_FULL,
        "most": _MOST,
    }
    made.filters |= {
        "anchor": anchor,
        "chips": _chips,
        "css": lambda how: how.replace(" ", "-"),
        "excerpt": excerpt,
        "left": left,
        "plain": lambda text: in_languages(text, language),
        "others": others,
        "resource": resource_of,
        "shortened": shortened,
    }
    return made


def _harmless(value: object) -> object:
    """Return what a template writes as text that neither a page nor a terminal obeys."""
    if isinstance(value, Markup):
        return value
    text = escape(inert(str(value)))
    return Markup(_COMMAND.sub("&#58;", text)) if "::" in text else text  # noqa: S704 - escaped


class Rule(Struct, frozen=True, kw_only=True):
    """A rule as the page shows it: ``in_full`` with its findings, or in one line.

    ``id`` is where links to it lead, empty where another description has the same rule.
    """

    id: str
    result: Result
    standing: Standing
    in_full: bool
    entries: Sequence[Entry]

    @property
    def advice(self) -> tuple[Text, Text]:
        """What to do about the worst finding, below its label."""
        return advice(self.result, worst_first(self.entries)[0].finding)


def _rules(run: Run) -> tuple[list[Rule], list[Rule]]:
    """Return the rules in full and those in one line, the worst first."""
    of_result: dict[int, list[Entry]] = {}
    for entry in entries_by_cause(entries(run)):
        if entry.standing is not Standing.DUE_SOON:
            of_result.setdefault(id(entry.result), []).append(entry)
    seen: set[str] = set()
    groups: tuple[list[Rule], list[Rule]] = ([], [])
    for result in sorted(
        run.results, key=lambda one: (_ORDER[one.standing], not one.would_be_violated)
    ):
        how, name = result.standing, anchor(result.rule_id)
        rule = Rule(
            id="" if name in seen else name,
            result=result,
            standing=how,
            in_full=how in _IN_FULL,
            entries=of_result.get(id(result), []),
        )
        seen.add(name)
        groups[not rule.in_full].append(rule)
    return groups


def _duties(run: Run) -> Mapping[str, Any]:
    """Return the dated duties, those nearest to the day of the run if they are too many."""
    every = duties(run)
    nearest = sorted(every, key=lambda duty: abs(duty.days))[: _MOST.duties]
    near = {id(duty) for duty in nearest}
    shown = [duty for duty in every if id(duty) in near]
    names, today = names_of_results(run.results), date.fromisoformat(run.as_of[:10])
    return {
        "duties": shown,
        "more_duties": len(every) - len(shown),
        "drawings": [
            drawing(shown, names, today, run.language, across, name)
            for name, across in _DRAWINGS.items()
        ],
        "whose": names,
    }


def _chips(row: Row) -> list[tuple[str, Standing]]:
    """Return the rules of a provision, the worst first, each as it stands worst."""
    worst: dict[str, Standing] = {}
    for rule, how in row.rules:
        worst[rule] = min(worst.get(rule, how), how, key=_ORDER.__getitem__)
    return sorted(worst.items(), key=lambda one: _ORDER[one[1]])


def anchor(rule_id: str) -> str:
    """Return the id of the part of the page that is about a rule."""
    return "r-" + re.sub("[^A-Za-z0-9-]", "-", rule_id)[:80]


def excerpt(location: Location) -> tuple[str, str, str] | None:
    """Return the line of a fact: what is before it, the fact, and what is after it."""
    if not location.line or not location.excerpt:
        return None
    start = (location.column or 1) - 1
    end = start + max(location.width, 1)
    first = max(0, start - _BEFORE)
    last = min(len(location.excerpt), end + _AFTER, first + _BEFORE + 2 * _AFTER)
    before = ("…" if first else "") + location.excerpt[first:start]
    after = location.excerpt[end:last] + ("…" if last < len(location.excerpt) else "")
    return before, location.excerpt[start : min(end, last)], after
