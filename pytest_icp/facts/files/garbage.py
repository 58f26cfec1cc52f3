"""The garbage collector, paused where nothing can be garbage."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANY = 10_000


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the garbage collector; if it was disabled before, it stays disabled.

    Deciding one rule makes tens of thousands of values and no cycle among them.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def collector_spared() -> Iterator[None]:
    """Pause the garbage collector while a text is parsed into data that stays.

    A parser makes hundreds of thousands of containers and no cycle among them. The collector
    would visit them again and again for nothing: half the time of reading YAML, and a third of
    reading JSON.
    """
    enabled = gc.isenabled()
    with collector_paused():
        try:
            yield
        finally:
            # Those that a program has frozen are counted for it: worth it only if there are many.
            if enabled and gc.get_count()[0] > _MANY:
                make_old()


def make_old() -> None:
    """Move all objects to the oldest generation, which is seldom visited.

    Otherwise the next collection would visit all that is new. Nothing stays frozen, since others
    look for what refers to an object (Hypothesis does); what a program has frozen itself does.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
