"""Find files of a repository that look like sources (来源), by their names and first bytes."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from pytest_icp.facts.files.source import read_start
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.sources.kubernetes.entries import ManifestFiles
from pytest_icp.sources.signs import SIGNS, UNREAD
from pytest_icp.sources.zone import STOCK, SUFFIXES

MOST_FILES = 50_000
"""The search ends after this many files."""

MOST_READ = 5_000
"""The search ends after reading the beginning of this many files."""

HEAD_BYTES = 64 * 1024
"""How many bytes of a file are read."""

_LEFT_OUT = {
    *("node_modules", "__pycache__", "venv", "site-packages", "vendor"),
    # Maven copies what it packs.
    "target",
    # Nothing in these is deployed.
    *("test", "tests", "testdata", "fixtures", "__tests__", "coverage", "htmlcov"),
}
_MAIN = {
    "nginx": {"nginx.conf"},
    "caddy": {"Caddyfile"},
    "apache": {"httpd.conf", "apache2.conf"},
}
"""The main files of configurations, beside which are their parts."""
_TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
_ROTATED = "logrotate.d"
_REGISTERS = (".csv", ".tsv", ".xlsx", ".xlsm", ".jsonl", ".ndjson")
_ORIGIN = re.compile(r"^\$ORIGIN\s+\S+\.\s*$", re.MULTILINE)
_ZONE_NAME = re.compile(r"(?:db\.)?(?P<domain>[\w.-]+?)(?:\.zone|\.hosts|\.db)?(?:\.txt)?")


class SourceCandidate(Struct, frozen=True):
    """A file or folder that could be an entry of ``sources``.

    ``origin`` is the domain of a zone file that does not declare its own, ``list`` the list of a
    register whose name does not tell it.
    """

    kind: str
    path: Path
    origin: str = ""
    list: str = ""


class Search(Struct, frozen=True):
    """The result of a search, by kind and path; ``complete`` is False if it ended early.

    ``unread`` are files that no kind of source reads, by what to do with them instead.
    """

    sources: tuple[SourceCandidate, ...]
    complete: bool
    unread: Mapping[Text, Sequence[Path]] = field(default_factory=dict)


def find_sources(root: Path) -> Search:
    """Find plans, Terraform, manifests, nginx, zones, home pages and registers below a folder.

    Hidden folders, folders of packages and tests, and symbolic links are skipped. Nothing outside
    the folder is read, and of what is found only registers and Kustomizations are parsed.
    """
    head = _HeadReader(root)
    files = 0
    found: list[SourceCandidate] = []
    unread = defaultdict[Text, list[Path]](list)
    manifests = ManifestFiles(root)
    for folder, names, is_whole in _walk(root):
        files += len(names)
        if files > MOST_FILES or head.remaining <= 0:
            return Search(_in_order(found, manifests), complete=False, unread=unread)
        if not is_whole:
            manifests.close(folder)
        if any(name.endswith(_TERRAFORM) for name in names):
            found.append(SourceCandidate("terraform", folder))
        here: list[SourceCandidate] = []
        for path in (folder / name for name in names):
            text = head(path) if _is_looked_at(_called(path)) else ""
            source = _source(path, text, root)
            is_manifest = source is not None and source.kind == "kubernetes"
            manifests.add(path, text, told=is_manifest)
            if source and source.kind != "kubernetes":
                here.append(source)
            elif source is None and (advice := _advice(path, text)):
                unread[advice].append(path)
        # Of a folder, the zone of tomorrow is read as well.
        kind = "" if folder == root else _of_folder(names, here)
        found += [SourceCandidate(kind, folder)] if kind else here
    return Search(_in_order(found, manifests), complete=True, unread=unread)


def _walk(root: Path) -> Iterator[tuple[Path, list[str], bool]]:
    """Yield each folder with its files, and whether everything in it is looked at."""
    for folder, inner, names in os.walk(root):
        seen = sorted(name for name in inner if not name.startswith("."))
        inner[:] = [name for name in seen if name not in _LEFT_OUT]
        plain = (name for name in names if not Path(folder, name).is_symlink())
        shown = sorted(name for name in plain if not name.startswith("."))
        yield Path(folder), shown, len(inner) == len(seen)


class _HeadReader:
    """Reads the beginnings of files, up to `MOST_READ` of them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.remaining = MOST_READ

    def __call__(self, path: Path) -> str:
        self.remaining -= 1
        try:
            raw = read_start(path, root=self.root, size=HEAD_BYTES)
        except InputError:
            return ""
        encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        return raw.decode(encoding, errors="replace")


