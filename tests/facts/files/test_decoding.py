from __future__ import annotations

import codecs

import pytest

from pytest_icp.facts.files.decoding import decode

TEXT = "备案号 京ICP备12345678号\r\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("gbk"),
    ],
)
def test_each_encoding_gives_the_same_text(content):
    assert decode(content) == TEXT


def test_what_is_none_of_them_is_read_as_far_as_it_can_be():
    assert decode(b"a\xff\xffb") == "a\ufffd\ufffdb"
    assert decode(codecs.BOM_UTF16_LE + b"a\0b") == "a\ufffd"
