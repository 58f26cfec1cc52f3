"""Broken texts for every reader, the same ones each time, and all that ever failed.

``tox -e attack`` goes on for an hour, with other texts. What fails is made small and kept in
``tests/attack/found``, to be read again from then on.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from tests.attack.fuzzing import Reader, failure, readers
from tests.attack.mutating import Mutator, shrunk

FOUND = Path(__file__).with_name("found")
MINUTES = float(os.environ.get("ICP_ATTACK_MINUTES", "0"))
SEED = time.time_ns() % 10**6 if MINUTES else 17
EACH = 30
"""How many texts of each reader; of one that takes long, five."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def texts(reader: Reader) -> Iterator[str]:
    """Yield so many texts, or as many as its part of the time allows."""
    mutator, ends = Mutator(SEED), time.monotonic() + MINUTES * 60 / len(readers())
    if not MINUTES:
        yield from (reader.text(mutator) for _ in range(5 if reader.takes_long else EACH))
    while time.monotonic() < ends:
        yield reader.text(mutator)


def kept(name: str, failed: str, text: str, found: Path) -> Path:
    """Keep a text that fails."""
    digest = hashlib.sha256(f"{name} {failed}".encode()).hexdigest()[:8]
    file = found / f"{file_of(name)}.{digest}.txt"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    return file


def file_of(reader: str) -> str:
    return reader.replace(", ", "-").replace(" ", "-")


def small(reader: Reader, text: str, failed: str, folder: Path) -> str:
    """Return the shortest text that fails in the same way; a slow one as it is."""
    if failed == "slow" or failed.startswith("_Hangs"):
        return text
    return shrunk(text, lambda shorter: failure(reader, shorter, folder) == failed)


def attack(name: str, reader: Reader, folder: Path, found: Path) -> None:
    """Let a reader read texts until it fails."""
    for text in texts(reader):
        failed = failure(reader, text, folder)
        assert not failed, kept(name, failed, small(reader, text, failed, folder), found)


@pytest.mark.parametrize("name", sorted(readers()))
def test_nothing_crashes(folder: Path, name: str) -> None:
    attack(name, readers()[name], folder, FOUND if MINUTES else folder)


@pytest.mark.parametrize("file", sorted(FOUND.glob("*.txt")), ids=lambda file: file.name)
def test_what_was_found_does_not_come_back(folder: Path, file: Path) -> None:
    text = file.read_bytes().decode("utf-8", "surrogatepass")
    named = [one for name, one in readers().items() if file.name.startswith(f"{file_of(name)}.")]
    assert [failure(reader, text, folder) for reader in named] == [""]


def test_what_is_found_is_made_small_and_kept(tmp_path: Path) -> None:
    def read(text: str, _: Path) -> None:
        if "{" in text and "}" in text:
            raise KeyError(text)

    with pytest.raises(AssertionError, match=r"braces-twice\."):
        attack("braces, twice", Reader(read, ("services: {a: {image: x}}\n",)), tmp_path, tmp_path)
    (file,) = tmp_path.iterdir()
    assert sorted(file.read_text("utf-8")) == ["{", "}"]


def test_valid_descriptions_are_reached(folder: Path) -> None:
    """Most of them are decided, where most random ones are refused."""
    reader, decided = readers()["valid description"], 0
    for text in texts(reader):
        with suppress(InputError):
            reader.read(text, folder)
            decided += 1
    assert decided >= 3
