"""Compares the special provisions of a licence with the known ones (特别规定比对), word by word.

Width, spaces and line ends are ignored; punctuation is compared separately from words.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from pytest_icp.facts.paper import PaperProvision
from pytest_icp.law.catalogue import covers
from pytest_icp.law.folding import Folded, fold_tight, number_of
from pytest_icp.rules.policy import Policy


class Match(Enum):
    """How a provision on the licence compares with the known ones (比对结果)."""

    IDENTICAL = auto()
    """The words are the same."""
    PUNCTUATION = auto()
    """The words are the same, the punctuation is not."""
    WORDS = auto()
    """It is a known provision in other words."""
    HEADING = auto()
    """It only introduces the parts that follow, such as 十五、…应当遵守下列规定."""
    NEW = auto()
    """No known provision is like it."""
    MISSING = auto()
    """A known provision that is not on the licence."""


class Change(Struct, frozen=True):
    """One place where the words differ (改动), with the words around it.

    ``known`` is empty where words were added, ``printed`` where they are missing.
    """

    before: str
    known: str
    printed: str
    after: str


class Comparison(Struct, frozen=True, kw_only=True):
    """A provision on the licence and the known one that it matches; one of them may be None.

    ``rules`` are the ids of the rules whose quoted words differ; ``again`` marks a provision
    that is printed a second time.
    """

    match: Match
    printed: PaperProvision | None
    known: Policy | None
    changes: tuple[Change, ...] = ()
    rules: tuple[str, ...] = ()
    again: bool = False


Number = tuple[int, int]

ALIKE = 0.5
"""The least share of neighbouring character pairs that matching provisions have in common."""

_ARTICLE = re.compile("^[一二三四五六七八九十]{1,3}")
_SUB = re.compile("[(（]([一二三四五六七八九十]{1,3})[)）]")
_CONTEXT = 12
_SHORTEST_SAME = 2
_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|\w")
_SIGN = re.compile(".")
_MARK = re.compile(
    r"(?<!\s)\s*+(?:[一二三四五六七八九十]{1,3}\s*+、|[(（][一二三四五六七八九十]{1,3}[)）])\s*"
)


def compare(
    printed: Sequence[PaperProvision], known: Sequence[Policy], permits: frozenset[str] | None
) -> tuple[Comparison, ...]:
    """Match provisions by their words; return those of the licence first, then the missing ones.

    Policies whose words have no printed number are not special provisions. ``permits`` are the
    codes that the licence permits, None if not known: provisions for other lines of business
    are not missing. A provision that was split at numbers in brackets is also tried as a whole.
    """
    pack = [policy for policy in known if _MARK.match(policy.text.zh)]
    units = _whole_where_better(printed, pack)
    pairs = _pairs(units, pack)
    seen = {policy.id for policy, _ in pairs.values()}
    headed = {unit.number[0] for unit in units if unit.number[1]}
    compared = [
        _compared(unit, pairs[i][0], again=pairs[i][1]) if i in pairs else _unknown(unit, headed)
        for i, unit in enumerate(units)
    ]
    missing = (
        Comparison(match=Match.MISSING, printed=None, known=policy)
        for policy in pack
        if policy.id not in seen and _binds(policy, permits)
    )
    return (*compared, *missing)


def _binds(policy: Policy, permits: frozenset[str] | None) -> bool:
    family = policy.family
    return permits is None or not family or any(covers(family, code) for code in permits)


def _unknown(printed: PaperProvision, headed: Container[int]) -> Comparison:
    top, sub = printed.number
    heads = not sub and top in headed and _even(printed.words).endswith(":")
    match = Match.HEADING if heads else Match.NEW
    return Comparison(match=match, printed=printed, known=None)


def words_of(policy: Policy) -> str:
    """Return the words of a known provision without its number."""
    return _MARK.sub("", policy.text.zh, count=1)


def _whole_where_better(
    printed: Sequence[PaperProvision], pack: Sequence[Policy]
) -> list[PaperProvision]:
    """Join the parts of a split provision where a known one is more like the whole."""
    groups: dict[int, list[PaperProvision]] = {}
    for one in printed:
        groups.setdefault(one.number[0], []).append(one)
    whole = {top for top, parts in groups.items() if len(parts) > 1 and _is_whole(parts, pack)}
    units: list[PaperProvision] = []
    for one in printed:
        if one.number[0] not in whole:
            units.append(one)
        elif one is groups[one.number[0]][0]:
            units.append(_joined(groups[one.number[0]]))
    return units


def _is_whole(parts: Sequence[PaperProvision], pack: Sequence[Policy]) -> bool:
    together = _joined(parts).words
    return any(
        _alike(together, of_policy) > max(ALIKE, *(_alike(part.words, of_policy) for part in parts))
        for of_policy in map(words_of, pack)
    )


def _joined(parts: Sequence[PaperProvision]) -> PaperProvision:
    words = "".join(one.words for one in parts)
    return PaperProvision(number=parts[0].number, words=words, spot=parts[0].spot)


def _pairs(
    units: Sequence[PaperProvision], pack: Sequence[Policy]
) -> dict[int, tuple[Policy, bool]]:
    """Match each provision to the known one most like it, the closest pairs first.

    A provision left over may match one that is already taken: it is printed again.
    """
    scores = sorted(
        (-score, _number(policy) != unit.number, i, j)
        for j, policy in enumerate(pack)
        for i, unit in enumerate(units)
        if (score := _alike(unit.words, words_of(policy))) >= ALIKE
    )
    pairs: dict[int, tuple[Policy, bool]] = {}
    taken: set[int] = set()
    for again in (False, True):
        for _, _, i, j in scores:
            if i not in pairs and (again or j not in taken):
                pairs[i] = (pack[j], again)
                taken.add(j)
    return pairs


def _number(policy: Policy) -> Number:
    """Return the number of a known provision: that of ``十五（三）`` is ``(15, 3)``."""
    top, sub = _ARTICLE.findall(policy.article), _SUB.findall(policy.article)
    return (number_of(top[0]) or 0) if top else 0, (number_of(sub[0]) or 0) if sub else 0


def _alike(a: str, b: str) -> float:
    """Return the share of neighbouring characters that two texts have in common (Dice)."""
    of_a, of_b = _neighbours(a), _neighbours(b)
    total = len(of_a) + len(of_b)
    return 2 * len(of_a & of_b) / total if total else 0.0


@lru_cache(maxsize=512)
def _neighbours(words: str) -> frozenset[str]:
    letters = "".join(_TOKEN.findall(_even(words)))
    return frozenset(a + b for a, b in pairwise(letters))


def _even(words: str) -> str:
    return fold_tight(words).text


class _Words(Struct, frozen=True):
    """A text split into tokens, with the span of each in its folded form; numbers stay whole."""

    original: str
    folded: Folded
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def cut(self, start: int, end: int) -> str:
        """Return the text of some tokens, the punctuation between them included."""
        return self.between(self.spans[start][0], self.spans[end - 1][1]) if start < end else ""

    def between(self, start: int, end: int) -> str:
        """Return what is printed between two places of the folded text, without spaces."""
        origin = self.folded.origin
        start, end = max(0, start), min(end, len(self.folded.text))
        return "".join(self.original[origin(start) : origin(end)].split())

    def place(self, token: int) -> int:
        """Return where a token begins in the folded text, the end of it after the last token."""
        return self.spans[token][0] if token < len(self.spans) else len(self.folded.text)


def _cut(words: str, token: re.Pattern[str]) -> _Words:
    folded = fold_tight(words)
    tokens = list(token.finditer(folded.text))
    return _Words(words, folded, tuple(m.group() for m in tokens), tuple(m.span() for m in tokens))


def _compared(printed: PaperProvision, known: Policy, *, again: bool) -> Comparison:
    texts = words_of(known), printed.words
    a, b = (_cut(text, _TOKEN) for text in texts)
    match = Match.WORDS
    if a.tokens == b.tokens:
        a, b = (_cut(text, _SIGN) for text in texts)
        match = Match.IDENTICAL if a.tokens == b.tokens else Match.PUNCTUATION
    stretches = list(_stretches(a, b))
    return Comparison(
        match=match,
        printed=printed,
        known=known,
        changes=tuple(_change(a, b, stretch) for stretch in stretches),
        rules=_rules(known, a, stretches) if match is Match.WORDS else (),
        again=again,
    )


_Stretch = tuple[int, int, int, int]


def _stretches(a: _Words, b: _Words) -> Iterator[_Stretch]:
    """Yield where the tokens differ; a single equal token does not separate two places."""
    opcodes = SequenceMatcher(None, a.tokens, b.tokens, autojunk=False).get_opcodes()
    open_at: _Stretch | None = None
    for tag, i1, i2, j1, j2 in opcodes:
        if tag == "equal" and (open_at is None or i2 - i1 >= _SHORTEST_SAME):
            if open_at:
                yield open_at
            open_at = None
        else:
            first = open_at or (i1, i2, j1, j2)
            open_at = first[0], i2, first[2], j2
    if open_at:
        yield _trimmed(a, b, open_at)


def _trimmed(a: _Words, b: _Words, stretch: _Stretch) -> _Stretch:
    """Cut equal tokens off the end of the last stretch."""
    i1, i2, j1, j2 = stretch
    while i1 < i2 and j1 < j2 and a.tokens[i2 - 1] == b.tokens[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    return i1, i2, j1, j2


def _change(a: _Words, b: _Words, stretch: _Stretch) -> Change:
    i1, i2, j1, j2 = stretch
    start = a.place(i1)
    end = a.spans[i2 - 1][1] if i2 > i1 else start
    return Change(
        before=a.between(start - _CONTEXT, start),
        known=a.cut(i1, i2),
        printed=b.cut(j1, j2),
        after=a.between(end, end + _CONTEXT),
    )


def _rules(known: Policy, a: _Words, stretches: Iterable[_Stretch]) -> tuple[str, ...]:
    """Return the rules whose quote contains a place that differs."""
    places = [(a.place(i1), a.place(i2)) for i1, i2, _, _ in stretches]
    rules = []
    for obligation in known.obligations:
        quote = _even(obligation.quote.zh) if obligation.quote else ""
        at = a.folded.text.find(quote) if quote else -1
        if at >= 0 and any(start <= at + len(quote) and end >= at for start, end in places):
            rules.append(obligation.rule_id)
    return tuple(rules)
