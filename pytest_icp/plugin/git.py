"""Asks git for what a repository has (git): nothing of the repository has a say in how."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, cast

_SECONDS = 30
_STREAM_SECONDS = 300
_OPTIONS = (
    *("--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false"),
    # A folder of the repository that looks like one of git's own is none.
    *("-c", "safe.bareRepository=explicit", "-c", "core.quotePath=false"),
)
SETTINGS = {
    # Nothing is fetched or asked for, and no file of the repository is written.
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
"""The environment of git beside what the run has: none of its own variables are taken."""


class NoGit(Exception):  # noqa: N818 - what happened, not an error
    """git cannot be run; the argument is why."""


class Git:
    """Runs git in a folder; it reads its own objects, and asks no hook, filter or attribute."""

    def __init__(self, folder: Path, *, settings: Mapping[str, str] = SETTINGS) -> None:
        self._folder, self._settings = folder, settings
        self.why = ""

    def ask(self, *arguments: str) -> bytes | None:
        """Return what git prints, None if it fails; then ``why`` is what it said.

        Raises `NoGit` if it cannot be run.
        """
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and none of it is an option
                _command(arguments),
                cwd=self._folder,
                env=_environment(self._settings),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
        except ValueError as error:
            # git has no name with NUL.
            self.why = str(error)
            return None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoGit(type(error).__name__) from error
        self.why = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        return None if done.returncode else done.stdout

    @contextmanager
    def stream(self, *arguments: str, given: bytes = b"") -> Iterator[IO[bytes]]:
        """Give what git prints as it comes; it is ended when enough was read, or after a time.

        Raises `NoGit` if it cannot be run.
        """
        with TemporaryFile() as file:
            file.write(given)
            file.seek(0)
            try:
                process = subprocess.Popen(  # noqa: S603 - the same
                    _command(arguments),
                    cwd=self._folder,
                    env=_environment(self._settings),
                    stdin=file,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise NoGit(type(error).__name__) from error
            timer = Timer(_STREAM_SECONDS, process.kill)
            timer.start()
            try:
                yield cast("IO[bytes]", process.stdout)
            finally:
                timer.cancel()
                process.kill()
                process.communicate()


def _command(arguments: tuple[str, ...]) -> list[str]:
    return ["git", *_OPTIONS, *arguments]


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**others, **settings}
