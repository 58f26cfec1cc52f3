"""A description: the facts of one infrastructure, written by hand and derived from sources.

The main file may keep the licence in a file of its own (``licence_file``), be split into parts
(``include``), and name files that other tools read (``sources``). Every fact has its place.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeAlias, cast

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import Since, View, view
from pytest_icp.facts.assumptions import Assumption, assumed, counted
from pytest_icp.facts.derived import Derived, Disagreement, Gap, Provenance, Reading
from pytest_icp.facts.evidence import Evidence, named_files, read_evidence
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.source import Source
from pytest_icp.facts.joining import checked, join_derived, located, told_apart
from pytest_icp.facts.merging import Joined, Part
from pytest_icp.facts.plans import REFERENCE, marked, marked_values, time_plan
from pytest_icp.facts.written import SCHEMA, Written, read_alone, read_written
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of, pointer, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.numbers import normal_form, numbers_in
from pytest_icp.law.scope import ScopeError, parse_scope
from pytest_icp.law.text import Text, suggested
from pytest_icp.law.times import civil_date

Derive: TypeAlias = Callable[[Written], Iterable[Reading]]
"""Reads the sources of a description; a failure is part of its reading."""


class Description(Confidential, Struct, frozen=True, kw_only=True):
    """The facts of one infrastructure (基础设施描述), valid under the schema.

    ``facts`` is the joined document with the licence under ``licence``; ``root`` the folder
    that no path may leave; ``evidence`` the files that the facts name, by path as written.
    ``readings`` are the results of the sources; ``contested`` the facts with different values, by
    pointer; ``loose`` the derived ids that lead nowhere; ``gaps`` what the sources do not
    contain, by the top-level fact that may be incomplete (缺口); ``assumptions`` what they assume
    of their elements (假定). ``seen`` is the view that the
    facts come from, if they are as of an instant.
    """

    path: Path
    root: Path
    facts: JsonObject
    joined: Joined
    readings: tuple[Reading, ...] = ()
    loose: tuple[Refused, ...] = ()
    contested: Mapping[str, Disagreement] = field(default_factory=dict)
    gaps: Mapping[str, tuple[Gap, ...]] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    seen: View | None = field(default=None)

    @property
    def licence(self) -> JsonObject:
        """The licence (许可证) as transcribed; empty if it is not declared."""
        return object_of(self.facts.get("licence"))

    def as_of(self, instant: datetime) -> Description:
        """Return the description as of an instant (核对日), without what is later."""
        seen = self.view(instant, marked=False)
        return replace(self, facts=seen.facts, seen=seen)

    def view(
        self, instant: datetime, facts: JsonObject | None = None, *, marked: bool = True
    ) -> View:
        """Return the view of the facts as of an instant, or of others instead of them.

        What perhaps is not there is ``marked``.
        """
        known = self.facts if facts is None else facts
        since = self._undated(instant)
        return view(known, time_plan(SCHEMA), instant, since=since, marked=marked)

    def gaps_as_of(self, instant: datetime) -> Mapping[str, tuple[Gap, ...]]:
        """Return what the sources do not contain, also of a day before they were described.

        Of a list with elements that are left out then, it is not known what else there was.
        """
        hidden = self._undated(instant) if self._is_described_after(instant) else {}
        if not hidden:
            return self.gaps
        gap = Gap(
            message=_EARLIER.format(day=self.facts.get(DESCRIBED_ON)),
            place=self.joined.place((DESCRIBED_ON,)),
            kinds=frozenset(hidden),
        )
        return {**self.gaps, **{name: (*self.gaps.get(name, ()), gap) for name in hidden}}

    def _undated(self, as_of: datetime) -> Since:
        """Return the elements of deployed files of which nobody says since when they are there.

        A file that is deployed says what is there, not since when. Before the day of the
        description (描述日期) they are left out, and what there was instead is a gap; from it on
        they are there. Without that day it is the fact that would tell since when they are.
        """
        deployed = self.joined.deployed
        if not deployed:
            return {}
        tells = "" if isinstance(self.facts.get(DESCRIBED_ON), str) else f"/{DESCRIBED_ON}"
        told = None if self._is_described_after(as_of) else tells
        found = {name: self._without_beginning(name, deployed) for name in self.facts}
        return {name: dict.fromkeys(indices, told) for name, indices in found.items() if indices}

    def _is_described_after(self, instant: datetime) -> bool:
        """Whether the day of the description lies after an instant."""
        day = self.facts.get(DESCRIBED_ON)
        return isinstance(day, str) and day > civil_date(instant).isoformat()

    def _without_beginning(self, name: str, deployed: Container[int]) -> list[int]:
        """Return which elements of a list deployed files list, and nobody says since when."""
        below = time_plan(SCHEMA).children.get(name)
        begins, elements = below.begins if below else (), list_of(self.facts[name])
        return [
            i
            for i in self.joined.elements_of(name, deployed)
            if all(object_of(elements[i]).get(one) is None for one in begins)
        ]

    @property
    def only_id(self) -> str:
        """The id for the only element of a list: that of the first site on the licence."""
        rows = list_of(self.licence.get("attachments"))
        return str(object_of(next(iter(rows), None)).get("id") or "main")

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """The facts that are not known because they have different values."""
        return tuple(self.contested.values())

    def place(self, json_pointer: str) -> Place:
        """Return the place of a fact, or of the closest value above it if it is absent."""
        return self.joined.place(self._written(json_pointer))

    def provenance(self, json_pointer: str) -> Provenance | None:
        """Return where a derived fact comes from (来源); None for what is written by hand.

        A fact that is not known comes from the source that gives the reason, if one does.
        """
        return self.joined.provenance(self._written(json_pointer))

    def by_hand(self, json_pointer: str) -> Place:
        """Return the place where a fact is, or would be, written by hand."""
        return self.joined.by_hand(self._written(json_pointer))

    def home(self, json_pointer: str) -> tuple[str, str]:
        """Return the schema of the file in which a fact belongs, and its pointer there."""
        names = tokens(json_pointer)
        homes, depth = self.joined.homes(names) if names else ((), 0)
        if depth == 1 and homes[0].at == ():
            return names[0], pointer(names[1:])
        return SCHEMA, json_pointer

    def id_to_write(self, json_pointer: str) -> str:
        """Return the id under which a fact of a derived element is written by hand.

        So is the only element of a list that is not declared. Empty, where the element is written
        by hand already.
        """
        names = tokens(json_pointer)
        if len(names) > 1 and names[1].isdecimal() and self.facts.get(names[0]) is None:
            return self.only_id
        homes, depth = self.joined.homes(names) if names else ((), 0)
        if depth <= 1 or any(self.joined.parts[home.part].file for home in homes):
            return ""
        elements = self.facts[names[0]]
        element = elements[int(names[1])] if isinstance(elements, list) else None
        return str(object_of(element).get("id", ""))

    def _written(self, json_pointer: str) -> tuple[str, ...]:
        """Return the tokens of a pointer in the files, which also contain later elements."""
        names = tokens(json_pointer)
        return tuple(map(str, self.seen.written(names))) if self.seen else names


def load(
    path: str | Path, *, root: Path | None = None, derive: Derive | None = None
) -> Description:
    """Read a description (``*.icp.yaml``, ``.icp.json``) with all that it names.

    ``root`` is the folder that no included file or evidence may leave; without it, the
    repository around the file, or its own folder where there is none. ``derive`` reads its
    sources; without it, only what is written by hand is known.

    Raises `InputError` with the place when a file cannot be used. A source that cannot be used is
    an error in its reading instead.
    """
    return _described(read_written(path, root=root), derive, _evidence)


def load_alone(source: Source, *, derive: Derive | None = None) -> Description:
    """Read a description that has no files beside it, such as a row of a table.

    What its evidence contains is not known. ``derive`` answers for its sources.

    Raises `InputError` with the place when it cannot be used.
    """
    return _described(read_alone(source), derive, _unread)


def _described(
    written: Written,
    derive: Derive | None,
    evidence: Callable[[Description], Mapping[str, Evidence]],
) -> Description:
    joined, first = written.joined, len(written.joined.parts)
    given = derive(written) if derive else ()
    readings = told_apart([checked(reading) for reading in given])
    # What tools generate comes last.
    read = sorted((r for r in readings if r.derived), key=lambda reading: reading.generated)
    join_derived(joined, [*map(_part, read)])
    assumptions = assumed(joined, read, first)
    join_derived(joined, assumptions)
    join_derived(joined, [located(joined)])
    description = Description(
        path=written.path,
        root=written.root,
        facts=joined.facts,
        joined=joined,
        readings=tuple(readings),
        assumptions=counted(assumptions, read),
    )
    _check_licence(description)
    return replace(_with_gaps(description), evidence=evidence(description))


def _part(reading: Reading) -> Part:
    derived = cast(Derived, reading.derived)
    return Part(
        facts=derived.facts,
        trace=derived.trace,
        generated=reading.generated,
        deployed=reading.deployed,
    )


def _with_gaps(description: Description) -> Description:
    """Return a description with what its sources leave open."""
    loose = tuple(_derived_references(description))
    contested = {each.pointer: each for each in description.joined.disagreements()}
    opened = replace(description, loose=loose, contested=contested)
    gaps: dict[str, list[Gap]] = {}
    for gap in _gaps(opened):
        for kind in sorted(gap.kinds):
            gaps.setdefault(kind, []).append(gap)
    return replace(opened, gaps={kind: tuple(some) for kind, some in gaps.items()})


def _gaps(description: Description) -> Iterator[Gap]:
    for reading in description.readings:
        yield from reading.gaps
    # A single contested fact is not known already; only a contested list has a gap.
    yield from (each.gap for each in description.disagreements if each.pointer.count("/") == 1)
    for loose in description.loose:
        place = description.place(pointer(loose.tokens))
        yield Gap(message=loose.message, place=place, kinds=frozenset({loose.target}))


def _evidence(description: Description) -> dict[str, Evidence]:
    read: dict[str, Evidence] = {}
    for at, path, what in named_files(description.facts, SCHEMA):
        known = read.get(path)
        if known is not None and (what != "page" or known.text is not None):
            continue
        try:
            read[path] = read_evidence(
                path, what, folder=description.path.parent, root=description.root
            )
        except InputError as error:
            place = description.place(pointer(at))
            raise InputError(error.message, place=place, hint=error.hint) from error
    return read


def _unread(description: Description) -> dict[str, Evidence]:
    named = named_files(description.facts, SCHEMA)
    return {path: Evidence(path=path, sha256=None, unread=True) for _, path, _ in named}


def _derived_references(description: Description) -> Iterator[Refused]:
    """Yield derived ids that lead nowhere; refuse those that are written by hand."""
    for loose in dangling(description.facts, SCHEMA):
        at = pointer(loose.tokens)
        if description.provenance(at) is None:
            raise InputError(loose.message, place=description.place(at), hint=loose.hint)
        yield loose


def _check_licence(description: Description) -> None:
    """Refuse a licence that cannot be read: no verdict can rest on it."""
    for fault in unreadable(description.licence):
        place = description.place(pointer(("licence", *fault.tokens)))
        raise InputError(fault.message, place=place, hint=fault.hint) from fault.cause


DESCRIBED_ON = "described_on"

_EARLIER = Text(
    zh="来源所列的从 {day} 起才知道（described_on），此前有哪些不知道",
    en="what sources list is known from {day} on (described_on), and not what there was before",
)


# ---- What its schema allows and no description may have: what cannot be read, and leads nowhere


_NO_HINT = Text(zh="", en="")
_NO_ELEMENT = Text(
    zh="“{target}”中没有 id 为 {name!r} 的项", en="no element of `{target}` has the id {name!r}"
)


class Refused(Struct, frozen=True, kw_only=True):
    """One fact that cannot be used: where it is, why, and what is expected.

    ``target`` is the list in which no element has the id (标识) that the fact is.
    """

    tokens: tuple[str | int, ...]
    message: Text
    hint: Text = _NO_HINT
    target: str = ""
    cause: Exception | None = None


def unreadable(licence: JsonObject) -> Iterator[Refused]:
    """Yield the number, the scopes and the domains that cannot be read."""
    number = licence.get("number")
    if isinstance(number, str) and numbers_in(number).licences != (normal_form(number),):
        yield Refused(
            tokens=("number",),
            message=Text(
                zh=f"{number!r} 不是电信业务经营许可证编号",
                en=f"{number!r} is not the number of a telecom licence",
            ),
            hint=Text(
                zh="形如 京B2-20190486 或 合字B1.B2-20180025",
                en="such as 京B2-20190486 or 合字B1.B2-20180025",
            ),
        )
    for i, written in enumerate(list_of(licence.get("service_lines"))):
        line = object_of(written)
        name = line.get("name")
        if isinstance(name, str):
            try:
                parse_scope(str(line.get("scope") or ""), line=name)
            except ScopeError as error:
                yield Refused(
                    tokens=("service_lines", i, "scope"),
                    message=_unread_scope(error),
                    cause=error,
                )
    for i, attachment in enumerate(list_of(licence.get("attachments"))):
        for j, domain in enumerate(list_of(object_of(attachment).get("domains"))):
            try:
                normal_host("cn" if domain is None else str(domain))
            except HostError as error:
                yield Refused(
                    tokens=("attachments", i, "domains", j),
                    message=error.text,
                    cause=error,
                )


def _unread_scope(error: ScopeError) -> Text:
    hint = f"；是否指“{error.suggestion}”？" if error.suggestion else ""
    zh = f"业务范围第 {error.position + 1} 字起的“{error.residue}”无法识别{hint}"
    return Text(zh=zh, en=str(error))


def dangling(facts: JsonObject, schema: str) -> Iterator[Refused]:
    """Yield the ids that lead nowhere, except those into lists that are not declared."""
    ids: dict[str, frozenset[str] | None] = {}
    for at, value, target in marked_values(facts, marked(schema, REFERENCE)):
        if target not in ids:
            ids[target] = _known(facts.get(target))
        known = ids[target]
        # Nearly every id leads somewhere.
        if known is None or known.issuperset(value if isinstance(value, list) else [value]):
            continue
        for where, name in _ids(value, at):
            if name not in known:
                message = _NO_ELEMENT.format(target=target, name=name)
                hint = suggested(name, sorted(known))
                yield Refused(tokens=where, target=target, message=message, hint=hint)


def _known(elements: Json) -> frozenset[str] | None:
    """Return the ids in a list; None if it is not declared."""
    if not isinstance(elements, list):
        return None
    return frozenset([str(e.get("id")) for e in elements if isinstance(e, dict)])


def _ids(value: Json, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the ids in a property, one or a list of them, each with its place."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        for i, element in enumerate(value):
            yield from _ids(element, (*at, i))
