"""A result to vary, with one of everything that a result can hold."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from pytest_icp.kinds.finding import Cited, Finding, Note, NoteKind, Upcoming, Verdict
from pytest_icp.kinds.result import Result, Waived
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.blocks import Block
from pytest_icp.reports.failure import brief, failure, undecided
from pytest_icp.reports.marked import MarkedTest
from pytest_icp.reports.words import Language

LOCATION = Location(
    pointer="/renewal/applied_on",
    path="infra/prod.icp.yaml",
    line=7,
    column=15,
    excerpt="  applied_on: never",
    width=5,
)
DERIVED = Location(
    pointer="/renewal/applied_on",
    path="plan.json",
    line=7,
    address="slb.a",
    attribute="role",
    status="referenced",
)
"""Where a fact stands that a source has told."""

ARTICLE = Cited(
    label=Text("示例法第一条", "Example Law, Art. 1"), quote=Text("条文。", "The words.")
)
FINDING = Finding(
    verdict=Verdict.VIOLATED,
    subject="renewal",
    message=Text("逾期未办理", "not done, and overdue"),
    found=Text("never", "never"),
    required=Text("不晚于 2023-12-07", "on or before 2023-12-07"),
    due="2023-12-07",
    location=LOCATION,
    cited=(ARTICLE,),
)
UNKNOWN = Finding(
    verdict=Verdict.UNKNOWN,
    subject="renewal",
    message=Text("未申报“applied_on”", "“applied_on” is not declared"),
    found=Text("未申报", "not declared"),
    required=Text("申报“applied_on”", "declare “applied_on”"),
    due=None,
    location=LOCATION,
    cited=(),
    line_to_add="renewal:\n  applied_on: null  # YYYY-MM-DD | never",
)
WOULD_BE = Finding(
    verdict=Verdict.UNKNOWN,
    subject="renewal",
    message=Text("如果 `intention: renew`，则构成违反：未办理", "would be violated: not done"),
    found=Text("never", "never"),
    required=Text("不晚于 2023-12-07", "on or before 2023-12-07"),
    location=LOCATION,
    hinge=Finding(
        verdict=Verdict.UNKNOWN,
        subject="renewal",
        message=Text("未申报“intention”", "`intention` is not declared"),
        found=Text("未申报", "not declared"),
        required=Text("renew", "renew"),
        location=Location(pointer="/renewal/intention", path="infra/prod.icp.yaml", line=6),
        line_to_add="renewal:\n  intention: null",
    ),
)
"""What would be a violation, if a fact that is not known were so."""
NOTE = Note(
    kind=NoteKind.DUE_SOON,
    text=Text("还有 17 日到期", "due in 17 days"),
    due="2023-12-07",
    location=LOCATION,
)
UPCOMING = Upcoming(
    subject="renewal",
    pointer=LOCATION.pointer,
    last="2023-12-07",
    safe="2023-12-07",
    provisional=False,
)
WAIVED = Waived(reason="agreed", owner="compliance", expires="2024-01-01")
RESULT = Result(
    description="infra/prod.icp.yaml",
    rule_id="SP12/renewal",
    provision="SP12",
    provision_title=Text("变更与延续", "Changes and renewal"),
    article="十二",
    title=Text("提前90日申请延续", "Renewal is applied for 90 days ahead"),
    meaning=Text("应当提前申请。", "It is applied for ahead."),
    kind="dated",
    level="mandatory",
    basis="licence",
    as_of="2023-12-08T23:59:59+08:00",
    verdict=Verdict.VIOLATED,
    reason=Text("应当提前申请。", "It is applied for ahead."),
    location=LOCATION,
    quote=Text("应当提前90日", "90 days in advance"),
    fix=Text("立即申请。", "Apply now."),
    cited=(ARTICLE,),
    findings=(FINDING,),
    notes=(NOTE,),
    upcoming=(UPCOMING,),
    subjects=1,
)


def unknown_text(result: Result, language: Language, columns: int = 80) -> str:
    """Return what is printed of one result that is not decided."""
    blocks = chain.from_iterable(undecided([result], named=None))
    return "\n".join(shown(blocks, language, columns))


def shown(blocks: Iterable[Block], language: Language = "en", columns: int = 80) -> list[str]:
    """Return blocks as the lines of a terminal."""
    return [*Screen(language, columns).lines(blocks)]


def brief_text(result: Result, language: Language, columns: int = 80) -> str:
    """Return what is printed of a violated result in a few lines."""
    return Screen(language, columns).text(brief(result, columns))


def failure_text(result: Result, language: Language, columns: int = 80) -> str:
    """Return what is printed of a violated result in full."""
    return Screen(language, columns).text(failure(result))


def marked(rule_id: str, verdict: Verdict) -> MarkedTest:
    """Return an ordinary test that gave a verdict on a rule."""
    return MarkedTest(
        rule_id=rule_id,
        verdict=verdict,
        title="",
        name="test_it",
        why="",
        path="test_it.py",
        line=1,
    )
