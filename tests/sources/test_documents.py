"""Documents of YAML and JSON files, their places, and what is never quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources import documents
from pytest_icp.sources.documents import Document, Read, Unread, read_documents
from pytest_icp.sources.request import Request


def read(text: str | bytes, name: str = "-") -> list[Read]:
    given = text if isinstance(text, bytes) else text.encode()
    request = Request(path=Path(name), root=Path(), given=given)
    return list(read_documents(request, Path(name)))


def one(text: str | bytes, name: str = "-") -> Document:
    (document,) = read(text, name)
    assert isinstance(document, Document)
    return document


def unread(text: str) -> Unread:
    found = [part for part in read(text) if isinstance(part, Unread)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("text", "pointer", "excerpt"),
    [
        ("all: {password: hunter2, host: a.cn}", "/all/host", ""),
        ('all: {"p": "x", "host": "a.cn"}', "/all/host", ""),
        ("a: {password: x}", "/a", ""),
        ("host: 'a.cn' # password hunter2\n", "/host", "host: 'a.cn'"),
    ],
)
def test_what_stands_beside_a_value_is_not_quoted(text: str, pointer: str, excerpt: str) -> None:
    assert one(text).value.get(*pointer[1:].split("/")).place().excerpt == excerpt


def test_broken_json_is_one_error_without_its_line() -> None:
    with pytest.raises(InputError) as caught:
        read('{"password": "hunter2" "a": 1}', "x.json")
    assert caught.value.place is not None
    assert caught.value.place.line == 1
    assert caught.value.place.excerpt == ""


def test_other_encodings_are_refused_without_the_line() -> None:
    with pytest.raises(InputError) as caught:
        read("password: 密码".encode("gb18030"))
    assert caught.value.place is not None
    assert caught.value.place.excerpt == ""
    with pytest.raises(InputError):
        read(b"\0\0\0")


def test_a_fault_is_told_with_its_hint_and_without_its_line() -> None:
    part = unread("a: 1\n---\npassword: hunter2\nb: c: d\n")
    assert not part.template
    assert part.message.en.startswith("`key: value` is not allowed here; put a value")
    assert (part.place.line, part.place.excerpt) == (4, "")
    assert "hunter2" not in repr(part)
    assert unread("password: *hunter2").message.en == "there is no anchor '…'"


def test_large_yaml_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "YAML_LARGEST", 3)
    with pytest.raises(InputError, match="larger than 256 MiB"):
        read("a: 1")
