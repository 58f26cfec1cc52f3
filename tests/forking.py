"""Commands in a process of their own, which is a fork of this one: all is imported there already.

To start Python, import pytest and read the policies takes longer than most of what is asked then.
Some tests of each command start it as users do.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from runpy import run_module
from subprocess import PIPE, STDOUT, CompletedProcess
from tempfile import TemporaryFile
from typing import IO, Any, NoReturn

import pytest

from pytest_icp.plugin import base_run

__all__ = ["PIPE", "STDOUT", "CompletedProcess", "bases_are_judged_in_forks", "run"]

TEMPORARY = (tempfile.gettempdir(), os.path.realpath(tempfile.gettempdir()))
KEPT = (str(Path(__file__).parents[1]), sys.prefix)
"""What may stand in a temporary folder as well: a checkout, and what is installed."""


@pytest.fixture(autouse=True)
def bases_are_judged_in_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process that judges a base be a fork; those of `tests/attack` are started."""
    monkeypatch.setattr(base_run, "subprocess", sys.modules[__name__])


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] = os.environ,
    input: bytes = b"",  # noqa: A002 - as `subprocess.run` calls it
    stderr: int = PIPE,
    encoding: str | None = None,
    **_: object,
) -> CompletedProcess[Any]:
    """Run ``python -m MODULE ARGUMENT…``, and return what `subprocess.run` does with all printed.

    Where a process cannot be forked, it is started.
    """
    with TemporaryFile() as given, TemporaryFile() as printed, TemporaryFile() as errors:
        given.write(input)
        given.seek(0)
        streams = (given, printed, printed if stderr == STDOUT else errors)
        code = (_forked if hasattr(os, "fork") else _started)(command, cwd, dict(env), streams)
        said = [_whole(stream) for stream in (printed, errors)]
    texts = [text.decode(encoding) for text in said] if encoding else said
    return CompletedProcess(command, code, *texts)


Streams = Sequence[IO[bytes]]
"""Standard input, output and errors."""


def _started(command: Sequence[str], cwd: Path, env: dict[str, str], streams: Streams) -> int:
    given, printed, errors = streams
    return subprocess.call(command, cwd=cwd, env=env, stdin=given, stdout=printed, stderr=errors)


def _forked(command: Sequence[str], cwd: Path, env: dict[str, str], streams: Streams) -> int:
    with warnings.catch_warnings():
        # Threads that other tests have left: what they lock is not needed here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _become(command[command.index("-m") + 1 :], cwd, env, streams)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(command: Sequence[str], cwd: Path, env: dict[str, str], streams: Streams) -> NoReturn:
    """Let this fork do what a new process would, and end it."""
    code: object = 1
    # It ends soon: to look for garbage is to walk, and so to copy, all that its parent has.
    gc.disable()
    gc.collect = lambda *_: 0
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream.fileno(), number)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, encoding="utf-8", closefd=False)
            for number, mode in enumerate("rww")
        )
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
        os.environ.clear()
        os.environ.update(env)
        os.chdir(cwd)
        _forget()
        sys.path.insert(0, str(cwd))
        sys.argv = list(command)
        warnings.simplefilter("ignore")
        run_module(command[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:  # noqa: BLE001 - nothing of a fork goes on
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code if isinstance(code, int) else 1)


def _forget() -> None:
    """Forget what tests have imported from their folders, and those folders."""
    for name, module in tuple(sys.modules.items()):
        if _of_a_test(getattr(module, "__file__", None)):
            del sys.modules[name]
    sys.path[:] = [path for path in sys.path if not _of_a_test(path)]


def _of_a_test(path: str | None) -> bool:
    return bool(path and path.startswith(TEMPORARY) and not path.startswith(KEPT))


def _whole(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()
