"""A run is the same whatever runs it, goes on where it stopped, and loses nothing."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import distributed
import pytest

from pytest_icp.fleet import inputs, place, running
from pytest_icp.fleet.judging import Task, judge_shard
from pytest_icp.fleet.place import TABLES, Rows
from pytest_icp.fleet.planning import Inputs, plan
from pytest_icp.fleet.running import DiedError, Workers, finish, judge_apart, run_fleet
from pytest_icp.fleet.storage import Unread
from pytest_icp.law.errors import InputError
from pytest_icp.rules.settings import Settings
from tests.fleet.killing import BROKEN, Ending, Killing
from tests.fleet.made import DAY, FILES, HERE, judged, lay_lines, rows, task, tree
from tests.helpers import ROOT

if TYPE_CHECKING:
    from pytest_icp.fleet.inputs import Shard


@pytest.fixture
def two_a_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "MOST_ROWS", 2)


@pytest.fixture
def laid(tmp_path: Path, two_a_shard: None) -> Path:
    """Five descriptions in three shards."""
    return lay_lines(tmp_path / "a.jsonl", *range(1, 6))


def test_one_process_several_and_a_scheduler_write_the_same_bytes(
    laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Workers of their own would take seconds to start.
    local = partial(distributed.LocalCluster, processes=False)
    monkeypatch.setattr(distributed, "LocalCluster", local)
    summary = judged(tmp_path / "loop", laid, base=tmp_path)
    assert (summary.descriptions, summary.shards, summary.before) == (5, 3, 0)
    judged(tmp_path / "processes", laid, base=tmp_path, workers=Workers(processes=2))
    with distributed.LocalCluster(n_workers=1, dashboard_address=":0") as cluster:
        there = Workers(scheduler=cluster.scheduler_address)
        judged(tmp_path / "there", laid, base=tmp_path, workers=there)
    judged(tmp_path / "again", laid, base=tmp_path)
    written = tree(tmp_path / "loop")
    assert len(written) == 1 + 3 * len(TABLES)
    for other in ("processes", "there", "again"):
        assert tree(tmp_path / other) == written


def test_what_ends_its_worker_is_an_error_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shards = [Killing(), Ending(error=BROKEN)]
    monkeypatch.setattr(running, "plan", lambda _: shards)
    told: list[tuple[int, int]] = []
    out = tmp_path / "out"
    summary = run_fleet(
        Inputs(named=(), files=FILES, base=tmp_path),
        task(),
        str(out),
        Workers(processes=2),
        lambda *how_far: told.append(how_far),
    )
    names = {row["description"] for row in rows(out, "verdicts")}
    assert names == {"killing#0", "killing#2", "ending#0"}
    errors = {row["description"]: row["message_en"] for row in rows(out, "errors")}
    assert errors.keys() == {"killing#1", "ending"}
    assert errors["killing#1"].startswith("each process that judged this description ended")
    assert (summary.descriptions, told[-1]) == (3, (4, 4))


class Mortal:
    """What asks a worker that dies where a description, or looking for it, ends it."""

    def __init__(self, kills: int, *, reading: bool) -> None:
        self.kills, self.reading, self.asked = kills, reading, 0

    def __call__(self, call: Callable[..., Any], *given: Any) -> Any:
        self.asked += 1
        start, stop = given[2:] if call is judge_shard else (0, given[1] + 1)
        stop = stop or 3
        dies = start <= self.kills < stop and call is judge_shard
        if dies if self.reading else stop > self.kills:
            raise DiedError
        return call(*given)


@pytest.mark.parametrize("kills", [0, 1, 2])
@pytest.mark.parametrize("reading", [True, False])
def test_a_shard_is_taken_apart_to_the_description_that_kills(kills: int, reading: bool) -> None:
    shard, ask = Killing(kills=9), Mortal(kills, reading=reading)
    found = judge_apart(task(), shard, ask)
    others = [0, 1, 2][:kills] + ([0, 1, 2][kills + 1 :] if reading else [])
    assert {row["description"] for row in found["verdicts"]} == {f"killing#{i}" for i in others}
    (error,) = found["errors"]
    assert error["description"] == (f"killing#{kills}" if reading else "killing")
    assert "each process" in str(error["message_en"])
    assert ask.asked < 7


def test_where_no_worker_is_left_the_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_ALONE", 0)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", processes=False) as cluster,
        distributed.Client(cluster) as client,
        pytest.raises(Unread, match="no worker of Dask"),
    ):
        list(running._completed(distributed, client, [client.submit(abs, 1)]))


def test_an_input_that_ends_early_is_one_error_beside_what_was_read() -> None:
    shard = Ending(error=BROKEN)
    found = judge_shard(task(), shard)
    assert [row["message_en"] for row in found["errors"]] == ["the end is missing"]
    assert {row["description"] for row in found["verdicts"]} == {"ending#0"}
    assert judge_apart(task(), shard, lambda call, *given: call(*given)) == found


def test_a_machine_that_starts_no_process_gives_no_results(
    laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> None:
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(distributed, "LocalCluster", refused)
    with pytest.raises(InputError, match="no process can be started"):
        judged(tmp_path / "out", laid, base=tmp_path, workers=Workers(processes=2))


def test_what_cannot_be_read_just_now_ends_the_run_and_is_no_result(tmp_path: Path) -> None:
    for error in (Unread("the network is down"), OSError(errno.EIO, "x")):
        with pytest.raises(Unread):
            finish(task(), str(tmp_path / "out"), Ending(error=error))
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
    (finished,) = [part.stem for part in (tmp_path / "out/verdicts").glob("*.parquet")]
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
    for shard in plan(Inputs(named=(str(laid),), files=FILES, base=tmp_path)):
        finish(task(), str(tmp_path / "out"), shard)


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


def test_what_another_run_writes_meanwhile_is_no_part_of_this_one(
    laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = lay_lines(tmp_path / "b.jsonl", 9)

    def meanwhile(*given: Any) -> None:
        monkeypatch.setattr(running, "finish", finish)
        judged(tmp_path / "out", other, base=tmp_path)
        finish(*given)

    monkeypatch.setattr(running, "finish", meanwhile)
    with pytest.raises(InputError, match="of other inputs"):
        judged(tmp_path / "out", laid, base=tmp_path)


def test_a_place_that_cannot_be_written_or_is_broken(laid: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
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
    monkeypatch.setattr(running, "_PATIENCE", 1)
    with pytest.raises(InputError) as refused:
        judged(
            tmp_path / "out", laid, base=tmp_path, workers=Workers(scheduler="tcp://127.0.0.1:9")
        )
    assert "cannot be reached: no answer within" in refused.value.text("en")
    assert "dask scheduler" in refused.value.text("zh")
    with pytest.raises(InputError, match="'nonsense' is not an address of a Dask scheduler"):
        judged(tmp_path / "out", laid, base=tmp_path, workers=Workers(scheduler="nonsense"))


@pytest.mark.parametrize("module", ["pyarrow.parquet", "fsspec.core", "distributed", "duckdb"])
def test_what_is_not_installed_is_named(
    laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    out = "memory://nowhere" if module == "fsspec.core" else str(tmp_path / "out")

    def run() -> None:
        several = Workers(processes=2) if module == "distributed" else HERE
        judged(out, laid, base=tmp_path, workers=several)

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


def test_a_scheduler_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "Client", Client)
    with (
        pytest.raises(Unread, match="the connection to the Dask scheduler at tcp://a:1 is lost"),
        Workers(scheduler="tcp://a:1")._client(),
    ):
        raise distributed.client.FutureCancelledError("key", "scheduler-connection-lost")


_ORPHAN = """\
import os, sys
from pathlib import Path
from pytest_icp.fleet.running import Workers
from tests.fleet.killing import waiting

if __name__ == "__main__":
    sent = [Path(sys.argv[1])]
    with Workers(processes=2)._client() as (_, client):
        client.submit(waiting, sys.argv[1])
        while not sent[0].exists():
            pass
        os.kill(os.getpid(), 9)
"""


def test_workers_end_with_the_run_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text(_ORPHAN, "utf-8")
    # Its standard output ends when the workers have ended, too.
    done = subprocess.run(
        [sys.executable, "run.py", str(tmp_path / "begun")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
