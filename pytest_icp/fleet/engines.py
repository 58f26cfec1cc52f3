"""What runs the shards of a fleet: this process, processes of this machine, or Dask (执行器).

Each engine is an executor of the standard library; Dask has one of its own kind. Which of them
runs a shard changes nothing in its tables.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any, TypeVar

from msgspec import Struct

from pytest_icp.facts.extras import missing_extra
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

_Shard = TypeVar("_Shard")
_Done = TypeVar("_Done")

_AHEAD = 2
"""So many shards wait for each worker, so that none is idle."""

_WITH_DASK = Text(zh="用 Dask 分布执行", en="running on Dask")
_NO_SCHEDULER = Text(
    zh="连接不到 Dask 调度器 {address}：{n} 秒内没有应答",
    en="the Dask scheduler at {address} cannot be reached: no answer within {n:second}",
)
_NOT_THERE = Text(
    zh="Dask 调度器 {address} 或其工作进程读不出要执行的任务",
    en="the Dask scheduler at {address}, or a worker of it, cannot read what it is to do",
)
_SAME = Text(
    zh="在所有机器上安装同一版本的 pytest-icp[fleet]，包括运行调度器的机器",
    en="install the same version of pytest-icp[fleet] on all machines, the scheduler's too",
)
_NO_ADDRESS = Text(
    zh="“{address}”不是 Dask 调度器的地址", en="{address!r} is no address of a Dask scheduler"
)
_AN_ADDRESS = Text(zh="例如 tcp://host:8786", en="for example tcp://host:8786")
_START = Text(
    zh="先启动：dask scheduler，再在每台机器上运行 dask worker {address}",
    en="start one with `dask scheduler`, and `dask worker {address}` on each machine",
)


class Engine(Struct, frozen=True, kw_only=True):
    """An executor that can be opened again after it broke, and how many workers it has.

    ``broken`` are the errors of a worker that died.
    """

    open: Callable[[], AbstractContextManager[Executor]]
    workers: int
    broken: tuple[type[Exception], ...] = ()


class Here(Executor):
    """Runs each shard at once, in this process: the plain loop."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a call, and return its finished future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the caller has it from the future
            future.set_exception(error)
        return future


def processes(count: int) -> Engine:
    """Return the engine of so many processes; of one, that is this process."""
    if count == 1:
        return Engine(open=Here, workers=1)
    return Engine(open=lambda: _processes(count), workers=count, broken=(BrokenProcessPool,))


class _Processes(ProcessPoolExecutor):
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand out a call; raises `BrokenProcessPool` also where the pipe to a process closes."""
        try:
            return super().submit(fn, *args, **kwargs)
        except (OSError, ValueError) as error:
            # As a process dies the pool closes its pipes before it says that it is broken; any
            # other error of the system has a number.
            if getattr(error, "errno", None) is not None:
                raise
            raise BrokenProcessPool from error


def pool(count: int) -> ProcessPoolExecutor:
    """Return new processes, which share nothing with this one."""
    spawn = multiprocessing.get_context("spawn")
    return _Processes(count, mp_context=spawn, initializer=_end_with_parent)


def _end_with_parent() -> None:  # pragma: no cover - runs in what it ends
    """End this process when the one that started it is gone, which may have been killed."""
    parent = multiprocessing.parent_process()
    if parent:

        def follow() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()


@contextmanager
def _processes(count: int) -> Iterator[Executor]:
    others = {*multiprocessing.active_children()}
    executor = pool(count)
    try:
        yield executor
    except BrokenProcessPool:
        # Of a process that was starting as another died the pool only waits for the end.
        for child in {*multiprocessing.active_children()} - others:
            child.kill()
        raise
    finally:
        executor.shutdown()


def dask(count: int, address: str | None = None) -> Engine:
    """Return the engine of Dask: of a cluster on this machine, or the one at an address.

    Raises `InputError` if it is not installed.
    """
    try:
        distributed = import_module("distributed")
    except ModuleNotFoundError:
        raise missing_extra("fleet", _WITH_DASK) from None
    killed = (distributed.KilledWorker,)
    return Engine(open=lambda: _dask(distributed, count, address), workers=count, broken=killed)


@contextmanager
def _dask(distributed: Any, count: int, address: str | None) -> Iterator[Executor]:
    if address is None:
        local = {"n_workers": count, "threads_per_worker": 1, "dashboard_address": None}
        with (
            distributed.LocalCluster(**local) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client.get_executor(pure=False)
        return
    try:
        client = distributed.Client(address, timeout=_PATIENCE)
    except ValueError as error:
        raise InputError(_NO_ADDRESS.format(address=address), hint=_AN_ADDRESS) from error
    except OSError as error:
        message = _NO_SCHEDULER.format(address=address, n=_PATIENCE)
        raise InputError(message, hint=_START.format(address=address)) from error
    try:
        with client:
            yield client.get_executor(pure=False)
    except RuntimeError as error:
        if not str(error).startswith(_UNREADABLE):
            raise
        raise InputError(_NOT_THERE.format(address=address), hint=_SAME) from error


_UNREADABLE = "Error during deserialization"
"""How Dask begins what it says of a task that names code which is not installed there."""

_PATIENCE = 10
"""Seconds to wait for a scheduler."""


def run(
    engine: Engine,
    work: Callable[[_Shard], _Done],
    shards: Iterable[_Shard],
    again: Callable[[_Shard], _Done],
) -> Iterator[_Done]:
    """Yield what each shard comes to, as they are done.

    Those that were under way when a worker died are done ``again``, one after the other. Few are
    handed out ahead of time, so that no more of them than that are.
    """
    waiting = deque(shards)
    while waiting:
        running: dict[Future[_Done], _Shard] = {}
        try:
            with engine.open() as executor:
                yield from _each(executor, engine.workers * _AHEAD, work, waiting, running)
        except engine.broken:
            for shard in running.values():
                yield again(shard)


def _each(
    executor: Executor,
    most: int,
    work: Callable[[_Shard], _Done],
    waiting: deque[_Shard],
    running: dict[Future[_Done], _Shard],
) -> Iterator[_Done]:
    """Yield what shards come to; those under way are in ``running``, at most so many."""
    try:
        while waiting or running:
            while waiting and len(running) < most:
                # It stays if a worker died and nothing more can be handed out.
                running[executor.submit(work, waiting[0])] = waiting[0]
                waiting.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                done = future.result()
                del running[future]
                yield done
    finally:
        # What is under way is finished, and what waits is left for another run.
        for future in running:
            future.cancel()
