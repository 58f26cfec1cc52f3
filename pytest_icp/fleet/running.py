"""A run of a fleet: makes the plan, skips finished shards, judges and writes the rest.

It is judged by this process alone, or by workers of Dask, here or on several machines: which of
them judges a shard changes nothing in its tables. Dask starts a worker that died anew, and goes on
with the other shards; of one that has ended its worker the descriptions are judged again, each by
itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from msgspec import Struct

from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.fleet.inputs import Shard
from pytest_icp.fleet.judging import Judge, Task, judge_shard
from pytest_icp.fleet.place import Head, ResultPlace, Row, Rows, no_rows, parquet, part_name
from pytest_icp.fleet.planning import Inputs, plan
from pytest_icp.fleet.storage import Unread, is_url, shown
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

_PATIENCE = 10
"""Seconds to wait for a scheduler."""

_ALONE = 120
"""Seconds to wait for a worker where there is none any more."""

_EVERY = 0.1

_UNREADABLE = "Error during deserialization"
"""How Dask begins what it says of a task that names code which is not installed there."""

_CONFIG = {
    # A shard that has ended a worker is taken apart.
    "distributed.scheduler.allowed-failures": 0,
    # A plan of all of a country is large.
    "distributed.admin.large-graph-warning-threshold": "1 GiB",
    # A busy machine takes long to start a worker.
    "distributed.comm.timeouts.connect": "120 s",
}

_WITH_DASK = Text(zh="用 Dask 分布执行", en="running on Dask")
_NO_SCHEDULER = Text(
    zh="连接不到 Dask 调度器 {address}：{n} 秒内没有应答",
    en="the Dask scheduler at {address} cannot be reached: no answer within {n:second}",
)
_START = Text(
    zh="先启动：dask scheduler，再在每台机器上运行 dask worker {address}",
    en="start one with `dask scheduler`, and `dask worker {address}` on each machine",
)
_NOT_THERE = Text(
    zh="Dask 调度器 {address} 或其工作进程读不出要执行的任务",
    en="the Dask scheduler at {address}, or a worker of it, cannot read what it is to do",
)
_SAME = Text(
    zh="在所有机器上安装同一版本的 pytest-icp[fleet]，包括运行调度器的机器",
    en="install the same version of pytest-icp[fleet] on all machines, the scheduler's too",
)
_LOST = Text(
    zh="与 Dask 调度器 {address} 的连接中断",
    en="the connection to the Dask scheduler at {address} is lost",
)
_AGAIN = Text(
    zh="已写出的部分完好；再运行一次即可继续", en="what is written stays; run again to go on"
)
_NO_ADDRESS = Text(
    zh="“{address}”不是 Dask 调度器的地址", en="{address!r} is not an address of a Dask scheduler"
)
_AN_ADDRESS = Text(zh="例如 tcp://host:8786", en="for example tcp://host:8786")
_NOT_STARTED = Text(
    zh="无法启动工作进程；可用 --processes 1",
    en="no process can be started to judge in; try --processes 1",
)
_NO_WORKER = Text(
    zh="{n} 秒以来没有任何 Dask 工作进程", en="there has been no worker of Dask for {n:second}"
)
_DIED = Text(
    zh="核对这份描述的进程每次都意外结束，可能是内存不足",
    en="each process that judged this description ended; perhaps it ran out of memory",
)
_DIED_READING = Text(
    zh="读取这个输入的进程每次都意外结束，其余描述没有核对",
    en="each process that read this input ended; what follows in it was not judged",
)


class Workers(Struct, frozen=True, kw_only=True):
    """How many processes of this machine judge, or the address of a Dask scheduler."""

    processes: int = 1
    scheduler: str | None = None

    def finish(
        self,
        work: Callable[[Shard], None],
        shards: Iterable[Shard],
        apart: Callable[[Shard, Callable[..., Any]], None],
    ) -> Iterator[Shard]:
        """Yield each shard when its work is done.

        One whose workers died is taken ``apart``, by what calls a function in a worker and raises
        `DiedError` if that dies.
        """
        if self.processes == 1 and self.scheduler is None:
            for shard in shards:
                work(shard)
                yield shard
            return
        with self._client() as (distributed, client):

            def ask(call: Callable[..., Any], *arguments: object) -> Any:
                # A worker that starts while another one dies may be lost with it.
                for _ in range(2):
                    future = client.submit(call, *arguments, pure=False)
                    next(_completed(distributed, client, [future]))
                    with suppress(distributed.KilledWorker):
                        return future.result()
                raise DiedError

            died = []
            waiting = {client.submit(work, shard, pure=False): shard for shard in shards}
            for future in _completed(distributed, client, [*waiting]):
                shard = waiting.pop(future)
                if isinstance(future.exception(), distributed.KilledWorker):
                    died.append(shard)
                    continue
                future.result()
                yield shard
            for shard in died:
                apart(shard, ask)
                yield shard

    @contextmanager
    def _client(self) -> Iterator[tuple[Any, Any]]:
        """Give Dask, and a client of its scheduler; raises `InputError` without one."""
        try:
            dask, distributed = map(import_module, ("dask", "distributed"))
        except ModuleNotFoundError:
            raise missing_extra("fleet", _WITH_DASK) from None
        connect = self._there if self.scheduler else self._here
        with dask.config.set(_CONFIG), connect(distributed) as client:
            yield distributed, client

    @contextmanager
    def _here(self, distributed: Any) -> Iterator[Any]:
        try:
            cluster = distributed.LocalCluster(
                n_workers=self.processes,
                threads_per_worker=1,
                dashboard_address=None,
                # Without one, the port of its server may be taken by another cluster.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                silence_logs=logging.CRITICAL,
            )
        except (OSError, RuntimeError) as error:
            raise InputError(_NOT_STARTED) from error
        with cluster, distributed.Client(cluster) as client:
            yield client

    @contextmanager
    def _there(self, distributed: Any) -> Iterator[Any]:
        address = shown(self.scheduler or "")
        # What goes wrong is told by the errors.
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        try:
            client = distributed.Client(self.scheduler, timeout=_PATIENCE)
        except ValueError as error:
            raise InputError(_NO_ADDRESS.format(address=address), hint=_AN_ADDRESS) from error
        except OSError as error:
            message = _NO_SCHEDULER.format(address=address, n=_PATIENCE)
            raise InputError(message, hint=_START.format(address=address)) from error
        try:
            with client:
                yield client
        except CancelledError as error:
            raise Unread(_LOST.format(address=address), hint=_AGAIN) from error
        except RuntimeError as error:
            if not str(error).startswith(_UNREADABLE):
                raise
            raise InputError(_NOT_THERE.format(address=address), hint=_SAME) from error


def _completed(distributed: Any, client: Any, futures: list[Any]) -> Iterator[Any]:
    """Yield futures as they are done; raises `Unread` where no worker is left, and none comes."""
    completed = distributed.as_completed(futures)
    since = monotonic()
    while not completed.is_empty():
        if completed.has_ready():
            yield next(completed)
            since = monotonic()
        elif monotonic() - since > _ALONE:
            if not client.scheduler_info()["workers"]:
                raise Unread(_NO_WORKER.format(n=_ALONE))
            since = monotonic()
        else:
            sleep(_EVERY)


class DiedError(Exception):
    """A call that ended each worker that tried it."""


def judge_apart(task: Task, shard: Shard, ask: Callable[..., Any]) -> Rows:
    """Return what `judge_shard` returns, of a shard with a description that ends its worker.

    Each is judged by itself, and that one is a row of ``errors``. Where the input itself ends the
    worker, what follows is not judged.
    """
    rows, judge = no_rows(), Judge(task.bench())
    for at in range(shard.count):
        try:
            # Behind its last description an input may prove to be broken.
            found: Rows = ask(
                judge_shard, task, shard, at, at + 1 if at + 1 < shard.count else None
            )
        except DiedError:
            found = {**no_rows(), "errors": [_death(judge, shard, at, ask)]}
        for table, more in found.items():
            rows[table] += more
        if any(row["what"] == "input" for row in found["errors"]):
            break
    return rows


def _death(judge: Judge, shard: Shard, at: int, ask: Callable[..., Any]) -> Row:
    try:
        return judge.error(InputError(_DIED), "description", ask(_name_at, shard, at))
    except DiedError:
        return judge.input_error(InputError(_DIED_READING), shard)


def _name_at(shard: Shard, at: int) -> str:
    return next(item.name for i, item in enumerate(shard.items()) if i == at)


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
