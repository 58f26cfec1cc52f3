"""Whatever a user's files say, every report and the terminal show it as text."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import cmarkgfm
import html5lib
from cmarkgfm.cmark import Options
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_icp.kinds.finding import Verdict
from pytest_icp.reports.layout import inert, width
from pytest_icp.reports.publishing import FORMATS, Request, render
from pytest_icp.reports.run import Run
from pytest_icp.reports.summary import summary
from tests.laws.test_texts import COPIED
from tests.results import failure_text, shown, unknown_text
from tests.runs import HOSTILE, hostile

PIECES = (
    *HOSTILE.split(" "),
    *("::error file=a::b", "\n::set-env name=A::b", "##[error]x", "%0A::error::x", "%", "\r\n"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</pre></details>", "<!--"),
    *("|", "`", "```\nmermaid", "~~~", "# a", "- b", "[a](javascript:b)", "![a](b)", "\\"),
    *("\x1b[2J", "\x9b31m", "\x1b]8;;https://evil.example\x07a", "\x08", "\x00", "\ud800"),
    *("\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\U000e0041", "\U000e0100", "\ufdd0"),
    *("x" * 1_000_000, "车\u0301" * 500_000, "\n" * 1_000_000, "中" * 90, "a b " * 300),
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), min_size=1, max_size=6).map(
    "".join
)
LANGUAGES = st.sampled_from(["zh", "en", "both"])
MOST = 500_000
"""Characters of a report of four findings, whatever a text is; a page has its style too."""


def is_json(text: str) -> None:
    json.loads(text)


def is_json_lines(text: str) -> None:
    for line in text.splitlines():
        json.loads(line)


def is_commands(text: str) -> None:
    for line in text.splitlines():
        assert re.match(r"::(error|warning|notice) [^:]*::", line), line
        assert not re.search("%(?!25|0A|0D|3A|2C)", line), line


def is_markdown(text: str) -> None:
    page = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    assert elements(page) <= {
        *("html", "head", "body", "h2", "h3", "p", "strong", "em", "code", "pre", "ul", "li"),
        *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "b", "blockquote"),
        "sub",
    }


def is_page(text: str) -> None:
    forbidden = {"script", "img", "iframe", "object", "form", "b", "i"}
    assert not forbidden & elements(text, strict=True)


def elements(page: str, *, strict: bool = False) -> set[str]:
    """Return the elements of a page; what the standard does not allow in it is an error."""
    tree = html5lib.HTMLParser(strict=strict, namespaceHTMLElements=False).parse(page)
    for one in tree.iter():
        assert not [name for name in one.attrib if str(name).startswith("on")]
        assert str(one.get("href", "#")).startswith("#")
    return {one.tag for one in tree.iter() if isinstance(one.tag, str)}


READERS: dict[str, Callable[[str], None]] = {
    "sarif": is_json,
    "sarif-github": is_json,
    "github": is_commands,
    "gitlab": is_json,
    "markdown": is_markdown,
    "comment": is_markdown,
    "html": is_page,
    "jsonl": is_json_lines,
}


def harmless(text: str) -> None:
    """Nothing that a terminal, a page or a log obeys, and no line that begins a command."""
    assert text.encode("utf-8") is not None
    categories = {unicodedata.category(c) for c in set(text) - {"\n"}}
    assert not {"Cc", "Cf", "Zl", "Zp", "Cs"} & categories
    assert not {"\U000e0100", "\U000e0041"} & set(text)


def run_of(text: str, language: Any) -> Run:
    made = hostile(text)
    # Its words are looked at by the formats' own tests.
    return Run(
        results=made.results,
        troubles=made.troubles,
        as_of=made.as_of,
        language=language,
        version=made.version,
    )


def test_every_format_is_read_back() -> None:
    assert set(READERS) == set(FORMATS)


@given(TEXTS, LANGUAGES)
@example(HOSTILE, "both")
@example("x" * 1_000_000, "both")
def test_every_format_shows_any_text_as_text(text: str, language: Any) -> None:
    run = run_of(text, language)
    for name, read in READERS.items():
        report = render(Request(format=name), run)
        harmless(report)
        assert len(report) < MOST, name
        if name != "github":
            assert not re.search(r"(?m)^\s*(::|##\[)", report), name
        read(report)


@given(TEXTS, LANGUAGES, st.integers(40, 120))
@example(HOSTILE, "both", 80)
def test_the_terminal_shows_any_text_as_text(text: str, language: Any, columns: int) -> None:
    results = run_of(text, language).results
    text = [failure_text(one, language, columns) for one in results if one.findings]
    text += [
        unknown_text(one, language, columns) for one in results if one.verdict is Verdict.UNKNOWN
    ]
    for section in summary(results, ()):
        text += shown(section.blocks, language, columns)
    # A place is copied whole.
    places = {inert(str(found.location)) for one in results for found in one.findings}
    for line in "\n".join(text).split("\n"):
        harmless(line)
        assert not line.lstrip().startswith(("::", "##[")), line
        assert line.startswith(COPIED) or line in places or width(line) <= columns
