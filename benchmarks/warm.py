"""Run a Python script several times with everything imported already, and print what each took.

    python warm.py ROUNDS SCRIPT [ARGUMENT ...]

It runs once in a child process, to learn which modules it loads. They are loaded here, and each
further run is in a child forked from here: none sees what another has left, and what is left of
its time is its work. It needs nothing but the standard library, for any Python that has ``fork``.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path


def main(rounds: int, arguments: list[str]) -> None:
    """Print the seconds and the processor seconds of each run, as JSON."""
    # As if Python had been told to run the script itself.
    sys.argv, sys.path[0] = arguments, str(Path(arguments[0]).resolve().parent)
    for name in _modules():
        with suppress(ImportError):
            import_module(name)
    print(json.dumps([_timed() for _ in range(rounds)]))


def _modules() -> list[str]:
    """Return the modules that are loaded when the script ends, in the order of loading."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _quietly()
        with os.fdopen(writing, "w") as out:
            # Those without a spec were made by hand.
            loaded = [name for name, one in sys.modules.items() if getattr(one, "__spec__", None)]
            out.write("\n".join(loaded))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        names = answer.read().split()
    os.waitpid(child, 0)
    if not names:
        sys.exit(f"{sys.argv[0]} ended without coming back")
    return names


def _timed() -> tuple[float, float]:
    """Run the script in a child; return the seconds and the processor seconds that it took."""
    begun = time.perf_counter()
    child = os.fork()
    if not child:
        _quietly()
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    if status:
        sys.exit(f"{sys.argv[0]} does not run in a process that has its modules already")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime


def _quietly() -> None:
    """Run the script, and print nothing of it; an error ends the process with another code."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    done = False
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
        done = True
    except SystemExit:
        done = True
    finally:
        if not done:
            os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
