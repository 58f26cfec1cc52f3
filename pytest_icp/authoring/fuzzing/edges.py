"""Where rules turn around a description (边界), and what a run of fuzzing says of it at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.tried import facts, having, values
from pytest_icp.authoring.strategies.candidates import is_dated
from pytest_icp.authoring.strategies.documents import Situation, Tokens, dotted, found_at
from pytest_icp.authoring.strategies.shapes import shape_at
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.describe import show
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.layout import item, wrap
from pytest_icp.reports.words import Language, each_language


class Edges(Struct, frozen=True, kw_only=True):
    """The edges of one rule that keeps every law, around one description.

    ``situations`` were tried. ``days`` are the last days of what is due: the rule is not violated
    at the end of the day, and is a second later. ``answers`` are facts with a value that would
    violate the rule if it stood in the place of the present one; ``scope`` is whether they are
    about what the licence permits.
    """

    rule: str
    situations: int
    days: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    scope: bool = False


def edges(trial: Trial, around: Situation, situations: int) -> Edges:
    """Return the edges of an obligation around a description."""
    outcome = trial.outcome(around)
    due = sorted({one.last for one in outcome.upcoming})
    complies = outcome.verdict is Verdict.SATISFIED
    return Edges(
        rule=trial.obligation.rule_id,
        situations=situations,
        days=tuple(day for day in due if _turns_after(trial, around, day)),
        answers=tuple(dict.fromkeys(_answers(trial, around))) if complies else (),
        scope=trial.fields.mark("x-icp-bounded-by-licence") is not None,
    )


def _with_members(around: Situation, at: Tokens) -> list[Tokens]:
    """Return a fact, and what stands in an object that is read whole, such as the features."""
    there = found_at(around.document, at)
    return [at, *((*at, name) for name in (there if isinstance(there, dict) else ()))]


def _turns_after(trial: Trial, around: Situation, day: str) -> bool:
    end = as_of_instant(day).replace(microsecond=0)
    before, after = (
        trial.verdict(replace(around, as_of=when.isoformat()))
        for when in (end, end + timedelta(seconds=1))
    )
    return before is not Verdict.VIOLATED and after is Verdict.VIOLATED


def _answers(trial: Trial, around: Situation) -> Iterator[tuple[str, str]]:
    for at in chain.from_iterable(_with_members(around, at) for at in facts(trial, around)):
        there = found_at(around.document, at)
        if there is None or is_dated(shape_at(at)):
            # What has happened, and when, is no answer that anybody may choose.
            continue
        for value in values(trial, around, at)[1:]:
            other = having(around, at, value)
            if other and trial.verdict(other) is Verdict.VIOLATED:
                yield dotted(at), show(value)


# ---- What is said


_SHOWN = 3


def summary_lines(
    kept: Sequence[Edges], broken: int, language: Language, columns: int, *, every: bool = False
) -> Iterator[str]:
    """Yield what came of a run, as lines of at most so many columns.

    ``kept`` are the rules that keep every law, ``broken`` counts the others. With ``every``, all
    answers that would violate a rule follow, else as much as fits in some lines.
    """
    tried = say.KEPT.format(n=sum(one.situations for one in kept), rules=len(kept))
    told = [tried + say.BROKEN.format(n=broken) if broken else tried]
    told += _counted(say.DAYS, _days(kept))
    told += _counted(say.SCOPE, _other_answers(one for one in kept if one.scope))
    others = len(_other_answers(one for one in kept if not one.scope))
    told += [say.ANSWERS.format(n=others)] if others and not every else []
    for text in told:
        for line in each_language(text, language):
            yield from wrap(line, columns, indent="  ")
    for one in kept if every else ():
        for fact, value in one.answers:
            yield from item(f"{one.rule}: {fact}: {value}", columns)


def _counted(template: Text, found: Sequence[str]) -> list[Text]:
    """Return the first of what was found in a sentence, with how many more there are."""
    if not found:
        return []
    shown = plain("; ".join(islice(found, _SHOWN)))
    more = len(found) - _SHOWN
    return [template.format(shown=shown + say.AND_MORE.format(n=more) if more > 0 else shown)]


def _days(kept: Iterable[Edges]) -> list[str]:
    rules: dict[str, list[str]] = {}
    for one in kept:
        for day in one.days:
            rules.setdefault(day, []).append(one.rule)
    return [f"{day} {', '.join(dict.fromkeys(some))}" for day, some in sorted(rules.items())]


def _other_answers(kept: Iterable[Edges]) -> list[str]:
    """Return each fact with the other answers that violate a rule, and the rules."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for one in kept:
        for fact, value in one.answers:
            others, rules = found.setdefault(fact, ([], []))
            others.append(value)
            rules.append(one.rule)
    return [
        f"{fact}: {_first(others, ' | ')} ({_first(rules, ', ')})"
        for fact, (others, rules) in found.items()
    ]


def _first(words: Iterable[str], between: str) -> str:
    """Return the first of some words, each once, and whether there are more."""
    once = list(dict.fromkeys(words))
    return between.join([*once[:_SHOWN], *(["…"] if len(once) > _SHOWN else [])])
