from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources.nginx import read_nginx
from pytest_icp.sources.request import Request
from pytest_icp.sources.zone import read_zone


@pytest.mark.parametrize(
    ("read", "module", "extra"),
    [(read_nginx, "crossplane.lexer", "nginx"), (read_zone, "dns.zonefile", "zone")],
)
def test_a_missing_extra_is_answered_with_the_command_that_installs_it(
    monkeypatch, read, module, extra
):
    monkeypatch.setitem(sys.modules, module, None)
    request = Request(path=Path("example.cn.zone"), root=Path(), given=b"x A 203.0.113.1")
    with pytest.raises(InputError) as refused:
        read(request)
    assert f'pip install "pytest-icp[{extra}]"' in refused.value.text("zh")
    assert f'pip install "pytest-icp[{extra}]"' in refused.value.text("en")
