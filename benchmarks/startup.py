"""What the installed plugin costs a run that has nothing to do with it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from sides import BARE, Side, medians, processor_time, table

AIM_MS = 10
AIM_TIMES = 1.1
CHECKOUT = Path(__file__).parent.parent


def main(*arguments: str) -> None:
    """Measure here, or with ``--installed`` in an environment with nothing but the package."""
    rounds = int(next((word for word in arguments if word.isdecimal()), 40))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
        (folder / "test_empty.py").write_text("def test_empty(): pass\n", "utf-8")
        if "--installed" in arguments:
            installed(folder, rounds)
        else:
            here(folder, rounds)


def here(folder: Path, rounds: int) -> None:
    """Print the seconds of one empty test with and without the plugin."""
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


def installed(folder: Path, rounds: int) -> None:
    """Print the processor time of one empty test after ``pip install .``, and of pytest alone."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", CHECKOUT], check=True)
    found = medians(
        {
            "bare": Side(folder=folder, environment=BARE, python=python),
            "all": Side(folder=folder, python=python),
        },
        rounds,
        processor_time,
    )
    times = found["all"] / found["bare"]
    rows = [
        ["pytest alone", f"{found['bare']:.3f}", "", ""],
        ["all that pip installed", f"{found['all']:.3f}", f"{times:.2f}", f"{AIM_TIMES}"],
    ]
    print(f"processor time of one empty test, medians of {rounds} fresh processes each\n")
    print(table(["run", "seconds", "times", "aim"], rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
