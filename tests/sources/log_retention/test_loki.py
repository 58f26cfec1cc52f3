"""Loki: the compactor, streams, the table manager, charts, tenants, and variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, stores, traced
from tests.sources.reading import in_folder, remarks

NAME = "loki.yaml"
COMPACTOR = "compactor: {retention_enabled: true}\n"


def kept(text: str) -> Any:
    return {
        id_.partition(":")[2]: one["retention"] for id_, one in stores(read(NAME, text)).items()
    }


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("744h", 31),
        ("4w", 28),
        ("1y", 365),
        ("1d12h", 1),
        ("${DAYS:-30d}", 30),
        ("${DAYS:30d}", 30),
    ],
)
def test_the_compactor_deletes(period: str, days: int) -> None:
    derived = read(NAME, f"{COMPACTOR}limits_config:\n  retention_period: {period}\n")
    assert stores(derived) == {"loki.yaml:loki": {"retention": {"days": days}}}
    assert traced(derived, "retention") == (3, "loki", "limits_config.retention_period", "known")


@pytest.mark.parametrize(
    "text",
    [
        "limits_config: {retention_period: 30d}\n",
        "compactor: {retention_enabled: false}\nlimits_config: {retention_period: 30d}\n",
        f"{COMPACTOR}limits_config: {{retention_period: 0s}}\n",
        f"{COMPACTOR}limits_config: {{retention_period: 0}}\n",
        f"{COMPACTOR}limits_config: {{}}\n",
        "table_manager: {retention_deletes_enabled: false, retention_period: 30d}\n",
        "table_manager: {retention_deletes_enabled: true, retention_period: 0s}\n",
    ],
)
def test_nothing_deletes(text: str) -> None:
    derived = read(NAME, text)
    assert stores(derived) == {"loki.yaml:loki": {"retention": None}}
    assert remarks(derived)[0].endswith(
        "nothing here deletes it, so how long it is kept is not known"
    )


def test_streams_have_periods_of_their_own() -> None:
    streams = (
        "limits_config:\n  retention_period: 200d\n  retention_stream:\n"
        "  - {selector: '{namespace=\"dev\"}', priority: 1, period: 24h}\n"
        "  - {selector: '{job=\"nginx-access\"}', priority: 2, period: 30d}\n"
    )
    assert stores(read(NAME, COMPACTOR + streams)) == {
        "loki.yaml:loki": {"retention": {"days": 200}},
        'loki.yaml:loki {namespace="dev"}': {"retention": {"days": 1}},
        'loki.yaml:loki {job="nginx-access"}': {"kinds": ["access"], "retention": {"days": 30}},
    }


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        (
            "compactor: {retention_enabled: ${ON}}\nlimits_config: {retention_period: 30d}\n",
            "compactor.retention_enabled",
        ),
        (
            "table_manager:\n  retention_deletes_enabled: ${ON}\n",
            "table_manager.retention_deletes_enabled",
        ),
        (
            f"{COMPACTOR}limits_config:\n  retention_period: ${{DAYS}}\n",
            "limits_config.retention_period",
        ),
        (
            f"{COMPACTOR}limits_config:\n  retention_period: often\n",
            "limits_config.retention_period",
        ),
    ],
)
def test_a_variable_is_not_known(text: str, attribute: str) -> None:
    derived = read(NAME, text.replace("${ON}", "'${ON}'"))
    assert stores(derived) == {"loki.yaml:loki": {"retention": None}}
    assert traced(derived, "retention")[2:] == (attribute, "known after apply")


@pytest.mark.parametrize(
    "path",
    [
        *("loki", "config", "loki.config", "loki.structuredConfig", "loki.loki"),
        *("loki-stack.loki.config", "monitoring.loki.loki.structuredConfig"),
    ],
)
def test_values_of_charts_are_read(path: str) -> None:
    config: Any = {
        "compactor": {"retention_enabled": True},
        "limits_config": {"retention_period": "9d"},
    }
    for key in reversed(path.split(".")):
        config = {key: config}
    import json

    assert kept(json.dumps(config, indent=1)) == {"loki": {"days": 9}}


def test_tenants_have_periods_of_their_own() -> None:
    text = "overrides:\n  a:\n    retention_period: 30d\n  b:\n    retention_period: 0s\n"
    text += "  c:\n    ingestion_rate_mb: 5\n"
    assert kept(text) == {"tenant a": {"days": 30}, "tenant b": None}


def test_a_document_that_cannot_be_read_is_a_gap() -> None:
    derived = read(
        NAME, f"{COMPACTOR}limits_config: {{retention_period: 9d}}\n---\na: {{{{ b }}}}: c\n"
    )
    assert list(stores(derived)) == ["loki.yaml:loki"]
    (gap,) = derived.gaps
    assert (gap.place.line, gap.kinds) == (4, {"log_stores"})


def test_tenants_have_periods_of_their_own_in_the_values_of_a_chart() -> None:
    config = f"{COMPACTOR}limits_config: {{retention_period: 200d}}\n"
    config += "runtimeConfig: {overrides: {a: {retention_period: 1d}}}\n"
    text = "loki:\n" + "".join(f"  {line}\n" for line in config.splitlines())
    assert kept(text) == {"loki": {"days": 200}, "tenant a": {"days": 1}}


def test_periods_of_tenants_in_a_file_that_is_not_here_are_a_gap(tmp_path: Path) -> None:
    limits = "limits_config: {per_tenant_override_config: /etc/loki/tenants.yaml}\n"
    files = {"loki.yaml": COMPACTOR + limits}
    (gap,) = in_folder("log-retention", tmp_path, files).gaps
    assert "/etc/loki/tenants.yaml is not in the repository" in gap.message.en
    files["tenants.yaml"] = "overrides:\n  a: {retention_period: 1d}\n"
    derived = in_folder("log-retention", tmp_path, files)
    assert not derived.gaps
    assert "tenants.yaml:tenant a" in stores(derived)


@pytest.mark.parametrize(
    "text",
    [
        # Promtail, and Tempo.
        "limits_config: {readline_rate: 100}\nscrape_configs: []\n",
        "compactor: {compaction: {block_retention: 48h}}\noverrides:\n  defaults: {}\n",
    ],
)
def test_what_is_not_loki_is_left_alone(text: str) -> None:
    with pytest.raises(InputError, match="nothing here says how long logs are kept"):
        read(NAME, text)


@pytest.mark.parametrize(("setting", "gaps"), [("retention_period: 24h", 1), ("a: 1", 0)])
def test_settings_in_a_text_are_a_gap(setting: str, gaps: int) -> None:
    inner = f"      limits_config:\n        {setting}\n"
    text = f"loki:\n  limits_config: {{retention_period: 7d}}\n  config: |\n{inner}"
    derived = read("values.yaml", text)
    assert [(gap.place.line, gap.place.excerpt) for gap in derived.gaps] == [(3, "")] * gaps
    promtail = read("values.yaml", f"{text}      scrape_configs: []\n")
    assert not promtail.gaps
