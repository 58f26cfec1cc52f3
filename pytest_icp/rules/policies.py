"""Policies: the provisions of a folder of YAML files, checked and compiled.

A folder holds policy files, in subfolders named after a line of business where they bind only
that line (``b25``), and may hold ``statutes.yaml`` (citations) and ``parameters.yaml``
(numbers). Later folders may use what earlier ones define.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from pathlib import Path, PurePath
from typing import Any

from msgspec import Struct

from pytest_icp.facts.files.cache import cached, content_key
from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.files.schema import check
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.builder import PolicyBuilder
from pytest_icp.rules.editions import (
    all_editions,
    check_editions,
    read_editions,
    refuse_other_days,
    within_editions,
)
from pytest_icp.rules.others import Rules, rules_of, with_others
from pytest_icp.rules.parts import PARTS, check_parts
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.policy_files import COMMON, PolicyFile, family_of, policy_files
from pytest_icp.rules.schema import extended_schemas
from pytest_icp.rules.specs import Kinds, schema_parts
from pytest_icp.rules.statutes import Law, gather, text_or_none
from pytest_icp.rules.unknown_facts import refuse_unknown

_FORM = b"8"
"""Part of the cache key: raised when the same files would be read differently."""


def load_policies(
    folders: Iterable[Path],
    *,
    kinds: Kinds,
    allow_unknown: bool = False,
    rootdir: Path | None = None,
) -> tuple[Policy, ...]:
    """Read the policies of several folders, in the order of their ids within each.

    ``kinds`` are all kinds of obligation by name. ``allow_unknown`` accepts policies that name
    facts that no description has, for those who list all of them. No file may lie outside the
    repository of its folder; ``rootdir`` stands for it where there is no ``.git``.

    Raises `InputError` with the place for a file that cannot be used, an id that is used
    twice, or a citation, a number or a fact that is not defined.
    """
    files = [file for folder in folders for file in policy_files(folder, rootdir)]
    contents = {file: file.content() for file in files}
    documents = _read_all(contents, kinds, allow_unknown=allow_unknown)
    law = _law(files, documents)
    digests = {file: sha256(content).hexdigest() for file, content in contents.items()}
    of_law: dict[PurePath, str] = {
        file.path: digest for file, digest in digests.items() if file.schema != "policy"
    }
    policies: dict[str, Policy] = {}
    for file in _provisions(files):
        builder = PolicyBuilder(file, law, kinds, digests=of_law | {file.path: digests[file]})
        policy = _policy(builder, documents[str(file.path)])
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
        refuse_other_days(policy, policies.values(), file)
    every, rules = all_editions(policies.values()), rules_of(policies.values())
    places: dict[PurePath, Callable[[str], Place]] = {file.path: file.place for file in files}
    return tuple(
        within_editions(with_others(policy, rules, places[policy.path]), every)
        for policy in policies.values()
    )


class WrittenPolicy(Struct, frozen=True):
    """A policy together with the data of its file, so that changes of it can be read as well.

    ``law`` has the citations and numbers that the file may refer to, ``rules`` are those that its
    rules may name; ``data`` is read-only.
    """

    policy: Policy
    data: JsonObject
    file: PolicyFile
    law: Law
    rules: Rules
    kinds: Kinds

    def changed(self, data: JsonObject) -> Policy:
        """Read other data, valid under the schema, as if it were that of the file.

        Raises `InputError` for mistakes that the schema cannot exclude.
        """
        policy = _policy(PolicyBuilder(self.file, self.law, self.kinds, verify=True), data)
        return with_others(policy, {**self.rules, **rules_of([policy])}, self.file.place)


def written_policies(
    folders: Iterable[Path], *, kinds: Kinds, rootdir: Path | None = None
) -> tuple[WrittenPolicy, ...]:
    """Read policies as `load_policies` does, each together with the data of its file."""
    named = [*folders]
    policies = {
        policy.path: policy
        for policy in load_policies(named, kinds=kinds, allow_unknown=True, rootdir=rootdir)
    }
    files = [file for folder in named for file in policy_files(folder, rootdir)]
    contents = {file: file.content() for file in files}
    law = _law(files, _read_all(contents, kinds, allow_unknown=True))
    rules = rules_of(policies.values())
    written: list[WrittenPolicy] = []
    for file in _provisions(files):
        data: Any = file.read().data
        written.append(WrittenPolicy(policies[file.path], data, file, law, rules, kinds))
    return tuple(written)


def _read_all(
    contents: Mapping[PolicyFile, bytes], kinds: Kinds, *, allow_unknown: bool
) -> dict[str, Any]:
    """Read and check the files, or return the cached result for the same content.

    Each folder of provisions is cached by itself, so that a change of one's own leaves the others.
    """
    defining = [file for file in contents if file.schema != "policy"]
    parts = schema_parts(kinds)
    common = [_FORM, bytes([allow_unknown]), json.dumps(parts, sort_keys=True).encode()]
    common += _named(contents, defining)
    documents: dict[str, Any] = cached(content_key(common), lambda: _checked(defining, kinds))
    law = _law(defining, documents)
    for _, group in groupby(_provisions(contents), attrgetter("folder")):
        folder = list(group)
        read = partial(_built, folder, law, kinds, allow_unknown=allow_unknown)
        documents |= cached(content_key(common + _named(contents, folder)), read)
    return documents


def _named(contents: Mapping[PolicyFile, bytes], files: Iterable[PolicyFile]) -> list[bytes]:
    return [part for file in files for part in (bytes(file.path), contents[file])]


def _checked(files: Iterable[PolicyFile], kinds: Kinds) -> dict[str, Any]:
    documents: dict[str, Any] = {}
    with extended_schemas(schema_parts(kinds)) as schemas:
        for file in files:
            source = file.read()
            check(source, file.schema, folder=schemas)
            if file.schema == "policy":
                check_parts(source, folder=schemas)
            documents[str(file.path)] = source.data
    return documents


def _built(
    files: Sequence[PolicyFile], law: Law, kinds: Kinds, *, allow_unknown: bool
) -> dict[str, Any]:
    """Read the files, and check that policies can be built from them."""
    documents = _checked(files, kinds)
    # The shipped policies are tested for this, and a first run need not wait for it.
    ours = resource("policies")
    for file in files:
        document = documents[str(file.path)]
        policy = _policy(PolicyBuilder(file, law, kinds, verify=True), document)
        if not allow_unknown and file.folder != ours:
            refuse_unknown(document.get("applies"), policy.obligations, file.place)
    return documents


def _law(files: Iterable[PolicyFile], documents: Mapping[str, Any]) -> Law:
    return gather((f, documents[str(f.path)]) for f in files if f.schema != "policy")


def _provisions(files: Iterable[PolicyFile]) -> Iterator[PolicyFile]:
    return (file for file in files if file.schema == "policy")


def _policy(builder: PolicyBuilder, data: Mapping[str, Any]) -> Policy:
    """Build a policy."""
    file = builder.file
    if file.path.stem != data["id"]:
        raise InputError(
            Text(
                zh=f"规定 {data['id']!r} 所在文件的名称不符",
                en=f"the policy {data['id']!r} is in a file with another name",
            ),
            place=file.place("/id"),
            hint=plain(f"-> {data['id']}{file.path.suffix}"),
        )
    family = family_of(file)
    _check_obligation_ids(file, [entry["id"] for entry in data["obligations"]])
    editions = read_editions(data.get("editions", ()), file)
    for at, entry in _written(data["obligations"]):
        check_editions(entry.get("editions", ()), editions, file, (*at, "editions"))
    policy = Policy(
        id=data["id"],
        article=data["article"],
        title=Text(**data["title"]),
        text=Text(**data["text"]),
        reading=text_or_none(data.get("reading")),
        limits=text_or_none(data.get("limits")),
        applies=builder.applicability(data.get("applies")),
        obligations=tuple(
            builder.obligation(data["id"], entry, i) for i, entry in enumerate(data["obligations"])
        ),
        path=file.path,
        family="" if family == COMMON else family,
        editions=editions,
        digests=builder.digests,
    )
    return within_editions(policy, editions)


def _written(obligations: Any) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """Yield the obligations of a file, and their parts, with their paths in it."""
    for i, entry in enumerate(obligations):
        yield ("obligations", i), entry
        for j, part in enumerate(entry.get(PARTS, ())):
            yield ("obligations", i, PARTS, j), part


def _check_obligation_ids(file: PolicyFile, names: list[str]) -> None:
    for i, name in enumerate(names):
        if name in names[:i]:
            raise InputError(
                Text(
                    zh=f"有两项义务的 id 都是 {name!r}",
                    en=f"two obligations have the id {name!r}",
                ),
                place=file.place(f"/obligations/{i}/id"),
            )
