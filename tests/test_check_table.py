"""The table of checks says where every check of the licence is decided, and says it truly."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pytest_icp.facts.files.schema import validator
from pytest_icp.law.condition import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent
CHECKS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "policies" / "checks.yaml").read_text("utf-8")
)["checks"]

PROVISIONS = (
    ["LIC"]
    + [f"SP{number:02}" for number in range(1, 15)]
    + [f"SP15-{number:02}" for number in range(1, 15)]
)

SPELLED = """
    H-VALID H-TERM H-HOLDER H-REP H-DOMAIN H-NAME H-SERVER H-ACCESS H-REGISTRANT
    P01-NUM P01-EQ P01-INSP P01-COVER
    P02-SCOPE P02-AREA P02-DECL P02-DISPLAY
    P03-BUILD P03-RENT P03-HOST P03-INTL
    P04-UNLIC P04-RESALE P04-MON
    P05-CHANNEL P05-STAFF P05-15D
    P06-COVER P06-FILE P06-CHANGE P06-CONF P06-RISK P06-REPORT
    P07-LIFE P07-SELF P07-NOTICE P07-PIA P07-RECORD3Y P07-LOC P07-TRAIN
    P08-TRIGGER P08-ACT P08-REPORT P08-CAC P08-FINAL P08-USER P08-POLICE
    P09-6M P09-60D P09-STOP P09-RECORD P09-10WD P09-24H
    P10-CONTACT P10-PROC P10-REQ P10-BASIS P10-FOREIGN
    P11-30D P11-APPROVAL P11-90D-STAT P11-FOREIGN P11-CAP
    P12-30D P12-RENEW P12-EXIT P12-OPENED P12-ART29
    P13-30D
    P14-Q1 P14-ITEMS P14-PUBLIC
    P15.1-PRE P15.1-ADD
    P15.3-OWN P15.3-POLICY P15.3-DECEIVE
    COVERAGE SYNC DUAL
