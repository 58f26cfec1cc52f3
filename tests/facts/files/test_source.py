"""Reading YAML and JSON: what is read, where it stands, and every bad input refused."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pytest_icp.facts.files import disk
from pytest_icp.facts.files.disk import MEGABYTE
from pytest_icp.facts.files.faults import DEPTH, show
from pytest_icp.facts.files.json import embedded
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.facts.files.yaml import ALIASED
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import pointer

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(params=["c", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with PyYAML's parser in C, and with the one in Python."""
    if request.param == "python":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML is built without libyaml")
    return str(request.param)


def read(folder: Path, text: str | bytes, name: str = "x.yaml") -> Source:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_source(path)


def refused(folder: Path, text: str | bytes, name: str = "x.yaml") -> InputError:
    with pytest.raises(InputError) as caught:
        read(folder, text, name)
    for lang in ("zh", "en"):
        assert caught.value.message[lang]  # type: ignore[index]  # a Lang
    return caught.value


def where(error: InputError) -> tuple[int | None, int | None]:
    assert error.place is not None
    return error.place.line, error.place.column


# Its path


@pytest.mark.parametrize("written", ["in/../x.yaml", "./in/.././x.yaml", "in/../in/../x.yaml"])
def test_a_path_is_told_without_the_way_back(tmp_path: Path, written: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "x.yaml").write_text("a: 1\n", "utf-8")
    source = read_source(tmp_path / written)
    assert source.path == tmp_path / "x.yaml"
    assert str(source.place("/a")) == f"{tmp_path / 'x.yaml'}:1:4"
    with pytest.raises(InputError) as caught:
        read_source(tmp_path / "in" / ".." / "y.yaml")
    assert caught.value.place is not None
    assert caught.value.place.path == tmp_path / "y.yaml"
    with pytest.raises(InputError, match="not a valid path"):
        read_source(tmp_path / "in" / ".." / "\0.yaml")


# What is read


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2024-03-06", "2024-03-06"),
        ("2024-03-06T10:00:00Z", "2024-03-06T10:00:00Z"),
        ("on", "on"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("", None),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("-7", -7),
        ("+7", 7),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("1e", "1e"),
        ("-", None),
        ("京B2-20190486", "京B2-20190486"),
        ("=", "="),
        ("'010'", "010"),
        ('"null"', "null"),
        ("!!str 010", "010"),
        ("! '7'", "7"),
        ("!!int '7'", 7),
        ("!!float 7", 7.0),
        ("!!float 7.5", 7.5),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!!seq [1]", [1]),
        ("!!map {a: 1}", {"a": 1}),
        ("|\n  one\n  two\n", "one\ntwo\n"),
        ("{on: 1, 'no': 2}", {"on": 1, "no": 2}),
    ],
)
def test_scalars_follow_the_core_schema(
    tmp_path: Path, parser: str, written: str, value: object
) -> None:
    if written == "-":
        written, value = "[-1, '-']", [-1, "-"]
    data = read(tmp_path, f"a: {written}\n").data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)  # type: ignore[call-overload, index]  # it is a mapping


def test_aliases_stand_for_their_values(tmp_path: Path, parser: str) -> None:
    data = read(tmp_path, "a: &x {b: &y [1, 2]}\nc: *x\nd: *y\ne: &z w\nf: *z\n&k g: *k\n").data
    assert data == {
        "a": {"b": [1, 2]},
        "c": {"b": [1, 2]},
        "d": [1, 2],
        "e": "w",
        "f": "w",
        "g": "g",
    }


@pytest.mark.parametrize("name", ["x.yaml", "x.yml", "x.YAML", "x.icp.json"])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, name: str) -> None:
    source = read(tmp_path, b'\xef\xbb\xbf{"a": 1}', name)
    assert source.data == {"a": 1}
    assert (source.place("/a").line, source.place("/a").column) == (1, 7)


