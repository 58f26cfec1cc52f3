"""What the licence permits (许可范围): the items of all its lines of business together."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pytest_icp.kinds.areas import NATIONWIDE
from pytest_icp.kinds.subjects import Tokens
from pytest_icp.law.catalogue import covers, permits
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.preapprovals import PREAPPROVALS
from pytest_icp.law.scope import parse_scope


class Line(Struct, frozen=True):
    """A line of business: the permitted items, and the areas where any are printed.

    ``areas_at`` is the place of the areas where it is not known which are printed.
    """

    permitted: frozenset[str]
    areas: frozenset[str]
    areas_at: Tokens | None

    def permits(self, code: str) -> bool:
        """Whether a catalogue code is licensed; of one that is divided, at least a part."""
        return permits(self.permitted, code) is not False

    @property
    def is_unlimited(self) -> bool:
        """Whether no area is printed, or the whole country; not where that is not known."""
        return NATIONWIDE in self.areas or (not self.areas and self.areas_at is None)


class LicensedScope(Struct, frozen=True):
    """The lines of business, and what they permit and exclude by name together.

    ``contents`` are the keys of pre-approved content that is printed as included, ``barred``
    those of what is excluded by name.
    """

    lines: tuple[Line, ...]
    permitted: frozenset[str]
    excluded: frozenset[str]
    contents: frozenset[str]
    barred: frozenset[str]

    @property
    def areas(self) -> frozenset[str]:
        """The areas of all lines."""
        return frozenset(area for line in self.lines for area in line.areas)

    @property
    def areas_at(self) -> Tokens | None:
        """The place of the first line of which it is not known what areas it prints."""
        return next((line.areas_at for line in self.lines if line.areas_at), None)

    def permits(self, code: str) -> bool:
        """Whether a catalogue code is licensed; of one that is divided, at least a part."""
        return permits(self.permitted, code) is not False

    def has_any(self, codes: tuple[str, ...]) -> bool:
        """Whether an item under one of the codes is licensed."""
        return any(covers(code, held) for code in codes for held in self.permitted)


def licensed_scope(licence: Json | JsonObject) -> LicensedScope | None:
    """Read the scope of a licence as described; None when its lines are not declared."""
    lines = licence.get("service_lines") if isinstance(licence, Mapping) else None
    if not isinstance(lines, list) or not lines:
        return None
    permitted: set[str] = set()
    excluded: set[str] = set()
    read: list[Line] = []
    contents: set[str] = set()
    barred: set[str] = set()
    for i, line in enumerate(lines):
        fields = line if isinstance(line, Mapping) else {}
        name, text = fields.get("name"), fields.get("scope")
        if not isinstance(name, str) or not isinstance(text, str):
            return None
        scope = parse_scope(text, line=name)
        permitted |= scope.permitted
        excluded |= scope.excluded
        contents |= _keys(scope.preapprovals_included)
        barred |= _keys(scope.preapprovals_excluded)
        printed = fields.get("areas")
        listed: list[Json] = printed if isinstance(printed, list) else [*scope.areas] or [None]
        areas = frozenset({*scope.areas, *(area for area in listed if isinstance(area, str))})
        areas_at = ("licence", "service_lines", i, "areas") if None in listed else None
        read.append(Line(scope.permitted, areas, areas_at))
    return LicensedScope(
        lines=tuple(read),
        permitted=frozenset(permitted),
        excluded=frozenset(excluded - permitted),
        contents=frozenset(contents),
        barred=frozenset(barred - contents),
    )


def undeclared(licence: Json | JsonObject) -> Tokens:
    """Return the place of what is not known, so that the scope of a licence is not."""
    at: Tokens = ("licence", "service_lines")
    lines = licence.get("service_lines") if isinstance(licence, Mapping) else None
    for i, line in enumerate(lines if isinstance(lines, list) else []):
        for name in ("name", "scope"):
            if isinstance(line, Mapping) and line.get(name) is None:
                return (*at, i, name)
    return at


def _keys(names: frozenset[str]) -> set[str]:
    """Return the words that descriptions use for pre-approved content."""
    return {one.key for one in PREAPPROVALS if one.name in names}
