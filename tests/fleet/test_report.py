"""The report says exactly what was planted, in every form."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from msgspec.structs import replace

from benchmarks import licensees
from pytest_icp.fleet import report as counting
from pytest_icp.fleet.inputs import cut_table
from pytest_icp.fleet.judging import Judge
from pytest_icp.fleet.known import Known
from pytest_icp.fleet.place import TABLES, ResultPlace, no_rows, parquet, part_name
from pytest_icp.fleet.report import Figures, Problem, Tally, figures, report_markdown, report_text
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.catalogue import root_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from tests.fleet.made import judged, rows, task
from tests.runs import HOSTILE

COUNT = 40
MANDATORY = {
    rule.rule_id
    for policy in default_policies()
    for rule in policy.obligations
    if rule.level == "mandatory"
}


@pytest.fixture(scope="module")
def planted() -> list[licensees.Licensee]:
    return list(licensees.licensees(COUNT))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("planted")
    path = base / "all.jsonl"
    licensees.write(path, COUNT)
    with path.open("a", encoding="utf-8") as file:
        file.write("{\n{\n")
    judged(base / "out", path, base=base, of=task(licensees.DAY))
    return base / "out"


@pytest.fixture(scope="module")
def found(out: Path) -> Figures:
    return figures(ResultPlace(str(out)))


def test_the_planted_rates_come_out_exactly(
    found: Figures, planted: list[licensees.Licensee]
) -> None:
    wanted = Counter(rule for one in planted for rule in licensees.violated(one))
    assert len(wanted) > 5
    counted = {name: one.violated for name, one in found.rules.items() if one.violated}
    assert {name: n for name, n in counted.items() if name in MANDATORY | wanted.keys()} == wanted
    guilty = [one for one in planted if licensees.violated(one) & MANDATORY]
    assert found.all.descriptions == COUNT
    assert found.all.violating == len(guilty)
    by_province = Counter(one.province for one in guilty)
    assert {name: one.violating for name, one in found.provinces.items() if one.violating} == (
        by_province
    )
    by_provision = Counter(
        name
        for one in guilty
        for name in {rule.partition("/")[0] for rule in licensees.violated(one) & MANDATORY}
    )
    violating = {name: one.violating for name, one in found.provisions.items() if one.violating}
    assert violating == by_provision
    by_line = Counter(
        line for one in guilty for line in {"B25", *(root_of(code) for code in one.lines)}
    )
    assert {name: one.violating for name, one in found.lines.items() if one.violating} == by_line


def test_what_is_known_of_others_changes_no_row(tmp_path: Path) -> None:
    licensees.write(tmp_path / "all.jsonl", COUNT // 4)
    (lines,) = cut_table(str(tmp_path / "all.jsonl"), "all.jsonl")
    bench, found = task(licensees.DAY).bench(), []
    for known in (Known(), Known(most=0, most_told=0)):
        judge, together = Judge(replace(bench, known=known)), no_rows()
        for item in lines.items():
            judge.add(item, together)
        found.append(together)
        assert bool(known.told) is bool(known.most_told)
    assert found[0] == found[1]


def test_the_dates_are_those_of_the_table(found: Figures, out: Path) -> None:
    dates = sorted(row["last_day"] for row in rows(out, "due"))
    assert sum(found.months.values()) == len(dates)
    assert found.months[f"{dates[0]:%Y-%m}"] == sum(
        f"{d:%Y-%m}" == f"{dates[0]:%Y-%m}" for d in dates
    )
    assert [one.last_day for one in found.next] == [f"{day}" for day in dates[: counting.NEXT]]


def test_what_could_not_be_judged_is_told_with_its_reason(found: Figures) -> None:
    (problem,) = found.problems
    assert (problem.count, problem.example) == (2, f"all.jsonl#{COUNT + 1}")
    reason = found.rules["SP01/work-safety"].reason
    assert reason
    assert "no files beside it" in reason.en


def test_nothing_of_the_tables_is_obeyed(found: Figures) -> None:
    words = Text(zh=HOSTILE, en=HOSTILE)
    bad = replace(found.next[0], holder=HOSTILE, licence=HOSTILE, rule=HOSTILE)
    hostile = Figures(
        head=found.head,
        missing=2,
        all=Tally(descriptions=1, violating=1),
        provinces={HOSTILE: Tally(descriptions=1, violating=1), "": Tally(descriptions=1)},
        lines={HOSTILE: Tally(descriptions=1)},
        provisions={HOSTILE: Tally(descriptions=1, violating=1)},
        next=[bad],
        problems=[Problem(3, HOSTILE, words)],
        problem_count=10,
    )
    text = report_text(hostile, "en", 80)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "7 more with other reasons" in text
    assert "2 shards not judged yet" in text
    shown = cmarkgfm.github_flavored_markdown_to_html(
        report_markdown(hostile, "en"), Options.CMARK_OPT_UNSAFE
    )
    assert "<script>" not in shown
    assert "href=" not in shown
    assert not re.search("(?m)^(::|##\\[)", report_markdown(hostile, "en"))


def test_an_empty_fleet_has_a_report(found: Figures) -> None:
    nothing = Figures(head=found.head, missing=0, provisions={"SP01": Tally(0, 0, 1)})
    assert "0 descriptions" in report_text(nothing, "en", 80)


def test_a_place_without_tables_or_with_broken_ones(out: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no result"):
        figures(ResultPlace(str(tmp_path)))
    place = ResultPlace(str(tmp_path))
    source = ResultPlace(str(out))
    head = source.head()
    assert head is not None
    place.write_head(head)
    assert figures(place).missing == 1
    place.write_parts(dict.fromkeys(TABLES, b"x" * 20), "a" * 64)
    with pytest.raises(InputError, match=r"verdicts/part-a{20}\.parquet cannot be read"):
        figures(place)
    place.write_parts(parquet(no_rows()), "a" * 64)
    (tmp_path / "due" / part_name("a" * 64)).unlink()
    (tmp_path / "due" / part_name("a" * 64)).symlink_to(out / "due")
    with pytest.raises(InputError, match=r"due/part-a{20}\.parquet cannot be read"):
        figures(place)