def test_yaml_is_imported_only_to_read_yaml(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    code = (
        "import sys, pathlib; from pytest_icp.facts.files.source import read_source; "
        f"read_source(pathlib.Path({str(tmp_path / 'a.json')!r})); "
        "heavy = {'yaml', 'jsonschema', 'jsonschema_rs'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


# Where it stands

TEXT = """\
# a comment
sites:
  - id: main
    name: "淘车 é"
    domains: [www.a.cn, 'b.cn']
    note: |
      first
      second
    empty:
  - &other
    id: other
"a/b~c": *other
"""


@pytest.mark.parametrize(
    ("at", "line", "column", "marked"),
    [
        ("/sites/0/id", 3, 9, "main"),
        ("/sites/0/name", 4, 11, '"淘车 é"'),
        ("/sites/0/domains", 5, 14, "[www.a.cn, 'b.cn']"),
        ("/sites/0/domains/1", 5, 25, "'b.cn'"),
        ("/sites/0/note", 6, 11, "|"),
        ("/sites/0/empty", 9, 5, "empty"),
        ("/sites/1/id", 11, 9, "other"),
        ("/a~1b~0c", 12, 10, "*other"),
        ("/a~1b~0c/id", 11, 9, "other"),
        ("/sites/0", 3, 5, "id: main"),
        ("", 2, 1, "sites:"),
        # Absent: the closest ancestor, by its key where it has one.
        ("/sites/0/launched_on", 3, 5, "id: main"),
        ("/sites/7", 2, 1, "sites"),
        ("/sites/-", 2, 1, "sites"),
        ("/sites/01", 2, 1, "sites"),
        ("/sites/0/name/deeper", 4, 5, "name"),
        ("/renewal/applied_on", 2, 1, "sites:"),
    ],
)
def test_a_value_has_its_place(
    tmp_path: Path, parser: str, at: str, line: int, column: int, marked: str
) -> None:
    place = read(tmp_path, TEXT).place(at)
    assert (place.line, place.column) == (line, column)
    assert place.excerpt == TEXT.splitlines()[line - 1]
    assert place.excerpt[column - 1 : column - 1 + place.width] == marked


@pytest.mark.parametrize(
    ("at", "line", "column", "marked"),
    [
        ("/sites/0/domains", 5, 5, "domains"),
        ("/sites/0/domains/0", 5, 15, "www.a.cn"),
        ("/a~1b~0c", 12, 1, '"a/b~c"'),
        ("", 2, 1, "sites:"),
    ],
)
def test_a_key_has_its_place(tmp_path: Path, at: str, line: int, column: int, marked: str) -> None:
    place = read(tmp_path, TEXT).place(at, of="key")
    assert (place.line, place.column) == (line, column)
    assert place.excerpt[column - 1 : column - 1 + place.width] == marked


def test_of_a_long_line_only_the_beginning_is_quoted(tmp_path: Path) -> None:
    source = read(tmp_path, json.dumps({"a": 1, "b": "x" * 1000, "c": 2}), "x.json")
    assert len(source.place("/a").excerpt) == 400
    assert source.place("/b").width == 400
    assert source.place("/c").excerpt == ""
    assert source.place("/c").column == 1024


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
documents = st.recursive(
    leaves,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(names, below, max_size=4),
    max_leaves=15,
)


def facts(data: Any, at: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    found = [(at, data)]
    if isinstance(data, dict | list):
        for name, value in data.items() if isinstance(data, dict) else enumerate(data):
            found += facts(value, (*at, name))
    return found


def marked(text: str, source: Source, at: tuple[str | int, ...], *, key: bool = False) -> str:
    """Return the text from the place of a fact to the end of the document."""
    place = source.place(pointer(at), of="key" if key else "value")
    starts = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", text))]
    assert place.line is not None
    assert place.column is not None
    return text[starts[place.line - 1] + place.column - 1 :]


@same_folder
@given(data=documents, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_json_places_point_at_the_very_value(
    tmp_path: Path, data: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    source = read(tmp_path, text, "x.json")
    assert source.data == data
    for at, value in facts(data):
        assert json.JSONDecoder().raw_decode(marked(text, source, at))[0] == value
        if at and isinstance(at[-1], str):
            assert json.JSONDecoder().raw_decode(marked(text, source, at, key=True))[0] == at[-1]


@same_folder
@given(data=documents)
def test_yaml_reads_json_to_the_same_data_and_places(tmp_path: Path, data: Any) -> None:
    # Of JSON text YAML refuses only some raw control characters and escaped surrogates.
    text = "--- " + re.sub(
        "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]",
        lambda found: f"\\u{ord(found[0]):04x}",
        json.dumps(data, ensure_ascii=False),
    )
    source = read(tmp_path, text)
    assert source.data == data
    for at, value in facts(data):
        found = marked(text, source, at)
        assert json.JSONDecoder().raw_decode(found)[0] == value


@same_folder
@given(data=documents)
@example(data={"a": ["x: y", {"": "on"}], "2024-01-01": None})
def test_yaml_places_point_at_the_very_value(tmp_path: Path, data: Any) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000)
    source = read(tmp_path, f"--- # one\n{text}" if isinstance(data, dict | list) else text)
    for at, value in facts(data):
        if isinstance(value, str) and "\n" not in value:
            place = source.place(pointer(at))
            assert place.column is not None
            quoted = place.excerpt[place.column - 1 : place.column - 1 + place.width]
            assert quoted == value or yaml.safe_load(quoted) == value


# What is refused


@pytest.mark.parametrize(
    ("name", "text", "message", "place", "hint"),
    [
        (
            "x.yaml",
            "a: 1\nb: 2\n  a: 3\n",
            "`key: value` is not allowed here",
            (3, 4),
            "indentation",
        ),
        ("x.yaml", "a: 1\nb: 2\na: 3\n", "duplicate key 'a'", (3, 1), "first written on line 1"),
        ("x.yaml", "- {x: 1, 'x': 2}", "duplicate key 'x'", (1, 10), "first written on line 1"),
        ("x.yaml", "a: b: c", "`key: value` is not allowed here", (1, 5), "quotes"),
        ("x.yaml", "a:\n\tb: 1", "a tab cannot indent YAML", (2, 1), "use spaces"),
        ("x.yaml", "a: @b", "a value cannot begin with @", (1, 4), "quotes"),
        ("x.yaml", "a: [1,\nb: 2", "expected ',' or ']' here", (2, 5), ""),
        ("x.yaml", "a: {b: 1", "expected ',' or '}' here", (1, 9), ""),
        ("x.yaml", 'a: 1\nb: "c\n', "these quotes are not closed", (2, 4), ""),
        ("x.yaml", "a: 'x\n---\n", "these quotes are not closed", (1, 4), ""),
        ("x.yaml", "a: 1\nb\nc: 2\n", "this line is not `key: value`", (2, 1), "colon"),
        ("x.yaml", "- a\nb: 1\n", "this does not line up", (2, 1), "indentation"),
        ("x.yaml", "a:\n   b: 1\n  c: 2\n", "this does not line up", (3, 3), "indentation"),
        ("x.yaml", "a: - b", "`- ` is not allowed here", (1, 4), "indentation"),
        ("x.yaml", 'a: "\\q"', "unknown escape", (1, None), "single quotes"),
        ("x.yaml", "a: 1\n...\nb: 2\n", "the document ends before this", (3, 1), ""),
        ("x.yaml", "a: 1\n---\nb: 2\n", "a second document in one file", (2, 1), "include"),
        ("x.yaml", "%YAML 2.0\n---\na: 1\n", "not YAML", (1, 1), ""),
        ("x.yaml", "a: *b", "there is no anchor 'b'", (1, 4), ""),
        ("x.yaml", "a: &b [*b]", "this alias contains itself", (1, 8), ""),
        ("x.yaml", "&a b: 1\n*a : 2", "an alias cannot be a key", (2, 1), ""),
        ("x.yaml", "a: !!python/object:os.system x", "the tag", (1, 4), "leave the tag out"),
        (
            "x.yaml",
            "a: !thing [1]",
            "the tag '!thing' is not supported",
            (1, 4),
            "leave the tag out",
        ),
        ("x.yaml", "a: !!set {b}", "the tag", (1, 4), "leave the tag out"),
        ("x.yaml", "a: !!timestamp 2024-01-01", "the tag", (1, 4), "leave the tag out"),
        ("x.yaml", "a: !!int x", "x is not a !!int", (1, 4), ""),
        ("x.yaml", f"a: !!float {'9' * 400}", "too large for a float", (1, 4), ""),
        ("x.yaml", "a: .inf", "JSON has no number .inf", (1, 4), "quotes"),
        ("x.yaml", "a: .NaN", "JSON has no number .NaN", (1, 4), "quotes"),
        ("x.yaml", "a: 1e999", "JSON has no number 1e999", (1, 4), "quotes"),
        ("x.yaml", f"a: {'9' * 5000}", "too many digits", (1, 4), ""),
        ("x.yaml", "1: a", "a key must be a string, and 1 is not", (1, 1), 'quotes: "1"'),
        ("x.yaml", "true: a", "a key must be a string, and true is not", (1, 1), "quotes"),
        ("x.yaml", "!!int 1: a", "a key must be a string", (1, 1), ""),
        ("x.yaml", "? # none\n: a", "there is no key before the colon", (1, 2), ""),
        ("x.yaml", "{: a}", "expected a value here", (1, 2), ""),
        ("x.yaml", "? [a]\n: b", "a key must be a string", (1, 3), "braces"),
        ("x.yaml", "a: {{ b }}", "a key must be a string", (1, 5), "braces"),
        (
            "x.yaml",
            "a: &x {b: 1}\nc:\n  <<: *x",
            "merge keys (<<) are not supported",
            (3, 3),
            "out",
        ),
        ("x.yaml", "a: \x07", "control character U+0007", (1, 4), ""),
        ("x.yaml", "", "the file is empty", (1, 1), ""),
        ("x.yaml", "# only\n# comments\n", "the file is empty", (1, 1), ""),
        ("x.yaml", "---\n", "the file is empty", (1, 1), ""),
        ("x.json", "", "the file is empty", (1, 1), ""),
        ("x.json", " \n", "the file is empty", (1, 1), ""),
        ("x.json", '{"a": 1,\n "b": 2,\n "a": 3}', "duplicate key 'a'", (3, 2), "on line 1"),
        ("x.json", '[{"b": [{"k": 1, "k": {}}]}]', "duplicate key 'k'", (1, 18), "on line 1"),
        ("x.json", '[0, "k", {"k": 1, "k": 2}]', "duplicate key 'k'", (1, 19), "on line 1"),
        ("x.json", '{"a": NaN}', "JSON has no number NaN", (1, 7), ""),
        ("x.json", '{"NaN": "NaN", "b": -Infinity}', "JSON has no number -Inf", (1, 21), ""),
        ("x.json", '["1e999", 1e999]', "JSON has no number 1e999", (1, 11), ""),
        ("x.json", f'["{"9" * 5000}",\n {"9" * 5000}]', "too many digits", (2, 2), ""),
        ("x.json", '[{"a": [{"b": 1, "b" : 2}]}]', "duplicate key 'b'", (1, 18), "on line 1"),
        ("x.json", '["9:", {"a": " : ", "b": 1, "b"\t: 2}]', "duplicate key 'b'", (1, 29), ""),
        ("x.json", "[1" + "0" * 400 + ", 1.5, NaN]", "JSON has no number NaN", (1, 410), ""),
        ("x.json", '"' + r"\"" * 30_000, "this string is not closed", (1, 1), ""),
        ("x.json", r"[\"" + "[" * 200 + '""' + r"\"" * 30_000, "expected a value", (1, 2), ""),
        ("x.json", '[\\"' + "[" * 200 + '"]', "expected a value", (1, 2), ""),
        ("x.json", '{"a": 1} x', "the JSON ends before this", (1, 10), ""),
        ("x.json", '{"a" 1}', "expected ':'", (1, 6), ""),
        ("x.json", '{"a": 1 "b": 2}', "expected ','", (1, 9), ""),
        ("x.json", "{'a': 1}", "expected a key in double quotes", (1, 2), "double quotes only"),
        ("x.json", '{"a": 1,}', "", (1, None), "no comma may follow the last entry"),
        ("x.json", "[1,]", "", (1, None), "no comma may follow the last entry"),
        ("x.json", '{"a": 1, // b\n}', "expected a key in double quotes", (1, 10), "no comments"),
        ("x.json", '{"a": }', "expected a value", (1, 7), ""),
        ("x.json", '["a\nb"]', "a control character inside a string", (1, 4), ""),
        ("x.json", '["a', "this string is not closed", (1, 2), ""),
        ("x.json", r'["\q"]', "unknown escape", (1, 3), ""),
        ("x.json", r'["\u12"]', "expected four hex digits", (1, None), ""),
        ("x.json", r'["\\ud800 ok", "\ud800"]', "half a surrogate pair", (1, 17), "pair"),
        ("x.json", r'{"\udc00": 1}', "half a surrogate pair", (1, 3), "pair"),
    ],
)
def test_bad_text_is_refused_with_its_place(
    tmp_path: Path, name: str, text: str, message: str, place: tuple[int, int | None], hint: str
) -> None:
    error = refused(tmp_path, text, name)
    assert message in error.message.en
    assert hint in error.hint.en
    assert bool(error.hint.en) == bool(error.hint.zh)
    line, column = where(error)
    assert (line, column if place[1] else None) == place
    assert str(error).startswith(f"{tmp_path / name}:{line}:{column}: ")


@pytest.mark.parametrize(
    "text",
    ["a: 'b", 'a: "\\U00110000"', 'a: "\\ud800"', "a: [1", "a: @", "a:\n\t- 1", "a: b: c", "!<x y"],
)
def test_both_yaml_parsers_refuse_in_words(tmp_path: Path, parser: str, text: str) -> None:
    error = refused(tmp_path, text)
    assert error.place is not None
    assert "Traceback" not in str(error)


@pytest.mark.parametrize(
    ("name", "opening", "closing"),
    [
        ("x.yaml", "[", "]"),
        ("x.yaml", "{a: ", "}"),
        ("x.yaml", "- ", ""),
        ("x.json", "[", "]"),
        ("x.json", '{"a": ', "}"),
        ("x.json", r'["\"]", ', "]"),
        ("x.json", '["]", ', ', "["]'),
    ],
)
def test_nesting_is_bounded(tmp_path: Path, name: str, opening: str, closing: str) -> None:
    def nested(depth: int) -> str:
        return opening * depth + "1" + closing * depth

    assert read(tmp_path, nested(DEPTH), name).data
    for depth in (DEPTH + 1, 900, 5_000, 200_000):
        error = refused(tmp_path, nested(depth), name)
        assert "nested" in error.message.en
        assert where(error)[0] == 1
    assert where(refused(tmp_path, nested(DEPTH + 1), name)) == (1, len(opening) * DEPTH + 1)


def test_aliases_count_for_the_depth(tmp_path: Path) -> None:
    half = "[" * 60 + "1" + "]" * 60
    assert read(tmp_path, f"a: &a {half}\nb: {'[' * 39}*a{']' * 39}").data
    error = refused(tmp_path, f"a: &a {half}\nb: {'[' * 40}*a{']' * 40}")
    assert "nested" in error.message.en
    assert where(error)[0] == 2


def test_aliases_that_explode_are_refused(tmp_path: Path, parser: str) -> None:
    levels = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 40)]
    error = refused(tmp_path, "\n".join(["a0: &a0 [1]", *levels]))
    assert f"more than {ALIASED} values" in error.message.en
    assert error.place is not None
    assert error.place.excerpt.startswith("a5: ")


def test_only_an_object_is_merged(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: &a {b: 1, c: 1}\nd: {<<: *a, b: 2}\ne: {<<: 1}\n", "utf-8")
    data = read_source(path, merge=True).data
    assert data == {"a": {"b": 1, "c": 1}, "d": {"b": 2, "c": 1}, "e": {"<<": 1}}


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a: &a {b: 1}\nc: {<<: *a}", None),
        ("a: &a 1\nc: [*a, *a]", None),
        ("a: &a {b: &b 1}\nc: *a", 11),
        ("a: &a 1\nb: *a\nc: &a 2", 4),
        ("&k a: 1\nb: &b []\nc: *k", 4),
    ],
)
def test_what_is_merged_is_named(
    tmp_path: Path, parser: str, text: str, column: int | None
) -> None:
    del parser
    path = tmp_path / "x.yaml"
    path.write_text(text, "utf-8")
    if column is None:
        read_source(path, merge=True)
        return
    read_source(path)
    with pytest.raises(InputError, match="no alias names the anchor") as refused:
        read_source(path, merge=True)
    assert where(refused.value)[1] == column


@same_folder
@given(data=documents.filter(lambda d: isinstance(d, dict | list)), pick=st.randoms())
def test_a_key_written_twice_is_found_anywhere(tmp_path: Path, data: Any, pick: Any) -> None:
    objects = [
        (at, value) for at, value in facts({"top": data}) if isinstance(value, dict) and value
    ]
    at, victim = pick.choice(objects)
    key = pick.choice(list(victim))
    # Each member on a line of its own; the marker stands in for the second writing.
    whole = json.loads(json.dumps({"top": data}))
    inner = whole
    for name in at:
        inner = inner[name]
    inner["\0twice"] = 1
    text = json.dumps(whole, indent=1).replace('"\\u0000twice"', json.dumps(key))
    for name in ("x.json", "x.yaml"):
        if name == "x.yaml" and re.search(r"\\ud[89a-f]", text):
            continue
        error = refused(tmp_path, text, name)
        assert error.message.en == f"duplicate key {show(key)}"
        second = text[: text.index(f"{json.dumps(key)}: 1", text.index(json.dumps(key)))]
        assert error.place is not None
        first = int(error.hint.en.removeprefix("first written on line "))
        lines = text.splitlines()
        assert first < (error.place.line or 0)
        assert lines[first - 1].strip().startswith(json.dumps(key))
        assert lines[(error.place.line or 0) - 1].strip().startswith(json.dumps(key))
        assert second


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('{"a": ', None),
        ("9" * 5000, None),
        ("[" * DEPTH + "]" * DEPTH, json.loads("[" * DEPTH + "]" * DEPTH)),
        ("[" * (DEPTH + 1) + "]" * (DEPTH + 1), None),
        ("[" * 200_000, None),
        ('"\ud800"', "\ud800"),
    ],
)
def test_json_in_a_text_of_another_file(text: str, value: object) -> None:
    assert embedded(text) == value


