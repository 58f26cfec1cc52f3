"""How an obligation is decided, in words: its kind, and what its policy tells the kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pytest_icp.core.catalogue import name_of
from pytest_icp.core.condition import ANYTHING
from pytest_icp.core.describe import show
from pytest_icp.core.jsontypes import Json, JsonObject
from pytest_icp.core.policy import Obligation
from pytest_icp.core.reads import rooted
from pytest_icp.core.text import Text, plain
from pytest_icp.core.units import UNITS, counted
from pytest_icp.reporters.conditions import sentence

_EACH = Text("对象", "subjects")
_WHERE = Text("限于", "only where")
_WHERE_ABOVE = Text("上级限于", "only in one where")
_ITEMS = Text("适用于许可", "applies to licences of")
_WITHOUT = Text("适用于未许可", "applies to licences without")
_OPERATES = Text("适用于实际经营", "applies to who operates")
_WHEN = Text("适用条件", "applies when")
_REQUIRE = Text("要求", "required")
_TERM = Text("期限", "term")
_DONE = Text("办理", "done")
_PERIOD = Text("时段", "window")
_WHILE = Text("持证期间", "while licensed")
_RESTART = Text("重新起算", "begun anew by")
_RECORDS = Text("记录", "records")
_GROWN = Text(
    "{after} 达到 {before} 的 {factor} 倍，或者多出 {increase}",
    "{after} is at least {factor} times {before}, or {increase} more",
)
_LATEST = Text("最近一次", "the last time")
_SERVING = Text("所属业务", "on services of")
_FIRST = Text("先", "first")
_THEN = Text("后", "then")
_LEAST = Text("至少相隔", "at least apart")
_MOST = Text("至多相隔", "at most apart")
_FACT = Text("核对", "compared")
_WITH = Text("对照", "with")
_ALSO = Text("也接受", "also accepted")
_AMONG = Text("应见于", "found among")
_MATCH = Text("比对方法", "how")
_PLACES = Text("载明地点", "printed places")
_SITES = Text("所属网站", "its sites")
_HOLDER = Text("单位", "organisation")
_DEMANDS = Text("应有", "each of")
_UNTIL = Text("有效至", "good until")
_EXEMPT = Text("免于持证", "no licence needed where")
_OURSELVES = Text("本公司", "the company itself")
_EACH_OF = Text("{fact}中的每一项", "each of {fact}")
_NO_LATER = Text("截至时点，但不晚于{last}", "the day asked about, no later than {last}")
_CATEGORIES = Text("许可类别", "categories")
_THROUGHOUT = Text("期间", "throughout")
_SET_UP = Text("设定", "as set up")
_OLDEST = Text("最早的记录", "oldest record")
_SINCE = Text("开始记录", "recording since")
_PAGE = Text("页面", "page")
_SHOWS = Text("编号", "number")
_NAME = Text("名称", "name")
_WORDS = Text("文字", "words")
_STATED = Text("或者申报", "or stated in")
_STATED_BY = Text("审核岗位", "by the post")
_UNIT = Text("单位", "unit")
_RUNS_FROM = Text("记录起始", "a record runs from")
_RUNS_UNTIL = Text("记录截止", "a record runs until")
_ON = Text("有效日", "in force on")
_UP_TO_NOW = Text("持续有效，自", "in force ever since")
_ONLY = Text("只核对", "only of")
_DOCUMENT = Text("文件", "document")
_MAX_AGE = Text("最长时效", "oldest allowed")
_COMPARED = Text("比对内容", "compared")

_AFTER = Text("{fact}之后 {amount}内", "within {amount} after {fact}")
_BEFORE = Text("{fact}之前 {amount}", "{amount} before {fact}")
_ON_OR_BEFORE = Text("{fact}当日或者之前", "on or before {fact}")
_NOT_AFTER = Text("不晚于{fact}", "not after {fact}")
_ELSE = Text("{fact}（未发生的，为{other}）", "{fact} (while that is `never`, {other})")
_EACH_TIME = Text("每一个{at}", "each {at}")
_SHARE = Text(
    "{what}，且{fact}不少于最大的{count}的 {percent}%",
    "{what}, and {fact} is at least {percent}% of the largest {count}",
)
_EARLIEST = Text("最早的{at}", "the first {at}")
_EARLIEST_THEN = Text("此后最早的{at}", "the first {at} from then on")
_IN_WHICH = Text("{what}，限于{where}", "{what}, where {where}")
_YEARLY = Text("每年 {first} 至 {last}", "{first} to {last} of every year")
_EVERY = Text("{fact}起每 {amount}一次", "every {amount} from {fact}")
_FROM_TO = Text("{first}至{last}", "{first} to {last}")
_RECORDED = Text("{at}，按{year}归属年度", "{at}, for the year in {year}")
_JOINED = Text("{fact}，按{joined}对应", "{fact}, joined by {joined}")
_MAINLAND = Text("在境内", "in mainland China")
_AS_OF = Text("截至时点", "the day asked about")
_AT_LEAST = Text("不少于 {amount}", "at least {amount}")
_HOST = Text("域名相同，或者是其下级域名", "the same domain, or one under it")
_DOMAIN = Text("域名相同，或者是其上级域名", "the same domain, or one above it")
_AREA = Text("地域相同或者位于其中；合在一起算", "the same area, or one in them all together")
_EQUAL = Text("完全相同", "equal")
_ONCE = Text("只能见于一处", "in one place only")
_REGISTERED = Text("证明清单中 rule 为 {rule} 的文件", "the entries of `attestations` for {rule}")
_COMPARISONS: Mapping[str, Text] = {
    "items": Text(
        "服务的功能所属的项目和自行申明的项目，均在许可范围内",
        "the items that features imply, or that are declared, are licensed",
    ),
    "declared": Text(
        "功能所属的项目均已自行申明", "the items that features imply are all declared"
    ),
    "areas": Text("服务地域在许可的覆盖范围内", "the areas served are licensed"),
    "content": Text(
        "须前置审批的内容均由许可证载明为「含」",
        "pre-approved content is printed as included in the licence",
    ),
}


_CONTAINED: Mapping[str, Text] = {
    "cancel": Text(
        "取得跨地区许可证之前已持有、业务和地域都包含在其范围内的省内许可证，在期限内向省通信管理局"
        "注销或变更",
        "a provincial licence that was held before a cross-regional one, and whose services and "
        "areas lie in it, is cancelled or changed at its province in time",
    ),
    "duplicate": Text(
        "取得跨地区许可证之后，不再取得包含在其范围内的省内许可证",
        "no provincial licence is obtained after a cross-regional one that it lies in",
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an explanation: a label and what it says."""

    label: Text
    text: Text


