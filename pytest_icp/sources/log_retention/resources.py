"""Kubernetes objects that create stores of logs, or say how long one keeps them (日志类资源).

The id of a store is what the log service, and so an export of the cloud, calls it: the name of a
Logstore, the id of a topic or stream. Where that is not told, it is the address of the object.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.law.text import Text
from pytest_icp.sources.log_retention.index_policies import policy_kept
from pytest_icp.sources.log_retention.kept import Kept, after_apply, kinds_named
from pytest_icp.sources.log_retention.loki import stack_kept
from pytest_icp.sources.log_retention.periods import VICTORIA, seconds, whole_days
from pytest_icp.sources.log_retention.values import Value, for_days

_VICTORIA_LOGS = re.compile(r"victoria-?logs")
_FLAG = re.compile(r"--?(retentionPeriod|retention\.maxDisk\w++)=(.*+)")
_VICTORIA_DEFAULT = 7
_WORKLOADS = ("Deployment", "StatefulSet")
_INGRESS = "k8s-nginx-ingress"


class Resource(Struct, frozen=True):
    """An object: its kind, the group of its API, its address ``Kind/namespace/name``, its value."""

    kind: str
    group: str
    address: str
    value: Value


def resources(root: Value) -> Iterator[Resource]:
    """Yield the objects of a document, also those in lists."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        kind, version = value.get("kind").text, value.get("apiVersion").text
        if kind.endswith("List") and "items" in value:
            waiting += [inner for _, inner in reversed(value.get("items").members())]
        elif kind and version:
            metadata = value.get("metadata")
            names = (metadata.get("namespace").text, metadata.get("name").text)
            address = "/".join(part for part in (kind, *names) if part)
            yield Resource(kind, version.rpartition("/")[0], address, value)


def is_about_logs(kind: str) -> bool:
    """Whether objects of a kind are there to create stores of logs, or to set their periods."""
    return kind.lower() in _READERS and kind not in _WORKLOADS


def kept_by(item: Resource) -> Iterator[Kept]:
    """Yield the logs that an object keeps."""
    read = _reader(item.kind, item.group)
    yield from read(item) if read else ()


def _reader(kind: str, group: str) -> _Read | None:
    for within, read in _READERS.get(kind.lower(), ()):
        if within in group:
            return read
    return None


def _for_days(item: Resource, id_: str, days: Value, *names: str) -> Kept:
    """Return a store that keeps its entries for some days, by the names that tell its kind."""
    at = item.value.at(item.address)
    kept = Kept(name="", id=id_ or item.address, at=at, kinds=kinds_named(*names))
    if days.data is None:
        return replace(kept, why=_SERVICE)
    return for_days(kept, days, item.address)


def _aliyun_log_config(item: Resource) -> Iterator[Kept]:
    spec = item.value.get("spec")
    store = spec.get("logstore").text
    file = spec.get("logtailConfig", "inputDetail", "filePattern").text
    kept = _for_days(item, store, spec.get("lifeCycle"), store, file)
    ingress = spec.get("productCode").text == _INGRESS
    yield replace(kept, kinds=("access",)) if ingress else kept


def _aliyun_pipeline(item: Resource) -> Iterator[Kept]:
    spec = item.value.get("spec")
    listed = [store for _, store in spec.get("logstores").members()]
    for store in listed:
        name = store.get("name").text
        if store.get("telemetryType").text != "Metrics":
            yield _for_days(item, name, store.get("ttl"), name)
    created = {store.get("name").text for store in listed}
    for _, flusher in spec.get("config", "flushers").members():
        name = flusher.get("Logstore").text
        if name and name not in created:
            yield _for_days(item, name, flusher.get("ttl"), name)


def _tencent(item: Resource) -> Iterator[Kept]:
    detail = item.value.get("spec", "clsDetail")
    if detail.data is None:
        return
    topic, topic_id = detail.get("topicName").text, detail.get("topicId").text
    logset = detail.get("logsetName").text or detail.get("logsetId").text
    id_ = topic_id or "/".join(part for part in (logset, topic) if part)
    file = item.value.get("spec", "inputDetail", "containerFile", "filePattern").text
    yield _for_days(item, id_, detail.get("period"), topic, file)


def _huawei(item: Resource) -> Iterator[Kept]:
    stream = item.value.get("spec", "outputDetail", "LTS")
    if stream.data is not None:
        yield _for_days(item, stream.get("ltsStreamID").text, stream.get("period"))


