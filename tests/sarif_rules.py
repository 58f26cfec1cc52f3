"""Puts SARIF files before the rules of the standard and of GitHub; `tox -e sarif` runs it.

Usage: python tests/sarif_rules.py FOLDER, the folder into which npm installed
`@microsoft/sarif-multitool-linux`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("sarif", "sarif-github")
MANUAL = "https://docs.example/"
sys.path.insert(0, str(ROOT))


def written(folder: Path) -> list[Path]:
    """Write a report of every kind that there is a rule for; return the files."""
    files = []
    other = folder / "京 B2 #1" / "描述 é.icp.yaml"
    shutil.copytree(ROOT / "examples" / "etaoche", other.parent, dirs_exist_ok=True)
    (other.parent / "etaoche.icp.yaml").rename(other)
    (other.parent / "坏的.icp.yaml").write_text("apiVersion: pytest-icp/v1\nx: 1\n", "utf-8")
    for name, described in (("example", ROOT / "examples"), ("names", other.parent)):
        for day in ("2023-11-20", "2023-12-08", "2026-11-24"):
            paths = [folder / f"{name}-{day}.{kind}.sarif" for kind in FORMATS]
            reports = [f"--report={kind}={path}" for kind, path in zip(FORMATS, paths, strict=True)]
            command = [sys.executable, "-m", "pytest_icp", "evaluate", described, "--as-of", day]
            # The standard wants to know where a tool is explained, which only its user can say.
            command += ["--docs-url", MANUAL, *reports]
            subprocess.run(command, cwd=folder, check=False, stdout=subprocess.PIPE)
            files += paths
    return [*files, *made_up(folder)]


def made_up(folder: Path) -> list[Path]:
    """Write what the example does not have: waivers, unknowns, and text that means harm."""
    from msgspec.structs import replace

    from pytest_icp.reports.publishing import Request, render
    from tests.reports.test_sarif import COMPARED
    from tests.runs import RUN, hostile

    files = []
    for name, run in (("grades", RUN), ("hostile", hostile()), ("since", COMPARED)):
        for kind in FORMATS:
            path = folder / f"{name}.{kind}.sarif"
            path.write_text(render(Request(format=kind), replace(run, docs_url=MANUAL)), "utf-8")
            files.append(path)
    return files


def broken(tool: Path, file: Path) -> list[str]:
    """Return the rules that a file breaks, notes left out."""
    answer = file.with_suffix(".answer")
    subprocess.run(
        [
            *(tool, "validate", file, "--rule-kind", "Sarif;Gh", "--level", "Error;Warning"),
            *("--kind", "Fail", "-o", answer, "--log", "ForceOverwrite"),
        ],
        check=False,
        stdout=subprocess.PIPE,
    )
    (run,) = json.loads(answer.read_text("utf-8-sig"))["runs"]
    found = [(told["ruleId"], told["message"]) for told in run.get("results", ())]
    notices = run.get("invocations", [{}])[0].get("toolExecutionNotifications", ())
    return [f"{file.name}: {one}" for one in (*found, *notices)]


def main(folder: Path) -> int:
    """Check every file; the exit code is 1 when a rule is broken."""
    tool = folder / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    tool.chmod(0o755)
    reports = folder / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir()
    files = written(reports)
    faults = [fault for file in files for fault in broken(tool, file)]
    empty = reports / "broken.sarif"
    empty.write_text(
        json.dumps(
            {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{}]}]}
        )
    )
    if not broken(tool, empty):
        faults.append("the validator finds nothing wrong with a broken file")
    print(*faults, f"{len(files)} files, {len(faults)} faults", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
