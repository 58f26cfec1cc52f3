"""The figures of a fleet, counted from its tables part by part (汇总)."""

from __future__ import annotations

import heapq
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct, convert, field

from pytest_icp.fleet.place import Head, ResultPlace
from pytest_icp.fleet.storage import arrow
from pytest_icp.fleet.tables import Name
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

NEXT = 100
"""So many of the next dates are listed."""

_MOST_REASONS = 1000
"""So many reasons are counted apart; of more, those that come later are not told apart."""

_NOT_READ = Text(zh="{name} 无法读取", en="{name} cannot be read")
_NO_FLEET = Text(
    zh="{place} 里没有 pytest-icp fleet 的结果", en="{place} has no result of pytest-icp fleet"
)


class Tally(Struct):
    """How many descriptions there are of a kind; of them, how many violate or leave open a duty.

    ``clear`` are those that do neither. A violation that is waived does not count.
    """

    descriptions: int = 0
    violating: int = 0
    open: int = 0
    clear: int = 0

    def add(self, *, violating: bool, left_open: bool) -> None:
        """Count a description."""
        self.descriptions += 1
        self.violating += violating
        self.open += left_open
        self.clear += not (violating or left_open)


class RuleTally(Struct):
    """How many descriptions have which verdict on a rule, and the reason why most are unknown."""

    provision: str
    level: str
    verdicts: Counter[str] = field(default_factory=Counter)
    waived: int = 0
    reasons: Counter[Text] = field(default_factory=Counter)

    @property
    def violated(self) -> int:
        """How many violate it without a waiver."""
        return self.verdicts[Verdict.VIOLATED]

    @property
    def unknown(self) -> int:
        """How many leave it open."""
        return self.verdicts[Verdict.UNKNOWN]


class Due(Struct, frozen=True, order=True):
    """A date that comes next: the last day of a duty, and whose it is."""

    last_day: date
    licence: str
    description: str
    rule: str
    part: str
    subject: str
    holder: str
    provisional: bool


class Problem(Struct):
    """Why something could not be judged, how often, and the first description with it."""

    what: str
    message: Text
    count: int
    example: str


class Figures(Struct, kw_only=True):
    """All that the reports say, in exact numbers of descriptions.

    ``missing`` shards of the place are not finished. Those of ``provinces`` that are not declared
    are under an empty name; who has several lines of business counts under each.
    """

    head: Head
    missing: int
    all: Tally = field(default_factory=Tally)
    rules: dict[str, RuleTally] = field(default_factory=dict)
    provisions: dict[str, Tally] = field(default_factory=dict)
    provinces: dict[str, Tally] = field(default_factory=dict)
    lines: dict[str, Tally] = field(default_factory=dict)
    months: Counter[str] = field(default_factory=Counter)
    next: list[Due] = field(default_factory=list)
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)
    more_problems: int = 0

    @property
    def problem_count(self) -> int:
        """How many rows the table of errors has."""
        return sum(one.count for one in self.problems.values()) + self.more_problems


def figures(place: ResultPlace) -> Figures:
    """Count the tables of a place; one part of a table is in memory at a time.

    Raises `InputError` for a place without tables, or with one that is broken.
    """
    head = place.head()
    if head is None:
        raise InputError(_NO_FLEET.format(place=place.name))
    records = place.records()
    found = Figures(head=head, missing=head.shards - len(records))
    # What a run that was cut off has left of a shard does not count.
    digests = [record.digest for record in records]
    for table in _parts(place, "verdicts", digests):
        _count_verdicts(found, table)
    for table in _parts(place, "findings", digests):
        _count_reasons(found, table)
    for table in _parts(place, "due", digests):
        _count_due(found, table)
    for table in _parts(place, "errors", digests):
        _count_errors(found, table)
    return found


def _parts(place: ResultPlace, name: Name, digests: Iterable[str]) -> Iterator[Any]:
    pyarrow = arrow()
    for digest in digests:
        part = place.part(name, digest)
        raw = place.read(part)
        try:
            yield pyarrow.parquet.read_table(io.BytesIO(raw or b""))
        except pyarrow.ArrowException as error:
            raise InputError(_NOT_READ.format(name=f"{place.name}/{part}")) from error


