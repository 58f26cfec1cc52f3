"""Licences of an organisation (所持许可): what they permit, and the days on which they count.

Those of another organisation are in its ``licences``. The company's own are its licence, with all
its lines of business and its renewal, and ``other_licences``.

What every licence prints is asked for the one that is described. The rules of a line are asked for
each licence that permits it, of ``other_licences`` as well, unless its status says that it ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import ALWAYS, Days, Span, day_of, earlier
from pytest_icp.kinds.likeness import NATIONWIDE, in_areas
from pytest_icp.kinds.renewal import (
    ENDED,
    EXPIRED,
    IN_FORCE,
    OpenFact,
    Renewal,
    in_force_until,
    renewal_of,
)
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.catalogue import CATALOGUE, PREAPPROVALS, covers, permits, root_of
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of, texts_of
from pytest_icp.law.once import once
from pytest_icp.law.scope import Scope, parse_scope
from pytest_icp.law.text import Text, plain

# ---- What the licence permits (许可范围): the items of all its lines of business together


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
    read: list[Line] = []
    scopes: list[Scope] = []
    for i, line in enumerate(lines):
        fields = line if isinstance(line, Mapping) else {}
        name, text = fields.get("name"), fields.get("scope")
        if not isinstance(name, str) or not isinstance(text, str):
            return None
        scope = parse_scope(text, line=name)
        scopes.append(scope)
        printed = fields.get("areas")
        listed: list[Json] = printed if isinstance(printed, list) else [*scope.areas] or [None]
        areas = frozenset({*scope.areas, *(area for area in listed if isinstance(area, str))})
        areas_at = ("licence", "service_lines", i, "areas") if None in listed else None
        read.append(Line(scope.permitted, areas, areas_at))
    permitted = frozenset(code for one in scopes for code in one.permitted)
    excluded = frozenset(code for one in scopes for code in one.excluded)
    contents = _keys(name for one in scopes for name in one.preapprovals_included)
    barred = _keys(name for one in scopes for name in one.preapprovals_excluded)
    return LicensedScope(tuple(read), permitted, excluded - permitted, contents, barred - contents)


def undeclared(licence: Json | JsonObject) -> Tokens:
    """Return the place of what is not known, so that the scope of a licence is not."""
    at: Tokens = ("licence", "service_lines")
    lines = licence.get("service_lines") if isinstance(licence, Mapping) else None
    for i, line in enumerate(lines if isinstance(lines, list) else []):
        for name in ("name", "scope"):
            if isinstance(line, Mapping) and line.get(name) is None:
                return (*at, i, name)
    return at


def _keys(names: Iterable[str]) -> frozenset[str]:
    """Return the words that descriptions use for pre-approved content."""
    named = {*names}
    return frozenset(one.key for one in PREAPPROVALS if one.name in named)


_NO_LONGER = Text(
    zh="许可证状态为“{status}”；当日是否有效没有申报",
    en="the status of the licence is {status}; whether it was in force then is not declared",
)

_NOT_IN_TIME = Text(
    zh="（{applied} 申请延续，不足提前90日，有效期不因此延长）",
    en=" (renewal applied for on {applied}, less than 90 days ahead, which extends nothing)",
)

_OF_OTHERS = ("categories", "valid_from", "valid_until")
"""What a licence of another organisation calls its codes, its first and its last day."""

_AHEAD = Span(90, "days")
"""How long before the end of a telecom licence its renewal is applied for in time.

