"""What the adapters of web configurations tell of the files under ``tests/data/real``.

Beside each file stands what was read from it and checked by eye, ``<file>.facts.json``. After a
change, ``python tests/sources/web_files.py`` writes them again; look at every difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.law.errors import InputError
from pytest_icp.sources.apache import read_apache
from pytest_icp.sources.caddy import read_caddy
from pytest_icp.sources.html import read_html
from pytest_icp.sources.log_retention import read_log_retention
from pytest_icp.sources.nginx import read_nginx
from pytest_icp.sources.request import Request
from pytest_icp.sources.zone import read_zone

REAL = Path(__file__).parents[1] / "data" / "real"
ADAPTERS = {
    "nginx": read_nginx,
    "caddy": read_caddy,
    "apache": read_apache,
    "zone": read_zone,
    "html": read_html,
    "log-retention": read_log_retention,
}
SETTINGS = {"html": {"host": "www.example.cn"}}
_NOT_READ = (".facts.json", "INDEX.tsv", "README.md")


def files() -> list[Path]:
    """Return all files, relative to the folder that holds them."""
    found = (path for kind in ADAPTERS for path in sorted((REAL / kind).iterdir()))
    return [
        path.relative_to(REAL)
        for path in found
        if path.is_file() and not path.name.endswith(_NOT_READ)
    ]


def read(path: Path, given: bytes | None = None) -> Derived:
    """Read a file, or other content in its place; the working directory is that of all files."""
    kind = path.parts[0]
    request = Request(path=path, root=Path(), given=given, settings=SETTINGS.get(kind, {}))
    return ADAPTERS[kind](request)


def told(path: Path) -> Any:
    """Return all that is told of a file, with the line and column of each element."""
    try:
        derived = read(path)
    except InputError as error:
        return {"refused": str(error)}
    places = {
        f"/{kind}/{i}/{fact}": derived.trace(f"/{kind}/{i}/{fact}")
        for kind, elements in derived.facts.items()
        for i, element in enumerate(elements)
        for fact in element
        if fact != "id"
    }
    return {
        "facts": derived.facts,
        "from": {at: _told(found) for at, found in places.items()},
        "gaps": [f"{gap.place}: {gap.message.en}" for gap in derived.gaps],
        "unmapped": dict(derived.unmapped),
        "remarks": [remark.en for remark in derived.remarks],
    }


def _told(found: Provenance) -> str:
    where = (str(found.place), found.address, found.attribute)
    return f"{', '.join(filter(None, where))}: {found.status}"


def golden(path: Path) -> Path:
    """Return the file that holds what was checked by eye."""
    return REAL / f"{path}.facts.json"


if __name__ == "__main__":
    os.chdir(REAL)
    for file in files():
        said = json.dumps(told(file), ensure_ascii=False, indent=1)
        golden(file).write_text(f"{said}\n", encoding="utf-8")
