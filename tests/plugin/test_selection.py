from __future__ import annotations

import pytest

from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.selection import is_selected, rule_of


@pytest.fixture
def options(pytester: pytest.Pytester) -> Options:
    return read_options(pytester.parseconfig())


@pytest.mark.parametrize(
    ("select", "ignore", "kept"),
    [
        ((), (), {"SP12/renewal", "SP12/exit", "LIC/valid"}),
        (("SP12",), (), {"SP12/renewal", "SP12/exit"}),
        (("SP12/re*", "LIC/valid"), (), {"SP12/renewal", "LIC/valid"}),
        ((), ("SP12",), {"LIC/valid"}),
        (("SP12",), ("*/exit",), {"SP12/renewal"}),
        (("sp12",), (), set()),
        (("SP1",), (), set()),
    ],
)
def test_rules_are_meant_by_id_by_glob_or_by_provision(
    options: Options, select: tuple[str, ...], ignore: tuple[str, ...], kept: set[str]
) -> None:
    chosen = options._replace(select=select, ignore=ignore)
    rules = ["SP12/renewal", "SP12/exit", "LIC/valid"]
    assert {rule for rule in rules if is_selected(rule, chosen, {})} == kept


TESTS = """\
import pytest

@pytest.mark.icp("OWN/number")
def test_marked(): pass

@pytest.mark.icp
def test_marked_without_a_rule(): pass

def test_ordinary(): pass
"""


def test_a_test_decides_the_rule_of_its_marker(pytester: pytest.Pytester) -> None:
    items = pytester.getitems(TESTS)
    assert [rule_of(item) for item in items] == ["OWN/number", None, None]
