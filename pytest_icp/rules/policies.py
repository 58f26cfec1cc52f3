"""Policies: the provisions of a folder of YAML files, checked and compiled.

A folder holds policy files, in subfolders named after a line of business where they bind only
that line (``b25``), and may hold ``statutes.yaml`` (citations) and ``parameters.yaml``
(numbers). Later folders may use what earlier ones define.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any, TypeAlias

from msgspec import Struct, convert, field
from msgspec.structs import replace

from pytest_icp.facts.files.disk import is_there
from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.files.schema import check
from pytest_icp.law.condition import (
    ANYTHING,
    KEYWORDS,
    AllOf,
    ConditionError,
    Node,
    parse_condition,
)
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, changed, pointer
from pytest_icp.law.text import Text, plain, suggested
from pytest_icp.rules.fields import CONDITIONS, Field, Written, join_path, policy_schema_name
from pytest_icp.rules.fields import Path as At
from pytest_icp.rules.numbers import Cases, Known, Named
from pytest_icp.rules.patterns import DECIDE, refusal, refused_patterns
from pytest_icp.rules.policy import (
    ALWAYS,
    Applicability,
    Citation,
    Edition,
    Obligation,
    Past,
    Policy,
    Printed,
    Serves,
    Spec,
    decided,
    strictest,
)
from pytest_icp.rules.policy_files import (
    NAME,
    PARTS,
    Content,
    PolicyFile,
    check_parts,
    family_of,
    merged,
    policy_files,
    shipped_content,
)
from pytest_icp.rules.selection import levels, no_such_edition, no_such_rule
from pytest_icp.rules.specs import (
    Kinds,
    UnreadKeyError,
    numbers_in,
    read_spec,
    schema_parts,
    with_units,
)
from pytest_icp.rules.statutes import (
    Law,
    definition,
    gather,
    text_or_none,
)
from pytest_icp.rules.undecidable import (
    refuse,
    undecidable,
    unknown_facts,
    unknown_when,
    wrong_units,
)

_CITATION = Text(zh="法条", en="citation")
_NUMBER = Text(zh="数值", en="number")
_UNREAD = Text(
    zh="种类“{kind}”的代码不读取 {key}，写了也不起作用",
    en="nothing of the kind {kind!r} reads {key!r}, so it has no effect",
)
_DROP = Text(
    zh="删去它，或者在该种类的 Spec 中加上这个成员",
    en="remove it, or give the Spec of the kind a member for it",
)
FRAME = frozenset(
    "id title meaning quote fix kind level basis cites editions applies each where "
    "of_where serves none happened over always".split()
)
"""The keys that obligations of every kind may have."""


_NO_CASE = Text(
    zh="数值“{name}”没有适用于本规则 where 的取值",
    en="the number {name!r} has no value for what this rule's `where` matches",
)


class PolicyBuilder(Struct, frozen=True, dict=True):
    """Builds one policy; ``verify`` also checks what units and conditions allow.

    ``editions`` are those that print it, out of ``every`` one.
    """

    file: PolicyFile
    law: Law
    kinds: Kinds
    editions: Sequence[Edition] = ()
    every: Sequence[Edition] = ()
    verify: bool = False
    digests: Mapping[PurePath, str] = field(default_factory=dict)

    def policy(self, data: Mapping[str, Any]) -> Policy:
        """Build the policy that its schema allows."""
        file, name = self.file, data["id"]
        if file.path.stem != name:
            hint = plain(f"-> {name}{file.path.suffix}")
            raise file.wrong(("id",), _FILE_NAME.format(id=name), hint)
        ids = [entry["id"] for entry in data["obligations"]]
        for i, one in enumerate(ids):
            if one in ids[:i]:
                raise file.wrong(("obligations", i, "id"), _TWICE.format(id=one))
        policy = Policy(
            id=name,
            article=data["article"],
            title=Text(**data["title"]),
            text=Text(**data["text"]),
            reading=text_or_none(data.get("reading")),
            limits=text_or_none(data.get("limits")),
            applies=self._applies(data.get("applies"), ("applies",)),
            obligations=tuple(
                self.obligation(name, entry, i) for i, entry in enumerate(data["obligations"])
            ),
            path=file.path,
            family=family_of(file),
            editions=tuple(self.editions),
            digests=self.digests,
        )
        for at, each in decided(policy.obligations):
            self._check_editions(each, (*at, "editions"))
        return policy

    def _check_editions(self, obligation: Obligation, at: At) -> None:
        """Refuse an edition that does not print the provision."""
        known = [one.id for one in self.editions]
        for i, name in enumerate(obligation.editions):
            if name not in known:
                raise no_such_edition(name, known, self.file.place(pointer((*at, i))))

    @cached_property
    def _schemas(self) -> Mapping[str, JsonObject]:
        return schema_parts(self.kinds)

    def obligation(self, provision: str, entry: dict[str, Any], i: int) -> Obligation:
        """Read an obligation, and each of its parts with what it inherits."""
        at: At = ("obligations", i)
        if PARTS not in entry:
            return self._decided(provision, entry, at)
        parts = tuple(
            self._decided(provision, merged(entry, part), (*at, PARTS, j), part[NAME])
            for j, part in enumerate(entry[PARTS])
        )
        return self._whole(entry, at, parts)

    def _whole(self, entry: dict[str, Any], at: At, parts: tuple[Obligation, ...]) -> Obligation:
        """Return an obligation with parts, in its own words; where it matters, ask the parts."""
        own = {name: value for name, value in entry.items() if name != PARTS}
        cites = (*self._cites(entry, at), *(one for part in parts for one in part.cites))
        return replace(
            parts[0],
            **self._said(entry),
            level=strictest(part.level for part in parts),
            cites=tuple(dict.fromkeys(cites)),
            spec=Spec(),
            written=Written(own, self._schemas),
            relies_on=tuple(dict.fromkeys(one for part in parts for one in part.relies_on)),
            versions=(),
            cases=(),
            part="",
            parts=parts,
        )

    def _decided(self, provision: str, entry: dict[str, Any], at: At, part: str = "") -> Obligation:
        """Read what is decided by the newest values, and by those of each time and case."""
        known, spec = self.law.parameters, self.kinds[entry["kind"]].spec
        named = {
            name: definition(known, name, _NUMBER, self.file, (*at, *place, "parameter"))
            for name, place in numbers_in(spec, entry)
        }
        entry = with_units(spec, entry, {name: one.unit for name, one in named.items()})
        if self.verify and named:
            refuse(wrong_units(Written(entry, self._schemas).fields, named), self.file, at)
        relies_on = tuple(self._relied(entry, at, one) for one in named.values())
        places = [*numbers_in(spec, entry)] if named else []
        cases = _cases(relies_on)

        def read(day: date) -> Obligation:
            def one(case: _Case) -> Obligation:
                numbers = {path: case.numbers[name] for name, path in places}
                made = self._with_numbers(provision, entry, at, numbers, day, case.where)
                return replace(made, part=part)

            several = tuple(map(one, cases)) if len(cases) > 1 else ()
            whole = one(_Case(cases[0].numbers, None if several else cases[0].where))
            return replace(whole, relies_on=relies_on, cases=several)

        changes = sorted({day for one in relies_on for day in one.changes})
        newest = read(date.max)
        # A term chooses the value of its number itself, but not those of the conditions beside it.
        event = newest.spec.runs_from if len(newest.terms) < len(relies_on) else None
        starts = (date.min, *changes) if changes else ()
        ends = (*(day - timedelta(days=1) for day in changes), date.max)
        spans = zip(starts, ends, strict=False)
        versions = ((since, _in_span(read(since), (since, last), event)) for since, last in spans)
        return replace(newest, versions=tuple(versions))

    def _with_numbers(
        self,
        provision: str,
        entry: dict[str, Any],
        at: At,
        numbers: Mapping[At, Known],
        day: date,
        also: Json,
    ) -> Obligation:
        """Read an obligation whose subjects ``also`` meet a condition.

        Each of the ``numbers``, by its path in the entry, has the value of the day; one that the
        kind chooses the value of keeps all.
        """
        whole = changed(entry, {path: one.as_of(day) for path, one in numbers.items()})
        written = Written(whole, self._schemas)
        if self.verify:
            self._refuse(written.fields, at)
        serves, condition = whole.get("serves"), self._condition
        where = condition(whole.get("where"), (*at, "where"))
        return Obligation(
            id=entry["id"],
            provision=provision,
            **self._said(entry),
            level=entry["level"],
            applies=self._applies(whole.get("applies"), (*at, "applies")),
            cites=self._cites(entry, at),
            each=entry.get("each", "attestations"),
            where=AllOf((where, parse_condition(also))) if also else where,
            of_where=condition(whole.get("of_where"), (*at, "of_where")),
            serves=read_spec(Serves, serves, condition, (*at, "serves")) if serves else None,
            none=entry.get("none"),
            always=entry.get("always", False),
            past=read_spec(Past, whole, condition, at, beside=entry),
            spec=self._spec(whole, at, {(*at, *path): one for path, one in numbers.items()}),
            written=written,
            relies_on=(),
        )

    def _said(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an obligation says of itself, with parts or without."""
        basis = entry["basis"]
        editions = tuple(entry.get("editions") or ())
        by = editions or [one.id for one in self.editions]
        limited = basis not in ("statute", "own") and self.editions and len(by) < len(self.every)
        return {
            "title": Text(**entry["title"]),
            "meaning": Text(**entry["meaning"]),
            "quote": text_or_none(entry.get("quote")),
            "fix": Text(**entry["fix"]),
            "kind": entry["kind"],
            "basis": "both" if isinstance(basis, list) else basis,
            "editions": editions,
            "printed": Printed(tuple(self.every), frozenset(by)) if limited else None,
        }

    def _relied(self, entry: dict[str, Any], at: At, named: Named) -> Named:
        """Return a number with the cases that the rule's condition on subjects leaves open."""
        if not isinstance(named, Cases):
            return named
        where = entry.get("where")
        mine = tuple(case for case in named.cases if not _excludes(case.written, where))
        if not mine:
            raise self.file.wrong((*at, "where"), _NO_CASE.format(name=named.id))
        whole = len(mine) == 1 and mine[0].written == where
        return mine[0].number if whole else replace(named, cases=mine)

    def _spec(self, entry: dict[str, Any], at: At, terms: Mapping[At, Known]) -> Spec:
        """Read the fields of the kind; raises `InputError` for one that nothing reads."""
        kind = entry["kind"]
        try:
            return read_spec(self.kinds[kind].spec, entry, self._condition, at, terms, beside=FRAME)
        except UnreadKeyError as error:
            said = _UNREAD.format(kind=kind, key=error.path[-1])
            raise self.file.wrong(error.path, said, _DROP) from None

    def _refuse(self, written: Field, at: At) -> None:
        """Refuse what cannot be decided, and conditions that cannot be read."""
        refuse(undecidable(written), self.file, at)
        for one in written.walk():
            if one.what in CONDITIONS:
                self._condition(one.value, (*at, *one.at))

    def _applies(self, written: Any, at: At) -> Applicability:
        """Read when a policy or a rule applies."""
        return read_spec(Applicability, written, self._condition, at) if written else ALWAYS

    def _condition(self, written: Json, at: At) -> Node:
        if written is None:
            return ANYTHING
        try:
            node = parse_condition(written)
        except ConditionError as error:
            raise self.file.wrong((*at, *error.path), error.message) from error
        path = next(refused_patterns(written), None) if self.verify else None
        if path is not None:
            raise self.file.wrong((*at, *path), *refusal(written, path))
        return node

    def _cites(self, entry: dict[str, Any], at: At) -> tuple[Citation, ...]:
        return tuple(
            definition(self.law.citations, name, _CITATION, self.file, (*at, "cites", i))
            for i, name in enumerate(entry.get("cites", ()))
            if name != "licence"
        )


