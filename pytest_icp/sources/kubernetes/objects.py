"""Kubernetes objects: kind, name, annotations, and the load balancer settings that they have."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.json import embedded
from pytest_icp.law.cloud_regions import REGIONS
from pytest_icp.law.jsontypes import Json, JsonObject, escape, tokens
from pytest_icp.law.location import Place
from pytest_icp.sources.documents import Document, ProvenanceLookup, get, select
from pytest_icp.sources.hosts import is_public_address

MANIFESTS = (
    *(".yaml", ".yml", ".json"),
    *(f"{yaml}{end}" for yaml in (".yaml", ".yml") for end in (".j2", ".tmpl", ".tpl", ".gotmpl")),
)
"""The suffixes of manifests, including templates."""


class Object(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """One object of a manifest (对象), with its pointer in the document.

    ``group`` is its API group, empty for the core. Its data may contain secrets.
    """

    document: Document
    pointer: str
    body: JsonObject
    group: str
    kind: str
    name: str
    namespace: str

    @property
    def address(self) -> str:
        """``Kind/namespace/name``, or ``Kind/name`` if no namespace is written."""
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)

    @property
    def annotations(self) -> JsonObject:
        """The annotations, empty if there are none."""
        found = get(self.body, "metadata", "annotations")
        return found if isinstance(found, Mapping) else {}

    def place(self, pointer: str = "") -> Place:
        """Return the place of a value, by its pointer inside the object."""
        return self.document.place(self.pointer + pointer)

    def provenance(self, pointer: str) -> ProvenanceLookup:
        """Return a lookup of the provenance of a value, by its pointer inside the object.

        It holds on to the places only, not to the data.
        """
        places, address = self.document.places, self.address
        whole, attribute = self.pointer + pointer, ".".join(tokens(pointer))

        def lookup() -> Provenance:
            place = places.place(whole)
            return Provenance(place=place, address=address, attribute=attribute)

        return lookup


def annotation(name: str) -> str:
    """Return the pointer of an annotation."""
    return f"/metadata/annotations/{escape(name)}"


def objects(document: Document) -> Iterator[Object]:
    """Yield the objects of a document, including those inside of lists."""
    waiting: list[tuple[str, Json]] = [("", document.data)]
    while waiting:
        pointer, body = waiting.pop()
        if not isinstance(body, dict):
            continue
        kind, version = body.get("kind"), body.get("apiVersion")
        if not isinstance(kind, str) or not isinstance(version, str):
            continue
        items = body.get("items")
        if kind.endswith("List") and isinstance(items, list):
            inner = [(f"{pointer}/items/{i}", item) for i, item in enumerate(items)]
            waiting += reversed(inner)
            continue
        yield Object(
            document=document,
            pointer=pointer,
            body=body,
            group=version.rpartition("/")[0],
            kind=kind,
            name=_word(get(body, "metadata", "name") or get(body, "metadata", "generateName")),
            namespace=_word(get(body, "metadata", "namespace")),
        )


def _word(value: Json) -> str:
    return "" if value is None else str(value)


AnnotationReader: TypeAlias = Callable[[str], bool | None]
"""Reads the value of an annotation: public (True), internal (False), or neither (None)."""


class Exposure(Struct, frozen=True, kw_only=True):
    """What is known of the load balancer of an object (负载均衡).

    ``public`` is None if it is not declared, or ``contradictory``. ``because`` and the fields
    ``*_from`` are pointers to where the value was read.
    """

    cloud: str | None
    public: bool | None
    contradictory: bool
    because: str
    region: str | None
    region_from: str
    addresses: tuple[str, ...]
    addresses_from: str

    @property
    def is_configured(self) -> bool:
        """Whether the object itself configures a load balancer."""
        return bool(self.cloud or self.because or self.addresses)


def _words(**public: bool) -> AnnotationReader:
    table = {word.replace("_", "-"): answer for word, answer in public.items()}
    return lambda value: table.get(value.strip().lower())


def _always(*, public: bool) -> AnnotationReader:
    return lambda value: public if value.strip() else None


def _autocreate(value: str) -> bool | None:
    """Read the JSON that creates an ELB; its ``type`` is public or inner."""
    kind = str(get(embedded(value), "type")).lower()
    return {"public": True, "inner": False}.get(kind)


def _nothing(value: str) -> bool | None:  # noqa: ARG001 - a `AnnotationReader`
    return None


def _aws_internal(value: str) -> bool | None:
    """Read an annotation whose value is true or false, and once was a network."""
    return False if value.strip() == "0.0.0.0/0" else _INTERNAL(value)


_INTERNAL = _words(true=False, false=True)
_SERVICE = "service.beta.kubernetes.io"
_ELB_IP = "kubernetes.io/elb.ip"
# Cloud, annotation, reader of its value, from the handbook of each container service. An
# annotation that names an existing load balancer gives its cloud and no more.
ROWS: tuple[tuple[str | None, str, AnnotationReader], ...] = (
    *(
        ("alicloud", f"{_SERVICE}/{spelling}-loadbalancer-{name}", read)
        for spelling in ("alibaba-cloud", "alicloud")
        for name, read in (
            ("address-type", _words(internet=True, intranet=False)),
            ("id", _nothing),
            ("spec", _nothing),
            ("zone-maps", _nothing),
            ("master-zoneid", _nothing),
        )
    ),
    ("alicloud", "alb.ingress.kubernetes.io/address-type", _words(internet=True, intranet=False)),
    (
        "tencentcloud",
        "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid",
        _always(public=False),
    ),
    ("tencentcloud", "service.kubernetes.io/tke-existed-lbid", _nothing),
    ("tencentcloud", "service.kubernetes.io/service.extensiveParameters", _nothing),
    ("tencentcloud", "service.cloud.tencent.com/specify-protocol", _nothing),
    ("tencentcloud", "kubernetes.io/ingress.subnetId", _always(public=False)),
    ("tencentcloud", "kubernetes.io/ingress.existLbId", _nothing),
    ("tencentcloud", "kubernetes.io/ingress.extensiveParameters", _nothing),
    ("huaweicloud", "kubernetes.io/elb.autocreate", _autocreate),
    ("huaweicloud", "kubernetes.io/elb.eip-id", _always(public=True)),
    ("huaweicloud", "kubernetes.io/elb.id", _nothing),
    # A private address is that of any ELB inside its network, which may have a public one besides.
    ("huaweicloud", _ELB_IP, lambda value: is_public_address(value.strip()) or None),
    ("huaweicloud", "kubernetes.io/elb.class", _nothing),
    (
        "volcengine",
        f"{_SERVICE}/volcengine-loadbalancer-address-type",
        _words(public=True, private=False),
    ),
    ("volcengine", f"{_SERVICE}/volcengine-loadbalancer-id", _nothing),
    ("volcengine", f"{_SERVICE}/volcengine-loadbalancer-subnet-id", _nothing),
    ("aws", f"{_SERVICE}/aws-load-balancer-internal", _aws_internal),
    (
        "aws",
        f"{_SERVICE}/aws-load-balancer-scheme",
        _words(internet_facing=True, internal=False),
    ),
    ("aws", f"{_SERVICE}/aws-load-balancer-type", _nothing),
    ("aws", "alb.ingress.kubernetes.io/scheme", _words(internet_facing=True, internal=False)),
    (None, f"{_SERVICE}/azure-load-balancer-internal", _words(true=False)),
    (None, "networking.gke.io/load-balancer-type", _words(internal=False)),
    (None, "cloud.google.com/load-balancer-type", _words(internal=False)),
)
_BY_NAME = {name: (cloud, read) for cloud, name, read in ROWS}
# Annotations that contain zones, in any form: a word, JSON, or zone:subnet pairs.
_ZONED: Mapping[str, str] = MappingProxyType(
    {
        f"{_SERVICE}/alibaba-cloud-loadbalancer-master-zoneid": "alicloud",
        f"{_SERVICE}/alicloud-loadbalancer-master-zoneid": "alicloud",
        f"{_SERVICE}/alibaba-cloud-loadbalancer-zone-maps": "alicloud",
        "service.kubernetes.io/service.extensiveParameters": "tencentcloud",
        "kubernetes.io/ingress.extensiveParameters": "tencentcloud",
        "kubernetes.io/elb.autocreate": "huaweicloud",
        f"{_SERVICE}/volcengine-loadbalancer-master-zone-id": "volcengine",
    }
)
_ZONE = re.compile(
    r"(?<![\w-])([a-z]{2}-[a-z]+(?:-[a-z0-9]+)*?)(?:-[a-z]|-[0-9]|(?<=[0-9])[a-z])\b"
)


def exposure(item: Object, annotated: str = "/metadata/annotations") -> Exposure:
    """Read the load balancer settings of an object; ``annotated`` points to its annotations."""
    found = dict(_texts(item, annotated))
    answers: dict[bool, str] = {}
    clouds: set[str] = set()
    for name in found.keys() & _BY_NAME.keys():
        cloud, read = _BY_NAME[name]
        if cloud:
            clouds.add(cloud)
        public = read(found[name])
        if public is not None:
            answers[public] = min(f"{annotated}/{escape(name)}", answers.get(public, "~"))
    addresses, addresses_from = _addresses(item)
    annotated_ip = found.get(_ELB_IP, "").strip()
    if not addresses and is_public_address(annotated_ip):
        addresses, addresses_from = (annotated_ip,), f"{annotated}/{escape(_ELB_IP)}"
    if addresses:
        answers.setdefault(True, addresses_from)
    cloud = next(iter(clouds)) if len(clouds) == 1 else None
    region, region_from = _region(found, cloud, annotated)
    public = next(iter(answers)) if len(answers) == 1 else None
    return Exposure(
        cloud=cloud,
        public=public,
        contradictory=len(answers) > 1,
        because=next(iter(answers.values()), ""),
        region=region,
        region_from=region_from,
        addresses=addresses,
        addresses_from=addresses_from,
    )


def _texts(item: Object, annotated: str) -> Iterator[tuple[str, str]]:
    written = get(item.body, *annotated.split("/")[1:])
    if isinstance(written, Mapping):
        for name, value in written.items():
            # Kubernetes refuses a boolean here, but people write it.
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


_ADDRESSED = frozenset({"loadBalancerIP", "externalIPs", "addresses"})


def _addresses(item: Object) -> tuple[tuple[str, ...], str]:
    """Return the public IP addresses that an object requests or has, and where the first is."""
    found: dict[str, str] = {}
    spec = get(item.body, "spec")
    if "status" not in item.body and not (isinstance(spec, dict) and _ADDRESSED & spec.keys()):
        return (), ""
    for path in (
        "spec/loadBalancerIP",
        "spec/externalIPs/*",
        "spec/addresses/*/value",
        "status/loadBalancer/ingress/*/ip",
        "status/addresses/*/value",
    ):
        for pointer, value in select(item.body, path):
            if isinstance(value, str) and is_public_address(value):
                found.setdefault(str(ipaddress.ip_address(value)), pointer)
    return tuple(found), next(iter(found.values()), "")


def _region(found: Mapping[str, str], cloud: str | None, annotated: str) -> tuple[str | None, str]:
    """Return the region of the zones in annotations, if all are in one region."""
    regions: dict[str, str] = {}
    for name in sorted(found.keys() & _ZONED.keys()):
        whose = _ZONED[name]
        if whose == cloud:
            pointer = f"{annotated}/{escape(name)}"
            for zone in _ZONE.findall(found[name]):
                if (whose, zone) in REGIONS:
                    regions.setdefault(zone, pointer)
    return next(iter(regions.items())) if len(regions) == 1 else (None, "")
