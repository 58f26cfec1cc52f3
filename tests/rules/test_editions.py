"""Editions as policies write them: which print a duty, and each mistake where it stands."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.kinds.policies import load_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Edition, Policy, facts_needed

SAY = {"zh": "自订", "en": "our own"}
HEAD: dict[str, Any] = {
    **dict.fromkeys(("title", "meaning", "fix", "quote"), SAY),
    "kind": "condition",
    "each": "services",
    "require": {"status": "production"},
    "level": "mandatory",
    "basis": "licence",
    "cites": ["licence"],
}
OLD = {"id": "2020", "from": None, "until": "2026-06-30"}
NEW = {"id": "2026", "from": "2026-07-01"}


def write(folder: Path, name: str, editions: list[Any] | None, *duties: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    rules = [{**HEAD, "id": f"d{i}", **duty} for i, duty in enumerate(duties)]
    policy: dict[str, Any] = {"id": name, "article": "自订", "title": SAY, "text": SAY}
    policy |= {} if editions is None else {"editions": editions}
    text = json.dumps({**policy, "obligations": rules}, indent=1)
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def policies(*folders: Path) -> dict[str, Policy]:
    return {policy.id: policy for policy in load_policies([*dict.fromkeys(folders)])}


def test_a_duty_is_printed_by_the_editions_that_have_it(tmp_path: Path) -> None:
    write(tmp_path, "A", [OLD, NEW], {}, {"editions": ["2020"]}, {"editions": ["2020", "2026"]})
    write(tmp_path, "B", [NEW], {}, {})
    read = policies(tmp_path)
    assert read["A"].editions == (
        Edition(id="2020", start=None, until=date(2026, 6, 30)),
        Edition(id="2026", start=date(2026, 7, 1)),
    )
    every = read["A"].editions
    printed = [duty.printed for duty in read["A"].obligations]
    assert [one and one.by for one in printed] == [None, {"2020"}, None]
    assert [one and one.of for one in printed] == [None, every, None]
    assert [duty.printed and duty.printed.by for duty in read["B"].obligations] == [{"2026"}] * 2


def test_what_a_duty_reads_includes_the_edition(tmp_path: Path) -> None:
    read = policies(write(tmp_path, "A", [OLD, NEW], {"editions": ["2026"]}))
    needed = facts_needed(read["A"], read["A"].obligations[0])
    assert {one for one in needed if one.startswith("licence")} == {
        *("licence.provisions_edition", "licence.issued_on", "licence.first_issued_on")
    }


def test_an_edition_may_print_other_words(tmp_path: Path) -> None:
    former = {"zh": "旧文", "en": "Former words"}
    read = policies(write(tmp_path, "A", [{**OLD, "text": former}, NEW], {}))["A"]
    texts = [read.text_in(name).en for name in ("2020", "2026", None, "1999")]
    assert texts == ["Former words", "our own", "our own", "our own"]
    assert read.editions[0].text == Text("旧文", "Former words")


@pytest.mark.parametrize(
    ("editions", "duty", "wrong", "hint", "at"),
    [
        ([OLD, OLD], {}, "the edition '2020' is listed twice", "", "2020"),
        (
            [{"id": "x", "from": "2026-07-01", "until": "2026-06-30"}],
            {},
            "'x' ends on 2026-06-30, before it begins on 2026-07-01",
            "",
            "2026-06-30",
        ),
        ([OLD, NEW], {"editions": ["1999"]}, "no edition '1999'", "editions: 2020, 2026", "1999"),
        ([OLD, NEW], {"editions": ["20266"]}, "no edition '20266'", "mean '2026'", "20266"),
        (None, {"editions": ["2020"]}, "no edition '2020'", "", "2020"),
        (
            [OLD, NEW],
            {"parts": [{"name": "now"}, {"name": "then", "editions": ["20200"]}]},
            "no edition '20200'",
            "mean '2020'",
            "20200",
        ),
    ],
)
def test_editions_that_make_no_sense(
    tmp_path: Path, editions: list[Any] | None, duty: Any, wrong: str, hint: str, at: str
) -> None:
    folder = write(tmp_path, "A", editions, duty)
    with pytest.raises(InputError) as caught:
        policies(folder)
    assert wrong in caught.value.message.en
    assert hint in caught.value.hint.en
    assert caught.value.place
    lines = (folder / "A.yaml").read_text("utf-8").splitlines()
    assert at in lines[(caught.value.place.line or 0) - 1]


def test_an_edition_has_the_same_days_wherever_it_is(tmp_path: Path) -> None:
    write(tmp_path, "A", [OLD], {})
    write(tmp_path, "B", [{**OLD, "until": "2026-12-31"}], {})
    with pytest.raises(InputError, match="not those that the policy A gives") as caught:
        policies(tmp_path)
    assert caught.value.place
    assert caught.value.place.path == tmp_path / "B.yaml"
