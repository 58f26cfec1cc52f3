"""What to declare next: the facts that are not known, the most needed first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

from pytest_icp.facts.fields import asked_of, roles, title_of
from pytest_icp.kinds.finding import Finding, NoteKind, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.jsontypes import stable_pointer, tokens
from pytest_icp.law.text import Text
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w

MOST = 8
"""Facts that are shown in one run."""

FEW = 2
"""So many facts are shown with the lines that declare them; of more there is a table."""

NAMED = 4
"""Rules and elements that are named of each fact; the others are counted."""


class MissingFact(Struct):
    """A fact that is not declared, in one element of a list or in several (未申报的事实).

    ``rules`` wait for nothing else, ``gated`` neither, but apply only if the fact is so; ``also``
    are those that wait for other facts, too. ``pointers`` are where it is missing. It is ``usual``
    where all of them left it out and it is usually so.
    """

    first: Finding
    rules: dict[str, None] = field(default_factory=dict)
    gated: dict[str, None] = field(default_factory=dict)
    also: dict[str, None] = field(default_factory=dict)
    subjects: dict[str, None] = field(default_factory=dict)
    pointers: dict[str, None] = field(default_factory=dict)
    usual: bool = True

    @property
    def waiting(self) -> list[str]:
        """Every rule that waits for it, those first that wait for nothing else."""
        return [*self.rules, *self.gated, *self.also]

    @property
    def path(self) -> str:
        """The dotted path of the fact."""
        return ".".join(n for n in tokens(self.first.pointer) if not n.isdecimal())


def to_declare(results: Iterable[Result], most: int | None) -> Iterator[b.Block]:
    """Yield so many facts (None: all), each with the rules that wait for it and how to add it.

    They are listed by who knows them; whose fact decides most comes first. Those that are left out
    and usually so are one sentence, below a table none, and listed only with all.
    """
    results = list(results)
    facts = [fact for fact in missing_facts(results) if most is None or not fact.usual]
    if most is not None and len(facts) > FEW:
        yield _table(facts[:most])
        return
    yield from b.items(_left_out(results))
    if facts:
        yield b.Group((b.paragraph(w.FOR_NULL, style="joined"),))
    known = (fact for of_role in facts_by_role(facts).values() for fact in of_role)
    yield from b.items(_fact(fact, None if most is None else NAMED) for fact in known)


def first_to_declare(results: Iterable[Result]) -> Text | None:
    """Return the first fact to declare and how many there are; None if there is none."""
    facts = [fact for fact in missing_facts(results) if not fact.usual]
    return w.DECLARE_FIRST.format(fact=facts[0].path, n=len(facts)) if facts else None


def _table(facts: Iterable[MissingFact]) -> b.Table:
    """Return a row for each fact: what waits for it, who knows it, where it belongs."""
    head = tuple(b.line(text) for text in (w.RULES, w.FACT, w.WHO_KNOWS, w.WHERE))
    return b.Table(head, tuple(map(_row, facts)), "cut", frozenset([0]))


def _row(fact: MissingFact) -> tuple[b.Line, ...]:
    role, at = asked_of(fact.path), fact.first.location
    elements = f"({len(fact.pointers)})" if len(fact.pointers) > 1 else ""
    return (
        b.line(str(len(fact.waiting))),
        b.line(fact.path, elements),
        b.line(roles()[role] if role else ""),
        b.line(f"{at.path}:{at.line}" if at.line else at.path),
    )


def _left_out(results: Iterable[Result]) -> Iterator[b.Item]:
    """Yield once what is left out of a description and usually so."""
    notes = [note for result in results for note in result.notes]
    for text in dict.fromkeys(note.text for note in notes if note.kind == NoteKind.LEFT_OUT):
        head, *facts = text.zh.splitlines()
        said = b.line(Text(zh=head, en=text.en.splitlines()[0]))
        yield b.Item(said, tuple(b.items(b.line(fact.removesuffix(";")) for fact in facts)))


def facts_by_role(facts: Iterable[MissingFact]) -> dict[str, list[MissingFact]]:
    """Return facts by the role that knows them; whose fact decides most comes first."""
    found: dict[str, list[MissingFact]] = {}
    for fact in facts:
        found.setdefault(asked_of(fact.path), []).append(fact)
    return found


def missing_facts(results: Iterable[Result]) -> list[MissingFact]:
    """Gather the facts, whatever element of a list lacks them, the most decisive first."""
    facts: dict[tuple[str, str], MissingFact] = {}
    for result in results:
        found = [f for f in result.findings if result.about(f).verdict is Verdict.UNKNOWN]
        waits = {_key(one.hinge or one) for one in found}
        for one in found:
            finding = one.hinge or one
            key = _key(finding)
            if key:
                fact = facts.setdefault(key, MissingFact(finding))
                # The reason for an unknown is the duty, unless it is not known to apply.
                alone = fact.gated if result.reason == finding.message else fact.rules
                (alone if waits == {key} else fact.also)[result.rule_id] = None
                fact.subjects[finding.subject] = None
                fact.subjects |= dict.fromkeys(other.subject for other in one.others)
                fact.pointers[finding.pointer] = None
                fact.usual &= finding.left_out
                if not one.hinge:
                    fact.pointers |= dict.fromkeys(other.pointer for other in one.others)

    def order(key: tuple[str, str]) -> tuple[int, int, tuple[str, str]]:
        fact = facts[key]
        return -len(fact.rules) - len(fact.gated), -len(fact.also), key

    return [facts[key] for key in sorted(facts, key=order)]


def _key(finding: Finding) -> tuple[str, str] | None:
    """Return the file and the fact that a finding waits for; None if no line adds it."""
    if finding.verdict is not Verdict.UNKNOWN or not finding.line_to_add:
        return None
    return finding.location.path, stable_pointer(finding.pointer)


def _fact(fact: MissingFact, named: int | None) -> b.Item:
    finding = fact.first
    alone = len(fact.subjects) == 1 and finding.subject not in finding.pointer
    element = f" [{finding.subject}]" if alone else ""
    title, role = title_of(fact.path), asked_of(fact.path)
    if role:
        title = w.KNOWN_BY.format(fact=title, role=roles()[role])
    counted = [
        (w.DECIDES, fact.rules),
        (w.DECIDES_WHETHER, fact.gated),
        (w.DECIDES_PARTLY, fact.also),
    ]
    # A list that is not declared has no elements, whoever waits for it.
    if len(fact.subjects) > 1 and any(map(str.isdecimal, tokens(finding.pointer))):
        counted.insert(0, (w.ELEMENTS, fact.subjects))
    lines = (
        _listed(words.format(n=len(names)), list(names), named) for words, names in counted if names
    )
    return b.Item(
        b.line(f"{finding.location}  {finding.pointer}{element}"),
        (
            b.Group((b.paragraph(title, style="joined"),)),
            *b.items(lines, style="joined"),
            b.Code(tuple(finding.line_to_add.splitlines()), "added"),
        ),
    )


def _listed(label: Text, names: Sequence[str], named: int | None) -> b.Line:
    said = ", ".join(names[:named])
    if named is None or len(names) <= named:
        return b.line(b.strong(label), b.whole(said))
    return b.line(b.strong(label), f"{said};", w.MORE.format(n=len(names) - named))
