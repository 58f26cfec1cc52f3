"""The rules of a run with all that a reader of one finding asks: words, law, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from msgspec import Struct

from pytest_icp.kinds.finding import Cited
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import words as w
from pytest_icp.reports.markdown_text import inline, paragraphs
from pytest_icp.reports.run import Run
from pytest_icp.reports.safe import one_line
from pytest_icp.reports.words import Language, each_language, in_languages

_PROVISION = Text(zh="规定全文", en="The provision in full")
_LONGEST = 4000
"""Characters of one paragraph: more than any provision has, and less than a page can bear."""

_READING = Text(zh="理解", en="How it is interpreted")


class Rule(Struct, frozen=True, kw_only=True):
    """One obligation as a rule of a report; ``words`` and ``reading`` are of its provision."""

    id: str
    provision: str
    provision_title: Text
    article: str
    title: Text
    meaning: Text
    quote: Text | None
    mend: Text
    level: str
    basis: str
    cited: tuple[Cited, ...]
    words: Text | None
    reading: Text | None


@once
def rules(run: Run) -> tuple[Rule, ...]:
    """Return the rules that a run decided, each once, in the order of their ids."""
    policies = {policy.id: policy for policy in run.policies}
    found: dict[str, Rule] = {}
    for result in run.results:
        if result.rule_id not in found:
            policy = policies.get(result.provision)
            found[result.rule_id] = Rule(
                id=result.rule_id,
                provision=result.provision,
                provision_title=result.provision_title,
                article=result.article,
                title=result.title,
                meaning=result.meaning,
                quote=result.quote,
                mend=result.mend,
                level=result.level,
                basis=result.basis,
                cited=result.cited,
                words=policy.text if policy else None,
                reading=policy.reading if policy else None,
            )
    return tuple(found[rule_id] for rule_id in sorted(found))


Part = tuple[Text, Text]
"""A heading and the words under it."""


def parts(rule: Rule) -> Iterator[Part]:
    """Yield what a reader may want to know about a rule, most wanted first."""
    yield w.MEANING, rule.meaning
    if rule.quote:
        yield w.ARTICLE, _quoted(plain(f"{rule.provision} {rule.article}"), rule.quote)
    for cited in dict.fromkeys(rule.cited):
        yield w.STATUTE, _quoted(cited.label, cited.quote) if cited.quote else cited.label
    yield w.FIX, rule.mend
    if rule.words:
        yield _PROVISION, rule.words
    if rule.reading:
        yield _READING, rule.reading


def _quoted(label: Text, quote: Text) -> Text:
    return Text(zh=f"{label.zh}：「{quote.zh}」", en=f"{label.en}: “{quote.en}”")


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
