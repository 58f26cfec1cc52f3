"""How long many descriptions take, in one process and in several; and what they leave.

    python benchmarks/fleet.py [COUNT [PROCESSES [HOW…]]]

makes so many licensees (`licensees.py`), judges them once in each number of processes, or in those
that are named (``2 processes``), each time by the command line into a new folder, and prints a
table: time, processor time, speed-up, memory; whether all wrote the same bytes; and how large the
inputs and the tables are, a description; and how many a second one process judges once it is warm.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import licensees
import pyarrow
import pyarrow.parquet
from msgspec.structs import replace
from sides import processor_time, table

from pytest_icp.fleet.inputs import cut_table
from pytest_icp.fleet.judging import Judge, Task
from pytest_icp.fleet.known import Known
from pytest_icp.fleet.place import no_rows

PAGE = os.sysconf("SC_PAGE_SIZE")
EVERY = 0.2
ROWS = 500
SHARDS = 5
NOTHING = Known(most=0, most_told=0)


@dataclass(frozen=True)
class Measured:
    """What one run took: seconds, processor seconds, peak bytes of one process and of all."""

    seconds: float
    processor: float
    largest: int
    together: int


def main(count: int = 400, most: int = 2, *only: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = licensees.write(folder / "all.jsonl", count)
        as_parquet = _parquet(folder)
        engines = {"1 process": ["--processes", "1"]}
        engines |= {f"{n} processes": ["--processes", str(n)] for n in range(2, most + 1)}
        rows, digests, first, out = [], set(), None, folder
        for engine, arguments in engines.items():
            if only and engine not in only:
                continue
            out = folder / engine.replace(" ", "-")
            found = _run(folder / "all.jsonl", out, arguments)
            digests.add(_digest(out))
            first = first or found.seconds
            rows.append(
                (
                    engine,
                    f"{found.seconds:.1f}",
                    f"{found.processor:.1f}",
                    f"{count / found.seconds:.1f}",
                    f"{found.processor / count * 1000:.1f}",
                    f"{first / found.seconds:.2f}",
                    f"{found.largest / 1e6:.0f}",
                    f"{found.together / 1e6:.0f}",
                )
            )
        head = ["how", "seconds", "processor s", "a second", "ms each", "speed-up"]
        print(f"{count:,} licensees, {written / 1e6:.1f} MB of JSON Lines\n")
        print(table([*head, "MB of one process", "MB of all"], rows))
        print(f"\nthe same bytes: {'yes' if len(digests) == 1 else 'NO'}\n")
        print(table(["bytes a description", "bytes"], _sizes(out, written, as_parquet, count)))
        warm, alone = (_warm(folder / "all.jsonl", known) for known in (Known(), NOTHING))
        print(f"\nwarm, in one process: {warm:.0f} a second; {alone:.0f} if each is judged alone")


def _warm(path: Path, known: Known) -> float:
    """Return how many descriptions one process reads and judges in a second of its time.

    Most of the first shards are to become warm, and to know outcomes for the same facts.
    """
    task = Task(day=licensees.DAY, rootdir=str(path.parent)).with_versions()
    judge, rows = Judge(replace(task.bench(), known=known)), no_rows()
    shards = islice(cut_table(str(path), path.name), SHARDS)
    items = [item for shard in shards for item in shard.items()]
    begun = len(items) * 4 // 5
    for item in items[:begun]:
        judge.add(item, rows)
    start = time.process_time()
    for item in items[begun:]:
        judge.add(item, rows)
    return (len(items) - begun) / (time.process_time() - start)


def _parquet(folder: Path) -> int:
    """Write the same licensees as Parquet; return how many bytes these are."""
    path, schema = folder / "all.parquet", pyarrow.schema([("description", pyarrow.string())])
    with (
        (folder / "all.jsonl").open(encoding="utf-8") as lines,
        pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer,
    ):
        while rows := [*islice(lines, ROWS)]:
            writer.write_table(pyarrow.table({"description": rows}))
    return path.stat().st_size


def _run(path: Path, out: Path, arguments: list[str]) -> Measured:
    """Judge the licensees in a fresh process, and look at it and all that it starts."""
    command = [sys.executable, "-m", "pytest_icp", "fleet", str(path), "--out", str(out)]
    command += ["--as-of", str(licensees.DAY), "--lang", "en", *arguments]
    before, start = processor_time(), time.perf_counter()
    largest = together = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            sizes = [_resident(pid) for pid in _family(running.pid)]
            largest, together = max(largest, *sizes, 0), max(together, sum(sizes))
            time.sleep(EVERY)
    if running.returncode:
        sys.exit(f"{' '.join(command)}: {running.returncode}")
    took = time.perf_counter() - start
    return Measured(took, processor_time() - before, largest, together)


def _family(pid: int) -> list[int]:
    """Return a process and all that it has started, and these."""
    below = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        # It may have ended since.
        with suppress(OSError):
            below += thread.read_text("ascii").split()
    return [pid, *(one for child in below for one in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def _digest(out: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(one for one in out.rglob("*") if one.is_file()):
        digest.update(path.relative_to(out).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sizes(out: Path, lines: int, as_parquet: int, count: int) -> list[tuple[str, str]]:
    tables = ("verdicts", "findings", "due", "errors")
    sizes = {name: sum(one.stat().st_size for one in (out / name).iterdir()) for name in tables}
    named = {"read: JSON Lines": lines, "read: Parquet (zstd)": as_parquet}
    named |= {f"written: {name}": size for name, size in sizes.items()}
    return [(name, f"{size / count:,.0f}") for name, size in named.items()]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
