"""What the installed plugin costs a run that has nothing to do with it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sides import BARE, Side, medians, table

AIM_MS = 10


def main(rounds: int = 40) -> None:
    """Print the seconds of one empty test with and without the plugin."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
        (folder / "test_empty.py").write_text("def test_empty(): pass\n", "utf-8")
        found = medians(
            {
                "bare": Side(folder=folder, environment=BARE),
                "off": Side(folder=folder, arguments=("-p", "no:icp")),
                "on": Side(folder=folder),
            },
            rounds,
        )
    added = (found["on"] - found["off"]) * 1000
    brought = (found["off"] - found["bare"]) * 1000
    rows = [
        ["pytest alone", f"{found['bare']:.3f}", "", ""],
        ["… and the other installed plugins", f"{found['off']:.3f}", f"{brought:+.1f}", ""],
        ["… and pytest-icp, unused", f"{found['on']:.3f}", f"{added:+.1f}", f"{AIM_MS}"],
    ]
    print(f"one empty test, medians of {rounds} fresh processes each\n")
    print(table(["run", "seconds", "adds ms", "aim ms"], rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
