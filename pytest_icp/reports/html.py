"""The report for a reader without a terminal: one page, for a screen and for paper.

It needs nothing else than itself, and what users write stays text.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from html import escape
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, NoteKind, Verdict
from pytest_icp.kinds.messages import NOT_DECLARED
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing, standing_title
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain, quoted
from pytest_icp.reports import blocks as b
from pytest_icp.reports import sections as told
from pytest_icp.reports import since as s
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import Entry, entries, entries_by_cause, worst_first
from pytest_icp.reports.findings import Quoted, advice, findings_of, law, message, who_acts
from pytest_icp.reports.layout import inert, shortened
from pytest_icp.reports.overview import overview
from pytest_icp.reports.record import Role, by_role
from pytest_icp.reports.run import Run, incomplete, names_of_results, whole
from pytest_icp.reports.sections import duties, left
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.practice import by_practice

_MOST_RULES, _MOST_FINDINGS, _MOST_ROWS, _MOST_LINKS, _MOST_DIGESTS = 500, 20, 200, 40, 500
"""What of each is shown: a browser has to bear the page."""

_ROLES = {
    Role.DESCRIPTION: Text(zh="描述文件", en="Description"),
    Role.SOURCE: Text(zh="来源", en="Sources"),
    Role.EVIDENCE: Text(zh="证明材料", en="Evidence"),
    Role.POLICY: Text(zh="自有规定", en="Own policies"),
    Role.SHIPPED: Text(
        zh="随 pytest-icp 发布的规定，摘要是各文件摘要清单的",
        en="Policies that pytest-icp ships; the digest of the list of theirs",
    ),
}
_SECTIONS = {
    Standing.VIOLATED: "violated",
    Standing.UNKNOWN: "unknown",
    Standing.ADVISORY: "advisory",
    Standing.ADVISORY_UNKNOWN: "unknown",
    Standing.WAIVED: "waived",
    Standing.SATISFIED: "satisfied",
    Standing.NOT_APPLICABLE: "not-applicable",
}
"""The section that shows the rules of a standing."""

_TITLE = Text(
    zh="电信业务经营许可证特别规定事项核对报告",
    en="Special provisions of the telecommunications licence: report",
)
_HOLDER = Text(zh="持证单位", en="Holder")
_LICENCE = Text(zh="许可证编号", en="Licence number")
_AS_OF = Text(zh="截至（核对日）", en="As of")
_TERM = Text(zh="许可证有效期", en="Term of the licence")
_NEAREST = Text(zh="最近的期限", en="Nearest last day")
_SELECTED = Text(zh="未列入本次核对", en="Not selected")
_FIXABLE = Text(
    zh="{n}项违反现在可以改正；{over}项已经发生，不能补正，在回溯期内继续列示。",
    en="{n} can be fixed now; {over} happened and cannot be fixed, and are listed for as long as "
    "the look-back goes.",
)
_FOOT = Text(
    zh="公司自查记录，非主管部门结论",
    en="a record of the company's own check, no decision of an authority",
)
_DECISIONS = Text(zh="需要您决定的", en="What you are asked to decide")
_MATTER = Text(zh="事项", en="Matter")
_DONE_BY = Text(zh="办完的日期", en="Done by")
_CONCERNS = Text(zh="涉及", en="Concerns")
_AT_ONCE = Text(zh="责成立即办理：{rule}", en="Have it done at once: {rule}")
_SET_DATES = Text(zh="定下整改日期", en="Set a date for each fix")
_WAIVE = Text(
    zh="查明已经发生的违反的原因；是否批准豁免",
    en="Find out why what happened did; whether to waive it",
)
_JUDGE = Text(zh="认定是否已经履行", en="Decide whether the duty was met")
_ENDS = Text(
    zh="豁免于 {day} 届满：改正，还是延长", en="The waiver ends on {day}: fix, or extend it"
)
_VIOLATION = Text(zh="违反 {n}", en="violation {n}")
_BY_PROVISION = Text(zh="按规定汇总", en="By provision")
_FIX_NOW = Text(zh="现在可以改正", en="Can be fixed now")
_OVER = Text(zh="已经发生，不能补正", en="Happened, and cannot be fixed")
_POSSIBLE = Text(zh="可能违反", en="Possible violations")
_ASKED = Text(zh="由什么判断，由谁申报", en="What decides them, and who knows it")
_WAITING = Text(zh="全部无法判断的规则", en="All rules that cannot be decided")
_DATES = Text(zh="逾期的，和今后{n}日", en="overdue, and the next {n:day}")
_LONGER = Text(
    zh="日期是可以办理的最后一天；横条越长越急。",
    en="The date is the last day on which it can be done; the longer the bar, the more urgent.",
)
_NO_DUTY = Text(zh="没有逾期的和{n}日内到期的事项。", en="Nothing is overdue or due in {n:day}.")
_LATER = Text(zh="{n}项更晚到期，至{year}年。", en="{n} more are due later, until {year}.")
_NO_EFFECT = Text(zh="{n}项，不影响结论", en="{n}, of no effect on the verdict")
_NOT_SAID = Text(zh="这份报告没有说的", en="What this report does not say")
_UNSAID = (
    Text(
        zh="所列事实是公司自己申报的，或者从部署文件读出的；没有向任何机关、网络或者云平台查询。",
        en="The facts are those that the company declares, or that its deployment files say. No "
        "authority, network or cloud was asked.",
    ),
    Text(
        zh="编号的位置是否“显著”，制度的内容是否够用，由人判断。",
        en="Whether a number stands in a prominent place, and whether the contents of a document "
        "are good enough, is for people to judge.",
    ),
)
_NOT_SELECTED = Text(
    zh="{n}项规则未列入本次核对，是否违反没有判断。",
    en="{n:rule} not selected: whether they are violated was not judged.",
)
_ASSUMED = Text(zh="{n}项规则的结论依据假定。", en="{n:rule} decided on assumptions.")
_SIGNED = (
    Text(zh="编制（岗位、日期）", en="Prepared by (post, date)"),
    Text(zh="复核（岗位、日期）", en="Checked by (post, date)"),
    Text(zh="批准（岗位、日期）", en="Approved by (post, date)"),
)
_SIGNATURES = Text(zh="签署", en="Signatures")
_APPENDIX = Text(zh="附录：所读文件和版本", en="Appendix: the files that were read, and versions")
_DIGESTS = Text(
    zh="所读的{n}个文件及其摘要（SHA-256）", en="Digests (SHA-256) of the {n:file} read"
)

_STYLE = Path(__file__).with_name("page.css")

SIGNS: Mapping[Standing, str] = {
    Standing.VIOLATED: "✗",
    Standing.UNKNOWN: "?",
    Standing.ADVISORY: "!",
    Standing.ADVISORY_UNKNOWN: "¿",
    Standing.DUE_SOON: "›",
    Standing.WAIVED: "‖",
    Standing.DECIDED: "☑",
    Standing.SATISFIED: "✓",
    Standing.NOT_APPLICABLE: "–",
}

_TAGS = {"code": "code", "strong": "strong"}

_BEFORE, _AFTER = 60, 120
"""Characters of a long line that are shown on either side of a fact."""

_LONGEST = 4000
"""Characters of the words of a law."""

_COMMAND = re.compile(r"(?<!\S):(?=:)")
"""By which a CI service knows a command when a report is printed into its log."""

_SKIP = Text(zh="跳到结果", en="Skip to the results")
_LANGUAGE = Text(zh="语言", en="Language")
_BOTH = Text(zh="双语", en="Both")
_PAGES = Text(zh="第 {} 页，共 {} 页", en="page {} of {}")


def html(run: Run) -> str:
    """Return a run as a page without scripts, on which nothing is folded but the digests."""
    report, writer = _Report(run), _Writer(run.language)
    style = _STYLE.read_text("utf-8") + _margins(run, report.seen.word)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{"en" if run.language == "en" else "zh-CN"}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_escaped(in_languages(_TITLE, run.language))}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            f'<a class="skip" href="#main">{writer.text(_SKIP)}</a>',
            "<header>",
            *(_languages(writer) if run.language == "both" else ()),
            *writer.blocks(report.head()),
            "</header>",
            '<main id="main">',
            *writer.blocks(report.main()),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


class _Rule(Struct, frozen=True, kw_only=True):
    """A rule as the page shows it.

    ``name`` is where links to it lead, empty where the rule stands worse in another description;
    those that are violated have a ``number``.
    """

    result: Result
    entries: Sequence[Entry]
    name: str = ""
    number: int = 0

    @property
    def worst(self) -> Finding | None:
        """The worst finding, if anything was found."""
        return self.entries[0].finding if self.entries else None

    @property
    def over(self) -> bool:
        """Whether what was found is past mending."""
        return self.worst is not None and self.worst.over is not None

    @property
    def overdue(self) -> bool:
        """Whether its last day has passed, and it is still to be done."""
        due = self.worst.due if self.worst else None
        return due is not None and due < self.result.as_of[:10] and not self.over

    @property
    def who(self) -> Text:
        """The role that has to do something about it, if anybody is named."""
        return who_acts(self.worst) if self.worst else plain("")

    @property
    def link(self) -> b.Span:
        """A link to it, by its number."""
        said = _VIOLATION.format(n=self.number) if self.number else self.result.title
        return b.Span(said, link=f"#{b.anchor(self.result.rule_id)}")

    @property
    def row(self) -> b.Span:
        """A link to it in a row of its own, by its number and title."""
        said = plain(f"{self.number} " if self.number else "") + self.result.title
        standing, link = self.result.standing, f"#{b.anchor(self.result.rule_id)}"
        return b.Span(said, "row", 120, standing=standing, link=link)


def _order(rule: _Rule) -> tuple[bool, bool, bool, int]:
    """Put what can be fixed first: the new, the overdue, then what is pursued most."""
    new = any(entry.new for entry in rule.entries)
    return rule.over, not new, not rule.overdue, by_practice(rule.result.rule_id)


def _rules(run: Run) -> Mapping[Standing, Sequence[_Rule]]:
    """Return the rules of a run by their standing, those that are violated with their numbers."""
    of_result: dict[int, list[Entry]] = {}
    for entry in entries_by_cause(entries(run)):
        if entry.standing is not Standing.DUE_SOON:
            of_result.setdefault(id(entry.result), []).append(entry)
    groups: dict[Standing, list[_Rule]] = {how: [] for how in Standing}
    for result in run.results:
        found = worst_first(of_result.get(id(result), []))
        groups[result.standing].append(_Rule(result=result, entries=found))
    named: set[str] = set()
    for rules in groups.values():
        rules.sort(key=_order)
        for i, rule in enumerate(rules):
            name = b.anchor(rule.result.rule_id)
            rules[i] = replace(rule, name="" if name in named else name)
            named.add(name)
    violated = groups[Standing.VIOLATED]
    violated[:] = [replace(one, number=i) for i, one in enumerate(violated, 1)]
    return groups


class _Report:
    """Builds the page of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.every = whole(run)
        self.seen = overview(run)
        self.rules = _rules(self.every)
        every = (one for each in self.rules.values() for one in each)
        self.by_id = {one.result.rule_id: one for one in every if one.name}
        self.names = names_of_results(self.every.results)
        self.duties = duties(run)
        self._quoted: Quoted = {}

    def main(self) -> Iterator[b.Block]:
        """Yield section by section what is to be decided and done, and the rest."""
        yield from self._not_judged()
        if self.run.since or self.run.tolerated:
            title = s.title(self.run.since) if self.run.since else w.TOLERATED
            yield from _section("since", title, told.change_blocks(self.run, _MOST_ROWS))
        yield from _section("decisions", _DECISIONS, self._decisions())
        licences = told.by_licence(self.run, self.seen)
        yield from _section("licences", w.BY_LICENCE, licences)
        yield from _section("matrix", _BY_PROVISION, told.provisions(self.seen, self._named))
        violated = self.rules[Standing.VIOLATED]
        title = standing_title(Standing.VIOLATED)
        yield from _section("violated", title, self._violated(violated), len(violated))
        yield from self._undecided()
        yield from self._due()
        yield from self._advisory()
        found = worst_first(entries_by_cause(entries(self.every)))
        accepted = told.accepted(found, self._accepted(), _MOST_ROWS)
        for name, (title, blocks) in zip(("waived", "decided"), accepted, strict=True):
            yield from _section(name, title, blocks)
        weakened = told.troubles(self.run.weakened, _MOST_ROWS)
        yield from _section("weakened", w.WEAKENED, weakened)
        yield from _section("not-said", _NOT_SAID, self._not_said())
        signed = b.Items(tuple(b.Item(b.line(one)) for one in _SIGNED), "signatures")
        yield from _section("signatures", _SIGNATURES, [signed])
        for how in (Standing.SATISFIED, Standing.NOT_APPLICABLE):
            rules = self.rules[how]
            title = standing_title(how)
            yield from _section(_SECTIONS[how], title, self._lines(rules), len(rules))
        yield from _section("files", _APPENDIX, self._files())

    def head(self) -> Iterator[b.Block]:
        """Yield whose licence was judged, as of when, what is due next, and how it stands."""
        seen = self.seen
        printed = ((one.holder, one.licence, one.term.said) for one in self.run.records)
        licences = list(dict.fromkeys(printed))
        yield b.paragraph(_TITLE, style="kicker")
        if len(licences) == 1:
            yield b.Heading(b.line(licences[0][0] or NOT_DECLARED), 1)
        yield from told.urgent_blocks(self.run)
        rows: list[tuple[Text, b.Line]] = []
        for holder, licence, term in licences[:_MOST_ROWS]:
            if len(licences) > 1:
                rows.append((_HOLDER, b.line(holder or NOT_DECLARED)))
            rows += [(_LICENCE, b.line(licence or NOT_DECLARED)), (_TERM, b.line(term))]
        rows.append((_AS_OF, b.line(self.run.as_of[:10])))
        for one in self.duties[:1]:
            days = b.Span(left(one), "bad" if one.days < 0 else "")
            rows.append((_NEAREST, b.line(str(one.last), days)))
        yield b.Rows(tuple(rows), "facts")
        yield from b.more(len(licences) - _MOST_ROWS)
        yield from told.remark_blocks(self.run)
        yield b.Group(tuple(self._verdict()), f"div verdict {seen.worst.replace(' ', '-')}")

    def _verdict(self) -> Iterator[b.Block]:
        seen, violated = self.seen, self.rules[Standing.VIOLATED]
        yield b.paragraph(b.sign(seen.worst, seen.word), style="word")
        yield b.paragraph(seen.judged)
        if violated:
            over = sum(one.over for one in violated)
            yield b.paragraph(_FIXABLE.format(n=len(violated) - over, over=over))
        counts = [
            (b.Span(standing_title(how), standing=how, link=f"#{_SECTIONS[how]}"), seen.counts[how])
            for how in seen.standings
        ]
        every = (*counts, (b.Span(_SELECTED), len(self.run.ignored)))
        lines = [b.line(name, b.strong(str(n))) for name, n in every]
        yield from b.items(lines, len(lines), "counts")

    def _named(self, rules: Sequence[str]) -> b.Line:
        """Return links to some rules, by their numbers or titles."""
        named = [self.by_id[rule].row for rule in rules[:_MOST_LINKS]]
        return b.line(*named, _more(len(rules) - len(named)))

    def _not_judged(self) -> Iterator[b.Block]:
        missed = (*self.run.troubles, *incomplete(self.run))
        articles = []
        for one in missed[:_MOST_RULES]:
            said: list[b.Block] = [b.paragraph(b.strong(one.message))]
            said += [b.paragraph(one.hint)] if one.hint.en else []
            articles.append(b.Group((*said, b.Excerpt(one.location)), "article not-judged"))
        left_out = b.more(len(missed) - _MOST_RULES)
        yield from _section("not-judged", w.NOT_JUDGED, [*articles, *left_out])

    def _decisions(self) -> Iterator[b.Block]:
        """Yield what a manager is asked to decide, each with who is to do it."""
        rows = [
            (b.line(what), b.line(who), (), tuple(one.link for one in rules[:_MOST_LINKS]))
            for what, who, rules in self._asked()
        ]
        head = b.head(_MATTER, w.WHO, _DONE_BY, _CONCERNS)
        yield from b.table(head, rows, len(rows), "decisions")

    def _asked(self) -> Iterator[tuple[Text, Text, Sequence[_Rule]]]:
        violated = self.rules[Standing.VIOLATED]
        for one in violated:
            if one.overdue:
                yield _AT_ONCE.format(rule=one.result.title), one.who, [one]
        rest = [one for one in violated if not (one.overdue or one.over)]
        for who in dict.fromkeys(one.who for one in rest):
            yield _SET_DATES, who, [one for one in rest if one.who == who]
        for said, rules in (
            (_WAIVE, [one for one in violated if one.over]),
            (_JUDGE, [one for one in self._open() if one.result.to_review]),
        ):
            if rules:
                acting = {one.who for one in rules}
                yield said, acting.pop() if len(acting) == 1 else plain(""), rules
        today = date.fromisoformat(self.run.as_of[:10])
        for one in self.rules[Standing.WAIVED]:
            waived = one.result.waived
            if waived and (date.fromisoformat(waived.expires) - today).days <= self.run.warn_days:
                yield _ENDS.format(day=waived.expires), plain(waived.owner), [one]

    def _violated(self, violated: Sequence[_Rule]) -> Iterator[b.Block]:
        for over, group in groupby(violated[:_MOST_RULES], key=lambda one: one.over):
            of_one = list(group)
            yield b.Heading(b.line(_OVER if over else _FIX_NOW, b.soft(f"({len(of_one)})")))
            yield from map(self._rule, of_one)
        yield from b.more(len(violated) - _MOST_RULES)

    def _rule(self, rule: _Rule) -> b.Group:
        """Return a rule of which something is to be done."""
        result, name = rule.result, self.names.get(rule.result.description, "")
        number = _VIOLATION.format(n=rule.number) if rule.number else None
        sign = b.strong(str(rule.number)) if number else b.sign(result.standing)
        page = self.run.pages.get(result.rule_id, "")
        own_id = b.Span(plain(result.rule_id), "code", 80, link=page)
        blocks = (
            b.Heading(b.line(sign, b.short(result.title, 200), own_id), 4),
            *([b.paragraph(b.code(name, 120))] if name else ()),
            *(findings_of(rule.entries, _MOST_FINDINGS) if rule.entries else ()),
            *law(result, self._quoted, number),
        )
        return b.Group(blocks, f"article {result.standing.replace(' ', '-')}", rule.name)

    def _open(self) -> list[_Rule]:
        return [*self.rules[Standing.UNKNOWN], *self.rules[Standing.ADVISORY_UNKNOWN]]

    def _undecided(self) -> Iterator[b.Block]:
        """Yield what a person must decide, what may be a violation, and what is not known."""
        rules = self._open()
        review = [one for one in rules if one.result.to_review]
        rest = [one for one in rules if not one.result.to_review]
        possible = [one for one in rest if one.result.would_be_violated]
        others = [one for one in rest if not one.result.would_be_violated]
        asked = told.unknown([one.result for one in rest], _MOST_ROWS)
        blocks = [
            *_counted(w.TO_REVIEW, len(review), map(self._rule, review)),
            *_counted(_POSSIBLE, len(possible), map(self._rule, possible)),
            *b.titled(b.Heading(b.line(_ASKED)), asked),
            *_counted(_WAITING, len(others), self._lines(others)),
        ]
        yield from _section("unknown", standing_title(Standing.UNKNOWN), blocks, len(rules))

    def _due(self) -> Iterator[b.Block]:
        days = self.run.warn_days
        near = [one for one in self.duties if one.days <= days]
        later = [one for one in self.duties if one.days > days]
        blocks: list[b.Block] = [b.paragraph(b.soft(_LONGER))] if near else []
        if not near:
            blocks.append(b.paragraph(_NO_DUTY.format(n=days)))
        blocks += told.due_table(near, self.run, _MOST_ROWS)
        if later:
            said = _LATER.format(n=len(later), year=later[-1].last.year)
            blocks.append(b.paragraph(b.soft(said)))
        yield from _section("due", w.TIMELINE, blocks, _DATES.format(n=days))

    def _advisory(self) -> Iterator[b.Block]:
        """Yield what is advised and not done, a row each."""
        rules = self.rules[Standing.ADVISORY]
        rows = [
            (
                self._anchored(one),
                b.line(*message(entry), _more(len(one.entries) - 1)),
                b.line(advice(one.result, entry.finding)[1]),
            )
            for one in rules
            for entry in one.entries[:1]
        ]
        head = (*b.head(w.RULE), b.line(w.FOUND), b.line(w.FIX))
        said = _NO_EFFECT.format(n=len(rules))
        title = standing_title(Standing.ADVISORY)
        yield from _section("advisory", title, b.table(head, rows, _MOST_ROWS, "advice"), said)

    def _anchored(self, rule: _Rule) -> b.Line:
        """Return a rule by its title and id, to which links to it lead."""
        result = rule.result
        title = b.Span(result.title, most=200, name=rule.name)
        page = self.run.pages.get(result.rule_id, "")
        name = self.names.get(result.description, "")
        own_id = b.Span(plain(result.rule_id), "code", 80, link=page)
        new = any(entry.new for entry in rule.entries)
        tag = b.Span(w.NEW, "tag") if new else ""
        return b.line(title, own_id, b.code(name, 120) if name else "", tag)

    def _accepted(self) -> Callable[[Entry], b.Line]:
        """Return what names the rule of an accepted finding, to which links to it lead once."""
        here = {id(one.result): one for one in self.rules[Standing.WAIVED]}

        def named(entry: Entry) -> b.Line:
            found = here.pop(id(entry.result), _Rule(result=entry.result, entries=[]))
            part = entry.finding.part
            return (*self._anchored(found), *b.line(b.code(part, 60) if part else ""))

        return named

    def _lines(self, rules: Sequence[_Rule]) -> Iterator[b.Block]:
        """Yield rules, a line each; those that are not satisfied for one reason together."""
        groups: dict[object, list[_Rule]] = {}
        for rule in rules[:_MOST_RULES]:
            satisfied = rule.result.verdict is Verdict.SATISFIED
            groups.setdefault(id(rule) if satisfied else rule.result.reason, []).append(rule)
        found = [
            b.line(
                b.sign(group[0].result.standing),
                *(span for one in group for span in self._anchored(one)),
                b.soft(why, 300) if isinstance(why, Text) else "",
            )
            for why, group in groups.items()
        ]
        yield from b.items(found, _MOST_RULES, "lines")
        yield from b.more(len(rules) - _MOST_RULES)

    def _not_said(self) -> Iterator[b.Items]:
        notes = [{note.kind for note in one.notes} for one in self.every.results]
        assumed = sum(NoteKind.ASSUMED in kinds for kinds in notes)
        said = [
            *_UNSAID,
            *([_NOT_SELECTED.format(n=len(self.run.ignored))] if self.run.ignored else ()),
            *([_ASSUMED.format(n=assumed)] if assumed else ()),
        ]
        yield from b.items([b.line(one) for one in said], len(said))

    def _files(self) -> Iterator[b.Block]:
        """Yield the version, and the SHA-256 of every file, as `sha256sum` writes them."""
        run = self.run
        yield b.paragraph(f"pytest-icp {run.version}".rstrip())
        read = (one for record in run.records for one in record.digests)
        files = by_role((*read, *run.policy_files))
        blocks: list[b.Block] = []
        for role, found in files.items():
            number = b.soft(f"({len(found)})")
            blocks.append(b.paragraph(b.strong(_ROLES[role]), number, style="role"))
            lines = [f"{one.sha256}  {one.path}" for one in found]
            if role is Role.SHIPPED:
                digest = sha256("".join(f"{one}\n" for one in lines).encode()).hexdigest()
                lines = [f"{digest}  {run.version}".rstrip()]
            blocks.append(b.Code(tuple(lines[:_MOST_DIGESTS]), "digests"))
            blocks += b.more(len(found) - _MOST_DIGESTS)
        if blocks:
            title = b.line(_DIGESTS.format(n=sum(map(len, files.values()))))
            yield b.Group(tuple(blocks), title=title, folded=True)


