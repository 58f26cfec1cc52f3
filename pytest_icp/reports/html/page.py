"""One HTML page that needs nothing else, for a reader without a terminal."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

from markupsafe import Markup
from msgspec import Struct

from pytest_icp.kinds.result import Result, Waived
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import Text
from pytest_icp.reports import labels, since_text
from pytest_icp.reports.advice import advice
from pytest_icp.reports.causes import entries_by_cause
from pytest_icp.reports.duties import duties
from pytest_icp.reports.entries import Entry, entries, worst_first
from pytest_icp.reports.html.environment import FOLDER, anchor, environment
from pytest_icp.reports.html.timeline import timeline
from pytest_icp.reports.html.unknown import unknown
from pytest_icp.reports.incomplete import incomplete, whole
from pytest_icp.reports.licences import urgent
from pytest_icp.reports.overview import Row, overview
from pytest_icp.reports.record import Role, by_role
from pytest_icp.reports.run import Run
from pytest_icp.reports.whose import names_of_results
from pytest_icp.rules.practice import by_practice

_ORDER = {how: i for i, how in enumerate(Standing)}
_ROLES = {
    Role.DESCRIPTION: labels.DESCRIPTION,
    Role.SOURCE: labels.SOURCE_FILES,
    Role.EVIDENCE: labels.EVIDENCE_FILES,
    Role.POLICY: labels.POLICY_FILES,
    Role.SHIPPED: labels.SHIPPED_POLICIES,
}


def html(run: Run) -> str:
    """Return a run as a page without scripts; what it folds, the browser opens."""
    style = (FOLDER / "page.css").read_text("utf-8")
    every = whole(run)
    files = by_role((*(one for record in run.records for one in record.digests), *run.policy_files))
    return (
        environment(run.language, pages=run.pages)
        .get_template("page.html.jinja")
        .render(
            run=run,
            missed=(*run.troubles, *incomplete(run)),
            urgent=urgent(run.records),
            seen=overview(run),
            style=Markup(style),  # noqa: S704 - it is ours
            digest=b64encode(sha256(style.encode()).digest()).decode(),
            rules=_rules(every),
            unknown=unknown(every.results),
            titles=_titles(every),
            remarks=list(since_text.remarks(run.since)) if run.since else [],
            settings=[since_text.setting_row(one) for one in run.since.settings]
            if run.since
            else [],
            since_title=since_text.title(run.since) if run.since else None,
            tolerated=since_text.tolerated(run),
            times=timeline(duties(run)),
            whose=_whose(every),
            files=[(_ROLES[role], found) for role, found in files.items()],
            not_met=_not_met,
            sections=_SECTIONS,
        )
    )


_SECTIONS = {
    Standing.VIOLATED: "violated",
    Standing.UNKNOWN: "unknown",
    Standing.ADVISORY: "advisory",
    Standing.ADVISORY_UNKNOWN: "unknown",
    Standing.WAIVED: "waived",
    Standing.SATISFIED: "satisfied",
    Standing.NOT_APPLICABLE: "not-applicable",
}
"""The section that shows the rules of a standing."""


class Rule(Struct, frozen=True, kw_only=True):
    """A rule as the page shows it.

    ``id`` is where links to it lead, empty where another description has the same rule.
    """

    id: str
    result: Result
    entries: Sequence[Entry]

    @property
    def new(self) -> bool:
        """Whether the state that the run is compared with does not have all of it."""
        return any(entry.new for entry in self.entries)

    @property
    def waivers(self) -> Sequence[Waived]:
        """The waivers that cover the rule or parts of it, each once."""
        every = (self.result.waived, *(part.waived for part in self.result.parts))
        return list(dict.fromkeys(one for one in every if one))

    @property
    def decided(self) -> bool:
        """Whether a person has decided of something that was found that the duty was met."""
        return any(entry.finding.decided for entry in self.entries)

    @property
    def advice(self) -> tuple[Text, Text]:
        """What to do about the worst finding, below its label."""
        return advice(self.result, worst_first(self.entries)[0].finding)


def _rules(run: Run) -> Mapping[Standing, Sequence[Rule]]:
    """Return the rules by their standing: those with new findings, then those pursued most."""
    of_result: dict[int, list[Entry]] = {}
    for entry in entries_by_cause(entries(run)):
        if entry.standing is not Standing.DUE_SOON:
            of_result.setdefault(id(entry.result), []).append(entry)
    seen: set[str] = set()
    groups: dict[Standing, list[Rule]] = {how: [] for how in Standing}
    for result in run.results:
        name = anchor(result.rule_id)
        found = worst_first(of_result.get(id(result), []))
        rule = Rule(id="" if name in seen else name, result=result, entries=found)
        seen.add(name)
        groups[result.standing].append(rule)
    for rules in groups.values():
        rules.sort(key=lambda one: (not one.new, by_practice(one.result.rule_id)))
    return groups


def _whose(run: Run) -> Mapping[str, str]:
    """Return what tells descriptions apart, where there are several; a test is told by its file."""
    return {result.description: result.description for result in run.results} | {
        **names_of_results(run.results)
    }


def _titles(run: Run) -> Mapping[str, Text]:
    """Return the titles of rules, also of those that the run has not decided."""
    of_policies = {one.rule_id: one.title for each in run.policies for one in each.obligations}
    return of_policies | {result.rule_id: result.title for result in run.results}


def _not_met(row: Row) -> list[tuple[str, Standing]]:
    """Return the rules of a provision that are violated, each as it stands worst.

    What is unknown is told by the facts that would decide it.
    """
    worst: dict[str, Standing] = {}
    for rule, how in row.rules:
        if how in {Standing.VIOLATED, Standing.ADVISORY, Standing.WAIVED}:
            worst[rule] = min(worst.get(rule, how), how, key=_ORDER.__getitem__)
    return sorted(worst.items(), key=lambda one: _ORDER[one[1]])
