"""Logback: periods by the date pattern, sizes, properties, and what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources.log_retention.reading import read, stores, traced
from tests.sources.reading import in_folder, remarks

ROLLING = "ch.qos.logback.core.rolling"


def policy(body: str, type_: str = "TimeBasedRollingPolicy") -> str:
    return f'<rollingPolicy class="{ROLLING}.{type_}">{body}</rollingPolicy>'


def appender(body: str, name: str = "FILE", type_: str = "rolling.RollingFileAppender") -> str:
    return f'<appender name="{name}" class="ch.qos.logback.core.{type_}">\n{body}\n</appender>'


def configured(*parts: str) -> str:
    return "<configuration>\n" + "\n".join(parts) + "\n</configuration>"


def daily(history: str, more: str = "") -> str:
    pattern = "<fileNamePattern>logs/a.%d{yyyy-MM-dd}.log</fileNamePattern>"
    return appender(policy(f"{pattern}\n<maxHistory>{history}</maxHistory>{more}"))


def kept(text: str) -> Any:
    (store,) = stores(read("logback.xml", text)).values()
    return store["retention"]


@pytest.mark.parametrize(
    ("pattern", "period"),
    [
        ("a.%d{yyyy-MM-dd}.%i.log.gz", {"days": 200}),
        ("a.%d.log", {"days": 200}),
        ("a.%date{yyyyMMdd}.log", {"days": 200}),
        ("a.%d{yyyy-MM-dd_HH}.log", {"days": 8}),
        ("a.%d{yyyy-MM-dd'T'HH-mm}.log", {"days": 0}),
        ("a.%d{yyyy-ww}.log", {"days": 1400}),
        ("a.%d{yyyy-MM}.log", {"months": 200}),
        ("%d{yyyy/MM, aux}/a.%d{yyyy-MM-dd}.log", {"days": 200}),
        ("a.%d{yyyy-MM-dd, Asia/Shanghai}.log", {"days": 200}),
        ("${DIR}/a.%d{yyyy-MM-dd}.log", {"days": 200}),
        ("a.%d{yyyy}.log", None),
        ("a.%d{${FORMAT}}.log", None),
        ("a.%d{${FORMAT:-yyyy-MM-dd}}.log", {"days": 200}),
        ("a.log", None),
    ],
)
def test_history_counts_periods_of_the_date_pattern(pattern: str, period: Any) -> None:
    body = f"<FileNamePattern>{pattern}</FileNamePattern><MaxHistory>200</MaxHistory>"
    assert kept(configured(appender(policy(body)))) == period


@pytest.mark.parametrize(
    ("cap", "remark"),
    [("10GB", "limited by size as well (totalSizeCap 10GB)"), ("0", None), ("", "totalSizeCap ")],
)
def test_a_cap_of_the_size_makes_the_period_a_bound(cap: str, remark: str | None) -> None:
    derived = read("logback.xml", configured(daily("30", f"<totalSizeCap>{cap}</totalSizeCap>")))
    known = {"retention": {"days": 30}}
    bound = {"retention": {"at_most": {"days": 30}}}
    assert stores(derived)["logback.xml:FILE"] == (bound if remark else known)
    assert traced(derived, "retention")[3] == "known"
    assert [remark in said for said in remarks(derived) if remark] == [True] * bool(remark)


@pytest.mark.parametrize("history", ["0", "thirty", "-1", ""])
def test_without_a_history_nothing_is_deleted(history: str) -> None:
    derived = read("logback.xml", configured(daily(history, "<totalSizeCap>1GB</totalSizeCap>")))
    assert stores(derived)["logback.xml:FILE"]["retention"] is None
    assert remarks(derived) == [
        "logback.xml:FILE: nothing here deletes it, so how long it is kept is not known"
    ]


def test_without_an_element_for_the_history_nothing_is_deleted() -> None:
    assert kept(configured(appender(policy("<fileNamePattern>a.%d.log</fileNamePattern>")))) is None


@pytest.mark.parametrize(
    ("defined", "period"),
    [
        ('<property name="N" value="30"/>', {"days": 30}),
        ('<variable name="N" value="${M:-15}"/>', {"days": 15}),
        ('<springProperty name="N" source="log.history" defaultValue="7"/>', {"days": 7}),
        ('<springProperty name="N" source="log.history"/>', None),
        ('<define name="N" class="x.History"/>', None),
        ('<property name="N" value="${M}"/>', None),
        ('<property name="N" value="30"/><property name="N" value="30"/>', {"days": 30}),
        ('<property name="N" value="30"/><property name="N" value="60"/>', None),
        ('<springProfile name="a"><property name="N" value="9"/></springProfile>', {"days": 9}),
        ('<property file="x.properties"/>', None),
        ('<property value="30"/>', None),
        ("", None),
    ],
)
def test_a_property_has_its_value_or_its_default(defined: str, period: Any) -> None:
    derived = read("logback.xml", configured(defined, daily("${N}")))
    assert stores(derived)["logback.xml:FILE"]["retention"] == period
    assert traced(derived, "retention")[3] == ("known" if period else "known after apply")
    assert bool(remarks(derived)) is (period is None)


@pytest.mark.parametrize("text", ["${N", "${${N:-30}", "${a:-" * 30 + "}" * 30])
def test_variables_that_are_not_written_rightly_have_no_value(text: str) -> None:
    assert kept(configured(daily(text))) is None


SPRING = '<springProperty name="N" source="log.keep-days" defaultValue="7"/>'
BOOT = '<include resource="org/springframework/boot/logging/logback/base.xml"/>'


@pytest.mark.parametrize(
    ("application", "profile", "text", "found"),
    [
        ("log.keep-days: 30", "", SPRING + daily("${N}"), {"days": 30}),
        ("log.keepDays: ${X:30}", "", SPRING + daily("${N}"), {"days": 30}),
        ("log.keep-days: ${X}", "", SPRING + daily("${N}"), None),
        ("a: 1", "", SPRING + daily("${N}"), {"days": 7}),
        ("log.keep-days: 30", "log.keep-days: 3", SPRING + daily("${N}"), None),
        ("a: 1", "log.keep-days: 3", SPRING + daily("${N}"), None),
        *(
            (history, "", daily("${LOGBACK_ROLLINGPOLICY_MAX_HISTORY:-9}"), found)
            for history, found in (
                ("logging.file.max-history: 30", {"days": 30}),
                ("a: 1", {"days": 9}),
            )
        ),
        ("logging.file.max-history: 30", "", BOOT, {"days": 30}),
        ("logging.file.max-history: 0", "", BOOT, None),
        ("logging.file.max-history: 30", "logging.file.max-history: 3", BOOT, None),
        ("logging.file: {max-history: 30, total-size-cap: 0B}", "", BOOT, {"days": 30}),
        (
            *("logging.file: {max-history: 30, total-size-cap: 9GB}", "", BOOT),
            {"at_most": {"days": 30}},
        ),
        ("a: 1", "", BOOT, None),
        ("a: !x", "", BOOT, None),
        ("a: [", "", BOOT, None),
        ("\0", "", BOOT, None),
    ],
)
def test_settings_of_spring_beside_it(
    tmp_path: Path, application: str, profile: str, text: str, found: Any
) -> None:
    files = {"application.yml": application, "logback-spring.xml": configured(text)}
    files |= {"application-prod.yml": profile} if profile else {}
    (store,) = stores(in_folder("log-retention", tmp_path, files, "logback-spring.xml")).values()
    assert store["retention"] == found


ROOT = '<root><appender-ref ref="A"/></root>'
QUEUE = '<appender name="Q" class="AsyncAppender"><appender-ref ref="FILE"/></appender>'


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ("", ["FILE"]),
        (ROOT, []),
        (ROOT.replace('"A"', '"FILE"'), ["FILE"]),
        (ROOT.replace('"A"', '"${N}"'), ["FILE"]),
        (ROOT.replace("<root", '<root level="OFF"').replace('"A"', '"FILE"'), []),
        (ROOT.replace("<root>", '<root><level value="off"/>').replace('"A"', '"FILE"'), []),
        (ROOT.replace("<root", '<root level="${L:-INFO}"').replace('"A"', '"FILE"'), ["FILE"]),
        (f"{QUEUE}{ROOT}", []),
        (f"{QUEUE}{ROOT.replace('A', 'Q')}", ["FILE"]),
        (f"{QUEUE}{ROOT.replace('A', 'Q')}{ROOT.replace('A', 'FILE')}", ["FILE"]),
        (ROOT.replace('"A"', '"${N:-FILE}"'), ["FILE"]),
        (f'<include resource="own.xml"/>{ROOT}', ["FILE"]),
        (f"{BOOT}{ROOT}", ["FILE"]),
    ],
)
def test_what_nothing_logs_to_is_no_store(more: str, names: list[str]) -> None:
    derived = read("logback.xml", configured(daily("30"), more))
    assert list(stores(derived)) == [f"logback.xml:{name}" for name in names]
    idle = "logback.xml: nothing logs to FILE, which are not stores of logs for that reason"
    assert (idle in remarks(derived)) is (not names or BOOT in more)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<springProfile name="dev">', "</springProfile>"),
        ("<if condition='x'><then>", "</then></if>"),
    ],
)
def test_of_what_hangs_on_a_condition_it_is_not_known_what_is_logged(
    before: str, after: str
) -> None:
    access = daily("200").replace("FILE", "ACCESS")
    (always,) = stores(read("logback.xml", configured(access))).values()
    assert always["kinds"] == ["access"]
    (perhaps,) = stores(read("logback.xml", configured(f"{before}{access}{after}"))).values()
    assert "kinds" not in perhaps


def test_what_writes_no_file_is_no_log_and_a_type_that_is_not_known_is_a_gap() -> None:
    derived = read(
        "logback.xml",
        configured(
            appender("", "OUT", "ConsoleAppender"),
            appender("", "A", "AsyncAppender").replace("core", "classic"),
            appender(f"<sift>{daily('30')}</sift>", "S", "sift.SiftingAppender"),
            appender("<file>a.log</file>", "PLAIN", "FileAppender"),
            '<appender name="K" class="com.github.danielwegener.logback.kafka.KafkaAppender"/>',
            appender("", "DB", "DBAppender").replace("core", "classic.db"),
            '<appender name="NONE"/>',
        ),
    )
    assert list(stores(derived)) == ["logback.xml:FILE", "logback.xml:PLAIN"]
    (gap,) = derived.gaps
    assert "the type ch.qos.logback.classic.db.DBAppender is not known" in gap.message.en
    assert gap.kinds == {"log_stores"}


@pytest.mark.parametrize(
    ("name", "file", "kinds"),
    [
        ("ACCESS_LOG", "a.log", ["access"]),
        ("FILE", "${DIR}/access.log", ["access"]),
        ("FILE", "C:\\logs\\accessLog.log", ["access"]),
        ("userLogin", "", None),
        ("FILE", "user-login.log", ["login"]),
        ("FILE", "/data/access/app.log", None),
        ("FILE", "data-access.log", None),
        ("ACCESSORIES", "inaccessible.log", None),
    ],
)
def test_a_name_says_the_kind(name: str, file: str, kinds: Any) -> None:
    body = f"<file>{file}</file>"
    (store,) = stores(
        read("logback.xml", configured(appender(body, name, "FileAppender")))
    ).values()
    assert store.get("kinds") == kinds


INCLUDED = configured(daily("${DAYS}")).replace("configuration>", "included>")


def test_an_included_file_is_read_with_the_properties_around_it(tmp_path: Path) -> None:
    own = configured(
        '<property name="DAYS" value="180"/>',
        '<include resource="classpath:parts/files.xml"/>',
        BOOT.replace("base.xml", "defaults.xml"),
    )
    files = {"a/logback.xml": own, "a/parts/files.xml": INCLUDED}
    for path in (".", "a/logback.xml"):
        derived = in_folder("log-retention", tmp_path, files, path)
        assert stores(derived) == {"a/parts/files.xml:FILE": {"retention": {"days": 180}}}
        assert derived.trace("/log_stores/0/retention").place.line == 4
        assert not derived.gaps


def test_a_main_file_that_only_includes(tmp_path: Path) -> None:
    own = configured('<include resource="parts/all.xml"/>', '<include resource="gone.xml"/>')
    files = {
        "logback.xml": own,
        "parts/all.xml": '<included><include resource="parts/files.xml"/></included>',
        "parts/files.xml": INCLUDED.replace("${DAYS}", "30"),
    }
    derived = in_folder("log-retention", tmp_path, files, "logback.xml")
    assert stores(derived) == {"parts/files.xml:FILE": {"retention": {"days": 30}}}
    (gap,) = derived.gaps
    assert "gone.xml is not in the repository" in gap.message.en


def test_an_included_file_of_its_own_name_is_read_once(tmp_path: Path) -> None:
    own = configured('<include file="logback-files.xml"/>' * 2, daily("7"))
    files = {
        "logback.xml": own.replace("</conf", '<include resource="logback.xml"/></conf'),
        "logback-files.xml": INCLUDED.replace("${DAYS}", "30"),
    }
    found = stores(in_folder("log-retention", tmp_path, files))
    assert found == {
        "logback-files.xml:FILE": {"retention": {"days": 30}},
        "logback.xml:FILE": {"retention": {"days": 7}},
    }
    assert stores(in_folder("log-retention", tmp_path, files, "logback.xml")) == found


@pytest.mark.parametrize(
    ("include", "words"),
    [
        ('<include url="http://x/y.xml"/>', "http://x/y.xml is not in the repository"),
        ('<include file="/etc/app/more.xml"/>', "/etc/app/more.xml is not in the repository"),
        ('<include optional="true" file="/etc/app/x.xml"/>', "x.xml is not in the repository"),
        ('<include resource="broken.xml"/>', "XML"),
    ],
)
def test_an_include_that_cannot_be_read_is_a_gap(tmp_path: Path, include: str, words: str) -> None:
    files = {"logback.xml": configured(include, daily("7")), "broken.xml": "<included>"}
    derived = in_folder("log-retention", tmp_path, files, "logback.xml")
    (gap,) = derived.gaps
    assert words in gap.message.en
    assert gap.kinds == {"log_stores"}
    assert stores(derived)["logback.xml:FILE"] == {"retention": {"days": 7}}


def test_an_optional_resource_that_is_not_there_is_no_gap(tmp_path: Path) -> None:
    include = '<include optional="true" resource="gone.xml"/>'
    files = {"logback.xml": configured(include, daily("7"))}
    derived = in_folder("log-retention", tmp_path, files, "logback.xml")
    assert not derived.gaps
    assert stores(derived)["logback.xml:FILE"] == {"retention": {"days": 7}}


@pytest.mark.parametrize(
    ("own", "days"),
    [
        ('<property resource="log.properties"/>', 180),
        ('<property file="log.properties"/><property name="log.days" value="30"/>', None),
        ('<property name="log.days" value="30"/><property file="log.properties"/>', None),
        ('<property resource="gone.properties"/>', None),
        ('<property resource="out.properties"/>', None),
    ],
)
def test_properties_may_be_in_a_file(tmp_path: Path, own: str, days: int | None) -> None:
    (tmp_path / "out").write_text("log.days=1", "utf-8")
    top = tmp_path / "repository"
    top.mkdir()
    (top / "out.properties").symlink_to(tmp_path / "out")
    files = {"logback.xml": configured(own, daily("${log.days}"))}
    derived = in_folder(
        "log-retention", top, files | {"log.properties": "log.days=180\nkey=hunter2\n"}
    )
    assert stores(derived) == {"logback.xml:FILE": {"retention": days and {"days": days}}}
    assert "hunter2" not in repr(derived)


def test_of_several_policies_the_last_one_holds() -> None:
    both = policy("<fileNamePattern>a.%d.log</fileNamePattern><maxHistory>200</maxHistory>")
    assert kept(configured(appender(both + both.replace("200", "7")))) == {"days": 7}


@pytest.mark.parametrize(
    ("application", "found"), [("a: 1", {"days": 7}), ("log.keep-days: 30", None)]
)
def test_settings_of_spring_cloud_beside_it(tmp_path: Path, application: str, found: Any) -> None:
    text = configured(SPRING.replace('"7"', '"200"'), daily("${N}"))
    files = {"application.yml": application, "bootstrap.yml": "log.keep-days: 7"}
    files["logback-spring.xml"] = text
    (store,) = stores(in_folder("log-retention", tmp_path, files, "logback-spring.xml")).values()
    assert store["retention"] == found
