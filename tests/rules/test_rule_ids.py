from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.description import Description, load
from pytest_icp.law.errors import InputError
from pytest_icp.rules.selection import RuleIds, check_names, is_rule_id, no_such_rule

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


def test_what_is_near_is_offered() -> None:
    assert no_such_rule("LIC/valit", RULES).text("en").splitlines() == [
        "there is no rule 'LIC/valit'",
        "  did you mean 'LIC/valid'?",
    ]
    assert "是否指 'LIC/valid'？" in no_such_rule("LIC/valit", RULES).text("zh")
    assert no_such_rule("?", RULES).text("zh") == "没有规则 '?'"


KNOWN_RULES = RuleIds(
    frozenset({"LIC/valid", "EVID/papers"}),
    frozenset({"LIC", "EVID"}),
    frozenset({"EVID/papers#scan", "EVID/papers#truth"}),
    editions=("2020", "2026"),
)


def described(folder: Path, attestations: str) -> Description:
    path = folder / "a.icp.yaml"
    path.write_text(f"apiVersion: pytest-icp/v1\nattestations: {attestations}\n", "utf-8")
    return load(path)


@pytest.mark.parametrize(
    "written",
    [
        "[{id: a, rule: LIC/valid}]",
        "[{id: a, rule: EVID/papers#scan}]",
        "[{id: a, rule: null}, {id: b}]",
        "[{id: a, rule: OWN/log-fields}]",
        "[]",
        "null",
    ],
)
def test_rules_that_there_may_be(tmp_path: Path, written: str) -> None:
    check_names(described(tmp_path, written), lambda: KNOWN_RULES)


@pytest.mark.parametrize(
    ("rule", "said", "hint"),
    [
        ("LIC/valit", "there is no rule 'LIC/valit'", "did you mean 'LIC/valid'?"),
        (
            "EVID/papers#scam",
            "there is no rule 'EVID/papers#scam'",
            "did you mean 'EVID/papers#scan'?",
        ),
        (
            "EVID/papers",
            "EVID/papers has parts, and the document is not said to be for one of them",
            "one of: EVID/papers#scan, EVID/papers#truth",
        ),
    ],
)
def test_a_misspelt_rule_is_told_at_its_place(
    tmp_path: Path, rule: str, said: str, hint: str
) -> None:
    description = described(tmp_path, f"[{{id: a}}, {{id: b, rule: {rule}}}]")
    with pytest.raises(InputError) as caught:
        check_names(description, lambda: KNOWN_RULES)
    assert caught.value.text("en").splitlines() == [
        f"{tmp_path}/a.icp.yaml:2:39: {said}",
        f"  {hint}",
    ]


@pytest.mark.parametrize(
    ("said", "column", "name", "near"),
    [
        ("SP12/renewel", 9, "SP12/renewel", "SP12/renewal"),
        ("[all, securty]", 15, "securty", "security"),
    ],
)
def test_a_misspelt_selection_is_told_at_its_place(
    tmp_path: Path, said: str, column: int, name: str, near: str
) -> None:
    path = tmp_path / "a.icp.yaml"
    path.write_text(f"apiVersion: pytest-icp/v1\nselect: {said}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        check_names(load(path), lambda: KNOWN)
    assert caught.value.text("en").splitlines() == [
        f"{path}:2:{column}: there is no rule {name!r}",
        f"  did you mean {near!r}?",
    ]


def test_a_selection_names_groups_roles_provisions_and_globs(tmp_path: Path) -> None:
    path = tmp_path / "a.icp.yaml"
    named = "[all, deployed, legal, SP12, SP12/re*, LIC/valid]"
    path.write_text(f"apiVersion: pytest-icp/v1\nselect: {named}\n", "utf-8")
    check_names(load(path), lambda: KNOWN)


def licensed(folder: Path, edition: str) -> Description:
    path = folder / "a.icp.yaml"
    licence = f"licence:\n  provisions_edition: {edition}\n"
    path.write_text(f"apiVersion: pytest-icp/v1\n{licence}", "utf-8")
    return load(path)


@pytest.mark.parametrize(
    ("edition", "hint"),
    [("'20200'", "did you mean '2020'?"), ("first", "editions: 2020, 2026")],
)
def test_an_edition_that_is_not_known_is_told_at_its_place(
    tmp_path: Path, edition: str, hint: str
) -> None:
    with pytest.raises(InputError) as caught:
        check_names(licensed(tmp_path, edition), lambda: KNOWN_RULES)
    name = edition if edition.startswith("'") else f"'{edition}'"
    assert caught.value.text("en").splitlines() == [
        f"{tmp_path}/a.icp.yaml:3:23: there is no edition {name}",
        f"  {hint}",
    ]
