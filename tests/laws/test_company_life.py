"""A company's life, day by day: what is forgotten is overdue on exactly the days that it is.

The model knows nothing of the engine. It counts days one by one, as a clerk does with a wall
calendar, and says each day what is overdue.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import chinese_calendar
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec.structs import replace

from pytest_icp.engine import prepare
from pytest_icp.facts.description import Description, load
from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds import kinds
from pytest_icp.law.times import as_of_instant
from tests.laws.strategies import EXAMPLE, obligations

DAY = timedelta(days=1)
LOOKBACK = 730
RULES = {
    "SP12/update": "within days, rolled over rest days",
    "SP09/report": "within working days",
    "SP12/renewal": "days before the licence expires",
    "SP12/stop": "days before an event",
    "SP14/report": "in the first quarter of every year",
    "SP07/access-review": "in every calendar year",
    "SP09/six-months#network": "kept for six months",
    "SP04/monitoring#review": "good for a number of days",
    "LIC/valid": "while the licence is valid or renewed",
}


def is_worked(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def days_after(day: date, n: int) -> date:
    for _ in range(n):
        day += DAY
    while not is_worked(day):
        day += DAY
    return day


def working_days_after(day: date, n: int) -> date:
    while n:
        day += DAY
        n -= is_worked(day)
    return day


def days_before(day: date, n: int) -> date:
    for _ in range(n):
        day -= DAY
    return day


def months_after(day: date, n: int) -> date:
    year, month, wanted = day.year, day.month, day.day
    for _ in range(n):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    while True:
        try:
            return date(year, month, wanted)
        except ValueError:
            wanted -= 1


class CompanyLife(RuleBasedStateMachine):
    """Things happen, are done, and are forgotten; time passes a day at a time."""

    @initialize(start=st.dates(date(2017, 1, 1), date(2020, 12, 31)))
    def found(self, start: date) -> None:
        self.today = self.first = self.issued = self.reviewed = self.oldest = start
        self.valid_until = months_after(start, 60) - DAY
        self.applied: date | None = None
        self.access: date | None = None
        self.moves: list[list[Any]] = []
        self.contents: list[list[Any]] = []
        self.stops: list[list[Any]] = []
        self.reports: list[tuple[int, date]] = []
        self.agree()

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        for _ in range(days):
            self.today += DAY
            self.agree()

    @rule(quiet=st.integers(60, 500))
    def nothing_happens_for_long(self, quiet: int) -> None:
        for _ in range(quiet - 10):
            self.today += DAY
        self.time_passes(10)

    @rule()
    def moves_house(self) -> None:
        self.moves.append([self.today, None])
        self.agree()

    @rule()
    def finds_and_removes_content(self) -> None:
        self.contents.append([self.today, None])
        self.agree()

    @rule(ahead=st.integers(60, 150))
    def means_to_stop_a_service(self, ahead: int) -> None:
        self.stops.append([self.today + ahead * DAY, None])
        self.agree()

    @rule(which=st.sampled_from(["moves", "contents", "stops"]), at=st.integers(0, 9))
    def files_what_was_forgotten(self, which: str, at: int) -> None:
        waiting = [one for one in getattr(self, which) if one[1] is None]
        if waiting:
            waiting[at % len(waiting)][1] = self.today
            self.agree()

    @precondition(lambda self: self.today.year > self.first.year)
    @rule()
    def reports_on_the_year(self) -> None:
        if self.today.year not in dict(self.reports):
            self.reports.append((self.today.year, self.today))
            self.agree()

    @rule()
    def reviews_access(self) -> None:
        self.access = self.today
        self.agree()

    @rule()
    def reviews_monitoring(self) -> None:
        self.reviewed = self.today
        self.agree()

    @rule(days=st.integers(170, 190))
    def throws_old_logs_away(self, days: int) -> None:
        self.oldest = max(self.oldest, self.today - days * DAY)
        self.agree()

    @precondition(lambda self: self.applied is None)
    @rule()
    def applies_for_renewal(self) -> None:
        self.applied = self.today
        self.agree()

    @precondition(lambda self: self.applied is not None)
    @rule()
    def is_granted_a_new_term(self) -> None:
        self.valid_until = months_after(max(self.valid_until, self.today), 60)
        self.applied = None
        self.agree()

    def agree(self) -> None:
        assert self.violated() == set(self.overdue()), self.today

    def overdue(self) -> Iterator[str]:
        """Yield the rules that are overdue, or that were done too late not long ago."""
        for changed, updated in self.moves:
            yield from self.late("SP12/update", days_after(changed, 30), updated)
        for removed, told in self.contents:
            yield from self.late("SP09/report", working_days_after(removed, 10), told)
        for ends, filed in self.stops:
            yield from self.late("SP12/stop", days_before(ends, 90), filed)
        in_time = days_before(self.valid_until, 90)
        yield from self.late("SP12/renewal", in_time, self.applied)
        renewing = self.applied is not None and self.applied <= in_time
        if self.today > self.valid_until and not renewing:
            yield "LIC/valid"
        # The year of a review is answered by it, that of the beginning if it is not whole.
        year = (self.access or self.first - DAY).year + 1
        if self.today > date(year, 12, 31):
            yield "SP07/access-review"
        if self.today > self.reviewed + 365 * DAY:
            yield "SP04/monitoring#review"
        if any(self.has_lost(day) for day in self.days_of_logs()):
            yield "SP09/six-months#network"
        yield from self.unreported()

    def late(self, name: str, last: date, done: date | None) -> Iterator[str]:
        if (done or self.today) <= last:
            return
        if done is None or (self.today - done).days <= LOOKBACK:
            yield name

    def days_of_logs(self) -> Iterator[date]:
        day = max(self.first, self.today - 200 * DAY)
        while day < self.today:
            yield day
            day += DAY

    def has_lost(self, day: date) -> bool:
        return months_after(day, 6) >= self.today and day < self.oldest

    def unreported(self) -> Iterator[str]:
        closed = [
            year
            for year in range(self.first.year + 1, self.valid_until.year + 1)
            if date(year, 3, 31) < self.today
        ]
        for year in closed:
            told = dict(self.reports).get(year)
            if told and told <= date(year, 3, 31):
                continue
            since = told or date(year, 3, 31)
            recent = (self.today - since).days <= LOOKBACK
            if recent or (told is None and year == closed[-1]):
                yield "SP14/report"

    def violated(self) -> set[str]:
        context = prepare(self.described(), as_of=as_of_instant(self.today)).context
        duties = [obligations()[name][1] for name in RULES]
        found = {duty.own_id: kinds()[duty.kind].check(duty, context).verdict for duty in duties}
        assert {name for name, verdict in found.items() if verdict == "unknown"} == set()
        return {name for name, verdict in found.items() if verdict == "violated"}

    def described(self) -> Description:
        return replace(described(), facts=self.facts())

    def facts(self) -> dict[str, Any]:
        def day(when: date | None) -> str:
            return when.isoformat() if when else "never"

        return {
            "apiVersion": "pytest-icp/v1",
            "licence": {
                "number": "京B2-20190486",
                "first_issued_on": day(self.first),
                "issued_on": day(self.issued),
                "valid_until": day(self.valid_until),
                "status": "正常",
            },
            "renewal": {
                "intention": "renew",
                "applied_on": day(self.applied),
                "decided_on": "never",
                "decision": "pending",
            },
            "corporate_events": [
                {
                    "id": f"move-{i}",
                    "entity": "licensee",
                    "kind": "address",
                    "changed_on": day(changed),
                    "system_updated_on": day(updated),
                }
                for i, (changed, updated) in enumerate(self.moves)
            ]
            + [
                {
                    "id": f"stop-{i}",
                    "kind": "stop_service",
                    "implemented_on": day(ends) if ends <= self.today else "never",
                    "effective_on": day(ends),
                    "filings": [{"id": f"f-{i}", "authority": "CA", "submitted_at": day(filed)}]
                    if filed
                    else [],
                }
                for i, (ends, filed) in enumerate(self.stops)
            ],
            "illegal_content_cases": [
                {
                    "id": f"content-{i}",
                    "confirmed": True,
                    "discovered_at": day(removed),
                    "disposed_at": day(removed),
                    "reported_at": day(told),
                    "reported_to": ["CA"],
                }
                for i, (removed, told) in enumerate(self.contents)
            ],
            "annual_reports": [
                {
                    "id": f"report-{year}",
                    "year_of_submission": year,
                    "covers_year": year - 1,
                    "submitted_at": day(told),
                }
                for year, told in self.reports
            ],
            "data_stores": [
                {
                    "id": "users",
                    "personal_info": True,
                    "in_service_on": day(self.first),
                    "access": {"reviewed_on": day(self.access)},
                }
            ],
            "log_stores": [
                {
                    "id": "access",
                    "kinds": ["access"],
                    "retention": {"days": 190},
                    "started_on": day(self.first),
                    "ended_on": "never",
                    "oldest_entry_on": day(self.oldest),
                }
            ],
            "sites": [{"id": "main", "production": True, "launched_on": day(self.first)}],
            "user_abuse_controls": {"last_reviewed_on": day(self.reviewed)},
        }

    def teardown(self) -> None:
        facts = self.facts() if hasattr(self, "today") else {"apiVersion": "pytest-icp/v1"}
        assert validator("description").is_valid(facts)


@cache
def described() -> Description:
    """Any description that was read; its facts are exchanged."""
    return load(EXAMPLE / "etaoche.icp.yaml", root=EXAMPLE)


TestCompanyLife = CompanyLife.TestCase
# A long life is made of long silences, more than of many steps.
TestCompanyLife.settings = settings(
    stateful_step_count=60 if settings().max_examples > 300 else 12,
    max_examples=min(settings().max_examples, 200),
)
