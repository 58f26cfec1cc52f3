"""Tomcat: the access logs of its valves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.log_retention.reading import read, stores, traced


@pytest.mark.parametrize(
    ("more", "days", "status"),
    [
        ('maxDays="30"', 30, "known"),
        ('maxDays="30" rotatable="false"', None, "not told"),
        ('maxDays="-1"', None, "not told"),
        ('maxDays="${days}"', None, "known after apply"),
        ("", None, "not told"),
    ],
)
def test_an_access_log(more: str, days: Any, status: str) -> None:
    valve = "org.apache.catalina.valves"
    derived = read(
        "conf/server.xml",
        f"""<Server><Host name="localhost">
<Valve className="{valve}.AccessLogValve" prefix="site" {more}/>
<Valve className="{valve}.RemoteIpValve"/><Valve/>
</Host></Server>""",
    )
    assert stores(derived) == {
        "conf/server.xml:site": {"kinds": ["access"], "retention": days and {"days": days}}
    }
    assert traced(derived, "retention")[::3] == (2, status)
