from __future__ import annotations

import pytest

from pytest_icp.facts.titles import title_of
from pytest_icp.kinds import kinds
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import plain
from pytest_icp.reports.method import kind_sentence, method
from pytest_icp.rules.policy import Applicability, Obligation
from tests.chinese import bare_words
from tests.helpers import for_each
from tests.obligations import applicability, obligation, own_title

PUBLISHED = [
    one for policy in default_policies() for rule in policy.obligations for one in rule.each_part
]


def said(made: Obligation) -> list[str]:
    """The rows in English, and as many in Chinese."""
    rows = method(made, own_title)
    assert all(row.label.zh and row.text.zh for row in rows)
    return [f"{row.label.en}: {row.text.en}" for row in rows]


def told(made: Obligation) -> list[str]:
    """The rows of the kind itself, after those of the subjects."""
    return said(made)[1:]


def test_who_is_bound_comes_before_the_subjects() -> None:
    rule = Applicability(items=("B25",), without=("B25.im",), operates=("B25.search",))
    assert said(obligation("condition", require={"public": True}, applies=rule))[:3] == [
        "applies to licences of: information services",
        "applies to licences without: instant interaction",
        "applies to who operates: search and retrieval",
    ]


def test_every_kind_has_its_sentence() -> None:
    said = {kind: kind_sentence(obligation(kind)) for kind in kinds()}
    assert all("：" in one.zh and ": " in one.en for one in said.values())
    assert len({*said.values()}) == len(said)
    assert kind_sentence(obligation("house")) == plain("house")


@for_each("one", PUBLISHED, ids=lambda one: one.own_id)
def test_a_published_rule_says_more_than_its_subjects(one: Obligation) -> None:
    assert len(said(one)) > 1


def test_the_subjects_come_first() -> None:
    made = obligation(
        "condition",
        where={"production": True},
        require={"public": True},
        applies=applicability(items=("B25.search", "B21"), when={"sites": {"some": {}}}),
    )
    assert said(made) == [
        "applies to licences of: search and retrieval; online data and transaction processing",
        "applies when: “SITES” is not empty",
        "subjects: “SITES” (sites)",
        "only where: “PRODUCTION” is true",
        "required: “PUBLIC” is true",
    ]