""".split()
"""The checks that the legal analysis of the licence names; none may get lost."""

each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check["check"])


def obligations() -> dict[str, dict[str, Any]]:
    """Every obligation of the published policies by its rule id."""
    found = {}
    for path in sorted((ROOT / "policies").glob("*/*.yaml")):
        policy = yaml.safe_load(path.read_text("utf-8"))
        for obligation in policy["obligations"]:
            found[f"{policy['id']}/{obligation['id']}"] = obligation
    return found


OBLIGATIONS = obligations()
DECIDED = [check for check in CHECKS if check["status"] == "decided"]


# --- the table ---------------------------------------------------------------------------------


def test_the_table_is_valid() -> None:
    errors = validator("checks").iter_errors({"checks": CHECKS})
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("key", ["check", "rule"])
def test_every_check_has_one_rule_and_every_rule_one_check(key: str) -> None:
    counts = Counter(check[key] for check in CHECKS)
    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", SPELLED)
def test_no_check_is_lost(name: str) -> None:
    assert name in {check["check"] for check in CHECKS}


def test_the_provisions_stand_in_the_order_of_the_licence() -> None:
    seen = dict.fromkeys(check["rule"].split("/")[0] for check in CHECKS)
    assert list(seen) == PROVISIONS


@each_check
def test_the_id_of_a_check_tells_its_provision(check: Mapping[str, Any]) -> None:
    provision = check["rule"].split("/")[0]
    match = re.match(r"P([0-9]{2})-|P(15)[.]([0-9]+)-|(H)-|(COVERAGE|SYNC|DUAL)$", check["check"])
    assert match
    number, fifteen, item, head, _ = match.groups()
    if number:
        assert provision == f"SP{number}"
    elif fifteen:
        assert provision == f"SP15-{int(item):02}"
    else:
        assert provision == ("LIC" if head else "SP15-07")


@each_check
def test_documents_attested_are_decided_by_attestation(check: Mapping[str, Any]) -> None:
    assert "-ATTEST" not in check["check"] or check["kind"] == "attestation"


# --- the facts ---------------------------------------------------------------------------------


@cache
def schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / "schemas" / name).read_text("utf-8"))
    return content


def open_up(node: Mapping[str, Any], file: str) -> tuple[Mapping[str, Any], str]:
    """Follow references, the alternative to null and lists down to what has properties."""
    while True:
        if "$ref" in node:
            name, _, pointer = node["$ref"].partition("#")
            file = name or file
            node = schema(file)
            for token in pointer.split("/")[1:]:
                node = node[token]
        elif "anyOf" in node and {"type": "null"} in node["anyOf"]:
            node = node["anyOf"][0]
        elif "items" in node:
            node = node["items"]
        else:
            return node, file


def is_fact(path: str) -> bool:
    node, file = open_up(schema("description.schema.json"), "description.schema.json")
    for name in path.split("."):
        if name not in node.get("properties", {}):
            return False
        node, file = open_up(node["properties"][name], file)
    return True


@each_check
def test_every_fact_is_in_the_schema(check: Mapping[str, Any]) -> None:
    assert [path for path in check["facts"] if not is_fact(path)] == []


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("log_stores.retention.days", True),
        ("licence.attachments.server_location.city", True),
        ("corporate_events.filings.submitted_at", True),
        ("security_staff_required", True),
        ("log_stores.retention.weeks", False),
        ("log_store", False),
        ("licence.number.year", False),
    ],
)
def test_paths_are_followed_through_the_schemas(path: str, *, known: bool) -> None:
    assert is_fact(path) is known


# --- the policies ------------------------------------------------------------------------------


@pytest.mark.parametrize("check", DECIDED, ids=lambda check: check["check"])
def test_what_is_decided_is_an_obligation(check: Mapping[str, Any]) -> None:
    assert check["rule"] in OBLIGATIONS
    obligation = OBLIGATIONS[check["rule"]]
    for key in ("kind", "level", "basis", "title"):
        assert check[key] == obligation[key], key


@pytest.mark.parametrize("rule", OBLIGATIONS)
def test_every_obligation_is_in_the_table_as_decided(rule: str) -> None:
    assert rule in {check["rule"] for check in DECIDED}


def test_there_is_something_decided() -> None:
    assert {"LIC", "SP02", "SP09", "SP12", "SP14"} <= {c["rule"].split("/")[0] for c in DECIDED}


FACT_FIELDS = (
    *("fact", "with", "also", "oldest", "since", "first", "then"),
    *("page", "text", "shows", "stated", "stated_by", "unit", "no_fewer_than"),
    *("document", "organisation", "sites", "not_after", "earlier", "later", "last"),
)
"""The fields of an obligation that are the path of one fact."""


def named_facts(obligation: Mapping[str, Any]) -> set[str]:
    """The facts that an obligation names, as paths from the root."""
    base = _path(obligation.get("each", ""), "")
    names = {_path(obligation[f], base) for f in FACT_FIELDS if isinstance(obligation.get(f), str)}
    for condition in ("where", "require"):
        names |= set(_tested(obligation.get(condition, {}), base))
    for clause, key in (("within", "after"), ("before", "of")):
        paths = obligation.get(clause, {}).get(key, [])
        names |= {_path(path, base) for path in (paths if isinstance(paths, list) else [paths])}
    if "by" in obligation:
        records = _path(obligation["by"], "")
        names |= {_path(obligation["covers"], records)}
        names |= set(_tested(obligation.get("by_where", {}), records))
        names |= set(_belonging(obligation, records, base))
    for day in (*(obligation.get(name) for name in ("done", "first", "then")), *_every(obligation)):
        names |= set(_done(day, base))
    if "serving" in obligation:
        names |= {_path(obligation["serving"]["by"], base), "services.features"}
    return names | set(_joined(obligation, base))


def _every(obligation: Mapping[str, Any]) -> list[Any]:
    """The days that a recurring duty runs from."""
    return [obligation.get("every", {}).get(name) for name in ("since", "restart")]


def _path(path: str, base: str) -> str:
    while path.startswith("../"):
        base, path = base.rpartition(".")[0], path[3:]
    if path.startswith("/"):
        return path[1:].replace("/", ".")
    return f"{base}.{path}" if base else path


def _tested(condition: Any, base: str) -> Iterator[str]:
    """The facts that a condition tests; below a keyword stand conditions or plain values."""
    if isinstance(condition, list):
        for part in condition:
            yield from _tested(part, base)
    elif isinstance(condition, dict):
        for name, test in condition.items():
            if name in KEYWORDS:
                yield from _tested(test, base)
            elif name != "parameter":
                deeper = list(_tested(test, _path(name, base)))
                yield from deeper or [_path(name, base)]


def _done(done: Any, base: str) -> Iterator[str]:
    if isinstance(done, str):
        yield _path(done, base)
    elif done:
        records = _path(done["first"], base)
        yield _path(done["at"], records)
        yield from _tested(done.get("where", {}), records)


def _joined(obligation: Mapping[str, Any], base: str) -> Iterator[str]:
    """The facts of records joined by ``with`` or gathered by ``records``."""
    other = obligation.get("with")
    if isinstance(other, dict):
        records = _path(other["records"], "")
        yield from (_path(other["joined_by"], records), _path(other["fact"], records))
        yield from _belonging(obligation, records, base)
    if "records" in obligation:
        records = _path(obligation["records"], base)
        yield from (_path(obligation[key], records) for key in ("at", "year") if key in obligation)
        yield from _tested(obligation.get("records_where", {}), records)


def _belonging(obligation: Mapping[str, Any], records: str, base: str) -> Iterator[str]:
    """The facts that tell which records are a subject's, and when they run."""
    join = obligation.get("joined_by")
    if isinstance(join, dict):
        yield from (_path(join["record"], records), _path(join["subject"], base))
    if "unit" in obligation:
        yield _path(obligation["unit"], records)
    for name, start in (("from", records), ("until", records), ("on", base), ("since", base)):
        written = obligation.get("in_force", {}).get(name, [])
        yield from (_path(p, start) for p in (written if isinstance(written, list) else [written]))


