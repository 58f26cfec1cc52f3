"""What a run rests on (核对依据): whose licence, and the digest of every file that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.law.catalogue import name_of
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import width, wrap
from pytest_icp.reports.words import COMMA, NO_LICENCE, Language, in_languages

if TYPE_CHECKING:
    from pytest_icp.facts.description import Description
    from pytest_icp.law.jsontypes import JsonObject
    from pytest_icp.reports.as_text import Screen
    from pytest_icp.rules.policy import Policy


STANDARD_INPUT = "-"

_NOT_DECLARED = Text(zh="未申报有效期限", en="until when it is valid is not declared")
_MOST = 3
"""So many licences are named."""

_BETWEEN: dict[Language, str] = {"zh": "；", "en": "; ", "both": "; "}
_OF = Text(zh="{licence}：{said}", en="{licence}: {said}")
_LINE = Text(zh="{code}（{name}）", en="{code} ({name})")
_AND_MORE = Text(zh="{licence} 等 {all} 个", en="{licence} and {more} more")
_ALSO = Text(
    zh="另有许可证{licence}：只核对{lines}的规则", en="also {licence}: only the rules of {lines}"
)
_COMMON_ONLY = Text(
    zh="{line}：没有本项业务的规则，只核对第一条至第十四条",
    en="{line}: no rules for this line; articles 1 to 14 are checked",
)
_NOTHING = Text(
    zh="{licence} {line}：没有本项业务的规则，没有核对",
    en="{licence} {line}: no rules for this line; nothing of it is checked",
)


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
        (Role.DESCRIPTION, file.path, file.sha256) for file in description.joined.files
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


def urgent(records: Sequence[Record]) -> tuple[Text, ...]:
    """Return what is urgent of the licences, each by its number where there are several."""
    said = ((one.licence or one.description, one.term.urgent) for one in records)
    return tuple(
        text if len(records) == 1 else _OF.format(licence=licence, said=text)
        for licence, text in said
        if text
    )


def remarks(records: Sequence[Record]) -> tuple[Text, ...]:
    """Return which other licences are held, and which lines of business have no rules."""
    said = (text for record in records for text in (*_also(record), *_without_rules(record)))
    return tuple(dict.fromkeys(said))


def _also(record: Record) -> Iterator[Text]:
    """Yield for which lines of business other licences are judged; those for the same together."""
    names: dict[tuple[str, ...], list[str]] = {}
    for one in record.licences[1:]:
        if lines := tuple(line for line in one.lines if line not in one.without_rules):
            names.setdefault(lines, []).append(one.name)
    for lines, found in names.items():
        licence = COMMA.join(map(plain, found[:_MOST]))
        if len(found) > _MOST:
            more = len(found) - _MOST
            licence = _AND_MORE.format(licence=licence, all=len(found), more=more)
        yield _ALSO.format(licence=licence, lines=COMMA.join(map(line_name, lines)))


def _without_rules(record: Record) -> Iterator[Text]:
    for i, one in enumerate(record.licences):
        said = _NOTHING if i else _COMMON_ONLY
        yield from (
            said.format(licence=one.name, line=line_name(line)) for line in one.without_rules
        )


def line_name(code: str) -> Text:
    """Return a line of business by its code and name."""
    return _LINE.format(code=code, name=name_of(code))


def remark_lines(records: Sequence[Record], screen: Screen) -> list[str]:
    """Return what `remarks` says as lines."""
    return _headed((in_languages(one, screen.language) for one in remarks(records)), screen)


def licence_lines(records: Sequence[Record], screen: Screen, *scope: str) -> list[str]:
    """Return whose licences they are, and until when they are valid if that is not urgent.

    The ``scope`` of the run follows, in the line of a single licence if that has room, then what
    `remarks` says.
    """
    said = [*dict.fromkeys(_said(one, screen.language) for one in records)][:_MOST]
    between = _BETWEEN[screen.language]
    one_line = between.join((*said, *scope))
    whole = len(said) == 1 and width(f"icp: {one_line}") <= screen.columns
    shown = [one_line] if whole else [*said, between.join(scope)]
    return [*_headed(filter(None, shown), screen), *remark_lines(records, screen)]


def _headed(said: Iterable[str], screen: Screen) -> list[str]:
    return [line for text in said for line in wrap(f"icp: {text}", screen.columns, indent="     ")]


def _said(one: Record, language: Language) -> str:
    number = one.licence or in_languages(NO_LICENCE, language)
    term = "" if one.term.urgent else in_languages(one.term.said, language)
    return _BETWEEN[language].join(filter(None, (f"{number} {one.holder}".rstrip(), term)))
