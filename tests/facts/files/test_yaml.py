"""Several documents in one YAML text: each is read for itself."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.files.yaml import PartPositions, yaml_documents


def read(text: str) -> list[Any]:
    parts = yaml_documents(text.encode())
    return [part.data for part in parts if part.data is not None]


def faults(text: str) -> list[tuple[int, str]]:
    return [
        (part.before, part.fault.message.en) for part in yaml_documents(text.encode()) if part.fault
    ]


def test_documents_are_read_in_their_order() -> None:
    assert read("a: 1\n---\nb: 2\n--- {c: 3}\n...\n") == [{"a": 1}, {"b": 2}, {"c": 3}]


def test_a_broken_document_leaves_the_others_alone() -> None:
    text = "a: 1\n---\nb: 'open\n---\nc: [\n---\nd: 4\n"
    assert read(text) == [{"a": 1}, {"d": 4}]
    assert [before for before, _ in faults(text)] == [1, 3]


def test_directives_belong_to_the_document_that_follows() -> None:
    assert read("a: 1\n...\n%YAML 1.1\n# c\n---\nb: 2\n") == [{"a": 1}, {"b": 2}]
    assert read("%YAML 1.1\n---\nb: 2\n") == [{"b": 2}]


def test_a_part_has_its_own_bytes_and_places() -> None:
    _, second = yaml_documents(b"a: 1\n---\nb: 2\n")
    assert second.raw.strip() == b"---\nb: 2"
    places = PartPositions(second)
    assert places.text() == second.raw.decode()
    assert places.root() is places.root()


def test_a_key_that_stands_twice_is_told_and_the_last_counts() -> None:
    (part,) = yaml_documents(b"a: 1\na: 2\n")
    assert part.data == {"a": 2}
    assert [fault.start for fault in part.repeated] == [5]


def test_keys_and_words_stay_as_they_are_written() -> None:
    text = "22:22: 22:22\n80: on\nday: 2024-01-01\nodd: .inf\nlong: " + "9" * 5000
    (data,) = read(text)
    assert data["22:22"] == "22:22"
    assert data["80"] == "on"
    assert data["day"] == "2024-01-01"
    assert data["odd"] == ".inf"
    assert data["long"] == "9" * 5000


def test_merge_keys_bring_what_is_not_there() -> None:
    text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 3}\nw: {<<: *x, b: 4}\n"
    (data,) = read(text)
    assert data["z"] == {"a": 3, "b": 1, "c": 2}
    assert data["w"] == {"a": 1, "b": 4}
    assert data["x"] == {"a": 1, "b": 1}


def test_a_merge_key_of_no_object_brings_nothing() -> None:
    assert read("a: {<<: 1, b: 2}") == [{"a": {"b": 2}}]


def test_bombs_and_depths_are_faults() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert "aliases expand to more than" in faults(bomb)[0][1]
    assert "levels deep" in faults("a: " + "[" * 200 + "]" * 200)[0][1]
    assert "tag '!Ref'" in faults("a: !Ref b")[0][1]


@given(st.lists(st.dictionaries(st.text("abc", min_size=1), st.text("xyz -#'"), max_size=3)))
def test_what_is_written_is_read(documents: list[dict[str, str]]) -> None:
    text = yaml.dump_all(documents, explicit_start=True)
    assert read(text) == documents


@given(st.text(st.sampled_from("a:-.%#\n '\"[{|"), max_size=60))
def test_any_text_is_read_or_at_fault(text: str) -> None:
    for part in yaml_documents(text.encode()):
        assert part.data is not None or part.fault
        assert part.before <= text.count("\n")
