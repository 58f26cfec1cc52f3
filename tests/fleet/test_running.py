"""A run is the same whatever runs it, goes on where it stopped, and loses nothing."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from typing import TYPE_CHECKING, Any

import distributed
import filelock
import pytest

from pytest_icp.fleet import careful, engines, place, running
from pytest_icp.fleet.careful import judge_carefully
from pytest_icp.fleet.engines import Engine, Here, dask, processes
from pytest_icp.fleet.inputs import lines
from pytest_icp.fleet.judging import judge_shard
from pytest_icp.fleet.place import Folder
from pytest_icp.fleet.running import finish
from pytest_icp.fleet.storage import Unread
from pytest_icp.fleet.tables import TABLES, Rows
from pytest_icp.fleet.task import Task
from pytest_icp.law.errors import InputError
from pytest_icp.rules.settings import Settings
from tests.fleet.killing import BROKEN, Ending, Killing
from tests.fleet.made import DAY, HERE, judged, lay_lines, task, tree

if TYPE_CHECKING:
    from pytest_icp.fleet.inputs.shard import Shard


@pytest.fixture
def two_a_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_ROWS", 2)


@pytest.fixture
def laid(tmp_path: Path, two_a_shard: None) -> Path:
    """Five descriptions in three shards."""
    return lay_lines(tmp_path / "a.jsonl", *range(1, 6))


@pytest.fixture
def clusters_have_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """They would take seconds to start."""
    local = partial(distributed.LocalCluster, processes=False)
    monkeypatch.setattr(distributed, "LocalCluster", local)


def test_a_loop_processes_and_dask_write_the_same_bytes(
    laid: Path, tmp_path: Path, clusters_have_no_processes: None
) -> None:
    summary = judged(tmp_path / "loop", laid, base=tmp_path)
    assert (summary.rows["descriptions"], summary.shards, summary.before) == (5, 3, 0)
    judged(tmp_path / "processes", laid, base=tmp_path, engine=processes(2))
    judged(tmp_path / "dask", laid, base=tmp_path, engine=dask(1))
    with distributed.LocalCluster(n_workers=1, dashboard_address=None) as cluster:
        there = dask(1, cluster.scheduler_address)
        judged(tmp_path / "there", laid, base=tmp_path, engine=there)
    judged(tmp_path / "again", laid, base=tmp_path)
    written = tree(tmp_path / "loop")
    assert len(written) == 1 + 1 + 3 * (len(TABLES) + 1)
    for other in ("processes", "dask", "there", "again"):
        assert tree(tmp_path / other) == written


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        pytest.param(OSError("handle is closed"), BrokenProcessPool, id="a pipe that is closed"),
        pytest.param(ValueError("bad value(s) in fds_to_keep"), BrokenProcessPool, id="pipes"),
        pytest.param(OSError(errno.EAGAIN, "no process"), OSError, id="the system"),
    ],
)
def test_a_pool_whose_pipe_closes_is_broken(
    monkeypatch: pytest.MonkeyPatch, error: Exception, raised: type[Exception]
) -> None:
    def submit(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(engines.ProcessPoolExecutor, "submit", submit)
    with pytest.raises(raised) as found, engines.pool(1) as executor:
        executor.submit(os.getpid)
    assert (found.type is BrokenProcessPool) is (raised is BrokenProcessPool)


def test_a_pool_that_broke_leaves_no_process() -> None:
    with pytest.raises(BrokenProcessPool), processes(2).open() as executor:  # noqa: PT012
        endless = executor.submit(time.sleep, 600)
        raise BrokenProcessPool
    assert isinstance(endless.exception(), BrokenProcessPool)


def test_a_worker_that_is_killed_changes_nothing(laid: Path, tmp_path: Path) -> None:
    judged(tmp_path / "loop", laid, base=tmp_path)
    killed = []

    def kill() -> None:
        while not killed:
            for child in active_children():
                os.kill(child.pid or 0, signal.SIGKILL)
                killed.append(child.pid)
                break
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    judged(tmp_path / "killed", laid, base=tmp_path, engine=processes(2))
    killer.join()
    assert killed
    assert tree(tmp_path / "killed") == tree(tmp_path / "loop")


class Breaking(Here):
    """An executor that breaks when the second shard is handed out, as one whose worker died."""

    broken = False

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        if args == (2,) and not Breaking.broken:
            Breaking.broken = True
            raise BrokenProcessPool
        return super().submit(fn, *args, **kwargs)


def test_a_shard_that_could_not_be_handed_out_is_not_lost() -> None:
    engine = Engine(open=Breaking, workers=2, broken=(BrokenProcessPool,))
    done = list(engines.run(engine, lambda n: n, [1, 2, 3], again=lambda n: n * 10))
    assert sorted(done) == [2, 3, 10]


def test_a_machine_that_starts_no_process_gives_no_results(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Dead(Here):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            raise BrokenProcessPool

    monkeypatch.setattr(careful, "pool", lambda _: Dead())
    with pytest.raises(Unread, match="no process can be started"):
        judge_carefully(task(), Killing(kills=9))


@pytest.mark.parametrize("reading", [True, False])
def test_a_description_that_kills_its_process_is_one_error(reading: bool) -> None:
    found = judge_carefully(task(), Killing(kills=1, reading=reading))
    (name,) = found.columns["errors"]["description"]
    judged_ones = set(found.columns["verdicts"]["description"])
    if reading:
        assert name == "killing#1"
        assert judged_ones == {"killing#0", "killing#2"}
    else:
        assert name == "killing"
        assert judged_ones == {"killing#0"}
    assert "ended twice" in str(found.columns["errors"]["message_en"][0])


def test_a_shard_whose_worker_dies_once_is_judged_whole(tmp_path: Path) -> None:
    shard = Killing(kills=1, mark=str(tmp_path / "mark"))
    found = judge_carefully(task(), shard)
    assert found == judge_shard(task(), shard)
    assert found.count("errors") == 0


def test_an_input_that_ends_early_is_one_error_beside_what_was_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(careful, "pool", lambda _: Here())
    shard = Ending(error=BROKEN)
    found = judge_shard(task(), shard)
    assert found.columns["errors"]["message_en"] == ["the end is missing"]
    assert set(found.columns["verdicts"]["description"]) == {"ending#0"}
    assert judge_carefully(task(), shard) == found


@pytest.mark.parametrize("judge", [judge_shard, judge_carefully])
def test_what_cannot_be_read_just_now_ends_the_run_and_is_no_result(
    tmp_path: Path, judge: Any
) -> None:
    for error in (Unread("the network is down"), OSError(errno.EIO, "x")):
        with pytest.raises(InputError):
            finish(task(), str(tmp_path / "out"), judge, Ending(error=error))
    assert not (tmp_path / "out").exists()


def test_a_run_that_was_cut_off_goes_on(
    laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(tmp_path / "whole", laid, base=tmp_path)
    write, written = place.write_file, []

    def full(path: Path, content: bytes) -> None:
        if len(written) == 7:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        write(path, content)

    monkeypatch.setattr(place, "write_file", full)
    with pytest.raises(InputError) as refused:
        judged(tmp_path / "out", laid, base=tmp_path)
    assert "no space is left on the disk" in refused.value.text("en")
    assert "磁盘已满" in refused.value.text("zh")
    monkeypatch.setattr(place, "write_file", write)
    (finished,) = [record.stem for record in (tmp_path / "out/shards").glob("*.json")]
    before = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in tree(tmp_path / "out")}
    summary = judged(tmp_path / "out", laid, base=tmp_path)
    assert summary.before == 1
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    for name, then in before.items():
        if finished in name:
            assert (tmp_path / "out" / name).stat().st_mtime_ns == then


def test_what_is_finished_is_not_judged_again(
    laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(tmp_path / "out", laid, base=tmp_path)
    before = tree(tmp_path / "out")

    def never(_: Task, __: Shard) -> Rows:
        raise AssertionError

    monkeypatch.setattr(running, "judge_shard", never)
    assert judged(tmp_path / "out", laid, base=tmp_path).before == 3
    assert tree(tmp_path / "out") == before
    record = Folder(str(tmp_path / "out")).records()[0]
    known = Killing(kills=9, digest=record.digest)
    assert finish(task(), str(tmp_path / "out"), never, known) == record


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"day": date(2025, 12, 2)}, "holds results as of 2025-12-01"),
        ({"settings": Settings(warn_days=30)}, "holds results with other settings (warn_days)"),
        ({"waiver_days": 9}, "holds results with other settings (waiver_days)"),
    ],
)
def test_another_run_into_the_same_place_is_refused(
    laid: Path, tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    judged(tmp_path / "out", laid, base=tmp_path)
    before = tree(tmp_path / "out")
    with pytest.raises(InputError) as refused:
        judged(tmp_path / "out", laid, base=tmp_path, of=task(**changed))
    assert said in refused.value.text("en")
    assert tree(tmp_path / "out") == before


def test_other_policies_into_the_same_place_are_refused(laid: Path, tmp_path: Path) -> None:
    judged(tmp_path / "out", laid, base=tmp_path)
    own = tmp_path / "own"
    own.mkdir()
    (own / "OWN.yaml").write_text("id: OWN\n", "utf-8")
    other = task(policies=(str(own),))
    assert other.versions != task().versions
    with pytest.raises(InputError, match="other policies"):
        judged(tmp_path / "out", laid, base=tmp_path, of=other)


def test_inputs_that_changed_are_refused_and_more_inputs_are_added(
    laid: Path, tmp_path: Path
) -> None:
    judged(tmp_path / "out", laid, base=tmp_path)
    more = lay_lines(tmp_path / "b.jsonl", 9)
    assert judged(tmp_path / "out", laid, more, base=tmp_path).before == 3
    lay_lines(laid, *range(2, 7))
    with pytest.raises(InputError, match="has 3 parts of other inputs"):
        judged(tmp_path / "out", laid, more, base=tmp_path)


def test_two_runs_into_one_place_are_refused(laid: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with (
        filelock.FileLock(tmp_path / "out" / place.LOCK),
        pytest.raises(InputError, match="another run is writing"),
    ):
        judged(tmp_path / "out", laid, base=tmp_path)


def test_a_place_that_cannot_be_written_or_is_broken(laid: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        judged(laid, laid, base=tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / place.RUN).write_text("{", "utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        judged(tmp_path / "out", laid, base=tmp_path)


def test_a_machine_with_other_policies_does_not_judge() -> None:
    there = Task(day=DAY, versions="pytest-icp 0.0.1, policies 0")
    with pytest.raises(InputError, match="differ here"):
        there.bench()


def test_a_scheduler_that_cannot_be_reached(
    laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_PATIENCE", 1)
    with pytest.raises(InputError) as refused:
        judged(tmp_path / "out", laid, base=tmp_path, engine=dask(1, "tcp://127.0.0.1:9"))
    assert "cannot be reached: no answer within" in refused.value.text("en")
    assert "dask scheduler" in refused.value.text("zh")
    with pytest.raises(InputError, match="'nonsense' is no address of a Dask scheduler"):
        judged(tmp_path / "out", laid, base=tmp_path, engine=dask(1, "nonsense"))


@pytest.mark.parametrize("module", ["pyarrow.parquet", "fsspec.core", "filelock", "distributed"])
def test_what_is_not_installed_is_named(
    laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    out = "memory://nowhere" if module == "fsspec.core" else str(tmp_path / "out")

    def run() -> None:
        engine = dask(1) if module == "distributed" else HERE
        judged(out, laid, base=tmp_path, engine=engine)

    with pytest.raises(InputError) as refused:
        run()
    for language in ("zh", "en"):
        assert 'pip install "pytest-icp[fleet]"' in refused.value.text(language)  # type: ignore[arg-type]


class Client:
    """A client of Dask, of which no test needs more than that it can be opened."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None: ...

    def get_executor(self, **_: object) -> Here:
        return Here()


@pytest.mark.parametrize("said", ["Error during deserialization of the task graph.", "other"])
def test_a_cluster_without_the_package_is_told(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(distributed, "Client", Client)
    kind = RuntimeError if said == "other" else InputError
    with pytest.raises(kind) as raised, dask(1, "tcp://a:1").open():
        raise RuntimeError(said)
    assert said == "other" or "the same version of pytest-icp" in str(raised.value)


_ORPHAN = """\
import os, time
from pytest_icp.fleet.engines import pool

if __name__ == "__main__":
    executor = pool(1)
    print(executor.submit(os.getpid).result(), flush=True)
    executor.submit(time.sleep, 60)
    os.kill(os.getpid(), 9)
"""


def test_workers_end_with_the_run_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(_ORPHAN, "utf-8")
    # Its standard output ends when the worker has ended, too.
    done = subprocess.run(
        [sys.executable, "run.py"], cwd=tmp_path, stdout=subprocess.PIPE, check=False, timeout=30
    )
    assert done.returncode == -signal.SIGKILL
    assert int(done.stdout)
