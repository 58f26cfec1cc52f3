"""What one question about a Terraform plan costs us and others who can be asked it (同类工具).

    python benchmarks/peers.py [--environment DIR] [--resources N] [--rounds N]

The question: which log stores are kept for less than 184 days? Each tool answers it about the same
plan; every tenth store in it is kept for 90. Whoever names other stores ends the comparison. Ours
also decides every rule of the licence, and Checkov makes the checks that it brings.

Nothing is installed: a tool is one of the environment named, else one on PATH; those that are not
there are listed, with how to get them.

*fresh* is the processor time of a new process, start and imports included; *warm* that of a process
in which the modules are loaded already (`warm.py`), so that only the work is left.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median

import pytest
from plan import AS_OF, RESOURCES, plan
from sides import ORDINARY, processor_time, table

from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.request import Request

STORE = "alicloud_log_store"
NAMED = re.compile(rf"{STORE}\.r\d+")
ENTRY = """\
apiVersion: pytest-icp/v1
include: [stores.json]
sources: [{kind: terraform-plan, path: plan.json}]
"""
OF_STORE = {
    "kinds": ["security"],
    "oldest_entry_on": "2023-01-01",
    "started_on": "2020-01-01",
}
"""What no plan tells of a log store, and our rule asks."""

FEATURE = f"""\
Feature: logs
  Scenario: logs are kept for six months
    Given I have {STORE} defined
    Then it must have retention_period
    And its value must be greater than 183
"""
CHECK = f"""\
metadata: {{id: CKV2_LOGS_1, name: Logs are kept for six months, category: LOGGING}}
definition:
  cond_type: attribute
  resource_types: [{STORE}]
  attribute: retention_period
  operator: greater_than_or_equal
  value: 184
"""
REGO = f"""\
package main

import rego.v1

deny contains one.address if {{
    some one in input.resource_changes
    one.type == "{STORE}"
    one.change.after.retention_period < 184
}}
"""
REGOPY = """\
import json
import sys
from pathlib import Path

from regopy import Interpreter

rego = Interpreter()
rego.add_module("logs", Path("policy/logs.rego").read_text("utf-8"))
rego.set_input(json.loads(Path(sys.argv[1]).read_bytes()))
print(rego.query("data.main.deny"))
"""
_CHECKOV = ("-f", "plan.json", "--framework", "terraform_plan", "--quiet", "--compact")
_OFFLINE = "--skip-download"


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A tool that we know to ask: its commands, each with a label, and how it is installed.

    ``script`` is a command of its own, or a file that Python runs, which is told by its ending.
    """

    name: str
    script: str
    questions: Mapping[str, Sequence[str]]
    install: str
    version: Sequence[str] = ()


TOOLS = (
    Tool(
        name="terraform-compliance",
        script="terraform-compliance",
        questions={"one rule": ("-f", "features", "-p", "plan.json")},
        install="pip install terraform-compliance",
    ),
    Tool(
        name="checkov",
        script="checkov",
        questions={
            "one rule": (*_CHECKOV, _OFFLINE, "--external-checks-dir=checks", "-c", "CKV2_LOGS_1"),
            "its own checks": (*_CHECKOV, _OFFLINE),
        },
        install="pip install checkov",
    ),
    Tool(
        name="regopy",
        script="rule.py",
        questions={"one rule": ("plan.json",)},
        install="pip install regopy",
    ),
    Tool(
        name="conftest",
        script="conftest",
        questions={"one rule": ("test", "--no-color", "plan.json")},
        install="https://www.conftest.dev/install",
        version=("--version",),
    ),
    Tool(
        name="opa",
        script="opa",
        questions={"one rule": ("eval", "-d", "policy", "-i", "plan.json", "data.main.deny")},
        install="https://www.openpolicyagent.org/docs#1-download-opa",
        version=("version",),
    ),
)
OURS, EVERY = "pytest-icp, one rule", "pytest-icp, all rules"


@dataclass(frozen=True, kw_only=True)
class Side:
    """A command that is measured; ``python`` runs it, unless it is a program of its own."""

    command: Sequence[str]
    version: str
    python: str = ""
    counted: Sequence[str] | None = ()
    """What makes ours list every store in a report; None where the question is another."""


