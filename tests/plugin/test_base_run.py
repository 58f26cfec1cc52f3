from __future__ import annotations

import pytest

from pytest_icp.plugin.base_run import addopts_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[pytest]\naddopts = --icp-ignore SP12\n  -q\n", ["--icp-ignore", "SP12", "-q"]),
        ("[tool:pytest]\naddopts = -q\n", ["-q"]),
        ("[tool.pytest.ini_options]\naddopts = \"-q 'a b'\"\n", ["-q", "a b"]),
        ("[tool.pytest]\naddopts = ['-q']\n", ["-q"]),
        ("[pytest]\naddopts = ['-q', 'a b']\n", ["-q", "a b"]),
        ("[pytest]\n", []),
        ("[pytest]\naddopts = 'open\n", []),
        ("[tool.pytest]\nx = 1\n", []),
        ("tool = 1\n", []),
        ("[tool]\npytest = 1\n", []),
        ("no ini file", []),
        ("", []),
    ],
)
def test_the_words_of_addopts(text: str, words: list[str]) -> None:
    assert addopts_of(text) == words
