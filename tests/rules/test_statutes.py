"""What files of citations and numbers define, and what of them is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.files.schema import check
from pytest_icp.kinds.policies import load_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.rules.numbers import Cases, Entry, Listing, Named, Number, Value
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.policy_files import PolicyFile
from pytest_icp.rules.statutes import gather
from tests.obligations import written

SAY = {"zh": "自订", "en": "our own"}
VERSION: dict[str, Any] = {
    "article": SAY,
    "effective_from": "2020-01-01",
    "source": {"zh": "官方文本", "en": "Official text"},
    "confidence": "primary",
}
CITATION: dict[str, Any] = {"id": "own-1", "statute": SAY, "subject": SAY, "versions": [VERSION]}


def on_disk(path: Path, content: dict[str, Any]) -> tuple[PolicyFile, dict[str, Any]]:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    return PolicyFile(path.parent, path.parent, path, "statutes"), content


def test_what_is_defined_twice_is_refused(tmp_path: Path) -> None:
    entries = {"citations": [CITATION]}
    one, other = (on_disk(tmp_path / name, entries) for name in ("a.yaml", "b.yaml"))
    with pytest.raises(InputError) as caught:
        gather([one, other])
    assert "defined twice" in caught.value.message.en
    assert caught.value.place is not None
    assert caught.value.place.path == other[0].path


HEAD = """\
parameters:
  - id: n
    title: {zh: 期限, en: A time}
    unit: days
    values:
