"""A finished run to vary, with every grade of finding and with text that means harm."""

from __future__ import annotations

from msgspec.structs import replace

from pytest_icp.kinds.finding import NoteKind, Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.comparing import compared, state_of
from pytest_icp.reports.jsonl import NOT_JUDGED
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.record import Digest, Record, Role
from pytest_icp.reports.run import VERSION, Run, Trouble
from pytest_icp.reports.since import Line, State
from tests.results import FINDING, LOCATION, NOTE, RESULT, UNKNOWN, UPCOMING, WAIVED

BARE = replace(RESULT, findings=(), notes=(), upcoming=())


def result(rule_id: str, **changed: object) -> Result:
    """Return a result of a rule with nothing amiss but what is changed."""
    provision = rule_id.partition("/")[0]
    return replace(
        replace(BARE, rule_id=rule_id, provision=provision, verdict=Verdict.SATISFIED),
        **changed,  # type: ignore[arg-type]  # the fields of a result
    )


VIOLATED = result("SP12/renewal", verdict=Verdict.VIOLATED, findings=(FINDING,))
ADVISORY = result(
    "SP09/record-kept", verdict=Verdict.VIOLATED, findings=(FINDING,), level="advisory"
)
PARDONED = result("SP02/app-number", verdict=Verdict.VIOLATED, findings=(FINDING,), waived=WAIVED)
WANTED = result("SP12/exit", verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
SOON = result("SP14/report", notes=(NOTE,), upcoming=(UPCOMING,))
GOOD = result("LIC/valid")
APART = result("LIC/apps", verdict=Verdict.NOT_APPLICABLE)

TROUBLE = Trouble(
    description="infra/broken.icp.yaml",
    rule_id="",
    message=Text(zh="没有属性“x”", en="there is no property `x`"),
    hint=Text(zh="是否指 y？", en="did you mean y?"),
    location=Location(path="infra/broken.icp.yaml", line=2, column=1, excerpt="x: 1"),
)

RUN = Run(
    results=(APART, GOOD, PARDONED, ADVISORY, WANTED, VIOLATED, SOON),
    as_of="2023-12-08T23:59:59+08:00",
    language="en",
    version="1.2.3",
    policies=default_policies(),
)

LEFT = {"compliance": ("SP12/stop",)}
RECORD = Record(
    description="infra/prod.icp.yaml",
    holder="示例科技有限公司",
    licence="京B2-20990001",
    digests=(
        Digest(role=Role.DESCRIPTION, path="infra/prod.icp.yaml", sha256="1" * 64),
        Digest(role=Role.SOURCE, path="deploy/web.yaml", sha256="2" * 64),
        Digest(role=Role.EVIDENCE, path="infra/evidence/scan.pdf", sha256="3" * 64),
    ),
)
RECORDED = replace(
    RUN,
    records=(RECORD,),
    policy_files=(
        Digest(role=Role.SHIPPED, path="policies/common/SP12.yaml", sha256="4" * 64),
        Digest(role=Role.POLICY, path="policies/OWN.yaml", sha256="5" * 64),
    ),
)

HOSTILE = (
    "::error::x %0A\n::warning::y <script>alert(1)</script> | `` ``` ` [a](https://evil.example) "
    "@somebody #12 !7 $x$ www.evil.example \x1b[31m \u202e\u2066 \x00 \ud800 <!-- --> ]]> & \" ' "
    "${{ x }} {0} </details> ~~~ \u2028 *b* _i_ \\"
)
"""What no report may obey."""


def hostile(text: str = HOSTILE) -> Run:
    """Return a run in which everything that a user writes is a text."""
    words = plain(text)
    spot = replace(LOCATION, pointer=f"/a/{text}", path=f"infra/{text[:40]}.icp.yaml", excerpt=text)
    finding = replace(
        FINDING,
        subject=text,
        message=words,
        found=words,
        required=words,
        location=spot,
    )
    bad = {"description": spot.path, "location": spot, "title": words, "meaning": words}
    return replace(
        RUN,
        results=(
            replace(VIOLATED, findings=(finding,), fix=words, provision_title=words, **bad),
            replace(WANTED, findings=(replace(UNKNOWN, subject=text, line_to_add=text),), **bad),
            replace(PARDONED, findings=(finding,), waived=replace(WAIVED, reason=text, owner=text)),
            replace(
                SOON,
                notes=(replace(NOTE, text=words, kind=NoteKind.DUE_SOON, location=spot),),
                upcoming=(replace(UPCOMING, subject=text, pointer=spot.pointer),),
                **bad,
            ),
        ),
        troubles=(
            replace(TROUBLE, message=words, hint=words, location=spot, description=spot.path),
        ),
        records=(
            Record(
                description=spot.path,
                holder=text,
                licence=text,
                digests=(Digest(role=Role.EVIDENCE, path=spot.path, sha256="0" * 64),),
            ),
        ),
    )


def many(count: int) -> Run:
    """Return a run with so many findings, five of each result."""
    results = []
    for i in range(count // 5):
        findings = tuple(
            replace(
                FINDING,
                subject=f"s{i}-{k}",
                found=plain(f"{k} of them"),
                location=replace(LOCATION, line=i + 1),
            )
            for k in range(5)
        )
        results.append(replace(VIOLATED, description=f"infra/{i:05}.icp.yaml", findings=findings))
    return replace(RUN, results=tuple(results))


def read(run: Run) -> Run:
    """Return a run whose descriptions have been read."""
    named = dict.fromkeys(one.description for one in run.results if one.kind != KIND)
    had = {one.description: one for one in run.records}
    empty = Record(description="", holder="", licence="", digests=())
    records = [had.get(name, replace(empty, description=name)) for name in named]
    return replace(run, records=tuple(records))


def state(run: Run, **more: object) -> State:
    """Return the state that a report of a run tells, as a base."""
    known = replace(state_of(read(run)), name="main", day="2023-12-01")
    return replace(known, **more)


def against(before: Run | State, *results: Result) -> Run:
    """Return a run of results with how it differs from another."""
    base = before if isinstance(before, State) else state(before)
    after = replace(RUN, results=results)
    return replace(after, since=compared(base, state_of(read(after))))


def unjudged(description: str = "", message: str = "broken", **more: object) -> Line:
    """Return the line of what could not be judged, as a report has it."""
    line = Line(
        version=VERSION,
        grade=NOT_JUDGED,
        description=description,
        message=plain(message),
        place=Location(path=""),
    )
    return replace(line, **more)
