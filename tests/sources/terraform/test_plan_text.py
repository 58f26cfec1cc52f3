"""Files that are no plan, or hold more than that: one clear error, or accepted and said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.plan import read_plan
from tests.sources.plan_files import change, plan, read_bytes, refusal
from tests.sources.reading import ids

DISK = "alicloud_ecs_disk.数据"
DOCUMENT = plan(change(DISK, {"encrypted": True}))
TEXT = json.dumps(DOCUMENT, ensure_ascii=False)
RAW = TEXT.encode()


@pytest.mark.parametrize(
    "raw",
    [
        RAW,
        b"\xef\xbb\xbf" + RAW,
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-be"),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        TEXT.encode("utf-32"),
        json.dumps(DOCUMENT).encode(),
        b"\r\n  " + RAW.replace(b", ", b",\r\n") + b"\r\n",
        TEXT.replace("数据", "数据\\u00e9").encode(),
    ],
)
def test_every_encoding_of_json_is_read(raw: bytes) -> None:
    (name,) = ids(read_bytes(raw), "data_stores")
    assert name.startswith(DISK)
    assert read_bytes(raw).remarks == ()


LOG = b'Terraform used the selected providers\n{"@level":"info","@message":"x"}\n'


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (LOG + RAW, "before the JSON"),
        (b"{ not json\n" + b"", ""),
        (RAW + b"\nReleasing state lock\n", "after the JSON"),
        (RAW + b"\n" + RAW, "after the JSON"),
        (b'{"a": {}}\n' + RAW, "before the JSON"),
    ],
)
def test_text_around_a_plan_is_left_out_and_said(raw: bytes, words: str) -> None:
    if not words:
        assert "not valid JSON" in refusal(raw).message.en
        return
    derived = read_bytes(raw)
    assert ids(derived, "data_stores") == [DISK]
    assert [words in remark.en for remark in derived.remarks] == [True]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"PK\x03\x04\x14\x00", "binary plan"),
        (b"\x80\x81\x82\xff", "neither UTF-8 nor UTF-16"),
        (b'{"planned_values": {}, "resource_changes": [{"\xff": 1}]}', "neither UTF-8"),
        (b"\xff\xfe{\x00\x00\xd8", "neither UTF-8 nor UTF-16"),
        (b'{"a": "\\u00e9\xff"}', "neither UTF-8 nor UTF-16"),
        (b"I am no JSON", "no line begins with {"),
        (b"[]", "no line begins with {"),
        (b"null", "no line begins with {"),
        (b'{"version": 4, "serial": 1, "lineage": "x", "resources": []}', "a state"),
        (b'{"format_version": "1.0", "values": {}}', "a state"),
        (b'{"meta": {}, "encrypted_data": "x", "encryption_version": "v0"}', "encrypted"),
        (b'{"@level": "info"}\n{"@level": "info"}', "the log of plan -json"),
        (b'{"aws_s3_bucket": []}', "not a plan"),
        (b"{}", "not a plan"),
    ],
)
def test_what_is_no_plan_is_said(raw: bytes, words: str) -> None:
    error = refusal(raw)
    assert words in error.message.en
    assert "show -json" in error.hint.en


@pytest.mark.parametrize(
    ("raw", "line", "column", "words"),
    [
        (b'{"planned_values": {},\n "a": [1, 2', 2, 12, "cut off"),
        (b'{"planned_values": {},\n "a": "x', 2, 7, "cut off"),
        (b'{"planned_values": {},\n "a": tru', 2, 7, "cut off"),
        (b'{"planned_values": {},\n "a": -', 2, 7, "not valid"),
        (b'{"planned_values": {},\n "a": trap}', 2, 7, "not valid"),
        (b'{"planned_values": {},\n', 2, 1, "cut off"),
        (b'{"planned_values": {}\n', 2, 1, "cut off"),
        (b'{"planned_values"', 1, 18, "cut off"),
        (b'{"planned_values": {},\n a: 1}', 2, 2, "not valid"),
        (b'{"planned_values": {},\n "a" 1}', 2, 6, "not valid"),
        (b'{"planned_values": {},\n "a": 1 "b": 2}', 2, 9, "not valid"),
        (b'{"planned_values": {},\n "a": [1 2]}', 2, 10, "not valid"),
        (b'{"resource_changes": [1 2]}', 1, 25, "not valid"),
        (b'{"resource_changes": [{}', 1, 25, "cut off"),
        ('{"资源": 1,\n "源源": }'.encode(), 2, 8, "not valid"),
    ],
)
def test_broken_json_has_a_line_and_a_column(
    raw: bytes, line: int, column: int, words: str
) -> None:
    error = refusal(raw)
    assert words in error.message.en
    assert error.place is not None
    assert (error.place.line, error.place.column) == (line, column)
    assert error.place.excerpt == ""


def test_what_no_parser_can_hold_is_refused() -> None:
    deep = b'{"resource_changes": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}"
    assert "too deeply" in refusal(deep).message.en
    long = b'{"resource_changes": [' + b"9" * 5000 + b"]}"
    assert "too long" in refusal(long).message.en


def test_a_plan_in_a_file_is_found_there_again(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(RAW.replace(b', "change"', b',\n "change"'))
    derived = read_plan(Request(path=path, root=tmp_path))
    found = derived.trace("/data_stores/0/encryption_at_rest")
    assert (found.place.path, found.place.line, found.place.excerpt) == (path, 2, "")
    assert found.attribute == "encrypted"
    assert derived.trace("/data_stores/0/name").address == DISK
    assert derived.trace("/data_stores/7").place.line is None
    assert derived.trace("").place.line is None


def test_a_plan_that_is_gone_has_a_place_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(json.dumps(json.loads(RAW), indent=1).encode())
    derived = read_plan(Request(path=path, root=tmp_path))
    path.unlink()
    assert str(derived.trace("/data_stores/0").place) == str(path)


def test_a_plan_that_another_one_replaced_has_its_beginning_as_place(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(json.dumps(json.loads(RAW), indent=1).encode())
    derived = read_plan(Request(path=path, root=tmp_path))
    path.write_bytes(b'{\n"resource_changes": []\n}')
    place = derived.trace("/data_stores/0").place
    assert (place.line, place.column) == (1, 1)
