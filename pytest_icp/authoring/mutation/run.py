"""Mutation testing of policies (变异测试): checks that cases notice each change of a policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.cases import Case, CaseRunner, Equivalent, mismatches
from pytest_icp.authoring.mutation.mutants import Mutant, mutants
from pytest_icp.authoring.mutation.report import Score, Survivor, change
from pytest_icp.facts.files.source import Source
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.lookup import PolicySelection
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.policy_files import PolicyFile

_SENSELESS = (ArithmeticError, LookupError, TypeError, ValueError)
"""Errors that checks raise for senseless values; they count as noticed."""


class Failing(Struct, frozen=True, kw_only=True):
    """A case that its policy does not pass even unchanged, and why.

    ``written_for`` is the reason that the case itself gives for its verdict.
    """

    name: str
    place: Place
    why: tuple[Text, ...]
    written_for: str


class MutationResult(Struct, frozen=True, kw_only=True):
    """The result of changing policies in every way.

    ``failing`` are cases that fail before anything is changed; ``stale`` are reasons given for
    changes that do not exist or that a case notices.
    """

    scores: tuple[Score, ...]
    survivors: tuple[Survivor, ...]
    failing: tuple[Failing, ...]
    stale: tuple[Equivalent, ...]

    @property
    def passed(self) -> bool:
        """Whether no change survives without a reason, and nothing else is wrong."""
        unexplained = any(not survivor.reason for survivor in self.survivors)
        return not (unexplained or self.failing or self.stale)


def run(
    selections: Sequence[PolicySelection],
    cases: Iterable[Case],
    reasons: Sequence[Equivalent],
    runner: CaseRunner,
    told: Callable[[int, int], None] = lambda _, __: None,
) -> MutationResult:
    """PolicyChange policies in every way, and run their cases on each change.

    It is ``told`` how many rules are done of how many.
    Raises `InputError` for a case that is not a valid description.
    """
    of_rule: dict[str, list[Case]] = {}
    for case in cases:
        of_rule.setdefault(case.rule, []).append(case)
    failing = [wrong for one in selections for wrong in _failing(one, of_rule, runner)]
    # A case that fails on the unchanged policy cannot notice a change.
    wrong_ids = {wrong.name for wrong in failing}
    of_rule = {rule: [c for c in every if c.id not in wrong_ids] for rule, every in of_rule.items()}
    known = {(reason.rule, reason.change): reason for reason in reasons}
    scores: list[Score] = []
    survivors: list[Survivor] = []
    used: set[tuple[str, str]] = set()
    tried: set[str] = set()
    every = sum(len(list(one.obligations())) for one in selections)
    done = 0
    for one in selections:
        tried |= _with_parts(one.obligations()).keys()
        tried |= {one.written.policy.id} if one.rules is None else set()
        counted = Counter[str]()
        for mutant in mutants(one.written, one.rules):
            counted["tried"] += 1
            if _noticed(mutant, one.written.policy, of_rule, runner):
                counted["killed"] += 1
                continue
            reason = known.get((mutant.rule, mutant.id))
            used |= {(mutant.rule, mutant.id)} if reason else set()
            counted["equivalent"] += bool(reason)
            shown = change(mutant.rule, mutant.id, mutant.edit, *_read(one.written.file))
            survivors.append(Survivor(change=shown, reason=reason.reason if reason else ""))
        scores.append(_score(one.written.policy.id, counted))
        done += len(list(one.obligations()))
        told(done, every)
    stale = [r for key, r in known.items() if key not in used and r.rule in tried]
    return MutationResult(
        scores=tuple(scores),
        survivors=tuple(survivors),
        failing=tuple(failing),
        stale=tuple(stale),
    )


def _score(provision: str, counted: Mapping[str, int]) -> Score:
    names = ("tried", "killed", "equivalent")
    tried, killed, equivalent = (counted[name] for name in names)
    return Score(provision=provision, tried=tried, killed=killed, equivalent=equivalent)


def _failing(
    selection: PolicySelection, cases: Mapping[str, Sequence[Case]], runner: CaseRunner
) -> Iterator[Failing]:
    for rule, obligation in _with_parts(selection.obligations()).items():
        for case in cases.get(rule, ()):
            result = runner.decide(case, selection.written.policy, obligation)
            if why := tuple(mismatches(case, result)):
                yield Failing(name=case.id, place=case.place, why=why, written_for=case.why)


def _noticed(
    mutant: Mutant, policy: Policy, cases: Mapping[str, Sequence[Case]], runner: CaseRunner
) -> bool:
    """Whether a case of the changed rules fails on the mutant."""
    whole = _with_parts(policy.obligations)
    if mutant.policy is None:
        gone = (rule for rule in whole if f"{rule}#".startswith(f"{mutant.rule}#"))
        return any(cases.get(rule) for rule in gone)
    sure = (_as_sure(one, whole) for one in mutant.policy.obligations)
    for rule, obligation in _with_parts(sure).items():
        for case in cases.get(rule, ()):
            try:
                result = runner.decide(case, mutant.policy, obligation)
            except _SENSELESS:
                return True
            if next(mismatches(case, result), None):
                return True
    return False


def _with_parts(obligations: Iterable[Obligation]) -> dict[str, Obligation]:
    """Return obligations, and the parts of each, by the ids that cases name."""
    return {one.own_id: one for each in obligations for one in (each, *each.parts)}


def _as_sure(changed: Obligation, whole: Mapping[str, Obligation]) -> Obligation:
    """Return a changed obligation with numbers as sure: not that is the mistake, but the number."""
    parts = tuple(_as_sure(part, whole) for part in changed.parts)
    return replace(changed, relies_on=whole[changed.own_id].relies_on, parts=parts)


@cache
def _read(file: PolicyFile) -> tuple[Source, str]:
    return file.read(), file.content().decode("utf-8-sig")
