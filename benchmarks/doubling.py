"""How much longer reading and answering take when the input doubles: about twice.

``python benchmarks/doubling.py [WORD]`` reads each of the inputs of tests/attack/growing.py whose
name contains the word, in three sizes; they once took longer.

``python benchmarks/doubling.py commands [WORD]`` runs the commands and reports whose name contains
the word on descriptions of four sizes, each in a process of its own, and prints what each takes of
processor time and memory.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import generate
import plan
from sides import ORDINARY, table

from pytest_icp.reports.publishing import FORMATS
from tests.attack.growing import GROWING, seconds

SUBJECTS = 1_300
"""Subjects in order, around the findings."""

SIZES = (1_250, 2_500, 5_000, 10_000)
AS_OF = ("--as-of", generate.AS_OF)
COMMANDS = {
    "facts": ("facts", "."),
    "explain": ("explain", *AS_OF, "SP09", "."),
    "deadlines": ("deadlines", *AS_OF, "."),
    "evaluate": ("evaluate", *AS_OF, "."),
    **{
        f"evaluate, {name}": ("evaluate", *AS_OF, "--report", f"{name}=report", ".")
        for name in FORMATS
    },
}
JUNIT = ("-m", "pytest", "-q", "--icp-as-of", generate.AS_OF, "--junit-xml", "junit.xml")


def _planned(folder: Path, n: int) -> None:
    (folder / "plan.json").write_text(json.dumps(plan.plan(n)), "utf-8")
    entry = "apiVersion: pytest-icp/v1\nsources: [{kind: terraform-plan, path: plan.json}]\n"
    (folder / "infra.icp.yaml").write_text(entry, "utf-8")


SHAPES = {
    "resources by hand": generate.write,
    "resources of a plan": _planned,
    "findings": lambda folder, n: generate.write(folder, SUBJECTS, unanswered=n),
}


def _taken(folder: Path, arguments: tuple[str, ...]) -> tuple[float, float]:
    """Return the seconds of processor time and the megabytes at most that a command takes."""
    child = os.fork()
    if not child:
        os.chdir(folder)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.execve(sys.executable, [sys.executable, *arguments], ORDINARY)
    used: resource.struct_rusage = os.wait4(child, 0)[2]
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def commands(word: str = "") -> None:
    """Print what each command takes of descriptions of each shape and size."""
    rows = []
    asked = {name: ("-m", "pytest_icp", *words) for name, words in COMMANDS.items()}
    for shape, write in SHAPES.items():
        with tempfile.TemporaryDirectory() as name:
            folders = {n: Path(name) / str(n) for n in SIZES}
            for n, folder in folders.items():
                folder.mkdir()
                (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
                write(folder, n)
            for command, arguments in {**asked, "junit": JUNIT}.items():
                if word in command:
                    taken = [_taken(folder, arguments) for folder in folders.values()]
                    cells = [f"{seconds:.1f} s, {size:.0f} MB" for seconds, size in taken]
                    rows.append([f"{shape}: {command}", *cells])
    print(table(["", *(f"{n:,}" for n in SIZES)], rows))


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
    if sys.argv[1:2] == ["commands"]:
        commands(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
