"""Cases: a situation, a day, and the verdict that follows from the words of the law.

A folder of cases has a file for each provision, ``<provision>.yaml``, which may use the merge
keys of YAML. Cases of one rule may stand in a group that says the rule and the day once.
``equivalent.yaml`` may list changes of a policy that no case can notice. What is written is read: a
fragment or a fact that no case has is an error. To run it, a case is written to files and read
once, then decided for every change of a rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct, field

from pytest_icp.engine import Scene, binding, decide, prepare
from pytest_icp.facts.description import load
from pytest_icp.facts.files.disk import is_folder, repository_of
from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.facts.workdays import published
from pytest_icp.kinds import Kind
from pytest_icp.kinds.result import Result
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.law.times import TimeError, as_of_instant
from pytest_icp.rules.policies import PolicySelection, shipped
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.selection import levels, no_such_rule
from pytest_icp.rules.settings import Settings

EQUIVALENT = "equivalent.yaml"
"""The file in a folder of cases that has reasons instead of cases."""

_NO_FOLDER = Text(zh="没有用例文件夹 {folder}", en="the folder of cases {folder} does not exist")
_NONE_IN = Text(
    zh="文件夹 {folder} 中没有用例（规定.yaml）",
    en="there are no cases (PROVISION.yaml) in {folder}",
)
_FRAGMENT = Text(
    zh="这个片段没有锚点，无法引用", en="this fragment has no anchor, so nothing can refer to it"
)
_ANCHOR = Text(
    zh="写成 {name}: &{name} …，并用 * 引用", en="write {name}: &{name} …, and refer to it with *"
)
_REPLACED = Text(
    zh="每个用例都替换了共同事实中的这个键",
    en="every case replaces this key of the base, so nothing reads it",
)
_APPLIES = Text(
    zh="{rule} 总是适用（always：{reason}），这里却写作不适用",
    en="{rule} always applies (`always`: {reason}), but not here",
)
_TWICE = Text(zh="有两个用例都是“{id}”", en="two cases have the name {id!r}")


class Case(Struct, frozen=True, kw_only=True):
    """One situation and the expected result (用例); its schema explains the keys.

    ``published`` is the last year whose working days count as published, None for all;
    ``rule_at`` is the place of its rule.
    """

    provision: str
    name: str
    rule: str
    as_of: str
    verdict: str
    place: Place
    rule_at: Place | None = None
    base: dict[str, Any] = field(default_factory=dict)
    published: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str | dict[str, str]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    boundary: str = ""
    notes: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    due: str = ""
    provisional: bool = False
    review: bool = False
    pointer: str | list[str] = ""
    says: str = ""
    without_words: str = ""
    cites: str = ""
    why: str = ""

    def __repr__(self) -> str:
        return self.id

    @property
    def pointers(self) -> list[str]:
        """The pointers of the facts that findings must point to."""
        return [self.pointer] if isinstance(self.pointer, str) else self.pointer

    @property
    def id(self) -> str:
        """The rule and the situation, as a sentence."""
        return f"{self.rule}: {self.name}"

    @property
    def description(self) -> dict[str, Any]:
        """The whole document; the case's facts replace those of the base."""
        return {"apiVersion": "pytest-icp/v1", **self.base, **self.facts}


class Always(Struct, frozen=True, kw_only=True):
    """A rule that applies to everyone (总是适用), and why."""

    rule: str
    reason: str
    place: Place


class CaseFile(Struct, frozen=True, kw_only=True):
    """The cases of one provision, and its rules that are never “not applicable”."""

    path: Path
    provision: str
    always: tuple[Always, ...]
    cases: tuple[Case, ...]


class Equivalent(Struct, frozen=True, kw_only=True):
    """A change of a policy that no case can notice, and why (等价变异)."""

    rule: str
    change: str
    reason: str
    place: Place


