"""What a change does (变更的影响): the base of a run is found, judged once, and compared."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace

from pytest_icp.engine import Scene
from pytest_icp.facts.derived import Reading
from pytest_icp.facts.files.opening import is_there
from pytest_icp.facts.files.repository import is_inside
from pytest_icp.facts.files.source import MEGABYTE, read_bytes
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Location
from pytest_icp.plugin.base_commit import Commit, base_commit
from pytest_icp.plugin.collected import collected_in
from pytest_icp.plugin.deciding_lines import LinesOfIni, at_deciding_lines
from pytest_icp.plugin.flags import by_repository
from pytest_icp.plugin.git import Git
from pytest_icp.plugin.judging_base import Roots, elements, judged_base
from pytest_icp.plugin.options import read_options
from pytest_icp.plugin.runs import repository_root
from pytest_icp.plugin.session import Refused, session_of
from pytest_icp.plugin.unpacking import unpack
from pytest_icp.reports.baseline import known_by_part
from pytest_icp.reports.comparing import by_key, compared, known_of
from pytest_icp.reports.earlier import earlier_run
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Base, Key, Since, Unjudged
from pytest_icp.reports.touched import touched
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.reads import facts_needed
from pytest_icp.rules.waivers import Waiver

_LARGEST = 512 * MEGABYTE
_LONGEST_LIST = 512 * MEGABYTE
_MOST_COPIED = 2000
_ID = re.compile("^(?:[0-9a-f]{40}|[0-9a-f]{64})$")


class Comparison:
    """The run of a session and its base, which is judged when it is first asked for.

    Raises `InputError` for a base that cannot be found.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._written = read_options(config).since
        # The whole id of a commit is no name to read.
        self._name_of_base = _ID.sub(lambda found: found.group()[:12], self._written)
        self._head = repository_root(config.rootpath)
        self._git = Git(self._head)
        self._folder: TemporaryDirectory[str] | None = None
        self._roots: Roots | None = None
        self._lines: dict[str, frozenset[int]] = {}
        path = config.invocation_params.dir / self._written
        self._commit: Commit | None = None
        self._path = path
        try:
            self._commit = base_commit(self._git, self._written)
        except InputError:
            if not is_there(path):
                raise
            self._check(path)

    def _check(self, path: Path) -> None:
        """Raise `InputError` if an ini file of the repository names a path outside of it."""
        if by_repository(self._config, "since", self._written):
            from pytest_icp.facts.files.source import resolved

            resolved(path, root=self._head)

    @cached_property
    def base(self) -> Base:
        """The base, with what keeps it from being judged."""
        if self._commit is not None:
            return self._of_commit(self._commit)
        if self._path.is_dir():
            self._roots = Roots(self._head, self._path.resolve())
            judged = judged_base(self._config, self._roots, self._sources(self._roots), None)
            return replace(judged, name=self._name_of_base)
        return self._unless_broken(self._of_report)

    def _of_report(self) -> Base:
        base = earlier_run(self._path, self._name_of_base)
        found = known_by_part(base.findings.values(), session_of(self._config).policies)
        return replace(base, findings=by_key(found))

    def _unless_broken(self, judge: Callable[[], Base]) -> Base:
        try:
            return judge()
        except InputError as error:
            location = Location(path=str(error.place.path) if error.place else self._written)
            broken = Unjudged(description="", location=location, message=error.message)
            return Base(name=self._name_of_base, unjudged=(broken,))

    def _of_commit(self, commit: Commit) -> Base:
        self._folder = TemporaryDirectory(prefix="icp-base-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name).resolve()
        # The folder is a repository of its own, which nothing of it leads out of.
        (folder / ".git").mkdir()
        roots = self._roots = Roots(self._head, folder)

        def judge() -> Base:
            elsewhere = unpack(self._git, commit.id, folder)
            apart = self._apart(elsewhere)
            self._copy(apart, roots)
            judged = judged_base(self._config, roots, self._sources(roots), commit.instant)
            resting = frozenset(self._resting(apart))
            return replace(judged, apart=tuple(sorted(apart)), resting=resting)

        day = commit.instant.date().isoformat()
        return replace(self._unless_broken(judge), name=self._name_of_base, day=day)

    def _scenes(self) -> Iterator[tuple[Path, Scene, tuple[Policy, ...]]]:
        """Yield the descriptions of the run; a controller of workers reads them again."""
        session = session_of(self._config)
        for named in collected_in(self._config).files.values():
            path = Path(named)
            try:
                yield (path, *session.known(path))
            except (InputError, Refused):
                continue

    def _apart(self, elsewhere: frozenset[str]) -> set[str]:
        """Return the files of the run that git does not have, or not as they are."""
        tracked = self._tracked() - elsewhere
        folders = {up for path in tracked for up in _above(path)}
        named = [Path(one) for one in collected_in(self._config).files.values()]
        parts = (file for path, scene, _ in self._scenes() for file in _files(path, scene))
        read = {self._name(file) for file in (*named, *parts)}
        return {name for name in read if name not in tracked and name not in folders}

    def _tracked(self) -> frozenset[str]:
        with self._git.stream("ls-files", "-z", "--full-name") as stream:
            return frozenset(map(os.fsdecode, stream.read(_LONGEST_LIST).split(b"\0")))

    def _name(self, path: Path) -> str:
        return Path(os.path.relpath(path, self._head)).as_posix()

    def _copy(self, apart: set[str], roots: Roots) -> None:
        """Give the base what git does not have, so that it makes no difference."""
        for name in apart:
            here, there = self._head / name, roots.there(self._head / name)
            if there is None:
                continue
            files = [here] if here.is_file() else sorted(here.rglob("*"))[:_MOST_COPIED]
            for file in files:
                # What a link leads to is not read from here, either.
                if file.is_file() and not file.is_symlink() and is_inside(file, self._head):
                    target = there / file.relative_to(here) if file != here else there
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, target)

    def _resting(self, apart: set[str]) -> Iterator[Key]:
        """Yield the rules that read facts of what git does not have."""
        for path, scene, policies in self._scenes():
            given: set[str] = set()
            for reading in scene.description.readings:
                if self._name(_path_of(reading, path)) in apart:
                    given |= _facts_of(reading)
            for policy in policies if given else ():
                for one in policy.obligations:
                    if given & {fact.partition(".")[0] for fact in facts_needed(policy, one)}:
                        yield self._name(path), one.rule_id

    def _sources(self, roots: Roots) -> Iterator[str]:
        """Yield the sources of the command line, as the base has them."""
        named = read_options(self._config).sources
        for source in named if self._config.getoption("icp_source") else ():
            path = source.path
            if source.given is not None:
                path = roots.base / ".git" / "input"
                path.write_bytes(source.given)
            there = roots.there(path)
            if there is None or there.exists():
                yield f"{source.kind}={there or path}"

    def known(self, run: Run) -> frozenset[Key]:
        """Return the open findings of a run that the base has."""
        return known_of(run, self.base)

    def since(self, run: Run) -> Since:
        """Return how a finished run differs from its base."""
        scenes = {self._name(path): scene for path, scene, _ in self._scenes()}
        here = {name: elements(scene) for name, scene in scenes.items()}
        found = compared(run, self.base, self._ours, here if self.base.elements else {})
        waivers = {
            name: [self._placed(one) for one in scene.waivers] for name, scene in scenes.items()
        }
        lines = LinesOfIni(self._config, self._head)
        return at_deciding_lines(found, run, waivers, lines, self._ours)

    def _placed(self, waiver: Waiver) -> Waiver:
        """Return a waiver with its place as reports have it."""
        name = self._name(Path(os.path.abspath(waiver.place.path)))  # noqa: PTH100 - follows no link
        return replace(waiver, place=replace(waiver.place, path=name))

    def _ours(self, spot: Location) -> bool:
        """Whether a line is one of the change."""
        return bool(spot.line) and spot.line in self._touched(spot.path)

    def _touched(self, name: str) -> frozenset[int]:
        known = self._lines.get(name)
        if known is None:
            known = self._lines[name] = self._compare_lines(name)
        return known

    def _compare_lines(self, name: str) -> frozenset[int]:
        there = self._roots.there(self._head / name) if self._roots else None
        if self._roots is None or there is None:
            return frozenset()
        try:
            after = read_bytes(self._head / name, root=self._head, limit=_LARGEST)
            before = b""
            if there.exists():
                before = read_bytes(there, root=self._roots.base, limit=_LARGEST)
        except InputError:
            return frozenset()
        return touched(before, after)

    def close(self) -> None:
        """Remove what was written."""
        if self._folder is not None:
            self._folder.cleanup()


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _files(path: Path, scene: Scene) -> Iterator[Path]:
    """Yield the files and folders that a description is made of."""
    description = scene.description
    yield from (file.path for file in description.origins.files)
    yield from (path.parent / one.path for one in description.evidence.values() if one.sha256)
    yield from (_path_of(reading, path) for reading in description.readings)


def _path_of(reading: Reading, description: Path) -> Path:
    """Return the file or folder of a source: that of an option is named where it is."""
    own = description.parent / reading.path
    return own if own.exists() else Path(reading.place.path)


def _facts_of(reading: Reading) -> set[str]:
    """Return the facts that a source gives, or would give if it had them."""
    given = set(reading.derived.facts) if reading.derived else set(reading.gives)
    return given | {kind for gap in reading.gaps for kind in gap.kinds}