def _count_verdicts(found: Figures, table: Any) -> None:
    """Count a part; the descriptions in it are in no other."""
    compute = arrow().compute
    mandatory = compute.not_equal(table["level"], "advisory")
    violated = compute.equal(table["verdict"], Verdict.VIOLATED.value)
    waived = compute.is_valid(table["waived_until"])
    unknown = compute.equal(table["verdict"], Verdict.UNKNOWN.value)
    counted = compute.and_(mandatory, compute.invert(waived))
    failing = table.filter(compute.and_(counted, violated))
    left_open = table.filter(compute.and_(counted, unknown))
    _count_rules(found, table, table.filter(waived))
    for row in _distinct(table, "provision"):
        tally = found.provisions.setdefault(row["provision"], Tally())
        tally.descriptions += row["count"]
    for row in _distinct(failing, "provision"):
        found.provisions[row["provision"]].violating += row["count"]
    for row in _distinct(left_open, "provision"):
        found.provisions[row["provision"]].open += row["count"]
    violating = set(failing["description"].to_pylist())
    undecided = set(left_open["description"].to_pylist())
    for one in _firsts(table):
        name, province, lines = one["description"], one["province"] or "", one["lines"] or [""]
        tallies = [found.all, found.provinces.setdefault(province, Tally())]
        tallies += [found.lines.setdefault(line, Tally()) for line in lines]
        for tally in tallies:
            tally.add(violating=name in violating, left_open=name in undecided)


def _count_rules(found: Figures, table: Any, waived: Any) -> None:
    for row in _grouped(table, ["rule", "provision", "level", "verdict"]):
        rule = found.rules.setdefault(row["rule"], RuleTally(row["provision"], row["level"]))
        rule.verdicts[row["verdict"]] += row["count"]
    for row in _grouped(waived, ["rule", "verdict"]):
        rule = found.rules[row["rule"]]
        rule.waived += row["count"]
        rule.verdicts[row["verdict"]] -= row["count"]


def _grouped(table: Any, keys: list[str]) -> list[dict[str, Any]]:
    """Return how many rows there are of each combination of some columns."""
    counted = table.select(keys).group_by(keys).aggregate([([], "count_all")])
    rows: list[dict[str, Any]] = counted.rename_columns([*keys, "count"]).to_pylist()
    return rows


def _distinct(table: Any, key: str) -> list[dict[str, Any]]:
    """Return how many descriptions there are of each value of a column."""
    pairs = table.select([key, "description"]).group_by([key, "description"]).aggregate([])
    return _grouped(pairs, [key])


def _firsts(table: Any) -> Iterator[dict[str, Any]]:
    """Yield the first row of each description."""
    columns = table.select(["description", "province", "lines"])
    numbered = columns.append_column("at", arrow().array(range(columns.num_rows)))
    at = numbered.group_by("description").aggregate([("at", "min")])["at_min"]
    yield from columns.take(at).to_pylist()


def _count_reasons(found: Figures, table: Any) -> None:
    compute = arrow().compute
    unknown = table.filter(compute.match_substring(table["standing"], "unknown"))
    for row in _grouped(unknown, ["rule", "message_zh", "message_en"]):
        reasons = found.rules[row["rule"]].reasons
        message = Text(zh=row["message_zh"], en=row["message_en"])
        if message in reasons or len(reasons) < _MOST_REASONS:
            reasons[message] += row["count"]


def _count_due(found: Figures, table: Any) -> None:
    for row in _grouped(_with_month(table), ["month"]):
        found.months[row["month"]] += row["count"]
    columns = Due.__struct_fields__
    # What is not declared is an empty text.
    rows = [
        {name: "" if value is None else value for name, value in row.items()}
        for row in table.select(list(columns)).to_pylist()
    ]
    dated = convert(rows, list[Due])
    found.next = heapq.nsmallest(NEXT, [*found.next, *dated])


def _with_month(table: Any) -> Any:
    months = arrow().compute.strftime(table["last_day"], format="%Y-%m")
    return table.append_column("month", months)


def _count_errors(found: Figures, table: Any) -> None:
    for row in table.to_pylist():
        key = (row["what"], row["message_en"])
        known = found.problems.get(key)
        if known is not None:
            known.count += 1
        elif len(found.problems) < _MOST_REASONS:
            message = Text(zh=row["message_zh"], en=row["message_en"])
            found.problems[key] = Problem(row["what"], message, 1, row["description"])
        else:
            found.more_problems += 1


def ranked(tallies: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    """Return tallies, those with most violations first."""
    return sorted(tallies.items(), key=lambda one: (-one[1].violating, -one[1].open, one[0]))
