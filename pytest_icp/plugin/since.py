"""What a change does (变更的影响): finds the base of a run, has it judged, and compares.

A run may fail only for what that, or a baseline, does not have.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace

from pytest_icp.engine import Scene
from pytest_icp.facts.files.disk import is_inside, is_there, resolved
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import FAILING, OPEN, Standing
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.plugin.base_run import Roots, judge
from pytest_icp.plugin.collection import collected_in
from pytest_icp.plugin.flags import by_repository
from pytest_icp.plugin.git import Commit, Git, base_commit, unpack
from pytest_icp.plugin.messages import JUDGING_BASE
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.outcome import why_of
from pytest_icp.plugin.progress import show_progress
from pytest_icp.plugin.runs import repository_root
from pytest_icp.plugin.session import Refused, session_of
from pytest_icp.plugin.usage import refused
from pytest_icp.reports.comparing import compared, known_in, state_in, state_of, unread_errors
from pytest_icp.reports.entries import entries
from pytest_icp.reports.jsonl import NOT_JUDGED
from pytest_icp.reports.record import STANDARD_INPUT, Record, record_of
from pytest_icp.reports.run import VERSION, Run, as_reported
from pytest_icp.reports.since import Change, Key, Line, Since, State
from pytest_icp.rules.policy import Policy, facts_needed

_ID = re.compile("^(?:[0-9a-f]{40}|[0-9a-f]{64})$")


class Comparison:
    """The run of a session and its base, which is judged when it is first asked for.

    Raises `InputError` for a base that cannot be found.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._options = read_options(config)
        written = self._options.since
        # Nobody reads the whole id of a commit.
        self._name_of_base = _ID.sub(lambda found: found.group()[:12], written)
        self._head = repository_root(config.rootpath)
        self._git = Git(self._head)
        self._path = config.invocation_params.dir / written
        self._commit: Commit | None = None
        self._roots: Roots | None = None
        try:
            self._commit = base_commit(self._git, written)
        except InputError:
            if not is_there(self._path):
                raise
            if by_repository(config, "since", written):
                resolved(self._path, root=self._head)
        self._folder = TemporaryDirectory(prefix="icp-base-", ignore_cleanup_errors=True)

    @property
    def _days(self) -> list[str]:
        """The instant of the run, and the day of the base where that is an earlier one."""
        now = self._options.as_of
        then = self._commit.instant.date() if self._commit else now.date()
        return [now.isoformat(), *([then.isoformat()] if then < now.date() else [])]

    @cached_property
    def base(self) -> State:
        """The base, with what keeps it from being judged."""
        day = self._commit.instant.date().isoformat() if self._commit else ""
        try:
            with show_progress(self._config, JUDGING_BASE):
                return self._judged(day)
        except InputError as error:
            spot = Location(path=str(error.place.path if error.place else self._options.since))
            line = Line(
                version=VERSION,
                grade=NOT_JUDGED,
                description="",
                message=error.message,
                place=spot,
            )
            return State(name=self._name_of_base, day=day, unjudged=(line,))

    def _judged(self, day: str) -> State:
        name, folder = self._name_of_base, Path(self._folder.name).resolve()
        if self._commit is None:
            if not self._path.is_dir():
                return state_in(self._path, name)
            self._roots = Roots(self._head, self._path.resolve())
            apart: list[str] = []
        else:
            # An ini file above the base is none of its own.
            (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
            folder = folder / "base"
            folder.mkdir()
            self._roots = Roots(self._head, folder)
            elsewhere = unpack(self._git, self._commit.id, folder)
            apart = sorted(set(self._apart(elsewhere)))
            # What git does not have makes no difference if both have it.
            self._copy(apart)
            folder = folder / ".git"
        now, *then = judge(self._config, self._roots, self._days, folder, name)
        base = replace(now, day=day, apart=tuple(apart))
        return replace(
            base,
            resting=frozenset(self._resting(base)),
            dated=frozenset(key for one in then for key in _since_then(now, one)),
        )

    def _scenes(self) -> Iterator[tuple[Path, Scene, tuple[Policy, ...]]]:
        """Yield the descriptions of the run; a controller of workers reads them again."""
        session = session_of(self._config)
        for named in collected_in(self._config).files.values():
            path = Path(named)
            try:
                yield (path, *session.known(path))
            except (InputError, Refused):
                continue

    def _apart(self, elsewhere: frozenset[str]) -> Iterator[str]:
        """Yield the files that the run has read, and git does not have, or not as they are."""
        listed = self._git.ask("ls-files", "-z", "--full-name") or b""
        tracked = frozenset(map(os.fsdecode, listed.split(b"\0"))) - elsewhere
        for path, scene, _ in self._scenes():
            for one in record_of(scene.description, "").digests:
                if one.path != STANDARD_INPUT:
                    yield from {self._name(path.parent / one.path)} - tracked

    def _name(self, path: Path) -> str:
        return Path(os.path.relpath(path, self._head)).as_posix()

    def _there(self, name: str) -> Path | None:
        return self._roots.there(self._head / name) if self._roots else None

    def _copy(self, apart: Iterable[str]) -> None:
        for name in apart:
            here, there = self._head / name, self._there(name)
            # What a link leads to is not read from here, either.
            if there and here.is_file() and not here.is_symlink() and is_inside(here, self._head):
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(here, there)

    def _resting(self, base: State) -> Iterator[Key]:
        """Yield the rules that read facts of what git does not have."""
        for path, scene, policies in self._scenes() if base.apart else ():
            given: set[str] = set()
            for one in scene.description.readings:
                if any(base.lacks(self._name(path.parent / file)) for file in one.digests):
                    gaps = (kind for gap in one.gaps for kind in gap.kinds)
                    given |= {*(one.derived.facts if one.derived else one.gives), *gaps}
            for policy in policies if given else ():
                for obligation in policy.obligations:
                    needed = facts_needed(policy, obligation)
                    if given & {fact.partition(".")[0] for fact in needed}:
                        yield self._name(path), obligation.rule_id

    def since(self, run: Run) -> Since:
        """Return how a finished run differs from its base."""
        found = compared(self.base, state_of(run))
        results = {(one.description, one.rule_id): one for one in run.results}
        return replace(found, rules=tuple(_of_today(one, results) for one in found.rules))

    def close(self) -> None:
        """Remove what was written."""
        self._folder.cleanup()


def _since_then(now: State, then: State) -> Iterator[Key]:
    """Yield what is found now and was not found then, or stood better."""
    rank = {how: i for i, how in enumerate(Standing)}
    for key, line in now.findings.items():
        was = then.findings.get(key)
        if line.standing in OPEN and (was is None or rank[was.standing] > rank[line.standing]):
            yield key


def _of_today(one: Change, results: Mapping[Key, Result]) -> Change:
    """Return a change of what is fine now at its place of today, with the reason."""
    result = results.get((one.description, one.rule_id))
    if result is None or one.after in {*OPEN, Standing.WAIVED, Standing.DECIDED}:
        return one
    message = one.message if one.subject else result.reason
    return replace(one, location=result.location, message=message)


# ---- A ratchet (棘轮): a run that fails only for what an earlier state does not have

_NOTHING_TO_COMPARE = Text(
    zh="--icp-fail-on=new 要与 --icp-since 或 --icp-baseline 一起使用",
    en="--icp-fail-on=new needs --icp-since or --icp-baseline",
)


def ratchet_of(config: pytest.Config) -> Ratchet:
    """Return the ratchet of a session; raises `pytest.UsageError` for a base that is not there."""
    options = read_options(config)
    if not options.since:
        if options.baseline is None:
            raise refused(InputError(_NOTHING_TO_COMPARE), options.language)
        return Ratchet(config, None)
    try:
        return Ratchet(config, Comparison(config))
    except InputError as error:
        raise refused(error, options.language, config.rootpath, "--icp-since") from error


class Ratchet:
    """Compares a run with its base, and lets pass what that has already, where that is asked."""

    def __init__(self, config: pytest.Config, comparison: Comparison | None) -> None:
        self._config, self._comparison = config, comparison
        self._options: Options = read_options(config)
        self._tolerated: dict[tuple[str, str], None] = {}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, None, None]:
        """Let what is known pass, before pytest counts what fails."""
        self._loosen(report)
        return (yield)

    def _loosen(self, report: pytest.TestReport) -> None:
        """Expect a report to fail whose findings are all known."""
        result: Result | None = getattr(report, "icp", None)
        if self._options.fail_on != "new" or result is None or not report.failed:
            return
        run = self._alone(result)
        failing = [entry for entry in entries(run) if entry.standing in FAILING]
        found = state_of(run).findings.values()
        known = {key for state in self._earlier() for key in known_in(state, found)}
        if all(entry.reported_key in known for entry in failing):
            report.outcome = "skipped"
            report.wasxfail = why_of(report)
            report.icp_tolerated = True  # type: ignore[attr-defined]  # reports take attributes
            self._tolerated |= dict.fromkeys(entry.key for entry in failing)

    def _alone(self, result: Result) -> Run:
        """Return one result as a run, with paths as reports have them."""
        root = self._config.rootpath
        record = Record(description=result.description, holder="", licence="", digests=())
        run = Run(
            results=(result,),
            as_of=result.as_of,
            language="en",
            version="",
            records=(record,),
        )
        return as_reported(run, base=root, root=repository_root(root))

    def _earlier(self) -> Iterator[State]:
        """Yield the states whose findings are known."""
        if self._comparison:
            yield self._comparison.base
        if self._options.baseline:
            yield self._options.baseline

    def compared(self, run: Run) -> Run:
        """Return a finished run with how it differs from its base, and what does not fail it."""
        try:
            found = self._comparison.since(run) if self._comparison else None
        except Refused:
            # What has stopped the run keeps its base from being judged as well.
            self.close()
            self._comparison = found = None
        day = self._options.baseline.day if self._options.baseline else ""
        since = found.base.title if found else plain(day)
        return replace(
            run, since=found, tolerated=frozenset(self._tolerated), tolerated_since=since
        )

    def unjudged(self) -> list[InputError]:
        """Return why the run could not be compared, which must not be a success."""
        return unread_errors(self._comparison.base) if self._comparison else []

    def close(self) -> None:
        """Remove what was written."""
        if self._comparison:
            self._comparison.close()
