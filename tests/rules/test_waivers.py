from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.rules.selection import Levels
from pytest_icp.rules.waivers import (
    FILE_NAMES,
    MOST,
    Waiver,
    descriptions_beside,
    files_in,
    read_waivers,
)

LEVELS: Levels = {
    "SP12/renewal": frozenset({"mandatory"}),
    "SP12/exit": frozenset({"mandatory", "review"}),
    "SP12/exit#in-time": frozenset({"review"}),
}
TODAY = date(2025, 12, 1)
GOOD = """\
waivers:
  - rule: SP12/renewal
    reason: agreed with the authority
    owner: compliance
    expires: "2025-12-31"
"""


def read(folder: Path, text: str, longest_days: int | None = None) -> tuple[Waiver, ...]:
    path = folder / FILE_NAMES[0]
    path.write_text(text, "utf-8")
    return read_waivers(path, levels=LEVELS, as_of=TODAY, longest_days=longest_days)


def test_a_waiver_has_a_reason_an_owner_and_a_last_day(tmp_path: Path) -> None:
    (waiver,) = read(tmp_path, GOOD)
    assert (waiver.rule, waiver.subject) == ("SP12/renewal", "*")
    assert (waiver.reason, waiver.owner) == ("agreed with the authority", "compliance")
    assert waiver.expires == date(2025, 12, 31)
    assert (waiver.place.line, waiver.place.path.name) == (2, FILE_NAMES[0])


def test_both_endings_of_yaml_are_known(tmp_path: Path) -> None:
    assert files_in(tmp_path) == []
    (tmp_path / "icp-waivers.yml").write_text(GOOD, "utf-8")
    assert [path.name for path in files_in(tmp_path)] == ["icp-waivers.yml"]
    # What leads nowhere is not taken for nothing.
    (tmp_path / "icp-waivers.yaml").symlink_to(tmp_path / "nowhere.yaml")
    assert [path.name for path in files_in(tmp_path)] == [*FILE_NAMES]


def test_a_missing_reason_has_an_example_in_each_language(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, GOOD.replace("    reason: agreed with the authority\n", ""))
    assert caught.value.hint.zh.startswith("例如 reason: 旧站改版")
    assert caught.value.hint.en.startswith('for example reason: "the old site')


@pytest.mark.parametrize(
    ("subject", "rule", "of", "covered"),
    [
        ("*", "SP12/renewal", "anything", True),
        ("web-*", "SP12/renewal", "web-1", True),
        ("web-*", "SP12/renewal", "db-1", False),
        ("WEB-1", "SP12/renewal", "web-1", False),
        ("*", "SP12/exit", "anything", False),
    ],
)
def test_what_it_covers(tmp_path: Path, subject: str, rule: str, of: str, covered: bool) -> None:
    (waiver,) = read(tmp_path, GOOD + f'    subject: "{subject}"\n')
    assert waiver.covers(rule, of) is covered


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("renewal", "renewel"), "there is no rule 'SP12/renewel'"),
        (GOOD.replace("SP12/renewal", "OTHER/x"), "there is no rule 'OTHER/x'"),
        (GOOD.replace("2025-12-31", "2025-02-30"), "2025-02-30"),
        (GOOD.replace("    owner: compliance\n", ""), "owner"),
        ("- 1\n", ""),
    ],
)
def test_what_is_malformed_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert said in caught.value.message.en
    assert caught.value.place is not None


@pytest.mark.parametrize(
    ("days", "allowed"), [(None, True), (30, True), (29, False), (10**12, True)]
)
def test_the_longest_term_is_inclusive(tmp_path: Path, days: int | None, allowed: bool) -> None:
    if allowed:
        assert read(tmp_path, GOOD, days)
        return
    with pytest.raises(InputError, match="at most 29 days") as caught:
        read(tmp_path, GOOD, days)
    assert caught.value.place is not None
    assert caught.value.place.line == 5


def test_more_than_a_thousand_are_refused(tmp_path: Path) -> None:
    # Each is held against each finding: many of both would take hours.
    one = GOOD.partition("\n")[2]
    assert len(read(tmp_path, "waivers:\n" + one * MOST)) == MOST
    with pytest.raises(InputError, match="1001 waivers, where 1000 are the most"):
        read(tmp_path, "waivers:\n" + one * (MOST + 1))


DECIDED = """\
waivers:
  - rule: SP12/exit#in-time
    subject: branch
    reason: the courier was asked the same day
    owner: compliance
    decided: complied
    decided_on: "2025-11-20"
"""


def test_a_decision_is_of_one_day_and_need_not_expire(tmp_path: Path) -> None:
    # The longest term is one of waivers: what is past does not reopen.
    (one,) = read(tmp_path, DECIDED, longest_days=1)
    assert (one.rule, one.subject, one.decided_on) == (
        "SP12/exit#in-time",
        "branch",
        date(2025, 11, 20),
    )
    assert one.expires == date.max
    (other,) = read(tmp_path, DECIDED + '    expires: "2026-01-01"\n')
    assert other.expires == date(2026, 1, 1)


def test_a_decision_may_name_the_whole_rule(tmp_path: Path) -> None:
    (one,) = read(tmp_path, DECIDED.replace("#in-time", ""))
    assert one.covers("SP12/exit", "branch", "in-time")
    assert not one.covers("SP12/renewal", "branch", "in-time")


@pytest.mark.parametrize(
    ("due", "settled"), [(None, True), ("2025-11-20", True), ("2025-11-21", False)]
)
def test_a_decision_settles_what_was_due_by_its_day(
    tmp_path: Path, due: str | None, settled: bool
) -> None:
    (one,) = read(tmp_path, DECIDED)
    assert one.settles(due) is settled
    (waiver,) = read(tmp_path, GOOD)
    assert not waiver.settles(due)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (DECIDED.replace("complied", "breached"), 6, "expected 'complied', found 'breached'"),
        (DECIDED.replace('    decided_on: "2025-11-20"\n', ""), 2, "missing key 'decided_on'"),
        (DECIDED.replace("    decided: complied\n", ""), 2, "missing key 'decided'"),
        (DECIDED.replace("    subject: branch\n", ""), 2, "missing key 'subject'"),
        (DECIDED.replace("    owner: compliance\n", ""), 2, "missing key 'owner'"),
        (DECIDED.replace("    reason: the courier was asked the same day\n", ""), 2, "reason"),
        (
            DECIDED.replace("exit#in-time", "renewal"),
            6,
            "SP12/renewal is not of level review",
        ),
        (
            DECIDED.replace("in-time", "in-tiem"),
            2,
            "there is no rule 'SP12/exit#in-tiem'",
        ),
    ],
)
def test_a_decision_that_cannot_be_one_is_refused(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert said in caught.value.message.en
    assert caught.value.place is not None
    assert caught.value.place.line == line


def test_a_waiver_is_for_the_descriptions_beside_it(tmp_path: Path) -> None:
    for name in ("a.icp.yaml", "b.icp.json", "c.yaml"):
        (tmp_path / name).touch()
    (waiver,) = read(tmp_path, GOOD)
    beside = descriptions_beside(waiver, ["*.icp.yaml", "*.icp.json"])
    assert beside == {str(tmp_path / "a.icp.yaml"), str(tmp_path / "b.icp.json")}
