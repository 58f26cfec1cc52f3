from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.jsontypes import escape, pointer, tokens, unescape


@given(st.text())
def test_a_token_reads_back(token: str) -> None:
    assert unescape(escape(token)) == token
    assert "/" not in escape(token)


@given(st.lists(st.text() | st.integers(0, 99)))
def test_a_pointer_reads_back(path: list[str | int]) -> None:
    assert tokens(pointer(path)) == tuple(map(str, path))


# RFC 6901, section 5.
@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("", ()),
        ("/", ("",)),
        ("/foo/0", ("foo", "0")),
        ("/a~1b", ("a/b",)),
        ("/m~0n", ("m~n",)),
        ("/~01", ("~1",)),
        ("/ ", (" ",)),
    ],
)
def test_the_examples_of_the_standard(written: str, path: tuple[str, ...]) -> None:
    assert tokens(written) == path
    assert pointer(path) == written
