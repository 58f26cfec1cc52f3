"""What a licence permits: the scope text (业务覆盖范围) read into a set of service items.

Licences print what is *not* permitted: the five items of Internet information services minus
those that were applied for (信息服务业务（仅限互联网信息服务）：不含…). The text is read word by
word against a vocabulary, the longest word first; it is never split on 和, because names of
items contain it, and what is not in the vocabulary is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from msgspec import Struct, field

from pytest_icp.law.catalogue import (
    CATALOGUE,
    INTERNET_ITEMS,
    WORDINGS,
    children_of,
    covers,
    name_of,
    root_of,
)
from pytest_icp.law.divisions import simplified
from pytest_icp.law.errors import IcpError
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.scope_words import FINER, VOCABULARY, Kind, Word, word_at
from pytest_icp.law.text import nearest


class Scope(Struct, frozen=True, kw_only=True):
    """What one line of business permits (许可的服务项目).

    ``permitted`` and ``excluded`` are codes of the catalogue: what may be operated, and what
    the text excludes by name (仅限 excludes nothing by name). ``preapprovals_included`` and
    ``preapprovals_excluded`` are the printed Chinese names of pre-approved content (前置审批)
    after 含 and 不含. ``areas`` are short names of provinces and cities, empty where none are
    printed.
    """

    permitted: frozenset[str]
    excluded: frozenset[str] = frozenset()
    preapprovals_included: frozenset[str] = frozenset()
    preapprovals_excluded: frozenset[str] = frozenset()
    areas: tuple[str, ...] = ()


_WHOLE = "全国"


class Areas(Struct):
    """The areas of a clause while it is read.

    ``several`` are those named since the last item, ``limited`` is whether an item was limited
    behind areas, ``own`` whether it was in brackets behind them: 北京、天津（不含网站接入）.
    """

    several: tuple[str, ...] = ()
    limited: bool = False
    own: bool = False

    def name(self, area: str, *, among: bool) -> bool:
        """Take an area, ``among`` others if 其中 precedes it. False if a limit is of others."""
        self.several += (area,)
        self.limited |= among
        return not self.own

    def limit(self, *, bracket: bool) -> bool:
        """Take an item with a sign, in brackets behind areas or not.

        Brackets are of all areas before them, if no other follows. False if an item was limited
        already for other areas.
        """
        clear = not (self.several and self.limited)
        self.limited |= bool(self.several)
        self.own |= bracket and _WHOLE not in self.several
        self.several = ()
        return clear


class ScopeError(ValueError, IcpError):
    """A scope text or a line of business that cannot be read.

    ``residue`` are the words at fault, ``position`` their offset in the original text
    (in characters, from 0), ``suggestion`` the nearest known word (or empty).
    """

    def __init__(self, problem: str, residue: str, position: int, suggestion: str = "") -> None:
        super().__init__(problem, residue, position, suggestion)
        self.problem = problem
        self.residue = residue
        self.position = position
        self.suggestion = suggestion

    def __str__(self) -> str:
        """Return what is wrong, with which words, where, and a suggestion."""
        hint = f"; did you mean {self.suggestion!r}?" if self.suggestion else ""
        return f"{self.problem}: {self.residue!r} at character {self.position}{hint}"


class Clause(Struct):
    """What a text states about one line of business, while it is read.

    ``root`` is the line's code; ``named`` whether the text names the line itself. The sets
    hold codes of the catalogue, those of content the Chinese names of pre-approvals; ``bare``
    are those of ``only`` that are named without a sign.
    """

    root: str
    named: bool = False
    heading: str = ""
    at: int = 0
    only: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    included: set[str] = field(default_factory=set)
    excluded: set[str] = field(default_factory=set)
    with_content: set[str] = field(default_factory=set)
    without_content: set[str] = field(default_factory=set)
    areas: list[str] = field(default_factory=list)

    @property
    def grants(self) -> bool:
        """Whether it names what is permitted; else it only limits what others name."""
        return self.named or bool(self.bare)

    @property
    def states_something(self) -> bool:
        """Whether it states anything but areas."""
        return self.named or any(
            (self.only, self.included, self.excluded, self.with_content, self.without_content)
        )


def read_clauses(text: str, root: str) -> list[Clause]:
    """Read a text whose first words, unless they name a line themselves, are about ``root``.

    Raises `ScopeError` for a word that is not known or does not fit its position.
    """
    return _Reader(text, root).read()


def nearest_line(words: str) -> str:
    """Return the name of a line of business nearest to some words, or an empty text."""
    return _nearest(words, {Kind.LINE})


def _nearest(words: str, kinds: Set[Kind]) -> str:
    known = (word for word, meaning in VOCABULARY.items() if meaning.kind in kinds)
    return nearest(fold_tight(words).text, known)


_SIGNS = {Kind.NOT, Kind.EXCEPT, Kind.WITH, Kind.ONLY}
_NAMES = {*Kind} - {Kind.AREA}
_AMONG_OTHERS = "包括但不限于"
_ENDS = "、,。;:()【】[]"
_JOINERS = "、/和及与或并且"
_BEFORE_AREAS = re.compile("(?:(?:业务)?覆盖范围)?:|(?:业务)?覆盖范围")
_UNCLEAR = "it is not clear whether this is excluded too"
_OF_SOME_AREAS = "it is not clear for which areas (write a line for each area)"


class _Reader:
    """The state of reading one text: which sign (含, 不含, 仅限) applies at the cursor."""

    def __init__(self, text: str, root: str) -> None:
        self.original = text
        self.folded = fold_tight(simplified(text))
        self.clauses = [Clause(root)]
        self.sign: Kind | None = None
        self.pending: tuple[int, int] | None = None
        self.outer: list[Kind | None] = []
        self.stopped = False
        self.new_line = False
        self.in_list = False
        self.after_stop = False
        self.among_others = False
        self.unsigned: list[Word] = []
        self.excepted: set[str] = set()
        self.places: dict[str, tuple[int, int]] = {}
        self.areas = Areas()
        self.behind_area: list[bool] = []
        self.before: Kind | None = None

    @property
    def clause(self) -> Clause:
        return self.clauses[-1]

    def read(self) -> list[Clause]:
        """Read to the end and return the clauses that state something, or the only one."""
        at = 0
        while at < len(self.folded.text):
            known = word_at(self.folded.text, at)
            if known is None:
                raise self._residue(at)
            word, end = known
            self.new_line |= self._after_newline(at)
            self._take(word, at, end)
            # How many areas there are is a part of them: 北京、上海2直辖市.
            if not (word.kind is Kind.FILLER and self.folded.text[at].isdigit()):
                self.before = word.kind
            at = end
        self._check_operand()
        for clause in self.clauses:
            self._check_contradiction(clause)
            self._check_included(clause)
        return [clause for clause in self.clauses if clause.states_something] or self.clauses

    def _take(self, word: Word, at: int, end: int) -> None:
        match word.kind:
            case Kind.NOT | Kind.WITH | Kind.ONLY | Kind.EXCEPT:
                self._check_operand()
                self.sign, self.pending, self.unsigned = word.kind, (at, end), []
                self.excepted = set()
                self.in_list = self.after_stop = False
                self.among_others |= self.folded.text.startswith(_AMONG_OTHERS, at)
            case Kind.LINE | Kind.ITEM | Kind.FINER | Kind.PREAPPROVAL:
                self._operand(word, at, end)
            case Kind.EXCEPT_END:
                self._end_except(at, end)
            case Kind.EXCEPTED:
                self._take_back(at, end)
            case Kind.OPEN:
                self._open()
            case Kind.CLOSE:
                self._check_operand()
                self.sign = self.outer.pop() if self.outer else None
                self.behind_area = self.behind_area[:-1]
            case Kind.AREA:
                self._area(word, at, end)
            case Kind.STOP:
                self._stop(self.folded.text[at])
            case _:  # a filler means nothing else
                self.in_list |= self.pending is not None and self.folded.text[at] == ":"

    def _stop(self, char: str) -> None:
        """End a sentence, or begin an entry; those of 不含：1、…；2、… are still excluded."""
        self.in_list |= self.pending is not None
        self.stopped, self.excepted = True, set()
        self.after_stop = char == "。" or (char != "." and not self.in_list)

    def _area(self, word: Word, at: int, end: int) -> None:
        """Take an area, which 仅限 and 含 may name as well."""
        if self.sign in {Kind.ONLY, Kind.WITH} and self.pending is not None:
            self.sign = self.pending = None
        if not self.areas.name(word.value, among=self.folded.text.endswith("其中", 0, at)):
            raise self._error(_OF_SOME_AREAS, at, end)
        self.clause.areas.append(word.value)

    def _open(self) -> None:
        """Begin a bracket: its content has a sign of its own, unless one is pending."""
        self.outer.append(self.sign)
        self.behind_area.append(self.before is Kind.AREA)
        self.unsigned = []
        if self.pending is None:
            self.sign = None

    def _operand(self, word: Word, at: int, end: int) -> None:
        if word.kind is Kind.LINE:
            self._heading(word, at, end)
        else:
            if word.kind is Kind.PREAPPROVAL:
                self._content(word)
            else:
                self._item(word, at, end)
            self._limit(at, end)
        self.pending, self.stopped, self.new_line = None, False, False

    def _heading(self, word: Word, at: int, end: int) -> None:
        """Begin the clause of a line of business that the text names."""
        fresh = self.pending is None and (self.stopped or self.new_line)
        if self.sign in {Kind.NOT, Kind.EXCEPT} and not fresh:
            raise self._error("a line of business where an item is expected", at, end)
        self._begin(word.value, at, end)

    def _begin(self, root: str, at: int, end: int) -> None:
        heading, place = self._words(at, end), self.folded.origin(at)
        # 除网站接入以外的互联网接入服务业务: the exception precedes the name.
        excepted = {code for code in self.excepted if root_of(code) == root}
        self.clauses.append(Clause(root, named=True, heading=heading, at=place, excluded=excepted))
        self.sign, self.unsigned, self.excepted, self.areas = None, [], set(), Areas()

    def _item(self, word: Word, at: int, end: int) -> None:
        code = FINER[word.value] if word.kind is Kind.FINER else word.value
        if self._ends_exclusion(code, at, end):
            self.sign, self.stopped, self.areas = None, False, Areas()
            if not self.clause.only:
                return
        if root_of(code) != self.clause.root or self._heads():
            if self.sign is not None or word.kind is Kind.FINER:
                raise self._error("an item of another line of business", at, end)
            self._begin(root_of(code), at, end)
        self.places[code] = at, end
        self._add(word, code)

    def _limit(self, at: int, end: int) -> None:
        """Refuse a limit of some areas only; what has no sign begins anew."""
        if self.sign is None:
            self.areas = Areas()
        elif not self.areas.limit(bracket=any(self.behind_area)):
            raise self._error(_OF_SOME_AREAS, at, end)

    def _ends_exclusion(self, code: str, at: int, end: int) -> bool:
        """Return whether a name begins something else, as in 不含…；移动网信息服务：全国.

        Raises `ScopeError` where it may also be excluded.
        """
        if self.sign is None and self.outer and self.outer[-1] is Kind.NOT:
            raise self._error(_UNCLEAR, at, end)  # 不含信息搜索查询服务（信息社区服务）
        if self.sign is not Kind.NOT or self.pending is not None or self.outer:
            return False
        signed, placed = self._follows(end)
        if self.after_stop:
            if signed or placed:
                return True
            raise self._error(_UNCLEAR, at, end)
        before = self.folded.text[at - 1]
        fresh = before == "," or (self.new_line and before not in _JOINERS)
        if signed and children_of(code):
            if fresh:
                return True
            raise self._error(_UNCLEAR, at, end)
        # What is not part of Internet information services is not one of a list of its parts.
        listed = bool(self.excepted) and self.excepted <= {*INTERNET_ITEMS}
        return placed and fresh and listed and code not in INTERNET_ITEMS

    def _follows(self, end: int) -> tuple[bool, bool]:
        """Return whether a sign follows a name, and whether a colon or an area does."""
        text = self.folded.text
        between = _BEFORE_AREAS.match(text, end)
        begins = between.end() if between else end
        following = word_at(text, begins + text.startswith("(", begins))
        kind = following[0].kind if following else None
        return kind in _SIGNS, begins > end or (kind is Kind.AREA and text[begins] != "(")

    def _heads(self) -> bool:
        """Return whether a name is a heading, as after the stop in 不含…；互联网信息服务（…）."""
        items = self.clause.only or self.clause.excluded or self.clause.included
        return self.sign is None and self.stopped and not self.outer and bool(items)

    def _add(self, word: Word, code: str) -> None:
        """Add an item according to its sign; a limit inside an item only narrows it."""
        if self.sign in {None, Kind.ONLY}:
            self.clause.only.add(code)
        elif word.kind is Kind.FINER:
            return
        elif self.sign is Kind.WITH:
            self.clause.included.add(code)
        else:
            self.clause.excluded.add(code)
            self.excepted.add(code)
        if self.sign is None:
            self.unsigned.append(word)
            self.clause.bare.add(code)

    def _content(self, word: Word) -> None:
        if self.sign in {Kind.NOT, Kind.EXCEPT}:
            self.clause.without_content.add(word.value)
        else:
            self.clause.with_content.add(word.value)
            self.unsigned += [word] if self.sign is None else []

    def _end_except(self, at: int, end: int) -> None:
        """End 除…外: what follows is no longer excluded."""
        if self.sign is not Kind.EXCEPT:
            raise self._error("there is no 除 before it", at, end)
        self._check_operand()
        self.sign = None

    def _take_back(self, at: int, end: int) -> None:
        """Read …除外: the words without a sign before it are excluded."""
        if not self.unsigned:
            raise self._error("there is nothing before 除外", at, end)
        for word in self.unsigned:
            code = FINER.get(word.value, word.value)
            self.clause.only.discard(code)
            self.clause.bare.discard(code)
            if word.kind is Kind.PREAPPROVAL:
                self.clause.with_content.discard(word.value)
                self.clause.without_content.add(word.value)
            elif word.kind is Kind.ITEM:
                self.clause.excluded.add(code)
                self.excepted.add(code)
        self.unsigned = []

    def _after_newline(self, at: int) -> bool:
        # A line that begins before all words begins nothing: from the end on there is no text.
        origin = self.folded.origin
        return "\n" in self.original[origin(at - 1) : origin(at)]

    def _check_operand(self) -> None:
        if self.pending is not None:
            raise self._error("no known item follows", *self.pending)

    def _check_contradiction(self, clause: Clause) -> None:
        granted = clause.only | clause.included
        for code in sorted(out for out in clause.excluded for c in granted if covers(out, c)):
            problem = "both excluded and included (write a line for each area)"
            raise self._error(problem, *self.places[code])

    def _check_included(self, clause: Clause) -> None:
        """Refuse 含 of some of the five items: it does not say whether the others are permitted."""
        items = clause.included & {*INTERNET_ITEMS}
        told = clause.only or clause.excluded or items == {*INTERNET_ITEMS} or self.among_others
        if items and not told:
            first = min(self.places[code] for code in items)
            raise self._error("whether the other items are permitted is not clear", *first)

    def _words(self, at: int, end: int) -> str:
        origin = self.folded.origin
        return self.original[origin(at) : origin(end - 1) + 1]

    def _error(self, problem: str, at: int, end: int, suggestion: str = "") -> ScopeError:
        return ScopeError(problem, self._words(at, end), self.folded.origin(at), suggestion)

    def _residue(self, at: int) -> ScopeError:
        """Return an error for the unknown words up to the next known one, with the nearest name."""
        text = self.folded.text
        end = at + 1
        while end < len(text) and word_at(text, end) is None:
            end += 1
        stop = next((i for i in range(at, len(text)) if text[i] in _ENDS), None)
        near = _nearest(text[at:stop], _NAMES) or _nearest(text[at:end], _NAMES)
        return self._error("not a known word of a scope text", at, end, near)


# ---- What a scope text permits


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
    of_line = _read_line(line)
    base = _granted(of_line, _parts((of_line.root,)))
    told = [(clause, _within(clause, of_line, base)) for clause in read_clauses(text, of_line.root)]
    relevant = [(clause, permitted) for clause, permitted in told if permitted is not None]
    if not relevant:
        other = told[0][0]
        raise ScopeError("the scope of another line of business", other.heading, other.at)
    granted = [permitted for clause, permitted in relevant if clause.grants]
    permitted = frozenset[str]().union(*granted) if granted else base
    # Limits that precede the name of the line belong to that line.
    permitted = permitted.intersection(*(limits for c, limits in relevant if not c.grants))
    return _scope([of_line, *(clause for clause, _ in relevant)], permitted)


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


def _parts(codes: Iterable[str]) -> frozenset[str]:
    """Return the codes of which some consist, each without parts of its own."""
    return frozenset(part for code in codes for part in _parts(children_of(code)) or (code,))


def _granted(clause: Clause, base: frozenset[str]) -> frozenset[str]:
    """Return what remains of the parts of a line after 仅限, 含 and 不含."""
    # 互联网信息服务（信息社区服务） means the latter.
    only = {c for c in clause.only if not any(covers(c, o) for o in clause.only - {c})}
    start = base & _parts(only | clause.included) if only else base
    return start - _parts(clause.excluded)


def _within(clause: Clause, of_line: Clause, base: frozenset[str]) -> frozenset[str] | None:
    """Return what a clause permits inside the line; None where it is about another line.

    Refuses a text that excludes the whole line by one name: it belongs to another line.
    """
    if clause.named:
        if clause.root != of_line.root:
            return None
        own = _granted(clause, _parts((clause.root,)))
        return own & base or (None if own else own)
    for code in sorted(clause.excluded):
        if _parts((code,)) >= base:
            raise ScopeError("excludes the line of business itself", name_of(code).zh, clause.at)
    return _granted(clause, base)


def _scope(clauses: Sequence[Clause], permitted: frozenset[str]) -> Scope:
    items = frozenset(INTERNET_ITEMS)
    if permitted > items:
        permitted = permitted - items | {"B25.internet"}
    return Scope(
        permitted=permitted,
        excluded=frozenset[str]().union(*(c.excluded for c in clauses)) - permitted,
        preapprovals_included=_contents(clause.with_content for clause in clauses),
        preapprovals_excluded=_contents(clause.without_content for clause in clauses),
        areas=tuple(dict.fromkeys(area for clause in clauses for area in clause.areas)),
    )


def _contents(parts: Iterable[set[str]]) -> frozenset[str]:
    """Join names of content; 药品 and 医疗器械 are one pre-approval that some print as two."""
    names = frozenset[str]().union(*parts)
    halves = {"药品", "医疗器械"}
    return names - halves | {"药品和医疗器械"} if names >= halves else names


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
    first, again = (WORDINGS.get(word) for word in name.groups()) if name else (None, None)
    return first if first == again else None
