"""Judges the descriptions of a shard: a pure function of the shard and the settings.

That is a task (任务): policies, working days, settings and the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib import metadata
from itertools import islice
from pathlib import Path, PurePath

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from pytest_icp.engine import Scene, binding, outcome_of, prepare, result_of
from pytest_icp.facts.breakdowns import internal_errors
from pytest_icp.facts.description import Description
from pytest_icp.facts.files.budget import Budget, Meter, OverBudgetError
from pytest_icp.facts.files.disk import read_bytes
from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.files.schema import problems_of
from pytest_icp.facts.workdays import published, with_years
from pytest_icp.fleet.inputs import SECONDS, SPLIT, Item, Shard, digest_of
from pytest_icp.fleet.known import Known, Lookup, says_nothing
from pytest_icp.fleet.place import Row, Rows, no_rows
from pytest_icp.fleet.storage import Unread, unread
from pytest_icp.kinds.finding import Outcome, Upcoming, Verdict
from pytest_icp.kinds.holdings import licensed_scope
from pytest_icp.kinds.policies import default_policies, load_policies
from pytest_icp.kinds.result import Result
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.catalogue import root_of
from pytest_icp.law.divisions import short_province
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.location import Location, Place
from pytest_icp.law.places import province_of
from pytest_icp.law.text import Text
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.entries import Entry, entries, fingerprint
from pytest_icp.reports.layout import one_line
from pytest_icp.reports.run import Run
from pytest_icp.reports.sources import source_errors
from pytest_icp.rules.contradictions import FILE
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.policy_files import LARGEST, policy_files
from pytest_icp.rules.selection import Choice, Levels, RuleIds, Selection, check_names, levels
from pytest_icp.rules.settings import Settings
from pytest_icp.rules.waivers import Waiver, files_in, read_waivers

_OTHER = Text(
    zh="此处的 pytest-icp 或规定与发起端不同：{here}；发起端为 {there}",
    en="pytest-icp or its policies differ here from where the run began: {here}, there {there}",
)
_SAME = Text(
    zh="在所有机器上安装同一版本，并把同样的规定放在同样的路径",
    en="install the same version on all machines, with the same policies at the same paths",
)


class Task(Struct, frozen=True, kw_only=True):
    """What a run judges by; it travels to every worker, which reads the policies itself.

    ``policies`` are folders and ``workdays`` files beside those of the product, by absolute paths;
    ``rootdir`` stands for their repository where there is no ``.git``.
    """

    day: date
    policies: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()
    rootdir: str = "."
    settings: Settings = Settings()
    choice: Choice = Choice()
    waiver_days: int | None = None
    versions: str = ""

    @property
    def as_of(self) -> datetime:
        """The end of the day."""
        return as_of_instant(self.day)

    @property
    def set(self) -> dict[str, object]:
        """The settings by name."""
        lists = {"papers": self.settings.papers, **asdict(self.choice)}
        listed = {name: [*words] for name, words in lists.items()}
        return {"waiver_days": self.waiver_days, **self.settings._asdict(), **listed}

    def with_versions(self) -> Task:
        """Return the task with the versions of what this machine judges by."""
        return replace(self, versions=self._here())

    def _here(self) -> str:
        contents: list[str | bytes] = [_version("chinesecalendar")]
        for folder in self._folders:
            for file in policy_files(folder, Path(self.rootdir)):
                contents += [file.path.name, file.content()]
        contents.append(read_bytes(resource("policies") / f"{FILE}.yaml", root=None, limit=LARGEST))
        contents += [read_bytes(Path(f), root=None, limit=LARGEST) for f in self.workdays]
        return f"pytest-icp {_version('pytest-icp')}, policies {digest_of(contents)[:16]}"

    @property
    def _folders(self) -> list[Path]:
        return [resource("policies"), *map(Path, self.policies)]

    def bench(self) -> Bench:
        """Return what this machine judges by, read once in each process.

        Raises `InputError` if it is not what the run began with.
        """
        return _bench(self)


class Bench(Struct, frozen=True, kw_only=True):
    """The policies and working days of a task, as they are read."""

    task: Task
    policies: tuple[Policy, ...]
    calendar: Calendar
    rules: RuleIds
    levels: Levels
    known: Known = field(default_factory=Known)


@cache
def _bench(task: Task) -> Bench:
    here = task.with_versions().versions
    if here != task.versions:
        raise InputError(_OTHER.format(here=here, there=task.versions), hint=_SAME)
    root, own = Path(task.rootdir), [Path(folder) for folder in task.policies]
    policies = load_policies([resource("policies"), *own], rootdir=root) if own else None
    policies = default_policies() if policies is None else policies
    return Bench(
        task=task,
        policies=policies,
        calendar=with_years(published(), map(Path, task.workdays), rootdir=root),
        rules=RuleIds.of(policies),
        levels=levels(policies),
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "(not installed)"


_BAD = {Verdict.VIOLATED, Verdict.UNKNOWN}


def judge_shard(task: Task, shard: Shard, start: int = 0, stop: int | None = None) -> Rows:
    """Judge every description of a shard; what cannot be judged is a row of ``errors``.

    With ``start`` and ``stop``, only those from one place to before another. Raises `Unread` for
    what could not be read this time, and `InputError` on a machine that judges by other policies.
    """
    rows, judge = no_rows(), Judge(task.bench())
    meter = Meter(Budget(seconds=SECONDS))
    try:
        for item in islice(shard.items(), start, stop):
            meter.check_time()
            judge.add(item, rows)
    except Unread:
        raise
    except OverBudgetError as error:
        too_long = InputError(error.message, hint=SPLIT)
        rows["errors"].append(judge.input_error(too_long, shard))
    except InputError as error:
        rows["errors"].append(judge.input_error(error, shard))
    except OSError as error:
        raise unread(shard.where, error) from error
    return rows


class Judge:
    """Judges one description after the other by the same policies."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._task = bench, bench.task
        self._run: Row = {"as_of": self._task.day, "versions": self._task.versions}

    def add(self, item: Item, rows: Rows) -> None:
        """Judge a description and add its rows."""
        place = Place(path=item.name)
        try:
            with internal_errors(place):
                description = item.load()
                check_names(description, lambda: self._bench.rules)
                scene = self._scene(item, description)
        except InputError as error:
            rows["errors"].append(self.error(error, "description", item.name, item.base))
            return
        for wrong in source_errors(description):
            rows["errors"].append(self.error(wrong, "source", item.name, item.base))
        about = {**_about(description), "description": item.name, **self._run}
        self._write([*self._decided(scene, item, rows)], about, rows)

    def input_error(self, error: InputError, shard: Shard) -> Row:
        """Return the row of an input that cannot be used, or not to its end."""
        return {**self.error(error, "input", shard.where), "path": shard.where}

    def error(
        self, error: InputError, what: str, name: str, base: Path | None = None, rule: str = ""
    ) -> Row:
        """Return the row of what could not be judged; ``what`` is the kind of thing."""
        problems, more = problems_of(error)
        place = error.place
        return {
            "description": name,
            "what": what,
            "rule": rule or None,
            "path": _relative(place.path, base) if place and base else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            **_both("message", error.message, base),
            **_both("hint", error.hint, base),
            "problems": len(problems) + more,
            **self._run,
        }

    def _scene(self, item: Item, description: Description) -> Scene:
        return prepare(
            description,
            as_of=self._task.as_of,
            settings=self._task.settings,
            calendar=self._bench.calendar,
            waivers=self._waivers(item.folder, description.root) if item.folder else (),
            base=item.base,
            # A row of a table has no lines: the pointer leads to a fact.
            places="found" if item.folder else "none",
        )

    def _waivers(self, folder: Path, root: Path) -> tuple[Waiver, ...]:
        return tuple(
            waiver
            for path in files_in(folder)
            for waiver in read_waivers(
                path,
                levels=self._bench.levels,
                as_of=self._task.day,
                longest_days=self._task.waiver_days,
                root=root,
            )
        )

    def _decided(self, scene: Scene, item: Item, rows: Rows) -> Iterator[_Decided]:
        """Yield what was decided of each rule; one whose check crashes is an error instead."""
        known, described = self._bench.known, scene.description
        facts = None if scene.is_doubted else known.of(scene.context, described.facts)
        selection = Selection(
            binding(self._bench.policies, described), described, self._task.choice
        )
        rules = iter(
            (policy, obligation)
            for policy in selection.policies
            for obligation in policy.obligations
            if obligation.rule_id in selection.rules
        )
        rule = ""
        while True:
            try:
                with internal_errors(Place(path=item.name)):
                    for policy, obligation in rules:
                        rule = obligation.rule_id
                        yield _decide(scene, facts, policy, obligation)
                    return
            except InputError as error:
                row = self.error(error, "rule", item.name, item.base, rule)
                rows["errors"].append(row)

    def _write(self, decided: list[_Decided], about: Row, rows: Rows) -> None:
        results = tuple(one.result for one in decided if one.result)
        run = Run(results=results, as_of=self._task.as_of.isoformat(), language="en", version="")
        found: dict[str, list[Entry]] = {}
        for entry in entries(run):
            found.setdefault(entry.result.rule_id, []).append(entry)
        for one in decided:
            own = found.get(one.obligation.rule_id, [])
            rows["verdicts"].append({**about, **_verdict(one, own)})
        for result in results:
            rule = {"provision": result.provision, "rule": result.rule_id}
            for entry in found.get(result.rule_id, ()):
                level = {"level": result.about(entry.finding).level}
                rows["findings"].append({**about, **rule, **level, **_finding(entry)})
            for due in result.upcoming:
                level = {"level": result.about(due).level}
                rows["due"].append({**about, **rule, **level, **_due(due)})


