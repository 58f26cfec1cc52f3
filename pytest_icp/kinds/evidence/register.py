"""The register of documents (证明材料): the entries that answer to an obligation, or none."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from operator import itemgetter

from msgspec import Struct

from pytest_icp.facts.files.flow import flow
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.evidence.document import NO_SUCH_DOCUMENT, OLDER, judge_document, required
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import Judgement, missing, unknown, violated
from pytest_icp.kinds.selection import steps_by_place, sum_up
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.suggestions import nearest
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation

NOT_ATTESTED = Text(
    zh="没有申报本项义务的证明材料", en="no document is declared as evidence for this"
)
_MISNAMED = Text(
    zh="没有证明材料的 rule 为 {rule}；{named} 是否为其误写？",
    en="no document attests {rule}; is {named} a misspelling of it?",
)
_AT = ("attestations",)
_BEST = (Verdict.SATISFIED, Verdict.UNKNOWN, Verdict.VIOLATED)
"""Last year's document may stand beside this year's: one good one is enough."""


class Register(Struct, frozen=True, eq=False, dict=True):
    """The entries of ``attestations`` that answer to an obligation.

    ``fresh`` is for how many days one is good that does not say so itself.
    """

    obligation: Obligation
    context: Context
    fresh: int | None

    def outcome(self) -> Outcome:
        """Judge whether one of them is good."""
        steps = steps_by_place(self._entries, self._judged)
        best = min((one.verdict for one in self._judged), key=_BEST.index, default=None)
        judged = [one for one in self._judged if one.verdict is best] or [self._absent]
        if best is Verdict.SATISFIED:
            judged = judged[-1:]
        elif best is Verdict.VIOLATED and self._perhaps:
            judged = [self._perhaps]
        return sum_up(self.obligation, judged, tokens=_AT, steps=steps)

    def judge(self, subject: Subject, since: date) -> Judgement:
        """Judge one that may prove what a subject did on a day: a good one, if there is."""
        if not self._entries:
            return self._absent
        later = [entry for last, _, entry in self._by_rank if last >= since]
        if not later:
            if self._perhaps:
                return self._perhaps
            # They are about something else, and say nothing of the one that is wanted.
            newest = max(last for last, _, _ in self._by_rank)
            older, add = OLDER.format(issued=newest, since=since), entry_for(self._rule)
            return unknown(subject, _AT, older, required=required(self.fresh), add=add)
        judged = self._judge(subject, later[0], since)
        return self._perhaps or judged if judged.verdict is Verdict.VIOLATED else judged

    @property
    def _rule(self) -> str:
        return self.obligation.own_id

    @cached_property
    def _all(self) -> tuple[Subject, ...]:
        return self.context.subjects("/attestations").subjects

    @cached_property
    def _entries(self) -> list[Subject]:
        return [one for one in self._all if one.value.get("rule") == self._rule]

    @cached_property
    def _perhaps(self) -> Judgement | None:
        """An entry that perhaps answers to the obligation as well; None if there is none."""
        open_at = (one for one in self._all if one.value.get("rule") is None)
        return next((missing(one, (*one.tokens, "rule")) for one in open_at), None)

    @cached_property
    def _absent(self) -> Judgement:
        """That no document is declared, that there is none, or which one may be misspelt."""
        rule, first = self._rule, dict[str, Subject]()
        for entry in self._all:
            first.setdefault(str(entry.value.get("rule")), entry)
        for named, entry in first.items():
            if nearest(rule, [named], cutoff=0.9):
                message = _MISNAMED.format(named=named, rule=rule)
                at = (*entry.tokens, "rule")
                return unknown(entry, at, message, found=plain(named), required=plain(rule))
        subject = Subject(_AT, {"id": rule})
        if self.context.view.declares_none(*_AT):
            return violated(
                subject, _AT, NO_SUCH_DOCUMENT, found=plain("[]"), required=required(self.fresh)
            )
        return unknown(
            subject, _AT, NOT_ATTESTED, required=required(self.fresh), add=entry_for(rule)
        )

    @cached_property
    def _judged(self) -> list[Judgement]:
        return [self._judge(entry, entry, date.min) for entry in self._entries]

    @cached_property
    def _by_rank(self) -> list[tuple[date, int, Subject]]:
        """The entries with their last day of issue, the best first; it may be any day at last."""
        days = (day_of(self.context.fact(entry, "issued_on")) for entry in self._entries)
        ranks = (_BEST.index(one.verdict) for one in self._judged)
        every = zip(days, ranks, self._entries, strict=True)
        return sorted(((day or date.max, rank, one) for day, rank, one in every), key=itemgetter(1))

    def _judge(self, subject: Subject, entry: Subject, since: date) -> Judgement:
        """Judge an entry; one of which it is not known when it was issued is perhaps to come."""
        judged = judge_document(self.context, subject, entry, fresh=self.fresh, since=since)
        issued = self.context.fact(entry, "issued_on")
        if issued.value is None and judged.verdict is Verdict.VIOLATED:
            return missing(subject, issued.tokens)
        return judged


def entry_for(rule: str) -> str:
    """Return the lines that declare an attestation of a rule."""
    name = re.sub("[/#]", "-", rule).lower()
    return "\n".join(
        (
            "attestations:",
            f"  - id: {name}",
            f"    rule: {flow(rule)}",
            f"    document: evidence/{name}.pdf",
            "    sha256: none",
            "    issued_on: null  # YYYY-MM-DD",
            "    expires_on: none",
            "    max_age_days: none",
            "    owner: {role: null}",
        )
    )
