"""A run of a fleet: the plan, what is finished already, and the rest judged and written."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from pytest_icp.fleet.inputs import Shard
from pytest_icp.fleet.judging import judge_shard
from pytest_icp.fleet.place import Head, ResultPlace, part_name
from pytest_icp.fleet.planning import Inputs, plan
from pytest_icp.fleet.storage import is_url
from pytest_icp.fleet.tables import Rows, parquet
from pytest_icp.fleet.task import Task
from pytest_icp.fleet.workers import Workers, judge_apart
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

_OTHER_DAY = Text(zh="{place} 里是截至 {day} 的结果", en="{place} holds results as of {day}")
_THAT_DAY = Text(
    zh="加 --as-of {day} 可接着运行，或另选一个位置",
    en="add --as-of {day} to go on with them, or name another place",
)
_OTHER_RULES = Text(
    zh="{place} 里的结果出自另一版本的程序或规定（{there}；现为 {here}）",
    en="{place} holds results of another version or other policies ({there}; now {here})",
)
_OTHER_SETTINGS = Text(
    zh="{place} 里的结果出自另外的设置（{names}）",
    en="{place} holds results with other settings ({names})",
)
_OTHER_INPUTS = Text(
    zh="{place} 有 {n} 个部分出自其他输入，或者输入（含随附文件）已经更改",
    en="{place} has {n:part} of other inputs, or of inputs that have changed since, such as a "
    "file beside a description",
)
_ANOTHER = Text(zh="请另选一个位置", en="name another place")


class Summary(Struct, frozen=True, kw_only=True):
    """What a run came to: what the place holds, and shards that were there already."""

    place: str
    descriptions: int
    verdicts: int
    findings: int
    errors: int
    shards: int
    before: int


def run_fleet(
    inputs: Inputs,
    task: Task,
    out: str,
    workers: Workers,
    told: Callable[[int, int], None] | None = None,
) -> Summary:
    """Judge all descriptions of the inputs, and write the tables.

    What another run has finished in the same place is not judged again. ``told`` is called with
    how many descriptions of how many are judged. Raises `InputError` for inputs that are not
    there, and for a place that holds other results or cannot be written.
    """
    where = out if is_url(out) else str(Path(out).absolute())
    place = ResultPlace(out)
    shards = {part_name(shard.digest): shard for shard in plan(inputs)}
    _must_be_the_same(place, task)
    done = _finished(place, shards)
    day = task.day.isoformat()
    head = Head(as_of=day, versions=task.versions, settings=task.set, shards=len(shards))
    place.write_head(head)
    left = [shard for name, shard in shards.items() if name not in done]
    every = sum(shard.count for shard in left)
    judged = 0

    def apart(shard: Shard, ask: Callable[..., Any]) -> None:
        write(where, shard, judge_apart(task, shard, ask))

    for shard in workers.finish(partial(finish, task, where), left, apart):
        judged += shard.count
        if told:
            told(judged, every)
    # Another run may have written at the same time.
    _finished(place, shards)
    with place.tables() as tables:
        descriptions, verdicts, findings, errors = tables.execute(_COUNTS).fetchone()
    return Summary(
        place=place.name,
        descriptions=descriptions,
        verdicts=verdicts,
        findings=findings,
        errors=errors,
        shards=len(shards),
        before=len(done),
    )


_COUNTS = """
SELECT
    (SELECT count(DISTINCT (filename, description)) FROM verdicts),
    (SELECT count(*) FROM verdicts),
    (SELECT count(*) FROM findings),
    (SELECT count(*) FROM errors)
"""


def finish(task: Task, where: str, shard: Shard) -> None:
    """Judge a shard and write its tables, unless that is done.

    Raises `InputError` if it cannot be read or written just now.
    """
    if not ResultPlace(where).is_finished(shard.digest):
        write(where, shard, judge_shard(task, shard))


def write(where: str, shard: Shard, rows: Rows) -> None:
    """Write the tables of a shard."""
    ResultPlace(where).write_parts(parquet(rows), shard.digest)


def _finished(place: ResultPlace, shards: Collection[str]) -> set[str]:
    """Return the parts that are finished; raises `InputError` for those of other inputs."""
    done = place.finished()
    if others := done - {*shards}:
        message = _OTHER_INPUTS.format(place=place.name, n=len(others))
        raise InputError(message, hint=_ANOTHER)
    return done


def _must_be_the_same(place: ResultPlace, task: Task) -> None:
    """Raise `InputError` for a place with results of another day, other rules or settings."""
    head = place.head()
    if head is None:
        return
    if head.as_of != task.day.isoformat():
        message = _OTHER_DAY.format(place=place.name, day=head.as_of)
        raise InputError(message, hint=_THAT_DAY.format(day=head.as_of))
    if head.versions != task.versions:
        message = _OTHER_RULES.format(place=place.name, there=head.versions, here=task.versions)
        raise InputError(message, hint=_ANOTHER)
    names = [name for name, value in task.set.items() if head.settings.get(name) != value]
    if names:
        message = _OTHER_SETTINGS.format(place=place.name, names=", ".join(names))
        raise InputError(message, hint=_ANOTHER)
