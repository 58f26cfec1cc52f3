"""Nothing weakens a run in silence (放宽): items that fail, and what reports and the header say."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import to_builtins

from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain
from pytest_icp.plugin import messages as m
from pytest_icp.plugin.items import TroublesItem, printable_id
from pytest_icp.plugin.options import given, now, read_options
from pytest_icp.plugin.present import (
    WAIVER_DAYS,
    lock_path,
    present,
    set_by_files,
    waivers_of,
    weakening,
)
from pytest_icp.plugin.reach import reached
from pytest_icp.plugin.selection import WORKER_WEAKENED, weakened_key
from pytest_icp.plugin.session import Refused, session_key, session_of
from pytest_icp.reports.run import Trouble, unread
from pytest_icp.rules.lock import (
    Difference,
    Section,
    differences,
    parse_lock,
    place_of,
    read_lock,
    section_title,
    sections_of,
    weakened_by,
)

if TYPE_CHECKING:
    from pathlib import Path

_MOST = 100
"""So many differences are named; the rest is counted."""


def guard(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the items that fail for what weakens a run, and keep what its reports have to say."""
    config = session.config
    path = lock_path(config)
    try:
        lock = _Lock(config, path)
        if session_key not in config.stash and not lock.concerns_run():
            return
        failing = [("lock", path, [*lock.differing()])] if lock.exists else []
        told = [*_day(config, path), *lock.told()]
    except Refused:
        # What stops the run is said at the description.
        return
    failing += [("icp_as_of", config.inipath or path, [*_day_of_file(config)])]
    long_ones: dict[Path, list[Trouble]] = {}
    for where, trouble in _long_waivers(config):
        long_ones.setdefault(where, []).append(trouble)
    failing += [("waivers", where, troubles) for where, troubles in long_ones.items()]
    for name, where, troubles in failing:
        if troubles or name == "lock":
            named = os.path.relpath(where, config.rootpath).replace(os.sep, "/")
            file = _GuardedFile.from_parent(
                session, path=where, nodeid=printable_id(named), what=name, troubles=troubles
            )
            items.extend(file.collect())
    config.stash[weakened_key] = [to_builtins(one) for one in told]
    output: dict[str, object] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output[WORKER_WEAKENED] = config.stash[weakened_key]


class _Lock:
    """The lock of a run, and how what is there differs from it."""

    def __init__(self, config: pytest.Config, path: Path) -> None:
        self._config, self._path = config, path
        self.exists = os.path.lexists(path)
        self._broken: InputError | None = None
        self._sections: Mapping[str, Section] = {}
        if self.exists:
            try:
                self._source = read_lock(path)
                self._sections = sections_of(self._source)
            except InputError as error:
                self._broken = error

    def concerns_run(self) -> bool:
        """Whether a run without descriptions looks where the lock has some, or names all."""
        names = self._sections.get("descriptions", ())
        files = [(self._path.parent / name).resolve() for name in names]
        here = reached(self._config)
        return self.exists and any(file.is_relative_to(up) for file in files for up in here)

    def differing(self) -> Iterator[Trouble]:
        """Yield each difference of what is there from the lock."""
        if self._broken is not None:
            yield from unread(self._broken, self._path)
            return
        found = [*differences(present(self._config, self._sections), self._sections)]
        name = plain(self._path.name)
        errors = [
            InputError(one.message(name), place=place_of(self._source, one))
            for one in found[:_MOST]
        ]
        if len(found) > _MOST:
            errors.append(InputError(m.MORE.format(n=len(found) - _MOST)))
        # In the order of reports, so that what to do is said once, below all of them.
        errors.sort(key=lambda one: ((one.place and one.place.line) or 0, one.message.en))
        if errors:
            errors[-1].hint = m.LOCK_AGAIN
        for error in errors:
            yield from unread(error, self._path)

    def told(self) -> Iterator[Trouble]:
        """Yield what reports have to say: what is not approved in a lock, or changes the base's."""
        if not session_of(self._config).runs_code:
            yield self._note(m.NO_PROJECT)
        reference = str(given(self._config, "lock_base"))
        weak = [] if self.exists else [*weakened_by(weakening(self._config))]
        if not reference:
            if weak:
                yield self._note(_in_short(weak), m.WRITE_LOCK)
            return
        if not self.exists:
            yield self._note(m.NO_LOCK, m.WRITE_LOCK)
        base = None
        try:
            base = self._base(reference)
        except InputError as error:
            yield self._note(error.message, error.hint)
        if base is not None:
            # What was locked there counts, even where the lock itself was taken away.
            now = self._sections if self.exists else present(self._config, base)
            weak = [*differences(now, base)]
        elif self.exists:
            yield self._note(m.NEW_LOCK.format(name=reference))
            weak = [*weakened_by(self._sections)]
        yield from self._notes(weak, m.LOCK_OF.format(name=reference))

    def _base(self, reference: str) -> Mapping[str, Section] | None:
        """Return the lock as a commit has it, None if it has none."""
        from pytest_icp.plugin.base import lock_at

        raw = lock_at(reference, self._path)
        return None if raw is None else sections_of(parse_lock(self._path, raw))

    def _notes(self, found: list[Difference], lock: Text) -> Iterator[Trouble]:
        yield from (self._note(one.message(lock)) for one in found[:_MOST])
        if len(found) > _MOST:
            yield self._note(m.MORE.format(n=len(found) - _MOST))

    def _note(self, message: Text, hint: Text | None = None) -> Trouble:
        (trouble,) = unread(InputError(message, hint=hint or ""), self._path)
        return trouble


