"""Spring Boot: the log file, its default, profiles, and the access logs of servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources.log_retention.reading import read, spans, stores, traced
from tests.sources.reading import in_folder, remarks

NAMED = "logging.file.name=logs/a.log\n"


def kept(text: str, name: str = "application.properties") -> Any:
    (store,) = stores(read(name, text)).values()
    return spans(store)


DAYS = ({"days": 30}, None)
BOUND = (None, {"days": 30})
UNKNOWN = (None, None)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("logging.logback.rollingpolicy.max-history=30", DAYS),
        ("logging.file.max-history = 30", DAYS),
        ("LOGGING.LOGBACK.ROLLINGPOLICY.MAX_HISTORY=${DAYS:30}", DAYS),
        ("logging.logback.rollingpolicy.maxHistory=${DAYS}", UNKNOWN),
        ("logging.logback.rollingpolicy.max-history=0", UNKNOWN),
        ("logging.logback.rollingpolicy.max-file-size=1GB", ({"days": 7}, None)),
        ("", UNKNOWN),
        ("logging.file.max-history=30\nlogging.file.total-size-cap=0B", DAYS),
        ("logging.file.max-history=30\nlogging.file.total-size-cap=1GB", BOUND),
        ("logging.file.max-history=30\nlogging.file.total-size-cap=${CAP}", BOUND),
        ("logging.file.max-history=30\nlogging.pattern.rolling-file-name=a.%d.log", DAYS),
        (
            "logging.file.max-history=30\nlogging.pattern.rolling-file-name=a.%d{yyyy-MM}.gz",
            ({"months": 30}, None),
        ),
        ("logging.file.max-history=30\nlogging.pattern.rolling-file-name=${P}", UNKNOWN),
    ],
)
def test_the_log_file(more: str, found: Any) -> None:
    assert kept(NAMED + more) == found


def test_the_log_file_in_yaml_with_its_lines() -> None:
    derived = read(
        "application.yml",
        "a: null\nlogging:\n  file:\n    path: /logs\n"
        "  logback.rollingpolicy:\n    max-history: 30\n",
    )
    assert stores(derived) == {"application.yml:logging.file": {"retention": {"days": 30}}}
    assert traced(derived, "id") == (4, "logging.file", "logging.file.path", "known")
    assert traced(derived, "retention")[:3] == (
        *(6, "logging.file", "logging.logback.rollingpolicy.max-history"),
    )


def test_documents_of_profiles_have_the_settings_above(tmp_path: Path) -> None:
    text = """