def read_cases(folder: Path) -> tuple[CaseFile, ...]:
    """Read the case files of a folder, in the order of their names.

    Raises `InputError` when there is no case file, or one is invalid.
    """
    if not is_folder(folder):
        raise InputError(_NO_FOLDER.format(folder=folder))
    files = tuple(_case_file(path) for path in _files(folder))
    if not files:
        raise InputError(_NONE_IN.format(folder=folder))
    known: set[str] = set()
    for case in (case for file in files for case in file.cases):
        if case.id in known:
            raise InputError(_TWICE.format(id=case.id), place=case.place)
        known.add(case.id)
    return files


def read_equivalents(folder: Path) -> tuple[Equivalent, ...]:
    """Read the reasons in a folder of cases; none without a file of them.

    Raises `InputError` when the file is invalid.
    """
    path = folder / EQUIVALENT
    if not path.exists():
        return ()
    source = _checked(path, "equivalent")
    return tuple(
        Equivalent(**entry, place=source.place(f"/equivalent/{i}/change"))
        for i, entry in enumerate(_members(source)["equivalent"])
    )


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.glob("*.yaml")) if path.name != EQUIVALENT)


def _case_file(path: Path) -> CaseFile:
    source = _checked(path, "cases")
    written = _members(source)
    cases = [*_cases(written["cases"])]
    _must_be_read(source, written, [case for _, case, _ in cases])
    shared = {
        "provision": written["provision"],
        "base": written.get("base", {}),
        "published": written.get("working_days_until"),
    }
    file = CaseFile(
        path=path,
        provision=written["provision"],
        always=tuple(
            Always(
                rule=f"{written['provision']}/{name}",
                reason=reason,
                place=source.place(pointer(("always", name)), of="key"),
            )
            for name, reason in written.get("always", {}).items()
        ),
        cases=tuple(
            Case(
                **{**shared, **case, "rule": rule},
                place=source.place(f"{at}/name"),
                rule_at=source.place(rule_at),
            )
            for at, case, ruled in cases
            for rule_at, rule in _rules(f"{ruled}/rule", case["rule"])
        ),
    )
    reasons = {one.rule: one.reason for one in file.always}
    for case in file.cases:
        if case.verdict == "not applicable" and case.rule in reasons:
            said = _APPLIES.format(rule=case.rule, reason=reasons[case.rule])
            raise InputError(said, place=case.place)
    return file


