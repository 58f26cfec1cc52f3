"""Fluent Bit: outputs that store logs, in both of its formats, and those that hand on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.log_retention.reading import read, stores, traced
from tests.sources.reading import remarks

NAME = "fluent-bit.conf"
TAIL = "[INPUT]\n    Name tail\n    Path /var/log/nginx/access.log\n"


def output(plugin: str, **settings: str) -> str:
    lines = "".join(f"    {name} {value}\n" for name, value in settings.items())
    return f"[SERVICE]\n    Flush 1\n# all\n[OUTPUT]\n    Name {plugin}\n    Match *\n{lines}"


def kept(text: str) -> Any:
    return {id_.partition(":")[2]: one for id_, one in stores(read(NAME, text)).items()}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (output("es", Index="web"), "es web"),
        (output("es", Logstash_Format="On", Logstash_Prefix="web", Index="x"), "es web"),
        (output("opensearch"), "opensearch"),
        (output("loki", labels="job=web"), "loki job=web"),
        (output("s3", bucket="logs", region="cn-north-1"), "s3 logs"),
    ],
)
def test_a_store_has_a_period_elsewhere(text: str, name: str) -> None:
    derived = read(NAME, text)
    assert stores(derived) == {f"{NAME}:{name}": {"retention": None}}
    assert "it is sent elsewhere" in remarks(derived)[0]


def test_a_log_group_has_its_days() -> None:
    text = output("cloudwatch_logs", log_group_name="/web", log_retention_days="14")
    derived = read(NAME, TAIL + text)
    assert stores(derived) == {
        "/web": {"kinds": ["access"], "retention": {"days": 14}},
    }
    assert traced(derived, "retention") == (11, "output", "log_retention_days", "known")
    assert not derived.trace("/log_stores/0/retention").place.excerpt


def test_nothing_deletes_files() -> None:
    derived = read(NAME, output("file", Path="/data"))
    assert stores(derived) == {f"{NAME}:file /data": {"retention": None}}
    assert "nothing here deletes it" in remarks(derived)[0]


def test_an_output_that_is_not_known_is_counted() -> None:
    derived = read(NAME, output("mine") + output("es", Index="a"))
    assert derived.unmapped == {"output mine": 1}
    assert list(kept(output("mine") + output("es", Index="a"))) == ["es a"]


YAML = """
pipeline:
  inputs:
    - {name: tail, path: /var/log/login.log}
  outputs:
    - name: cloudwatch_logs
      log_group_name: web
      log_retention_days: 30
      http_passwd: hunter2
    - {name: stdout}
"""


def test_the_format_in_yaml_is_read() -> None:
    derived = read("fluent-bit.yaml", YAML)
    assert stores(derived) == {
        "web": {"kinds": ["login"], "retention": {"days": 30}},
    }
    assert traced(derived, "retention")[0] == 8
    assert "hunter2" not in repr(derived.facts) + repr(derived)


def test_a_document_that_cannot_be_read_is_a_gap() -> None:
    derived = read("fluent-bit.yaml", f"{YAML}---\na: {{{{ b }}}}: c\n")
    assert len(derived.gaps) == 1


def group(days: str) -> str:
    return output("cloudwatch_logs", log_group_name="/app", log_retention_days=days)


@pytest.mark.parametrize(
    ("first", "retention", "differs"),
    [("x", {"days": 30}, False), ("30", {"days": 30}, False), ("7", None, True)],
)
def test_two_outputs_agree_on_one_group(first: str, retention: Any, *, differs: bool) -> None:
    derived = read(NAME, group(first) + group("30"))
    assert stores(derived) == {"/app": {"retention": retention}}
    assert any("different periods are set" in one for one in remarks(derived)) is differs
