"""The files in a folder of policies (规定文件)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pytest_icp.facts.files.opening import is_folder
from pytest_icp.facts.files.repository import repository_of
from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.files.source import MEGABYTE, Source, read_bytes, read_source
from pytest_icp.law.catalogue import CATALOGUE
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Path as At
from pytest_icp.rules.parts import written_at

COMMON = "common"
"""The folder of provisions on every licence; other folders are for one line of business."""

LARGEST = 16 * MEGABYTE
"""The largest file of a policy, in bytes."""

_LAW: tuple[Literal["statutes"], Literal["parameters"]] = ("statutes", "parameters")
_NOT_POLICIES = {"statutes", "parameters", "contradictions"}

_NO_FOLDER = Text(zh="规定文件夹 {folder} 不存在", en="there is no folder of policies at {folder}")
_NO_FAMILY = Text(
    zh="文件夹“{name}”不是业务代码，其中的规定永远不适用",
    en="the folder {name!r} is not a catalogue code, so its policies never apply",
)
_NAME_IT = Text(
    zh="以业务代码命名（如 b25），或直接放在规定文件夹中",
    en="name it after a line of business (such as b25), or move its files up",
)


class PolicyFile(Struct, frozen=True):
    """A file in a folder of policies, and the name of its schema.

    ``root`` is the folder that it may not lead out of; None for those that the package ships.
    """

    folder: Path
    root: Path | None
    path: Path
    schema: Literal["policy", "statutes", "parameters"]

    def place(self, json_pointer: str) -> Place:
        """Return the place of a value; the file is read again, as only errors need one."""
        source = self.read()
        return source.place(written_at(source.data, json_pointer))

    def wrong(self, at: At, message: Text, hint: Text | str = "") -> InputError:
        """Return the error of what is at a path of the file."""
        return InputError(message, place=self.place(pointer(at)), hint=hint)

    def read(self) -> Source:
        """Return the content."""
        return read_source(self.path, root=self.root, limit=LARGEST)

    def content(self) -> bytes:
        """Return the bytes."""
        return read_bytes(self.path, root=self.root, limit=LARGEST)


def policy_files(folder: Path, rootdir: Path | None) -> list[PolicyFile]:
    """Return the files of a folder: citations and numbers first, then policies by id.

    No file may lie outside the repository that the folder is named in; ``rootdir`` stands for it
    where there is no ``.git``. Raises `InputError` if there is no such folder.
    """
    if not is_folder(folder):
        raise InputError(_NO_FOLDER.format(folder=folder))
    ours = folder.samefile(resource("policies"))
    root = None if ours else repository_of(folder / COMMON, rootdir)
    law = [
        PolicyFile(folder, root, folder / f"{name}.yaml", name)
        for name in _LAW
        if os.path.lexists(folder / f"{name}.yaml")
    ]
    found = [path for path in folder.rglob("*.y*ml") if path.suffix in {".yaml", ".yml"}]
    others = _NOT_POLICIES | ({"practice"} if ours else set())
    policies = sorted(
        (path for path in found if path.stem not in others),
        key=lambda path: (path.stem, path),
    )
    return [*law, *(PolicyFile(folder, root, path, "policy") for path in policies)]


def family_of(file: PolicyFile) -> str:
    """Return the code of what a subfolder is named after in lower case; none for ``common``.

    Raises `InputError` for a subfolder with any other name.
    """
    name = file.path.parent.name if file.path.parent != file.folder else COMMON
    code = next((code for code in CATALOGUE if code.lower() == name.lower()), "")
    if name != COMMON and not code:
        raise InputError(_NO_FAMILY.format(name=name), place=file.place("/id"), hint=_NAME_IT)
    return code
