"""Manifests of real projects with what was read of them, and how tests read texts as manifests.

``python -m tests.sources.manifest_files`` writes the facts of every file anew, beside it as
``NAME.facts.json``, and the outcomes of all to ``outcomes.tsv``. Compare each with its file by
eye before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.sources.compose import read_compose
from pytest_icp.sources.kubernetes import read_kubernetes
from pytest_icp.sources.request import Request
from tests.helpers import ROOT

REAL = ROOT / "tests" / "data" / "real"
READERS = {"k8s": read_kubernetes, "compose": read_compose}


def kubernetes(text: str | bytes, **settings: Any) -> Derived:
    """Read a text as manifests from standard input."""
    return read_kubernetes(_given(text, settings))


def compose(text: str | bytes) -> Derived:
    """Read a text as a file of Compose from standard input."""
    return read_compose(_given(text, {}))


def _given(text: str | bytes, settings: dict[str, Any]) -> Request:
    given = text if isinstance(text, bytes) else text.encode()
    return Request(path=Path("-"), root=ROOT, given=given, settings=settings)


def in_folder(kind: str, folder: Path, files: dict[str, str], path: str = ".") -> Derived:
    """Write files into a folder, and read a path in it."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    request = Request(path=folder / path, root=folder, folder=folder)
    return READERS[kind](request)


def sites(derived: Derived) -> list[str]:
    """Return the ids of the sites."""
    return ids(derived, "sites")


def ids(derived: Derived, kind: str) -> list[str]:
    """Return the ids of the elements of a kind."""
    found: Any = derived.facts.get(kind, [])
    return [element["id"] for element in found]


def gaps(derived: Derived) -> list[tuple[int | None, str]]:
    """Return the line and the English words of every gap."""
    return [(gap.place.line, gap.message.en) for gap in derived.gaps]


def remarks(derived: Derived) -> list[str]:
    """Return the remarks in English."""
    return [remark.en for remark in derived.remarks]


def real_files(kind: str) -> Iterator[Path]:
    """Yield the real files of a kind."""
    yield from (
        path for path in sorted((REAL / kind).iterdir()) if path.suffix in {".yaml", ".yml"}
    )


def read_real(path: Path) -> Derived:
    """Read one real file."""
    folder = path.parent
    return READERS[folder.name](Request(path=path, root=folder, folder=folder))


def told(derived: Derived) -> dict[str, Any]:
    """Return what was read as JSON: the facts, where each element stands, and the rest."""
    places = {
        f"/{kind}/{index}": _where(derived, f"/{kind}/{index}")
        for kind, elements in derived.facts.items()
        for index, _ in enumerate(elements)  # type: ignore[arg-type]  # a list
    }
    return {
        "facts": derived.facts,
        "found": places,
        "gaps": [f"{line}: {words}" for line, words in gaps(derived)],
        "unmapped": dict(derived.unmapped),
        "remarks": remarks(derived),
    }


def _where(derived: Derived, pointer: str) -> str:
    found = derived.trace(pointer)
    return f"{found.place.line}:{found.place.column} {found.address} {found.attribute}"


def outcome(path: Path) -> str:
    """Return in a few words what came of a real file."""
    try:
        derived = read_real(path)
    except InputError as error:
        return f"refused: {error.message.en}"
    counts = {
        **{kind: len(elements) for kind, elements in derived.facts.items()},  # type: ignore[arg-type]  # a list
        "gaps": len(derived.gaps),
        "unmapped": sum(derived.unmapped.values()),
    }
    return ", ".join(f"{kind} {count}" for kind, count in counts.items() if count) or "nothing"


def outcomes(kind: str) -> str:
    """Return the outcomes of all real files of a kind, a line each."""
    return "".join(f"{path.name}\t{outcome(path)}\n" for path in real_files(kind))


def golden(path: Path) -> Path:
    """Return where the facts of a real file are written."""
    return path.with_suffix(".facts.json")


def _write() -> None:
    for kind in READERS:
        (REAL / kind / "outcomes.tsv").write_text(outcomes(kind), "utf-8")
        for path in real_files(kind):
            derived = read_real(path)
            if derived.facts or derived.gaps or derived.unmapped:
                text = json.dumps(told(derived), ensure_ascii=False, indent=1)
                golden(path).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    _write()