# Files that are no such text


def test_not_utf8_names_the_byte(tmp_path: Path) -> None:
    error = refused(tmp_path, "a: 1\nb: 淘车\n".encode("gbk"))
    assert error.message.en == "not UTF-8: byte 0xCC at offset 8"
    assert where(error) == (2, 4)
    assert "GBK" in error.hint.en
    assert "UTF-8" in refused(tmp_path, b"a: \xff\n\xff").hint.en


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_said_so(tmp_path: Path, encoding: str) -> None:
    error = refused(tmp_path, "a: 1\n".encode(encoding), "x.json")
    assert error.message.en == "the file is UTF-16 or binary"
    assert error.hint.en == "save it as UTF-8"


@pytest.mark.parametrize("name", ["x.yaml", "x.json"])
def test_nul_is_refused(tmp_path: Path, name: str) -> None:
    error = refused(tmp_path, b'{"a":\n "\0"}', name)
    assert error.message.en == "the file contains a NUL byte"
    assert where(error) == (2, 3)


@pytest.mark.parametrize("name", ["x.txt", "yaml", "x.yaml.bak"])
def test_a_name_that_tells_no_format(tmp_path: Path, name: str) -> None:
    assert "YAML or JSON" in refused(tmp_path, "a: 1", name).message.en


