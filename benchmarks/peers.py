"""What a Terraform plan alone costs with all rules, beside two peers with one rule each.

The peers are installed into an environment of their own. Each side reads the same plan in fresh
processes, in turns; terraform-compliance and regopy ask how long logs are kept, and nothing else.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter

from plan import AS_OF, RESOURCES, plan
from sides import ORDINARY, table

PEERS = ("terraform-compliance==1.16.0", "regopy==1.5.2")
FEATURE = """\
Feature: logs
  Scenario: logs are kept for six months
    Given I have alicloud_log_store defined
    Then it must have retention_period
    And its value must be greater than 183
"""
REGO = """\
import json, sys
from regopy import Interpreter

rego = Interpreter()
rego.add_module("logs", '''
package logs
import rego.v1
deny contains one.address if {
    some one in input.resource_changes
    one.type == "alicloud_log_store"
    one.change.after.retention_period < 184
}
''')
rego.set_input(json.load(open(sys.argv[1])))
print(rego.query("data.logs.deny"))
"""
ENTRY = "apiVersion: pytest-icp/v1\nsources: [{kind: terraform-plan, path: plan.json}]\n"


def commands(peers: Path) -> dict[str, list[str]]:
    """Return the command of each side; ours decides every rule."""
    return {
        "pytest-icp, all rules": [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            # What only the tests of this project need costs a quarter of a second at its start.
            *("-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "no:rerunfailures"),
            *("--icp-as-of", AS_OF, "--icp-unknown=warn", "infra.icp.yaml"),
        ],
        "terraform-compliance, one rule": [
            *(str(peers / "bin" / "terraform-compliance"), "-f", "features", "-p", "plan.json"),
        ],
        "regopy, one rule": [str(peers / "bin" / "python"), "rule.py", "plan.json"],
    }


def written(folder: Path, resources: int) -> float:
    """Write the plan, the description and the rules of the peers; return megabytes of the plan."""
    text = json.dumps(plan(resources), ensure_ascii=False)
    for name, content in {
        "plan.json": text,
        "infra.icp.yaml": ENTRY,
        "pytest.ini": "[pytest]\n",
        "features/logs.feature": FEATURE,
        "rule.py": REGO,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return len(text.encode()) / 1e6


def main(resources: int = RESOURCES, rounds: int = 5) -> None:
    """Print the medians of each side: seconds and processor time."""
    with tempfile.TemporaryDirectory() as name:
        peers, folder = Path(name) / "peers", Path(name) / "plan"
        venv.create(peers, with_pip=True)
        subprocess.run([peers / "bin" / "pip", "install", "-q", *PEERS], check=True)
        folder.mkdir()
        size = written(folder, resources)
        sides = commands(peers)
        spent: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side, command in sides.items():
                spent[side].append(_run(command, folder))
    print(f"{resources:,} resources, {size:.1f} MB; medians of {rounds} fresh processes each\n")
    rows = [
        [side, *(f"{median(column):.2f}" for column in zip(*found, strict=True))]
        for side, found in spent.items()
    ]
    print(table(["plan alone", "seconds", "processor seconds"], rows))


def _run(command: list[str], folder: Path) -> tuple[float, float]:
    before, began = getrusage(RUSAGE_CHILDREN), perf_counter()
    # A peer that finds something ends with another code than 0.
    subprocess.run(command, cwd=folder, env=ORDINARY, capture_output=True, check=False)
    seconds, after = perf_counter() - began, getrusage(RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
