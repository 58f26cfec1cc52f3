"""What facts out of settings of logs cost, next to ElementTree and PyYAML on the same files.

Both sides read a folder of 250 files of Logback and Log4j 2 of real projects, over and over those
in ``tests/data``, in one process, turn by turn; the least time of the processor counts. What they
are parsed with alone keeps no lines, and opens whatever a name leads to: in between is what opens
the same files safely and keeps their places.
``python benchmarks/logs.py``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from xml.etree import ElementTree

import yaml
from sides import table

from pytest_icp.sources.log_retention import read_log_retention
from pytest_icp.sources.log_retention.files import File
from pytest_icp.sources.request import Request

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / "tests" / "data" / "real" / "log-retention"
FILES = 250
ROUNDS = 9


def write(folder: Path) -> None:
    """Write the files, each into a folder of its own."""
    real = [path for path in sorted(REAL.iterdir()) if path.name.endswith((".xml", "log4j2.yaml"))]
    for number in range(FILES):
        path = real[number % len(real)]
        name = "log4j2" if "log4j2" in path.name else "logback"
        (folder / str(number)).mkdir()
        shutil.copy(path, folder / str(number) / f"{name}{path.suffix}")


def parsed(folder: Path) -> None:
    """Parse every file."""
    for path in sorted(folder.rglob("*.*")):
        if path.suffix == ".xml":
            ElementTree.parse(path)
        else:
            list(yaml.load_all(path.read_bytes(), Loader=yaml.CSafeLoader))


def strict(folder: Path) -> None:
    """Parse every file as the reader has to."""
    request = Request(path=folder, root=folder, folder=folder)
    for path in request.files():
        file = File(request, path)
        if path.suffix == ".xml":
            file.elements()
        else:
            file.documents()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        sides: dict[str, Callable[[], object]] = {
            "ElementTree, CSafeLoader": lambda: parsed(folder),
            "strict": lambda: strict(folder),
            "log-retention": lambda: read_log_retention(
                Request(path=folder, root=folder, folder=folder)
            ),
        }
        least = dict.fromkeys(sides, float("inf"))
        for _ in range(ROUNDS):
            for side, work in sides.items():
                begun = process_time()
                work()
                least[side] = min(least[side], process_time() - begun)
    first = next(iter(least.values()))
    rows = [
        [
            side,
            f"{1000 * took:.0f}",
            f"{1000 * took / FILES:.2f}",
            f"{took / least['strict']:.1f}",
            f"{took / first:.1f}",
        ]
        for side, took in least.items()
    ]
    print(table(["side", "ms", "ms a file", "to strict", "to parser"], rows))


if __name__ == "__main__":
    main()
