"""A finished run: everything that a report may use, and nothing that differs between machines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from itertools import groupby, takewhile
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from pytest_icp.facts.files.schema import problems_of
from pytest_icp.kinds.finding import Finding, Note
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Location, Place
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.record import Digest, Record, moved
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.settings import WARN_DAYS

if TYPE_CHECKING:
    from pytest_icp.reports.since import Line, Since
    from pytest_icp.rules.policy import Policy

VERSION = "pytest-icp/v1"
"""The version of the JSON that reports write."""

READABLE = "icp/readable"
"""The rule id, for formats that need one, of what could not be judged."""

RUN_ALL = Text(
    zh="再次运行 pytest，核对全部规则；有意不核对的规则写进 icp_ignore",
    en="run pytest again, for every rule; rules that are left out on purpose belong in icp_ignore",
)
_TOLERATED = Text(
    zh="另有 {n} 项自 {base} 起就有，未使运行失败（--icp-fail-on=new）",
    en="{n:finding} tolerated, there since {base} (--icp-fail-on=new)",
)
_NOT_RUN = Text(zh="{n} 项规则没有核对：{rules}", en="{n:rule} not run: {rules}")
_NAMED = 3
_AND_MORE = Text(zh="{names} 等，另有 {n} 个", en="{names} and {n} more")
_CRASHED = Text(zh="检查“{rule}”时程序出错：{why}", en="the check of {rule} crashed: {why}")

_Move = Callable[[str], str]
_Placed = TypeVar("_Placed", Finding, Note)


class Trouble(Struct, frozen=True, kw_only=True):
    """Why something could not be judged: unreadable files, sources that disagree, or a crash.

    ``rule_id`` is that of a check that crashed. A description that cannot be read has no
    results at all; where one of its sources cannot, or two of them disagree, rules that rest on
    their facts are unknown.
    """

    description: str
    rule_id: str
    message: Text
    hint: Text
    location: Location

    def sentences(self, language: Language) -> list[str]:
        """Return what is wrong and, where it is known, what to do."""
        texts = (in_languages(text, language) for text in (self.message, self.hint))
        return [text for text in texts if text]


class SourceRemarks(Struct, frozen=True, kw_only=True):
    """What a source reports beside its facts: its remarks."""

    description: str
    kind: str
    path: str
    remarks: tuple[Text, ...]


class Run(Struct, frozen=True, kw_only=True, dict=True):
    """What one run found: the only input of every report.

    Results are sorted by file, provision and rule, those of Python tests with the marker ``icp``
    among them, and every path is relative to the repository, with ``/`` between the names.
    ``policies`` give the text of the provisions; ``ignored`` are the rules that were not
    selected; ``known`` the findings that a baseline has, as description and fingerprint, None where
    no baseline was given, and ``gone`` what it has and the run surely has not; ``sources`` the
    remarks of each source; ``weakened`` what makes the run milder (放宽).
    ``since`` is how it differs from an earlier state (None where nothing was asked), ``tolerated``
    the findings that did not fail it because they were there already, ``tolerated_since`` then.
    ``not_run`` are the rules that were collected and not decided, as unknown results; ``unseen``
    tells what else was not looked at. ``records`` are those of the descriptions that were read,
    ``policy_files`` the digests of the policies, ``settings`` the options that decide what is
    judged and how, ``pages`` the addresses of the pages that
    explain rules, by their ids; there are none without ``docs_url`` (``icp_docs_url``).
    """

    results: tuple[Result, ...]
    as_of: str
    language: Language
    version: str
    policies: tuple[Policy, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    ignored: tuple[str, ...] = ()
    known: frozenset[tuple[str, str]] | None = None
    gone: tuple[Line, ...] = ()
    sources: tuple[SourceRemarks, ...] = ()
    weakened: tuple[Trouble, ...] = ()
    since: Since | None = None
    tolerated: frozenset[tuple[str, str]] = frozenset()
    tolerated_since: Text = plain("")
    not_run: tuple[Result, ...] = ()
    unseen: tuple[Trouble, ...] = ()
    records: tuple[Record, ...] = ()
    policy_files: tuple[Digest, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    docs_url: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether all was decided that was to be."""
        return not (self.not_run or self.unseen)

    @property
    def warn_days(self) -> int:
        """How many days ahead a reader has to look."""
        return int(self.settings.get("icp_warn_days", WARN_DAYS))

    @property
    def taken_out(self) -> int:
        """How many rules the base decides and this run does not."""
        return len({one.rule_id for one in self.since.unseen}) if self.since else 0

    @property
    def says_tolerated(self) -> Text | None:
        """How many findings do not fail the run, and since when they are there, if any do."""
        said = _TOLERATED.format(n=len(self.tolerated), base=self.tolerated_since)
        return said if self.tolerated else None


def unread(error: InputError, description: PurePath) -> list[Trouble]:
    """Return what is wrong with a description, one trouble for each problem."""
    return [
        Trouble(
            description=description.as_posix(),
            rule_id="",
            message=one.message,
            hint=one.hint,
            location=location_at(one.place or Place(path=description)),
        )
        for one in problems_of(error)[0]
    ]


def location_at(place: Place) -> Location:
    """Return a place as reports write it."""
    return Location(**{**asdict(place), "path": PurePath(place.path).as_posix()})


