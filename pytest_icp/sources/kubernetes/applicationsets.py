"""The paths that an ApplicationSet of Argo CD makes: of a list, or of folders of the repository.

Other generators ask a cluster, a server or the files of another repository.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.sources.kubernetes.objects import Object, get, select

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.request import Request

_PLACEHOLDER = re.compile(r"\{\{-? *\.?([\w.-]+?) *-?\}\}")


def generated_paths(item: Object, template: str, request: Request) -> list[str]:
    """Return the paths that a template becomes; none if any of them is not known."""
    generators = select(item.body, "spec/generators/*")
    if len(generators) != 1:
        return []
    ((_, generator),) = generators
    paths = [_filled(template, values) for values in _values(generator, request)]
    return [path for path in paths if path] if None not in paths else []


def _filled(template: str, values: Mapping[str, str]) -> str | None:
    """Fill in a template; None if something in it has no value."""
    filled = _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)
    return None if "{{" in filled else filled


def _values(generator: Json, request: Request) -> Iterator[Mapping[str, str]]:
    if not isinstance(generator, Mapping) or len(generator) != 1:
        return
    for _, element in select(generator, "list/elements/*"):
        written = element if isinstance(element, Mapping) else {}
        yield {name: value for name, value in written.items() if isinstance(value, str)}
    patterns = [entry for _, entry in select(generator, "git/directories/*")]
    excluded = [str(get(one, "path")) for one in patterns if get(one, "exclude") is True]
    for one in patterns:
        if get(one, "exclude") is not True:
            for path in _folders(str(get(one, "path")), request):
                if not any(fnmatchcase(path, pattern) for pattern in excluded):
                    name = path.rpartition("/")[2]
                    yield {
                        **dict.fromkeys(("path", "path.path"), path),
                        **dict.fromkeys(("path.basename", "path.basenameNormalized"), name),
                    }


def _folders(pattern: str, request: Request) -> list[str]:
    """Return the folders of the repository that a pattern names, one ``*`` for one level."""
    found = [""]
    for part in Path(pattern.strip("/")).parts:
        if part in {"..", "**"}:
            return []
        found = [
            f"{above}/{name}".lstrip("/")
            for above in found
            for name in _inside(request, above)
            if fnmatchcase(name, part)
        ]
    return found


def _inside(request: Request, folder: str) -> list[str]:
    """Return the names of the folders in a folder, hidden ones and links left out."""
    place = request.root / folder
    _, folders, files = next(os.walk(place), ("", [], []))
    request.meter.spend("expansions", len(folders) + len(files))
    plain = (name for name in folders if not (place / name).is_symlink())
    return sorted(name for name in plain if not name.startswith("."))
