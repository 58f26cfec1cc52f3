from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source
from pytest_icp.law.errors import InputError
from tests.sources import web_files

FILES = web_files.files()
# All others are accepted.
REFUSED = {
    "nginxinc__crossplane__tests__configs__missing-semicolon__broken-above.conf": "`;`",
    "nginxinc__crossplane__tests__configs__spelling-mistake__nginx.conf": "'proxy_pass'",
    "broken.example.cn.zone": "4:1: this record cannot be read",
    "unclosed.example.cn.zone": "2:1: this record cannot be read",
    "relative.zone": "add `origin:",
}


@pytest.fixture(autouse=True)
def _among_the_files(monkeypatch):
    monkeypatch.chdir(web_files.REAL)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_what_is_told_is_what_was_checked_by_eye(path):
    said = json.dumps(web_files.told(path), ensure_ascii=False).replace("\\\\", "/")
    assert json.loads(said) == json.loads(web_files.golden(path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_each_file_is_accepted_or_refused_with_its_reason(path):
    if path.name in REFUSED:
        with pytest.raises(InputError) as refused:
            web_files.read(path)
        assert REFUSED[path.name] in str(refused.value)
    else:
        web_files.read(path)


def test_nothing_is_checked_twice_or_left_over():
    assert REFUSED.keys() <= {path.name for path in FILES}
    kept = {path for kind in web_files.ADAPTERS for path in Path(kind).glob("*.facts.json")}
    assert kept == {web_files.golden(path).relative_to(web_files.REAL) for path in FILES}


@pytest.mark.parametrize("path", [path for path in FILES if path.name not in REFUSED], ids=str)
def test_what_is_told_is_valid_under_the_schema(path):
    facts = web_files.read(path).facts
    check(
        Source(path=path, data={"apiVersion": "pytest-icp/v1", **facts}, positions=None),
        "description",
    )


@st.composite
def damaged(draw):
    """Return a file and its content with one thing about it changed."""
    path = draw(st.sampled_from(FILES))
    raw = (web_files.REAL / path).read_bytes()
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
def test_a_damaged_file_is_read_or_refused_and_never_crashes(file):
    path, raw = file
    try:
        derived = web_files.read(path, given=raw)
    except InputError as error:
        assert error.message.zh
        assert error.place is not None
    else:
        for kind, elements in derived.facts.items():
            for i, element in enumerate(elements):
                for fact in element:
                    assert derived.trace(f"/{kind}/{i}/{fact}").place.path
