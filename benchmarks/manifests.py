"""What facts out of 250 manifests of Kubernetes cost, next to PyYAML's CSafeLoader on the same.

Both sides read the same folder, each in a fresh process with the garbage collector on, turn by
turn; the least time of the processor counts. The manifests are those of real projects in
``tests/data``, over and over. One large file tells the memory. Run on Linux:
``python benchmarks/manifests.py``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sides import table

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / "tests" / "data" / "real" / "k8s"
MANIFESTS = 250
LARGE = 10_000
ROUNDS = 9
AIM_TIME = 2.0
AIM_MEMORY = 4.0

THEIRS = """
for file in sorted(path.rglob("*.yaml")) if path.is_dir() else [path]:
    for document in yaml.load_all(file.read_bytes(), Loader=yaml.CSafeLoader):
        pass
"""
OURS = """
read_kubernetes(Request(path=path, root=path.parent))
"""
PROCESS = """
import pathlib, re, sys, time, yaml
from pytest_icp.sources.kubernetes import read_kubernetes
from pytest_icp.sources.request import Request
import pytest_icp.facts.files.json, pytest_icp.facts.files.yaml_documents
path = pathlib.Path(sys.argv[1])
def peak():
    return int(re.search("VmHWM:\\s*([0-9]+)", pathlib.Path("/proc/self/status").read_text())[1])
before = peak()
start = time.process_time()
{work}
print(time.process_time() - start, peak() - before)
"""


def real() -> list[Path]:
    """Return the manifests that both sides read: no template, no Kustomization."""
    return [
        path
        for path in sorted(REAL.glob("*.yaml"))
        if "{{" not in (text := path.read_text("utf-8")) and "apiVersion: " in text
    ]


def write(folder: Path) -> tuple[Path, Path]:
    """Write a folder of manifests, and one file of very many; return both."""
    many, files = folder / "many", real()
    many.mkdir()
    for number in range(MANIFESTS):
        shutil.copy(files[number % len(files)], many / f"{number:03}.yaml")
    large = folder / "large.yaml"
    with large.open("w", encoding="utf-8") as out:
        for number in range(LARGE):
            out.write("---\n" + files[number % len(files)].read_text("utf-8").strip() + "\n")
    return many, large


def measure(work: str, path: Path) -> tuple[float, float]:
    """Return the seconds of the processor and the kilobytes of memory of one fresh process."""
    command = [sys.executable, "-c", PROCESS.format(work=work), str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    seconds, kilobytes = output.stdout.split()
    return float(seconds), float(kilobytes)


def row(title: str, path: Path, rounds: int) -> tuple[str, ...]:
    """Measure both sides on one path."""
    turns = [[measure(work, path) for work in (THEIRS, OURS)] for _ in range(rounds)]
    theirs, ours = (min(turn[side][0] for turn in turns) for side in (0, 1))
    files = [path] if path.is_file() else list(path.iterdir())
    size = sum(file.stat().st_size for file in files)
    memory = min(turn[1][1] for turn in turns) * 1024 / size
    return (
        title,
        f"{size / 1e6:.2f}",
        f"{theirs:.3f}",
        f"{ours:.3f}",
        f"{ours / theirs:.2f}",
        f"{AIM_TIME}",
        f"{memory:.1f}" if path.is_file() else "",
        f"{AIM_MEMORY}" if path.is_file() else "",
    )


def main(rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory() as name:
        many, large = write(Path(name))
        rows = [
            row(f"{MANIFESTS} manifests", many, rounds),
            row(f"one file of {LARGE:,}", large, max(1, rounds // 4)),
        ]
    header = ["input", "MB", "CSafeLoader", "ours", "ratio", "aim", "memory ÷ file", "aim"]
    print(table(header, rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