行政许可法 50(1) leaves it to 电信业务经营许可管理办法 27: who applies later is not renewed.
"""


class Licence(Struct, frozen=True, gc=False):
    """One licence: its codes, the days on which it counts for sure, and those on which it may.

    ``open_fact`` is the first fact for which the two differ, as it is not known. ``areas`` are
    those that it names; None where they are not compared.
    """

    codes: Fact
    surely: Days | None
    perhaps: Days
    open_fact: OpenFact | None = None
    areas: Fact | None = None

    def area_gap(self, areas: Fact | None) -> Tokens | None:
        """Return what is not known of whether it is for some areas; () if it is not for them.

        One that names no area is not limited to any; None is one that will do.
        """
        limits = self.areas
        if areas is None or limits is None or limits.value == [] or NATIONWIDE in limits.values:
            return None
        if limits.value is None:
            return None if areas.value == [] else limits.tokens
        if areas.is_open:
            return areas.tokens
        names = [str(one) for one in limits.values if one is not None]
        if all(in_areas(str(one), names) for one in areas.values):
            return None
        return limits.tokens if limits.is_open else ()


class Holdings(Struct, frozen=True, eq=False):
    """The licences that are described, and the places where there may be more."""

    licences: tuple[Licence, ...]
    missing: tuple[Tokens, ...]


def holdings_of(context: Context, subject: Subject, organisation: str) -> Holdings:
    """Return the licences of an organisation; those of the company itself without a path."""
    if not organisation:
        return _own(context)
    found = context.subjects(f"{organisation}.licences", subject)
    licences = tuple(_licence(context, one, _OF_OTHERS) for one in found.subjects)
    return Holdings(licences, found.missing)


def _licence(context: Context, licence: Subject, names: tuple[str, str, str]) -> Licence:
    codes, since, until = (context.fact(licence, name) for name in names)
    first, areas = day_of(since) or ALWAYS.first, context.fact(licence, "areas")
    end, latest, gap = _until(context, Renewal.at(context, licence, "renewal."), until)
    perhaps = Days(first, latest)
    status = context.fact(licence, "status")
    open_at = next((fact.tokens for fact in (since, status) if fact.value is None), None)
    if open_at:
        return Licence(codes, None, perhaps, OpenFact(open_at), areas)
    if status.text == IN_FORCE:
        return Licence(codes, Days(first, end) if end else None, perhaps, gap, areas)
    # It is no longer in force; whether it was on an earlier day is not known.
    last = min(latest, context.today - timedelta(days=1))
    said = OpenFact(status.tokens, _NO_LONGER.format(status=status.text))
    return Licence(codes, None, Days(first, last), said, areas)


def _until(
    context: Context, renewal: Renewal, printed: Fact
) -> tuple[date | None, date, OpenFact | None]:
    """Return the last day of a licence, for sure and at most, and what is not known of it."""
    if printed.value == NONE:
        return ALWAYS.last, ALWAYS.last, None
    end = day_of(printed)
    if end is None:
        return None, ALWAYS.last, OpenFact(printed.tokens)
    by = earlier(end, _AHEAD)
    known = in_force_until(renewal, printed, end, context.today, in_time_by=by)
    return known.last, ALWAYS.last if known.gap else known.last, known.gap


def listed(licences: Json) -> Text:
    """Return the licences of another organisation in words, with a renewal that extends nothing."""
    known = licences if isinstance(licences, list) else []
    told = [_listed(one) for one in known if isinstance(one, Mapping)]
    if not told:
        return plain(show(licences))
    return Text(zh="; ".join(one.zh for one in told), en="; ".join(one.en for one in told))


def _listed(licence: JsonObject) -> Text:
    codes, until = show(licence.get("categories")), licence.get("valid_until")
    renewal = licence.get("renewal")
    asked = renewal if isinstance(renewal, Mapping) else {}
    end, applied = (day_of(Fact((), day)) for day in (until, asked.get("applied_on")))
    told = plain(f"{codes} – {show(until)}")
    if asked.get("decision") == "pending" and end and applied and applied > earlier(end, _AHEAD):
        return told + _NOT_IN_TIME.format(applied=applied)
    return told


@once
def other_holdings(context: Context) -> Holdings:
    """Return the company's licences besides the one that is described."""
    others = context.subjects("other_licences")
    return Holdings(tuple(_other(context, one) for one in others.subjects), others.missing)


@once
def _own(context: Context) -> Holdings:
    # Where the company's own network stands is not compared with the areas of its licences.
    others = other_holdings(context)
    own = (_main(context), *(replace(one, areas=None) for one in others.licences))
    return Holdings(own, others.missing)


def _other(context: Context, licence: Subject) -> Licence:
    one = _licence(context, licence, ("codes", "obtained_on", "valid_until"))
    open_at = licence.open_at
    return replace(one, surely=None, open_fact=OpenFact(open_at)) if open_at else one


def _main(context: Context) -> Licence:
    """Return the licence that is described, through its earlier issues and its renewal."""
    licence = Subject(("licence",), context.view.facts)
    scope = licensed_scope(context.view.facts.get("licence"))
    codes = Fact(("licence", "service_lines"), None if scope is None else sorted(scope.permitted))
    first, earliest, printed = (
        context.fact(licence, f"/licence/{name}")
        for name in ("issued_on", "first_issued_on", "valid_until")
    )
    begun, (last, latest, moves) = day_of(first), _until(context, renewal_of(context), printed)
    # What an earlier issue was for is not described.
    gap = OpenFact(first.tokens, say.EARLIER_ISSUE if begun or first.value == NEVER else None)
    perhaps = Days(day_of(earliest) or ALWAYS.first, latest)
    surely = Days(begun, last) if begun and last else None
    return Licence(codes, surely, perhaps, moves if begun and moves else gap)


# ---- The lines of business (业务种类) of all licences, and for which of them a rule is asked


class Held(Struct, frozen=True):
    """A licence of the company by its number, else its id: the codes and areas that it permits.

    ``codes`` is None where they are not known: then it may be for any line.
    """

    name: str
    codes: frozenset[str] | None
    areas: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of business, in the order of the catalogue."""
        roots = {root_of(code) for code in self.codes or ()}
        return tuple(code for code in CATALOGUE if code in roots)

    def is_for(self, family: str) -> bool:
        """Whether it permits something of what a folder of policies is named after."""
        return self.codes is None or permits(self.codes, family) is not False


def licences_of(facts: JsonObject) -> tuple[Held, ...]:
    """Return the licences of a company: first the one that is described."""
    licence = facts.get("licence")
    scope, number = licensed_scope(licence), object_of(licence).get("number")
    held = Held(
        name=number if isinstance(number, str) else "licence",
        codes=scope.permitted if scope else None,
        areas=tuple(sorted(scope.areas)) if scope else (),
    )
    return (held, *_others(facts.get("other_licences")))


def _others(written: Json) -> Iterator[Held]:
    for one in map(object_of, list_of(written)):
        codes = one.get("codes")
        known = isinstance(codes, list) and None not in codes
        if one.get("status") not in {*ENDED, EXPIRED}:
            yield Held(
                name=str(one.get("number") or one.get("id")),
                codes=frozenset(texts_of(codes)) if known else None,
                areas=texts_of(one.get("areas")),
            )


def asked_for(family: str, held: tuple[Held, ...]) -> tuple[Held, ...]:
    """Return the licences for which a family of policies is asked; none where it does not bind."""
    return tuple(one for one in held if one.is_for(family)) if family else held[:1]
