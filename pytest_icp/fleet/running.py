"""A run of a fleet: the plan, what is finished already, and the rest judged and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct

from pytest_icp.fleet.careful import judge_carefully
from pytest_icp.fleet.engines import Engine, run
from pytest_icp.fleet.inputs.planning import Inputs, plan
from pytest_icp.fleet.inputs.shard import Shard
from pytest_icp.fleet.judging import judge_shard
from pytest_icp.fleet.place import Head, Record, ResultPlace, part_name, place_at
from pytest_icp.fleet.storage import is_url, unread
from pytest_icp.fleet.tables import TABLES, Rows, parquet
from pytest_icp.fleet.task import Task
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
    zh="{place} 里有 {n} 个部分出自其他输入，或者输入（含随附文件）已经更改",
    en="{place} has {n:part} of other inputs, or of inputs that have changed since, such as a "
    "file beside a description",
)
_ANOTHER = Text(zh="请另选一个位置", en="name another place")


class Summary(Struct, frozen=True, kw_only=True):
    """What a run came to: rows of each table, and shards that were there already."""

    place: str
    rows: Counter[str]
    shards: int
    before: int


def run_fleet(inputs: Inputs, task: Task, out: str, engine: Engine) -> Summary:
    """Judge all descriptions of the inputs, and write the tables.

    What another run has finished in the same place is not judged again. Raises `InputError` for
    inputs that are not there, and for a place that holds other results or cannot be written.
    """
    where = out if is_url(out) else str(Path(out).absolute())
    place = place_at(out)
    with place.locked():
        shards = {part_name(shard.digest): shard for shard in plan(inputs)}
        _must_be_the_same(place, task)
        done = {name.removesuffix(".json") for name in place.names("shards")}
        others = done - shards.keys()
        if others:
            message = _OTHER_INPUTS.format(place=place.name, n=len(others))
            raise InputError(message, hint=_ANOTHER)
        day = task.day.isoformat()
        head = Head(as_of=day, versions=task.versions, settings=task.set, shards=len(shards))
        place.write_head(head)
        left = [shard for name, shard in shards.items() if name not in done]
        again = partial(finish, task, where, judge_carefully)
        for _ in run(engine, partial(finish, task, where, judge_shard), left, again):
            pass
        rows: Counter[str] = Counter()
        for record in place.records():
            rows.update(record.rows)
    return Summary(place=place.name, rows=rows, shards=len(shards), before=len(done))


def finish(task: Task, where: str, judge: Callable[[Task, Shard], Rows], shard: Shard) -> Record:
    """Judge a shard and write its tables, unless that is done; return its record.

    Raises `InputError` if it cannot be read or written just now.
    """
    place = place_at(where)
    known = place.record(shard.digest)
    if known is not None:
        return known
    try:
        rows = judge(task, shard)
    except OSError as error:
        raise unread(shard.where, error) from error
    judged = len(set(rows.columns["verdicts"]["description"]))
    counts: dict[str, int] = {"descriptions": judged}
    counts |= {name: rows.count(name) for name in TABLES}
    record = Record(digest=shard.digest, where=shard.where, rows=counts)
    place.write_parts(parquet(rows), record)
    return record


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
