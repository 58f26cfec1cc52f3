"""What a run of fuzzing says at its end: how much was tried, and where the rules turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.edges import Edges
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import item, wrap
from pytest_icp.reports.words import Language, each_language

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
    told += _counted(say.SCOPE, _answers(one for one in kept if one.scope))
    others = len(_answers(one for one in kept if not one.scope))
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


def _answers(kept: Iterable[Edges]) -> list[str]:
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