@pytest.mark.parametrize("check", DECIDED, ids=lambda check: check["check"])
def test_the_table_names_every_fact_that_the_rule_names(check: Mapping[str, Any]) -> None:
    for name in named_facts(OBLIGATIONS[check["rule"]]):
        assert any(f"{path}.".startswith(f"{name}.") for path in check["facts"]), name


@pytest.mark.parametrize(
    ("obligation", "names"),
    [
        (
            {"each": "renewal", "where": {"intention": {"enum": ["renew"]}}, "done": "applied_on"},
            {"renewal.intention", "renewal.applied_on"},
        ),
        (
            {"each": "sites", "fact": "operator.name", "with": "/licence/holder"},
            {"sites.operator.name", "licence.holder"},
        ),
        (
            {"each": "logs", "require": {"fields": {"allOf": [{"some": "a"}, {"some": {"b": 1}}]}}},
            {"logs.fields.b"},
        ),
        (
            {"each": "x", "done": {"first": "filings", "where": {"kind": "a"}, "at": "on"}},
            {"x.filings.kind", "x.filings.on"},
        ),
        (
            {
                "each": "x.y",
                "every": {"years": 1, "since": "a", "restart": {"first": "../z", "at": "b"}},
                "records": "../r",
                "records_where": {"d": True},
                "at": "c",
            },
            {"x.y.a", "x.z.b", "x.r.d", "x.r.c"},
        ),
    ],
)
def test_the_facts_that_an_obligation_names(obligation: Mapping[str, Any], names: set[str]) -> None:
    assert named_facts(obligation) == names
