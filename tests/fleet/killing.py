"""Shards that end the process which judges them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from pytest_icp.facts.description import Description
from pytest_icp.fleet.inputs.lines import load_row
from pytest_icp.fleet.inputs.shard import Item
from pytest_icp.law.errors import InputError
from tests.fleet.made import text


class Killing(Struct, frozen=True, kw_only=True):
    """Three descriptions, of which one kills: while it is read, or while the next is looked for.

    Where there is a ``mark``, it kills only as long as that file is not there.
    """

    kills: int
    reading: bool = True
    mark: str = ""
    digest: str = "ab" * 32
    where: str = "killing"

    def items(self) -> Iterator[Item]:
        """Yield the descriptions."""
        for i in range(3):
            if i == self.kills and not self.reading:
                self.kill()

            def load(number: int = i) -> Description:
                if number == self.kills and self.reading:
                    self.kill()
                return load_row(Path(f"killing#{number}"), text(number).encode())

            yield Item(name=f"killing#{i}", base=Path.cwd(), load=load)

    def kill(self) -> None:
        """End this process as the system ends one that takes too much memory."""
        if self.mark and Path(self.mark).exists():
            return
        if self.mark:
            Path(self.mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)


class Ending(Struct, frozen=True, kw_only=True):
    """An input that cannot be used behind its first description."""

    error: Any
    digest: str = "cd" * 32
    where: str = "ending"

    def items(self) -> Iterator[Item]:
        """Yield a description, and raise the error."""
        yield Item(
            name="ending#0", base=Path.cwd(), load=lambda: load_row(Path("e#0"), text().encode())
        )
        raise self.error


BROKEN = InputError("the end is missing")
