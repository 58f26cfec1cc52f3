from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.authoring.cases import read_cases, read_equivalents
from pytest_icp.law.errors import InputError

TWO_RULES = """\
provision: SP12
parts:
  one: &one {kind: name, changed_on: 2024-03-04}
cases:
  - name: a situation
    rule: [SP12/update, SP12/certificate]
    as_of: 2024-06-03
    facts: {corporate_events: [{id: b, <<: *one, changed_on: 2024-03-05}]}
    verdict: satisfied
    pointer: [/a, /b]
"""

NEVER = TWO_RULES.replace("verdict: satisfied", "verdict: not applicable")

REVIEWED = """\
provision: SP12
cases:
  - name: too late
    rule: SP12/update#late
    as_of: 2024-06-03
    facts: {}
    verdict: unknown
    review: true
"""


def written(folder: Path, text: str, name: str = "SP12.yaml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_situation_may_be_of_several_rules(tmp_path: Path) -> None:
    (file,) = read_cases(written(tmp_path, TWO_RULES))
    assert [repr(case) for case in file.cases] == [
        "SP12/update: a situation",
        "SP12/certificate: a situation",
    ]
    assert file.cases[0].pointers == ["/a", "/b"]
    assert str(file.cases[0].place).endswith("SP12.yaml:5:11")


def test_merge_keys_add_what_is_not_there(tmp_path: Path) -> None:
    (file,) = read_cases(written(tmp_path, TWO_RULES))
    (event,) = file.cases[0].description["corporate_events"]
    assert event == {"id": "b", "kind": "name", "changed_on": "2024-03-05"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TWO_RULES.replace("verdict: satisfied", "verdict: ok"), "SP12.yaml:9:14"),
        (TWO_RULES.replace("*one", "*two"), "there is no anchor 'two'"),
        (TWO_RULES.replace("SP12/certificate", "SP12/update"), "SP12.yaml:6:"),
        (TWO_RULES + TWO_RULES.split("cases:\n")[1], "two cases have the name"),
        (TWO_RULES.replace("<<: *one, ", ""), "SP12.yaml:3:8: no alias names the anchor 'one'"),
        (TWO_RULES.replace("cases:", "  two: {}\ncases:"), "SP12.yaml:4:8: this fragment has no"),
        (
            f"base: {{licence: {{}}, corporate_events: []}}\n{TWO_RULES}",
            "SP12.yaml:1:21: every case",
        ),
        (
            f"always: {{update: it binds all}}\n{NEVER}",
            "SP12.yaml:6:11: SP12/update always applies",
        ),
        (f"{TWO_RULES}    boundary: first bad\n    why: x\n", "SP12.yaml:9:14"),
        (
            f"{REVIEWED.replace('    review: true', '')}    boundary: first bad\n    why: x\n",
            "SP12.yaml:3:5: missing key 'review'",
        ),
        (f"{NEVER}    boundary: last good\n", "SP12.yaml:5:5: missing key 'why'"),
        (f"{TWO_RULES}    reads: nobody\n", "unknown key 'reads'"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read_cases(written(tmp_path, text))
    assert said in str(refused.value)


def test_at_a_boundary_a_person_may_have_to_decide(tmp_path: Path) -> None:
    text = f"{REVIEWED}    boundary: first bad\n    why: x\n"
    (file,) = read_cases(written(tmp_path, text))
    assert (file.cases[0].rule, file.cases[0].review) == ("SP12/update#late", True)


def test_what_binds_everybody_says_why(tmp_path: Path) -> None:
    (file,) = read_cases(written(tmp_path, f"always: {{update: it binds all}}\n{TWO_RULES}"))
    (one,) = file.always
    assert (one.rule, one.reason) == ("SP12/update", "it binds all")
    assert str(one.place).endswith("SP12.yaml:1:10")


def test_a_fact_that_one_case_has_is_read(tmp_path: Path) -> None:
    other = (
        TWO_RULES.split("cases:\n")[1].replace("a situation", "another").replace("facts", "files")
    )
    more = other.replace("{corporate_events: [{id: b, <<: *one, changed_on: 2024-03-05}]}", "{}")
    text = f"base: {{corporate_events: []}}\n{TWO_RULES}{more}"
    (file,) = read_cases(written(tmp_path, text))
    assert file.cases[2].description["corporate_events"] == []


def test_reasons_are_no_cases(tmp_path: Path) -> None:
    written(tmp_path, TWO_RULES)
    assert read_equivalents(tmp_path) == ()
    reason = "equivalent: [{rule: SP12/update, change: x, reason: y}]"
    written(tmp_path, reason, "equivalent.yaml")
    assert len(read_cases(tmp_path)) == 1
    (one,) = read_equivalents(tmp_path)
    assert (one.rule, one.change, one.reason) == ("SP12/update", "x", "y")
