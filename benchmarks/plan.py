"""What a large Terraform plan costs, next to the least that any run over it could cost.

The floor parses the same bytes with `json.loads` and runs pytest alone with as many empty tests
as there are obligations. Memory is the adapter's peak against the size of the file.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Any

from sides import BARE, ORDINARY, Side, items, medians, table

from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.request import Request

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "etaoche"
AS_OF = "2023-11-20"
RESOURCES = 10_000
AIM, AIM_MEMORY = 2.0, 4.0
_OFF = [switch for name in ("xdist", "xdist.looponfail") for switch in ("-p", f"no:{name}")]
_ARGUMENTS = (*_OFF, "--icp-as-of", AS_OF)
VARIANTS = {
    "": _ARGUMENTS,
    ", without Hypothesis's plugin": (*_ARGUMENTS, "-p", "no:hypothesispytest"),
}
"""Hypothesis brings a plugin that imports it at the end of every run, on our side alone."""
PARSED = (
    "import json\nfrom pathlib import Path\n\n"
    "READ = [json.loads(Path(p).read_bytes()) for p in {paths!r}]\n"
)
LICENCE = {"categories": ["B11", "B14"], "valid_from": "2022-05-20", "valid_until": "2027-05-19"}
BY_HAND: dict[str, dict[str, Any]] = {
    "sites": {"production": False},
    "servers": {"production": False},
    "data_stores": {
        "personal_info": False,
        "data_level": "general",
        "in_service_on": "2020-01-01",
        "access": {"log_retention": {"years": 3}},
    },
    "log_stores": {
        "kinds": ["access"],
        "oldest_entry_on": "2023-01-01",
        "started_on": "2020-01-01",
        "tamper_proof": True,
    },
    "network_links": {"international": False, "provider": {"licences": [LICENCE]}},
}
"""What no plan tells of its elements and rules ask, so that what is measured is deciding."""

MEASURED = """
import sys, tracemalloc
from pathlib import Path
from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.request import Request
path = Path(sys.argv[1])
read = KINDS["terraform-plan"].read
small = path.with_name("small.json")
read(Request(path=small, root=path.parent))
tracemalloc.start()
derived = read(Request(path=path, root=path.parent))
print(tracemalloc.get_traced_memory()[1])
"""
"""The small plan first, so that modules and tables are not counted with the large one."""

_PROVIDER = "registry.terraform.io/aliyun/alicloud"
_TAGS = {"env": "prod", "team": "infrastructure", "cost-center": "cn-1024", "managed-by": "code"}
_Made = tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]


def reference(address: str, attribute: str) -> dict[str, Any]:
    """Return an expression that refers to an attribute, as a plan's configuration has it."""
    return {"references": [f"{address}.{attribute}", address]}


def resource(i: int) -> _Made:
    """Return the type, known and unknown attributes and references of one resource."""
    n, kind = divmod(i, 10)
    match kind:
        case 0:
            return (
                "alicloud_instance",
                {
                    "availability_zone": "cn-beijing-h",
                    "internet_max_bandwidth_out": 0,
                    "data_disks": [{"encrypted": True, "size": 200, "category": "cloud_essd"}],
                },
                {"public_ip": True, "private_ip": True, "vswitch_id": True},
                {"vswitch_id": reference(f"alicloud_vswitch.r{n * 10 + 9}", "id")},
            )
        case 1:
            return (
                "alicloud_eip_address",
                {"bandwidth": "5", "isp": "BGP"},
                {"ip_address": True},
                {},
            )
        case 2:
            return (
                "alicloud_eip_association",
                {"instance_type": "EcsInstance"},
                {"allocation_id": True, "instance_id": True},
                {
                    "allocation_id": reference(f"alicloud_eip_address.r{n * 10 + 1}", "id"),
                    "instance_id": reference(f"alicloud_instance.r{n * 10}", "id"),
                },
            )
        case 3:
            return (
                "alicloud_alidns_record",
                {"domain_name": "etaoche.cn", "rr": f"h{n}", "type": "A", "line": "default"},
                {"value": True, "status": True},
                {"value": reference(f"alicloud_eip_address.r{n * 10 + 1}", "ip_address")},
            )
        case 4:
            rule = [{"sse_algorithm": "AES256", "kms_master_key_id": None}]
            known = {"bucket": f"bucket-{n}", "acl": "private", "server_side_encryption_rule": rule}
            return "alicloud_oss_bucket", known, {"location": True, "owner": True}, {}
        case 5:
            return "alicloud_log_store", {"logstore_name": f"l{n}", "retention_period": 200}, {}, {}
        case 9:
            known = {"zone_id": "cn-beijing-h", "cidr_block": f"10.{n % 250}.0.0/16"}
            return "alicloud_vswitch", known, {"vpc_id": True}, {}
        case _:
            text = json.dumps({"Version": "1", "Statement": [{"Action": ["oss:*"] * 12}]})
            return "alicloud_ram_policy", {"policy_document": text, "name": f"p{n}"}, {}, {}


