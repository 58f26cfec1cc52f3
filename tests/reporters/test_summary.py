from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pytest_icp.core.finding import NoteKind, Verdict
from pytest_icp.core.result import LocatedNote, Result
from pytest_icp.core.text import Text, plain
from pytest_icp.reporters.matrix import Marked
from pytest_icp.reporters.summary import summary
from tests.results import FINDING, NOTE, RESULT, SPOT, UNKNOWN, UPCOMING, WAIVED

GOOD = replace(RESULT, verdict=Verdict.SATISFIED, findings=(), notes=(), upcoming=())
WANTED = replace(GOOD, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
BAD = replace(GOOD, verdict=Verdict.VIOLATED, findings=(FINDING,))
ADVISORY = replace(BAD, level="advisory")
PARDONED = replace(BAD, waived=WAIVED)


def rule(result: Result, name: str, **changed: Any) -> Result:
    return replace(result, rule_id=name, provision=name.partition("/")[0], **changed)


def sections(
    results: Iterable[Result], marked: Iterable[Marked] = (), language: Any = "en"
) -> dict[str, list[str]]:
    found = summary(results, marked, language, 80)
    return {section.title.en: [*section.lines] for section in found}


def test_nothing_decided_prints_nothing() -> None:
    assert sections([]) == {}
    assert set(sections([GOOD])) == {"special provisions"}


def test_what_is_advisory_and_what_is_waived() -> None:
    found = sections([ADVISORY, rule(PARDONED, "SP12/stop")])
    assert found["advisory, not failing"] == [
        "  SP12/renewal infra/prod.icp.yaml:7:15: not done, and overdue"
    ]
    assert found["waived violations"] == [
        "  SP12/stop: waived until 2024-01-01 by compliance: agreed"
    ]


def test_a_note_is_given_once_with_all_its_rules() -> None:
    other = LocatedNote(kind=NoteKind.GREY, text=Text("灰色", "grey"), due=None, spot=SPOT)
    results = [
        replace(GOOD, notes=(NOTE, NOTE, other)),
        rule(GOOD, "SP12/update", notes=(NOTE,)),
    ]
    assert sections(results)["notes"] == [
        "  SP12/renewal, SP12/update: due in 17 days",
        "  SP12/renewal: grey",
    ]
    assert "due in 17 days" in sections(results, language="both")["notes"][0]


def test_the_facts_that_decide_most_are_declared_first() -> None:
    often = replace(
        UNKNOWN, pointer="/renewal/intention", line_to_add="renewal:\n  intention: renew"
    )
    results = [
        rule(WANTED, "SP12/a", findings=(UNKNOWN, often)),
        rule(WANTED, "SP12/b", findings=(often, replace(UNKNOWN, line_to_add=""))),
        rule(WANTED, "SP12/c", findings=(replace(UNKNOWN, verdict=Verdict.VIOLATED),)),
    ]
    assert sections(results)["declare these facts next"] == [
        "  infra/prod.icp.yaml /renewal/intention  (decides 2 obligations: SP12/a,",
        "    SP12/b)",
        "      + renewal:",
        "      +   intention: renew",
        "  infra/prod.icp.yaml /renewal/applied_on  (decides 1 obligation: SP12/a)",
        "      + renewal:",
        "      +   applied_on: null  # YYYY-MM-DD | never",
    ]


def test_twelve_facts_are_enough_at_once() -> None:
    wanted = tuple(replace(UNKNOWN, pointer=f"/a/{i:02}") for i in range(14))
    lines = sections([replace(WANTED, findings=wanted)])["declare these facts next"]
    assert sum("/a/" in line for line in lines) == 12
    assert lines[-1] == "  and 2 more"


def test_what_falls_due_next() -> None:
    soon = replace(UPCOMING, last="2023-12-20")
    vague = replace(UPCOMING, last="2024-02-01", provisional=True, subject="web")
    far = replace(UPCOMING, last="2026-02-01")
    lines = sections([rule(GOOD, "SP12/a", upcoming=(far, vague, soon))])["what falls due next"]
    assert lines == [
        "  2023-12-20  +12    SP12/a            Renewal is applied for 90 days ahead [re…",
        "  2024-02-01~ +55    SP12/a            Renewal is applied for 90 days ahead [we…",
        "  ~ provisional: the working days of that year are not published",
        "  and 1 more that fall due later",
    ]


def test_hostile_words_lose_their_power() -> None:
    piece = plain("\x1b[31mred\u202e")
    note = replace(NOTE, text=piece)
    results = [
        rule(ADVISORY, "SP12/a", findings=(replace(FINDING, message=piece),)),
        rule(GOOD, "SP12/b", notes=(note,), description="\x1b.icp.yaml"),
    ]
    for lines in sections(results, [Marked("\x1b/x", Verdict.SATISFIED)]).values():
        assert not {"\x1b", "\u202e"} & set("".join(lines))