logging.logback.rollingpolicy.max-history: 60
---
spring.config.activate.on-profile: prod
logging: {file: {name: a.log}}
---
spring: {profiles: dev}
logging: {file: {name: a.log, max-history: 3}}
---
a: !x
"""
    derived = in_folder("log-retention", tmp_path, {"application.yaml": text})
    assert stores(derived) == {
        "application.yaml:logging.file[prod]": {"retention": {"days": 60}},
        "application.yaml:logging.file[dev]": {"retention": {"days": 3}},
    }
    assert len(derived.gaps) == 1


@pytest.mark.parametrize(
    ("base", "days"), [("logging.file.max-history: 9", 9), ("a: !x", None), (None, None)]
)
def test_the_file_of_a_profile_has_the_settings_of_all(
    tmp_path: Path, base: str | None, days: int | None
) -> None:
    files = {"application-prod.properties": NAMED}
    files |= {"application.yaml": base} if base else {}
    derived = in_folder("log-retention", tmp_path, files, "application-prod.properties")
    (store,) = stores(derived).values()
    assert store["retention"] == (days and {"days": days})


NAMED_IN_YAML = "logging: {file: {name: a.log, max-history: 180}}\n"
LESS = "logging.file.max-history: 7\n"


@pytest.mark.parametrize(
    "text", [f"---\n{LESS}", f"---\nspring.profiles: prod\n{LESS}", "---\nspring.profiles: a\n"]
)
def test_a_later_document_that_sets_something_else(text: str) -> None:
    days = 180 if LESS not in text else None
    (store,) = stores(read("application.yml", NAMED_IN_YAML + text)).values()
    assert store["retention"] == (days and {"days": days})


def test_properties_come_before_yaml(tmp_path: Path) -> None:
    files = {"application.yml": NAMED_IN_YAML, "application.properties": LESS}
    derived = in_folder("log-retention", tmp_path, files, "application.yml")
    (store,) = stores(derived).values()
    assert store["retention"] is None


def test_an_access_log_that_a_profile_turns_off_may_be_none() -> None:
    on = "server.tomcat.accesslog.enabled"
    text = f"{on}: true\n---\nspring.profiles: prod\n{on}: false\n"
    (store,) = stores(read("application.yml", text)).values()
    assert store == {"retention": None}


def test_settings_of_logback_beside_it_decide(tmp_path: Path) -> None:
    files = {"application.properties": NAMED, "logback-spring.xml": "<configuration/>"}
    derived = in_folder("log-retention", tmp_path, files, "application.properties")
    assert not derived.facts
    assert remarks(derived) == [
        "application.properties: logback-spring.xml decides how logs are kept; name it as a source"
    ]
    derived = read("application.properties", f"{NAMED}logging.config=https://a:b@c/l.xml")
    assert "logging.config decides" in remarks(derived)[0]
    assert "a:b@c" not in remarks(derived)[0]


@pytest.mark.parametrize(
    ("settings", "days"),
    [
        ("tomcat.accesslog.max-days=30", 30),
        ("tomcat.accesslog.max-days=${DAYS:30}", 30),
        ("tomcat.accesslog.max-days=${DAYS}", None),
        ("tomcat.accesslog.max-days=-1", None),
        ("tomcat.accesslog.pattern=common", None),
        ("tomcat.accesslog.rotate=false\nserver.tomcat.accesslog.max-days=30", None),
        ("jetty.accesslog.retention-period=40", 40),
        ("jetty.accesslog.append=true", 31),
        ("undertow.accesslog.rotate=true", None),
    ],
)
def test_access_logs(settings: str, days: int | None) -> None:
    prefix = ".".join(settings.split(".")[:2])
    derived = read("application.properties", f"server.{prefix}.enabled=true\nserver.{settings}\n")
    assert stores(derived) == {
        f"application.properties:server.{prefix}": {
            "kinds": ["access"],
            "retention": days and {"days": days},
        }
    }


@pytest.mark.parametrize("value", ["false", "${ON}", "${ON:false}"])
def test_an_access_log_that_is_not_certainly_on_is_none(value: str) -> None:
    off = read("application.properties", f"server.tomcat.accesslog.enabled={value}")
    assert not off.facts
    assert "server.tomcat.accesslog is not said to be on" in remarks(off)[0]


@pytest.mark.parametrize("value", ["true", "on", "YES", "${ON:1}"])
def test_an_access_log_is_on_by_any_word_that_spring_takes_for_yes(value: str) -> None:
    derived = read("application.yml", f"server.tomcat.accesslog.enabled: {value}")
    assert len(stores(derived)) == 1


@pytest.mark.parametrize(
    ("profile", "known"),
    [
        ("logging.file.max-history: 30", True),
        ("logging.file.max-history: 7", False),
        ("logging.file.total-size-cap: 1GB", False),
        ("server.tomcat.accesslog.max-days: 7", True),
        ("a: !x", True),
    ],
)
def test_what_a_profile_changes_is_not_known(tmp_path: Path, profile: str, known: bool) -> None:
    base = "logging.file.name: a.log\nlogging.file.max-history: 30\n"
    more = {"application-prod.yml": profile, "application.properties": "x=\\"}
    derived = in_folder(
        "log-retention", tmp_path, {"application.yml": base, **more}, "application.yml"
    )
    (store,) = stores(derived).values()
    assert store["retention"] == ({"days": 30} if known else None)


def test_days_that_a_profile_changes_are_not_known(tmp_path: Path) -> None:
    on = "server.tomcat.accesslog: {enabled: true, max-days: 200}\n"
    other = "---\nspring.profiles: prod\nserver.tomcat.accesslog.max-days: 7\n"
    derived = in_folder(
        "log-retention", tmp_path, {"application.yml": on + other}, "application.yml"
    )
    assert [one["retention"] for one in stores(derived).values()] == [None]


def test_whether_the_access_log_of_a_profile_is_written_is_not_known(tmp_path: Path) -> None:
    on = "server: {tomcat: {accesslog: {enabled: true, max-days: 200}}}"
    (always,) = stores(in_folder("log-retention", tmp_path, {"application.yaml": on})).values()
    assert always["kinds"] == ["access"]
    dev = f"spring.config.activate.on-profile: dev\n{on}"
    (perhaps,) = stores(
        in_folder("log-retention", tmp_path, {"application.yaml": f"a: b\n---\n{dev}"})
    ).values()
    assert perhaps == {"retention": {"days": 200}}
