from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pytest_icp.facts.files.properties import resource
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.practice import breaches, by_practice, read_breaches

RULES = [one for policy in default_policies() for one in policy.obligations]
KNOWN = {one.own_id for rule in RULES for one in (rule, *rule.parts)}

BREACH = """\
  - rank: {rank}
    title: {{zh: 不报年报, en: No report}}
    rules: [{rules}]
    found: {{zh: 一家, en: one company}}
    sources: ["https://example.cn/list"]
    read_on: 2026-11-30
"""


def written(folder: Path, *breaches: tuple[object, str]) -> Path:
    path = folder / "practice.yaml"
    made = (BREACH.format(rank=rank, rules=rules) for rank, rules in breaches)
    path.write_text("breaches:\n" + "".join(made), "utf-8")
    return path


def test_every_rule_that_a_breach_names_is_there() -> None:
    named = [rule for breach in breaches() for rule in breach.rules]
    assert not [rule for rule in named if not any(fnmatchcase(one, rule) for one in KNOWN)]


def test_the_most_pursued_rule_comes_first() -> None:
    ordered = sorted((rule.rule_id for rule in RULES), key=by_practice)
    assert ordered[0] == "SP14/report"
    assert by_practice("SP07/consent") < by_practice("SP01/rectification") < by_practice("LIC/apps")


@pytest.mark.parametrize(
    ("breaches", "wrong", "line"),
    [
        ([(1, "SP14/report"), (1, "SP12/exit")], "rank 1 is not after the 1 before it", 8),
        ([(2, "SP14/report"), (1, "SP12/exit")], "rank 1 is not after the 2 before it", 8),
        ([(0, "SP14/report")], "less than 1", 2),
        ([(1, "report")], "does not have the form expected here", 4),
        ([(1, "")], "this list cannot be empty", 4),
    ],
)
def test_what_is_written_wrongly_is_one_error_with_its_line(
    tmp_path: Path, breaches: list[tuple[object, str]], wrong: str, line: int
) -> None:
    path = written(tmp_path, *breaches)
    with pytest.raises(InputError) as caught:
        read_breaches(path)
    said = caught.value.text("en")
    assert f"practice.yaml:{line}:" in said
    assert wrong in said


def test_the_file_of_a_company_is_no_practice(tmp_path: Path) -> None:
    """The ranks are the package's; a file of that name elsewhere is a policy, or an error."""
    from pytest_icp.kinds.policies import load_policies

    written(tmp_path, (1, "SP14/report"))
    with pytest.raises(InputError, match=r"practice\.yaml:1:1"):
        load_policies([resource("policies"), tmp_path])
