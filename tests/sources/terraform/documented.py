"""Whether the providers document what the rows of the Terraform tables read.

``python -m tests.sources.terraform.documented`` asks it of every table, and clones the repository
of each provider for its pages; ``alicloud=FOLDER`` asks it of one, in a clone that is there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pytest_icp.sources.terraform.tables import ARROW, FOLDER, PUBLIC, paths_of, read_table

PAGES = ("website/docs/r/", "docs/resources/")
"""Where a provider keeps the pages of its resources."""

KNOWN = {
    "alicloud_cs_managed_kubernetes worker_instance_types": "of versions before node pools",
    "alicloud_cs_managed_kubernetes worker_vswitch_ids": "of versions before node pools",
    "aws_elasticache_replication_group availability_zones": "the name of it before version 4",
    "cloudflare_pages_domain domain": "the name of it in version 4",
    "cloudflare_record": "a type of version 4",
    "cloudflare_zone zone": "the name of it in version 4",
    "cloudflare_zone_settings_override": "a type of version 4",
    "huaweicloud_as_group available_zones": "the old name, which the provider still takes",
    **dict.fromkeys(
        (
            "kubernetes_manifest manifest.kind",
            "kubernetes_manifest manifest.spec.template.spec.containers.image",
        ),
        "what is in a manifest is documented by Kubernetes",
    ),
    "tencentcloud_dcdb_db_instance": "the provider has it, as its code says, but no page of it",
    "volcengine_ecs_instance eip_address.ip_address": "what the command-line tool prints, as a row",
    "tencentcloud_eks_container_instance": "no longer offered, but states still have it",
}
"""What is read although the newest pages do not have it, and why."""

_ITEM = re.compile(r"(?P<indent>[ \t]*)[*+-]\s+(?:\*\*)?`?(?P<name>[a-z]\w*)\b.*")
_BLOCK = re.compile(
    r"(?:#+|The|Nested schema for|in the)\W+(?:nested |following )?`?(?P<name>\w+)`?.*",
    re.IGNORECASE,
)
_OPENS = re.compile(r"#.*|.*\b(?:supports?|blocks?|objects?|exported|structure)\b.*:\s*")


def documented(page: str) -> set[tuple[str, str]]:
    """Return the attributes that a page lists, each with the block or the heading it is under."""
    found: set[tuple[str, str]] = set()
    block, above = "", list[tuple[int, str]]()
    for line in page.splitlines():
        opened = _BLOCK.match(line) if _OPENS.fullmatch(line) else None
        item = _ITEM.fullmatch(line)
        if opened:
            block, above = opened["name"], []
        elif item:
            depth = len(item["indent"])
            above = [one for one in above if one[0] < depth]
            found.add((above[-1][1] if above else block, item["name"]))
            above.append((depth, item["name"]))
    return found


def missing(row: Mapping[str, Any], page: str) -> Iterator[str]:
    """Yield the paths that a row reads and the page of its type does not list."""
    listed = documented(page)
    names, blocks = {name for _, name in listed}, {block for block, _ in listed}
    top = {name for block, name in listed if block not in names}
    for path in sorted(paths_of(row) - {PUBLIC, "id"}):
        parts = path.partition(ARROW)[0].split(".")
        inside = (
            (block, name) in listed or (block not in blocks and name in names)
            for block, name in pairwise(parts)
        )
        if parts[0] not in top or not all(inside):
            yield path


def faults(table: Mapping[str, Any], repository: Path) -> Iterator[tuple[str, str]]:
    """Yield the types of a table without a page, and the attributes that are not on theirs."""
    listed = _git(repository, "ls-tree", "--name-only", "HEAD", *PAGES).splitlines()
    pages = {Path(one).name.split(".")[0]: one for one in listed}
    for kind, row in table["resources"].items():
        name = row["docs"].rpartition("/")[2]
        if name not in pages:
            yield kind, f"there is no page {name}"
            continue
        page = _git(repository, "show", f"HEAD:{pages[name]}")
        yield from ((f"{kind} {path}", f"is not in {pages[name]}") for path in missing(row, page))


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def main(arguments: Iterable[str]) -> int:
    """Print what is wrong with some tables, or with all; return 1 if anything is."""
    asked = dict(one.partition("=")[::2] for one in arguments)
    found: dict[str, str] = {}
    for name in asked or sorted(path.stem for path in FOLDER.glob("*.yaml")):
        table = read_table(FOLDER / f"{name}.yaml", "provider")
        with TemporaryDirectory() as folder:
            clone = Path(asked.get(name) or folder)
            if clone == Path(folder):
                _git(clone, "clone", "--quiet", "--depth=1", "--bare", table["source"], ".")
            here = dict(faults(table, clone))
        idle = {one for one in KNOWN if one.split()[0] in table["resources"]} - {*here}
        found |= here | dict.fromkeys(idle, "is documented now")
    said = {one: why for one, why in found.items() if one not in KNOWN or why.endswith("now")}
    sys.stdout.write("".join(f"{one}: {why}\n" for one, why in said.items()))
    return int(bool(said))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
