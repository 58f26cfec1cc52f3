"""How a rule is decided in a description: its facts, the calculation, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.engine import Scene, binding, decide, location_of
from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.selection import Candidate
from pytest_icp.kinds.standing import Standing, standing_name
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.law.jsontypes import Json, JsonObject, pointer
from pytest_icp.law.text import Text, plain, show
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.findings import resource_of
from pytest_icp.reports.layout import cut
from pytest_icp.rules.policy import Obligation, Policy, facts_read

_IN = Text("在 {description} 中，截至 {day}", "In {description}, as of {day}")
_PART_IN = Text(
    "部分 {part}：在 {description} 中，截至 {day}",
    "Part {part}: in {description}, as of {day}",
)
_VERDICT = Text("结论", "verdict")
_NOT_BOUND = Text(
    "该许可证没有这类业务，本规定不适用；以下仅供参考。",
    "The licence has no such line of business, so the provision does not apply; what "
    "follows is for information only.",
)
_SHARED = Text("共同的事实", "facts shared by all subjects")
_NONE_FOUND = Text("没有申报任何对象。", "No subject is declared.")
_SUBJECT = Text("对象 {name}", "subject {name}")
_OUTSIDE = Text("不在适用范围内。", "The rule does not apply to it.")
_CLEAR_ANYWAY = Text(
    "不论是否适用，都没有发现问题。", "No findings, whether or not the rule applies to it."
)
_RECKONED = Text("计算", "calculation")
_UNDECLARED = Text("未申报", "not declared")
_ONLY_LATER = Text(
    "{value}（申报的 {written} 在此之后）", "{value} ({written} is declared, which is later)"
)
_CLEAR = Text("没有发现问题。", "No findings.")
_MORE_SUBJECTS = Text("另有 {n} 个对象没有列出。", "{n:more subject} not shown.")
_NOTE = Text("提示", "note")
_MORE_VALUES = Text("另有 {n} 个值没有列出。", "{n:more value} not shown.")
_LONGEST = 160
_LONGEST_WORD = 40

MOST = 10
"""The most subjects, and values of one fact, that are listed; the rest is counted."""

_Value = tuple[str, Tokens, Json]
"""The dotted path of a fact, where it stands, and its value; None is not known."""


def together(result: Result) -> Iterator[b.Block]:
    """Yield what the parts of one rule come to together in one description."""
    yield b.section(_IN.format(description=result.description, day=result.as_of[:10]))
    yield from _verdict(result)
    rows = (
        (
            plain(part.name),
            b.line(standing_name(part.standing), w.level_text(part.title, part.level)),
        )
        for part in result.parts
    )
    yield b.Group((b.Rows(tuple(rows)),))


def _verdict(result: Result) -> Iterator[b.Block]:
    yield b.row(_VERDICT, standing_name(result.verdict))
    said = [result.reason] if result.verdict is Verdict.NOT_APPLICABLE else []
    said += [w.waiver_text(result.waived)] if result.waived else []
    yield b.Group(tuple(map(b.paragraph, said)))


def trace(scene: Scene, policy: Policy, obligation: Obligation) -> Iterator[b.Block]:
    """Yield the verdict on a rule, or a part of one, in a description, and what it rests on."""
    result = decide(scene, policy, obligation)
    head = _PART_IN if obligation.part else _IN
    of = {"description": result.description, "day": result.as_of[:10], "part": obligation.part}
    yield b.section(head.format(**of))
    if not binding([policy], scene.description):
        yield b.paragraph(_NOT_BOUND)
    yield from _verdict(result)
    yield from _Trace(scene, obligation, result).blocks()
    for note in result.notes:
        yield b.row(_NOTE, note.text)


class _Trace(Struct, frozen=True, dict=True):
    """Looks the facts of one obligation up in a scene."""

    scene: Scene
    obligation: Obligation
    result: Result

    def blocks(self) -> Iterator[b.Block]:
        """Yield the facts that subjects share, each subject, and what belongs to none."""
        yield from self._shared()
        subjects = self._subjects()
        # The calculation is shown even if the provision does not apply.
        explained = replace(self.scene.context, explains=True)
        outcome = self.scene.kinds[self.obligation.kind].check(self.obligation, explained)
        for subject in subjects[:MOST]:
            spot = location_of(self.scene, pointer(subject.tokens))
            steps = outcome.steps.get(subject.tokens)
            below = self._subject(subject, steps() if steps else ())
            name = b.line(_SUBJECT.format(name=subject.label), str(spot))
            yield b.Group(tuple(below), "section", title=name)
        if more := len(subjects[MOST:]):
            yield b.Group((), "section")
            yield b.paragraph(_MORE_SUBJECTS.format(n=more))
            return
        if not subjects:
            yield b.Group((), "section")
            yield b.paragraph(_NONE_FOUND)
        # Mostly what is not declared.
        shown = {id(one) for subject in subjects for one in self._findings.get(subject.label, ())}
        for finding in self.result.findings:
            if id(finding) not in shown:
                yield b.Group(tuple(_finding(finding)))

    @property
    def _each(self) -> str:
        """The dotted path of the subjects."""
        return self.obligation.each.strip("/").replace("/", ".")

    @property
    def _inside(self) -> list[str]:
        """The facts that each subject has of its own."""
        return [one for one in facts_read(self.obligation) if one.startswith(f"{self._each}.")]

    def _shared(self) -> Iterator[b.Block]:
        root = Subject((), self.scene.context.view.facts)
        facts = [one for one in facts_read(self.obligation) if one not in self._inside]
        found = [list(self._values(fact, fact, root)) for fact in facts]
        if shown := [value for values in found for value in values[:MOST]]:
            yield b.Group(tuple(self._rows(shown, "")), "section", title=b.line(_SHARED))
        if more := sum(len(values[MOST:]) for values in found):
            yield b.Group((b.paragraph(_MORE_VALUES.format(n=more)),))

    def _subject(self, subject: Subject, steps: Iterable[Text]) -> Iterator[b.Block]:
        prefix, found = f"{self._each}.", self._findings.get(subject.label, ())
        values = (
            value
            for fact in self._inside
            for value in self._values(fact, fact.removeprefix(prefix), subject)
        )
        yield from self._rows(list(values), prefix)
        if lines := [b.line(step) for step in steps]:
            yield b.Group(tuple(b.items(lines, style="steps")), title=b.line(_RECKONED))
        for finding in found:
            yield from _finding(finding)
        applies = self._applies(subject)
        if applies is False:
            yield b.paragraph(_OUTSIDE)
        elif not found:
            yield b.paragraph(_CLEAR if applies else _CLEAR_ANYWAY)

    def _subjects(self) -> Sequence[Subject]:
        """Return the subjects: those with findings first, those that do not match last."""
        collected = self.scene.context.subjects(self.obligation.each).subjects
        by_rule = self.obligation.written.fields.mark("x-icp-by-rule")
        if by_rule and self._each == "attestations":
            rule = self.obligation.own_id
            return [one for one in collected if one.value.get("rule") == rule]
        amiss = self._findings
        return sorted(
            collected, key=lambda one: (one.label not in amiss, self._applies(one) is False)
        )

    @cached_property
    def _findings(self) -> Mapping[str, list[Finding]]:
        """The findings by the ids of their subjects."""
        found: dict[str, list[Finding]] = {}
        for finding in self.result.findings:
            for name in (finding.subject, *(other.subject for other in finding.others)):
                found.setdefault(name, []).append(finding)
        return found

    def _applies(self, subject: Subject) -> bool | None:
        return Candidate(self.obligation, self.scene.context, subject).matches()

    def _rows(self, values: Sequence[_Value], prefix: str) -> Iterator[b.Block]:
        """Yield the declared values with their places, then the names of the others."""
        for path, tokens, value in values:
            if value is not None:
                spot = location_of(self.scene, pointer(tokens))
                where = plain(f"  {spot}  ") + resource_of(spot)
                said = _shown(value, _written(self.scene.description.facts, tokens))
                yield b.row(plain(path.removeprefix(prefix)), said + where)
        missing = dict.fromkeys(path.removeprefix(prefix) for path, _, v in values if v is None)
        if missing:
            yield b.row(_UNDECLARED, plain(", ".join(missing)))

    def _values(self, fact: str, below: str, start: Subject) -> Iterator[_Value]:
        """Yield the values of a fact, which is at a dotted path below a subject or the whole."""
        for tokens, value in self._walk(start.tokens, start.value, below.split(".")):
            yield from _leaves(fact, tokens, value)

    def _walk(
        self, tokens: Tokens, value: Json, names: Sequence[str]
    ) -> Iterator[tuple[Tokens, Json]]:
        """Yield the values at a path, through every list on the way but not the last."""
        if not names:
            yield tokens, value
        elif isinstance(value, list):
            indices = self.scene.context.view.indices(value)
            for index, element in zip(indices, value, strict=True):
                yield from self._walk((*tokens, index), element, names)
        else:
            below = value.get(names[0]) if isinstance(value, Mapping) else None
            yield from self._walk((*tokens, names[0]), below, names[1:])


def _leaves(path: str, tokens: Tokens, value: Json) -> Iterator[_Value]:
    """Yield a value, an object of several members member by member."""
    if isinstance(value, Mapping) and len(value) > 1:
        for name, member in value.items():
            yield from _leaves(f"{path}.{name}", (*tokens, name), member)
    else:
        yield path, tokens, value


def _written(facts: JsonObject, tokens: Iterable[str | int]) -> Json:
    value: Json = facts
    for token in tokens:
        if isinstance(value, Mapping):
            value = value.get(str(token))
        elif isinstance(value, list) and isinstance(token, int):
            value = value[token]
        else:
            return None
    return value


def _shown(value: Json, written: Json) -> Text:
    """Return a value as of the instant; an event that lies later, also as it is written."""
    shown = show(value)
    # What has no spaces cannot be broken into lines.
    shown = cut(shown, _LONGEST if " " in shown else _LONGEST_WORD)
    if isinstance(value, str) and written != value:
        return _ONLY_LATER.format(value=shown, written=show(written))
    return plain(shown)


def _finding(finding: Finding) -> Iterator[b.Block]:
    name = standing_name(Standing.DECIDED if finding.decided else finding.verdict)
    yield b.row(w.TO_REVIEW if finding.review else name, finding.message)
    rows = [(w.FOUND, finding.found), (w.REQUIRED, finding.required)]
    if finding.location.resource:
        rows.insert(0, (w.RESOURCE, resource_of(finding.location)))
    said: list[b.Block] = [b.row(*row) for row in rows]
    if finding.decided:
        said.append(b.paragraph(w.decided_text(finding.decided)))
    to_add = (finding.hinge or finding).line_to_add
    if to_add:
        said += [b.paragraph(w.ADD), b.Code(tuple(to_add.split("\n")))]
    yield b.Group(tuple(said))