def _in_span(version: Obligation, span: tuple[date, date], event: str | None) -> Obligation:
    """Return a version of an obligation, for the acts or events of its time where they choose."""
    chosen_by = version.past.happened or event
    if chosen_by is None:
        return version
    past = replace(version.past, span=span, chosen_by=chosen_by)
    cases = tuple(replace(case, past=past) for case in version.cases)
    return replace(version, past=past, cases=cases)


class _Case(Struct, frozen=True):
    """The numbers of a rule in one case, and the condition on subjects that are in it."""

    numbers: Mapping[str, Known]
    where: Json


def _cases(relies_on: Iterable[Named]) -> list[_Case]:
    """Return the cases that a rule is in, with the values that its numbers have in each."""
    alike = {one.id: one for one in relies_on if not isinstance(one, Cases)}
    found = [_Case(alike, None)]
    for named in relies_on:
        if isinstance(named, Cases):
            found = [
                _Case({**one.numbers, named.id: case.number}, _both(one.where, case.written))
                for one in found
                for case in named.cases
            ]
    return found


def _both(one: Json, other: Json) -> Json:
    return other if one is None else {"allOf": [one, other]}


def _excludes(case: Json, where: Json) -> bool:
    """Whether what a rule's condition says of its subjects excludes a case, or the reverse."""
    pairs = ((case, where), (where, case)) if where is not None else ()
    return any(DECIDE.truth(parse_condition(one), _told(other)) is False for one, other in pairs)


