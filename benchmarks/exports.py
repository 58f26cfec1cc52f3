"""What facts out of exports, serverless files and settings of logs cost, next to their parsers.

JSON is compared with ``json.loads``, YAML with PyYAML's CSafeLoader, on the same file, and both
with what reads them here: a file opened safely, repeated keys told, places kept. Each side runs in
a fresh process with the garbage collector on, turn by turn; the least time of the processor
counts. Run on Linux: ``python benchmarks/exports.py``.
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
POLICIES = 1_000
ROUNDS = 5
AIM = 2.0

PROCESS = """
import json, pathlib, sys, time, yaml
from pytest_icp.sources.registry import KINDS
from pytest_icp.sources.request import Request
from pytest_icp.sources.documents import read_documents
import pytest_icp.sources.cloud_export.tables as tables, pytest_icp.sources.serverless
import pytest_icp.sources.log_retention
import pytest_icp.facts.files.json, pytest_icp.facts.files.yaml_documents
tables.calls()
path = pathlib.Path(sys.argv[1])
request = Request(path=path, root=path.parent)
start = time.process_time()
{work}
print(time.process_time() - start)
"""
JSON = "json.loads(path.read_bytes())"
YAML = "list(yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader))"
STRICT = "list(read_documents(request, path))"


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


def policies(folder: Path) -> Path:
    """Write an answer of ``GET _ilm/policy`` with many policies, each with four phases."""
    phase = {"actions": {"set_priority": {"priority": 50}, "readonly": {}, "migrate": {}}}
    delete = {"min_age": "90d", "actions": {"delete": {"delete_searchable_snapshot": True}}}
    hot = {"min_age": "0ms", "actions": {"rollover": {"max_age": "1d", "max_size": "50gb"}}}
    phases = {"hot": hot, "warm": phase, "cold": phase, "delete": delete}
    named = {f"logs-{i}": {"version": 1, "policy": {"phases": phases}} for i in range(POLICIES)}
    path = folder / "policies.json"
    path.write_text(json.dumps(named, indent=2), "utf-8")
    return path


def measure(work: str, path: Path) -> float:
    """Return the seconds of the processor of one fresh process."""
    command = [sys.executable, "-c", PROCESS.format(work=work), str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return float(output.stdout)


def row(title: str, path: Path, theirs: str, kind: str, rounds: int) -> tuple[str, ...]:
    """Measure both sides on one file."""
    works = (theirs, STRICT, f"KINDS['{kind}'].read(request)")
    turns = [[measure(work, path) for work in works] for _ in range(rounds)]
    least, strict, took = (min(turn[side] for turn in turns) for side in range(3))
    return (
        title,
        f"{path.stat().st_size / 1e6:.2f}",
        *(f"{seconds:.3f}" for seconds in (least, strict, took)),
        f"{took / strict:.2f}",
        f"{took / least:.2f}",
        f"{AIM}",
    )


def main(rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [
            row(f"{INSTANCES:,} instances", export(folder), JSON, "cloud-export", rounds),
            row(f"{FUNCTIONS:,} functions", serverless(folder), YAML, "serverless", rounds),
            row(f"{POLICIES:,} policies", policies(folder), JSON, "log-retention", rounds),
        ]
    print(table(["input", "MB", "parser", "strict", "ours", "to strict", "to parser", "aim"], rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
