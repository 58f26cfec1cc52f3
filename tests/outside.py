"""Run the tests in a folder that has no pytest_icp, so that only the installed one can answer.

``python tests/outside.py SOURCE MODULE [ARGUMENT…]`` copies SOURCE, a checkout or an sdist, without
its package to a temporary folder, and runs the module there, pytest or one that runs it. ``-`` is
the sdist that tox has built, which it names in the environment only once the commands run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "pytest_icp"
NOT_COPIED = shutil.ignore_patterns(".*", PACKAGE, "__pycache__", "build", "dist")


def lay_out(source: Path, folder: Path) -> Path:
    """Put what the tests need into the folder; return where they stand."""
    if source.is_dir():
        return Path(shutil.copytree(source, folder / "outside", ignore=NOT_COPIED))
    with tarfile.open(source) as archive:
        archive.extractall(folder, filter="data")
    (root,) = folder.iterdir()
    shutil.rmtree(root / PACKAGE)
    return root


def main(source: str, *arguments: str) -> int:
    """Return the exit code of the module."""
    with tempfile.TemporaryDirectory() as folder:
        named = os.environ["TOX_PACKAGE"] if source == "-" else source
        root = lay_out(Path(named), Path(folder))
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(command, cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
