from __future__ import annotations

import codecs
import errno

import pytest

from pytest_icp.facts.files.disk import decode, reason
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