def _cases(written: Sequence[Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield where each case is, what it says with its group, and where its rule is said."""
    for i, one in enumerate(written):
        at = f"/cases/{i}"
        if "cases" not in one:
            yield at, one, at
            continue
        shared = {key: value for key, value in one.items() if key != "cases"}
        for j, case in enumerate(one["cases"]):
            inside = f"{at}/cases/{j}"
            yield inside, {**shared, **case}, inside if "rule" in case else at


def _must_be_read(
    source: Source, written: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]
) -> None:
    """Raise `InputError` for a fragment that nothing can refer to, and a fact that no case has.

    That an anchor is referred to is seen when the file is read.
    """
    text = source.positions.text()
    for name in written.get("parts", ()):
        at = pointer(("parts", name))
        start, _ = source.positions.find(("parts", name)).value
        if text[start] != "&":
            raise InputError(_FRAGMENT, place=source.place(at), hint=_ANCHOR.format(name=name))
    for name in written.get("base", ()):
        if all(name in case.get("facts", ()) for case in cases):
            raise InputError(_REPLACED, place=source.place(pointer(("base", name)), of="key"))


def _rules(at: str, written: str | list[str]) -> list[tuple[str, str]]:
    """Return the rules of a case, each with its JSON Pointer."""
    if isinstance(written, str):
        return [(at, written)]
    return [(f"{at}/{i}", rule) for i, rule in enumerate(written)]


def _checked(path: Path, schema: str) -> Source:
    source = read_source(path, root=repository_of(path), merge=True)
    check(source, schema)
    return source


def _members(source: Source) -> dict[str, Any]:
    # By its schema the file is an object.
    return source.data if isinstance(source.data, dict) else {}


# ---- Running cases


_UNBOUND = Text(
    zh="这条规定不适用于用例中的许可证", en="the policy does not apply to the licence of the case"
)
_VERDICT = Text(
    zh="结论是“{found}”，应为“{wanted}”", en="the verdict is {found}, but should be {wanted}"
)
_NO_NOTE = Text(zh="缺少提示“{kind}”", en="the note {kind!r} is missing")
_A_NOTE = Text(zh="不应有提示“{kind}”", en="the note {kind!r} should not be there")
_POINTER = Text(zh="没有发现指向 {wanted}", en="no finding points to {wanted}")
_DUE = Text(zh="最后一日不是 {wanted}", en="the last day is not {wanted}")
_PROVISIONAL = Text(zh="到期日没有标为暂定", en="no due day is marked provisional")
_REVIEW = Text(zh="没有须由人认定的发现", en="no finding is to be decided by a person")
_SAYS = Text(zh="没有发现写到“{wanted}”", en="no finding says {wanted!r}")
_SAYS_NOT = Text(zh="有发现写到“{wanted}”", en="a finding says {wanted!r}")
_CITES = Text(zh="没有发现引用“{wanted}”", en="no finding cites {wanted!r}")


class CaseRunner(Struct, frozen=True, kw_only=True, eq=False):
    """Decides cases (用例) with the kinds and the calendar of a project."""

    calendar: Calendar = field(default_factory=published)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    _scenes: dict[str, Scene] = field(default_factory=dict)

    def decide(self, case: Case, policy: Policy, obligation: Obligation) -> Result | None:
        """Decide an obligation in the situation of a case; None where the policy does not apply.

        A part of a rule is decided by itself.
        Raises `InputError` with the place of a case that is not a valid description.
        """
        scene = self._scene(case)
        if not binding((policy,), scene.description):
            return None
        return decide(scene, policy, obligation)

    def _scene(self, case: Case) -> Scene:
        known = self._scenes.get(case.id)
        if known is None:
            known = self._scenes[case.id] = self._read(case)
        return known

    def _read(self, case: Case) -> Scene:
        with TemporaryDirectory(prefix="icp-case-") as name:
            folder = Path(name)
            file = folder / "case.icp.json"
            try:
                for path, content in case.files.items():
                    _write(folder / path, content)
                file.write_text(json.dumps(case.description, ensure_ascii=False), "utf-8")
                description = load(file, root=folder)
                as_of = as_of_instant(case.as_of)
            except (InputError, TimeError) as error:
                raise _of_case(error, case) from error
        return prepare(
            description,
            as_of=as_of,
            settings=Settings(**case.settings),
            calendar=_until(self.calendar, case.published),
            kinds=self.kinds,
        )


def mismatches(case: Case, result: Result | None) -> Iterator[Text]:
    """Yield the differences between a result and the expectations of its case."""
    if result is None:
        yield _UNBOUND
        return
    if result.verdict != case.verdict:
        yield _VERDICT.format(found=result.verdict, wanted=case.verdict)
    kinds = {note.kind for note in result.notes}
    yield from (_NO_NOTE.format(kind=kind) for kind in case.notes if kind not in kinds)
    yield from (_A_NOTE.format(kind=kind) for kind in case.without if kind in kinds)
    yield from (
        text.format(wanted=wanted)
        for wanted, met, text in _expectations(case, result)
        if wanted and not met
    )
    if case.provisional and not any(one.provisional for one in result.upcoming):
        yield _PROVISIONAL
    if case.review and not any(one.review for one in result.findings):
        yield _REVIEW


def _expectations(case: Case, result: Result) -> Iterator[tuple[str, bool, Text]]:
    """Yield each expectation of a case, whether it is met, and the message if it is not."""
    findings = [*result.findings, *(one.hinge for one in result.findings if one.hinge)]
    blamed = {one.pointer for one in findings if one.verdict == case.verdict}
    days = {*(f.due for f in findings), *(u.last for u in result.upcoming)}
    cited = [cited.label.zh for one in findings for cited in one.cited]
    words = [one.message.zh for one in findings]
    yield from ((one, one in blamed, _POINTER) for one in case.pointers)
    yield case.due, case.due in days, _DUE
    yield case.says, any(case.says in message for message in words), _SAYS
    yield case.without_words, not any(case.without_words in message for message in words), _SAYS_NOT
    yield case.cites, any(label.endswith(case.cites) for label in cited), _CITES


_NO_ENCODING = Text(
    zh="文件 {file}：没有编码 {encoding!r}；写法如 gb18030",
    en="file {file}: there is no encoding {encoding!r}; write it like gb18030",
)
_NOT_WRITTEN = Text(
    zh="文件 {file}：编码 {encoding!r} 写不出其中的文字",
    en="file {file}: its text cannot be written in the encoding {encoding!r}",
)


def _write(path: Path, content: str | dict[str, str]) -> None:
    how = content if isinstance(content, dict) else {"text": content, "encoding": "utf-8"}
    encoding = how["encoding"]
    try:
        raw = how["text"].encode(encoding)
    except (LookupError, ValueError) as error:
        # What is not a name of an encoding, such as one with NUL, raises no `UnicodeError`.
        said = _NOT_WRITTEN if isinstance(error, UnicodeError) else _NO_ENCODING
        raise InputError(said.format(file=path.name, encoding=encoding)) from None
    path.write_bytes(raw)


def _of_case(error: InputError | TimeError, case: Case) -> InputError:
    """Return an error of a case's description as an error of the case, whose file users know."""
    where = error.place.line if isinstance(error, InputError) and error.place else None
    hint = error.hint if isinstance(error, InputError) and where is not None else ""
    text = Text(zh="用例“{name}”：{wrong}", en="case {name!r}: {wrong}")
    return InputError(text.format(name=case.name, wrong=error.message), place=case.place, hint=hint)


def _until(calendar: Calendar, year: int | None) -> Calendar:
    """Return a calendar without the years after ``year``."""
    if year is None:
        return calendar
    return Calendar({one: days for one, days in calendar.years.items() if one <= year})


# ---- The cases of some policies: those of the package, and those in folders that users name


class Cases(Struct, frozen=True):
    """Files of cases, and the changes of policies that none of them can notice."""

    files: tuple[CaseFile, ...]
    equivalents: tuple[Equivalent, ...]


def cases_of(policies: Sequence[PolicySelection], folders: Sequence[Path]) -> Cases:
    """Read the cases in some folders, and those that come with policies of the package.

    Raises `InputError` for cases that cannot be used, and for a rule that does not exist: its
    cases would notice nothing.
    """
    if any(shipped(one.written) for one in policies):
        folders = [resource("cases"), *folders]
    files = tuple(file for folder in folders for file in read_cases(folder))
    equivalents = tuple(one for folder in folders for one in read_equivalents(folder))
    found = Cases(files, equivalents)
    _must_be_rules(policies, found)
    return found


def _must_be_rules(policies: Sequence[PolicySelection], cases: Cases) -> None:
    """Raise `InputError` for a rule that does not exist.

    Only the chosen policies are known here; cases of others are ignored.
    """
    known = levels(one.written.policy for one in policies)
    ids = {one.written.policy.id for one in policies}
    files = [file for file in cases.files if file.provision in ids]
    named = [(case.rule, case.rule_at) for file in files for case in file.cases]
    named += [(one.rule, one.place) for file in files for one in file.always]
    named += [
        (one.rule, one.place) for one in cases.equivalents if one.rule.partition("/")[0] in ids
    ]
    for rule, place in named:
        # What a provision applies to is changed as well.
        if rule not in known and rule not in ids:
            raise no_such_rule(rule, known, place)
