"""Reads waivers (豁免): violations accepted until a day, and decisions by people.

``icp-waivers.yaml`` beside a description lists them: rule id, or that of a part of a rule, subject
(a glob is allowed), reason, owner, and the last day, inclusive. With ``decided: complied`` an entry
settles what a person must decide (认定), on a day.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from datetime import date
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import list_of, object_of
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import part_id
from pytest_icp.rules.selection import Levels, no_such_rule

FILE_NAMES = ("icp-waivers.yaml", "icp-waivers.yml")

_TOO_LONG = Text(
    zh="豁免最长 {days} 日，本项至 {expires}",
    en="a waiver lasts at most {days:day}, this one until {expires}",
)

MOST = 1000
"""The most waivers in a file: each is held against each finding."""

_TOO_MANY = Text(zh="豁免有 {n} 项，最多 {most} 项", en="{n} waivers, where {most} are the most")
_BASELINE = Text(
    zh="核对以前已有的问题用基准：pytest-icp baseline",
    en="for what was there before, use a baseline: pytest-icp baseline",
)

_NOT_TO_REVIEW = Text(
    zh="{rule} 不是须由人认定的（level: review），不能写 decided；违反的，可以豁免至某日",
    en="{rule} is not of level review, so nobody need decide it; what violates it may be waived "
    "until a day",
)


class Waiver(Struct, frozen=True, kw_only=True):
    """One waiver (豁免) with its place; ``expires`` is its last day, inclusive.

    ``rule`` is a rule, or a part of one. With ``decided_on`` it is not a waiver but the decision of
    a person, on that day, that a duty was met (认定为已履行); it need not expire.
    """

    rule: str
    subject: str
    reason: str
    owner: str
    expires: date = date.max
    decided_on: date | None = None
    place: Place

    def covers(self, rule_id: str, subject: str, part: str = "") -> bool:
        """Whether it covers a finding of the rule on the subject; expiry is not considered.

        The id of a rule stands for all its parts.
        """
        return self.rule in {rule_id, part_id(rule_id, part)} and fnmatchcase(subject, self.subject)

    def settles(self, due: str | None) -> bool:
        """Whether it is a decision on what was due by then; what is due only later it is not."""
        return self.decided_on is not None and (due or "") <= self.decided_on.isoformat()


def files_in(folder: Path) -> list[Path]:
    """Return the waiver files in a folder; broken links too, so that reading them fails."""
    paths = [folder / name for name in FILE_NAMES]
    return [path for path in paths if path.exists() or path.is_symlink()]


def descriptions_beside(waiver: Waiver, globs: Collection[str]) -> frozenset[str]:
    """Return the absolute paths of the descriptions in the folder of a waiver."""
    folder = Path(waiver.place.path).parent
    return frozenset(
        os.path.abspath(path)  # noqa: PTH100 - results do not follow symbolic links either
        for path in folder.iterdir()
        if any(path.match(glob) for glob in globs)
    )


def read_waivers(
    path: Path,
    *,
    levels: Levels,
    as_of: date,
    longest_days: int | None,
    root: Path | None = None,
) -> tuple[Waiver, ...]:
    """Read a waivers file, inside ``root`` where one is given.

    ``levels`` are those of the rules and parts that exist; ``longest_days`` is the most days that a
    waiver may last from the as-of day, None for any number.

    Raises `InputError` for a file that is malformed, an unknown rule, a waiver too long, or a
    decision on what nobody need decide.
    """
    source = read_source(path, root=root)
    check(source, "waivers")
    entries = list_of(source.members.get("waivers"))
    if len(entries) > MOST:
        place = source.place(f"/waivers/{MOST}/rule")
        raise InputError(_TOO_MANY.format(n=len(entries), most=MOST), place=place, hint=_BASELINE)
    waivers: list[Waiver] = []
    for i, entry in enumerate(entries):
        fields = object_of(entry)
        days = {name: fields[name] for name in ("expires", "decided_on") if name in fields}
        waiver = Waiver(
            rule=str(fields["rule"]),
            subject=str(fields.get("subject") or "*"),
            reason=str(fields["reason"]),
            owner=str(fields["owner"]),
            **{name: date.fromisoformat(str(day)) for name, day in days.items()},
            place=source.place(f"/waivers/{i}/rule"),
        )
        _check(waiver, levels, as_of, longest_days, partial(_key, source, i))
        waivers.append(waiver)
    return tuple(waivers)


def _key(source: Source, i: int, name: str) -> Place:
    return source.place(f"/waivers/{i}/{name}")


def _check(
    waiver: Waiver,
    levels: Levels,
    as_of: date,
    longest_days: int | None,
    place: Callable[[str], Place],
) -> None:
    if waiver.rule not in levels:
        raise no_such_rule(waiver.rule, levels, waiver.place)
    if waiver.decided_on is not None:
        if "review" not in levels[waiver.rule]:
            raise InputError(_NOT_TO_REVIEW.format(rule=waiver.rule), place=place("decided"))
        return
    if longest_days is not None and (waiver.expires - as_of).days > longest_days:
        raise InputError(
            _TOO_LONG.format(days=longest_days, expires=waiver.expires),
            place=place("expires"),
            hint=Text(
                zh="最长期限由 ini 选项 icp_waiver_days 设定",
                en="the longest term is the ini option icp_waiver_days",
            ),
        )
