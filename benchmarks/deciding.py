"""What deciding all rules of the example takes in a process: at first, and once it is warm.

    python benchmarks/deciding.py [ROUNDS]

Processor time of fresh processes, without reading the description and without pytest. The aims are
250 ms at first and 60 ms warm.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "etaoche" / "etaoche.icp.yaml"
DECIDE = """
import sys, time
import pytest_icp
from pytest_icp.engine import decide, prepare
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.times import as_of_instant

policies, described = default_policies(), pytest_icp.load(sys.argv[1])
for _ in range(6):
    start = time.process_time()
    scene = prepare(described, as_of=as_of_instant("2023-11-20"))
    for policy in policies:
        for obligation in policy.obligations:
            decide(scene, policy, obligation)
    print(time.process_time() - start)
"""


def main(rounds: int = 9) -> None:
    """Print the medians."""
    command = [sys.executable, "-P", "-c", DECIDE, str(EXAMPLE)]
    runs = [
        [float(line) for line in subprocess.check_output(command, text=True).split()]
        for _ in range(rounds)
    ]
    print(f"at first  {median(run[0] for run in runs) * 1000:4.0f} ms")
    print(f"warm      {median(t for run in runs for t in run[1:]) * 1000:4.0f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
