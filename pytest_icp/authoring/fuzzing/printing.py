"""The output of fuzzing: outcomes with the smallest description as YAML, and the edges of rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice

import yaml
from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.tried import BrokenLaw, GaveUp, neighbours
from pytest_icp.authoring.strategies.candidates import is_dated
from pytest_icp.authoring.strategies.shapes import shape_at
from pytest_icp.authoring.strategies.trial import Situation, Trial, dotted, found_at
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.text import Text, plain, show
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.layout import inert, item, wrap
from pytest_icp.reports.words import Language, each_language, in_languages


def outcome_text(
    outcome: BrokenLaw | GaveUp,
    rule_id: str,
    language: Language,
    columns: int = 80,
    *,
    review: bool = False,
) -> str:
    """Return the outcome for an obligation as text, within so many columns.

    At level ``review`` a case expects an unknown, where a breach is to be found.
    """
    if isinstance(outcome, BrokenLaw):
        case = case_lines(outcome, rule_id, review=review)
        return "\n".join(_breach(outcome, rule_id, case, language, columns))
    return "\n".join(_gave_up(outcome, rule_id, language, columns))


def _breach(
    breach: BrokenLaw, rule_id: str, case: Iterable[str], language: Language, columns: int
) -> Iterator[str]:
    yield from wrap(f"{rule_id} {in_languages(say.FUZZ, language)}", columns)
    rows = (
        (say.LAW, breach.law),
        (say.FOUND, standing_name(breach.found) if breach.found else say.CRASHED),
        (say.EXPECTED, standing_name(breach.expected) if breach.expected else say.A_VERDICT),
        (say.CAUSE if breach.cause else say.WHY, breach.why),
    )
    for label, words in rows:
        yield from _row(label, words, language, columns)
    yield ""
    for line in each_language(say.PASTE, language):
        yield from wrap(f"  # {line}", columns, indent="  # ")
    yield from (f"  {inert(line)}" for line in case)


def _gave_up(gave_up: GaveUp, rule_id: str, language: Language, columns: int) -> Iterator[str]:
    yield from wrap(f"{rule_id} {in_languages(say.UNTRIED, language)}", columns)
    tries = say.GAVE_UP.format(tries=gave_up.tries)
    yield from _lines(tries, language, columns)
    for template, (reason, n) in zip((say.MOSTLY, say.LESS_OFTEN), gave_up.reasons, strict=False):
        yield from _lines(template.format(n=n, reason=reason), language, columns)
    yield from _lines(say.LOOK_AT, language, columns)


def _row(label: Text, words: Text, language: Language, columns: int) -> Iterator[str]:
    """Yield a label and its text, once for each language."""
    for lang in ("zh", "en"):
        if language in {lang, "both"}:
            yield from item(f"{label[lang]}: {words[lang]}", columns)


def _lines(words: Text, language: Language, columns: int) -> Iterator[str]:
    for line in each_language(words, language):
        yield from item(f"= {line}", columns)


def case_lines(breach: BrokenLaw, rule_id: str, *, review: bool = False) -> list[str]:
    """Return a situation as a case: its facts, its day, and the expected verdict.

    What violates a rule of level ``review`` is unknown, until a person decides.
    """
    situation = breach.situation
    facts = {name: value for name, value in situation.document.items() if name != "apiVersion"}
    files = {name: raw.decode("utf-8", errors="replace") for name, raw in situation.files}
    asked = review and breach.expected is Verdict.VIOLATED
    case = {
        "name": "found by fuzzing",
        "rule": rule_id,
        "as_of": situation.as_of,
        "facts": facts,
        "files": files,
        "verdict": str(Verdict.UNKNOWN if asked else breach.expected or ""),
        "review": asked,
        "why": breach.law.en,
    }
    told = {name: value for name, value in case.items() if value or name == "facts"}
    text: str = yaml.dump(
        [told], Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None
    )
    return text.splitlines()


class _Dumper(yaml.SafeDumper):
    """Writes dates as cases do: as texts without quotes, which our reader leaves texts."""

    def ignore_aliases(self, data: object) -> bool:
        """Write what is there twice twice."""
        del data
        return True


_Dumper.yaml_implicit_resolvers = {
    sign: [one for one in known if one[0] != "tag:yaml.org,2002:timestamp"]
    for sign, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


# ---- Where rules turn around a description (边界), and what a run says of it at its end


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


def _turns_after(trial: Trial, around: Situation, day: str) -> bool:
    end = as_of_instant(day).replace(microsecond=0)
    before, after = (
        trial.verdict(replace(around, as_of=when.isoformat()))
        for when in (end, end + timedelta(seconds=1))
    )
    return before is not Verdict.VIOLATED and after is Verdict.VIOLATED


def _answers(trial: Trial, around: Situation) -> Iterator[tuple[str, str]]:
    for at, value, other in neighbours(trial, around):
        # What has happened, and when, is no answer that anybody may choose.
        chosen = found_at(around.document, at) is not None and not is_dated(shape_at(at))
        if chosen and trial.verdict(other) is Verdict.VIOLATED:
            yield dotted(at), show(value)


# ---- What is said


_FIRST_SHOWN = 3


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
    shown = plain("; ".join(islice(found, _FIRST_SHOWN)))
    more = len(found) - _FIRST_SHOWN
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
    return between.join([*once[:_FIRST_SHOWN], *(["…"] if len(once) > _FIRST_SHOWN else [])])
