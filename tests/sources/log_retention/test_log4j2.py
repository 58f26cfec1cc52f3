"""Log4j 2 in its two forms: deletions, windows, properties, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.log_retention.reading import read, spans, stores, traced
from tests.sources.reading import remarks

PATTERN = "logs/$${date:yyyy-MM}/app-%d{yyyy-MM-dd}-%i.log.gz"
DATED = "logs/app-%d{yyyy-MM-dd}.log"
BY_TIME = "<TimeBasedTriggeringPolicy/>"
BY_SIZE = '<SizeBasedTriggeringPolicy size="100 MB"/>'


def rolling(body: str, pattern: str = DATED, policies: str = BY_TIME) -> str:
    return f"""<Configuration>
<Properties><Property name="age">60d</Property><Property name="dir" value="logs"/></Properties>
<Appenders>
<RollingFile name="FILE" fileName="logs/app.log" filePattern="{pattern}">
<Policies>{policies}</Policies>
{body}
</RollingFile>
</Appenders>
</Configuration>"""


def deleting(conditions: str, base: str = "logs", more: str = "") -> str:
    delete = f'<Delete basePath="{base}" maxDepth="2">\n{conditions}\n</Delete>'
    return f"<DefaultRolloverStrategy{more}>{delete}</DefaultRolloverStrategy>"


def kept(text: str, name: str = "log4j2.xml") -> Any:
    (store,) = stores(read(name, text)).values()
    return spans(store)


def aged(age: str) -> str:
    return f'<IfFileName glob="app-*.log"/><IfLastModified age="{age}"/>'


@pytest.mark.parametrize(
    ("age", "days"),
    [
        *(("7d", 7), ("P30D", 30), ("PT720H", 30), ("48h", 2), ("p1dt36h", 2), ("${age}", 60)),
        # Minutes, not months.
        ("6M", 0),
        ("${sys:logs.age:-90d}", 90),
        *((age, None) for age in ("${sys:logs.age}", "thirty", "", "P", "2w")),
    ],
)
def test_a_deletion_by_age(age: str, days: int | None) -> None:
    derived = read("log4j2.xml", rolling(deleting(aged(age))))
    (store,) = stores(derived).values()
    assert store["retention"] == (None if days is None else {"days": days})
    assert traced(derived, "retention")[3] == ("known after apply" if days is None else "known")
    assert bool(derived.remarks) is (days is None)


def test_a_period_is_traced_to_its_condition() -> None:
    derived = read("log4j2.xml", rolling(deleting(aged("30d"))))
    assert list(stores(derived)) == ["log4j2.xml:FILE"]
    assert traced(derived, "id") == (4, "FILE", "", "known")
    assert traced(derived, "retention") == (7, "FILE", "Delete.IfLastModified.age", "known")


def test_names_may_have_variables_without_values() -> None:
    text = """<configuration><properties>
    <property name="base">${sys:agent.home}/logs</property><property name="log.file">a</property>
    <property name="pattern">${base}/${sys:log.file}-%d{yyyy-MM-dd}.gz</property></properties>
    <appenders><RollingFile name="A" fileName="a.log" filePattern="${pattern}">
    <DefaultRolloverStrategy><Delete basePath="${base}"><IfFileName glob="${env:log.file}-*.gz"/>
    <IfLastModified age="10d"/></Delete></DefaultRolloverStrategy></RollingFile></appenders>
    </configuration>"""
    assert kept(text) == ({"days": 10}, None)


@pytest.mark.parametrize(
    ("pattern", "base", "glob", "days"),
    [
        (PATTERN, "logs", "*/app-*.log.gz", 30),
        (PATTERN, "./logs/", "**/app-*.log.gz", 30),
        (PATTERN, "logs", "**", 30),
        (PATTERN, "${dir}", "*/*.gz", 30),
        (DATED, "logs", "app-????-??-??.log", 30),
        (f"${{x}}/{DATED}", "${x}/logs", "app-*.log", 30),
        (DATED, "", "logs/app-*.log", 30),
        (DATED, "logs", "web-*.log", None),
        (DATED, "logs", "*/app-*.log", None),
        (DATED, "other", "app-*.log", None),
        ("logs/%d{yyyy}/%d{MM}/app.log", "logs", "**/app.log", None),
    ],
)
def test_a_deletion_may_not_be_of_these_files(
    pattern: str, base: str, glob: str, days: int | None
) -> None:
    conditions = f'<IfFileName glob="{glob}"/><IfLastModified age="30d"/>'
    found, _ = kept(rolling(deleting(conditions, base), pattern))
    assert found == (None if days is None else {"days": days})


@pytest.mark.parametrize(
    ("trial", "found", "remark"),
    [
        ("true", None, "nothing here deletes it"),
        ("${env:TRY}", None, "does not follow from what is set"),
        ("FALSE", {"days": 30}, ""),
    ],
)
def test_a_deletion_on_trial_deletes_nothing(trial: str, found: Any, remark: str) -> None:
    text = rolling(deleting('<IfLastModified age="30d"/>'))
    text = text.replace("<Delete ", f'<Delete testMode="{trial}" ')
    assert kept(text)[0] == found
    assert remark in "".join(remarks(read("log4j2.xml", text)))


OLD, SIZE = '<IfLastModified age="30d"/>', '<IfAccumulatedFileSize exceeds="9 GB"/>'
COUNT, OLDER = '<IfAccumulatedFileCount exceeds="9"/>', '<IfLastModified age="60d"/>'
DAYS = {"days": 30}


@pytest.mark.parametrize(
    ("conditions", "found", "remark"),
    [
        (f"<IfAny>{OLD}{SIZE}</IfAny>", (None, DAYS), "as well (IfAccumulatedFileSize 9 GB)"),
        (f"<IfAny>{OLD}<IfAll>{OLDER}{SIZE}</IfAll></IfAny>", (DAYS, None), ""),
        (f"<IfAny>{OLD}{OLDER}</IfAny>", (DAYS, None), ""),
        (f"<IfAll>{OLD}</IfAll>", (DAYS, None), ""),
        (OLD + SIZE, (None, None), "limited by size or number of files (IfAccumulatedFileSize"),
        (OLD.replace("/>", f">{COUNT}</IfLastModified>"), (None, None), "IfAccumulatedFileCount 9"),
        (f'<IfFileName glob="*.log">{OLD}</IfFileName>', (DAYS, None), ""),
        (f'<IfFileName regex="(a+)+$"/>{OLD}', (None, None), "is not known"),
        (f"<IfNot>{OLD}</IfNot>", (None, None), "is not known"),
        (OLD * 3 + f"<IfAny>{OLD * 20}</IfAny>" * 4, (None, None), "is not known"),
    ],
)
def test_conditions_hold_together_or_one_of_them(conditions: str, found: Any, remark: str) -> None:
    text = rolling(deleting(conditions))
    assert kept(text) == found
    said = remarks(read("log4j2.xml", text))
    assert (remark in said[0]) if remark else not said


@pytest.mark.parametrize(
    ("pattern", "policies", "strategy", "limit"),
    [
        (DATED, BY_TIME, "", ""),
        (PATTERN, BY_TIME, "", ""),
        (DATED, BY_TIME + BY_SIZE, "", ""),
        (PATTERN, BY_TIME + BY_SIZE, "", "max 7"),
        (PATTERN, BY_SIZE, '<DefaultRolloverStrategy max="20"/>', "max 20"),
        (PATTERN, BY_SIZE, '<DefaultRolloverStrategy fileIndex="nomax"/>', ""),
        ("app-%i.log", BY_SIZE, "<DefaultRolloverStrategy max='${sys:n:-5}'/>", "max 5"),
        (PATTERN, BY_SIZE, "<DirectWriteRolloverStrategy/>", ""),
        (PATTERN, BY_SIZE, '<DirectWriteRolloverStrategy maxFiles="9"/>', "maxFiles 9"),
    ],
)
def test_a_window_limits_by_size(pattern: str, policies: str, strategy: str, limit: str) -> None:
    (said,) = remarks(read("log4j2.xml", rolling(strategy, pattern, policies)))
    assert (f"({limit})" if limit else "nothing here deletes it") in said


def test_plain_files_are_never_deleted_and_others_are_no_logs() -> None:
    text = """<Configuration><Appenders><Console name="C"/><Async name="A"/>
    <File name="ACCESS" fileName="a.log"/><Appender type="RandomAccessFile" name="R" fileName="b"/>
    <Routing name="X"><Routes><Route><RollingFile name="N-${ctx:x}"><fileName>c</fileName>
    <filePattern>c-%d.log</filePattern></RollingFile></Route></Routes></Routing>
    </Appenders></Configuration>"""
    derived = read("log4j2.xml", text)
    assert stores(derived) == {
        "log4j2.xml:ACCESS": {"kinds": ["access"], "retention": None},
        "log4j2.xml:R": {"retention": None},
        "log4j2.xml:N-${ctx:x}": {"retention": None},
    }


PROPERTIES = """
property.log.age = 30d
appenders = a
appender.a.type = RollingFile
appender.a.name = A
appender.a.fileName = a.log
appender.a.filePattern = a-%d.log
appender.a.strategy.type = DefaultRolloverStrategy
appender.a.strategy.delete.type = Delete
appender.a.strategy.delete.basePath = .
appender.a.strategy.delete.old.type = IfLastModified
appender.a.strategy.delete.old.age = ${log.age}
"""


def test_properties_say_the_same() -> None:
    derived = read("log4j2.properties", PROPERTIES)
    assert stores(derived)["log4j2.properties:A"] == {"retention": DAYS}
    assert traced(derived, "retention")[:3] == (11, "A", "Delete.IfLastModified.age")


def test_a_property_with_two_values_is_not_known() -> None:
    derived = read("log4j2.properties", f"{PROPERTIES}property.log.age = 1\n")
    assert stores(derived)["log4j2.properties:A"] == {"retention": None}
    assert traced(derived, "retention")[3] == "known after apply"


def test_a_configuration_in_yaml_is_a_gap() -> None:
    (gap,) = read("log4j2.yml", "Configuration: {Appenders: {RollingFile: {name: A}}}\n").gaps
    assert gap.kinds == {"log_stores"}


TWO = """<Configuration><Appenders>
<RollingFile name="A" fileName="logs/a.log" filePattern="logs/a-%d.log">
<DefaultRolloverStrategy><Delete basePath="logs"><IfFileName glob="a-*"/>
<IfLastModified age="180d"/></Delete></DefaultRolloverStrategy></RollingFile>
<RollingFile name="B" fileName="logs/b.log" filePattern="logs/b-%d.log">
<DefaultRolloverStrategy><Delete basePath="{base}"><IfLastModified age="7d"/></Delete>
</DefaultRolloverStrategy></RollingFile>
</Appenders>{loggers}</Configuration>"""


@pytest.mark.parametrize(
    ("base", "loggers", "days"),
    [
        ("logs", "", 7),
        ("other", "", 180),
        # Its strategy never runs.
        ("logs", '<Loggers><Root><AppenderRef ref="A"/></Root></Loggers>', 180),
    ],
)
def test_an_appender_deletes_files_of_another_one(base: str, loggers: str, days: int) -> None:
    derived = read("log4j2.xml", TWO.format(base=base, loggers=loggers))
    assert stores(derived)["log4j2.xml:A"] == {"retention": {"days": days}}


ROOT = '<Root level="info"><AppenderRef ref="{to}"/></Root>'
HANDS_ON = '<Async name="Q"><AppenderRef ref="FILE"/></Async>'
SPARE = '<Failover name="Q" primary="C"><Failovers><AppenderRef ref="FILE"/></Failovers></Failover>'
INNER = (
    '<Routing name="Q"><Routes pattern="x"><Route><File name="I" fileName="i"/></Route>'
    "</Routes></Routing>"
)
OFF = '<Root level="OFF"><AppenderRef ref="FILE"/></Root>'
PLAIN = "appender.f.type = File\nappender.f.name = FILE\nappender.f.fileName = a.log\n"


@pytest.mark.parametrize(
    ("loggers", "more", "names"),
    [
        ("", "", ["FILE"]),
        (ROOT.format(to="FILE"), "", ["FILE"]),
        (ROOT.format(to="C"), "", []),
        (ROOT.format(to="${x}"), "", ["FILE"]),
        (ROOT.format(to="Q"), HANDS_ON, ["FILE"]),
        (ROOT.format(to="Q"), SPARE, ["FILE"]),
        (ROOT.format(to="C"), HANDS_ON, []),
        (ROOT.format(to="Q"), INNER, ["I"]),
        (OFF, "", []),
        (f'{OFF}<Logger name="a" level="info"/>', "", ["FILE"]),
        (f'{OFF}<Logger name="a" level="info" additivity="false"/>', "", []),
        ('<Root level="info"><AppenderRef ref="FILE" level="OFF"/></Root>', "", []),
    ],
)
def test_what_nothing_logs_to_is_no_store(loggers: str, more: str, names: list[str]) -> None:
    appenders = f'<File name="FILE" fileName="a.log"/>{more}'
    text = f"<Configuration><Appenders>{appenders}</Appenders><Loggers>{loggers}</Loggers>"
    derived = read("log4j2.xml", f"{text}</Configuration>")
    assert list(stores(derived)) == [f"log4j2.xml:{name}" for name in names]
    idle = "log4j2.xml: nothing logs to FILE, which are not stores of logs for that reason"
    assert (idle in remarks(derived)) is ("FILE" not in names)


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("rootLogger.appenderRef.f.ref = FILE", True),
        ("rootLogger.level = off\nrootLogger.appenderRef.f.ref = FILE", False),
        ("rootLogger = INFO, FILE", True),
        ("rootLogger = OFF, FILE", False),
        ("rootLogger = INFO, C", False),
        ("logger.a = INFO, FILE", True),
        ("logger.a.name = a\nlogger.a.appenderRef.f.ref = FILE", True),
        ("logger.a.name = a\nlogger.a.appenderRef.f.ref = C", False),
    ],
)
def test_loggers_in_properties(text: str, writes: bool) -> None:
    derived = read("log4j2.properties", f"{PLAIN}{text}\n")
    assert list(stores(derived)) == ["log4j2.properties:FILE"] * writes


def test_a_deletion_of_names_by_alternatives_is_not_known() -> None:
    sooner = '<IfFileName glob="*.{log,gz}"/><IfLastModified age="7d"/>'
    delete = f'<Delete basePath="logs">{sooner}</Delete></DefaultRolloverStrategy>'
    both = deleting(aged("200d")).replace("</DefaultRolloverStrategy>", delete)
    assert kept(rolling(both)) == (None, None)


def test_what_is_included_by_xinclude_is_a_gap() -> None:
    include = '<xi:include href="log4j-files.xml"/>'
    (gap,) = read("log4j2.xml", f"<Configuration>{include}{rolling('')}</Configuration>").gaps
    assert "log4j-files.xml is included by XInclude" in gap.message.en