def error_of(path: Path, **options: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read_source(path, **options)
    assert caught.value.place is not None
    assert caught.value.place.path == Path(os.path.normpath(path))
    return caught.value


@pytest.mark.parametrize(
    ("there", "wanted", "near"),
    [
        ("licence.yaml", "license.yaml", "licence.yaml"),
        ("licence.yml", "licence.yaml", "licence.yml"),
        ("prod.icp.yaml", "prdo.icp.yaml", "prod.icp.yaml"),
        # An ending that is shared is no likeness.
        ("licence.yaml", "nope.yaml", ""),
        # A description is no part of one.
        ("license.icp.yaml", "licence.yaml", ""),
        ("in.icp.yaml", "licence.yaml", ""),
        (".licence.yaml", "nope.yaml", ""),
        # What is neither YAML nor JSON is not read in its place.
        ("licence.comparison.txt", "licence.yaml", ""),
        ("licence.txt", "licence.yaml", ""),
        ("LICENCE.YAML", "licence.yaml", "LICENCE.YAML"),
    ],
)
def test_only_what_is_near_is_named(tmp_path: Path, there: str, wanted: str, near: str) -> None:
    (tmp_path / there).write_text("a: 1")
    hint = error_of(tmp_path / wanted).hint
    assert hint.en == (f"did you mean '{near}'?" if near else "")


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "licence.yaml").write_text("a: 1")
    error = error_of(tmp_path / "license.yaml")
    assert (error.message.en, error.hint.en) == ("no such file", "did you mean 'licence.yaml'?")
    assert error_of(tmp_path / "quite-other.json").hint.en == ""
    assert "there is no folder" in error_of(tmp_path / "gone" / "a.yaml").hint.en
    assert error_of(tmp_path / "licence.yaml" / "a.yaml").message.en == "no such file"


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    assert error_of(tmp_path / "x.yaml").message.en == "not a regular file"


