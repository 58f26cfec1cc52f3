"""Prints the outcome of fuzzing: the law, and the smallest description that breaks it as YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.tried import BrokenLaw, GaveUp
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.text import Text
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
