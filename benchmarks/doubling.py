"""How much longer reading takes when the input doubles: about twice.

The inputs are those that once took longer.

``python benchmarks/doubling.py [WORD]`` reads each of the inputs of tests/attack/growing.py whose
name contains the word, in three sizes.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ["PYTEST_ICP_CACHE"] = ""

from sides import table

from tests.attack.growing import GROWING, seconds


def main(word: str = "") -> None:
    rows = []
    for name, (n, made) in GROWING.items():
        if word in name:
            with tempfile.TemporaryDirectory() as folder:
                once, twice, more = (seconds(Path(folder), made, n * k) for k in (1, 2, 4))
            times = [f"{1000 * took:.1f}" for took in (once, twice, more)]
            rows.append([name, f"{n:,}", *times, f"{twice / once:.1f}", f"{more / twice:.1f}"])
    print(table(["input", "n", "ms", "2n", "4n", "2n : n", "4n : 2n"], rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