"""
LIST = HEAD.replace("unit: days", "unit: list")
SOURCE = "source: {zh: 文本, en: Text}"
READ = {"source": Text("文本", "Text")}


def value(n: object, more: str = "", confidence: str = "primary") -> str:
    """Write one value on a line."""
    written = f"{{value: {n}, {SOURCE}, confidence: {confidence}"
    return f"      - {written}{', ' if more else ''}{more}}}\n"


def read(folder: Path, *values: str, head: str = HEAD) -> Named:
    file = folder / "parameters.yaml"
    file.write_text(head + "".join(values), "utf-8")
    of_law = PolicyFile(folder, folder, file, "parameters")
    source = of_law.read()
    check(source, "parameters")
    document: Any = source.data
    return gather([(of_law, document)]).parameters["n"]


def refused(folder: Path, *values: str, head: str = HEAD) -> tuple[int | None, str, str]:
    """Return the line of an error, what is wrong, and what to do."""
    with pytest.raises(InputError) as caught:
        read(folder, *values, head=head)
    error = caught.value
    assert error.place
    assert error.message.zh != error.message.en
    return error.place.line, error.message.en, error.hint.en


def test_each_value_holds_from_its_day(tmp_path: Path) -> None:
    number = read(
        tmp_path,
        value(90, "from: edition, until: '2027-02-28', article: {zh: 第十二条, en: Art. 12}"),
        value(60, "from: '2027-03-01', covers: running, grace: '2027-06-30'"),
    )
    assert number == Number(
        id="n",
        title=Text("期限", "A time"),
        unit="days",
        values=(
            Value(
                n=90,
                edition=True,
                until=date(2027, 2, 28),
                article=Text("第十二条", "Art. 12"),
                confidence="primary",
                **READ,
            ),
            Value(
                n=60,
                start=date(2027, 3, 1),
                running=True,
                grace=date(2027, 6, 30),
                confidence="primary",
                **READ,
            ),
        ),
    )


def test_a_list_has_its_words_in_their_time(tmp_path: Path) -> None:
    listing = read(
        tmp_path,
        value("news", "from: '2000-09-25'"),
        value("healthcare", "from: edition, until: '2025-01-19'"),
        head=LIST,
    )
    assert isinstance(listing, Listing)
    assert listing.values[0] == Entry(
        value="news", start=date(2000, 9, 25), confidence="primary", **READ
    )
    asked = [listing.has("healthcare", date(2025, 1, day)) for day in (19, 20)]
    assert asked == [True, False]
    assert listing.has("news", date(2000, 9, 25))
    assert not listing.has("news", date(2000, 9, 24))
    assert not listing.has("maps", date(2026, 1, 1))
    assert listing.changes == {date(2000, 9, 25), date(2025, 1, 20)}


FIRST = value(90, "from: edition")
OLD = value(90, "from: '2020-01-01', until: '2027-02-28'")


@pytest.mark.parametrize(
    ("values", "line", "wrong", "hint"),
    [
        ([value(90)], 6, "not said from which day", "`from: DAY`, or `from: edition`"),
        ([FIRST, value(60)], 7, "only the oldest may go without a day", "`from: DAY`"),
        ([FIRST, value(60, "from: edition")], 7, "only the oldest may go", "`from: DAY`"),
        (
            [value(90, confidence="default"), value(60, confidence="default")],
            7,
            "only the oldest may go",
            "`from: DAY`",
        ),
        ([OLD, value(60, "from: '2027-02-28'")], 7, "overlaps with 2027-02-28", "2027-02-27"),
        ([OLD, value(60, "from: '2027-03-02'")], 7, "so there is none until", "2027-03-01"),
        ([OLD, value(60, "from: '2019-01-01'")], 7, "is not after 2020-01-01", "oldest first"),
        ([OLD, value(60, "from: '2020-01-01'")], 7, "is not after 2020-01-01", "oldest first"),
        (
            [value(90, "from: '2020-01-02', until: '2020-01-01'")],
            6,
            "until: 2020-01-01 is before from: 2020-01-02",
            "",
        ),
        (
            [FIRST, value(60, "from: '2027-03-01', grace: '2027-02-28'")],
            7,
            "grace: 2027-02-28 is before from: 2027-03-01",
            "",
        ),
        ([value(90, "from: edition, grace: '2027-06-30'")], 6, "it has no grace", ""),
        ([value(90, "from: '2020-01-01', covers: running")], 6, "it has no covers", ""),
        ([OLD, value(60, "from: '2027-03-01', covers: begun")], 7, "only the oldest value can", ""),
        (
            [value(1, "from: edition, where: {level: 3}"), value(2, "from: edition")],
            7,
            "other values have a `where`",
            "",
        ),
        (
            [value(1, "from: edition, where: {level: {oneOf: []}}")],
            6,
            "'oneOf' cannot be a key here",
            "",
        ),
        (
            [value(1, "from: edition, where: {level: {a: 1, minimum: 2}}")],
            6,
            "`minimum` cannot be used beside properties",
            "",
        ),
    ],
)
def test_days_that_make_no_sense(
    tmp_path: Path, values: list[str], line: int, wrong: str, hint: str
) -> None:
    at, message, help_ = refused(tmp_path, *values)
    assert (at, wrong in message, hint in help_) == (line, True, True), (message, help_)


def test_a_word_stands_once_in_a_list(tmp_path: Path) -> None:
    twice = [value("news", "from: edition"), value("news", "from: '2027-01-01'")]
    assert refused(tmp_path, *twice, head=LIST)[:2] == (7, "'news' is listed twice")


RULE: dict[str, Any] = {
    "id": "own",
    **dict.fromkeys(("title", "meaning", "fix"), SAY),
    "level": "mandatory",
    "basis": "own",
}
OURS = {"source": SAY, "confidence": "default"}
N = {"parameter": "n"}


def rule(folder: Path, *values: dict[str, Any], unit: str = "days", **fields: Any) -> Obligation:
    """Read a rule with these fields, and a number ``n`` with these values."""
    folder.mkdir(exist_ok=True)
    number = {"id": "n", "title": SAY, "unit": unit, "values": [{**OURS, **v} for v in values]}
    policy = {"id": "OWN", "article": "自订", "title": SAY, "text": SAY}
    policy["obligations"] = [{**RULE, **fields}]
    (folder / "parameters.yaml").write_text(json.dumps({"parameters": [number]}), "utf-8")
    (folder / "OWN.yaml").write_text(json.dumps(policy, indent=1), "utf-8")
    (read,) = load_policies([folder])
    return read.obligations[0]


TERM: dict[str, Any] = {
    "kind": "dated",
    "each": "corporate_events",
    "act": "system_updated_on",
    "anchor": "changed_on",
    "within": "n",
}
OUTAGE: dict[str, Any] = {
    "kind": "condition",
    "each": "incidents",
    "require": {"outage_minutes": {"maximum": N}},
}
USERS: dict[str, Any] = {**OUTAGE, "require": {"affected_users": {"maximum": N}}}
KEPT: dict[str, Any] = {
    "kind": "dated",
    "each": "log_stores",
    "reaches": "n",
    "kept": "retention",
}
SOME: dict[str, Any] = {
    "kind": "match",
    "each": "services",
    "fact": "features.regulated_content",
    "values": N,
    "among": {"of": "/approvals", "at": "kind"},
}
GROWN: dict[str, Any] = {
    "kind": "condition",
    "each": "releases",
    "require": {"user_scale_after": {"minimum": {"of": "user_scale_before", "times": N}}},
}


@pytest.mark.parametrize(
    ("fields", "unit", "expected"),
    [
        (TERM, "days", None),
        (TERM, "years", "has to be in days or working_days or months or hours or minutes"),
        (KEPT, "months", None),
        (KEPT, "hours", "has to be in days or months or years"),
        (OUTAGE, "minutes", None),
        (OUTAGE, "hours", "has to be in minutes"),
        (USERS, "persons", None),
        (USERS, "days", "has to be in persons or times or factor or percent or yuan"),
        (GROWN, "factor", None),
        (GROWN, "days", "has to be in persons or times or factor or percent or yuan"),
    ],
)
def test_a_number_is_in_the_unit_of_its_field(
    tmp_path: Path, fields: dict[str, Any], unit: str, expected: str | None
) -> None:
    if expected is None:
        assert [one.id for one in rule(tmp_path, {"value": 1}, unit=unit, **fields).relies_on]
        return
    with pytest.raises(InputError) as caught:
        rule(tmp_path, {"value": 1}, unit=unit, **fields)
    assert expected in caught.value.message.en
    assert caught.value.place
    lines = (tmp_path / "OWN.yaml").read_text("utf-8").splitlines()
    line = caught.value.place.line or 0
    # A length of time is the id alone; else the id stands on the next line.
    assert '"n"' in lines[line - 1] + lines[line]


def test_a_list_stands_where_a_list_is_asked_for(tmp_path: Path) -> None:
    asked = rule(tmp_path, {"value": "news"}, unit="list", **SOME)
    assert written(asked)["values"] == ["news"]
    with pytest.raises(InputError, match="in days, but here it has to be in list"):
        rule(tmp_path, {"value": 1}, **SOME)


CASES = (
    {"value": 1, "where": {"level": {"minimum": 3}}},
    {"value": 2, "where": {"level": 2}},
)
EVERY: dict[str, Any] = {
    "kind": "dated",
    "each": "network_units",
    "act": {"of": "conformity", "at": "done_on"},
    "anchor": "in_production_on",
    "every": "n",
}


@pytest.mark.parametrize(
    ("where", "values", "cases"),
    [
        ({"level": 2}, [2], []),
        ({"level": {"minimum": 3}}, [1], []),
        ({"level": {"const": 2}}, [2], [2]),
        ({"level": {"minimum": 2}}, [1, 2], [1, 2]),
        (None, [1, 2], [1, 2]),
        ({"level": 4, "id": {"pattern": "^x$"}}, [1], [1]),
    ],
)
def test_a_rule_has_the_cases_that_its_subjects_may_be_in(
    tmp_path: Path, where: Any, values: list[int], cases: list[int]
) -> None:
    fields = EVERY if where is None else {**EVERY, "where": where}
    made = rule(tmp_path, *CASES, unit="calendar_years", **fields)
    (number,) = made.relies_on
    assert isinstance(number, Number if not cases else Cases)
    assert [one.n for one in number.values] == values  # type: ignore[union-attr]
    found = [written(one)["every"]["calendar_years"] for one in made.cases or (made,)]
    assert found == values


def test_a_rule_for_no_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no value for what this rule's `where` matches"):
        rule(tmp_path, *CASES, unit="calendar_years", **EVERY, where={"level": 1})
