from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.jsontypes import Json, changed, escape, pointer, texts_of, tokens, unescape


@given(st.text())
def test_a_token_reads_back(token: str) -> None:
    assert unescape(escape(token)) == token
    assert "/" not in escape(token)


@given(st.lists(st.text() | st.integers(0, 99)))
def test_a_pointer_reads_back(path: list[str | int]) -> None:
    assert tokens(pointer(path)) == tuple(map(str, path))


@pytest.mark.parametrize(
    ("value", "texts"), [(["B25", 1, None, "B21"], ("B25", "B21")), ("B25", ()), (None, ())]
)
def test_the_texts_in_a_list(value: Json, texts: tuple[str, ...]) -> None:
    assert texts_of(value) == texts


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


def test_what_is_changed_leaves_the_rest_as_it_is() -> None:
    document = {"a": [{"b": 1}, {"b": 2}], "c": 3}
    changes: dict[tuple[str | int, ...], Json] = {("a", 1, "b"): 4, ("d", "e"): 5, ("c",): None}
    assert changed(document, changes) == {"a": [{"b": 1}, {"b": 4}], "c": None, "d": {"e": 5}}
    assert changed(document, {("a", "0"): 6}) == {**document, "a": [6, {"b": 2}]}
    assert changed(document, {(): 7}) == 7
