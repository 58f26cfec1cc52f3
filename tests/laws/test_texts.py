"""Whatever a fact says, what is printed of it is harmless, and no wider than asked."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp import Result, Verdict
from pytest_icp.authoring.strategies.shapes import MUST_BE_READ, root
from pytest_icp.authoring.strategies.trial import Document, dotted, is_valid, value_at
from pytest_icp.facts import plans
from pytest_icp.facts.plans import REFERENCE, Plan
from pytest_icp.kinds.result import Waived
from pytest_icp.reports.layout import width
from pytest_icp.reports.summary import summary
from tests.laws.conftest import Court
from tests.laws.strategies import Situation, places, situations
from tests.results import failure_text, marked, shown, unknown_text

HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "one\r\ntwo\n\nthree",
    "\u202eevil\u202c\u2066",
    "\u2028\u2029\x85",
    "a\u0301\u0323" * 9,
    "\u200b\ufeff\u00ad",
    "\x00\x7f\x9b",
    "W" * 200,
    "车" * 90,
    "，" * 90,
    "https://example.cn/" + "path/" * 40,
    "  two  spaces  ",
    "{braces} %s {0}",
]
PIECES = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ALONE = {"pattern", "x-icp-file", "format"}
"""What marks a text that has to be of some form."""


def named(plan: Plan) -> set[str]:
    """Return the lists whose elements are named elsewhere by their ids."""
    return {
        *plan.fields.values(),
        *(name for below in plan.children.values() for name in named(below)),
    }


NAMED = named(plans.marked("description", REFERENCE))


def free(document: Document) -> list[tuple[str | int, ...]]:
    """Return where any text may stand."""
    found = []
    for at in places(document):
        shape, marks = root(), set[str]()
        for token in at:
            shape = shape.below(token)
            marks |= shape.schema.keys()
        texts = [
            one.schema for one in shape.alternatives() if "string" in str(one.schema.get("type"))
        ]
        # A list of ids is marked as a whole.
        names = "x-icp-ref" in marks or dotted(at).startswith(MUST_BE_READ)
        if not names and any(not ALONE & schema.keys() for schema in texts):
            found.append(at)
    return found


@st.composite
def hostile(draw: st.DrawFn) -> Situation:
    """Situations in which some texts are hostile."""
    situation = draw(situations())
    document = copy.deepcopy(situation.document)
    for at in draw(st.lists(st.sampled_from(free(document)), max_size=6)):
        parent: Any = value_at(document, at[:-1])
        parent[at[-1]] = draw(PIECES)
    for name, elements in document.items():
        if isinstance(elements, list) and name not in NAMED:
            for i, element in enumerate(elements):
                if isinstance(element, dict):
                    element["id"] = f"{i}{draw(PIECES)}"
    return situation.having(document if is_valid(document) else situation.document)


LANGUAGES = st.sampled_from(["zh", "en", "both"])
COLUMNS = st.integers(40, 120)
COPIED = "    "
"""The lines that are copied, or opened, from the terminal are never broken."""


def check(text: str, columns: int) -> None:
    for line in text.split("\n"):
        harmful = [c for c in line if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"}]
        assert not harmful, line
        if not line.startswith(COPIED):
            assert width(line) <= columns, (width(line), line)


def variants(results: dict[str, Result]) -> Iterator[Result]:
    """Yield the results, and each violated one as waived for a hostile reason."""
    for i, result in enumerate(results.values()):
        yield result
        if result.verdict is Verdict.VIOLATED:
            piece = HOSTILE[i % len(HOSTILE)]
            waived = Waived(reason=piece, owner=piece, expires="2030-01-01")
            yield replace(result, waived=waived)


@given(hostile(), LANGUAGES, COLUMNS)
def test_failures_are_harmless_and_fit(
    court: Court, situation: Situation, language: Any, columns: int
) -> None:
    for result in court.results(situation).values():
        if result.findings:
            check(failure_text(result, language, columns), columns)
            check(unknown_text(result, language, columns), columns)


@given(hostile(), LANGUAGES, COLUMNS)
def test_the_summary_is_harmless_and_fits(
    court: Court, situation: Situation, language: Any, columns: int
) -> None:
    results = [*variants(court.results(situation))]
    marks = [marked("OWN/rule", verdict) for verdict in Verdict]
    for section in summary(results, marks):
        lines = shown(section.blocks, language, columns)
        assert lines
        check("\n".join(lines), columns)
