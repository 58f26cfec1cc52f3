"""Memory does not grow with the number of descriptions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fleet.made import text
from tests.helpers import ROOT

RUN = """
import re, sys
from pathlib import Path
from pytest_icp.fleet import inputs
from tests.fleet.made import judged
inputs.MOST_ROWS = 4
path = Path(sys.argv[1])
judged(path.with_suffix(""), path, base=path.parent)
print(re.search("VmHWM:\\\\s*([0-9]+)", Path("/proc/self/status").read_text())[1])
"""
LARGE = 1_000_000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measured on Linux")
def test_four_times_the_descriptions_take_no_more_memory(tmp_path: Path) -> None:
    """One of sixteen is judged; the others are large, so that keeping them would be seen."""
    peaks = [_peak(tmp_path / f"{count}.jsonl", count) for count in (16, 64)]
    assert peaks[1] - peaks[0] < 10 * LARGE / 1000


def _peak(path: Path, count: int) -> int:
    """Return the peak memory of a process that judges so many descriptions, in KiB."""
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            file.write(f"{text(i)}\n" if i % 16 == 0 else f'{{"x": "{"x" * LARGE}\n')
    command = [sys.executable, "-c", RUN, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, encoding="utf-8")
    return int(done.stdout)