def _section(
    name: str, title: Text, blocks: Iterable[b.Block], said: Text | int = 0
) -> Iterator[b.Group]:
    """Yield a section under its title, if there is anything in it; ``said`` is how much."""
    below = tuple(blocks)
    if below:
        note = b.soft(f"({said})" if isinstance(said, int) else said) if said else ""
        yield b.Group((b.Heading(b.line(title, note), 2), *below), "section", name)


def _more(left_out: int) -> b.Words:
    return b.soft(w.MORE.format(n=left_out)) if left_out else ""


def _counted(title: Text, count: int, blocks: Iterable[b.Block]) -> Iterator[b.Block]:
    yield from b.titled(b.Heading(b.line(title, b.soft(f"({count})"))), blocks)


def _escaped(text: str) -> str:
    """Return text that neither a page nor a terminal obeys."""
    safe = escape(inert(text))
    return _COMMAND.sub("&#58;", safe) if "::" in safe else safe


def _languages(writer: _Writer) -> Iterator[str]:
    """Yield what chooses between two languages and both, which the style sheet obeys."""
    yield f'<fieldset><legend class="unseen">{writer.text(_LANGUAGE)}</legend>'
    for name, text in (("both", in_languages(_BOTH, "both")), ("zh", "中文"), ("en", "English")):
        checked = " checked" if name == "both" else ""
        button = f'<input type="radio" name="language" id="{name}"{checked}>'
        yield f'<label for="{name}">{button} {text}</label>'
    yield "</fieldset>"