def _called(path: Path) -> str:
    """Return the name of a file, with that of its folder where the folder tells the format."""
    return f"{_ROTATED}/{path.name}" if path.parent.name == _ROTATED else path.name


def _is_looked_at(name: str) -> bool:
    signs = (*SIGNS, *(one.sign for one in UNREAD))
    return name.lower().endswith(_REGISTERS) or any(sign.name.fullmatch(name) for sign in signs)


def _source(path: Path, text: str, root: Path) -> SourceCandidate | None:
    if path.name.lower().endswith(_REGISTERS):
        return _register(path, root)
    kind = next((sign.kind for sign in SIGNS if sign.is_on(_called(path), text)), None)
    if kind is None:
        return None
    return _zone(path, text) if kind == "zone" else SourceCandidate(kind, path)


def _register(path: Path, root: Path) -> SourceCandidate | None:
    # What it begins with is read once more, with all that there is.
    from pytest_icp.sources.register.files import recognised

    named = recognised(path, root)
    return None if named is None else SourceCandidate("register", path, list=named)


def _advice(path: Path, text: str) -> Text | None:
    """Return what to do with a file that no kind of source reads, if it has something to tell."""
    return next((one.advice for one in UNREAD if one.sign.is_on(_called(path), text)), None)


def _zone(path: Path, text: str) -> SourceCandidate | None:
    if STOCK.fullmatch(path.name):
        return None
    name = _ZONE_NAME.fullmatch(path.name)
    origin = name["domain"] if name and not _ORIGIN.search(text) else ""
    try:
        return SourceCandidate("zone", path, normal_host(origin) if "." in origin else "")
    except HostError:
        return SourceCandidate("zone", path)


def _in_order(
    found: Iterable[SourceCandidate], manifests: ManifestFiles
) -> tuple[SourceCandidate, ...]:
    """Leave out sources that others include; order by kind and path."""
    deployed = (SourceCandidate("kubernetes", path) for path in manifests.entries())
    all_found = dict.fromkeys([*found, *deployed])
    sources = [source for source in all_found if not _is_included(source, all_found)]
    return tuple(sorted(sources, key=lambda source: (source.kind, source.path)))


def _of_folder(names: Sequence[str], found: Sequence[SourceCandidate]) -> str:
    """Return the kind that a folder is as a whole; empty if its files are listed one by one."""
    exports = {source.path.name for source in found if source.kind == "cloud-export"}
    # A record leads to the machine that stands in another answer.
    if len(exports) > 1 and exports == set(names):
        return "cloud-export"
    return "zone" if _is_all_zones(names, found) else ""


def _is_all_zones(names: Sequence[str], found: Sequence[SourceCandidate]) -> bool:
    """Whether a folder has zone files and nothing else, each named after its domain."""
    zones = {source.path.name for source in found if source.kind == "zone"}
    named = all(name.endswith(SUFFIXES) and "." in Path(name).stem for name in names)
    return bool(zones) and zones == set(names) and named


def _is_included(source: SourceCandidate, others: Iterable[SourceCandidate]) -> bool:
    """Whether reading another source includes this one.

    A folder that calls a module includes it, and one of exports those below; the main file of a
    web server includes the parts of its configuration; a home page stands for those below it.
    """
    if source.kind in {"terraform", "cloud-export"}:
        above = {other.path for other in others if other.kind == source.kind}
        module = source.kind == "terraform" and "modules" in source.path.parts
        return module or any(up in above for up in source.path.parents)
    if source.kind in _MAIN:
        main = _MAIN[source.kind]
        mains = {other.path.parent for other in others if other.path.name in main}
        # What a template is filled into has another name.
        part = source.path.name not in main and source.path.suffix != ".template"
        return part and any(up in mains for up in source.path.parents)
    if source.kind == "html":
        above = {other.path.parent for other in others if other.kind == "html"}
        return any(up in above for up in source.path.parent.parents)
    return False