def _told(condition: Json) -> Json:
    """Return the facts that a condition gives: properties that have to be one value."""
    if not isinstance(condition, Mapping):
        return condition
    if not KEYWORDS.isdisjoint(condition):
        return condition.get("const")
    return {name: _told(test) for name, test in condition.items()}


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
    written = _written(folders, kinds, rootdir, all_checked=False, allow_unknown=allow_unknown)
    return tuple(one.policy for one in written)


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
        own: Any = data.get("editions", ())
        editions = read_editions(own, self.file)
        builder = PolicyBuilder(self.file, self.law, self.kinds, editions, editions, verify=True)
        policy = builder.policy(data)
        return with_others(policy, {**self.rules, **rules_of([policy])}, self.file)


def written_policies(
    folders: Iterable[Path], *, kinds: Kinds, rootdir: Path | None = None
) -> tuple[WrittenPolicy, ...]:
    """Read policies as `load_policies` does, each together with the data of its file.

    The shipped ones are checked under their schemas as well.
    """
    return _written(folders, kinds, rootdir, all_checked=True, allow_unknown=True)


def _written(
    folders: Iterable[Path],
    kinds: Kinds,
    rootdir: Path | None,
    *,
    all_checked: bool,
    allow_unknown: bool,
) -> tuple[WrittenPolicy, ...]:
    files = [file for folder in folders for file in policy_files(folder, rootdir)]
    content = _read(files, [file for file in files if all_checked or file.root], kinds)
    of_law = [file for file in files if file.schema != "policy"]
    law = gather((file, content[file].data) for file in of_law)
    digests: dict[PurePath, str] = {file.path: content[file].sha256 for file in of_law}
    editions = _editions({file: content[file].data for file in files if file not in of_law})
    every = tuple({one.id: one for some in editions.values() for one in some}.values())
    read: dict[str, tuple[PolicyFile, Policy]] = {}
    for file, printing in editions.items():
        # The shipped policies are tested for what is verified here, and no run need wait for it.
        own, verify = digests | {file.path: content[file].sha256}, file.root is not None
        builder = PolicyBuilder(file, law, kinds, printing, every, verify=verify, digests=own)
        policy = _verified(builder, content[file].data, allow_unknown=allow_unknown)
        _, other = read.setdefault(policy.id, (file, policy))
        if other is not policy:
            said, hint = _SAME_ID.format(id=policy.id), _OTHER.format(path=other.path)
            raise file.wrong(("id",), said, hint)
    rules = rules_of(policy for _, policy in read.values())
    made = [(file, with_others(policy, rules, file)) for file, policy in read.values()]
    rules = rules_of(policy for _, policy in made)
    return tuple(
        WrittenPolicy(policy, content[file].data, file, law, rules, kinds) for file, policy in made
    )


