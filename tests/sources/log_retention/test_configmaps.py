"""Files inside of ConfigMaps, which are read as files with settings of logs are."""

from __future__ import annotations

import json

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, stores, traced
from tests.sources.reading import gaps_at

NAME = "deploy/logs.yaml"
LOKI = "compactor:\n  retention_enabled: true\nlimits_config:\n  retention_period: 30d\n"


def config_map(name: str, text: str, how: str = "|") -> str:
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: loki\ndata:\n"
    if how == "|":
        lines = "".join(f"    {line}\n" for line in text.splitlines())
        return f"{head}  {name}: |\n{lines}"
    return f"{head}  {name}: {json.dumps(text)}\n"


def test_a_file_in_a_configmap_is_read_with_its_lines() -> None:
    derived = read(NAME, config_map("loki.yaml", LOKI))
    assert stores(derived) == {"ConfigMap/loki/loki.yaml:loki": {"retention": {"days": 30}}}
    assert traced(derived, "retention") == (10, "loki", "limits_config.retention_period", "known")


def test_a_file_in_quotes_is_read_at_its_key() -> None:
    derived = read(NAME, config_map("loki.yaml", LOKI, '"'))
    assert traced(derived, "retention")[0] == 6
    assert traced(derived, "kinds")[0] == 6


def test_what_is_not_read_in_a_configmap_is_a_gap() -> None:
    derived = read(NAME, config_map("logback.xml", '<a><appender class="x.Odd"/></a>'))
    ((_, said),) = gaps_at(derived)
    assert "an appender of the type x.Odd is not known" in said


def test_a_broken_file_in_a_configmap_is_a_gap() -> None:
    derived = read(NAME, config_map("logrotate.conf", "/srv/a.log {\n daily\n rotate 7\n"))
    (gap,) = derived.gaps
    assert (gap.place.line, gap.message.en) == (7, "} is missing")


def test_a_manifest_that_cannot_be_read_is_a_gap() -> None:
    good = config_map("logrotate.conf", "/srv/a.log {\n daily\n rotate 7\n}\n")
    derived = read(NAME, f"{good}---\na: {{{{ b }}}}: c\n")
    assert len(derived.gaps) == 1
    assert list(stores(derived)) == ["ConfigMap/loki/logrotate.conf:/srv/a.log"]


def test_configmaps_in_lists_are_read() -> None:
    items = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"namespace": "prod", "name": name},
            "data": {"loki.yaml": LOKI},
        }
        for name in "ab"
    ]
    whole = {"apiVersion": "v1", "kind": "List", "items": items}
    derived = read(NAME, json.dumps(whole, indent=1))
    assert list(stores(derived)) == [f"ConfigMap/prod/{n}/loki.yaml:loki" for n in "ab"]


def test_different_periods_of_one_log_leave_none() -> None:
    texts = [LOKI.replace("30d", period) for period in ("30d", "60d", "30d")]
    derived = read(NAME, "---\n".join(config_map("loki.yaml", text) for text in texts))
    assert stores(derived) == {"ConfigMap/loki/loki.yaml:loki": {"retention": None}}


def logback(*settings: str) -> str:
    """ConfigMaps that each configure the same log, and how long it is kept."""
    texts = [
        "<configuration><appender name='A' class='ch.qos.logback.core.rolling.RollingFileAppender'>"
        "<file>/srv/a.log</file><rollingPolicy "
        "class='ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy'>"
        f"<fileNamePattern>/srv/a.%d.%i.log</fileNamePattern>{one}"
        "</rollingPolicy></appender><root><appender-ref ref='A'/></root></configuration>"
        for one in settings
    ]
    return "---\n".join(config_map("logback.xml", text) for text in texts)


CAPPED = "<totalSizeCap>1GB</totalSizeCap>"


def days(n: int | str) -> str:
    return f"<maxHistory>{n}</maxHistory>"


@pytest.mark.parametrize("order", [1, -1])
def test_of_one_log_a_limit_of_size_counts_wherever_it_stands(order: int) -> None:
    derived = read(NAME, logback(*[days(200), days(200) + CAPPED][::order]))
    (retention,) = (one["retention"] for one in stores(derived).values())
    assert retention == {"at_most": {"days": 200}}


def test_a_limit_of_size_does_not_settle_which_period_is_so() -> None:
    derived = read(NAME, logback(days(30), days(60), days("${DAYS}") + CAPPED, days(200)))
    assert [one["retention"] for one in stores(derived).values()] == [None]


def test_no_other_object_has_files() -> None:
    text = config_map("loki.yaml", LOKI).replace("apiVersion: v1", "apiVersion: x.cn/v1")
    with pytest.raises(InputError, match="nothing here says how long logs are kept"):
        read(NAME, text)


SPRING = (
    "<configuration><springProperty name='N' source='log.days' defaultValue='200'/>"
    "<appender name='A' class='ch.qos.logback.core.rolling.RollingFileAppender'>"
    "<rollingPolicy class='ch.qos.logback.core.rolling.TimeBasedRollingPolicy'>"
    "<fileNamePattern>a.%d.log</fileNamePattern><maxHistory>${N}</maxHistory>"
    "</rollingPolicy></appender></configuration>"
)


def test_the_files_of_a_configmap_are_beside_each_other_and_no_others() -> None:
    maps = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name},
            "data": {"application.yml": f"log: {{days: {days}}}", "logback-spring.xml": SPRING},
        }
        for name, days in (("a", 7), ("b", 60))
    ]
    derived = read(NAME, "\n---\n".join(json.dumps(one, indent=1) for one in maps))
    assert stores(derived) == {
        "ConfigMap/a/logback-spring.xml:A": {"retention": {"days": 7}},
        "ConfigMap/b/logback-spring.xml:A": {"retention": {"days": 60}},
    }