def crashed(rule_id: str, why: str, description: PurePath, line: int | None) -> Trouble:
    """Return that the check of a rule crashed, for the reason given."""
    path = description.as_posix()
    return Trouble(
        description=path,
        rule_id=rule_id,
        message=_CRASHED.format(rule=rule_id, why=why),
        hint=plain(""),
        location=Location(path=path, line=line),
    )


def as_reported(run: Run, *, base: Path, root: Path) -> Run:
    """Return a run as reports expect it: sorted, with paths relative to ``root``.

    ``base`` is the folder that its paths were relative to.
    """
    seen = cache(lambda path: _relative(path, base, root))
    told = partial(_trouble, move=seen, base=base)
    return replace(
        run,
        results=in_order(_moved(result, seen) for result in run.results),
        not_run=in_order(_moved(result, seen) for result in run.not_run),
        troubles=tuple(sorted((told(one) for one in run.troubles), key=_order)),
        unseen=tuple(sorted((told(one) for one in run.unseen), key=_order)),
        weakened=tuple(told(one) for one in run.weakened),
        ignored=tuple(sorted(run.ignored)),
        sources=tuple(replace(one, description=seen(one.description)) for one in run.sources),
        records=tuple(
            replace(one, description=seen(one.description), digests=moved(one.digests, seen))
            for one in run.records
        ),
        policy_files=moved(run.policy_files, seen),
    )


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """Return results in the order of file, provision and rule."""
    return tuple(sorted(results, key=lambda r: (r.description, r.provision, r.rule_id)))


def _order(trouble: Trouble) -> tuple[object, ...]:
    at = trouble.location
    return trouble.description, trouble.rule_id, at.path, at.line or 0, trouble.message.en


def _relative(path: str, base: Path, root: Path) -> str:
    """Return a path as seen from ``root``; outside of it with ``..``, never absolute."""
    try:
        return PurePath(os.path.relpath(base / path, root)).as_posix()
    except ValueError:
        # On another drive no path leads there.
        return PurePath(path).name


def _moved(result: Result, move: _Move) -> Result:
    return replace(
        result,
        description=move(result.description),
        location=_location(result.location, move),
        findings=tuple(_with_hinge(one, move) for one in _placed(result.findings, move)),
        notes=_placed(result.notes, move),
    )


def _placed(found: tuple[_Placed, ...], move: _Move) -> tuple[_Placed, ...]:
    if all(move(one.location.path) == one.location.path for one in found):
        # So it is in most repositories, and there may be a hundred thousand.
        return found
    return tuple(replace(one, location=_location(one.location, move)) for one in found)


def _with_hinge(one: Finding, move: _Move) -> Finding:
    return replace(one, hinge=_placed((one.hinge,), move)[0]) if one.hinge else one


def _location(spot: Location, move: _Move) -> Location:
    return replace(spot, path=move(spot.path))


def _trouble(trouble: Trouble, move: _Move, base: Path) -> Trouble:
    return replace(
        trouble,
        description=move(trouble.description),
        location=_location(trouble.location, move),
        message=without(trouble.message, base),
        hint=without(trouble.hint, base),
    )


def without(text: Text, base: Path) -> Text:
    """Return a text without the path of the folder of the run."""
    lead = f"{base}{os.sep}"
    return Text(zh=text.zh.replace(lead, ""), en=text.en.replace(lead, ""))


@once
def whole(run: Run) -> Run:
    """Return a run in which the rules that were not run are results like the others: unknown."""
    return replace(run, results=in_order((*run.results, *run.not_run))) if run.not_run else run


@once
def incomplete(run: Run) -> tuple[Trouble, ...]:
    """Return why a run is not complete: for each description what was not run."""
    troubles = []
    for description, group in groupby(in_order(run.not_run), key=lambda one: one.description):
        rules = [one.rule_id for one in group]
        said = _NOT_RUN.format(n=len(rules), rules=some_of(rules))
        troubles.append(not_looked_at(said, description))
    return (*troubles, *run.unseen)


def not_looked_at(message: Text, description: str) -> Trouble:
    """Return that something of a description was not looked at."""
    return Trouble(
        description=description,
        rule_id="",
        message=message,
        hint=RUN_ALL,
        location=Location(path=description),
    )


def some_of(names: Sequence[str]) -> Text:
    """Return the first of some names, and how many more there are."""
    first, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
    return _AND_MORE.format(names=first, n=more) if more > 0 else plain(first)


def names_apart(descriptions: Iterable[str]) -> Mapping[str, str]:
    """Return for each description its path below their common folder; empty for an only one."""
    parts = {path: path.split("/") for path in descriptions}
    if len(parts) == 1:
        return dict.fromkeys(parts, "")
    # Folder by folder, of relative and absolute paths together, which `commonpath` would refuse.
    folders = zip(*(names[:-1] for names in parts.values()), strict=False)
    shared = sum(1 for _ in takewhile(lambda level: len({*level}) == 1, folders))
    return {path: "/".join(names[shared:]) for path, names in parts.items()}


def names_of_results(results: Iterable[Result]) -> Mapping[str, str]:
    """Return the names of the descriptions of results; users' own tests have none."""
    return names_apart(result.description for result in results if result.kind != KIND)


def whose(rule_id: str, name: str) -> str:
    """Return a rule with the name of its description, where it has one."""
    return f"{rule_id} ({name})" if name else rule_id
