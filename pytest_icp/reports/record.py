"""What a run rests on (核对依据): whose licence, and the digest of every file that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, convert, field, to_builtins
from msgspec.structs import replace

from pytest_icp.kinds.result import Primitives
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.facts.description import Description
    from pytest_icp.law.jsontypes import JsonObject
    from pytest_icp.rules.policy import Policy


STANDARD_INPUT = "-"


class Role(StrEnum):
    """What a file is to a run."""

    DESCRIPTION = "description"
    SOURCE = "source"
    EVIDENCE = "evidence"
    POLICY = "policy"
    SHIPPED = "shipped policy"
    """A policy of the package, by its path in there; all others are by theirs in the repository."""


class Digest(Struct, frozen=True, kw_only=True):
    """A file, and the SHA-256 of its bytes as they were read (摘要)."""

    role: Role
    path: str
    sha256: str


_NOT_DECLARED = Text(zh="未申报有效期限", en="until when it is valid is not declared")


class Term(Struct, frozen=True, kw_only=True):
    """Until when a licence is in force (有效期), in a sentence, and what is ``urgent`` of it.

    ``until`` is its last day as an ISO 8601 date; empty where that is not known, or where it is
    deemed renewed.
    """

    until: str = ""
    said: Text = _NOT_DECLARED
    urgent: Text | None = None


NO_TERM = Term()


class Licence(Struct, frozen=True, kw_only=True):
    """A licence of the company: its lines of business, and those that no policy has rules for."""

    name: str
    lines: tuple[str, ...]
    areas: tuple[str, ...]
    without_rules: tuple[str, ...]


class Record(Struct, frozen=True, kw_only=True):
    """A description that was read, its licence as far as that is declared, and its files.

    ``elements`` are the ids in each of its lists, ``left`` the rules that are not selected of it,
    by the role that is asked first for each, the role with most of them first. ``licences`` are all
    of the company: first the one that is described.
    """

    description: str
    holder: str
    licence: str
    language: str = ""
    term: Term = NO_TERM
    digests: tuple[Digest, ...]
    elements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    licences: tuple[Licence, ...] = ()

    def to_json(self) -> Primitives:
        """Return the record as JSON primitives."""
        written: Primitives = to_builtins(self)
        return written

    @classmethod
    def from_json(cls, written: Primitives) -> Record:
        """Read back what `to_json` wrote."""
        return convert(written, cls)


def record_of(
    description: Description,
    called: str,
    term: Term = NO_TERM,
    left: Mapping[str, tuple[str, ...]] | None = None,
    licences: tuple[Licence, ...] = (),
) -> Record:
    """Return the record of a description, as reports call it."""
    licence = {key: value for key, value in description.licence.items() if isinstance(value, str)}
    folder = description.path.parent
    read: list[tuple[Role, Path, str]] = [
        (Role.DESCRIPTION, file.path, file.sha256) for file in description.origins.files
    ]
    for reading in description.readings:
        read += ((Role.SOURCE, path, digest) for path, digest in reading.digests.items())
    for evidence in description.evidence.values():
        if evidence.sha256:
            read.append((Role.EVIDENCE, folder / evidence.path, evidence.sha256))
    # A file may be several things: the licence is also one that the description names.
    first: dict[str, Digest] = {}
    for role, path, sha256 in read:
        name = path.as_posix()
        first.setdefault(name, Digest(role=role, path=name, sha256=sha256))
    return Record(
        description=called,
        holder=licence.get("holder", ""),
        licence=licence.get("number", ""),
        language=str(description.facts.get("language") or ""),
        term=term,
        digests=tuple(first.values()),
        elements=dict(_elements(description.facts)),
        left=left or {},
        licences=licences,
    )


def _elements(facts: JsonObject) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in facts.items():
        named = (
            [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
        )
        if ids := tuple(str(one["id"]) for one in named if "id" in one):
            yield name, ids


def policy_files(policies: Iterable[Policy], shipped: Path) -> tuple[Digest, ...]:
    """Return the files of policies, each once; ``shipped`` is the folder of the package's own."""
    read = {path: digest for policy in policies for path, digest in policy.digests.items()}
    found = []
    for path, digest in read.items():
        ours = path.is_relative_to(shipped)
        place = path.relative_to(shipped.parent) if ours else path
        role = Role.SHIPPED if ours else Role.POLICY
        found.append(Digest(role=role, path=place.as_posix(), sha256=digest))
    return tuple(found)


def moved(digests: Iterable[Digest], move: Callable[[str], str]) -> tuple[Digest, ...]:
    """Return digests of files of a repository with their paths as reports write them."""
    return tuple(
        one
        if one.role is Role.SHIPPED or one.path == STANDARD_INPUT
        else replace(one, path=move(one.path))
        for one in digests
    )


def by_role(digests: Iterable[Digest]) -> Mapping[Role, list[Digest]]:
    """Return digests by what their files are, each file once."""
    once = sorted(dict.fromkeys(digests), key=lambda one: one.path)
    groups = {role: [one for one in once if one.role is role] for role in Role}
    return {role: group for role, group in groups.items() if group}
