from __future__ import annotations

import codecs
import errno
from pathlib import Path

import pytest

from pytest_icp.facts.files.disk import decode, reason, text_of, write_file
from pytest_icp.law.text import Text, plain


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), Text("没有权限", "permission denied")),
        (OSError(errno.ENOSPC, "No space left"), Text("磁盘已满", "no space is left on the disk")),
        (OSError(9999, "the system's own word"), plain("the system's own word")),
        (OSError(), plain("OSError")),
    ],
)
def test_why(error: OSError, said: Text) -> None:
    assert reason(error) == said


def test_what_is_none_of_them_is_read_as_far_as_it_can_be():
    assert decode(b"a\xff\xffb") == "a\ufffd\ufffdb"
    assert decode(codecs.BOM_UTF16_LE + b"a\0b") == "a\ufffd"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("许可".encode(), "许可"),
        ("许可".encode("utf-8-sig"), "许可"),
        ("许可".encode("utf-16"), "许可"),
        ("许可".encode("gb18030"), "许可"),
        (b"a\0b", None),
        (b"\xff\xff", None),
    ],
)
def test_a_text_is_decoded_as_what_it_is(content: bytes, text: str | None) -> None:
    assert text_of(content) == text


def test_a_new_file_takes_the_place_of_none(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_file(path, b"1", new=True)
    with pytest.raises(FileExistsError):
        write_file(path, b"2", new=True)
    assert path.read_bytes() == b"1"
