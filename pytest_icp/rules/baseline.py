"""Reads baselines: the findings of an earlier day, which are marked as known, never hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.jsontypes import list_of
from pytest_icp.law.location import Place
from pytest_icp.rules.rule_ids import no_such_rule


class KnownFinding(Struct, frozen=True, kw_only=True):
    """A finding of a baseline, identified by its description and fingerprint.

    ``rule`` is a rule, or a part of one. One that names a rule with parts by its bare id is known
    in each of them: ``of_parts`` are its fingerprints there. ``place`` is where the file names it.
    """

    description: str
    rule: str
    subject: str
    pointer: str
    fingerprint: str
    of_parts: tuple[str, ...] = ()
    place: Place | None = None

    @property
    def rule_id(self) -> str:
        """The id of the rule, without that of a part."""
        return self.rule.partition("#")[0]

    @property
    def key(self) -> tuple[str, str]:
        """What the findings of a run are compared with."""
        return self.description, self.fingerprint

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """The same, also for each part of its rule: any of these is this finding."""
        return self.key, *((self.description, one) for one in self.of_parts)


def read_baseline(path: Path, *, root: Path | None = None) -> tuple[tuple[KnownFinding, ...], str]:
    """Read a baseline and the day that it is of, inside ``root`` where one is given.

    Raises `InputError` when it cannot be read: without it, all findings would look new.
    """
    source = read_source(path, root=root)
    check(source, "baseline")
    known = tuple(
        KnownFinding(
            description=str(one["description"]),
            rule=str(one["rule"]),
            subject=str(one["subject"]),
            pointer=str(one["pointer"]),
            fingerprint=str(one["fingerprint"]),
            place=source.place(f"/findings/{i}/rule"),
        )
        for i, one in enumerate(list_of(source.members.get("findings")))
        if isinstance(one, Mapping)
    )
    return known, str(source.members.get("as_of", ""))[:10]


def check_rules(baseline: Iterable[KnownFinding], rules: Collection[str]) -> None:
    """Raise `InputError` for a finding of a rule, or of a part of one, that does not exist.

    What a Python test found is left: nobody knows its rules before all tests are collected.
    """
    for one in baseline:
        if one.rule not in rules and not one.description.endswith(".py"):
            raise no_such_rule(one.rule, rules, one.place)
