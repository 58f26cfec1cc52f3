"""Words set in Markdown so that they stay words: no markup, link, mention or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pytest_icp.law.text import Text
from pytest_icp.reports.safe import MOST, one_line
from pytest_icp.reports.words import Language, in_languages

# A character reference never counts as the sign it stands for. What platforms look for after
# that, in the finished page (@somebody, #12, !12), is parted from its sign by a comment.
_SIGNS = {
    **{sign: f"&#{ord(sign)};" for sign in "&<>\\`*_[]|~$%"},
    "@": "@<!-- -->",
    "#": "&#35;<!-- -->",
    "!": "!<!-- -->",
}
# One sign at a time: to look for several is to try at every character.
_ACTIVE = re.compile(r"[&<>\\`*_\[\]|~$%@#!]")
_PERHAPS = ("::", "//", "www.", "mailto:", "xmpp:")
_LINKS = re.compile(r"(?i)(?<=www)[.]|:(?=//)|(?<=mailto):|(?<=xmpp):|(?<!\S):(?=:)")
"""The sign by which a bare address is taken for a link, or a line of a log for a command."""

_NAMED = re.compile(r"(?i)(?<![0-9a-z])(?:gh-(?=[0-9])|[0-9a-f]{7}(?=[0-9a-f]{0,33}(?![0-9a-z])))")
"""What a platform takes for the number of an issue (``GH-12``), or for a commit."""


def escaped(text: str, most: int = MOST) -> str:
    """Return a text as one line of Markdown that reads as it is written."""
    line = _ACTIVE.sub(lambda found: _SIGNS[found.group()], one_line(text, most))
    if line.startswith("/"):
        # At the beginning of a line of a note, GitLab takes a word after it for a command.
        line = f"&#47;{line[1:]}"
    # Most lines have no link, and looking for these words is much faster than the pattern.
    low = line.lower()
    if any(sign in low for sign in _PERHAPS):
        line = _LINKS.sub(lambda found: f"&#{ord(found.group())};", line)
    return _NAMED.sub(_parted, line)


def _parted(found: re.Match[str]) -> str:
    """Return what is found with a comment before its last sign."""
    text = found.group()
    return f"{text[:-1]}<!-- -->{text[-1]}"


def inline(text: Text, language: Language, most: int = MOST) -> str:
    """Return a text in the selected languages, on one line."""
    return escaped(in_languages(text, language), most)


def rule_link(rule_id: str, pages: Mapping[str, str]) -> str:
    """Return the id of a rule, as a link to the page that explains it if there is one."""
    name, page = escaped(rule_id, 60), pages.get(rule_id)
    return f"[{name}]({page})" if page else name


def paragraphs(texts: Iterable[str], most: int = MOST) -> Iterator[str]:
    """Yield texts as Markdown paragraphs: one for each of their lines."""
    for words in texts:
        for line in words.strip().split("\n"):
            yield escaped(line, most)


def code(text: str, most: int = 200) -> str:
    """Return a value in type of one width; a code span would need signs that it may hold."""
    return f"<code>{escaped(text, most)}</code>"
