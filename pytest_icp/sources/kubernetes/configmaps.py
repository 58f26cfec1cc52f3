"""ConfigMaps: ports that ingress-nginx publishes, and nginx configurations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pytest_icp.law.text import Text
from pytest_icp.sources.listing import listed

if TYPE_CHECKING:
    from pytest_icp.sources.gathering import Gathering
    from pytest_icp.sources.kubernetes.objects import Object

_PUBLISHING = ("tcp-services", "udp-services")
_PORT = re.compile(r"[0-9]{1,5}")
_NGINX = re.compile(r"^[^\S\n]*+(?:server|http|events|upstream)\b[^\n;{]*+\{", re.MULTILINE)


def remark_on_configmap(item: Object, into: Gathering) -> None:
    """Add remarks about the ports that a ConfigMap publishes and the nginx configuration in it."""
    data = item.body.get("data")
    if not isinstance(data, Mapping):
        return
    if item.name.endswith(_PUBLISHING):
        ports = [f"{port} → {to}" for port, to in data.items() if _PORT.fullmatch(port)]
        if ports:
            into.remark(_PUBLISHED.format(object=item.address, ports=listed(ports)))
    keys = [key for key, text in data.items() if isinstance(text, str) and _is_nginx(key, text)]
    if keys:
        into.remark(_CONFIGURES.format(object=item.address, keys=listed(keys)))


def _is_nginx(key: str, text: str) -> bool:
    return (key.endswith(".conf") or "nginx" in key) and _NGINX.search(text) is not None


_PUBLISHED = Text(
    zh="{object} 经 ingress-nginx 对外开放端口：{ports}",
    en="{object} publishes ports through ingress-nginx: {ports}",
)
_CONFIGURES = Text(
    zh="{object} 内有 nginx 配置（{keys}），没有读取；写成单独的文件后可作 nginx 来源",
    en="{object} contains nginx configuration ({keys}), which is not read; as a file of its own it "
    "can be a source of kind `nginx`",
)
