"""What is told of the files of real projects under ``tests/data/real``, a folder for each kind.

Beside each file stands what was read from it and checked by eye, ``<file>.facts.json``. After a
change, ``python -m tests.sources.real_files`` writes them again; look at every difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.request import Request
from tests.helpers import ROOT

REAL = ROOT / "tests" / "data" / "real"
FOLDERS = {
    **{kind: kind for kind in ("nginx", "caddy", "apache", "zone", "html", "compose")},
    **{kind: kind for kind in ("log-retention", "serverless", "cloud-export", "terraform-state")},
    "k8s": "kubernetes",
    "plan": "terraform-plan",
}
_SETTINGS = {"html": {"host": "www.example.cn"}}
_OURS = (".facts.json", "INDEX.tsv", "README.md")


def files(*folders: str) -> list[Path]:
    """Return the files in some folders, or in all, relative to the folder of all."""
    found = (path for name in folders or FOLDERS for path in sorted((REAL / name).iterdir()))
    return [
        path.relative_to(REAL) for path in found if path.is_file() and not path.name.endswith(_OURS)
    ]


def read(path: Path, given: bytes | None = None) -> Derived:
    """Read a file, or other content in its place; the working directory is that of all files."""
    kind = FOLDERS[path.parts[0]]
    settings = _SETTINGS.get(kind, {})
    return KINDS[kind].read(Request(path=path, root=Path(), given=given, settings=settings))


def pointers(derived: Derived) -> Iterator[str]:
    """Yield the pointer of every fact of every element."""
    elements: Any = derived.facts
    for kind, listed in elements.items():
        for index, element in enumerate(listed):
            yield from (f"/{kind}/{index}/{name}" for name in element)


def told(path: Path) -> Any:
    """Return all that is told of a file, with the status and the place of each fact."""
    try:
        derived = read(path)
    except InputError as error:
        return {"refused": f"{_at(error.place, path)}: {error.message.en}"}
    return {
        "facts": derived.facts,
        "from": {at: _found(derived.trace(at), path) for at in pointers(derived)},
        "gaps": [f"{_at(gap.place, path)}: {gap.message.en}" for gap in derived.gaps],
        "remarks": [remark.en for remark in derived.remarks],
    }


def _at(place: Place | None, path: Path) -> str:
    return str(place or "").removeprefix(str(path)).lstrip(":")


def _found(found: Provenance, path: Path) -> str:
    where = (_at(found.place, path), found.address, found.attribute)
    return f"{', '.join(filter(None, where))}: {found.status.value}"


def golden(path: Path) -> Path:
    """Return the file that holds what was checked by eye."""
    return REAL / f"{path}.facts.json"


if __name__ == "__main__":
    os.chdir(REAL)
    for file in files():
        said = json.dumps(told(file), ensure_ascii=False, indent=1)
        golden(file).write_text(f"{said}\n", encoding="utf-8")
