from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources.request import Request
from pytest_icp.sources.zone import read_zone


def test_a_missing_extra_is_answered_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "dns.zonefile", None)
    request = Request(path=Path("example.cn.zone"), root=Path(), given=b"x A 203.0.113.1")
    with pytest.raises(InputError) as refused:
        read_zone(request)
    assert 'pip install "pytest-icp[zone]"' in refused.value.text("zh")
    assert 'pip install "pytest-icp[zone]"' in refused.value.text("en")


def test_without_its_extra_no_file_of_a_folder_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither file is at fault, and the command that installs it is not lost in their gaps."""
    for name in ("a.cn.zone", "b.cn.zone"):
        (tmp_path / name).write_text("@ IN A 203.0.113.1\n", "utf-8")
    monkeypatch.setitem(sys.modules, "dns.zonefile", None)
    with pytest.raises(InputError, match=r"pytest-icp\[zone\]"):
        read_zone(Request(path=tmp_path, root=tmp_path))
