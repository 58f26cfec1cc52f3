"""Policies: the provisions of a folder of YAML files, checked and compiled.

A folder holds policy files, in subfolders named after a line of business where they bind only
that line (``b25``), and may hold ``statutes.yaml`` (citations) and ``parameters.yaml``
(numbers). Later folders may use what earlier ones define.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source
from pytest_icp.law.jsontypes import JsonObject, pointer
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.builder import PolicyBuilder
from pytest_icp.rules.editions import (
    all_editions,
    check_editions,
    read_editions,
    refuse_other_days,
    within_editions,
)
from pytest_icp.rules.fields import Path as At
from pytest_icp.rules.fields import join_path, policy_schema_name
from pytest_icp.rules.parts import PARTS, check_parts
from pytest_icp.rules.policy import Obligation, Policy, decided
from pytest_icp.rules.policy_files import PolicyFile, family_of, policy_files
from pytest_icp.rules.rule_ids import no_such_rule
from pytest_icp.rules.specs import Kinds, schema_parts
from pytest_icp.rules.statutes import Law, gather, text_or_none, wrong
from pytest_icp.rules.undecidable import refuse, unknown_facts, unknown_when

Sources = Mapping[PolicyFile, Source]
"""What was read, by file."""

Rules: TypeAlias = Mapping[str, Obligation]
"""What is decided by itself, by its id: rules without parts, and the parts of the others."""

_NO_TERM = Text(
    zh="规则 {rule} 不是自某日起多少时间内（within）办理的义务，谈不上尚未到期",
    en="{rule} has no time `within` which to act, so it is never open",
)
_SAME_ID = Text(zh="有两个规定的 id 都是 {id!r}", en="two policies have the id {id!r}")
_OTHER = Text(zh="另一个是 {path}", en="the other one is {path}")
_FILE_NAME = Text(
    zh="规定 {id!r} 所在文件的名称不符", en="the policy {id!r} is in a file with another name"
)
_TWICE = Text(zh="有两项义务的 id 都是 {id!r}", en="two obligations have the id {id!r}")


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
    sources = _read(files, [file for file in files if file.root is not None], kinds)
    return _policies(sources, kinds, allow_unknown=allow_unknown)


def _policies(sources: Sources, kinds: Kinds, *, allow_unknown: bool) -> tuple[Policy, ...]:
    """Build the policies of files that were read."""
    law = _law(sources)
    of_law: dict[PurePath, str] = {
        file.path: source.sha256 for file, source in sources.items() if file.schema != "policy"
    }
    policies: dict[str, Policy] = {}
    for file in _provisions(sources):
        source = sources[file]
        # The shipped policies are tested for what is verified here, and no run need wait for it.
        verify = file.root is not None
        digests = of_law | {file.path: source.sha256}
        builder = PolicyBuilder(file, law, kinds, verify=verify, digests=digests)
        data: Any = source.data
        policy = _policy(builder, data)
        if verify and not allow_unknown:
            refuse(unknown_when(data.get("applies")), file)
            for at, one in decided(policy.obligations):
                refuse(unknown_facts(one.written.fields), file, at)
        other = policies.setdefault(policy.id, policy)
        if other is not policy:
            said, hint = _SAME_ID.format(id=policy.id), _OTHER.format(path=other.path)
            raise wrong(file, ("id",), said, hint)
        refuse_other_days(policy, policies.values(), file)
    every, rules = all_editions(policies.values()), rules_of(policies.values())
    files: dict[PurePath, PolicyFile] = {file.path: file for file in sources}
    return tuple(
        within_editions(with_others(policy, rules, files[policy.path]), every)
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
        return with_others(policy, {**self.rules, **rules_of([policy])}, self.file)


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
    policy = policy_schema_name(schema_parts(kinds)) if checked else ""
    for file in checked:
        check(sources[file], policy if file.schema == "policy" else file.schema)
        if file.schema == "policy":
            check_parts(sources[file], policy)
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
        hint = plain(f"-> {data['id']}{file.path.suffix}")
        raise wrong(file, ("id",), _FILE_NAME.format(id=data["id"]), hint)
    names = [entry["id"] for entry in data["obligations"]]
    for i, name in enumerate(names):
        if name in names[:i]:
            raise wrong(file, ("obligations", i, "id"), _TWICE.format(id=name))
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
        family=family_of(file),
        editions=editions,
        digests=builder.digests,
    )
    return within_editions(policy, editions)


def _written(obligations: Any) -> Iterator[tuple[At, Mapping[str, Any]]]:
    """Yield the obligations of a file, and their parts, with their paths in it."""
    for i, entry in enumerate(obligations):
        yield ("obligations", i), entry
        for j, part in enumerate(entry.get(PARTS, ())):
            yield ("obligations", i, PARTS, j), part


def rules_of(policies: Iterable[Policy]) -> Rules:
    """Return the rules that others may name."""
    every = (one for policy in policies for _, one in decided(policy.obligations))
    return {one.own_id: one for one in every}


def with_others(policy: Policy, rules: Rules, file: PolicyFile) -> Policy:
    """Return a policy whose rules have those that they name.

    Raises `InputError` with the place for one that does not exist, or has no time to act.
    """
    found = {
        one.own_id: _with(one, _named(one, rules, at, file))
        for at, one in decided(policy.obligations)
        if one.spec.rules
    }
    if not found:
        return policy

    def known(one: Obligation) -> Obligation:
        return found.get(one.own_id, one)

    whole = (replace(one, parts=tuple(map(known, one.parts))) for one in policy.obligations)
    return replace(policy, obligations=tuple(map(known, whole)))


def _named(rule: Obligation, rules: Rules, at: At, file: PolicyFile) -> tuple[Obligation, ...]:
    for field in rule.written.fields.walk():
        here = (*at, *field.at)
        if field.what == "rule" and field.value not in rules:
            raise no_such_rule(str(field.value), rules, file.place(pointer(here)))
        if field.what == "rule" and not rules[str(field.value)].spec.event_decides_law:
            raise wrong(file, here, _NO_TERM.format(rule=field.value))
    return tuple(rules[name] for name in rule.spec.rules)


def _with(rule: Obligation, others: tuple[Obligation, ...]) -> Obligation:
    """Return a rule with the rules that it names."""
    subjects = {one.own_id: join_path("", one.each) for one in others}
    return rule.throughout(
        lambda one: replace(one, others=others, written=one.written.beside(subjects))
    )