def _in_short(weak: list[Difference]) -> Text:
    """Return what weakens a run that no lock approves: the options by name, the rest counted."""
    counts: dict[Text, int] = {}
    for one in weak:
        what = plain(one.name) if one.section == "options" else section_title(one.section)
        counts[what] = counts.get(what, 0) + (one.section != "options")
    parts = (m.NUMBER_OF.format(what=what, n=n) if n else what for what, n in counts.items())
    return m.WEAKENED_BY.format(what=Text("、", ", ").join(parts))


def _day(config: pytest.Config, path: Path) -> Iterator[Trouble]:
    """Yield that a run is as of another day than today."""
    as_of = read_options(config).as_of
    if as_of.date() != now().date():
        yield from unread(InputError(m.OTHER_DAY.format(day=as_of.date().isoformat())), path)


def _day_of_file(config: pytest.Config) -> Iterator[Trouble]:
    """Yield that in CI a file of the repository says as of when it is judged."""
    day = str(given(config, "as_of") or "").strip()
    in_ci = os.environ.get("CI", "").lower() in {"1", "true"}
    if day and in_ci and set_by_files(config, "as_of", [day]):
        error = InputError(m.DAY_OF_FILE.format(day=day), hint=m.NAME_THE_DAY)
        yield from unread(error, config.inipath or config.rootpath)


def _long_waivers(config: pytest.Config) -> Iterator[tuple[Path, Trouble]]:
    """Yield the waivers of more than a year, where no option sets their longest term."""
    if given(config, "waiver_days"):
        return
    start = max(read_options(config).as_of, now()).date()
    for waiver in waivers_of(config):
        if not waiver.decided_on and (waiver.expires - start).days > WAIVER_DAYS:
            message = m.LONG_WAIVER.format(expires=waiver.expires)
            error = InputError(message, place=waiver.place, hint=m.SHORTER)
            where = config.rootpath / waiver.place.path
            yield from ((where, trouble) for trouble in unread(error, where))


class _GuardedFile(pytest.File):
    """A file that a run rests on, with the item that fails for it."""

    def __init__(self, *, what: str, troubles: Sequence[Trouble], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._what, self._troubles = what, troubles

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the item."""
        yield TroublesItem.from_parent(self, name=self._what, troubles=self._troubles)
