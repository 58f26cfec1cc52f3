"""What fuzzing every rule around the example costs, in processor time of one process."""

from __future__ import annotations

import sys
from pathlib import Path

from sides import Side, medians, processor_time, table

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "etaoche"
AIM = 60
DECIDED = ("--icp-as-of", "2023-11-20", "-p", "no:cacheprovider")
FUZZED = (*DECIDED, "--icp-fuzz", "-m", "icp_fuzz")


def main(rounds: int = 3) -> None:
    """Print the seconds of a run that fuzzes every rule, and of one that decides every rule."""
    runs = {"every rule fuzzed": FUZZED, "every rule decided": DECIDED}
    sides = {name: Side(folder=EXAMPLE, arguments=options) for name, options in runs.items()}
    took = medians(sides, rounds, processor_time)
    aims = dict.fromkeys(runs, "") | {"every rule fuzzed": str(AIM)}
    rows = [[name, f"{took[name]:.1f}", aims[name]] for name in runs]
    print(f"medians of {rounds} fresh processes each\n")
    print(table(["run", "processor seconds", "aim"], rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
