"""Shards that end the process which judges them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from pytest_icp.facts.description import Description
from pytest_icp.fleet.inputs import Item, digest_of, load_row
from pytest_icp.law.errors import InputError
from tests.fleet.made import text


class Killing(Struct, frozen=True, kw_only=True):
    """Three descriptions, of which one kills: while it is read, or while it is looked for."""

    kills: int = 1
    reading: bool = True
    where: str = "killing"
    count: int = 3

    @property
    def digest(self) -> str:
        return digest_of([self.where])

    def items(self) -> Iterator[Item]:
        """Yield the descriptions."""
        for i in range(3):
            if i == self.kills and not self.reading:
                self.kill()

            def load(number: int = i) -> Description:
                if number == self.kills and self.reading:
                    self.kill()
                return load_row(Path(f"{self.where}#{number}"), text(number).encode())

            yield Item(name=f"{self.where}#{i}", base=Path.cwd(), load=load)

    def kill(self) -> None:
        """End this process as the system ends one that takes too much memory."""
        os.kill(os.getpid(), signal.SIGKILL)


class Ending(Struct, frozen=True, kw_only=True):
    """An input that cannot be used behind its first description."""

    error: Any
    digest: str = "cd" * 32
    where: str = "ending"
    count: int = 1

    def items(self) -> Iterator[Item]:
        """Yield a description, and raise the error."""
        yield Item(
            name="ending#0", base=Path.cwd(), load=lambda: load_row(Path("e#0"), text().encode())
        )
        raise self.error


def waiting(mark: str) -> None:
    """Wait for a minute, and say by a file that it has begun."""
    Path(mark).touch()
    time.sleep(60)


BROKEN = InputError("the end is missing")
