"""Reads and compares ``icp.lock`` (锁定文件): what is evaluated, and what weakens that.

A lock is made of sections: lists of words, or words and numbers by the name of what they are of.
The sections, and what they are called, are those of ``lock.schema.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.facts.files.flow import flow
from pytest_icp.facts.files.properties import members, property_at
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source, parse_source, read_bytes
from pytest_icp.law.jsontypes import Json, JsonObject, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

NAME = "icp.lock"
SCHEMA = "lock"
VERSION = "pytest-icp/v1"
LIMIT = 1024 * 1024
"""The largest lock that is read, in bytes."""

WEAKENING = ("options", "hooks", "kinds", "sources", "assumptions", "waivers")
"""The sections of what weakens a run; the others say what is evaluated."""

_HEAD = """\
# 由 pytest-icp lock 写出，改动须经他人批准。
# Written by pytest-icp lock; have every change of it approved by somebody else.
"""

Section: TypeAlias = "Mapping[str, Json] | Sequence[str]"

_NEW = Text(zh="{what}：{value}，不在 {lock} 中", en="{what}: {value} is not in {lock}")
_GONE = Text(
    zh="{what}：{value}，{lock} 中有，现在没有",
    en="{what}: {value} is in {lock}, but no longer there",
)
_OTHER = Text(
    zh="{what}：{value}，{lock} 中为 {locked}",
    en="{what}: {value}, which is {locked} in {lock}",
)


class Difference(Struct, frozen=True, kw_only=True):
    """An entry that two locks do not have in common (差异).

    ``section`` and ``name`` say of what it is, ``name`` empty in a list; ``now`` and ``before``
    are the values, None where there is none. A word of a list is its own value.
    """

    section: str
    name: str
    now: str | None
    before: str | None

    def message(self, lock: Text) -> Text:
        """Return the difference as a sentence; ``lock`` is what is compared with."""
        template = _NEW if self.before is None else _GONE if self.now is None else _OTHER
        value = self.before if self.now is None else self.now
        return template.format(
            what=section_title(self.section),
            value=f"{self.name}: {value}" if self.name else value,
            locked=self.before,
            lock=lock,
        )


def section_title(section: str) -> Text:
    """Return what the entries of a section are, as its schema says."""
    known = property_at(SCHEMA, section)
    return known.title if known else Text(zh=section, en=section)


def read_lock(path: Path) -> Source:
    """Read a lock, which no link leads away from; raises `InputError` where it cannot be used."""
    return parse_lock(path, read_bytes(path, root=path.parent, limit=LIMIT))


def parse_lock(path: Path, raw: bytes) -> Source:
    """Read the bytes of a lock; raises `InputError` at ``path`` if they cannot be used."""
    source = parse_source(path, raw)
    check(source, SCHEMA)
    return source


def sections_of(source: Source) -> Mapping[str, Section]:
    """Return the sections of a lock that was read."""
    data: JsonObject = source.data if isinstance(source.data, Mapping) else {}
    return {name: data[name] for name in sections() if name in data}  # type: ignore[misc]  # its schema says so


def sections() -> tuple[str, ...]:
    """Return the names of the sections, in their order."""
    return members(SCHEMA, "").names[1:]


def differences(
    now: Mapping[str, Section | None], before: Mapping[str, Section]
) -> Iterator[Difference]:
    """Yield what differs between what is there and a lock, by section and name.

    A section or an entry that is None now was not looked at, and differs from nothing.
    """
    for section in sections():
        present = now.get(section, ())
        if present is None:
            continue
        named = present.items() if isinstance(present, Mapping) else ()
        skipped = {name for name, value in named if value is None}
        there, locked = dict(_flat(present)), dict(_flat(before.get(section, ())))
        for key in sorted({*there, *locked}):
            name, _ = key
            if name not in skipped and there.get(key) != locked.get(key):
                yield Difference(
                    section=section, name=name, now=there.get(key), before=locked.get(key)
                )


def weakened_by(now: Mapping[str, Section | None]) -> Iterator[Difference]:
    """Yield the entries that weaken a run, as they differ from an empty lock."""
    yield from differences({name: now.get(name, ()) for name in WEAKENING}, {})


def _flat(section: Section) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the values of a section: a list has one for each of its words."""
    named = section.items() if isinstance(section, Mapping) else [("", section)]
    for name, value in named:
        if isinstance(value, Sequence) and not isinstance(value, str):
            yield from (((name, str(word)), str(word)) for word in value)
        elif value is not None:
            yield (name, ""), str(value)


def lock_text(now: Mapping[str, Section | None]) -> str:
    """Return a lock as its file is written: an entry a line, the same for the same repository."""
    lines = [_HEAD, f"apiVersion: {VERSION}\n"]
    for name in sections():
        section = now.get(name)
        if isinstance(section, Mapping):
            section = {key: value for key, value in section.items() if value is not None}
        if not section:
            continue
        lines.append(f"{name}:\n")
        if not isinstance(section, Mapping):
            lines += [f"- {flow(word)}\n" for word in sorted(section)]
            continue
        for key, value in sorted(section.items()):
            if isinstance(value, Sequence) and not isinstance(value, str):
                lines.append(f"  {flow(key)}:\n")
                lines += [f"  - {flow(word)}\n" for word in value]
            else:
                lines.append(f"  {flow(key)}: {flow(value)}\n")
    return "".join(lines)


def place_of(source: Source, difference: Difference) -> Place:
    """Return where a lock has an entry, else the section; without it, the file."""
    if difference.section not in sections_of(source):
        return Place(path=source.path)
    names = (difference.section, *([difference.name] if difference.name else ()))
    return source.place(pointer(names), of="key")