class _Decided(Struct, frozen=True):
    """A verdict on a rule; a result where there is more to say."""

    obligation: Obligation
    verdict: Verdict
    result: Result | None = None


def _decide(scene: Scene, facts: Lookup | None, policy: Policy, obligation: Obligation) -> _Decided:
    def decide() -> Outcome:
        return outcome_of(scene, policy, obligation)

    outcome = facts.outcome(policy, obligation, decide) if facts else decide()
    if says_nothing(outcome):
        return _Decided(obligation, outcome.verdict)
    result = result_of(scene, policy, obligation, outcome)
    # People may have decided what was open.
    return _Decided(obligation, result.verdict, result)


def _about(description: Description) -> Row:
    """Return whose description it is: the licence, its holder, province and lines of business."""
    licence = description.licence
    scope = licensed_scope(licence)
    lines = sorted({root_of(code) for code in scope.permitted}) if scope else []
    return {
        "licence": _text(licence.get("number")),
        "holder": _text(licence.get("holder")),
        "province": _province(licence),
        "lines": lines,
    }


def _province(licence: JsonObject) -> str | None:
    """Return the province of the holder's address, else of the issuing authority."""
    address, authority = licence.get("registered_address"), licence.get("issuing_authority")
    named = province_of(address) if isinstance(address, Mapping) else None
    issued = authority.get("province") if isinstance(authority, Mapping) else None
    return named or (short_province(issued) if isinstance(issued, str) else None)


