"""Policies: the provisions of a folder of YAML files, checked and compiled.

A folder holds policy files, in subfolders named after a line of business where they bind only
that line (``b25``), and may hold ``statutes.yaml`` (citations) and ``parameters.yaml``
(numbers). Later folders may use what earlier ones define.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from pytest_icp.facts.files.cache import cached, content_key
from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.catalogue import CATALOGUE
from pytest_icp.law.condition import ANYTHING, ConditionError, Node, parse_condition
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fields import CONDITIONS, Field, Written
from pytest_icp.rules.parameters import RELIES_ON, filled, known
from pytest_icp.rules.patterns import INSTEAD, PYTHONS_OWN, refused_patterns
from pytest_icp.rules.policy import Applicability, Citation, Obligation, Policy, Serving
from pytest_icp.rules.schema import extended_schemas
from pytest_icp.rules.specs import Kinds, read_spec, schema_parts
from pytest_icp.rules.statutes import Law, gather, text_or_none
from pytest_icp.rules.undecidable import refuse_undecidable
from pytest_icp.rules.unknown_facts import refuse_unknown

COMMON = "common"
"""The folder of what every licence prints; other folders bind one line of business."""

_FORM = b"4"
"""Changes when the same files would be read into something else, or refused."""

_CITATION = Text(zh="法条", en="citation")
_LAW: tuple[Literal["statutes"], Literal["parameters"]] = ("statutes", "parameters")
_NOT_POLICIES = {"statutes", "parameters", "checks"}


def load_policies(
    folders: Iterable[Path], *, kinds: Kinds, told: bool = False
) -> tuple[Policy, ...]:
    """Read the policies of several folders, in the order of their ids within each.

    ``kinds`` are all kinds of obligation by name. Facts that no description has are refused,
    unless somebody is going to be ``told`` of all of them.

    Raises `InputError` with the place for a file that cannot be used, an id that is used
    twice, or a citation, a number or a fact that nobody defines.
    """
    files = [file for folder in folders for file in _files(folder)]
    documents = _read_all(files, kinds, told=told)
    law = _law(files, documents)
    policies: dict[str, Policy] = {}
    for file in _provisions(files):
        policy = _policy(_Reader(file, law, kinds), documents[str(file.path)])
        other = policies.setdefault(policy.id, policy)
        if other is not policy:
            raise InputError(
                Text(
                    zh=f"有两个规定的 id 都是 {policy.id!r}",
                    en=f"two policies have the id {policy.id!r}",
                ),
                place=file.place("/id"),
                hint=Text(zh=f"另一个是 {other.path}", en=f"the other one is {other.path}"),
            )
    return tuple(policies.values())


class _File(Struct, frozen=True):
    """A file of a folder of policies, and which schema it answers to."""

    folder: Path
    path: Path
    schema: Literal["policy", "statutes", "parameters"]

    def place(self, json_pointer: str) -> Place:
        """Return where something stands; the file is read again, as only errors ask."""
        return read_source(self.path).place(json_pointer)


class WrittenPolicy(Struct, frozen=True):
    """A policy beside what its file says, from which a change of it can be read as well.

    ``law`` holds the citations and numbers that the file may name; ``data`` is to be read only.
    """

    policy: Policy
    data: JsonObject
    file: _File
    law: Law
    kinds: Kinds

    def changed(self, data: JsonObject) -> Policy:
        """Read the file as if it said something else, which its schema allows.

        Raises `InputError` for what the schema cannot exclude.
        """
        document = filled(data, self.law, self.file)
        return _policy(_Reader(self.file, self.law, self.kinds, anew=True), document)


def written_policies(folders: Iterable[Path], *, kinds: Kinds) -> tuple[WrittenPolicy, ...]:
    """Read policies as `load_policies` does, for those who tell of them, and what they say."""
    named = [*folders]
    policies = {policy.path: policy for policy in load_policies(named, kinds=kinds, told=True)}
    files = [file for folder in named for file in _files(folder)]
    law = _law(files, _read_all(files, kinds, told=True))
    written: list[WrittenPolicy] = []
    for file in _provisions(files):
        data: Any = read_source(file.path).data
        written.append(WrittenPolicy(policies[file.path], data, file, law, kinds))
    return tuple(written)


def _files(folder: Path) -> list[_File]:
    """Return the files of a folder: citations and numbers first, then policies by id."""
    if not folder.is_dir():
        raise InputError(
            Text(zh=f"规定文件夹 {folder} 不存在", en=f"there is no folder of policies at {folder}")
        )
    law = [
        _File(folder, folder / f"{name}.yaml", name)
        for name in _LAW
        if (folder / f"{name}.yaml").exists()
    ]
    found = [path for path in folder.rglob("*.y*ml") if path.suffix in {".yaml", ".yml"}]
    policies = sorted(
        (path for path in found if path.stem not in _NOT_POLICIES),
        key=lambda path: (path.stem, path),
    )
    return [*law, *(_File(folder, path, "policy") for path in policies)]


def _read_all(files: Iterable[_File], kinds: Kinds, *, told: bool) -> dict[str, Any]:
    """Read and check the files, or take what was read of the same content before."""
    every = list(files)
    parts = [_FORM, bytes([told]), json.dumps(schema_parts(kinds), sort_keys=True).encode()]
    try:
        parts += [part for file in every for part in (bytes(file.path), file.path.read_bytes())]
    except OSError:
        return _read_and_check(every, kinds, told=told)
    return cached(content_key(parts), lambda: _read_and_check(every, kinds, told=told))


def _read_and_check(files: Iterable[_File], kinds: Kinds, *, told: bool) -> dict[str, Any]:
    """Read the files, fill the numbers in, and see that policies can be built of them."""
    every = list(files)
    documents: dict[str, Any] = {}
    with extended_schemas(schema_parts(kinds)) as schemas:
        for file in every:
            source = read_source(file.path)
            check(source, file.schema, folder=schemas)
            documents[str(file.path)] = source.data
    law = _law(every, documents)
    # Of the product's own it is known, and a first run need not wait for it.
    ours = resource("policies")
    for file in _provisions(every):
        document = documents[str(file.path)] = filled(documents[str(file.path)], law, file)
        _policy(_Reader(file, law, kinds, anew=True), document)
        if not told and file.folder != ours:
            refuse_unknown(document, schema_parts(kinds), file.place)
    return documents


def _law(files: Iterable[_File], documents: Mapping[str, Any]) -> Law:
    return gather((f.path, documents[str(f.path)]) for f in files if f.schema != "policy")


def _provisions(files: Iterable[_File]) -> Iterator[_File]:
    return (file for file in files if file.schema == "policy")


def _policy(reader: _Reader, data: dict[str, Any]) -> Policy:
    """Build a policy; one that is read anew has its patterns looked at."""
    file = reader.file
    if file.path.stem != data["id"]:
        raise InputError(
            Text(
                zh=f"规定 {data['id']!r} 所在文件的名称不符",
                en=f"the policy {data['id']!r} stands in a file of another name",
            ),
            place=file.place("/id"),
            hint=plain(f"-> {data['id']}{file.path.suffix}"),
        )
    family = _family(file)
    _check_obligation_ids(file, [entry["id"] for entry in data["obligations"]])
    return Policy(
        id=data["id"],
        article=data["article"],
        title=Text(**data["title"]),
        text=Text(**data["text"]),
        reading=text_or_none(data.get("reading")),
        limits=text_or_none(data.get("source", {}).get("limits")),
        applies=reader.applicability(data.get("applies"), ("applies",)),
        obligations=tuple(
            reader.obligation(data["id"], entry, i) for i, entry in enumerate(data["obligations"])
        ),
        path=file.path,
        family="" if family == COMMON else family,
    )


def _family(file: _File) -> str:
    """Return the line of business that a subfolder is named after, ``common`` for every one."""
    name = file.path.parent.name if file.path.parent != file.folder else COMMON
    if name != COMMON and name.upper() not in CATALOGUE:
        raise InputError(
            Text(
                zh=f"文件夹「{name}」不是业务代码，无法判断其中的规定适用于谁",
                en=f"the folder {name!r} is no catalogue code, so nobody is bound by it",
            ),
            place=file.place("/id"),
            hint=Text(
                zh="以业务代码命名（如 b25），或直接放在规定文件夹中",
                en="name it after a line of business (such as b25), or put the files above it",
            ),
        )
    return name


def _check_obligation_ids(file: _File, names: list[str]) -> None:
    for i, name in enumerate(names):
        if name in names[:i]:
            raise InputError(
                Text(
                    zh=f"有两项义务的 id 都是 {name!r}",
                    en=f"two obligations have the id {name!r}",
                ),
                place=file.place(f"/obligations/{i}/id"),
            )


class _Reader(Struct, frozen=True):
    """Reads the parts of one policy file, and knows where each stands."""

    file: _File
    law: Law
    kinds: Kinds
    anew: bool = False

    def obligation(self, provision: str, entry: dict[str, Any], i: int) -> Obligation:
        at = ("obligations", i)
        own = {key: value for key, value in entry.items() if key != RELIES_ON}
        written = Written(own, schema_parts(self.kinds))
        if self.anew:
            self._refuse(written.fields, at)
        return Obligation(
            id=entry["id"],
            provision=provision,
            title=Text(**entry["title"]),
            meaning=Text(**entry["meaning"]),
            quote=text_or_none(entry.get("quote")),
            mend=Text(**entry["mend"]),
            kind=entry["kind"],
            level=entry["level"],
            basis=entry["basis"],
            applies=self.applicability(entry.get("applies"), (*at, "applies")),
            cites=self._cites(entry, at),
            each=entry.get("each", "attestations"),
            where=self._condition(entry.get("where"), (*at, "where")),
            parent_where=self._condition(entry.get("parent_where"), (*at, "parent_where")),
            serving=self._serving(entry, at),
            spec=read_spec(self.kinds[entry["kind"]].spec, own, self._condition, at),
            written=written,
            relies_on=tuple(self.law.parameters[name] for name in entry[RELIES_ON]),
        )

    def _refuse(self, written: Field, at: tuple[str | int, ...]) -> None:
        """Refuse what nobody could decide, and conditions that cannot be read."""
        refuse_undecidable(written, lambda path: self.file.place(pointer(at) + path))
        for field in written.walk():
            if field.what in CONDITIONS:
                self._condition(field.value, (*at, *field.at))

    def _serving(self, entry: dict[str, Any], at: tuple[str | int, ...]) -> Serving | None:
        written = entry.get("serving")
        return read_spec(Serving, written, self._condition, at) if written else None

    def applicability(self, written: Any, at: tuple[str | int, ...]) -> Applicability:
        if not written:
            return Applicability()
        when = written.get("when")
        return Applicability(
            items=tuple(written.get("items") or ()),
            without=tuple(written.get("without") or ()),
            operates=tuple(written.get("operates") or ()),
            when=self._condition(when, (*at, "when")) if when else None,
        )

    def _condition(self, written: Json, at: tuple[str | int, ...]) -> Node:
        if written is None:
            return ANYTHING
        try:
            node = parse_condition(written)
        except ConditionError as error:
            place = self.file.place(pointer((*at, *error.path)))
            raise InputError(error.message, place=place) from error
        path = next(refused_patterns(written), None) if self.anew else None
        if path is not None:
            place = self.file.place(pointer((*at, *path)))
            raise InputError(PYTHONS_OWN, place=place, hint=INSTEAD)
        return node

    def _cites(self, entry: dict[str, Any], at: tuple[str | int, ...]) -> tuple[Citation, ...]:
        return tuple(
            known(self.law.citations, name, _CITATION, self.file, (*at, "cites", i))
            for i, name in enumerate(entry.get("cites", ()))
            if name != "licence"
        )
