"""Reads waivers (豁免): violations that are accepted until a day.

``icp-waivers.yaml`` beside a description lists them: rule id, subject (a glob is allowed),
reason, owner, and the last day, inclusive.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.rule_ids import no_such_rule

NO_NAMES: Mapping[str, str] = MappingProxyType({})

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


class Waiver(Struct, frozen=True, kw_only=True):
    """One waiver (豁免) with its place; ``expires`` is its last day, inclusive.

    ``written`` is the rule as its file names it, perhaps by an id that it had before.
    """

    rule: str
    written: str = ""
    subject: str
    reason: str
    owner: str
    expires: date
    place: Place

    def covers(self, rule_id: str, subject: str) -> bool:
        """Whether it covers a finding of the rule on the subject; expiry is not considered."""
        return rule_id == self.rule and fnmatchcase(subject, self.subject)


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
    rule_ids: frozenset[str],
    as_of: date,
    longest_days: int | None,
    renamed: Mapping[str, str] = NO_NAMES,
    root: Path | None = None,
) -> tuple[Waiver, ...]:
    """Read a waivers file, inside ``root`` where one is given.

    ``rule_ids`` are those that exist, ``renamed`` the present ids of those that had another;
    ``longest_days`` is the most days that a waiver may last from the as-of day, None for any
    number.

    Raises `InputError` for a file that is malformed, an unknown rule or a waiver too long.
    """
    source = read_source(path, root=root)
    check(source, "waivers")
    data = source.data if isinstance(source.data, Mapping) else {}
    listed = data.get("waivers")
    entries = listed if isinstance(listed, list) else []
    if len(entries) > MOST:
        place = source.place(f"/waivers/{MOST}/rule")
        raise InputError(_TOO_MANY.format(n=len(entries), most=MOST), place=place, hint=_BASELINE)
    waivers: list[Waiver] = []
    for i, entry in enumerate(entries):
        fields = entry if isinstance(entry, Mapping) else {}
        written = str(fields["rule"])
        waiver = Waiver(
            rule=renamed.get(written, written),
            written=written,
            subject=str(fields.get("subject") or "*"),
            reason=str(fields["reason"]),
            owner=str(fields["owner"]),
            expires=date.fromisoformat(str(fields["expires"])),
            place=source.place(f"/waivers/{i}/rule"),
        )
        _check(waiver, rule_ids, source.place(f"/waivers/{i}/expires"), as_of, longest_days)
        waivers.append(waiver)
    return tuple(waivers)


def _check(
    waiver: Waiver, rule_ids: frozenset[str], expires: Place, as_of: date, longest_days: int | None
) -> None:
    if waiver.rule not in rule_ids:
        raise no_such_rule(waiver.rule, rule_ids, waiver.place)
    if longest_days is not None and (waiver.expires - as_of).days > longest_days:
        raise InputError(
            _TOO_LONG.format(days=longest_days, expires=waiver.expires),
            place=expires,
            hint=Text(
                zh="最长期限由 ini 选项 icp_waiver_days 设定",
                en="the longest term is the ini option icp_waiver_days",
            ),
        )
