"""Policies: the provisions of a folder of YAML files, checked and compiled.

A folder holds policy files, in subfolders named after a line of business where they bind only
that line (``b25``), and may hold ``statutes.yaml`` (citations) and ``parameters.yaml``
(numbers). Later folders may use what earlier ones define.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from msgspec import Struct

from pytest_icp.facts.files.resources import resource
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source
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

Sources = Mapping[PolicyFile, Source]
"""What was read, by file."""


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
    sources = _read(files, [file for file in files if file.folder != resource("policies")], kinds)
    return _policies(sources, kinds, allow_unknown=allow_unknown)


def _policies(sources: Sources, kinds: Kinds, *, allow_unknown: bool) -> tuple[Policy, ...]:
    """Build the policies of files that were read."""
    law, ours = _law(sources), resource("policies")
    of_law: dict[PurePath, str] = {
        file.path: source.sha256 for file, source in sources.items() if file.schema != "policy"
    }
    policies: dict[str, Policy] = {}
    for file in _provisions(sources):
        source = sources[file]
        # The shipped policies are tested for what is verified here, and no run need wait for it.
        verify = file.folder != ours
        digests = of_law | {file.path: source.sha256}
        builder = PolicyBuilder(file, law, kinds, verify=verify, digests=digests)
        data: Any = source.data
        policy = _policy(builder, data)
        if verify and not allow_unknown:
            refuse_unknown(data.get("applies"), policy.obligations, file.place)
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
    places: dict[PurePath, Callable[[str], Place]] = {file.path: file.place for file in sources}
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
    files = [file for folder in folders for file in policy_files(folder, rootdir)]
    sources = _read(files, files, kinds)
    policies = {one.path: one for one in _policies(sources, kinds, allow_unknown=True)}
    law, rules = _law(sources), rules_of(policies.values())
    written: list[WrittenPolicy] = []
    for file in _provisions(sources):
        data: Any = sources[file].data
        written.append(WrittenPolicy(policies[file.path], data, file, law, rules, kinds))
    return tuple(written)


def _read(files: Sequence[PolicyFile], checked: Sequence[PolicyFile], kinds: Kinds) -> Sources:
    """Read the files; those to be checked have to be valid under their schemas.

    The shipped ones are checked where they are written, by tests and `lint`, and not in every run.
    """
    sources = {file: file.read() for file in files}
    with extended_schemas(schema_parts(kinds) if checked else {}) as schemas:
        for file in checked:
            check(sources[file], file.schema, folder=schemas)
            if file.schema == "policy":
                check_parts(sources[file], folder=schemas)
    return sources


def _law(sources: Sources) -> Law:
    law: Any = [(f, source.data) for f, source in sources.items() if f.schema != "policy"]
    return gather(law)


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