def _verified(builder: PolicyBuilder, data: Any, *, allow_unknown: bool) -> Policy:
    policy = builder.policy(data)
    if builder.verify and not allow_unknown:
        refuse(unknown_when(data.get("applies")), builder.file)
        for at, one in decided(policy.obligations):
            refuse(unknown_facts(one.written.fields), builder.file, at)
    return policy


def _read(
    files: Sequence[PolicyFile], checked: Sequence[PolicyFile], kinds: Kinds
) -> Mapping[PolicyFile, Content]:
    """Read the files; those to be checked have to be valid under their schemas.

    The shipped ones are checked where they are written, by tests and `lint`, and not in every run.
    """
    read: dict[PolicyFile, Content] = {}
    policy = policy_schema_name(schema_parts(kinds)) if checked else ""
    sources = {file: file.read() for file in checked}
    for file, source in sources.items():
        check(source, policy if file.schema == "policy" else file.schema)
        if file.schema == "policy":
            check_parts(source, policy)
        read[file] = Content(source.data, source.sha256)
    return {**read, **shipped_content(file for file in files if file not in read)}


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
    found: list[Obligation] = []
    for name in rule.spec.rules:
        other = rules.get(name)
        if other is None or not other.spec.event_decides_law:
            every = rule.written.fields.walk()
            here = next((*at, *one.at) for one in every if (one.what, one.value) == ("rule", name))
            if other is None:
                raise no_such_rule(name, rules, file.place(pointer(here)))
            raise file.wrong(here, _NO_TERM.format(rule=name))
        found.append(other)
    return tuple(found)


def _with(rule: Obligation, others: tuple[Obligation, ...]) -> Obligation:
    """Return a rule with the rules that it names."""
    subjects = {one.own_id: join_path("", one.each) for one in others}
    return rule.throughout(
        lambda one: replace(one, others=others, written=one.written.beside(subjects))
    )


# ---- Editions of the special provisions (特别规定事项的版本): what the licences of a time print

# A licence prints the edition of its day. A provision lists the editions that have it, a duty those
# that print it, where not all of them do.


