"""Tomcat: the access logs of its valves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.log_retention.reading import read, remarks, stores, traced


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


def test_a_valve_that_is_off_writes_nothing() -> None:
    valve = '<Valve className="x.AccessLogValve" prefix="site" maxDays="30" enabled="FALSE"/>'
    derived = read("conf/server.xml", f"<Server>{valve}</Server>")
    assert stores(derived) == {}
    assert remarks(derived) == [
        "conf/server.xml: nothing logs to site, which are no stores of logs for that reason"
    ]
