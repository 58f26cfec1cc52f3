"""What facts out of exports and serverless files cost, next to their parsers on the same.

An export is compared with ``json.loads``, a file of Serverless Devs with PyYAML's CSafeLoader; each
side runs in a fresh process with the garbage collector on, turn by turn; the least time of the
processor counts. Run on Linux: ``python benchmarks/exports.py``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from sides import table

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / "tests" / "data" / "real"
INSTANCES = 20_000
FUNCTIONS = 2_000
ROUNDS = 5
AIM = 2.0

PROCESS = """
import json, pathlib, sys, time, yaml
from pytest_icp.sources.registry import KINDS
from pytest_icp.sources.request import Request
import pytest_icp.sources.cloud_export.tables as tables, pytest_icp.sources.serverless
import pytest_icp.facts.files.json, pytest_icp.facts.files.yaml_documents
tables.calls()
path = pathlib.Path(sys.argv[1])
start = time.process_time()
{work}
print(time.process_time() - start)
"""
JSON = "json.loads(path.read_bytes())"
YAML = "yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)"


def export(folder: Path) -> Path:
    """Write an answer of many instances, each as the tool answers."""
    one = json.loads(
        (REAL / "cloud-export" / "tccli__cvm__DescribeInstances.json").read_text("utf-8")
    )
    (instance,) = one["Response"]["InstanceSet"]
    listed = [{**instance, "InstanceId": f"ins-{i}"} for i in range(INSTANCES)]
    answer = {"Response": {**one["Response"], "InstanceSet": listed, "TotalCount": INSTANCES}}
    path = folder / "instances.json"
    path.write_text(json.dumps(answer, ensure_ascii=False, indent=4), "utf-8")
    return path


def serverless(folder: Path) -> Path:
    """Write a file of many functions, each with a domain."""
    text = (REAL / "serverless" / "devsapp__fc3__custom-domain__s.yaml").read_text("utf-8")
    head, _, functions = text.partition("resources:\n")
    block = functions.partition("  hello_world_2:")[0]
    path = folder / "s.yaml"
    with path.open("w", encoding="utf-8") as out:
        out.write(f"{head}resources:\n")
        for i in range(FUNCTIONS):
            named = block.replace("hello_world_1", f"hello_{i}").replace("test-cd", f"test-{i}")
            out.write(named.replace("xiliu-test.devsapp", f"xiliu-{i}.devsapp"))
    return path


def measure(work: str, path: Path) -> float:
    """Return the seconds of the processor of one fresh process."""
    command = [sys.executable, "-c", PROCESS.format(work=work), str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return float(output.stdout)


def row(title: str, path: Path, theirs: str, kind: str, rounds: int) -> tuple[str, ...]:
    """Measure both sides on one file."""
    ours = f"KINDS['{kind}'].read(Request(path=path, root=path.parent))"
    turns = [[measure(work, path) for work in (theirs, ours)] for _ in range(rounds)]
    least, took = (min(turn[side] for turn in turns) for side in (0, 1))
    size = path.stat().st_size
    return (
        title,
        f"{size / 1e6:.2f}",
        f"{least:.3f}",
        f"{took:.3f}",
        f"{took / least:.2f}",
        f"{AIM}",
    )


def main(rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [
            row(f"{INSTANCES:,} instances", export(folder), JSON, "cloud-export", rounds),
            row(f"{FUNCTIONS:,} functions", serverless(folder), YAML, "serverless", rounds),
        ]
    print(table(["input", "MB", "parser", "ours", "ratio", "aim"], rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
