"""The tables of the providers (映射表): one YAML file each, validated and cached."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from pytest_icp.facts.files.cache import cached, content_key
from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.sources.terraform.resource import Provider, Row
from pytest_icp.sources.terraform.rows import compiled, provider

FOLDER = Path(__file__).parent / "providers"
_FORM = b"1"
"""A part of the cache key: change it when the cached form changes."""


@cache
def table(name: str) -> Provider | None:
    """Return the table of a provider, by the last part of its address; None if there is none."""
    path = FOLDER / f"{name}.yaml"
    if name not in _names():
        return None
    schema = resource("schemas") / "provider.schema.json"
    key = content_key([b"provider", _FORM, schema.read_bytes(), path.read_bytes()])
    return provider(name, cached(key, lambda: _checked(path)))


@cache
def fingerprint() -> str:
    """Return a text that changes with any table."""
    return content_key(path.read_bytes() for path in sorted(FOLDER.glob("*.yaml")))


@cache
def _names() -> frozenset[str]:
    return frozenset(path.stem for path in FOLDER.glob("*.yaml"))


def _checked(path: Path) -> dict[str, Any]:
    source = read_source(path)
    check(source, "provider")
    return source.data  # type: ignore[return-value]  # the schema says that it is an object


_RELEVANT = re.compile(
    "(?:^|_)(?:dns|alidns|dnspod|route53|domain|cdn|cdn2|dcdn|cloudfront|esa|teo|frontdoor|lb|slb|alb|"
    "nlb|elb|clb|gaap|eip|eipv3|instance|instances|server|servers|machine|vm|lighthouse|bucket|oss|"
    "obs|cos|tos|s3|storage|volume|disk|db|rds|mysql|postgresql|redis|mongodb|dds|dcs|"
    "database|dynamodb|elasticache|elasticsearch|opensearch|log|logs|logset|lts|cls|tls|"
    "cloudtrail|actiontrail|waf|wafv2|ddos|gateway|cluster|ingress)(?=_|$)"
)


@cache
def row_of(kind: str) -> Row | None:
    """Return the row of a type of resource; None if it is not mapped or gives no facts.

    The name of a type begins with the name of its provider.
    """
    of_provider = table(kind.partition("_")[0])
    return compiled(of_provider, kind) if of_provider else None


@cache
def should_be_mapped(kind: str) -> bool:
    """Whether an unmapped type looks relevant to the provisions, by its name."""
    of_provider = table(kind.partition("_")[0])
    known = of_provider is not None and kind in of_provider.rows
    return not known and _RELEVANT.search(kind) is not None