def test_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert error_of(tmp_path / "a.yaml").message.en == "symbolic links in a loop"
    assert error_of(tmp_path / "a.yaml", root=tmp_path).message.en == "symbolic links in a loop"


@pytest.mark.parametrize("reason", [PermissionError(13, "x"), OSError(5, "Input/output error")])
def test_a_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: OSError
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise reason

    (tmp_path / "x.yaml").write_text("a: 1")
    monkeypatch.setattr(disk, "open_real", fail)
    message = error_of(tmp_path / "x.yaml").message.en
    assert message in {"no permission to read it", "cannot be read: an input or output error"}


def test_a_folder_that_cannot_be_listed_gives_no_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise PermissionError(13, "x")

    monkeypatch.setattr(Path, "iterdir", fail)
    assert error_of(tmp_path / "x.yaml").hint.en == ""


def test_outside_the_root_is_refused_before_it_is_looked_at(tmp_path: Path) -> None:
    root, other = tmp_path / "repo", tmp_path / "repo-other"
    root.mkdir()
    other.mkdir()
    (other / "a.yaml").write_text("a: 1")
    (root / "link.yaml").symlink_to(other / "a.yaml")
    (root / "folder").symlink_to(other)
    for name in ("../repo-other/a.yaml", "link.yaml", "folder/a.yaml", "../gone.yaml"):
        assert "outside the repository" in error_of(root / name, root=root).message.en
    assert read_source(root / "link.yaml").data == {"a": 1}


