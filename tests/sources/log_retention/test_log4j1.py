"""Log4j 1: what is never deleted, and what is by number of files."""

from __future__ import annotations

import pytest

from tests.sources.log_retention.reading import read, remarks, stores, traced

PROPERTIES = """
log4j.rootLogger=INFO, D, R, C, P, S
log4j.appender.D.File=logs/access.log
log4j.appender.D=org.apache.log4j.DailyRollingFileAppender
log4j.appender.R=org.apache.log4j.RollingFileAppender
log4j.appender.R.MaxBackupIndex=10
log4j.appender.S=org.apache.log4j.RollingFileAppender
log4j.appender.C=org.apache.log4j.ConsoleAppender
log4j.appender.J=org.apache.log4j.jdbc.JDBCAppender
log4j.appender.J.password=secret
log4j.appender.U.File=a.log
"""
XML = """<!DOCTYPE log4j:configuration SYSTEM "log4j.dtd">
<log4j:configuration xmlns:log4j="http://jakarta.apache.org/log4j/">
<appender name="D" class="org.apache.log4j.DailyRollingFileAppender">
<param name="File" value="logs/access.log"/></appender>
<appender name="R" class="org.apache.log4j.RollingFileAppender">
<param name="MaxBackupIndex" value="10"/></appender>
<appender name="S" class="org.apache.log4j.RollingFileAppender"/>
<appender name="C" class="org.apache.log4j.ConsoleAppender"/>
<appender name="J" class="org.apache.log4j.jdbc.JDBCAppender">
<param name="password" value="secret"/></appender>
</log4j:configuration>
"""


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [("log4j.properties", PROPERTIES, (4, 5)), ("log4j.xml", XML, (3, 5))],
)
def test_both_forms_say_the_same(name: str, text: str, lines: tuple[int, int]) -> None:
    derived = read(name, text)
    assert stores(derived) == {
        f"{name}:D": {"kinds": ["access"], "retention": None},
        f"{name}:R": {"retention": None},
        f"{name}:S": {"retention": None},
    }
    assert derived.unmapped == {"org.apache.log4j.jdbc.JDBCAppender": 1}
    found = [traced(derived, "id", index)[0] for index in (0, 1)]
    assert found == list(lines)
    said = "\n".join(remarks(derived))
    assert f"{name}:D: nothing here deletes it" in said
    assert f"{name}:R: limited by size or number of files (MaxBackupIndex 10)" in said
    assert f"{name}:S: limited by size or number of files (MaxBackupIndex 1)" in said


def test_a_file_of_log4j_2_may_have_the_name_of_1() -> None:
    text = "appender.a.type = RollingFile\nappender.a.name = A\n"
    assert list(stores(read("log4j.properties", text))) == ["log4j.properties:A"]


OFF = "log4j.appender.D=org.apache.log4j.DailyRollingFileAppender\n"
D = '<appender name="D" class="org.apache.log4j.DailyRollingFileAppender"/>'
ASYNC = (
    '<appender name="Q" class="org.apache.log4j.AsyncAppender"><appender-ref ref="D"/></appender>'
)


@pytest.mark.parametrize(
    ("name", "text", "writes"),
    [
        ("log4j.properties", f"log4j.rootLogger=INFO, C\n{OFF}", False),
        ("log4j.properties", f"log4j.rootCategory=OFF, D\n{OFF}", False),
        ("log4j.properties", f"log4j.rootLogger=OFF, D\nlog4j.logger.a=INFO\n{OFF}", True),
        (
            "log4j.properties",
            f"log4j.rootLogger=OFF, D\nlog4j.logger.a=INFO\nlog4j.additivity.a=false\n{OFF}",
            False,
        ),
        ("log4j.properties", f"log4j.category.a=INFO,D\n{OFF}", True),
        ("log4j.xml", f"<c>{D}{ASYNC}<root><level value='INFO'/></root></c>", False),
        ("log4j.xml", f"<c>{D}<root><appender-ref ref='D'/></root></c>", True),
        (
            "log4j.xml",
            f"<c>{D}<root><priority value='off'/><appender-ref ref='D'/></root></c>",
            False,
        ),
        ("log4j.xml", f"<c>{D}{ASYNC}<logger><appender-ref ref='Q'/></logger></c>", True),
    ],
)
def test_what_nothing_logs_to_is_no_store(name: str, text: str, writes: bool) -> None:
    derived = read(name, text)
    assert list(stores(derived)) == [f"{name}:D"] * writes
    idle = f"{name}: nothing logs to D, which are no stores of logs for that reason"
    assert (idle in remarks(derived)) is not writes
