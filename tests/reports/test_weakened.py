from __future__ import annotations

from pytest_icp.reports.weakened import ignored_section

EVERY = ("SP12/renewal", "SP09/report", "SP09/case-record", "LIC/valid")


def test_the_only_rule_of_a_provision_is_named_in_full() -> None:
    (section,) = ignored_section(EVERY, {"SP12/renewal"}, "en", 80)
    assert "SP12/renewal" in " ".join(section.lines)


def test_where_nothing_is_left_out_nothing_is_said() -> None:
    assert list(ignored_section(EVERY, frozenset(), "en", 80)) == []
