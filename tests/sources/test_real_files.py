"""Files of real projects: what came of each, as checked by eye, whole and damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.derived import KNOWING
from pytest_icp.facts.files.schema import validator
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import tokens
from pytest_icp.sources.loading import KINDS
from tests.sources.real_files import FOLDERS, REAL, files, golden, pointers, read, told

FILES = files()
INDEXED = [folder for folder in FOLDERS if (REAL / folder / "INDEX.tsv").exists()]
SAME = {
    "with a byte-order mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "as UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "with CRLF": lambda raw: raw.replace(b"\n", b"\r\n"),
}


@pytest.fixture(autouse=True)
def _among_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REAL)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_what_is_told_is_what_was_checked_by_eye(path: Path) -> None:
    said = json.dumps(told(path), ensure_ascii=False).replace("\\\\", "/")
    assert json.loads(said) == json.loads(golden(path).read_text("utf-8"))
    if not said.startswith('{"refused"'):
        _is_sound(path)


def _is_sound(path: Path) -> None:
    derived = read(path)
    document: Any = {"apiVersion": "pytest-icp/v1", "licence_file": "l.yaml", **derived.facts}
    validator("description").validate(document)
    gives = KINDS[FOLDERS[path.parts[0]]].gives
    assert {*derived.facts}.union(*(gap.kinds for gap in derived.gaps)) <= gives
    for pointer in pointers(derived):
        kind, index, name = tokens(pointer)
        value = document[kind][int(index)][name]
        if not isinstance(value, dict):
            assert (value is not None) == (derived.trace(pointer).status in KNOWING), pointer


def test_nothing_is_left_over() -> None:
    kept = {path for kind in FOLDERS for path in (REAL / kind).glob("*.facts.json")}
    assert kept == {golden(path) for path in FILES}


@pytest.mark.parametrize("folder", INDEXED)
def test_every_file_names_its_source(folder: str) -> None:
    rows = [
        row.split("\t") for row in (REAL / folder / "INDEX.tsv").read_text("utf-8").splitlines()
    ]
    assert all(all(row) for row in rows)
    assert {row[0] for row in rows[1:]} == {path.name for path in files(folder)}


@pytest.mark.parametrize("path", files("k8s", "compose"), ids=str)
def test_other_encodings_say_the_same(path: Path) -> None:
    raw = path.read_bytes()
    said = _or_refused(path, raw)
    assert [_or_refused(path, change(raw)) for change in SAME.values()] == [said] * len(SAME)


def _or_refused(path: Path, raw: bytes) -> Any:
    try:
        derived = read(path, given=raw)
    except InputError as error:
        assert error.message.zh
        assert error.place is not None
        return error.message.en
    return derived.facts, [derived.trace(pointer) for pointer in pointers(derived)]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Path, bytes]:
    """Return a file and its content with one thing about it changed."""
    path = draw(st.sampled_from(FILES))
    raw = (REAL / path).read_bytes()
    at = draw(st.integers(0, len(raw)))
    garbage = draw(st.binary(max_size=4))
    text = raw.decode("utf-8", errors="replace")
    return path, draw(
        st.sampled_from(
            [
                raw[:at],
                raw[at:],
                raw[:at] + garbage + raw[at:],
                raw[:at] + b"{" * 200 + raw[at:],
                raw + b"\nx: " + b"[" * 5000,
                raw + b"\n---\n" + raw,
                raw + "网".encode("gb18030")[:1],
                raw.replace(b"  ", b"\t"),
                b"\xef\xbb\xbf" + raw,
                text.encode("utf-16"),
                text.encode("utf-16")[: at + 1],
                raw.replace(b"\n", b"\r\n"),
                raw.replace(b"\n", b"\r"),
                raw.replace(b"\n", b""),
            ]
        )
    )


@given(damaged())
def test_a_damaged_file_is_read_or_refused_and_never_crashes(file: tuple[Path, bytes]) -> None:
    _or_refused(*file)
