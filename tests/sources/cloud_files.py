"""What is told of the real exports and serverless files under ``tests/data/real``.

Beside each file stands what was read from it and checked by eye, ``<file>.facts.json``. After a
change, ``python -m tests.sources.cloud_files`` writes them again; look at every difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived
from pytest_icp.sources.registry import KINDS
from pytest_icp.sources.request import Request
from tests.helpers import ROOT

REAL = ROOT / "tests" / "data" / "real"
FOLDERS = ("cloud-export", "serverless")
_NOT_READ = (".facts.json", "INDEX.tsv")


def files() -> list[Path]:
    """Return all real files of these kinds."""
    found = (path for kind in FOLDERS for path in sorted((REAL / kind).iterdir()))
    return [path for path in found if not path.name.endswith(_NOT_READ)]


def read(kind: str, text: str | bytes, **settings: Any) -> Derived:
    """Read a text as a source of a kind."""
    given = text if isinstance(text, bytes) else text.encode()
    return KINDS[kind].read(Request(path=Path("-"), root=ROOT, given=given, settings=settings))


def read_folder(kind: str, folder: Path, files: dict[str, str], **settings: Any) -> Derived:
    """Write files into a folder, and read it as a source of a kind."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    request = Request(path=folder, root=folder, folder=folder, settings=settings)
    return KINDS[kind].read(request)


def told(path: Path) -> Any:
    """Return all that is told of a real file, with the place of each fact."""
    request = Request(path=path, root=REAL, folder=path.parent)
    derived = KINDS[path.parent.name].read(request)
    elements: Any = derived.facts
    places = {
        at: derived.trace(at).text(lambda place: f"{place.line}:{place.column}")
        for kind, listed in elements.items()
        for index, element in enumerate(listed)
        for at in (f"/{kind}/{index}/{fact}" for fact in element)
    }
    return {
        "facts": derived.facts,
        "from": places,
        "gaps": [f"{gap.place.line or '-'}: {gap.message.en}" for gap in derived.gaps],
        "remarks": [remark.en for remark in derived.remarks],
    }


def golden(path: Path) -> Path:
    """Return the file that holds what was checked by eye."""
    return path.with_name(f"{path.name}.facts.json")


def gaps(derived: Derived) -> list[str]:
    """Return the English words of every gap."""
    return [gap.message.en for gap in derived.gaps]


def remarks(derived: Derived) -> list[str]:
    """Return the remarks in English."""
    return [remark.en for remark in derived.remarks]


def facts(derived: Derived) -> Any:
    """Return the facts, for tests that look into them."""
    return derived.facts


def ids(derived: Derived, kind: str) -> list[str]:
    """Return the ids of the elements of a list."""
    return [element["id"] for element in facts(derived).get(kind, ())]


if __name__ == "__main__":
    for file in files():
        said = json.dumps(told(file), ensure_ascii=False, indent=1)
        golden(file).write_text(f"{said}\n", "utf-8")
