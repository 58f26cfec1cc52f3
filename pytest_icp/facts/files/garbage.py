"""The garbage collector, kept from walking what cannot be garbage."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANY = 10_000


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector from running; what was switched off before stays off.

    Deciding one obligation makes values by the ten thousand and no cycle among them.
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
    """Keep the garbage collector from running while a text becomes data, which stays.

    A parser makes containers by the hundred thousand and no cycle among them. The collector
    would walk them again and again and find nothing: that is half the time of reading YAML
    and a third of reading JSON.
    """
    enabled = gc.isenabled()
    with collector_paused():
        try:
            yield
        finally:
            # What is frozen is counted one by one: only where there is much to hand over.
            if enabled and gc.get_count()[0] > _MANY and not gc.get_freeze_count():
                # Hands everything to the oldest generation, or the first collection would
                # walk all that is new. What a program has frozen itself stays frozen.
                gc.freeze()
                gc.unfreeze()
