"""What a licence permits: the scope text (业务覆盖范围) read into a set of service items.

Licences print what is *not* permitted: the five items of Internet information services minus
those that were applied for (信息服务业务（仅限互联网信息服务）：不含…). The text is read word by
word against a vocabulary, the longest word first; it is never split on 和, because names of
items contain it, and what is not in the vocabulary is an error.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_icp.law.catalogue import (
    CATALOGUE,
    INTERNET_ITEMS,
    children_of,
    covers,
    name_of,
    root_of,
    wordings,
)
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.permitted import Scope
from pytest_icp.law.scope_reader import Clause, ScopeError, nearest_line, read_clauses
from pytest_icp.law.spellings import simplified

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["INTERNET_LINE", "PROVISO", "Scope", "ScopeError", "parse_scope", "render_scope"]

INTERNET_LINE = "信息服务业务（仅限互联网信息服务）"
"""The line of business of most licences: Internet information services only."""

PROVISO = "【依法须经批准的项目，经相关部门批准后方可开展相应经营活动】"
"""The sentence that licences print behind every scope."""

_TWICE = re.compile(r"([^()]+)\((?:仅限)?([^()]+)\)")


@lru_cache(maxsize=256)
def parse_scope(text: str, line: str = INTERNET_LINE) -> Scope:
    """Read the scope text (业务覆盖范围) of one line of business (业务种类) of a licence.

    ``line`` is the line as the licence prints it, limits in brackets included, or a code of
    the catalogue. ``text`` may repeat it, narrow it, and name other lines too (业务名：范围;
    业务名：范围): only what belongs to ``line`` is returned. An empty text excludes nothing. Items
    are computed inside the line: ``B25.publish`` …; a line without sub-items permits its own
    code.

    Raises `ScopeError` if a word is not known, an item belongs to another line, an item is both
    excluded and included, or nothing follows 含, 不含 or 仅限.
    """
    return _read(text, line)


def _read(text: str, line: str) -> Scope:
    of_line = _read_line(line)
    base = _spread(_granted(of_line, _whole(of_line.root)))
    told = [(clause, _within(clause, of_line, base)) for clause in read_clauses(text, of_line.root)]
    relevant = [(clause, permitted) for clause, permitted in told if permitted is not None]
    if not relevant:
        other = told[0][0]
        raise ScopeError("the scope of another line of business", other.heading, other.at)
    granted = [permitted for clause, permitted in relevant if clause.grants]
    permitted = frozenset[str]().union(*granted) if granted else base
    # Limits that precede the name of the line belong to that line.
    for _, limits in ((c, p) for c, p in relevant if not c.grants):
        permitted = _meet(permitted, limits)
    return _scope([of_line, *(clause for clause, _ in relevant)], _spread(_widest(permitted)))


def render_scope(permitted: Iterable[str], *, preapprovals: Sequence[str] = ()) -> str:
    """Print the scope text that a licence carries for some of the five Internet items.

    The items that are not permitted are listed in the order of the catalogue, the last one
    joined by 和; where nothing is excluded only the proviso remains. Raises `ScopeError` for
    a code that is not one of the five.
    """
    wanted = frozenset(permitted)
    for code in sorted(wanted.difference(INTERNET_ITEMS)):
        raise ScopeError("not an item of Internet information services", code, 0)
    names = [name_of(code).zh for code in INTERNET_ITEMS if code not in wanted]
    without = "不含" + "和".join(filter(None, ("、".join(names[:-1]), names[-1]))) if names else ""
    included = "含" + "、".join(preapprovals) if preapprovals else ""
    sentence = "，".join(filter(None, (included, without)))
    return f"{sentence}。{PROVISO}" if sentence else PROVISO


def _granted(clause: Clause, base: frozenset[str]) -> frozenset[str]:
    """Return what remains of a set of codes after 仅限, 含 and 不含."""
    start = base
    if clause.only:
        start = _meet(base, _narrowest(frozenset(clause.only)) | clause.included)
    return _without(start, clause.excluded)


def _narrowest(codes: frozenset[str]) -> frozenset[str]:
    """Remove codes that contain another one: 互联网信息服务（信息社区服务） means the latter."""
    return frozenset(c for c in codes if not any(covers(c, o) for o in codes - {c}))


def _widest(codes: frozenset[str]) -> frozenset[str]:
    """Remove codes that another one contains."""
    return frozenset(c for c in codes if not any(covers(o, c) for o in codes - {c}))


def _whole(root: str) -> frozenset[str]:
    return frozenset(children_of(root) or (root,))


def _within(clause: Clause, of_line: Clause, base: frozenset[str]) -> frozenset[str] | None:
    """Return what a clause permits inside the line; None where it is about another line."""
    if not clause.named:
        _check_line(clause, base)
        return _granted(clause, base)
    if clause.root != of_line.root:
        return None
    own = _granted(clause, _whole(clause.root))
    meeting = _meet(base, own)
    return meeting if meeting or not own else None


def _check_line(clause: Clause, base: frozenset[str]) -> None:
    """Refuse a text that excludes the whole line by one name: it belongs to another line."""
    for code in sorted(clause.excluded):
        if all(covers(code, item) for item in base):
            raise ScopeError("excludes the line of business itself", name_of(code).zh, clause.at)


def _scope(clauses: Sequence[Clause], permitted: frozenset[str]) -> Scope:
    return Scope(
        permitted=permitted,
        excluded=frozenset[str]().union(*(c.excluded for c in clauses)) - permitted,
        preapprovals_included=_contents(clause.with_content for clause in clauses),
        preapprovals_excluded=_contents(clause.without_content for clause in clauses),
        areas=tuple(dict.fromkeys(area for clause in clauses for area in clause.areas)),
        remarks=tuple(dict.fromkeys(words for clause in clauses for words in clause.remarks)),
    )


def _contents(parts: Iterable[set[str]]) -> frozenset[str]:
    """Join names of content; 药品 and 医疗器械 are one pre-approval that some print as two."""
    names = frozenset[str]().union(*parts)
    halves = {"药品", "医疗器械"}
    return names - halves | {"药品和医疗器械"} if names >= halves else names


def _meet(some: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """Return the codes that lie in both sets, the narrower of each pair."""
    pairs = [(a, b) for a in some for b in others]
    narrower = {b for a, b in pairs if covers(a, b)}
    return frozenset(narrower | {a for a, b in pairs if covers(b, a)})


def _without(codes: frozenset[str], excluded: Iterable[str]) -> frozenset[str]:
    """Take codes out of a set; what contains an excluded part is replaced by its other parts."""
    left = codes
    for out in excluded:
        for code in [code for code in left if covers(code, out)]:
            if code != out:
                left = left | _without(frozenset(children_of(code)), [out])
            left -= {code}
        left = frozenset(code for code in left if not covers(out, code))
    return left


def _spread(codes: frozenset[str]) -> frozenset[str]:
    """Return the five items if Internet information services alone remain."""
    return frozenset(INTERNET_ITEMS) if codes == {"B25.internet"} else codes


def _read_line(line: str) -> Clause:
    """Read the name of a line of business, with its limits."""
    words = fold_tight(simplified(line)).text
    code = _named_twice(words) or words
    if code in CATALOGUE:
        return Clause(root_of(code), only={code} - {root_of(code)})
    problem = "not a line of business of the catalogue"
    try:
        clauses = read_clauses(words, root="")
    except ScopeError as error:
        raise ScopeError(problem, line, 0, error.suggestion or nearest_line(line)) from error
    if len(clauses) != 1 or not clauses[0].named:
        raise ScopeError(problem, line, 0, nearest_line(line))
    return clauses[0]


def _named_twice(line: str) -> str | None:
    """Return the code of a line that its brackets name again, in other words for it."""
    name = _TWICE.fullmatch(line)
    first, again = (wordings().get(word) for word in name.groups()) if name else (None, None)
    return first if first == again else None
