"""What reports add to a run, and how they grow with the number of findings.

Every format is written by one run, next to the same run without reports. The second table has
each format alone: its size beside the limit of the service that reads it, and the time that it
adds for each finding, which stays the same where it is linear.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import generate
from sides import Side, medians, table

from pytest_icp.reports.publishing import FORMATS

AIM = 1.25
FINDINGS = (1_000, 5_000, 25_000)
SUBJECTS = 1_300
"""Subjects in order, around the findings."""

MEGABYTE = 1024 * 1024


def _compressed(raw: bytes) -> str:
    return f"{len(gzip.compress(raw)) / MEGABYTE:.1f} of 10 MiB gzipped, {_results(raw)} of 25000"


def _results(raw: bytes) -> int:
    return sum(len(run["results"]) for run in json.loads(raw)["runs"])


def _levels(raw: bytes) -> str:
    lines = raw.decode().splitlines()
    most = max(sum(line.startswith(f"::{level} ") for line in lines) for level in LEVELS)
    return f"{most} of 10 of one level"


def _characters(raw: bytes) -> str:
    return f"{len(raw.decode())} of 65536 characters"


LEVELS = ("error", "warning", "notice")
LIMITS: dict[str, Callable[[bytes], str]] = {
    "sarif-github": _compressed,
    "github": _levels,
    "markdown": _characters,
}
"""What is left of the limits of the services, for the formats that have one."""


def main(rounds: int = 7) -> None:
    """Print what all reports together add to runs, then each format alone."""
    rows: list[tuple[str, ...]] = []
    alone: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as name:
        for findings in FINDINGS:
            folder = Path(name) / str(findings)
            folder.mkdir()
            (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
            generate.write(folder, SUBJECTS, unanswered=findings)
            some = rounds if findings == FINDINGS[0] else max(1, rounds // 3)
            rows.append(_together(folder, findings, some))
            alone += _alone(folder, findings)
            shutil.rmtree(folder)
    print(f"medians of up to {rounds} fresh processes each\n")
    print(table(["findings", "without", "all reports", "ratio", "aim", "ms a finding"], rows))
    print()
    print(table(["format, findings", "MB", "limit"], sorted(alone)))


def _side(folder: Path, *formats: str) -> Side:
    reports = [f"--icp-report={one}=out/{one}" for one in formats]
    return Side(folder=folder, arguments=("--icp-as-of", generate.AS_OF, *reports))


def _together(folder: Path, findings: int, rounds: int) -> tuple[str, ...]:
    sides = {"without": _side(folder), "with": _side(folder, *FORMATS)}
    found = medians(sides, rounds)
    added = (found["with"] - found["without"]) / findings * 1000
    return (
        f"{findings:,}",
        f"{found['without']:.2f}",
        f"{found['with']:.2f}",
        f"{found['with'] / found['without']:.2f}",
        f"{AIM}" if findings == FINDINGS[0] else "",
        f"{added:.2f}",
    )


def _alone(folder: Path, findings: int) -> list[tuple[str, ...]]:
    """Return a row for each format, of the files that `_together` left."""
    rows = []
    for name in FORMATS:
        raw = (folder / "out" / name).read_bytes()
        limit = LIMITS[name](raw) if name in LIMITS else "none"
        rows.append((f"{name}, {findings:>6,}", f"{len(raw) / 1e6:.2f}", limit))
    return rows


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
