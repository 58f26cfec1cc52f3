from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_icp.facts.files.faults import flow
from pytest_icp.facts.files.source import read_source

words = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"
    )
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | words,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.text("ab on1:-", max_size=4), below, max_size=3)
    ),
    max_leaves=8,
)


@given(value=values)
@example(value=[".inf", "1e999", "- a", "a: b", "010", "yes", "a ", "#"])
def test_a_value_on_one_line_reads_as_itself(
    tmp_path_factory: pytest.TempPathFactory, value: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "flow.yaml"
    path.write_text(f"a: {flow(value)}\nb: [{flow(value)}]\n", "utf-8", newline="")
    assert read_source(path).data == {"a": value, "b": [value]}


def test_what_turns_the_direction_of_writing_is_escaped_on_one_line() -> None:
    # Whoever approves a lock reads it in the order in which it is written.
    assert flow("a\u202eb\x7f\u2028\U000e0041") == r'"a\U0000202eb\U0000007f\U00002028\U000e0041"'