def plan(resources: int) -> dict[str, Any]:
    """Return a plan of so many resources of mixed types, with references between them."""
    changes, planned, declared = [], [], []
    for i in range(resources):
        kind, known, unknown, references = resource(i)
        head = {"address": f"{kind}.r{i}", "mode": "managed", "type": kind, "name": f"r{i}"}
        after = {**known, "tags": _TAGS, "timeouts": None, "description": f"资源 {i}"}
        change = {
            "actions": ["create"],
            "before": None,
            "after": after,
            "after_unknown": {**unknown, "id": True, "tags": {}},
            "before_sensitive": False,
            "after_sensitive": {"tags": {}},
        }
        expressions = {name: {"constant_value": value} for name, value in known.items()}
        changes.append({**head, "provider_name": _PROVIDER, "change": change})
        planned.append({**head, "provider_name": _PROVIDER, "values": after})
        expressions |= references
        declared.append({**head, "provider_config_key": "alicloud", "expressions": expressions})
    region = {"expressions": {"region": {"constant_value": "cn-beijing"}}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.5",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {"alicloud": {"name": "alicloud", **region}},
            "root_module": {"resources": declared},
        },
    }


def described(folder: Path, path: Path) -> Path:
    """Add a plan to a description, with what is to be said by hand; return where that stands."""
    derived = KINDS["terraform-plan"].read(Request(path=path, root=folder))
    facts: Any = derived.facts
    part = {
        "apiVersion": "pytest-icp/v1",
        "sources": [{"kind": "terraform-plan", "path": path.name}],
        **{
            kind: [{"id": one["id"], **more} for one in facts[kind]]
            for kind, more in BY_HAND.items()
        },
    }
    written = folder / "large.json"
    written.write_text(json.dumps(part), "utf-8")
    description = folder / "etaoche.icp.yaml"
    text = description.read_text("utf-8")
    description.write_text(text.replace("include:\n", "include:\n  - large.json\n"), "utf-8")
    return written


def listed(folder: Path, resources: int, rounds: int = 3) -> float:
    """Return the median processor time of `pytest-icp facts` on a plan and nothing else."""
    (folder / "plan.json").write_text(json.dumps(plan(resources), ensure_ascii=False), "utf-8")
    entry = "apiVersion: pytest-icp/v1\nsources: [{kind: terraform-plan, path: plan.json}]\n"
    (folder / "infra.icp.yaml").write_text(entry, "utf-8")
    command = [sys.executable, "-m", "pytest_icp", "facts", "infra.icp.yaml"]
    spent = []
    for _ in range(rounds):
        before = resource_usage()
        subprocess.run(command, cwd=folder, env=ORDINARY, capture_output=True, check=True)
        spent.append(resource_usage() - before)
    return median(spent)


def resource_usage() -> float:
    """Return the processor time of all processes that have ended, in seconds."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def growth(resources: int = RESOURCES) -> None:
    """Print what `pytest-icp facts` costs on a plan, on half of it and on a quarter."""
    rows = []
    for number in (resources // 4, resources // 2, resources):
        with tempfile.TemporaryDirectory() as name:
            rows.append([f"{number:,}", f"{listed(Path(name), number):.2f}"])
    print("\n" + table(["facts of so many resources", "seconds"], rows))


def main(resources: int = RESOURCES, rounds: int = 9) -> None:
    """Print both sides and their ratio, and the peak of memory against the file."""
    with tempfile.TemporaryDirectory() as name:
        ours, floor = Path(name) / "ours", Path(name) / "floor"
        shutil.copytree(EXAMPLE, ours)
        floor.mkdir()
        for folder in (ours, floor):
            (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
        written = ours / "plan.json"
        for file, number in ((written, resources), (ours / "small.json", 10)):
            file.write_text(json.dumps(plan(number), ensure_ascii=False), "utf-8")
        paths = [str(written), str(described(ours, written))]
        floor_side = Side(folder=floor, environment=BARE)
        sides = {how: Side(folder=ours, arguments=more) for how, more in VARIANTS.items()}
        number = items(sides[""].run())
        empty = "".join(f"def test_{i}(): pass\n" for i in range(number))
        (floor / "test_empty.py").write_text(PARSED.format(paths=paths) + empty, "utf-8")
        found = medians({**sides, "floor": floor_side}, rounds)
        peak = subprocess.run(
            [sys.executable, "-c", MEASURED, str(written)],
            env=ORDINARY,
            capture_output=True,
            check=True,
        )
        size = written.stat().st_size
    memory = int(peak.stdout) / size
    title = f"{resources:,} resources, {size / 1e6:.1f} MB"
    print(f"medians of {rounds} fresh processes each\n")
    header = ["plan", "items", "seconds", "floor", "ratio", "aim", "memory ÷ file", "aim"]
    rows = []
    for how in sides:
        seconds = [f"{found[key]:.3f}" for key in (how, "floor")]
        ratios = [f"{found[how] / found['floor']:.2f}", f"{AIM}", f"{memory:.2f}", f"{AIM_MEMORY}"]
        rows.append([title + how, str(number), *seconds, *ratios])
    print(table(header, rows))
    growth(resources)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
