from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from pytest_icp.plugin import progress as module
from pytest_icp.plugin.progress import Progress, telling, terminal_progress
from tests.plugin.conftest import DESCRIPTION, LICENCE

SLOW = """
import time
from pytest_icp.plugin import progress
progress.AFTER, progress.EVERY = 0.1, 0.05

def pytest_icp_facts(path):
    # Longer than the first look of a command, which begins before this file is read.
    time.sleep(1.2)
"""


class Terminal(StringIO):
    """Keeps what was written when it is closed."""

    said = ""

    def close(self) -> None:
        self.said = self.getvalue()
        super().close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AFTER", 0.0)
    monkeypatch.setattr(module, "EVERY", 0.01)


def said(room: int, seconds: float = 0.1) -> str:
    terminal = Terminal()
    with closing(Progress(terminal, lambda: room)) as progress:
        with progress.show("reading 京.icp.yaml"):
            time.sleep(seconds)
        with progress.show("nothing"):
            pass
    return terminal.said


@pytest.mark.usefixtures("quick")
def test_it_is_said_behind_what_stands_there_and_taken_back() -> None:
    text = said(40)
    assert text.startswith("\x1b7 reading 京.icp.yaml … 0 s\x1b8\x1b[K reading")
    assert text.endswith(" s\x1b8\x1b[K")
    assert text.count("\x1b7") == 1


@pytest.mark.usefixtures("quick")
def test_it_never_reaches_the_next_line() -> None:
    assert said(14).startswith("\x1b7 reading 京.i…\x1b8")
    assert said(11) == ""


def test_nothing_is_said_of_what_is_soon_done() -> None:
    assert said(40) == ""


@pytest.mark.usefixtures("quick")
def test_a_terminal_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with closing(Progress(os.fdopen(write, "w"), lambda: 40)) as progress, progress.show("it"):
        time.sleep(0.05)


def test_a_stream_that_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert terminal_progress(StringIO(), lambda: 80) is None
    controller, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as stream:
        monkeypatch.setenv("TERM", "dumb")
        assert terminal_progress(stream, lambda: 80) is None
        monkeypatch.setenv("TERM", "xterm")
        progress = terminal_progress(stream, lambda: 80)
        assert progress is not None
        progress.close()
    os.close(controller)


# --- at a real terminal ------------------------------------------------------------------------


def at_terminal(folder: Path, *command: str, conftest: str = SLOW) -> str:
    """Run a command at a terminal; return all that it wrote there."""
    for name, text in (
        ("licence.yaml", LICENCE),
        ("prod.icp.yaml", DESCRIPTION),
        ("conftest.py", conftest),
        ("pytest.ini", "[pytest]\nicp_lang = en\nicp_as_of = 2025-06-01\nicp_select = SP12\n"),
    ):
        (folder / name).write_text(text, "utf-8")
    controller, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "PYTHONUTF8": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    ):
        os.close(terminal)
        written = b""
        # Linux answers with an error when nobody writes any more, others with nothing.
        try:
            while read := os.read(controller, 65536):
                written += read
        except OSError:
            pass
    os.close(controller)
    return written.decode()


def test_a_run_says_what_it_reads_and_checks(tmp_path: Path) -> None:
    slow = SLOW.replace(
        "def pytest_icp_facts",
        "import pytest_icp.engine as engine\n"
        "original = engine.decide\n\ndef slowly(*given):\n    time.sleep(0.3)\n"
        "    return original(*given)\n\nengine.decide = slowly\n\ndef pytest_icp_facts",
    )
    text = at_terminal(tmp_path, "pytest", conftest=slow)
    assert "collecting ... " in text
    assert "\x1b7 reading prod.icp.yaml … 0 s\x1b8\x1b[K" in text
    assert re.search(r"checking SP12/[a-z-]+ … \d s", text)
    assert text.rindex("\x1b8\x1b[K") > text.rindex("\x1b7")


@pytest.mark.parametrize(
    ("arguments", "is_worker", "watched"),
    [([], False, 1), (["-q"], False, 0), (["-p", "no:terminal"], False, 0), ([], True, 0)],
)
def test_nothing_is_said_where_nobody_wants_to_see_it(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    is_worker: bool,
    watched: int,
) -> None:
    config, terminals = pytester.parseconfig(*arguments), []
    if is_worker:
        config.workerinput = {}  # type: ignore[attr-defined]  # as xdist does
    monkeypatch.setattr(module, "terminal_progress", lambda stream, _: terminals.append(stream))
    module.configure(config)
    assert len(terminals) == watched


def test_a_command_says_that_it_works(tmp_path: Path) -> None:
    text = at_terminal(tmp_path, "pytest_icp", "evaluate", "prod.icp.yaml", "--lang", "en")
    begin, end = text.index("\x1b7 working"), text.rindex("\x1b8\x1b[K")
    assert begin < end < text.index("SP12")


def test_it_says_how_much_is_done_and_how_long_the_rest_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 10.0, 600.0])
    monkeypatch.setattr(module, "monotonic", lambda: next(clock))
    said: list[str] = []
    told = telling(said.append, "en")
    told(1, 4)
    told(2000, 3000)
    assert said == ["1 of 4, about 30 s left", "2,000 of 3,000, about 5 min left"]
