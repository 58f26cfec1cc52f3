"""Locates findings: the line of the fact, its source, and why it is unknown."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePath

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.derived import KNOWING, Disagreement, Gap, Provenance, Status
from pytest_icp.facts.description import Description
from pytest_icp.facts.fields import title_of
from pytest_icp.kinds.finding import (
    MANY,
    Finding,
    Other,
    Outcome,
    Verdict,
    alike,
    as_one,
    of_other,
    subjects_of,
)
from pytest_icp.kinds.subjects import Tokens
from pytest_icp.law.jsontypes import Json, dotted, pointer, tokens
from pytest_icp.law.location import Location, Place
from pytest_icp.law.text import Text

_WHY = {
    Status.AFTER_APPLY: Text(zh="应用之后才知道", en="known only after apply"),
    Status.AS_SERVED: Text(
        zh="要看访问者得到的页面", en="known only of the page that visitors get"
    ),
    Status.DEFAULT: Text(zh="没有设置", en="not set"),
    Status.NOT_TOLD: Text(zh="从所设的值看不出来", en="not clear from what is set here"),
    Status.SENSITIVE: Text(zh="标为敏感，不予读取", en="marked as sensitive and not read"),
}
_UNKNOWN = Text(zh="“{fact}”{why}，无法判断", en="“{fact}” is {why}, so this cannot be decided")
_CONTESTED = Text(
    zh="“{fact}”在各处的值不一致，无法判断",
    en="“{fact}” has different values in different places, so this cannot be decided",
)
_INCOMPLETE = Text(
    zh="“{kinds}”可能不全，无法判断：{why}",
    en="“{kinds}” may be incomplete, so this cannot be decided: {why}",
)
_DOUBTED = Text(
    zh="“{fact}”与另一项申报相互矛盾，无法判断",
    en="“{fact}” and another declaration exclude each other, so this cannot be decided",
)
_EXCLUDED = Text(
    zh="“{one}”（{here}）与“{other}”（{there}）不能同时成立：{because}",
    en="“{one}” ({here}) and “{other}” ({there}) exclude each other: {because}",
)
_CORRECTED = Text(zh="更正其中一项", en="one of them corrected")
_COMPLETE = Text(zh="能够读取的来源", en="sources that can be read")


class Doubt(Struct, frozen=True):
    """A contradiction that holds (存疑): where its two declarations are, and why both cannot be.

    ``places`` are the facts that are not known for it; without any, the list at ``second`` may
    be incomplete.
    """

    first: Tokens
    second: Tokens
    because: Text
    places: tuple[Tokens, ...] = ()

    @property
    def facts(self) -> Iterator[Tokens]:
        """The names on the ways to the facts that are not known."""
        return (tuple(map(str, place)) for place in self.places)


class Locator(Struct, frozen=True, dict=True):
    """Finds the places of one description; paths are relative to ``base``, where inside it.

    ``doubts`` are the contradictions for which facts are not known, ``lacking`` by list why some
    may be missing.
    """

    description: Description
    base: Path
    doubts: tuple[Doubt, ...] = ()
    lacking: Mapping[str, tuple[Gap, ...]] = field(default_factory=dict)
    named: dict[PurePath | str, str] = field(default_factory=dict)

    def location(self, json_pointer: str) -> Location:
        """Return the location of a fact of the description, with its source."""
        provenance = self.description.provenance(json_pointer)
        if provenance is None:
            return self.at(self.description.by_hand(json_pointer), json_pointer)
        return replace(self.stated(provenance, json_pointer), status=provenance.status.value)

    def stated(self, provenance: Provenance, json_pointer: str) -> Location:
        """Return the location of a fact in one of the places that state it."""
        at = self.at(provenance.place, json_pointer)
        return replace(at, address=provenance.address, attribute=provenance.attribute)

    def at(self, place: Place, json_pointer: str = "") -> Location:
        """Return the location of a fact at a place, or of the place alone."""
        return Location(
            pointer=json_pointer,
            path=self._relative(place.path),
            line=place.line,
            column=place.column,
            excerpt=place.excerpt,
            width=place.width,
        )

    def by_cause(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Yield findings; of many that are not known for one cause, the first with the others."""
        if len(findings) <= MANY and not any(one.others for one in findings):
            yield from findings
            return
        groups: dict[Hashable, list[Finding]] = {}
        for i, one in enumerate(findings):
            if one.verdict is not Verdict.UNKNOWN or one.review:
                groups[i] = [one]
                continue
            shared, causes = (alike(one), one.part), dict[Hashable, list[Other]]()
            for each in subjects_of(one):
                causes.setdefault(self._cause(each.pointer), []).append(each)
            for cause, (first, *others) in causes.items():
                part = replace(of_other(one, first), others=tuple(others))
                groups.setdefault((shared, cause), []).append(part)
        yield from map(as_one, groups.values())

    def _cause(self, json_pointer: str) -> Hashable:
        """Return what those facts have in common that are not known for one cause."""
        if self._doubt(json_pointer):
            return json_pointer
        if _is_left_out(self.description.facts, tokens(json_pointer)):
            return None
        # Something says why it is not known.
        provenance = self.description.provenance(json_pointer)
        if provenance is None or self._contested_at(json_pointer):
            return json_pointer
        return provenance.status, provenance.attribute

    def of_absent(self, finding: Finding) -> Finding:
        """Return the finding of an absent fact with why it is not known, where that is known."""
        doubt = self._doubt(finding.pointer)
        if doubt is not None:
            return replace(
                finding,
                message=_DOUBTED.format(fact=_title(finding.pointer)),
                found=self.contradiction(doubt),
                required=_CORRECTED,
                line_to_add="",
            )
        contested = self._contested_at(finding.pointer)
        if contested is not None:
            found = contested.message(lambda place: str(self.at(place)))
            message = _CONTESTED.format(fact=_title(contested.pointer))
            return replace(finding, message=message, found=found, line_to_add="")
        return self._unprovided(finding) if self.description.readings else finding

    def _unprovided(self, finding: Finding) -> Finding:
        """Add to a fact that no source provides why that is, or how to declare it by hand."""
        provenance = self.description.provenance(finding.pointer)
        if provenance is None:
            return finding
        if provenance.status not in KNOWING:
            why = _WHY[provenance.status]
            message = _UNKNOWN.format(fact=_title(finding.pointer), why=why)
            message = provenance.advice or message
            return replace(finding, message=message, found=why, line_to_add="")
        # A plan is not edited: the fact is declared by hand, under the same id.
        by_hand = self.at(self.description.by_hand(finding.pointer), finding.pointer)
        return replace(finding, location=replace(by_hand, address=provenance.address))

    def contradiction(self, doubt: Doubt) -> Text:
        """Return why two declarations exclude each other, with their places."""
        one, other = pointer(doubt.first), pointer(doubt.second)
        return _EXCLUDED.format(
            one=_title(one),
            here=self.location(one),
            other=_title(other),
            there=self.location(other),
            because=doubt.because,
        )

    @cached_property
    def gaps(self) -> Mapping[str, tuple[Gap, ...]]:
        """Why the elements of a top-level fact may be incomplete."""
        found = dict(self.lacking)
        for one in self.doubts:
            if not one.places:
                kind, place = str(one.second[0]), self.description.place(pointer(one.second))
                gap = Gap(message=self.contradiction(one), place=place, kinds=frozenset({kind}))
                found[kind] = (*found.get(kind, ()), gap)
        return found

    def _doubt(self, json_pointer: str) -> Doubt | None:
        """Return the contradiction for which a fact is not known."""
        if not self.doubts:
            return None
        names, (above, known) = tokens(json_pointer), self._doubts_at
        # What it is in may be doubted, or something in it.
        inside = (known.get(names[:n]) for n in range(len(names)))
        found = [i for i in (above.get(names), *inside) if i is not None]
        return self.doubts[min(found)] if found else None

    @cached_property
    def _doubts_at(self) -> tuple[dict[Tokens, int], dict[Tokens, int]]:
        """The first contradiction of all that is on the way to a doubted fact, and of each fact."""
        above, known = dict[Tokens, int](), dict[Tokens, int]()
        for i, doubt in enumerate(self.doubts):
            for place in doubt.facts:
                known.setdefault(place, i)
                for n in range(len(place) + 1):
                    above.setdefault(place[:n], i)
        return above, known

    def _contested_at(self, json_pointer: str) -> Disagreement | None:
        """Return the disagreement about a fact, or about what it is a part of."""
        contested = self.description.contested
        names = tokens(json_pointer) if contested else ()
        paths = (pointer(names[:end]) for end in range(len(names), 1, -1))
        return next((contested[path] for path in paths if path in contested), None)

    def _relative(self, path: PurePath | str) -> str:
        if path not in self.named:
            absolute = Path(path).absolute()
            inside = absolute.is_relative_to(self.base)
            shown = absolute.relative_to(self.base) if inside else absolute
            self.named[path] = shown.as_posix()
        return self.named[path]


