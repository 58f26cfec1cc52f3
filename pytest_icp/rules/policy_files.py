"""The files in a folder of policies (规定文件), and the parts (部分) of obligations in them.

An obligation with ``parts`` is decided part by part. A part is an obligation like any other: it
has every field of the whole that it does not write itself, but for those of another kind, and the
words and citations of another basis.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from pytest_icp.facts.files.disk import (
    MEGABYTE,
    is_folder,
    make_folder_of,
    read_bytes,
    repository_of,
    write_file,
)
from pytest_icp.facts.files.properties import resource, schema_document
from pytest_icp.facts.files.schema import check_data
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.law.catalogue import CATALOGUE
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, pointer, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Path as At

PARTS = "parts"
NAME = "name"

_OF_BASIS = frozenset({"quote", "cites"})
"""What is quoted and cited for one basis carries no other."""

_OF_WHOLE = frozenset({"id", "title", "meaning", "quote", "fix", "kind", "basis", "cites", PARTS})
"""What is read of the whole, whether its parts inherit it or not."""

_TWICE = Text(zh="有两个部分的 name 都是 {name!r}", en="two parts have the name {name!r}")
_UNUSED = Text(zh="没有一个部分用到 '{name}'", en="no part uses '{name}'")
_REMOVE = Text(
    zh="各部分都另写的，或者类别不同的，在此处删去",
    en="remove it where every part writes its own, or is of another kind",
)


def merged(whole: JsonObject, part: JsonObject) -> dict[str, Json]:
    """Return a part with all that it inherits, as an obligation without parts is written."""
    inherited = {name: whole[name] for name in _inherited(whole, part)}
    return {**inherited, **{name: value for name, value in part.items() if name != NAME}}


def _inherited(whole: JsonObject, part: JsonObject) -> Iterator[str]:
    """Yield the fields of the whole that a part has as they are."""
    common = schema_document("policy")["$defs"]["Obligation"]["properties"]
    other_kind = part.get("kind", whole["kind"]) != whole["kind"]
    other_basis = part.get("basis", whole["basis"]) != whole["basis"]
    for name in whole:
        if name in part or name == PARTS:
            continue
        if not (other_kind and name not in common) and not (other_basis and name in _OF_BASIS):
            yield name


def with_whole_parts(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy with each part, and all that it inherits, among its obligations."""
    return {**document, "obligations": [entry for _, entry in _whole_parts(document)]}


def _whole_parts(document: Mapping[str, Any]) -> list[tuple[At, dict[str, Any]]]:
    return [
        (("obligations", i, PARTS, j), merged(entry, part))
        for i, entry in enumerate(document["obligations"])
        for j, part in enumerate(entry.get(PARTS, ()))
    ]


def written_at(document: Any, json_pointer: str) -> str:
    """Return where a field of a policy is written in its file.

    What a part inherits is written in the whole.
    """
    match tokens(json_pointer):
        case "obligations", i, "parts", j, name, *below:
            whole = document["obligations"][int(i)]
            own = {k for k, part in enumerate(whole.get(PARTS, ())) if name in part}
            if name in whole and int(j) not in own:
                return pointer(("obligations", i, name, *below))
    return json_pointer


def check_parts(source: Source, schema: str) -> None:
    """Check the parts of a policy that its schema allows, with all that they inherit.

    ``schema`` is the name of the schema. Raises `InputError` with the place in the file.
    """
    document: Any = source.data
    for i, entry in enumerate(document["obligations"]):
        if PARTS in entry:
            _check_names(source, i, entry)
    every = _whole_parts(document)
    whole = {**document, "obligations": [entry for _, entry in every]}

    def place(json_pointer: str, *, of: Literal["value", "key"] = "value") -> Place:
        _, i, *path = tokens(json_pointer)
        at, _ = every[int(i)]
        return source.place(written_at(document, pointer((*at, *path))), of=of)

    if every:
        check_data(whole, schema, place)


def _check_names(source: Source, i: int, entry: Mapping[str, Any]) -> None:
    """Check that each part has a name of its own, and that each field of the whole is of use."""
    at, parts = ("obligations", i), entry[PARTS]
    names = [part[NAME] for part in parts]
    for j, name in enumerate(names):
        if name in names[:j]:
            place = source.place(pointer((*at, PARTS, j, NAME)))
            raise InputError(_TWICE.format(name=name), place=place)
    used = {name for part in parts for name in _inherited(entry, part)}
    for name in entry:
        if name not in used and name not in _OF_WHOLE:
            place = source.place(pointer((*at, name)), of="key")
            raise InputError(_UNUSED.format(name=name), place=place, hint=_REMOVE)


# ---- The files in a folder of policies (规定文件)


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


class Content(Struct, frozen=True):
    """What a file says, and the digest of its bytes; places in it are found by `PolicyFile`."""

    data: Any
    sha256: str


def shipped_content(files: Iterable[PolicyFile]) -> Mapping[PolicyFile, Content]:
    """Return what files that the package ships say.

    Reading their YAML is a tenth of a short run. As Python keeps the byte code of a module, what
    they say is kept in ``__pycache__`` beside them, by the digest of their bytes; where nothing can
    be kept, they are read in each run.
    """
    digests = {file: sha256(file.content()).hexdigest() for file in files}
    if not digests:
        return {}
    folder = next(iter(digests)).folder
    path = Path(cache_from_source(os.fspath(folder / "policies.py"))).with_suffix(".json")
    kept = _kept(path)
    if kept.keys() != set(digests.values()):
        kept = {
            digest: kept[digest] if digest in kept else file.read().data
            for file, digest in digests.items()
        }
        _keep(path, kept)
    return {file: Content(kept[digest], digest) for file, digest in digests.items()}


def _kept(path: Path) -> dict[str, Json]:
    with suppress(OSError, InputError, msgspec.DecodeError):
        return msgspec.json.decode(read_bytes(path, root=None, limit=LARGEST), type=dict[str, Any])
    return {}


def _keep(path: Path, kept: Mapping[str, Json]) -> None:
    if not sys.dont_write_bytecode:
        with suppress(OSError, InputError):
            make_folder_of(path)
            write_file(path, msgspec.json.encode(kept))


def family_of(file: PolicyFile) -> str:
    """Return the code of what a subfolder is named after in lower case; none for ``common``.

    Raises `InputError` for a subfolder with any other name.
    """
    name = file.path.parent.name if file.path.parent != file.folder else COMMON
    code = next((code for code in CATALOGUE if code.lower() == name.lower()), "")
    if name != COMMON and not code:
        raise InputError(_NO_FAMILY.format(name=name), place=file.place("/id"), hint=_NAME_IT)
    return code
