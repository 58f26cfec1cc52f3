"""Files of a repository that look like sources of facts (来源), by name and a cheap look."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from pytest_icp.law.domains import HostError, normal_host

MOST_FILES = 50_000
"""How many files are met before the search ends."""

MOST_LOOKS = 5_000
"""How many of them are looked into."""

LOOK = 64 * 1024
"""How many bytes of a file are looked at."""

_LEFT_OUT = {
    *("node_modules", "__pycache__", "venv", "site-packages", "vendor"),
    # What stands there is not deployed.
    *("test", "tests", "testdata", "fixtures", "__tests__", "coverage", "htmlcov"),
}
_YAML = (".yaml", ".yml")
_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
_COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml", re.IGNORECASE)
_SERVICES = re.compile(r"^services:", re.MULTILINE)
_HOME = {"index.html", "index.htm", "home.html", "default.html"}
_HTML = re.compile(r"<!doctype html|<html", re.IGNORECASE)
_PLAN = re.compile(
    r'"(?:planned_values|resource_changes)"\s*:'
    r'|"configuration"\s*:\s*\{\s*"(?:provider_config|root_module)"'
    r'|"format_version"\s*:\s*"[01]\.[^{]{0,200}"variables"\s*:'
)
_API = re.compile(r"^apiVersion:[ \t]*[\"']?(?!pytest-icp/)[\w./-]+", re.MULTILINE)
_MANIFEST = re.compile(
    r"^kind:[ \t]*[\"']?(?:Ingress|IngressClass|Service|Gateway|GatewayClass|HTTPRoute|GRPCRoute"
    r"|TLSRoute|ConfigMap|Deployment|StatefulSet|DaemonSet|CronJob|Job|PersistentVolumeClaim|List)\b",
    re.MULTILINE,
)
_SERVER = re.compile(r"^\s*server\s*\{", re.MULTILINE)
_HTTP = re.compile(r"^\s*http\s*\{", re.MULTILINE)
_SOA = re.compile(r"\bSOA\b")
_ORIGIN = re.compile(r"^\$ORIGIN\s+\S+\.\s*$", re.MULTILINE)
_ZONE_NAME = re.compile(r"(?:db\.)?(?P<domain>[\w.-]+?)(?:\.zone|\.hosts|\.db)?(?:\.txt)?")


class FoundSource(Struct, frozen=True):
    """An entry of ``sources`` that a file or a folder is good for.

    ``origin`` is the domain that a zone file without one of its own is about.
    """

    kind: str
    path: Path
    origin: str = ""


class Search(Struct, frozen=True):
    """What a search found, by kind and path; ``complete`` is False where it ended early."""

    found: tuple[FoundSource, ...]
    complete: bool


def find_sources(root: Path) -> Search:
    """Look for plans, Terraform, manifests, nginx, zones and home pages below a folder.

    Hidden folders, those of packages and of tests, and symbolic links are left out. Nothing
    outside the folder is read, nothing is parsed.
    """
    looks = _Looks()
    met = 0
    found: list[FoundSource] = []
    manifests: dict[Path, bool] = {}
    for folder, names in _walk(root):
        met += len(names)
        if met > MOST_FILES or looks.left <= 0:
            return Search(_in_order(found, manifests, root), complete=False)
        if any(name.endswith(_TERRAFORM) for name in names):
            found.append(FoundSource("terraform", folder))
        for path in (folder / name for name in names):
            source = _source(path, looks)
            if path.suffix in _YAML:
                manifests[path] = source is not None and source.kind == "kubernetes"
            elif source:
                found.append(source)
            if source and source.kind == "compose":
                found.append(source)
    return Search(_in_order(found, manifests, root), complete=True)


def _walk(root: Path) -> Iterator[tuple[Path, list[str]]]:
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(
            name for name in inner if not name.startswith(".") and name not in _LEFT_OUT
        )
        plain = (name for name in names if not Path(folder, name).is_symlink())
        yield Path(folder), sorted(name for name in plain if not name.startswith("."))


class _Looks:
    """Looks into files, and counts them."""

    def __init__(self) -> None:
        self.left = MOST_LOOKS

    def __call__(self, path: Path) -> str:
        self.left -= 1
        try:
            with path.open("rb") as file:
                raw = file.read(LOOK)
        except OSError:
            return ""
        encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        return raw.decode(encoding, errors="replace")


def _source(path: Path, look: Callable[[Path], str]) -> FoundSource | None:
    name, suffix = path.name, path.suffix.lower()
    if suffix in _YAML:
        return _of_yaml(path, look)
    if suffix == ".json" and not name.endswith(_TERRAFORM):
        return FoundSource("terraform-plan", path) if _PLAN.search(look(path)) else None
    if name.lower() in _HOME:
        return FoundSource("html", path) if _HTML.search(look(path)) else None
    if suffix == ".conf" or name.startswith("nginx.conf"):
        text = look(path)
        return FoundSource("nginx", path) if _SERVER.search(text) or _HTTP.search(text) else None
    if suffix in {".zone", ".hosts", ".db"} or name.startswith("db.") or ".zone." in name:
        return _zone(path, look(path))
    return None


def _of_yaml(path: Path, look: Callable[[Path], str]) -> FoundSource | None:
    if path.name.endswith((".icp.yaml", ".icp.yml")):
        return None
    text = look(path)
    if _COMPOSE.fullmatch(path.name):
        return FoundSource("compose", path) if _SERVICES.search(text) else None
    # A template is no manifest before it is rendered.
    manifest = _API.search(text) and _MANIFEST.search(text) and "{{" not in text
    return FoundSource("kubernetes", path) if manifest else None


def _zone(path: Path, text: str) -> FoundSource | None:
    if not _SOA.search(text):
        return None
    name = _ZONE_NAME.fullmatch(path.name)
    origin = name["domain"] if name and not _ORIGIN.search(text) else ""
    try:
        return FoundSource("zone", path, normal_host(origin) if "." in origin else "")
    except HostError:
        return FoundSource("zone", path)


def _in_order(
    found: Iterable[FoundSource], manifests: dict[Path, bool], root: Path
) -> tuple[FoundSource, ...]:
    """Name a folder once for all that is read through it, and order by kind and path."""
    all_found = dict.fromkeys([*found, *_manifests(manifests, root)])
    kept = [one for one in all_found if not _within_another(one, all_found)]
    return tuple(sorted(kept, key=lambda one: (one.kind, one.path)))


def _manifests(files: dict[Path, bool], root: Path) -> Iterator[FoundSource]:
    """Yield the highest folders that hold manifests and no other YAML, else the files."""
    mixed = {up for path, manifest in files.items() if not manifest for up in path.parents}
    for path in (path for path, manifest in files.items() if manifest):
        pure = [up for up in path.parents if up.is_relative_to(root) and up not in {*mixed, root}]
        yield FoundSource("kubernetes", pure[-1] if pure else path)


def _within_another(one: FoundSource, others: Iterable[FoundSource]) -> bool:
    """Whether another source reaches what this one names.

    Modules are reached from the folder that calls them, the parts of an nginx configuration
    from its main file, the pages below a home page from that.
    """
    if one.kind == "terraform":
        above = {other.path for other in others if other.kind == "terraform"}
        return "modules" in one.path.parts or any(up in above for up in one.path.parents)
    if one.kind == "nginx":
        mains = {other.path.parent for other in others if other.path.name == "nginx.conf"}
        return one.path.name != "nginx.conf" and any(up in mains for up in one.path.parents)
    if one.kind == "html":
        above = {other.path.parent for other in others if other.kind == "html"}
        return any(up in above for up in one.path.parent.parents)
    return False
