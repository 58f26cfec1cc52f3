"""Reads cases: a situation, a day, and the verdict that follows from the words of the law.

A folder of cases has a file for each provision, ``<provision>.yaml``, which may use the merge
keys of YAML. ``equivalent.yaml`` may list changes of a policy that no case can notice. What is
written is read: a fragment or a fact that no case has is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from pytest_icp.facts.files.opening import is_folder
from pytest_icp.facts.files.repository import repository_of
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

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
    _must_be_read(source, written)
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
                place=source.place(f"/cases/{i}/name"),
                rule_at=source.place(at),
            )
            for i, case in enumerate(written["cases"])
            for at, rule in _rules(f"/cases/{i}/rule", case["rule"])
        ),
    )
    reasons = {one.rule: one.reason for one in file.always}
    for case in file.cases:
        if case.verdict == "not applicable" and case.rule in reasons:
            said = _APPLIES.format(rule=case.rule, reason=reasons[case.rule])
            raise InputError(said, place=case.place)
    return file


def _must_be_read(source: Source, written: Mapping[str, Any]) -> None:
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
        if all(name in case.get("facts", ()) for case in written["cases"]):
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
