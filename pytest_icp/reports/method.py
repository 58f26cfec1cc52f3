"""How an obligation is decided, in words: its kind, and what its policy tells the kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pytest_icp.law.condition import ANYTHING
from pytest_icp.law.describe import show
from pytest_icp.law.text import Text, plain
from pytest_icp.law.units import counted
from pytest_icp.reports import method_words as say
from pytest_icp.reports.conditions import sentence
from pytest_icp.reports.method_facts import Row, Teller, amount_of, names_of
from pytest_icp.rules.policy import Obligation

__all__ = ["Row", "method"]


def method(obligation: Obligation, title: Callable[[str], Text]) -> tuple[Row, ...]:
    """Say what an obligation looks at and asks; ``title`` names a dotted path of a fact."""
    told = Teller(obligation, title)
    tell = _TELLERS.get(obligation.kind, _as_written)
    return (*told.subjects(), *tell(told))


def _as_written(told: Teller) -> Iterator[Row]:
    for name, value in told.obligation.fields.items():
        yield Row(plain(name), plain(show(value)))


def _constraint(told: Teller) -> Iterator[Row]:
    require = told.obligation.condition("require")
    yield Row(say.REQUIRE, sentence(require, told.each, told.title))


def _deadline(told: Teller) -> Iterator[Row]:
    within, before = (told.obligation.group(name) for name in ("within", "before"))
    if within:
        fact = told.first_of(within["after"])
        yield Row(say.TERM, say.AFTER.format(fact=fact, amount=amount_of(within)))
    elif "not_after" in told.obligation.fields:
        yield Row(say.TERM, say.NOT_AFTER.format(fact=told.field("not_after")))
    else:
        fact = told.first_of(before["of"])
        template = say.BEFORE if before.get("days") != 0 else say.ON_OR_BEFORE
        yield Row(say.TERM, template.format(fact=fact, amount=amount_of(before)))
    if isinstance(told.obligation.fields["done"], str):
        yield Row(say.DONE, told.field("done"))
        return
    first = told.obligation.group("done")
    records = str(first["first"])
    which = say.EARLIEST_THEN if first.get("after_event") is True else say.EARLIEST
    said = which.format(at=told.fact(str(first["at"]), records))
    yield Row(say.DONE, told.narrowed(said, "done.where", records))


def _recurrence(told: Teller) -> Iterator[Row]:
    window, every = told.obligation.group("window"), told.obligation.group("every")
    if window:
        span = told.obligation.group("while")
        ends = {"first": window["from"], "last": window["to"]}
        yield Row(say.PERIOD, say.YEARLY.format(**ends))
        first, last = (told.fact(str(span[end])) for end in ("from", "until"))
        yield Row(say.WHILE, say.FROM_TO.format(first=first, last=last))
    else:
        fact = told.day("every.since", every["since"])
        yield Row(say.PERIOD, say.EVERY.format(fact=fact, amount=amount_of(every)))
        if "restart" in every:
            yield Row(say.RESTART, told.day("every.restart", every["restart"], say.EACH_TIME))
    if told.obligation.path("last"):
        yield Row(say.LATEST, told.field("last"))
        return
    records = told.obligation.path("records")
    said = told.narrowed(told.fact(told.obligation.path("at"), records), "records_where", records)
    if told.obligation.path("year"):
        year = told.fact(told.obligation.path("year"), records)
        said = say.RECORDED.format(at=said, year=year)
    yield Row(say.RECORDS, told.joined(said, records))


def _order(told: Teller) -> Iterator[Row]:
    for label, name in ((say.FIRST, "first"), (say.THEN, "then")):
        yield Row(label, told.day(name, told.obligation.fields[name]))
    for label, name in ((say.LEAST, "at_least"), (say.MOST, "at_most")):
        if told.obligation.group(name):
            yield Row(label, amount_of(told.obligation.group(name)))


def _agreement(told: Teller) -> Iterator[Row]:
    yield Row(say.FACT, told.field("fact"))
    if isinstance(told.obligation.fields["with"], str):
        yield Row(say.WITH, told.field("with"))
    else:
        join = told.obligation.group("with")
        records = "/" + str(join["records"]).strip("/")
        fact, joined = (told.fact(str(join[key]), records) for key in ("fact", "joined_by"))
        yield Row(say.WITH, say.JOINED.format(fact=fact, joined=joined))
        if told.obligation.path("unit"):
            yield Row(say.UNIT, told.field("unit"))
        yield from _in_force(told, records)
    if told.obligation.path("also"):
        yield Row(say.ALSO, told.field("also"))


def _coverage(told: Teller) -> Iterator[Row]:
    demands = told.obligation.fields.get("demands")
    if demands is not None:
        yield Row(say.DEMANDS, plain(show(demands).strip("[]")))
    else:
        yield Row(say.FACT, told.field("fact"))
    if not told.obligation.path("by"):
        yield Row(say.AMONG, told.field("covers"))
        return
    records = "/" + told.obligation.path("by").strip("/")
    covers = told.fact(told.obligation.path("covers"), records)
    said = told.narrowed(covers, "by_where", records)
    yield Row(say.AMONG, told.joined(said, records))
    match = str(told.obligation.fields.get("match", "equal"))
    yield Row(
        say.MATCH, {"host": say.HOST, "domain": say.DOMAIN, "area": say.AREA}.get(match, say.EQUAL)
    )
    if told.obligation.fields.get("times") == "one":
        yield Row(say.MATCH, say.ONCE)
    yield from _in_force(told, records)


def _in_force(told: Teller, records: str) -> Iterator[Row]:
    rule = told.obligation.group("in_force")
    for label, name, base in (
        (say.RUNS_FROM, "from", records),
        (say.RUNS_UNTIL, "until", records),
        (say.ON, "on", ""),
        (say.UP_TO_NOW, "since", ""),
    ):
        written = rule.get(name, [])
        for path in written if isinstance(written, list) else [written]:
            yield Row(label, told.fact(str(path), base))


def _location(told: Teller) -> Iterator[Row]:
    yield Row(say.FACT, told.field("fact"))
    if not told.obligation.path("sites"):
        yield Row(say.REQUIRE, say.MAINLAND)
        return
    yield Row(say.SITES, told.field("sites"))
    yield Row(say.PLACES, told.fact(told.obligation.path("at"), "/licence/attachments"))


def _containment(told: Teller) -> Iterator[Row]:
    yield Row(say.COMPARED, say.CONTAINED[told.obligation.path("compare")])
    within = told.obligation.group("within")
    if within:
        fact = told.fact("obtained_on")
        yield Row(say.TERM, say.AFTER.format(fact=fact, amount=amount_of(within)))


def _growth(told: Teller) -> Iterator[Row]:
    fields = told.obligation.fields
    marks = {name: show(fields.get(name)) for name in ("factor", "increase")}
    before, after = told.field("earlier"), told.field("later")
    yield Row(say.COMPARED, say.GROWN.format(before=before, after=after, **marks))
    yield from _constraint(told)


def _grading(told: Teller) -> Iterator[Row]:
    yield Row(say.FACT, told.field("fact"))
    levels = told.obligation.fields["levels"]
    for i, level in enumerate(levels if isinstance(levels, list) else []):
        fields = level if isinstance(level, Mapping) else {}
        when = told.obligation.condition(f"levels.{i}.when")
        said = sentence(when, told.each, told.title)
        share = fields.get("share")
        if isinstance(share, Mapping):
            records = "/" + str(share["of"]).strip("/")
            said = say.SHARE.format(
                what=said,
                fact=told.fact(str(share["fact"])),
                count=told.fact(str(share["count"]), records),
                percent=f"{float(str(share['percent'])):g}",
            )
        yield Row(plain(str(fields["grade"])), said)


def _holding(told: Teller) -> Iterator[Row]:
    fields = told.obligation.fields
    yield Row(say.HOLDER, told.field("organisation") if "organisation" in fields else say.OURSELVES)
    if "each_of" in fields:
        yield Row(say.CATEGORIES, say.EACH_OF.format(fact=told.field("each_of")))
    else:
        yield Row(say.CATEGORIES, plain(show(fields["categories"]).strip("[]")))
    exempt = told.obligation.condition("exempt")
    if exempt != ANYTHING:
        yield Row(say.EXEMPT, sentence(exempt, told.each, told.title))
    if fields["throughout"] == "as_of":
        yield Row(say.THROUGHOUT, say.AS_OF)
        return
    days = {n: told.fact(str(p)) for n, p in told.obligation.group("throughout").items()}
    if "to" in days:
        said = say.FROM_TO.format(first=days["from"], last=days["to"])
    else:
        said = days["on"] if "on" in days else say.NO_LATER.format(last=days["until"])
    yield Row(say.THROUGHOUT, said)


def _retention(told: Teller) -> Iterator[Row]:
    least = amount_of(told.obligation.group("at_least"))
    yield Row(say.REQUIRE, say.AT_LEAST.format(amount=least))
    for label, name in ((say.SET_UP, "fact"), (say.OLDEST, "oldest"), (say.SINCE, "since")):
        if told.obligation.path(name):
            yield Row(label, told.field(name))


def _scope(told: Teller) -> Iterator[Row]:
    yield Row(say.COMPARED, say.COMPARISONS[told.obligation.path("compare")])
    only = told.obligation.fields.get("only")
    if isinstance(only, list):
        yield Row(say.ONLY, names_of(tuple(map(str, only))))


def _validity(told: Teller) -> Iterator[Row]:
    require = told.obligation.condition("require")
    if require != ANYTHING:
        yield Row(say.REQUIRE, sentence(require, told.each, told.title))
    until = told.obligation.fields.get("until")
    if isinstance(until, str):
        yield Row(say.UNTIL, told.fact(until))
    elif until is not None:
        group = told.obligation.group("until")
        fact = told.fact(str(group["after"]))
        yield Row(say.UNTIL, say.AFTER.format(fact=fact, amount=amount_of(group)))
    if told.obligation.group("before"):
        fact = told.fact("valid_until")
        ahead = amount_of(told.obligation.group("before"))
        yield Row(say.RENEWAL_TERM, say.BEFORE.format(fact=fact, amount=ahead))


def _display(told: Teller) -> Iterator[Row]:
    name = told.obligation.fields.get("what") == "name"
    for label, field in (
        (say.PAGE, "page"),
        (say.WORDS, "text"),
        (say.NAME if name else say.SHOWS, "shows"),
        (say.STATED, "stated"),
        (say.STATED_BY, "stated_by"),
    ):
        if told.obligation.path(field):
            yield Row(label, told.field(field))


def _attestation(told: Teller) -> Iterator[Row]:
    registered = say.REGISTERED.format(rule=told.obligation.rule_id)
    path = told.obligation.path("document")
    yield Row(say.DOCUMENT, told.field("document") if path else registered)
    age = told.obligation.fields.get("max_age_days")
    if isinstance(age, int | float):
        yield Row(say.MAX_AGE, counted(age, "days"))


def _presence(told: Teller) -> Iterator[Row]:
    records = told.obligation.path("exists")
    yield Row(say.RECORDS, told.narrowed(told.fact(records), "exists_where", records))
    least = told.obligation.fields.get("at_least", 1)
    yield Row(say.REQUIRE, say.AT_LEAST.format(amount=show(least)))
    if told.obligation.path("no_fewer_than"):
        yield Row(say.REQUIRE, say.AT_LEAST.format(amount=told.field("no_fewer_than")))


_TELLERS: Mapping[str, Callable[[Teller], Iterator[Row]]] = {
    "agreement": _agreement,
    "attestation": _attestation,
    "constraint": _constraint,
    "containment": _containment,
    "coverage": _coverage,
    "deadline": _deadline,
    "display": _display,
    "grading": _grading,
    "growth": _growth,
    "holding": _holding,
    "location": _location,
    "order": _order,
    "presence": _presence,
    "recurrence": _recurrence,
    "retention": _retention,
    "scope": _scope,
    "validity": _validity,
}
