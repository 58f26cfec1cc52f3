"""Description files on this machine, each in a folder of its own (描述文件)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.repository import repository_of
from pytest_icp.facts.files.source import FORMATS, read_bytes
from pytest_icp.fleet.inputs.shard import MOST_BYTES, MOST_ROWS, Item, digest_of
from pytest_icp.fleet.inputs.surroundings import Surroundings
from pytest_icp.law.errors import InputError
from pytest_icp.sources.loading import load

_LARGEST = max(form.limit for form in FORMATS.values())


class Files(Struct, frozen=True, kw_only=True):
    """Some files, by their names in the tables: relative to ``base`` if inside it."""

    base: str
    names: tuple[str, ...]
    digest: str

    @property
    def where(self) -> str:
        """The first of them."""
        return self.names[0]

    def items(self) -> Iterator[Item]:
        """Yield the descriptions."""
        base = Path(self.base)
        for name in self.names:
            path = base / name
            read = partial(load, path, root=repository_of(path))
            yield Item(name=name, base=base, load=read, folder=path.parent)


def cut_files(paths: Iterable[Path], base: Path) -> Iterator[Files]:
    """Yield the shards of some files, in their order; each is read once, for its digest.

    So is what is beside them, and may be read with them. One that cannot be read is in its shard
    all the same, and then in the errors of that.
    """
    surroundings = Surroundings()
    names: list[str] = []
    contents: list[str | bytes] = []
    size = 0
    for path in paths:
        absolute = path.absolute()
        inside = absolute.is_relative_to(base)
        names.append((absolute.relative_to(base) if inside else absolute).as_posix())
        try:
            raw = read_bytes(path, root=None, limit=_LARGEST)
        except InputError as error:
            contents.append(error.message.en)
        else:
            contents.append(digest_of([raw]))
            size += len(raw)
        contents.append(surroundings.digest(repository_of(path)))
        if len(names) == MOST_ROWS or size >= MOST_BYTES:
            yield _shard(base, names, contents)
            names, contents, size = [], [], 0
    if names:
        yield _shard(base, names, contents)


def _shard(base: Path, names: list[str], contents: list[str | bytes]) -> Files:
    return Files(base=str(base), names=tuple(names), digest=digest_of([*names, *contents]))
