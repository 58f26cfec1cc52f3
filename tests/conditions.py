"""Conditions and values that Hypothesis draws: small ones, which meet often."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pytest_icp.law.condition import PERHAPS

NAMES = ("a", "b", "c")


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)


def perhaps_there(element: dict[str, Any]) -> dict[str, Any]:
    """An object that does not say since when it is there."""
    return {**element, PERHAPS: "since"}


SCALARS = st.one_of(st.booleans(), st.integers(-2, 2), st.sampled_from(["x", "xy", "never", ""]))
VALUES = st.recursive(
    st.none() | SCALARS,
    lambda inner: st.lists(inner, max_size=3) | objects(inner) | objects(inner).map(perhaps_there),
    max_leaves=6,
)
LEAVES = st.one_of(
    SCALARS,
    st.builds(lambda v: {"enum": v}, st.lists(SCALARS, min_size=1, max_size=3)),
    st.builds(
        lambda k, n: {k: n},
        st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
        st.integers(-2, 2),
    ),
    st.builds(lambda k, n: {k: n}, st.sampled_from(["minLength", "maxLength"]), st.integers(0, 2)),
    st.builds(
        lambda k, of, n: {k: {"of": of, **n}},
        st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
        st.sampled_from(["a", "b", "b.c"]),
        st.sampled_from([{}, {"times": 2}, {"plus": -1}]),
    ),
    st.sampled_from([{"pattern": "^x"}, {"pattern": "y$"}, {"type": "string"}, {"type": "array"}]),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
        st.builds(
            lambda k, t: {k: t},
            st.sampled_from(["anyOf", "allOf"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda k, t: {k: t}, st.sampled_from(["not", "some", "every"]), inner),
    ),
    max_leaves=5,
)
