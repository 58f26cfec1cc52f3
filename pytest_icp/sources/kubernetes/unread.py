"""Objects that tell something and are not read: what to do instead (未读取的对象)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from pytest_icp.law.text import Text
from pytest_icp.sources.kubernetes.objects import Object
from pytest_icp.sources.kubernetes.routes import ANYTHING, LOGS

_STORES = Text(
    zh="{object} 设置日志库，没有读取；日志库请在描述中手写，或者列入登记表（log_stores）",
    en="{object} sets up stores of logs, which is not read; declare them by hand or in a register "
    "(`log_stores`)",
)
_RELEASE = Text(
    zh="{object} 安装 Helm 图表，没有渲染，不知道其中的网站和负载均衡；请改用 helm template 的输出",
    en="{object} installs a chart, which is not rendered, so its sites and load balancers are not "
    "known; use the output of `helm template` instead",
)
_DEPLOYED = Text(
    zh="{{object}} 部署的内容没有渲染，不知道其中的网站和负载均衡；请改用 {command} 的输出",
    en="what {{object}} deploys is not rendered, so its sites and load balancers are not known; "
    "use the output of `{command}` instead",
)


class Unread(Struct, frozen=True):
    """What is said of an object that is not read, and the facts that it may give."""

    message: Text
    gives: frozenset[str]


_LOG_STORES = Unread(_STORES, LOGS)
_ARGO_CD = Unread(_DEPLOYED.format(command="argocd app manifests"), ANYTHING)
_FLUX = Unread(_DEPLOYED.format(command="flux build kustomization"), ANYTHING)
_HELM = Unread(_RELEASE, ANYTHING)

UNREAD: Mapping[str, tuple[tuple[str, Unread], ...]] = MappingProxyType(
    {
        "Application": (("argoproj.io", _ARGO_CD),),
        "ApplicationSet": (("argoproj.io", _ARGO_CD),),
        "Kustomization": (("kustomize.toolkit.fluxcd.io", _FLUX),),
        "HelmRelease": (("helm.toolkit.fluxcd.io", _HELM),),
        "AliyunLogConfig": (("log.alibabacloud.com", _LOG_STORES),),
        "AliyunPipelineConfig": (("telemetry.alibabacloud.com", _LOG_STORES),),
        "ClusterAliyunPipelineConfig": (("telemetry.alibabacloud.com", _LOG_STORES),),
        "LogConfig": (
            ("cls.cloud.tencent.com", _LOG_STORES),
            ("logging.openvessel.io", _LOG_STORES),
        ),
        "LogGroup": (("cloudwatchlogs", _LOG_STORES),),
        "LokiStack": (("loki.grafana.com", _LOG_STORES),),
        "StackConfigPolicy": (("k8s.elastic.co", _LOG_STORES),),
        "OpenSearchISMPolicy": (("opensearch", _LOG_STORES),),
        **dict.fromkeys(
            ("VLogs", "VLSingle", "VLCluster"), (("victoriametrics.com", _LOG_STORES),)
        ),
    }
)
"""By kind, a part of the group of the API, and what is said of such an object."""


def unread(item: Object) -> Unread | None:
    """Return what is said of an object that is not read; None of all others."""
    rows = UNREAD.get(item.kind, ())
    return next((row for group, row in rows if group in item.group), None)


def may_give(kind: str) -> frozenset[str]:
    """Return the facts that objects of a kind may give and that are not read."""
    return frozenset().union(*(row.gives for _, row in UNREAD.get(kind, ())))


def kinds_giving(facts: frozenset[str]) -> list[str]:
    """Return the kinds of objects that may give some facts and that are not read."""
    return [kind for kind in UNREAD if may_give(kind) == facts]
