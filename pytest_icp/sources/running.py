"""Run a task in a child process that sees one folder, for a limited time.

The child has no environment, no input but the task, a session of its own, and is killed with all
that it started when it is late, when this process is interrupted, or when anything else goes wrong.
Its answer counts only if it ended by itself and well.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from pytest_icp.facts.files.disk import reason
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.child import TOO_DEEP, TOO_LARGE, TOO_MUCH_MEMORY

_MEBIBYTE = 1024 * 1024


class Limits(Struct, frozen=True, kw_only=True):
    """What a child may use: seconds, seconds of processor time, bytes, open files, levels.

    ``memory`` is address space.
    """

    seconds: int = 30
    processor: int = 10
    memory: int = 4096 * _MEBIBYTE
    output: int = 64 * _MEBIBYTE
    files: int = 256
    depth: int = 200


LIMITS = Limits()
"""A hundred times what a usual source needs."""

_START = "import sys; sys.path += sys.argv[1:]; from pytest_icp.sources.child import main; main()"
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")
"""The variables without which the interpreter may not start: where its libraries are."""
_ERRORS_READ = 64 * 1024


def run(
    module: str,
    task: Mapping[str, Any],
    files: Mapping[str, bytes],
    *,
    libraries: Iterable[str],
    place: Place,
) -> Any:
    """Return ``answer(task)`` of a module, called in a child process that sees only ``files``.

    They are copied, by their paths, into a folder of their own, which the task gets as ``root``.
    ``task`` and the answer are JSON; the child imports the ``libraries`` from where this process
    would. Raises `InputError` that names the limit if the answer takes more than there is.
    """
    try:
        with TemporaryDirectory(prefix="pytest-icp-") as folder:
            for name, raw in files.items():
                copy = Path(folder, name)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(raw)
            given = {**task, "root": folder, "module": module, "limits": asdict(LIMITS)}
            code, answer, errors = _ended(folder, json.dumps(given).encode(), libraries)
    except OSError as error:
        message = _NO_COPY.format(why=reason(error))
        raise InputError(message, place=place, hint=_LIMITED) from None
    if len(answer) > LIMITS.output:
        code = TOO_LARGE
    if code == 0:
        with suppress(ValueError, RecursionError):
            return json.loads(answer)
    raise InputError(_reason(code, errors), place=place, hint=_LIMITED)


def _ended(folder: str, task: bytes, libraries: Iterable[str]) -> tuple[int | None, bytes, bytes]:
    """Return the exit code of a child, None if it was late, its answer, and what it printed."""
    paths = dict.fromkeys(map(_location, ("pytest_icp", *libraries)))
    # Isolated, and without site: nothing of the user or of the project is run at its start.
    command = [sys.executable, "-I", "-S", "-c", _START, *filter(None, paths)]
    with TemporaryFile() as asked, TemporaryFile() as answered, TemporaryFile() as errors:
        asked.write(task)
        asked.seek(0)
        child = subprocess.Popen(  # noqa: S603 - this interpreter, and paths
            command,
            cwd=folder,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            stdin=asked,
            stdout=answered,
            stderr=errors,
            start_new_session=True,
        )
        code = None
        try:
            with suppress(subprocess.TimeoutExpired):
                code = child.wait(LIMITS.seconds)
        finally:
            if child.returncode is None:
                _kill(child)
        answered.seek(0)
        errors.seek(0)
        return code, answered.read(LIMITS.output + 1), errors.read(_ERRORS_READ)


def _location(library: str) -> str:
    """Return the folder from which a package or a module is imported; no path if it is not."""
    spec = find_spec(library)
    if spec is None or spec.origin is None:
        return ""
    origin = Path(spec.origin)
    return str(origin.parent.parent if spec.submodule_search_locations else origin.parent)


def _kill(child: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()


def _reason(code: int | None, errors: bytes) -> Text:
    """Return why a child gave no answer; what it printed is never shown."""
    if code is None:
        return _LATE.format(n=LIMITS.seconds)
    if code == TOO_DEEP or b"stack overflow" in errors or b"stack exceeds" in errors:
        return _DEEP.format(n=LIMITS.depth)
    if code == TOO_LARGE:
        return _LARGE.format(n=LIMITS.output // _MEBIBYTE)
    if code == TOO_MUCH_MEMORY or b"out of memory" in errors or b"cannot allocate" in errors:
        return _MEMORY.format(n=LIMITS.memory // _MEBIBYTE)
    if code == -getattr(signal, "SIGXCPU", 24):
        return _PROCESSOR.format(n=LIMITS.processor)
    if code == -getattr(signal, "SIGKILL", 9):
        return _KILLED
    return _DIED.format(code=code)


_LATE = Text(zh="解析超过 {n} 秒仍未结束", en="parsing it took more than {n} s")
_PROCESSOR = Text(
    zh="解析占用处理器超过 {n} 秒", en="parsing it took more than {n} s of processor time"
)
_MEMORY = Text(zh="解析占用内存超过 {n} MiB", en="parsing it took more than {n} MiB of memory")
_LARGE = Text(zh="解析结果超过 {n} MiB", en="what it expands to is larger than {n} MiB")
_DEEP = Text(zh="嵌套超过 {n} 层", en="it is nested more than {n} levels deep")
_KILLED = Text(
    zh="系统终止了解析程序，多半因为内存不足",
    en="the system ended the parser, probably because memory ran out",
)
_DIED = Text(
    zh="解析程序意外结束（退出码 {code}）", en="the parser ended unexpectedly (exit code {code})"
)
_NO_COPY = Text(zh="无法建立临时副本：{why}", en="no temporary copy can be made: {why}")
_LIMITED = Text(
    zh="解析在受限的子进程中进行；请简化或拆分这一来源",
    en="it is parsed in a child process with limits; simplify this source, or split it",
)