def _verdict(one: _Decided, own: list[Entry]) -> Row:
    """Return what tells the verdict on a rule from the others on the same description."""
    rule = one.obligation
    named = {"provision": rule.provision, "rule": rule.rule_id, "level": rule.level}
    row: Row = {**named, "verdict": one.verdict.value, "findings": 0}
    result = one.result
    if result is None:
        return row
    bad = [entry for entry in own if entry.finding.verdict in _BAD and result.binds(entry.finding)]
    violated = [one for one in result.binding if one.broken]
    due = min((one.due for one in violated if one.due), default=None)
    due = due or min((one.last for one in result.upcoming), default=None)
    since = [day for one in violated if (day := _since(one.due, one.on))]
    return {
        **row,
        "since": min(since, default=None),
        "due": _day(due),
        "waived_until": _day(result.waived.expires if result.waived else None),
        "findings": len(bad),
        "fingerprint": fingerprint(*(entry.fingerprint for entry in bad)) if bad else None,
    }


def _since(due: str | None, on: date | None) -> date | None:
    """Return the first day of a breach: the one after its last day in time, else of its event."""
    return date.fromisoformat(due) + timedelta(days=1) if due else on


def _finding(entry: Entry) -> Row:
    finding = entry.finding
    return {
        "part": finding.part or None,
        "standing": entry.standing.value,
        "subject": one_line(finding.subject),
        "pointer": one_line(finding.pointer),
        **_place(finding.location),
        **_both("message", finding.message),
        **_both("found", finding.found),
        **_both("required", finding.required),
        "due": _day(finding.due),
        "fingerprint": entry.fingerprint,
    }


def _due(due: Upcoming) -> Row:
    return {
        "part": due.part or None,
        "subject": one_line(due.subject),
        "pointer": one_line(due.pointer),
        "last_day": _day(due.last),
        "safe_day": _day(due.safe),
        "provisional": due.provisional,
    }


def _place(at: Location) -> Row:
    return {"path": one_line(at.path) or None, "line": at.line, "column": at.column}


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _text(value: object) -> str | None:
    return one_line(value) if isinstance(value, str) else None


def _both(name: str, text: Text, base: Path | None = None) -> Row:
    lead = f"{base}/" if base else ""
    zh, en = (one_line(one.replace(lead, "") if lead else one) for one in (text.zh, text.en))
    return {f"{name}_zh": zh, f"{name}_en": en}


def _relative(path: PurePath | str, base: Path) -> str:
    absolute = Path(path).absolute()
    inside = absolute.is_relative_to(base)
    return one_line(absolute.relative_to(base).as_posix() if inside else str(path))
