"""How fast descriptions are read: YAML against PyYAML's CSafeLoader, JSON against json.loads.

A state of Terraform stands beside them; with it, json.loads does no more than parse.

Both sides read the same bytes, each in a fresh process with the garbage collector on, turn by
turn; the least time of the processor counts. Run on Linux: ``python benchmarks/reading.py``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROUNDS = 5

OURS = "read_source(path)"
SIDES = {
    "yaml": ("yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)", OURS),
    "json": ("json.loads(path.read_bytes())", OURS),
    "tfstate": (
        "json.loads(path.read_bytes())",
        "read_state(Request(path=path, root=path.parent))",
    ),
}
NAMES = {"yaml": "yaml.CSafeLoader", "json": "json.loads", "tfstate": "json.loads"}

PROCESS = """
import json, pathlib, re, sys, time, yaml
from pytest_icp.facts.files.source import read_source
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.state import read_state
path = pathlib.Path(sys.argv[1])
def peak():
    return int(re.search("VmHWM:\\s*([0-9]+)", pathlib.Path("/proc/self/status").read_text())[1])
before = peak()
start = time.process_time()
data = {work}
took = time.process_time() - start
print(took, peak() - before)
"""


def servers(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"server-{i}",
            "role": "origin",
            "production": True,
            "location": {"country": "CN", "province": "北京市", "city": "北京市"},
            "ips": [f"10.0.{i % 256}.1"],
            "in_service_on": "2020-01-02",
            "purpose": "网站主机",
        }
        for i in range(count)
    ]


def state(count: int) -> str:
    """Return a state of so many instances, as long as the largest of real ones."""
    real = ROOT / "tests/data/real/terraform-state/snyk__driftctl__ec2_instance.tfstate"
    document = json.loads(real.read_text("utf-8"))
    (resource,) = document["resources"]
    document["resources"] = [{**resource, "name": f"server-{i}"} for i in range(count)]
    return json.dumps(document, indent=2)


def write(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield files of both formats, in the shapes that people and programs write."""
    import yaml

    small = {"apiVersion": "pytest-icp/v1", "servers": servers(8_000)}
    text = yaml.dump(small, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    large = {"apiVersion": "pytest-icp/v1", "servers": servers(75_000)}
    texts = {
        "block.yaml": text,
        "indented.json": json.dumps(large, ensure_ascii=False, indent=2),
        "compact.json": json.dumps(large, ensure_ascii=False),
        "ascii.json": json.dumps(large),
        "large.tfstate": state(20_000),
    }
    for name, content in texts.items():
        path = folder / name
        path.write_text(content, "utf-8")
        yield path.suffix[1:], path


def measure(work: str, path: Path) -> tuple[float, float]:
    """Return the seconds of the processor and the kilobytes of peak memory of one fresh process."""
    command = [sys.executable, "-c", PROCESS.format(work=work), str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    seconds, kilobytes = output.stdout.split()
    return float(seconds), float(kilobytes)


def main() -> None:
    print(
        f"{'file':15} {'MB':>6}  {'against':17} {'theirs':>8} {'ours':>8} {'time':>7} {'memory':>7}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for form, path in write(Path(folder)):
            turns = [[measure(work, path) for work in SIDES[form]] for _ in range(ROUNDS)]
            theirs, ours = (min(turn[side][0] for turn in turns) for side in (0, 1))
            more = turns[0][1][1] / turns[0][0][1]
            print(
                f"{path.name:15} {path.stat().st_size / 1e6:6.1f}  {NAMES[form]:17} "
                f"{theirs:7.3f}s {ours:7.3f}s {ours / theirs:6.2f}x {more:6.2f}x"
            )


if __name__ == "__main__":
    main()