_ENDS_FIRST = Text(
    zh="版本“{id}”止于 {until}，早于开始的 {start}",
    en="the edition {id!r} ends on {until}, before it begins on {start}",
)
_EDITION_TWICE = Text(zh="版本“{id}”列了两次", en="the edition {id!r} is listed twice")
_OTHER_DAYS = Text(
    zh="版本“{id}”的起止日期与规定 {other} 所写的不同",
    en="the days of the edition {id!r} are not those that the policy {other} gives",
)


def read_editions(written: Sequence[Mapping[str, Any]], file: PolicyFile) -> tuple[Edition, ...]:
    """Read the editions that print a provision.

    Raises `InputError` with the place for one that ends before it begins, or is listed twice.
    """
    editions: dict[str, Edition] = {}
    for i, edition in enumerate(convert(written, list[Edition])):
        if edition.id in editions:
            raise file.wrong(("editions", i, "id"), _EDITION_TWICE.format(id=edition.id))
        if edition.start and edition.until and edition.until < edition.start:
            said = _ENDS_FIRST.format(id=edition.id, until=edition.until, start=edition.start)
            raise file.wrong(("editions", i, "until"), said)
        editions[edition.id] = edition
    return tuple(editions.values())


def _editions(
    policies: Mapping[PolicyFile, Mapping[str, Any]],
) -> dict[PolicyFile, tuple[Edition, ...]]:
    """Read the editions of policies.

    Raises `InputError` as `read_editions` does, and for one of other days in another provision.
    """
    first: dict[str, tuple[str, Edition]] = {}
    found: dict[PolicyFile, tuple[Edition, ...]] = {}
    for file, data in policies.items():
        found[file] = read_editions(data.get("editions", ()), file)
        for i, mine in enumerate(found[file]):
            other, one = first.setdefault(mine.id, (data["id"], mine))
            if (one.start, one.until) != (mine.start, mine.until):
                raise file.wrong(("editions", i), _OTHER_DAYS.format(id=mine.id, other=other))
    return found


# ---- Which policies a command works on: by id, rule or file, or all of the user's own


_UNKNOWN = Text(
    zh="没有名为“{name}”的规定、规则或文件", en="no policy, rule or file is called {name!r}"
)
_HOW = Text(
    zh="写规定（SP12）、规则（SP12/renewal）或规定文件；自定义规定用 --policies 指明文件夹",
    en="name a policy (SP12), a rule (SP12/renewal) or a file; "
    "--policies adds a folder of your own",
)


class PolicySelection(Struct, frozen=True, kw_only=True):
    """A selected policy (选中的规定); ``rules`` are the ids of the selected ones, None for all."""

    written: WrittenPolicy
    rules: frozenset[str] | None = None

    def obligations(self) -> Iterator[Obligation]:
        """Yield the selected obligations."""
        for obligation in self.written.policy.obligations:
            if self.rules is None or obligation.rule_id in self.rules:
                yield obligation


def shipped(written: WrittenPolicy) -> bool:
    """Whether a policy is one that the package ships."""
    return written.file.folder == resource("policies")


def select_policies(names: Sequence[str], every: Sequence[WrittenPolicy]) -> list[PolicySelection]:
    """Return the named policies; without names the user's own, all shipped ones if there are none.

    Raises `InputError` for a name that matches nothing.
    """
    if not names:
        own = [written for written in every if not shipped(written)]
        return [PolicySelection(written=written) for written in own or every]
    rules: dict[str, frozenset[str] | None] = {}
    for name in names:
        matches = [*_meant(name, every)]
        if not matches:
            raise _no_match(name, every)
        for provision, rule in matches:
            known = rules.get(provision, frozenset())
            rules[provision] = None if rule is None or known is None else known | {rule}
    return [
        PolicySelection(written=written, rules=rules[written.policy.id])
        for written in every
        if written.policy.id in rules
    ]


def _meant(name: str, every: Sequence[WrittenPolicy]) -> Iterator[tuple[str, str | None]]:
    """Yield the ids of the policies that a name matches, each with the rule id if it is one."""
    path = Path(name)
    for written in every:
        here = written.file.path.absolute()
        inside = is_there(path) and here.is_relative_to(path.absolute())
        if written.policy.id == name or inside:
            yield written.policy.id, None
        for obligation in written.policy.obligations:
            parts = (part.own_id for part in obligation.parts)
            if name in (obligation.rule_id, *parts):
                yield written.policy.id, obligation.rule_id


def _no_match(name: str, every: Sequence[WrittenPolicy]) -> InputError:
    policies = [written.policy for written in every]
    known = [*(policy.id for policy in policies), *levels(policies)]
    return InputError(_UNKNOWN.format(name=name), hint=suggested(name, known, _HOW))
