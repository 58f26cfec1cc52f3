"""Changes that are being made (变更期间): what differs in the meantime is no difference yet.

The duty of another rule is open for one of its subjects while its time runs, and after that if the
act was filed in time and is not decided.
"""

from __future__ import annotations

from msgspec.structs import replace

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.core import Judging
from pytest_icp.kinds.dated.spec import Dated
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.judgement import NOT_APPLICABLE, Judgement, missing
from pytest_icp.kinds.match.spec import WhileOpen
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.condition import AllOf, parse_condition
from pytest_icp.rules.policy import Obligation

_UNDECIDED = parse_condition({"decision": {"not": {"enum": ["granted", "refused"]}}})
"""What an application meets that is not decided."""


def changing(rule: WhileOpen, other: Obligation, context: Context) -> Judgement:
    """Return `SATISFIED` while the duty of another rule is open, `NOT_APPLICABLE` if none is.

    It is unknown where a fact that decides is not known.
    """
    dated = other.spec_as(Dated)
    act = dated.acts
    undecided = replace(act, where=AllOf((act.where, _UNDECIDED)))
    judging = Judging(replace(dated, act=undecided), other, context)
    where = AllOf((other.where, rule.where))
    records = context.subjects(other.each)
    judged = [missing(Subject(place, {}), place) for place in records.missing]
    for one in records.subjects:
        counts, open_ = context.counts(one, where), judging.of(one)
        if counts is not False and open_.verdict in {Verdict.SATISFIED, Verdict.UNKNOWN}:
            judged.append(open_ if counts else missing(one, context.open_of(one, where)))
    for verdict in (Verdict.SATISFIED, Verdict.UNKNOWN):
        found = next((one for one in judged if one.verdict is verdict), None)
        if found:
            return found
    return NOT_APPLICABLE
