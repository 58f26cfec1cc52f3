"""A pattern that takes more than a text is long is refused, whether it is to match or not to."""

from __future__ import annotations

import json

import pytest

from pytest_icp.cli.main import main
from pytest_icp.law.condition import parse_condition
from pytest_icp.rules.patterns import DECIDE
from tests.plugin.conftest import OWN_POLICY, Infra

COSTLY = "^(a|a)*(?!x)$"
IN_BOTH_SENSES = [{"pattern": "{}"}, {"not": {"pattern": "{}"}}]


def requiring(pattern: str, sense: dict[str, object]) -> dict[str, object]:
    return {"name": json.loads(json.dumps(sense).replace("{}", json.dumps(pattern)[1:-1]))}


LINEAR = "^(a|a)*(a+)+$"


def test_what_the_engine_can_do_in_a_line_it_does() -> None:
    node = parse_condition({"name": {"pattern": LINEAR}})
    assert DECIDE.truth(node, {"name": "a" * 100_000})
    assert DECIDE.truth(node, {"name": "a" * 100_000 + "b"}) is False


@pytest.mark.parametrize("sense", IN_BOTH_SENSES)
def test_what_an_engine_would_try_in_every_way_is_refused_with_the_policy(
    infra: Infra, sense: dict[str, object]
) -> None:
    own(infra, requiring(COSTLY, sense))
    result = infra.run("--icp-policies=own", "--icp-select=OWN", "--icp-lang=en")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*this `pattern` uses what is not supported*"])


@pytest.mark.parametrize("sense", IN_BOTH_SENSES)
def test_what_is_too_large_is_refused_with_the_policy(
    infra: Infra, sense: dict[str, object]
) -> None:
    own(infra, requiring("^(a{1000}){1000}$", sense))
    result = infra.run("--icp-policies=own", "--icp-select=OWN", "--icp-lang=en")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*this `pattern` is too large for the engine of*"])


def test_what_is_nested_too_deeply_is_refused_with_the_policy(infra: Infra) -> None:
    own(infra, requiring("(" * 3000 + "a" + ")" * 3000, IN_BOTH_SENSES[0]))
    result = infra.run("--icp-policies=own", "--icp-select=OWN", "--icp-lang=en")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*`pattern` is not a regular expression: maximum recursion*"])


@pytest.mark.parametrize("pattern", [COSTLY, "^(a{1000}){1000}$", "(" * 3000 + "a" + ")" * 3000])
def test_lint_refuses_it_as_well(
    infra: Infra,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pattern: str,
) -> None:
    own(infra, requiring(pattern, IN_BOTH_SENSES[0]))
    monkeypatch.chdir(infra.pytester.path)
    assert main(["lint", "--policies", "own", "--lang", "en", "OWN"]) == pytest.ExitCode.USAGE_ERROR
    assert "own/OWN.yaml:16:35" in capsys.readouterr().err


def own(infra: Infra, require: dict[str, object]) -> None:
    text = OWN_POLICY.replace("require: {name: {minLength: 1}}", f"require: {json.dumps(require)}")
    infra.write("own/OWN.yaml", text)
