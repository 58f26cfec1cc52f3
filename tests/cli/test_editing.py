"""Values set in a file that a person writes: nothing else of it changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_icp.cli.editing import set_values
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.errors import InputError

EXAMPLE = Path(__file__).parents[2] / "examples/etaoche/etaoche.icp.yaml"


@pytest.fixture
def edit(tmp_path):
    def edit(text, values, name="a.icp.yaml"):
        path = tmp_path / name
        path.write_bytes(text.encode())
        set_values(path, values)
        return path.read_bytes().decode()

    return edit


def test_an_element_is_appended_before_what_follows(edit):
    before = """\
apiVersion: pytest-icp/v1
list:
  - id: x
    owner: {role: y}  # who

  # another one will come

# Next section
other: 1
"""
    entry = {"id": "z", "owner": {"role": "a: b"}, "on": "2023-01-01", "ok": True, "no": None}
    added = """\
  - id: z
    owner: {role: "a: b"}
    on: 2023-01-01
    ok: true
    no: null
"""
    head, _, tail = before.partition("\n\n")
    assert edit(before, {("list", 1): entry}) == f"{head}\n{added}\n{tail}"


def test_lists_are_indented_as_they_are_elsewhere_in_the_file(edit):
    before = "list:\n- id: x\n  tags:\n  - b\n# Next\nother:\n  k: 1  # one\n\n# last\n"
    after = edit(before, {("list", 1): {"id": "z"}, ("other", "q"): "x", ("new", "deep"): [1]})
    assert after == (
        "list:\n- id: x\n  tags:\n  - b\n- id: z\n# Next\nother:\n  k: 1  # one\n  q: x\n"
        "new:\n  deep: [1]\n\n# last\n"
    )


def test_other_lines_keep_their_layout(edit):
    before = """\
sources:
  - {kind: a, path: x,
     assume: {production: true,
              public: true}}   # wide

  - {kind: b,
     path: y}
text: "one
  two"


list:   [a,
         b]
sites:
    - id:  s
      tags: [1,
             2]
    - id: t
# last
"""
    assert edit(before, {("list", 2): "c"}) == before.replace(
        "list:   [a,\n         b]\n", "list:   [a,\n         b, c]\n"
    )
    assert edit(before, {("sources", 1, "path"): "z"}) == before.replace("path: y}\n", "path: z}\n")
    assert edit(before, {("sites", 0, "ok"): True}) == before.replace(
        "             2]\n", "             2]\n      ok: true\n"
    )


def test_the_lines_of_a_json_file_keep_their_layout(edit):
    before = '{\n  "a": [1, 2],\n  "b": {"c": null}\n}\n'
    after = edit(before, {("b", "c"): 1}, "a.icp.json")
    assert after == before.replace("null", "1")


def test_line_ends_and_byte_order_marks_stay(edit):
    assert edit("\ufeffa: 1\r\nb: x\r\n", {("a",): 2}) == "\ufeffa: 2\r\nb: x\r\n"


def test_json(edit):
    before = '{\n  "a": "中",\n  "list": []\n}\n'
    after = edit(before, {("list", 0, "id"): "x"}, "a.icp.json")
    assert after == '{\n  "a": "中",\n  "list": [{"id": "x"}]\n}\n'
    assert edit(after, {("b",): {"c": True}}, "a.icp.json") == after.replace(
        "\n}\n", ',\n  "b": {"c": true}\n}\n'
    )
    assert edit('{"a": 1}', {("a",): 2}, "a.icp.json") == '{"a": 2}'


def test_what_is_written_as_nothing_gets_a_value(edit):
    before = "a:   # why\nb: none  # x\nlist: []"
    values = {("a",): {"k": "v"}, ("b",): {"q": 1}, ("list", 0, "id"): "x", ("n",): [{"id": "y"}]}
    assert edit(before, values) == (
        "a:   # why\n  k: v\nb:  # x\n  q: 1\nlist:\n  - id: x\nn:\n  - id: y\n"
    )
    assert edit("a:\nb: {c: }\n", {("a",): 1, ("b", "c"): 2}) == "a: 1\nb: {c: 2}\n"


def test_a_text_of_several_lines_is_passed(edit):
    before = "a:\n  k: |\n    one\n\n    two\n\n# next\nb: 1\n"
    assert edit(before, {("a", "z"): "x"}) == before.replace("two\n", "two\n  z: x\n")
    assert edit(before, {("a", "k"): "x"}) == "a:\n  k: x\n\n# next\nb: 1\n"


def test_an_edit_that_would_change_more_is_refused(edit, tmp_path):
    # The alias is the anchor's value: both would change.
    before = "a: &x {b: 1}\nc: *x\n"
    with pytest.raises(InputError, match="nothing was written"):
        edit(before, {("c", "b"): 2})
    assert (tmp_path / "a.icp.yaml").read_text("utf-8") == before


def test_what_cannot_be_read_after_the_edit_is_refused(edit):
    with pytest.raises(InputError, match="nothing was written"):
        edit("a: &x {b: 1}\nc: *x\n", {("a",): 2})


def pointers(data, at=()):
    """Where the values of a document are, and where a list or an object can have one more."""
    if isinstance(data, dict):
        yield (*at, "new")
        for key, value in data.items():
            yield from pointers(value, (*at, key))
    elif isinstance(data, list):
        yield (*at, len(data))
        for i, value in enumerate(data):
            yield from pointers(value, (*at, i))
    else:
        yield at


@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_comments_and_order_are_kept(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("edit") / "a.icp.yaml"
    text = EXAMPLE.read_text("utf-8")
    path.write_text(text, "utf-8")
    before = read_source(path).data
    at = data.draw(st.sampled_from(list(pointers(before))))
    value = data.draw(st.sampled_from(["new", "null", "2023-01-01", True, 7, None, {"id": "x"}]))
    try:
        set_values(path, {at: value})
    except InputError as error:
        # What several places share by an anchor would change in all of them.
        assert "would change more" in error.message.en
        assert at[:3] == ("servers", 0, "location")
        assert path.read_text("utf-8") == text
        return
    after = path.read_text("utf-8")
    comments = re.compile(r"# .*")
    assert comments.findall(after) == comments.findall(text)
    changed = read_source(path).data
    for step in at:
        changed = changed[step]
    assert changed == value