def with_gaps(locator: Locator, outcome: Outcome, facts: Iterable[str]) -> Outcome:
    """Return an outcome that rests on facts of which some may be missing (事实可能不全).

    A violation of a subject remains one; any other verdict becomes unknown, also that there is
    no subject, or nothing in a list, though there must be. ``facts`` are dotted paths.
    """
    if not locator.lacking and not locator.doubts:
        return outcome
    kinds = dict.fromkeys(fact.partition(".")[0] for fact in facts)
    lacking = {kind: why for kind in kinds if (why := locator.gaps.get(kind))}
    if not lacking or (outcome.subjects and _is_violated(outcome, lacking)):
        return outcome
    incomplete = [*lacking]
    gap = next(iter(lacking.values()))[0]
    finding = Finding(
        verdict=Verdict.UNKNOWN,
        subject=incomplete[0],
        location=locator.at(gap.place, pointer(incomplete[:1])),
        message=_incomplete(incomplete, gap.message),
        found=gap.message,
        required=_COMPLETE,
    )
    findings = (finding, *outcome.findings)
    return replace(outcome, verdict=Verdict.UNKNOWN, findings=findings)


def gap_of(finding: Finding) -> Text | None:
    """Return what a source does not contain (缺口), if that is why a finding is not known."""
    return finding.found if finding.required == _COMPLETE else None


def of_one_gap(findings: Sequence[Finding]) -> Finding:
    """Return as one the findings of several rules that one gap keeps from being decided."""
    first, kinds = findings[0], dict.fromkeys(finding.subject for finding in findings)
    return replace(first, message=_incomplete(kinds, first.found))


def _incomplete(kinds: Iterable[str], why: Text) -> Text:
    return _INCOMPLETE.format(kinds=Text("、", ", ").join(map(title_of, kinds)), why=why)


def _is_violated(outcome: Outcome, lacking: Iterable[str]) -> bool:
    """Whether something is violated, whatever the lists lack that may be incomplete."""
    lists = {pointer((kind,)) for kind in lacking}
    return any(
        finding.verdict is Verdict.VIOLATED and finding.pointer not in lists
        for finding in outcome.findings
    )


def _is_left_out(facts: Json, names: Iterable[str]) -> bool:
    """Whether nothing is written at a place, not even null."""
    for name in names:
        if isinstance(facts, dict):
            if name not in facts:
                return True
            facts = facts[name]
        elif isinstance(facts, list):
            facts = facts[int(name)]
    return False


def _title(json_pointer: str) -> Text:
    return title_of(dotted(tokens(json_pointer)))
