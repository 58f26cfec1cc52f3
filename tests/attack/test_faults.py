"""A write that is killed, and two at once: what is there is whole, the old one or a new one."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

PRELUDE = """
import os, signal, sys
from pathlib import Path
from pytest_icp.facts.files.disk import write_file

def write(content):
    write_file(Path(sys.argv[1]), content)

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
"""
# Where a process is killed: in the middle of its content, before and after the rename.
KILLED = {
    "half written": """
opened = Path.open
def half(path, mode):
    with opened(path, mode) as file:
        file.write(b"new" * 500)
        file.flush()
        kill()
Path.open = half
""",
    "not renamed": "Path.replace = kill",
    "just renamed": """
replaced = Path.replace
def replace(*given):
    replaced(*given)
    kill()
Path.replace = replace
""",
}


def start(script: str, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PRELUDE + script, str(folder / "report.md")]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE)


def run(script: str, folder: Path) -> tuple[int, bytes]:
    process = start(script, folder)
    out, _ = process.communicate(timeout=60)
    return process.returncode, out


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("moment", KILLED)
def test_a_report_that_is_killed(tmp_path: Path, moment: str) -> None:
    report = tmp_path / "report.md"
    report.write_bytes(b"old" * 1000)
    code, _ = run(f"{KILLED[moment]}\nwrite(b'new' * 1000)", tmp_path)
    assert code == -signal.SIGKILL
    assert report.read_bytes() == (b"new" if moment == "just renamed" else b"old") * 1000
    # The next run writes as if nothing had happened.
    assert run("write(b'next')", tmp_path)[0] == 0
    assert report.read_bytes() == b"next"


def test_two_at_once(tmp_path: Path) -> None:
    """Each of them writes the same files again and again; at the end one of them has."""
    script = """
mine = b"%s" * 5000
for _ in range(100):
    write(mine)
"""
    both = [start(script % name, tmp_path) for name in ("a", "b")]
    for process in both:
        process.communicate(timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    content = (tmp_path / "report.md").read_bytes()
    assert content in (b"a" * 5000, b"b" * 5000)
    assert {path.name for path in tmp_path.iterdir()} == {"report.md"}
