"""Registers as JSON Lines."""

from __future__ import annotations

import json

import pytest

from pytest_icp.facts.files.schema import InvalidDocument
from pytest_icp.sources.register import read_register
from pytest_icp.sources.request import Request
from tests.sources.reading import refused


@pytest.fixture
def read(tmp_path):
    def read(*objects, name="incidents.jsonl", **settings):
        lines = [one if isinstance(one, str) else json.dumps(one) for one in objects]
        (tmp_path / name).write_text("\n".join(lines), "utf-8")
        path = tmp_path / name
        return read_register(Request(path=path, root=tmp_path, folder=tmp_path, settings=settings))

    return read


def test_an_object_is_an_element_and_its_keys_are_headings(read):
    derived = read(
        {"id": "i-1", "发现时间": "2023年9月1日 9:30", "user_notice": {"at": "never"}},
        "",
        {"id": "i-2", "minors": False, "涉嫌犯罪": "否", "affected_users": 12, "grade": None},
    )
    assert derived.facts["incidents"] == [
        {"id": "i-1", "detected_at": "2023-09-01T09:30", "user_notice": {"at": "never"}},
        {"id": "i-2", "minors": False, "suspected_crime": False, "affected_users": 12},
    ]
    found = derived.trace("/incidents/1/minors")
    assert (found.place.line, found.address, found.attribute) == (3, "", "minors")
    assert derived.trace("/incidents/0/user_notice").attribute == "user_notice.at"


def test_lists(read):
    derived = read(
        {"id": "l", "kinds": ["access", "登录"][:1], "fields": []},
        {"id": "m", "kinds": "access、login"},
        name="log_stores.jsonl",
    )
    assert derived.facts["log_stores"] == [
        {"id": "l", "kinds": ["access"], "fields": []},
        {"id": "m", "kinds": ["access", "login"]},
    ]


def test_what_is_wrong_is_told_with_its_line_and_key(read):
    error = refused(read, {"id": "a", "kind": "x", "occurred_at": 7}, {"id": "b", "kind": ["x"]})
    assert isinstance(error, InvalidDocument)
    assert [(one.place.line, one.message.en) for one in error.problems] == [
        (1, "kind: 'x' is not one of the choices"),
        (1, "occurred_at: 7 is not a date"),
        (2, 'kind: ["x"] is a list of values'),
    ]
    unknown = refused(read, {"id": "a", "kinds": "x"})
    assert unknown.message.en == "kinds: Incidents has no column kinds"
    error = refused(read, {"id": "a"}, '{"id": "b",}')
    assert error.place.line == 2
    assert "no JSON object" in refused(read, '["a"]').message.en
    nested = refused(read, {"id": "a", "reports": [{"id": "r"}]})
    assert nested.message.en == "reports is a list of objects, which has no place here"


def test_notes_and_empty_files(read):
    derived = read({"#": {"id": "标识"}})
    assert derived.facts == {}
    assert [gap.kinds for gap in derived.gaps] == [{"incidents"}]
    assert read({"#": "note"}, {"id": "a"}).facts == {"incidents": [{"id": "a"}]}
    assert refused(read, "").message.en == "the file is empty"


def test_too_many_lines(read, monkeypatch):
    monkeypatch.setattr("pytest_icp.sources.register.cells.MOST_ROWS", 1)
    assert "more than" in refused(read, {"id": "a"}, {"id": "b"}).message.en