def _margins(run: Run, word: Text) -> str:
    """Return the rules of the margins of each printed page but the first: two heads, and a foot."""
    licences = ", ".join(f"{one.holder} {one.licence}".strip() for one in run.records[:3])
    verdict = w.AS_OF.format(day=run.as_of[:10]) + plain(" · ") + word
    left, right, foot = (
        _css(in_languages(one, run.language)) for one in (plain(licences), verdict, _FOOT)
    )
    first, last, after = _PAGES["en" if run.language == "en" else "zh"].split("{}")
    number = f'"{first}" counter(page) "{last}" counter(pages) "{after}"'
    return (
        f"\n@page {{ @top-left {{ content: {left}; }} @top-right {{ content: {right}; }}"
        f" @bottom-left {{ content: {foot}; }} @bottom-right {{ content: {number}; }} }}\n"
        "@page :first { @top-left { content: none; } @top-right { content: none; } }\n"
    )


def _css(text: str) -> str:
    """Return a string of a style sheet; all but letters and digits is written as its number."""
    shown = inert(shortened(text, 120))
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):06x}" for c in shown) + '"'


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


class _Writer(Struct, frozen=True):
    """Writes blocks in the languages of a page."""

    language: Language

    def blocks(self, blocks: Iterable[b.Block]) -> Iterator[str]:
        """Yield the elements of blocks."""
        for block in blocks:
            yield from self._block(block)

    def text(self, text: Text, most: int = 1000) -> str:
        """Return a text, each language marked as what it is where there are two."""
        zh, en = (_escaped(shortened(one, most)) for one in (text.zh, text.en))
        if self.language != "both" or zh == en:
            return en if self.language == "en" else zh
        return (
            f'<span lang="zh-CN">{zh}</span><span class="between"> · </span>'
            f'<span lang="en">{en}</span>'
        )

    def line(self, line: b.Line) -> str:
        """Return a line."""
        return " ".join(map(self._span, line))

    def _span(self, span: b.Span) -> str:
        text = self.text(span.text, span.most)
        if span.style in _TAGS:
            text = f"<{_TAGS[span.style]}>{text}</{_TAGS[span.style]}>"
        if span.standing:
            text = self._sign(span.standing, text)
        if span.link:
            text = f'<a href="{escape(span.link)}">{text}</a>'
        if span.name or (span.style and span.style not in _TAGS):
            name = f' id="{span.name}"' if span.name else ""
            return f"<span{name}{_class(span.style)}>{text}</span>"
        return text

    def _sign(self, standing: Standing, name: str) -> str:
        """Return the sign of a standing; who does not see it hears its name."""
        css = standing.replace(" ", "-")
        sign = f'<span class="sign {css}" aria-hidden="true">{SIGNS[standing]}</span>'
        if name:
            return f"{sign} {name}"
        return f'{sign}<span class="unseen">{self.text(standing_title(standing))}</span>'

    def _block(self, block: b.Block) -> Iterator[str]:
        match block:
            case b.Heading():
                yield f"<h{block.level}>{self.line(block.line)}</h{block.level}>"
            case b.Paragraph():
                yield f"<p{_class(block.style)}>{self.line(block.line)}</p>"
            case b.Items():
                yield from self._items(block)
            case b.Rows():
                yield from self._rows(block)
            case b.Table():
                yield from self._table(block)
            case b.Code():
                lines = "\n".join(_escaped(shortened(one, 200)) for one in block.lines)
                yield f'<pre{_class(block.style)} tabindex="0">{lines}</pre>'
            case b.Excerpt():
                yield _excerpt(block.location)
            case b.Quote():
                yield self._quote(block)
            case b.Group():
                yield from self._group(block)

    def _items(self, block: b.Items) -> Iterator[str]:
        yield f"<ul{_class(block.style)}>"
        for item in block.items:
            yield f"<li>{self.line(item.line)}"
            yield from self.blocks(item.below)
            yield "</li>"
        yield "</ul>"

    def _rows(self, block: b.Rows) -> Iterator[str]:
        yield f"<dl{_class(block.style)}>"
        for label, line in block.rows:
            yield f"<dt>{self.text(label)}</dt> <dd>{self.line(line)}</dd>"
        yield "</dl>"

    def _table(self, table: b.Table) -> Iterator[str]:
        heads = [
            f'<th scope="col"{_class("number" if i in table.numbers else "")}>{self.line(one)}</th>'
            if one
            else "<td></td>"
            for i, one in enumerate(table.head)
        ]
        yield f'<div class="scroll" tabindex="0"><table{_class(table.style)}>'
        yield f"<thead><tr>{' '.join(heads)}</tr></thead>"
        yield "<tbody>"
        for row in table.rows:
            cells = (self._cell(table, i, one) for i, one in enumerate(row))
            yield f"<tr>{' '.join(cells)}</tr>"
        yield "</tbody></table></div>"

    def _cell(self, table: b.Table, column: int, cell: b.Line | b.Bar) -> str:
        if isinstance(cell, b.Bar):
            bar = f'<rect width="{cell.size}" height="10"{_class(cell.style)}/>'
            return (
                '<td class="pictured"><svg class="bar" viewBox="0 0 1000 10" '
                f'preserveAspectRatio="none" aria-hidden="true">{bar}</svg></td>'
            )
        if column == 0:
            return f'<th scope="row">{self.line(cell)}</th>'
        # On a narrow screen, where each row is a block, the label stands beside the cell.
        label = " ".join(
            SIGNS[one.standing] if one.standing else in_languages(one.text, self.language)
            for one in table.head[column]
        )
        css = _class("number" if column in table.numbers else "")
        return f'<td{css} data-label="{_escaped(label)}">{self.line(cell)}</td>'

    def _quote(self, quote: b.Quote) -> str:
        words = quote.text
        said = quoted(words) if words else Text("", "")
        cited = f"<cite>{self.line(quote.source)}</cite>"
        return f"<blockquote>{cited} {self.text(said, _LONGEST)}</blockquote>"

    def _group(self, group: b.Group) -> Iterator[str]:
        tag, _, css = (group.style or "div").partition(" ")
        name = f' id="{group.name}"' if group.name else ""
        yield f"<{tag}{name}{_class(css)}>"
        if group.folded:
            yield f"<details><summary>{self.line(group.title)}</summary>"
        yield from self.blocks(group.blocks)
        if group.folded:
            yield "</details>"
        yield f"</{tag}>"


def _excerpt(location: Location) -> str:
    """Return the place of a fact and its line, where there is one, with the fact marked."""
    place = f'<span class="soft">{_escaped(shortened(str(location), 200))}</span>'
    if not location.line or not location.excerpt:
        return f'<pre class="excerpt" tabindex="0">{place}</pre>'
    start = (location.column or 1) - 1
    end = start + max(location.width, 1)
    first = max(0, start - _BEFORE)
    last = min(len(location.excerpt), end + _AFTER, first + _BEFORE + 2 * _AFTER)
    before = "…" + location.excerpt[first:start] if first else location.excerpt[:start].lstrip()
    fact = location.excerpt[start : min(end, last)]
    after = location.excerpt[end:last] + ("…" if last < len(location.excerpt) else "")
    marked = f"{_escaped(before)}<mark>{_escaped(fact)}</mark>{_escaped(after)}"
    return f'<pre class="excerpt" tabindex="0">{place} {marked}</pre>'
