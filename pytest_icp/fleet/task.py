"""What every shard of a fleet is judged by: policies, working days, settings, the day (任务)."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from importlib import metadata
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.files.source import read_bytes
from pytest_icp.facts.workdays import published, with_years
from pytest_icp.fleet.inputs import digest_of
from pytest_icp.fleet.known import Known
from pytest_icp.kinds.policies import default_policies, load_policies
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.contradictions import FILE
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.policy_files import LARGEST, policy_files
from pytest_icp.rules.rule_ids import Levels, RuleIds, levels
from pytest_icp.rules.selection import Choice
from pytest_icp.rules.settings import Settings

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
