"""A pattern beyond the limit of the engine is an error, whether it is to match or not to."""

from __future__ import annotations

import json

import pytest
from jsonschema_rs import Draft202012Validator
from pytest_icp.kinds.pattern_limit import Limited

from pytest_icp.law.condition import parse_condition
from pytest_icp.law.errors import InputError
from pytest_icp.rules.patterns import DECIDE
from tests.plugin.conftest import OWN_POLICY, Infra

COSTLY = "^(a|a)*(?!x)$"
TEXT = "a" * 60 + "b"
IN_BOTH_SENSES = [{"pattern": "{}"}, {"not": {"pattern": "{}"}}]


def requiring(pattern: str, sense: dict[str, object]) -> dict[str, object]:
    return {"name": json.loads(json.dumps(sense).replace("{}", json.dumps(pattern)[1:-1]))}


@pytest.mark.parametrize("sense", IN_BOTH_SENSES)
def test_what_exceeds_the_steps_is_an_error(sense: dict[str, object]) -> None:
    node = parse_condition(requiring(COSTLY, sense))
    for value in ({"name": TEXT}, {"name": TEXT, "ids": [TEXT]}):
        for ask in (DECIDE.certain, DECIDE.possible):
            with pytest.raises(InputError, match="takes more steps than the engine allows on a"):
                ask(node, value)
    with pytest.raises(InputError, match="more steps"):
        DECIDE.all_comply(node, node, [{"name": TEXT}] * 100)


def test_the_same_pattern_decides_what_it_can() -> None:
    node = parse_condition(requiring(COSTLY, IN_BOTH_SENSES[0]))
    assert DECIDE.certain(node, {"name": "aaa", "numbers": [1, None]})
    assert not DECIDE.possible(node, {"name": "aab"})


def test_every_text_of_a_value_is_looked_at() -> None:
    limited = Limited(Draft202012Validator({"type": "object"}), [COSTLY])
    assert limited.is_valid({"name": "aaa", "ids": ["a", 1, None], "more": {"x": True}})
    with pytest.raises(InputError, match="on a text of 61 characters"):
        limited.is_valid({"more": {"ids": ["a", TEXT]}})


@pytest.mark.parametrize("sense", IN_BOTH_SENSES)
def test_the_rule_is_not_judged(infra: Infra, sense: dict[str, object]) -> None:
    own(infra, requiring(COSTLY, sense))
    infra.describe(company=f"{{name: {TEXT}, legal_representative: 张三}}")
    result = infra.run(
        *("--icp-policies=own", "--icp-select=OWN", "--icp-lang=en"),
        "--icp-report=markdown=out.md",
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "takes more steps than the engine allows" in " ".join(result.stdout.str().split())
    assert "Traceback" not in result.stdout.str()
    text = (infra.pytester.path / "out.md").read_text("utf-8")
    assert "Does not comply" in text
    assert "Not judged" in text


@pytest.mark.parametrize("sense", IN_BOTH_SENSES)
def test_what_is_too_large_is_refused_with_the_policy(
    infra: Infra, sense: dict[str, object]
) -> None:
    own(infra, requiring("^(a{1000}){1000}$", sense))
    result = infra.run("--icp-policies=own", "--icp-select=OWN", "--icp-lang=en")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*this `pattern` is too large for the engine of*"])


def own(infra: Infra, require: dict[str, object]) -> None:
    text = OWN_POLICY.replace("require: {name: {minLength: 1}}", f"require: {json.dumps(require)}")
    infra.write("own/OWN.yaml", text)
