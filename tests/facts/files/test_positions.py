"""Offsets become lines and columns, in whatever way the lines of a text are found."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePath
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.files import json as json_module
from pytest_icp.facts.files import positions
from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.json import JsonPositions, is_list, parse_json
from pytest_icp.facts.files.positions import Lines
from pytest_icp.facts.files.source import read_source

TEXTS = st.text(st.sampled_from("a汉 \n"), max_size=60) | st.text(st.sampled_from("a\r\n"))


@given(TEXTS, st.data(), st.integers(1, 9), st.integers(1, 70))
def test_a_span_has_the_place_that_editors_show(
    text: str, data: st.DataObject, block: int, longest: int
) -> None:
    starts = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", text))]
    with patch.multiple(positions, _BLOCK=block, _LONGEST_EXCERPT=longest):
        lines = Lines(text)
        for _ in range(4):
            offset = data.draw(st.integers(0, len(text)))
            first = max(start for start in starts if start <= offset)
            whole = re.split(r"[\r\n]", text[first:])[0]
            place = lines.place(PurePath("x"), offset, len(text))
            assert lines.line(offset) == place.line == starts.index(first) + 1
            assert place.column == offset - first + 1
            near = whole[:longest] if place.column <= longest else ""
            assert place.excerpt == near
            rest = text[
                offset : min(
                    offset + longest, *[s for s in [*starts, len(text)] if s > offset] or [offset]
                )
            ]
            assert place.width == max(1, len(rest.rstrip()))


VALUES = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('a"\\[]{},: ')),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner),
    max_leaves=8,
)


def pointers(value: Any, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [at, (*at, "a"), (*at, "1")]
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            found += pointers(inner, (*at, str(name)))
    return found


@given(VALUES, st.sampled_from((None, 1)), st.randoms())
def test_places_do_not_depend_on_what_was_looked_up_before(
    data: Any, indent: int | None, order: Any
) -> None:
    text = f" {json.dumps(data, indent=indent)}\n"
    read, places = parse_json(text.encode())
    assert read == data
    every = pointers(data)
    order.shuffle(every)
    for at in every:
        assert places.find(at) == JsonPositions(text.encode()).find(at)


@pytest.mark.parametrize(
    ("text", "depth"), [('{"a": NaN, "b": 1}', 0), ('{"a": 1, "a": [2, {}], "b": 3}', 0)]
)
def test_what_only_lenient_parsers_read_has_the_place_of_what_is_around_it(
    text: str, depth: int
) -> None:
    assert JsonPositions(text.encode()).find(("b",)).depth == depth


@given(VALUES, st.booleans())
def test_only_brackets_outside_strings_nest(data: Any, ascii_only: bool) -> None:
    def depth(value: Any) -> int:
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0

    raw = json.dumps(data, ensure_ascii=ascii_only).encode()
    assert json_module._depth(json_module._without_escapes(raw)) == depth(data)


class Members(list[Any]):
    """The members of an object as they are written, one key perhaps twice."""


WRITTEN = st.recursive(
    st.none()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.sampled_from('a"\\{:é\n')),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(st.text('ab"\\', max_size=2), inner), max_size=3).map(Members)
    ),
    max_leaves=8,
)


def written(value: Any, *, ascii_only: bool) -> str:
    def text(inner: Any) -> str:
        return written(inner, ascii_only=ascii_only)

    if isinstance(value, Members):
        return f"{{{', '.join(f'{text(key)}:{text(inner)}' for key, inner in value)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(text, value))}]"
    return json.dumps(value, ensure_ascii=ascii_only)


@given(WRITTEN, st.booleans())
def test_only_a_repeated_key_is_refused(value: Any, ascii_only: bool) -> None:
    repeated: list[bool] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        repeated.append(len(dict(pairs)) < len(pairs))
        return dict(pairs)

    text = written(value, ascii_only=ascii_only)
    expected = json.loads(text, object_pairs_hook=members)
    try:
        data, _ = parse_json(text.encode())
    except Fault as fault:
        assert any(repeated)
        assert "duplicate key" in fault.message.en
    else:
        assert not any(repeated)
        assert data == expected


def test_what_is_no_utf_8_is_no_json() -> None:
    with pytest.raises(Fault) as caught:
        parse_json(b'["\xff"]')
    assert caught.value.message.en == "not UTF-8"


def test_a_list_is_told_from_an_object() -> None:
    assert is_list(JsonPositions(b" [1]").root())
    assert not is_list(JsonPositions(b" {}").root())


TEXT = """\
## data_stores: explained
apiVersion: pytest-icp/v1

## Renewal: yes
renewal:
#   intention: renew
#   winddown_plan:
#     document: a.pdf
# data_stores:
#   - id: users
##     Does it hold personal information?
#     personal_info: false
#   - id: 'logs'
#     personal_info: true
sites:
  - id: a
    public: true
    # app_package_id: none
  - {id: b}
  - id: c
    location:
#      province: 北京
#     app_package_id: none
company:
  name: 甲
  # address: {city: 北京}
# incidents: []
"""


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        # There, or in a comment.
        ("apiVersion", 2, 13),
        ("incidents", 27, 3),
        ("renewal.intention", 6, 5),
        ("renewal.winddown_plan.document", 8, 7),
        ("data_stores", 9, 3),
        ("data_stores.users.personal_info", 12, 7),
        ("data_stores.logs.personal_info", 14, 7),
        ("company.address", 26, 5),
        ("company.address.city", 26, 5),
        ("sites.0.app_package_id", 18, 7),
        ("sites.2.app_package_id", 23, 7),
        ("sites.2.location.province", 22, 8),
        # The closest that is there.
        ("renewal.decision", 5, 1),
        ("renewal.document", 5, 1),
        ("data_stores.users.volume", 10, 7),
        ("data_stores.orders", 9, 3),
        ("sites.1.app_package_id", 19, 5),
        ("sites.0.location", 16, 5),
        ("sites.d.location", 15, 1),
        ("company.id", 24, 1),
        # Neither: it is added at the end.
        ("staff", 27, 16),
        ("personal_info", 27, 16),
    ],
)
def test_an_absent_fact_is_placed_where_it_is_to_be_written(
    tmp_path: Path, path: str, line: int, column: int
) -> None:
    file = tmp_path / "a.icp.yaml"
    for text in (TEXT, TEXT.replace("\n", "\r\n")):
        file.write_bytes(text.encode())
        source = read_source(file)
        place = source.place_to_write(tuple(path.split(".")))
        assert (place.line, place.column) == (line, column)
        assert source.asks_for(tuple(path.split("."))) == (path not in {"staff", "personal_info"})


def test_what_the_last_element_does_not_ask_for_is_placed_at_it(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("sites:\n  - id: a\n    # public: true\n", "utf-8")
    source = read_source(file)
    assert source.place_to_write(("sites", "0", "public")).line == 3
    assert source.place_to_write(("sites", "0", "name")).line == 2
