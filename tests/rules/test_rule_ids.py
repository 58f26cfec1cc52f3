from __future__ import annotations

import pytest

from pytest_icp.rules.rule_ids import RuleIds, is_rule_id, no_such_rule

RULES = frozenset({"LIC/valid", "SP12/renewal", "SP12/update", "SP15-01/consent", "OWN/logs"})
KNOWN = RuleIds(RULES, frozenset({"LIC", "SP12", "SP15-01"}))


@pytest.mark.parametrize(
    "rule", ["LIC/valit", "SP12/renewel", "LCI/valid", "SP15-02/consent", "SP12", "SP12/"]
)
def test_what_is_written_wrongly(rule: str) -> None:
    assert KNOWN.misspelt(rule)


@pytest.mark.parametrize(
    ("written", "is_id"),
    [
        *(("OWN/log-fields", True), ("SP15-01/consent", True), ("A1/2", True)),
        *(("own log", False), ("own/logs", False), ("OWN", False), ("OWN/", False)),
        *((5, False), ("OWN/logs\n", False), ("OWN/a--b", False)),
    ],
)
def test_the_form_of_an_id(written: object, is_id: bool) -> None:
    assert is_rule_id(written) is is_id


@pytest.mark.parametrize("rule", ["LIC/valid", "OWN/valid", "OWN/logs", "OWN/log", "LCI/other"])
def test_what_is_a_rule_or_may_be_one_of_a_python_test(rule: str) -> None:
    assert not KNOWN.misspelt(rule)


def test_without_policies_of_the_product_anything_goes() -> None:
    assert not RuleIds(RULES, frozenset()).misspelt("LIC/valit")


def test_what_is_near_is_offered() -> None:
    assert no_such_rule("LIC/valit", RULES).text("en").splitlines() == [
        "there is no rule 'LIC/valit'",
        "  did you mean 'LIC/valid'?",
    ]
    assert "是否指 'LIC/valid'？" in no_such_rule("LIC/valit", RULES).text("zh")
    assert no_such_rule("?", RULES).text("zh") == "没有规则 '?'"
