"""A shard again, after a worker died of it or beside it: each description by itself (逐份核对).

A process of its own judges one description after the other. One that ends it twice is a row of
``errors``; the others are judged as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import count
from os import getpid
from typing import Any, TypeVar, cast

from pytest_icp.fleet.engines import pool
from pytest_icp.fleet.inputs.shard import Item, Shard
from pytest_icp.fleet.judging import Judge
from pytest_icp.fleet.storage import Unread
from pytest_icp.fleet.tables import Rows
from pytest_icp.fleet.task import Task
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

TRIES = 2

_DIED = Text(
    zh="核对这份描述的进程两次意外结束，可能是内存不足",
    en="the process that judged this description ended twice; perhaps it ran out of memory",
)
_DIED_READING = Text(
    zh="读取这个输入的进程两次意外结束，其余描述没有核对",
    en="the process that read this input ended twice; what follows in it was not judged",
)
_NOT_STARTED = Text(
    zh="无法启动工作进程；可用 --processes 1",
    en="no process can be started to judge in; try --processes 1",
)
_Answer = TypeVar("_Answer")


class _DiedError(Exception):
    """A call that ended the process as often as it was tried."""


def judge_carefully(task: Task, shard: Shard) -> Rows:
    """Return what `judge_shard` returns, whatever a description does to the process."""
    judge, rows = Judge(task.bench()), Rows.empty()
    with _child() as ask:
        _must_start(ask)
        for at in count():  # pragma: no branch - it ends by a break
            try:
                name = ask(_name_at, shard, at)
            except (_DiedError, InputError) as error:
                if isinstance(error, Unread):
                    raise
                wrong = error if isinstance(error, InputError) else InputError(_DIED_READING)
                rows.add("errors", judge.input_error(wrong, shard))
                break
            if name is None:
                break
            try:
                rows.extend(ask(_rows_at, task, shard, at))
            except _DiedError:
                rows.add("errors", judge.error(InputError(_DIED), "description", name))
    return rows


def _must_start(ask: Callable[..., Any]) -> None:
    """Raise `Unread` if no process can be started: that says nothing about any description."""
    try:
        ask(getpid)
    except _DiedError:
        raise Unread(_NOT_STARTED) from None


@contextmanager
def _child() -> Iterator[Callable[..., Any]]:
    """Give a function that runs another one in a process of its own, and starts that again."""
    child = pool(1)

    def ask(call: Callable[..., _Answer], *arguments: object) -> _Answer:
        nonlocal child
        for _ in range(TRIES):
            try:
                return child.submit(call, *arguments).result()
            except BrokenProcessPool:
                child.shutdown()
                child = pool(1)
        raise _DiedError

    try:
        yield ask
    finally:
        child.shutdown()


class _Reading:
    """The descriptions of a shard, read in their order, in the child process."""

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        self._items, self._at = shard.items(), -1
        self._item: Item | None = None

    def item(self, at: int) -> Item | None:
        """Return the description at a place not before the last; None behind the last one."""
        while self._at < at:
            self._item, self._at = next(self._items, None), self._at + 1
        return self._item


_reading: list[_Reading] = []
"""What the child process is reading."""


def _at(shard: Shard, at: int) -> Item | None:
    if not _reading or _reading[0].shard != shard:
        _reading[:] = [_Reading(shard)]
    return _reading[0].item(at)


def _name_at(shard: Shard, at: int) -> str | None:
    item = _at(shard, at)
    return item.name if item else None


def _rows_at(task: Task, shard: Shard, at: int) -> Rows:
    rows = Rows.empty()
    # It is there: it was asked for its name.
    Judge(task.bench()).add(cast("Item", _at(shard, at)), rows)
    return rows
