from __future__ import annotations

import codecs

from pytest_icp.facts.files.decoding import decode


def test_what_is_none_of_them_is_read_as_far_as_it_can_be():
    assert decode(b"a\xff\xffb") == "a\ufffd\ufffdb"
    assert decode(codecs.BOM_UTF16_LE + b"a\0b") == "a\ufffd"