def _cloudwatch(item: Resource) -> Iterator[Kept]:
    """Yield a log group; one without a number of days, or with none, never expires."""
    spec = item.value.get("spec")
    given = spec.get("forProvider")
    days = given.get("retentionInDays") if given.data else spec.get("retentionDays")
    external = item.value.get("metadata", "annotations", "crossplane.io/external-name").text
    name = spec.get("name").text or external or item.value.get("metadata", "name").text
    kept = _for_days(item, name, days, name)
    never = replace(kept, why=None, period={"years": 100}, period_at=days.at(item.address))
    yield never if days.text in {"", "0"} else kept


def _elastic(item: Resource) -> Iterator[Kept]:
    policies = item.value.get("spec", "elasticsearch", "indexLifecyclePolicies")
    for name, policy in policies.members():
        kept = policy_kept(name, policy if "phases" in policy else policy.get("policy"))
        yield replace(kept, id=f"{item.address}:{name}")


def _opensearch(item: Resource) -> Iterator[Kept]:
    yield replace(policy_kept(item.address, item.value.get("spec")), id=item.address)


def _loki(item: Resource) -> Iterator[Kept]:
    for kept in stack_kept(item.value.get("spec", "limits")):
        yield replace(kept, id=f"{item.address}{kept.name}")


def _victoria(item: Resource) -> Iterator[Kept]:
    spec = item.value.get("spec")
    spec = spec.get("vlstorage") if "vlstorage" in spec else spec
    sized = spec.get("retentionMaxDiskSpaceUsageBytes")
    limits = (f"retentionMaxDiskSpaceUsageBytes {sized.text}",) if sized.text else ()
    period = spec.get("retentionPeriod")
    yield _for_period(item, period, period.text, limits)


def _workload(item: Resource) -> Iterator[Kept]:
    """Yield what VictoriaLogs keeps if a container runs it."""
    pod = item.value.get("spec", "template", "spec")
    for _, container in pod.get("containers").members():
        if _VICTORIA_LOGS.search(container.get("image").text):
            flags = {}
            for _, arg in container.get("args").members():
                flag = _FLAG.fullmatch(arg.text)
                if flag:
                    flags[flag[1]] = (flag[2], arg)
            written, at = flags.pop("retentionPeriod", ("", container))
            limits = tuple(f"{name}={value}" for name, (value, _) in flags.items())
            yield _for_period(item, at, written, limits)


def _for_period(item: Resource, at: Value, written: str, limits: tuple[str, ...]) -> Kept:
    kept = Kept(name="", id=item.address, at=item.value.at(item.address), limits=limits)
    period = seconds(written, VICTORIA) if written else None
    if written and period is None:
        return replace(kept, period_at=after_apply(at.at(item.address)))
    days = {"days": _VICTORIA_DEFAULT} if period is None else whole_days(period, up=bool(limits))
    return replace(kept, period=days, period_at=at.at(item.address))


_Read: TypeAlias = Callable[[Resource], Iterator[Kept]]

_READERS: Mapping[str, tuple[tuple[str, _Read], ...]] = MappingProxyType(
    {
        "aliyunlogconfig": (("log.alibabacloud.com", _aliyun_log_config),),
        "aliyunpipelineconfig": (("telemetry.alibabacloud.com", _aliyun_pipeline),),
        "clusteraliyunpipelineconfig": (("telemetry.alibabacloud.com", _aliyun_pipeline),),
        "logconfig": (("cls.cloud.tencent.com", _tencent), ("logging.openvessel.io", _huawei)),
        "loggroup": (("cloudwatchlogs", _cloudwatch),),
        "lokistack": (("loki.grafana.com", _loki),),
        "stackconfigpolicy": (("k8s.elastic.co", _elastic),),
        "opensearchismpolicy": (("", _opensearch),),
        "vlogs": (("victoriametrics.com", _victoria),),
        "vlsingle": (("victoriametrics.com", _victoria),),
        "vlcluster": (("victoriametrics.com", _victoria),),
        **dict.fromkeys(map(str.lower, _WORKLOADS), (("apps", _workload),)),
    }
)
"""What reads an object, by its kind in small letters and a part of the group of its API."""

_SERVICE = Text(
    zh="这里没有设置保存时间，由日志服务决定，保存多久无法判断",
    en="no period is set here but in the log service, so how long it is kept is not known",
)
