"""The rules of a run with all that a reader of one finding asks: words, law, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from msgspec import Struct

from pytest_icp.kinds.result import Result
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, in_quotes, plain
from pytest_icp.reports import words as w
from pytest_icp.reports.as_markdown import inline, paragraphs
from pytest_icp.reports.layout import one_line
from pytest_icp.reports.run import Run
from pytest_icp.reports.words import Language, each_language, in_languages
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.practice import breach_of

_PROVISION = Text(zh="规定全文", en="The provision in full")
_LONGEST = 4000
"""Characters of one paragraph: more than any provision has, and less than a page can bear."""

_READING = Text(zh="理解", en="How it is interpreted")


class Rule(Struct, frozen=True, kw_only=True):
    """One obligation as a rule of a report: a result of it, and its provision, if there is one."""

    result: Result
    policy: Policy | None

    @property
    def id(self) -> str:
        """The id of the rule."""
        return self.result.rule_id

    @property
    def title(self) -> Text:
        """The title of the rule."""
        return self.result.title


@once
def rules(run: Run) -> tuple[Rule, ...]:
    """Return the rules that a run decided, each once, in the order of their ids."""
    policies = {policy.id: policy for policy in run.policies}
    found: dict[str, Rule] = {}
    for result in run.results:
        if result.rule_id not in found:
            policy = policies.get(result.provision)
            found[result.rule_id] = Rule(result=result, policy=policy)
    return tuple(found[rule_id] for rule_id in sorted(found))


Part = tuple[Text, Text]
"""A heading and the words under it."""


def parts(rule: Rule) -> Iterator[Part]:
    """Yield what a reader may want to know about a rule, most wanted first."""
    result, policy = rule.result, rule.policy
    yield w.MEANING, result.meaning
    if result.quote:
        yield w.ARTICLE, _quoted(plain(f"{result.provision} {result.article}"), result.quote)
    for cited in dict.fromkeys(result.cited):
        yield w.STATUTE, _quoted(cited.label, cited.quote) if cited.quote else cited.label
    yield w.FIX, result.fix
    if breach := breach_of(rule.id):
        yield w.PRACTICE, w.breach_text(breach)
    for part in result.parts:
        yield w.PARTS, w.level_text(plain(f"{part.name}: ") + part.title, part.level)
    if policy and (policy.is_printed or result.basis == "own"):
        yield _PROVISION, policy.text
    if policy and policy.reading:
        yield _READING, policy.reading


def _quoted(label: Text, quote: Text) -> Text:
    return Text(zh=f"{label.zh}：{in_quotes(quote.zh)}", en=f"{label.en}: “{quote.en}”")


def help_text(sections: Iterable[Part], language: Language) -> str:
    """Return parts as plain text, with a blank line between them."""
    return "\n\n".join(
        f"{in_languages(heading, language)}:\n{_lines(each_language(text, language))}".rstrip()
        for heading, text in sections
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(
        one_line(line, _LONGEST) for words in texts for line in words.strip().split("\n")
    )


def help_markdown(title: Text, sections: Iterable[Part], language: Language) -> str:
    """Return parts below a title in Markdown, with a blank line between them."""
    blocks = [f"# {inline(title, language)}"]
    for heading, group in groupby(sections, key=itemgetter(0)):
        blocks.append(f"## {inline(heading, language)}")
        for _, text in group:
            blocks.append("\n\n".join(paragraphs(each_language(text, language), _LONGEST)).rstrip())
    return "\n\n".join(blocks)
