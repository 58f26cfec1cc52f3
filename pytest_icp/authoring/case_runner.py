"""Runs cases: each is written to files and read once, then decided for every change of a rule."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct, field

from pytest_icp.authoring.cases import Case
from pytest_icp.engine import Scene, binding, decide, prepare
from pytest_icp.facts.description import load
from pytest_icp.facts.workdays import published
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.result import Result
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.law.times import TimeError, as_of_instant
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.settings import Settings

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
        # What is no name of an encoding, such as one with NUL, is no `UnicodeError`.
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