def test_a_link_inside_the_root_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1")
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    (tmp_path / "same").symlink_to(tmp_path)
    assert read_source(tmp_path / "same" / "link.yaml", root=tmp_path).data == {"a": 1}
    assert read_source(tmp_path / "a.yaml", root=tmp_path / "same").data == {"a": 1}


@pytest.mark.parametrize(("name", "size"), [("x.yaml", 100), ("x.json", 600)])
def test_a_file_beyond_the_limit_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: int
) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(size * MEGABYTE)

    monkeypatch.setattr(Path, "read_bytes", None)
    error = error_of(tmp_path / name)
    assert f"too large ({size}.0 MiB >" in error.message.en
    assert "include" in error.hint.en


def test_the_limit_is_inclusive(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[1]")
    assert read_source(tmp_path / "x.json", limit=3).data == [1]
    assert "too large" in error_of(tmp_path / "x.json", limit=2).message.en


def test_a_file_that_grows_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.json").write_text("[1, 2]")
    found = os.stat_result((0o100644, *(0,) * 5, 1, *(0,) * 3))
    monkeypatch.setattr(Path, "stat", lambda _: found)
    assert read_source(tmp_path / "x.json").data == [1, 2]
    assert "too large" in error_of(tmp_path / "x.json", limit=5).message.en


# Whatever comes


@same_folder
@given(noise=st.binary(max_size=200))
@pytest.mark.parametrize("name", ["x.yaml", "x.json"])
def test_noise_is_refused_or_read(tmp_path: Path, name: str, noise: bytes) -> None:
    survives(tmp_path, noise, name)


TOKENS = ["b: ", "- ", "  ", "? ", "&a ", "*a ", "!!int ", "!x ", "---\n", "...\n", "<<: "]
WORDS = ["1.5", "null", "true", "NaN", "1e999", '"a": ', "\\ud800"]
SYNTAX = st.sampled_from([*"[]{},:'\"|>#%@`1aé\\\t\n\u2028\x85\ufeff😀", *TOKENS, *WORDS])


@same_folder
@given(parts=st.lists(SYNTAX, max_size=40))
@pytest.mark.parametrize("name", ["x.yaml", "x.json"])
def test_syntax_in_any_order_is_refused_or_read(
    tmp_path: Path, parser: str, name: str, parts: list[str]
) -> None:
    survives(tmp_path, "".join(parts).encode(), name)


def survives(folder: Path, text: bytes, name: str) -> None:
    """Read, and ask for every place; only an `InputError` may come out."""
    try:
        source = read(folder, text, name)
    except InputError as error:
        said = [error.text("zh"), error.text("en")]
        assert all(said)
        return
    json.dumps(source.data, allow_nan=False, ensure_ascii=False).encode()
    for at, _ in facts(source.data):
        assert source.place(pointer(at)).line
        assert source.place(pointer(at), of="key").line
