"""Measure several commands against each other: fresh processes, in turns, medians."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ORDINARY = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment of a run: compiled modules are kept from one run to the next, as usual."""

COUNTED = re.compile(r"(\d+) (passed|failed|skipped|xfailed|unknown|advisory)")


@dataclass(frozen=True, kw_only=True)
class Side:
    """A pytest run: where, with which arguments, what in its environment, by which Python."""

    folder: Path
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    python: str = sys.executable

    def run(self) -> str:
        """Run it once; return what it printed. Failing tests are an answer, errors are not."""
        done = subprocess.run(
            [self.python, "-m", "pytest", *self.arguments],
            cwd=self.folder,
            env={**ORDINARY, **self.environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode not in {0, 1}:
            sys.exit(done.stdout + done.stderr)
        return done.stdout


BARE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""The environment in which pytest loads no plugin but its own."""


def processor_time() -> float:
    """Return the seconds of processor time that finished child processes have taken."""
    times = os.times()
    return times.children_user + times.children_system


def medians(
    sides: Mapping[str, Side], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Return the median seconds of each side by a clock; the first round only warms caches."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds + 1):
        # Each round begins with another side, so that none always follows the same one.
        names = [*sides][turn % len(sides) :] + [*sides][: turn % len(sides)]
        for name in names:
            begun = clock()
            sides[name].run()
            if turn:
                seconds[name].append(clock() - begun)
    return {name: median(values) for name, values in seconds.items()}


def items(output: str) -> int:
    """Return how many items pytest's closing line counts."""
    return sum(int(number) for number, _ in COUNTED.findall(output.rstrip().splitlines()[-1]))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned text: the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [
        "  ".join(
            cell.rjust(widths[i]) if i else cell.ljust(widths[i]) for i, cell in enumerate(row)
        )
        for row in [header, ["-" * width for width in widths], *rows]
    ]
    return "\n".join(lines)
