"""Whether every way through an expression of a route asks for a host."""

from __future__ import annotations

import pytest

from pytest_icp.sources.gateways.expressions import always
from tests.sources.reading import read, sites


@pytest.mark.parametrize(
    ("expression", "each"),
    [
        ("H", True),
        ("  H ", True),
        ("H || H", True),
        ("H || P", False),
        ("H && P || P && H", True),
        ("(H || P) && P", False),
        ("(H || H) && (P || P)", True),
        ("P && (P || (H))", False),
        ("H || !H", False),
        ("!(H) && P", False),
        ("`a||b` && H", True),
        ('P == "(" && H', True),
        ("H || ", False),
        ("", False),
        ("(H", True),
        ("(" * 20 + "H" + ")" * 20, True),
        ("(" * 40 + "H" + ")" * 40, False),
    ],
)
def test_every_alternative_asks_for_a_host(expression: str, each: bool) -> None:
    assert always(expression, lambda one: "H" in one) is each


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        (
            "traefik",
            "t.yml",
            "http: {routers: {a: {rule: 'Host(`a.cn`) || PathPrefix(`/b`)', service: s}}}\n",
        ),
        (
            "kong",
            "kong.yml",
            """_format_version: '3.0'
routes: [{name: a, expression: 'http.host == "a.cn" || http.path ^= "/b"'}]
""",
        ),
    ],
)
def test_a_route_that_some_way_asks_for_no_host_is_a_gap(tmp_path, kind, name, text):
    derived = read(tmp_path, kind, {name: text})
    assert list(sites(derived)) == ["a.cn"]
    (gap,) = derived.gaps
    assert "any domain may lead to them" in gap.message.en