def method(obligation: Obligation, title: Callable[[str], Text]) -> tuple[Row, ...]:
    """Say what an obligation looks at and asks; ``title`` names a dotted path of a fact."""
    return tuple(_Teller(obligation, title).rows())


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells the fields of one obligation, each fact by its title and its path."""

    obligation: Obligation
    title: Callable[[str], Text]

    def rows(self) -> Iterator[Row]:
        obligation = self.obligation
        rule = obligation.applies
        gates = ((_ITEMS, rule.items), (_WITHOUT, rule.without), (_OPERATES, rule.operates))
        yield from (Row(label, _names(codes)) for label, codes in gates if codes)
        if obligation.applies.when is not None:
            yield Row(_WHEN, sentence(obligation.applies.when, "", self.title))
        yield Row(_EACH, self._fact("/" + obligation.each.strip("/")))
        if obligation.where != ANYTHING:
            yield Row(_WHERE, sentence(obligation.where, self._each, self.title))
        above = obligation.condition("parent_where")
        if above != ANYTHING:
            yield Row(_WHERE_ABOVE, sentence(above, rooted(self._each, "../"), self.title))
        if obligation.group("serving"):
            items = obligation.group("serving")["items"]
            codes = tuple(map(str, items)) if isinstance(items, list) else ()
            yield Row(_SERVING, _names(codes))
        yield from _TELLERS.get(obligation.kind, _Teller._as_written)(self)

    @property
    def _each(self) -> str:
        return rooted("", self.obligation.each)

    def _fact(self, path: str, base: str = "") -> Text:
        dotted = rooted(rooted(self._each, base) if base else self._each, path)
        title = self.title(dotted)
        return Text(f"「{title.zh}」（{dotted}）", f"“{title.en}” ({dotted})")

    def _field(self, name: str) -> Text:
        return self._fact(self.obligation.path(name))

    def _first_of(self, named: Json) -> Text:
        """Name one fact, or several of which the first that has a date counts."""
        paths = named if isinstance(named, list) else [named]
        first, *others = [self._fact(str(path)) for path in paths]
        for other in others:
            first = _ELSE.format(fact=first, other=other)
        return first

    def _narrowed(self, what: Text, name: str, records: str) -> Text:
        where = self.obligation.condition(name)
        if where == ANYTHING:
            return what
        said = sentence(where, rooted(self._each, records), self.title)
        return _IN_WHICH.format(what=what, where=said)

    def _day(self, name: str, written: Json, which: Text = _EARLIEST) -> Text:
        """Name a day: one fact, or one of several records."""
        if not isinstance(written, Mapping):
            return self._fact(str(written))
        records = str(written["first"])
        said = which.format(at=self._fact(str(written["at"]), records))
        return self._joined(self._narrowed(said, f"{name}.where", records), records)

    def _joined(self, said: Text, records: str) -> Text:
        join = self.obligation.fields.get("joined_by")
        if join is None:
            return said
        theirs = join["record"] if isinstance(join, Mapping) else join
        return _JOINED.format(fact=said, joined=self._fact(str(theirs), records))

    def _as_written(self) -> Iterator[Row]:
        for name, value in self.obligation.fields.items():
            yield Row(plain(name), plain(show(value)))

    def _constraint(self) -> Iterator[Row]:
        require = self.obligation.condition("require")
        yield Row(_REQUIRE, sentence(require, self._each, self.title))

    def _deadline(self) -> Iterator[Row]:
        within, before = (self.obligation.group(name) for name in ("within", "before"))
        if within:
            fact = self._first_of(within["after"])
            yield Row(_TERM, _AFTER.format(fact=fact, amount=_amount_of(within)))
        elif "not_after" in self.obligation.fields:
            yield Row(_TERM, _NOT_AFTER.format(fact=self._field("not_after")))
        else:
            fact = self._first_of(before["of"])
            template = _BEFORE if before.get("days") != 0 else _ON_OR_BEFORE
            yield Row(_TERM, template.format(fact=fact, amount=_amount_of(before)))
        if isinstance(self.obligation.fields["done"], str):
            yield Row(_DONE, self._field("done"))
            return
        first = self.obligation.group("done")
        records = str(first["first"])
        which = _EARLIEST_THEN if first.get("after_event") is True else _EARLIEST
        said = which.format(at=self._fact(str(first["at"]), records))
        yield Row(_DONE, self._narrowed(said, "done.where", records))

    def _recurrence(self) -> Iterator[Row]:
        window, every = self.obligation.group("window"), self.obligation.group("every")
        if window:
            span = self.obligation.group("while")
            ends = {"first": window["from"], "last": window["to"]}
            yield Row(_PERIOD, _YEARLY.format(**ends))
            first, last = (self._fact(str(span[end])) for end in ("from", "until"))
            yield Row(_WHILE, _FROM_TO.format(first=first, last=last))
        else:
            fact = self._day("every.since", every["since"])
            yield Row(_PERIOD, _EVERY.format(fact=fact, amount=_amount_of(every)))
            if "restart" in every:
                yield Row(_RESTART, self._day("every.restart", every["restart"], _EACH_TIME))
        if self.obligation.path("last"):
            yield Row(_LATEST, self._field("last"))
            return
        records = self.obligation.path("records")
        said = self._narrowed(
            self._fact(self.obligation.path("at"), records), "records_where", records
        )
        if self.obligation.path("year"):
            year = self._fact(self.obligation.path("year"), records)
            said = _RECORDED.format(at=said, year=year)
        yield Row(_RECORDS, self._joined(said, records))

    def _order(self) -> Iterator[Row]:
        for label, name in ((_FIRST, "first"), (_THEN, "then")):
            yield Row(label, self._day(name, self.obligation.fields[name]))
        for label, name in ((_LEAST, "at_least"), (_MOST, "at_most")):
            if self.obligation.group(name):
                yield Row(label, _amount_of(self.obligation.group(name)))

    def _agreement(self) -> Iterator[Row]:
        yield Row(_FACT, self._field("fact"))
        if isinstance(self.obligation.fields["with"], str):
            yield Row(_WITH, self._field("with"))
        else:
            join = self.obligation.group("with")
            records = "/" + str(join["records"]).strip("/")
            fact, joined = (self._fact(str(join[key]), records) for key in ("fact", "joined_by"))
            yield Row(_WITH, _JOINED.format(fact=fact, joined=joined))
            if self.obligation.path("unit"):
                yield Row(_UNIT, self._field("unit"))
            yield from self._in_force(records)
        if self.obligation.path("also"):
            yield Row(_ALSO, self._field("also"))

    def _coverage(self) -> Iterator[Row]:
        demands = self.obligation.fields.get("demands")
        if demands is not None:
            yield Row(_DEMANDS, plain(show(demands).strip("[]")))
        else:
            yield Row(_FACT, self._field("fact"))
        if not self.obligation.path("by"):
            yield Row(_AMONG, self._field("covers"))
            return
        records = "/" + self.obligation.path("by").strip("/")
        covers = self._fact(self.obligation.path("covers"), records)
        yield Row(_AMONG, self._narrowed(covers, "by_where", records))
        match = str(self.obligation.fields.get("match", "equal"))
        yield Row(_MATCH, {"host": _HOST, "domain": _DOMAIN, "area": _AREA}.get(match, _EQUAL))
        if self.obligation.fields.get("times") == "one":
            yield Row(_MATCH, _ONCE)

    def _in_force(self, records: str) -> Iterator[Row]:
        rule = self.obligation.group("in_force")
        for label, name, base in (
            (_RUNS_FROM, "from", records),
            (_RUNS_UNTIL, "until", records),
            (_ON, "on", ""),
            (_UP_TO_NOW, "since", ""),
        ):
            written = rule.get(name, [])
            for path in written if isinstance(written, list) else [written]:
                yield Row(label, self._fact(str(path), base))

    def _location(self) -> Iterator[Row]:
        yield Row(_FACT, self._field("fact"))
        if not self.obligation.path("sites"):
            yield Row(_REQUIRE, _MAINLAND)
            return
        yield Row(_SITES, self._field("sites"))
        yield Row(_PLACES, self._fact(self.obligation.path("at"), "/licence/attachments"))

    def _containment(self) -> Iterator[Row]:
        yield Row(_COMPARED, _CONTAINED[self.obligation.path("compare")])
        within = self.obligation.group("within")
        if within:
            fact = self._fact("obtained_on")
            yield Row(_TERM, _AFTER.format(fact=fact, amount=_amount_of(within)))

    def _growth(self) -> Iterator[Row]:
        fields = self.obligation.fields
        marks = {name: show(fields.get(name)) for name in ("factor", "increase")}
        before, after = self._field("before"), self._field("after")
        yield Row(_COMPARED, _GROWN.format(before=before, after=after, **marks))
        yield from self._constraint()

    def _grading(self) -> Iterator[Row]:
        yield Row(_FACT, self._field("fact"))
        levels = self.obligation.fields["levels"]
        for i, level in enumerate(levels if isinstance(levels, list) else []):
            fields = level if isinstance(level, Mapping) else {}
            when = self.obligation.condition(f"levels.{i}.when")
            said = sentence(when, self._each, self.title)
            share = fields.get("share")
            if isinstance(share, Mapping):
                records = "/" + str(share["of"]).strip("/")
                said = _SHARE.format(
                    what=said,
                    fact=self._fact(str(share["fact"])),
                    count=self._fact(str(share["count"]), records),
                    percent=f"{float(str(share['percent'])):g}",
                )
            yield Row(plain(str(fields["grade"])), said)

    def _holding(self) -> Iterator[Row]:
        fields = self.obligation.fields
        yield Row(_HOLDER, self._field("organisation") if "organisation" in fields else _OURSELVES)
        if "each_of" in fields:
            yield Row(_CATEGORIES, _EACH_OF.format(fact=self._field("each_of")))
        else:
            yield Row(_CATEGORIES, plain(show(fields["categories"]).strip("[]")))
        exempt = self.obligation.condition("exempt")
        if exempt != ANYTHING:
            yield Row(_EXEMPT, sentence(exempt, self._each, self.title))
        if fields["throughout"] == "as_of":
            yield Row(_THROUGHOUT, _AS_OF)
            return
        days = {n: self._fact(str(p)) for n, p in self.obligation.group("throughout").items()}
        if "to" in days:
            said = _FROM_TO.format(first=days["from"], last=days["to"])
        else:
            said = days["on"] if "on" in days else _NO_LATER.format(last=days["until"])
        yield Row(_THROUGHOUT, said)

    def _retention(self) -> Iterator[Row]:
        least = _amount_of(self.obligation.group("at_least"))
        yield Row(_REQUIRE, _AT_LEAST.format(amount=least))
        for label, name in ((_SET_UP, "fact"), (_OLDEST, "oldest"), (_SINCE, "since")):
            if self.obligation.path(name):
                yield Row(label, self._field(name))

    def _scope(self) -> Iterator[Row]:
        yield Row(_COMPARED, _COMPARISONS[self.obligation.path("compare")])
        only = self.obligation.fields.get("only")
        if isinstance(only, list):
            names = [name_of(str(code)) for code in only]
            zh, en = "、".join(name.zh for name in names), "; ".join(name.en for name in names)
            yield Row(_ONLY, Text(zh, en))

    def _validity(self) -> Iterator[Row]:
        require = self.obligation.condition("require")
        if require != ANYTHING:
            yield Row(_REQUIRE, sentence(require, self._each, self.title))
        until = self.obligation.fields.get("until")
        if isinstance(until, str):
            yield Row(_UNTIL, self._fact(until))
        elif until is not None:
            group = self.obligation.group("until")
            fact = self._fact(str(group["after"]))
            yield Row(_UNTIL, _AFTER.format(fact=fact, amount=_amount_of(group)))
        if self.obligation.group("before"):
            fact = self._fact("valid_until")
            ahead = _amount_of(self.obligation.group("before"))
            yield Row(_TERM, _BEFORE.format(fact=fact, amount=ahead))

    def _display(self) -> Iterator[Row]:
        name = self.obligation.fields.get("what") == "name"
        for label, field in (
            (_PAGE, "page"),
            (_WORDS, "text"),
            (_NAME if name else _SHOWS, "shows"),
            (_STATED, "stated"),
            (_STATED_BY, "stated_by"),
        ):
            if self.obligation.path(field):
                yield Row(label, self._field(field))

    def _attestation(self) -> Iterator[Row]:
        registered = _REGISTERED.format(rule=self.obligation.rule_id)
        path = self.obligation.path("document")
        yield Row(_DOCUMENT, self._field("document") if path else registered)
        age = self.obligation.fields.get("max_age_days")
        if isinstance(age, int | float):
            yield Row(_MAX_AGE, counted(age, "days"))

    def _presence(self) -> Iterator[Row]:
        records = self.obligation.path("exists")
        yield Row(_RECORDS, self._narrowed(self._fact(records), "exists_where", records))
        least = self.obligation.fields.get("at_least", 1)
        yield Row(_REQUIRE, _AT_LEAST.format(amount=show(least)))
        if self.obligation.path("no_fewer_than"):
            yield Row(_REQUIRE, _AT_LEAST.format(amount=self._field("no_fewer_than")))


def _names(codes: tuple[str, ...]) -> Text:
    names = [name_of(code) for code in codes]
    return Text("、".join(name.zh for name in names), "; ".join(name.en for name in names))


def _amount_of(rule: JsonObject) -> Text:
    found: Iterator[tuple[str, Json]] = ((unit, rule[unit]) for unit in UNITS if unit in rule)
    unit, n = next(found)
    return counted(float(str(n)), unit)


_TELLERS: Mapping[str, Callable[[_Teller], Iterator[Row]]] = {
    "agreement": _Teller._agreement,
    "attestation": _Teller._attestation,
    "constraint": _Teller._constraint,
    "containment": _Teller._containment,
    "coverage": _Teller._coverage,
    "deadline": _Teller._deadline,
    "display": _Teller._display,
    "grading": _Teller._grading,
    "growth": _Teller._growth,
    "holding": _Teller._holding,
    "location": _Teller._location,
    "order": _Teller._order,
    "presence": _Teller._presence,
    "recurrence": _Teller._recurrence,
    "retention": _Teller._retention,
    "scope": _Teller._scope,
    "validity": _Teller._validity,
}
