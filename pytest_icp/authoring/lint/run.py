"""Lints policies: finds mistakes that need no description, here those of articles and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pytest_icp.authoring.lint import Remark, WrittenObligation, written_obligations
from pytest_icp.authoring.lint.conditions import idle_conditions, implied
from pytest_icp.authoring.lint.wording import (
    long_fixes,
    uncited,
    unquoted_lengths,
    untranslated,
    unused_lengths,
)
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.text import Text
from pytest_icp.rules.policies import PolicySelection, WrittenPolicy
from pytest_icp.rules.policy import Citation
from pytest_icp.rules.specs import numbers_in
from pytest_icp.rules.undecidable import unknown_facts

_ENDED = Text(
    zh="《{statute}》中的“{id}”自 {day} 起不再有效",
    en="{id!r} ({statute}) has not been in force since {day}",
)
_COMING = Text(
    zh="《{statute}》中的“{id}”至 {day} 才生效",
    en="{id!r} ({statute}) is not in force until {day}",
)
_RENEW = Text(
    zh="引用现行的法条，或在 statutes.yaml 中补上新的条文",
    en="cite an article in force, or add the new wording to statutes.yaml",
)
_WAIT = Text(zh="确属尚未生效的，待其生效", en="if this is intended, wait until it is in force")
_OURS = Text(
    zh="数值“{id}”没有法条规定（confidence: default），强制性要求不能以它为准",
    en="no law sets the number {id!r} (confidence: default), so nothing mandatory may rest on it",
)
_REVIEW = Text(
    zh="把级别改为 review 或 advisory，或者写明规定该数值的条文",
    en="make the level review or advisory, or name the article that sets the number",
)
_UNUSED = Text(zh="没有规定使用数值“{id}”", en="no policy uses the number {id!r}")
_DROP = Text(zh="删去它，或者在规定中用上它", en="remove it, or use it in a policy")


def not_in_force(entry: WrittenObligation, day: date) -> Iterator[Remark]:
    """Yield each article that an obligation cites and that is not in force on a day.

    One that says what succeeded it is cited for the acts of its time.
    """
    cited = {citation.id: citation for citation in entry.obligation.cites}
    names: Any = entry.data.get("cites", ())
    for i, name in enumerate(names):
        citation = cited.get(name)
        if citation and not citation.on(day) and not citation.succeeded_by:
            yield _out_of_force(entry, i, citation, day)


def _out_of_force(entry: WrittenObligation, i: int, citation: Citation, day: date) -> Remark:
    coming = [v.effective_from for v in citation.versions if v.effective_from > day]
    ended = [v.effective_to for v in citation.versions if v.effective_to and v.effective_to < day]
    text, hint = (_COMING, _WAIT) if coming else (_ENDED, _RENEW)
    said = text.format(
        id=citation.id, statute=citation.statute, day=min(coming) if coming else max(ended)
    )
    return entry.remark("not-in-force", ("cites", i), said, hint)


def without_law(entry: WrittenObligation) -> Iterator[Remark]:
    """Yield each number that no law sets and that a mandatory duty rests on.

    Only a rule of the company's own may ask what the company itself has set.
    """
    obligation = entry.obligation
    if obligation.level != "mandatory" or obligation.basis == "own":
        return
    ours = {
        one.id
        for one in obligation.relies_on
        if any(value.confidence == "default" for value in one.values)
    }
    for name, path in numbers_in(type(obligation.spec), entry.data):
        if name in ours:
            yield entry.remark("no-law", path, _OURS.format(id=name), _REVIEW)


def unused_numbers(folders: Sequence[Path], every: Sequence[WrittenPolicy]) -> Iterator[Remark]:
    """Yield the numbers of some folders that none of the policies uses."""
    used = {
        parameter.id
        for written in every
        for obligation in written.policy.obligations
        for parameter in obligation.relies_on
    }
    roots = {written.file.folder: written.file.root for written in every}
    for folder in folders:
        path = folder / "parameters.yaml"
        if not path.exists():
            continue
        source = read_source(path, root=roots[folder])
        document: Any = source.data
        for i, number in enumerate(document["parameters"]):
            if number["id"] not in used:
                yield Remark(
                    code="unused-number",
                    about=number["id"],
                    place=source.place(f"/parameters/{i}/id"),
                    message=_UNUSED.format(id=number["id"]),
                    hint=_DROP,
                )


def remarks(
    selections: Sequence[PolicySelection], every: Sequence[WrittenPolicy], day: date
) -> tuple[Remark, ...]:
    """Return the remarks on selected policies, out of every one, in the order of their files."""
    found = [*_all(selections, every, day)]
    found.sort(key=lambda one: (one.place.path, one.place.line or 0, one.place.column or 0))
    return tuple(dict.fromkeys(found))


def _all(
    selections: Sequence[PolicySelection], policies: Sequence[WrittenPolicy], day: date
) -> Iterator[Remark]:
    selected = [entry for policy in selections for entry in written_obligations(policy)]
    for entry in selected:
        yield from _of_entry(entry, day)
    rules = {entry.obligation.rule_id for entry in selected}
    every = [
        entry
        for policy in policies
        for entry in written_obligations(PolicySelection(written=policy))
    ]
    yield from implied(every, rules)
    yield from unquoted_lengths(every, rules)
    for policy in selections:
        yield from untranslated(policy.written)
    whole = {one.written.file.folder for one in selections if one.rules is None}
    yield from unused_numbers(sorted(whole), policies)


def _of_entry(entry: WrittenObligation, day: date) -> Iterator[Remark]:
    wrong = [*unknown_facts(entry.fields)]
    yield from (entry.remark(one.code, one.path, one.message, one.hint) for one in wrong)
    if not wrong:
        # Conditions on facts that do not exist would only be reported twice.
        yield from idle_conditions(entry)
    yield from uncited(entry)
    yield from long_fixes(entry)
    yield from not_in_force(entry, day)
    yield from unused_lengths(entry)
    yield from without_law(entry)