@pytest.mark.parametrize(
    ("made", "rows"),
    [
        (
            obligation("dated", act="done", anchor="on", within={"working_days": 1}),
            ["done: “DONE” (sites.done)", "term: within 1 working day after “ON” (sites.on)"],
        ),
        (
            obligation("dated", "renewal", act="on", anchor="/licence/until", ahead={"days": 90}),
            ["done: “ON” (renewal.on)", "term: 90 days before “UNTIL” (licence.until)"],
        ),
        (
            obligation(
                "dated",
                "renewal",
                act={"of": "filings", "at": "on", "where": {"authority": "CA"}},
                anchor="/licence/until",
                ahead=0,
            ),
            [
                "done: the first “ON” (renewal.filings.on), where “AUTHORITY” is CA",
                "term: not after “UNTIL” (licence.until)",
            ],
        ),
        (
            obligation(
                "dated",
                act={"of": "/services", "at": "launched"},
                anchor="on",
                within={"hours": 24},
            ),
            [
                "done: the first “LAUNCHED” (services.launched)",
                "term: within 24 hours after “ON” (sites.on)",
            ],
        ),
        (
            obligation(
                "condition",
                "releases",
                require={"now": {"minimum": {"of": "was", "times": 2}}},
            ),
            ["required: “NOW” is at least 2 times “WAS”"],
        ),
        (
            obligation("dated", "search", act="tested", anchor="live", every={"days": 9}),
            [
                "records: “TESTED” (search.tested)",
                "window: every 9 days from “LIVE” (search.live)",
            ],
        ),
        (
            obligation(
                "condition",
                "accounts",
                serves={"by": "service_id", "items": ["B25.im", "B25.search"]},
                require={"filed": True},
            ),
            [
                "on services of: instant interaction; search and retrieval",
                "required: “FILED” is true",
            ],
        ),
        (
            obligation(
                "law", "incidents", check="incident.grade", **{"with": {"larger": 99, "general": 9}}
            ),
            [
                "required: the declared grade is not below the grade that the figures reach",
                "较大: “LEAKED_SUBJECTS” (incidents.leaked_subjects) is at least 99",
                "一般: “LEAKED_SUBJECTS” (incidents.leaked_subjects) is at least 9",
            ],
        ),
        (
            obligation(
                "law",
                "incidents",
                check="incident.grade",
                **{"with": {"minutes": 60, "users": 9, "share": 10}},
            ),
            [
                "required: the declared grade is not below the grade that the figures reach",
                "outage: “OUTAGE_MINUTES” (incidents.outage_minutes) is at least 60 minutes",
                "and: “AFFECTED_USERS” (incidents.affected_users) is at least 9",
                (
                    "or: “AFFECTED_USERS” (incidents.affected_users) is at least 10% of the users "
                    "of the service with the most"
                ),
            ],
        ),
        (
            obligation("law", "others", check="licence.contained", **{"with": {"within": 30}}),
            [
                (
                    "required: a provincial licence whose services and areas lie in a "
                    "cross-regional one, and that was held before it, is cancelled or changed at "
                    "its province in time"
                ),
                "term: within 30 days after “OBTAINED_ON” (others.obtained_on)",
            ],
        ),
        (
            obligation("law", "others", check="licence.contained"),
            [
                (
                    "required: no provincial licence is obtained after a cross-regional one that "
                    "it lies in"
                )
            ],
        ),
        (
            obligation(
                "match",
                fact="kinds",
                among={"of": "/permits", "at": "kind", "match": {"of": "id"}},
                if_none="violated",
                valid={"from": ["built", "from"], "until": "until", "since": "opened"},
            ),
            [
                "compared: “KINDS” (sites.kinds)",
                (
                    "found among: “KIND” (permits.kind), of which “OF” (permits.of) is the same as "
                    "“ID” (sites.id)"
                ),
                "a record runs from: “BUILT” (permits.built)",
                "a record runs from: “FROM” (permits.from)",
                "a record runs until: “UNTIL” (permits.until)",
                "valid ever since: “OPENED” (sites.opened)",
                "without such a record: it is violated",
            ],
        ),
        (
            obligation(
                "match",
                "charges",
                fact="amount",
                among={"of": "/prices", "at": "price"},
                how="at_most",
                valid={"from": "from", "at": "on"},
            ),
            [
                "compared: “AMOUNT” (charges.amount)",
                "found among: “PRICE” (prices.price)",
                "how: no more than",
                "a record runs from: “FROM” (prices.from)",
                "valid on: “ON” (charges.on)",
            ],
        ),
        (
            obligation(
                "shown",
                "ads",
                text="text",
                what="name",
                shows="/holder",
                stated="shown",
                stated_by="by",
            ),
            [
                "words: “TEXT” (ads.text)",
                "name: “HOLDER” (holder)",
                "or stated in: “SHOWN” (ads.shown)",
                "by the role: “BY” (ads.by)",
            ],
        ),
        (
            obligation("condition", "company", records="/staff", at_least="/required"),
            ["there must be: “STAFF” (staff)", "how many: at least “REQUIRED” (required)"],
        ),
        (
            obligation("scope", "services", compare="content"),
            ["compared: pre-approved content is printed as included in the licence"],
        ),
        (
            obligation("scope", "services", compare="items", only=["B22"]),
            [
                "compared: the items that features imply, or that are declared, are licensed",
                "only of: domestic conferencing",
            ],
        ),
        (
            obligation("dated", act="on", anchor="due", ahead=0),
            ["done: “ON” (sites.on)", "term: not after “DUE” (sites.due)"],
        ),
        (
            obligation("dated", act="on", anchor=["acted", "planned"], ahead={"days": 90}),
            [
                "done: “ON” (sites.on)",
                (
                    "term: 90 days before “ACTED” (sites.acted) (while that is `never`, "
                    "“PLANNED” (sites.planned))"
                ),
            ],
        ),
        (
            obligation(
                "dated",
                "licence",
                act={"of": "/reports", "at": "at", "year": "year"},
                anchor="licence.term",
                yearly={"from": "01-01", "to": "03-31"},
                ahead={"days": 90},
            ),
            [
                "records: “AT” (reports.at), for the year in “YEAR” (reports.year)",
                (
                    "while licensed: from “FIRST_ISSUED_ON” (licence.first_issued_on) to "
                    "“VALID_UNTIL” (licence.valid_until), or as renewed; a renewal that was "
                    "applied for 90 days before the end and not decided by then is deemed granted"
                ),
                "window: 01-01 to 03-31 of every year",
            ],
        ),
        (
            obligation(
                "dated", "units", act={"of": "tests", "at": "at"}, anchor="on", every={"years": 2}
            ),
            ["records: “AT” (units.tests.at)", "window: every 2 years from “ON” (units.on)"],
        ),
        (
            obligation(
                "dated",
                "units",
                act={"of": "tests", "at": "at", "where": {"held": True}, "match": {"units": "id"}},
                anchor={
                    "of": "/stores",
                    "at": "on",
                    "where": {"pi": True},
                    "match": {"units": "id"},
                },
                every={"years": 1},
                restart={"of": "changes", "at": "on", "match": {"units": "id"}},
            ),
            [
                (
                    "records: “AT” (units.tests.at), where “HELD” is true, where “UNITS” "
                    "(units.tests.units) is the same as “ID” (units.id)"
                ),
                (
                    "window: every 1 year from the first “ON” (stores.on), where “PI” is true, "
                    "where “UNITS” (stores.units) is the same as “ID” (units.id)"
                ),
                (
                    "begun anew by: each “ON” (units.changes.on), where “UNITS” "
                    "(units.changes.units) is the same as “ID” (units.id)"
                ),
            ],
        ),
        (
            obligation(
                "dated",
                "stores",
                act={"of": "/reviews", "at": "on", "match": {"id": "id"}},
                anchor="begun",
                ahead=0,
            ),
            [
                (
                    "done: the first “ON” (reviews.on), where “ID” (reviews.id) is the same as "
                    "“ID” (stores.id)"
                ),
                "term: not after “BEGUN” (stores.begun)",
            ],
        ),
        (
            obligation(
                "dated",
                act={"of": "tests", "at": "on", "since": "anchor"},
                anchor="changed",
                within={"days": 90},
            ),
            [
                "done: the first “ON” (sites.tests.on) from then on",
                "term: within 90 days after “CHANGED” (sites.changed)",
            ],
        ),
        (
            obligation("dated", act="b", anchor="a", lasts={"months": 6}, at_most={"years": 5}),
            [
                "done: “B” (sites.b)",
                "at least apart: at least 6 months after “A” (sites.a)",
                "at most apart: at most 5 years after “A” (sites.a)",
            ],
        ),
        (
            obligation(
                "match", fact=["name", "former"], among=["/licence/holder", "other"], how="company"
            ),
            [
                "compared: “NAME” (sites.name), or “FORMER” (sites.former)",
                "found among: “HOLDER” (licence.holder), or “OTHER” (sites.other)",
                "how: the same name, or both names of the company, present or former",
            ],
        ),
        (
            obligation(
                "match",
                fact="a",
                among={"of": "units", "at": "b", "where": {"c": 1}},
                one=True,
            ),
            [
                *("compared: “A” (sites.a)", "found among: “B” (units.b), where “C” is 1"),
                "how often: in one place only",
            ],
        ),
        (
            obligation("placed", "servers", fact="at", sites="site_ids", at="place"),
            [
                *("compared: “AT” (servers.at)", "its sites: “SITE_IDS” (servers.site_ids)"),
                "printed places: “PLACE” (licence.attachments.place)",
            ],
        ),
        (
            obligation("placed", "servers", fact="at", at="mainland"),
            ["compared: “AT” (servers.at)", "required: in mainland China"],
        ),
        (
            obligation("licensed", organisation="by", categories=["B14"]),
            [
                *("organisation: “BY” (sites.by)", "categories: B14"),
                "throughout: the as-of day",
            ],
        ),
        (
            obligation(
                "licensed",
                organisation="by",
                categories=["B14", "A1"],
                to="b",
                **{"from": "a"},
            ),
            [
                *("organisation: “BY” (sites.by)", "categories: B14, A1"),
                "throughout: from “A” (sites.a) to “B” (sites.b)",
            ],
        ),
        (
            obligation("match", fact="a", values=["x"], among="b"),
            ["compared: “A” (sites.a)", "asked about: x", "found among: “B” (sites.b)"],
        ),
        (
            obligation("match", values=["x", "y"], among={"of": "/papers", "at": "b"}),
            ["each of: x, y", "found among: “B” (papers.b)"],
        ),
        (
            obligation("match", fact="a", among="/b", while_open={"rule": "SP12/certificate"}),
            [
                *("compared: “A” (sites.a)", "found among: “B” (b)"),
                (
                    "while open: while the duty of SP12/certificate is not yet due, or was filed "
                    "in time and is not decided, a difference is none"
                ),
            ],
        ),
        (
            obligation("licensed", categories=["A26"], at="../begun"),
            [
                *("organisation: the company itself", "categories: A26"),
                "throughout: on “BEGUN” (begun)",
            ],
        ),
        (
            obligation(
                "licensed",
                organisation="by",
                codes="does",
                areas={"of": "/servers", "at": "place", "match": {"of": "id"}, "where": {"a": 1}},
            ),
            [
                *("organisation: “BY” (sites.by)", "categories: each of “DOES” (sites.does)"),
                (
                    "areas: the provinces of “PLACE” (servers.place) of “SERVERS” (servers), "
                    "where “A” is 1"
                ),
                "throughout: the as-of day",
            ],
        ),
        (
            obligation("dated", "logs", reaches={"days": 60}, kept="kept"),
            ["required: at least 60 days", "as set up: “KEPT” (logs.kept)"],
        ),
        (
            obligation("dated", "logs", reaches={"months": 6}, kept="kept", act="o", anchor="s"),
            [
                *("oldest record: “O” (logs.o)", "recording since: “S” (logs.s)"),
                *("required: at least 6 months", "as set up: “KEPT” (logs.kept)"),
            ],
        ),
        (obligation("scope", compare="areas"), ["compared: the areas served are licensed"]),
        (
            obligation("law", "licence", check="licence.in_force", **{"with": {"ahead": 90}}),
            [
                ("required: the licence is in force, or was renewed, or is deemed renewed by law"),
                "term for applying for renewal: 90 days before “VALID_UNTIL” (licence.valid_until)",
            ],
        ),
        (
            obligation("dated", "renewal", act="on", anchor="licence.term", term="own", ahead=0),
            [
                "done: “ON” (renewal.on)",
                "term of the licence: what was done in the term before does not count",
                "term: not after the end of the term of the licence that runs, as renewed",
            ],
        ),
        (
            obligation("dated", act="today", anchor="reviewed_on", within={"days": 365}),
            [
                "done: still good on the day of judging",
                "term: within 365 days after “REVIEWED_ON” (sites.reviewed_on)",
            ],
        ),
        (
            obligation("shown", page="page", shows="/licence/number"),
            ["page: “PAGE” (sites.page)", "number: “NUMBER” (licence.number)"],
        ),
        (
            obligation("evidence", paper="photo", fresh=365),
            ["document: “PHOTO” (sites.photo)", "oldest allowed: 365 days"],
        ),
        (
            obligation("evidence", "attestations"),
            ["document: the entries of `attestations` for SP99/made"],
        ),
        (
            obligation("condition", records={"of": "/staff", "where": {"full": True}}, at_least=3),
            ["there must be: “STAFF” (staff), where “FULL” is true", "how many: at least 3"],
        ),
        (obligation("house-rule", limit=[1, 2]), ["limit: [1, 2]"]),
    ],
    ids=lambda made: made.kind if isinstance(made, Obligation) else "",
)
def test_a_kind_says_what_it_was_told(made: Obligation, rows: list[str]) -> None:
    assert told(made) == rows


@for_each("one", PUBLISHED, ids=lambda one: one.own_id)
def test_a_published_rule_names_choices_in_chinese(one: Obligation) -> None:
    assert not bare_words(row.text for row in method(one, title_of))
