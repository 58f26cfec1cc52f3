"""The templates of the page, and what they may use: whatever they write stays text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pytest_icp.facts.roles import roles
from pytest_icp.facts.titles import title_of
from pytest_icp.kinds.standing import Standing, standing_title
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import labels, words
from pytest_icp.reports import since as comparison
from pytest_icp.reports.advice import decision
from pytest_icp.reports.causes import others
from pytest_icp.reports.certainty import own_resource
from pytest_icp.reports.duties import left
from pytest_icp.reports.layout import inert, shortened
from pytest_icp.reports.to_declare import MissingFact
from pytest_icp.reports.words import Language, in_languages

FOLDER = Path(__file__).parent
SIGNS = {
    Standing.VIOLATED: "✗",
    Standing.UNKNOWN: "?",
    Standing.ADVISORY: "!",
    Standing.ADVISORY_UNKNOWN: "¿",
    Standing.WAIVED: "‖",
    Standing.DECIDED: "☑",
    Standing.SATISFIED: "✓",
    Standing.NOT_APPLICABLE: "–",
}

MOST = SimpleNamespace(
    rules=500, findings=20, rows=200, links=30, subjects=5, digests=500, waiting=40
)
"""What of each is shown: a browser has to bear the page."""

_BEFORE, _AFTER = 60, 120
"""Characters of a long line that are shown on either side of a fact."""

_COMMAND = re.compile(r"(?<!\S):(?=:)")
"""By which a CI service knows a command when a report is printed into its log."""

_BOTH = Markup(
    '<span lang="zh-CN">{}</span><span class="between"> · </span><span lang="en">{}</span>'
)

_DEEPEST = 6
"""The longest path of a subject without an id whose title is looked up."""


def environment(
    language: Language, *folders: Path, pages: Mapping[str, str] | None = None
) -> Environment:
    """Return the environment of the templates in a language; ``folders`` have more of them.

    ``pages`` are the addresses of the pages that explain rules, by their ids.
    """
    made = Environment(
        loader=FileSystemLoader([*folders, FOLDER]),
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
        "words": partial(_said, language=language),
        "comparison": comparison,
        "names": {how: standing_title(how) for how in Standing},
        "roles": roles(),
        "signs": SIGNS,
        "most": MOST,
        "pages": pages or {},
        "how": Standing,
        "decision": decision,
    }
    made.filters |= {
        "anchor": anchor,
        "css": lambda how: how.replace(" ", "-"),
        "deciding": _deciding,
        "excerpt": excerpt,
        "fact_title": title_of,
        "left": left,
        "plain": lambda text: in_languages(text, language),
        "others": others,
        "resource": own_resource,
        "shortened": shortened,
        "titled": titled,
    }
    return made


def _harmless(value: object) -> Markup:
    """Return what a template writes as text that neither a page nor a terminal obeys."""
    if isinstance(value, Markup):
        return value
    text = escape(inert(str(value)))
    return Markup(_COMMAND.sub("&#58;", text)) if "::" in text else text  # noqa: S704 - escaped


def _said(text: Text, most: int = 1000, *, language: Language) -> Markup:
    """Return a text in the languages of the run, each marked as what it is where there are two."""
    if language != "both" or text.zh == text.en:
        return _harmless(shortened(text["en" if language == "en" else "zh"], most))
    zh, en = (_harmless(shortened(one, most)) for one in (text.zh, text.en))
    return _BOTH.format(zh, en)


def _deciding(fact: MissingFact) -> Text:
    """Return how many rules wait for a fact, by what it decides of them."""
    counts = (
        (words.DECIDES, fact.rules),
        (words.DECIDES_WHETHER, fact.gated),
        (words.DECIDES_PARTLY, fact.also),
    )
    said = [text.format(n=len(rules)) for text, rules in counts if rules]
    return Text("；", "; ").join(said)


def anchor(rule_id: str) -> str:
    """Return the id of the part of the page that is about a rule."""
    return "r-" + re.sub("[^A-Za-z0-9-]", "-", rule_id)[:80]


@cache
def titled(subject: str) -> Text:
    """Return a subject; one without an id, which has the place of a fact, by the fact's title."""
    names = subject.split("/")
    path = ".".join(name for name in names if not name.isdecimal())
    title = title_of(path) if path and len(names) <= _DEEPEST else plain(path)
    if title.zh == path:
        return plain(subject)
    return title if path == subject.replace("/", ".") else title + plain(f" [{subject}]")


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
