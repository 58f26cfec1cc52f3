"""Progress messages on a terminal (进度): the task, how much is done, how much is left."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, TextIO

import pytest

from pytest_icp.plugin.options import read_options

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pytest_icp.law.text import Text
    from pytest_icp.reports.words import Language

AFTER = 2.0
"""Seconds before a message is shown."""

EVERY = 0.5
_LEAST = 12
"""The fewest columns that a message needs."""

# Save the place of the cursor; go back there and clear the rest of the line.
_SAVE, _BACK = "\x1b7", "\x1b8\x1b[K"

_LONG = 99
"""Seconds from which minutes are told."""

progress_key = pytest.StashKey["Progress"]()


class Progress:
    """A progress message on the rest of the current line of a terminal.

    ``terminal`` is closed with it; ``room`` returns the columns that are left on the line.
    """

    def __init__(self, terminal: TextIO, room: Callable[[], int]) -> None:
        self._terminal, self._room = terminal, room
        self._lock, self._over = Lock(), Event()
        self._watcher: Thread | None = None
        self._text, self._begun, self._shown = "", 0.0, False

    @contextmanager
    def show(self, text: str) -> Iterator[None]:
        """Show a text while the step takes long."""
        with self._lock:
            self._text, self._begun = text, monotonic()
            if self._watcher is None:
                self._watcher = Thread(target=self._watch, name="icp-progress", daemon=True)
                self._watcher.start()
        try:
            yield
        finally:
            with self._lock:
                self._text = ""
                if self._shown:
                    self._write(_BACK)
                    self._shown = False

    def say(self, text: str) -> None:
        """Show another text, as the step has come further."""
        with self._lock:
            self._text = text

    def close(self) -> None:
        """Stop watching."""
        self._over.set()
        if self._watcher is not None:
            self._watcher.join()
        with suppress(OSError):
            self._terminal.close()

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            with self._lock:
                seconds = monotonic() - self._begun
                if self._text and seconds >= AFTER:
                    self._display(f" {self._text} … {seconds:.0f} s")

    def _write(self, text: str) -> None:
        # The terminal may be gone.
        with suppress(OSError):
            self._terminal.write(text)
            self._terminal.flush()

    def _display(self, line: str) -> None:
        from pytest_icp.reports.layout import cut, inert

        if self._shown:
            self._write(f"{_BACK}{cut(inert(line), self._room())}")
        elif self._room() >= _LEAST:
            self._write(f"{_SAVE}{cut(inert(line), self._room())}")
            self._shown = True


def terminal_progress(stream: TextIO, room: Callable[[], int]) -> Progress | None:
    """Return the progress of a stream; None unless it is a terminal that can show it."""
    if not stream.isatty() or os.name != "posix" or os.environ.get("TERM", "dumb") == "dumb":
        return None
    # pytest redirects the stream itself while it collects and runs tests.
    terminal = os.fdopen(os.dup(stream.fileno()), "w", encoding="utf-8", errors="replace")
    return Progress(terminal, room)


def configure(config: pytest.Config) -> None:
    """Show progress of a run at a terminal, unless it is quiet or in an xdist worker."""
    reports = config.pluginmanager.hasplugin("terminal") and not hasattr(config, "workerinput")
    if not reports or config.getoption("verbose") < 0:
        return

    def room() -> int:
        writer = config.get_terminal_writer()
        # The last column stays free: behind it a line goes on as the next one.
        return writer.fullwidth - writer.width_of_current_line - 1

    progress = terminal_progress(sys.stdout, room)
    if progress:
        config.stash[progress_key] = progress


def unconfigure(config: pytest.Config) -> None:
    """Stop watching."""
    progress = config.stash.get(progress_key, None)
    if progress:
        progress.close()


def show_progress(config: pytest.Config, text: Text) -> AbstractContextManager[None]:
    """Show a text at the terminal, in the language of the run, while a step takes long."""
    progress = config.stash.get(progress_key, None)
    if progress is None:
        return nullcontext()
    from pytest_icp.reports.words import in_languages

    return progress.show(in_languages(text, read_options(config).language))


def telling(say: Callable[[str], None], language: Language) -> Callable[[int, int], None]:
    """Return what a command calls with how much is done of how much; it begins now."""
    from pytest_icp.reports.words import in_languages

    begun = monotonic()
    return lambda done, every: say(in_languages(_done(begun, done, every), language))


def _done(begun: float, done: int, every: int) -> Text:
    """Return how much is done of how much since a moment, and how long the rest takes."""
    from pytest_icp.plugin.messages import DONE, MINUTES, SECONDS

    left = (monotonic() - begun) / max(done, 1) * (every - done)
    lasts = MINUTES.format(n=round(left / 60)) if left > _LONG else SECONDS.format(n=round(left))
    return DONE.format(n=done, all=every, left=lasts)