def ours() -> dict[str, Side]:
    """Return our sides: by one rule, and by all."""
    asked = [
        *(str(Path(pytest.__file__).with_name("__main__.py")), "-q", "-p", "no:cacheprovider"),
        # What only the tests of this project need costs a quarter of a second at its start.
        *("-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "no:rerunfailures"),
        *("--icp-as-of", AS_OF, "--icp-unknown=warn", "infra.icp.yaml"),
    ]
    version = metadata.version("pytest-icp")
    one = [*asked, "--icp-select", "SP09/six-months"]
    counted = ("--icp-report", "jsonl")
    return {
        OURS: Side(command=one, version=version, python=sys.executable, counted=counted),
        EVERY: Side(command=asked, version=version, python=sys.executable, counted=None),
    }


def sides_of(tool: Tool, environment: Path | None) -> dict[str, Side]:
    """Return the sides of a tool; none if it is not there."""
    path = str(environment / "bin") if environment else None
    library = tool.script.endswith(".py")
    found = shutil.which("python3" if library else tool.script, path=path)
    if library and not environment:
        found = sys.executable
    if not found:
        return {}
    python = found if library else str(Path(found).resolve().with_name("python3"))
    if tool.version:
        python, version = "", _said([found, *tool.version])
    else:
        version = _said([python, "-c", _VERSION, tool.name])
    if not version:
        return {}
    script = tool.script if library else found
    return {
        f"{tool.name}, {question}": Side(
            command=[script, *arguments],
            version=version,
            python=python,
            counted=() if question == "one rule" else None,
        )
        for question, arguments in tool.questions.items()
    }


_VERSION = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"


def _said(command: Sequence[str]) -> str:
    """Return the version in what a command prints; nothing if it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    number = re.search(r"\d+(\.\d+)+", done.stdout)
    return number.group() if number else ""


def written(folder: Path, resources: int) -> tuple[frozenset[str], float]:
    """Write the plan and each tool's rule; return the short stores, and the plan's megabytes."""
    made, short = plan(resources), set()
    values = {one["address"]: one for one in made["planned_values"]["root_module"]["resources"]}
    stores = [one for one in made["resource_changes"] if one["type"] == STORE]
    for one in stores[::10]:
        one["change"]["after"]["retention_period"] = 90
        values[one["address"]]["values"]["retention_period"] = 90
        short.add(one["address"])
    text = json.dumps(made, ensure_ascii=False)
    for name, content in {
        "plan.json": text,
        "infra.icp.yaml": ENTRY,
        "pytest.ini": "[pytest]\n",
        "features/logs.feature": FEATURE,
        "checks/logs.yaml": CHECK,
        "policy/logs.rego": REGO,
        "rule.py": REGOPY,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    derived = KINDS["terraform-plan"].read(Request(path=folder / "plan.json", root=folder))
    listed = [{"id": one["id"], **OF_STORE} for one in derived.facts["log_stores"]]
    included = {"apiVersion": "pytest-icp/v1", "log_stores": listed}
    (folder / "stores.json").write_text(json.dumps(included), "utf-8")
    return frozenset(short), len(text.encode()) / 1e6


def must_answer(side: Side, folder: Path, short: frozenset[str]) -> bool:
    """Run a side once, which warms the caches; return whether it names just the short stores."""
    done = subprocess.run(
        [*_python(side), *side.command, *(side.counted or ())],
        cwd=folder,
        env=ORDINARY,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    report = folder / "icp-report.jsonl"
    answer = done.stdout
    if side.counted:
        # Dates that are to come, and what was read, name the other stores.
        lines = report.read_text("utf-8").splitlines()
        answer = "\n".join(line for line in lines if '"verdict": "violated"' in line)
    return side.counted is None or short == {*NAMED.findall(answer)}


def fresh(side: Side, folder: Path) -> float:
    """Return the processor seconds of a new process."""
    before = processor_time()
    # A tool that finds something ends with another code than 0.
    subprocess.run(
        [*_python(side), *side.command], cwd=folder, env=ORDINARY, capture_output=True, check=False
    )
    return processor_time() - before


def warm(side: Side, folder: Path, rounds: int) -> float | None:
    """Return the median processor seconds of warm processes; None of what is not Python."""
    if not side.python:
        return None
    runner = str(Path(__file__).with_name("warm.py"))
    command = [side.python, runner, str(rounds), *side.command]
    # A tool may print something when it is imported.
    done = subprocess.run(command, cwd=folder, env=ORDINARY, stdout=subprocess.PIPE, check=True)
    return median(processor for _, processor in json.loads(done.stdout.splitlines()[-1]))


def _python(side: Side) -> list[str]:
    return [side.python] if side.python else []


def measured(sides: Mapping[str, Side], folder: Path, rounds: int) -> str:
    """Return the table: seconds of each side, and how often ours go into them."""
    spent: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds):
        names = [*sides]
        # Each round begins with another side, so that none always follows the same one.
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            spent[name].append(fresh(sides[name], folder))
    cold = {name: median(values) for name, values in spent.items()}
    hot = {name: warm(side, folder, rounds) for name, side in sides.items()}
    rows = [
        [name, side.version, *_cells(name, cold.get), *_cells(name, hot.get)]
        for name, side in sides.items()
    ]
    ratios = ("÷ one", "÷ all")
    return table(["processor seconds", "version", "fresh", *ratios, "warm", *ratios], rows)


def _cells(name: str, of: Callable[[str], float | None]) -> list[str]:
    own, one, every = of(name), of(OURS), of(EVERY)
    if own is None or not one or not every:
        return ["–"] * 3
    return [f"{own:.2f}", f"{own / one:.1f}", f"{own / every:.1f}"]


def machine() -> str:
    """Return which processor this is, how many may be used, and which Python measures."""
    info = Path("/proc/cpuinfo")
    models = re.findall(r"^model name\s*:\s*(.+)$", info.read_text("utf-8"), re.MULTILINE)
    python = f"Python {platform.python_version()}"
    return ", ".join(
        [*models[:1], platform.machine(), f"{len(os.sched_getaffinity(0))} processors", python]
    )


def main() -> None:
    """Ask all that are there, and print the table and who was not."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--environment", type=Path, help="a virtual environment with the tools")
    parser.add_argument("--resources", type=int, default=RESOURCES)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sides, absent = ours(), []
    for tool in TOOLS:
        found = sides_of(tool, options.environment and options.environment.absolute())
        sides |= found
        absent += [] if found else [f"not there: {tool.name} ({tool.install})"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        short, size = written(folder, options.resources)
        wrong = [name for name, side in sides.items() if not must_answer(side, folder, short)]
        if wrong:
            sys.exit(f"another answer than the {len(short)} stores: {'; '.join(wrong)}")
        print(f"{options.resources:,} resources, {size:.1f} MB, {len(short)} log stores to find")
        print(f"medians of {options.rounds}; {machine()}\n")
        print(measured(sides, folder, options.rounds))
    print("\n".join(["", *absent]))


if __name__ == "__main__":
    main()
