"""The published policies: faithful to the licence, whole, bilingual, and readable by the product.

Everything here is asked of every policy file alike; a new provision is tested by being there.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
import pytest
from referencing import Registry, Resource

from pytest_icp.facts.files.source import read_source
from tests.helpers import for_each

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ROOT / "policies"
SCHEMAS = ROOT / "schemas"
NOT_POLICIES = {"statutes.yaml", "parameters.yaml", "contradictions.yaml", "practice.yaml"}

PRINTED = {
    "LIC": "3b1410cc",
    "SP01": "a3e36014",
    "SP02": "e247a659",
    "SP03": "d0a1406d",
    "SP04": "b459b13a",
    "SP05": "ba830c81",
    "SP06": "42203315",
    "SP07": "b03f8169",
    "SP08": "8e2651a2",
    "SP09": "168a7f6f",
    "SP10": "e12dd45e",
    "SP11": "e04c2489",
    "SP12": "878ac416",
    "SP13": "39a8dc60",
    "SP14": "d0253ebc",
    "SP15-01": "76cdda49",
    "SP15-02": "c942df2b",
    "SP15-03": "87e285c0",
    "SP15-04": "a215cbed",
    "SP15-05": "14888a5d",
    "SP15-06": "0c37e525",
    "SP15-07": "076a648d",
    "SP15-08": "37bb7a2c",
    "SP15-09": "ab405519",
    "SP15-10": "21e815e8",
    "SP15-11": "4c72c1fc",
    "SP15-12": "549cbbd3",
    "SP15-13": "8ca7023d",
    "SP15-14": "de055d44",
}
"""The first eight hex digits of the SHA-256 of each provision as the licence prints it; of its main
and attached page, which every holder's has filled in otherwise, the form alone."""


def _read(path: Path) -> Any:
    return read_source(path).data


FILES = sorted(p for p in POLICIES.rglob("*.yaml") if p.name not in NOT_POLICIES)
DOCUMENTS: dict[Path, Any] = {path: _read(path) for path in FILES}
CITATIONS = {c["id"]: c for c in _read(POLICIES / "statutes.yaml")["citations"]}
PARAMETERS = {p["id"]: p for p in _read(POLICIES / "parameters.yaml")["parameters"]}
FRAME = {*_read(ROOT / "schemas" / "policy.schema.json")["$defs"]["Part"]["properties"]}
"""The fields that obligations of every kind have."""


def _parts(obligation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is decided of a rule, with all its fields: its parts, or itself."""
    if "parts" not in obligation:
        yield obligation["id"], obligation
    for part in obligation.get("parts", ()):
        shared = {name: value for name, value in obligation.items() if name != "parts"}
        if part.get("kind", shared["kind"]) != shared["kind"]:
            shared = {name: value for name, value in shared.items() if name in {*FRAME, "id"}}
        if part.get("basis", shared["basis"]) != shared["basis"]:
            shared = {k: value for k, value in shared.items() if k not in {"quote", "cites"}}
        yield f"{obligation['id']}#{part['name']}", {**shared, **part}


OBLIGATIONS = {
    f"{document['id']}/{name}": (document, part)
    for document in DOCUMENTS.values()
    for obligation in document["obligations"]
    for name, part in _parts(obligation)
}
"""What is decided by itself: rules without parts, and the parts of the others."""

of_every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
of_every_rule = for_each("rule", OBLIGATIONS)
of_every_citation = for_each("name", CITATIONS)
of_every_parameter = for_each("name", PARAMETERS)


# ── the schemas ─────────────────────────────────────────────────────────────────────────────


def _schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))


def _verdicts(name: str, document: object) -> tuple[bool, bool]:
    """Say what each of the two validators thinks of a document."""
    schema = _schema(name)
    careful = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    fast = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return careful.is_valid(document), fast.is_valid(document)


def _example(kind: str) -> dict[str, Any]:
    """Return a valid policy with one obligation of a kind, from the schema's own examples."""
    schema = _schema("policy")
    policy: dict[str, Any] = copy.deepcopy(schema["examples"][0])
    known = policy["obligations"][0]
    common = {key: known[key] for key in ("id", "title", "meaning", "quote", "fix", "level")}
    # A condition is something else in the schema, and its kind has another name there.
    name = kind.capitalize()
    fields = schema["$defs"].get(f"{name}Kind", schema["$defs"][name])["examples"][0]
    policy["obligations"] = [{**common, "basis": "licence", "cites": ["licence"], **fields}]
    return policy


def test_a_rule_of_ones_own_needs_neither_quote_nor_law() -> None:
    policy = _example("condition")
    rule = policy["obligations"][0]
    rule["basis"] = "own"
    assert _verdicts("policy", policy) == (False, False), "it is not the licence that says so"
    del rule["cites"]
    assert _verdicts("policy", policy) == (True, True)
    del rule["quote"]
    assert _verdicts("policy", policy) == (True, True)
    rule["cites"] = ["mit42-27"]
    assert _verdicts("policy", policy) == (True, True)


@pytest.mark.parametrize("basis", ["licence", "statute"])
def test_any_other_rule_cites_its_law(basis: str) -> None:
    policy = _example("condition")
    rule = policy["obligations"][0]
    rule["basis"] = basis
    if basis == "statute":
        del rule["quote"]
    assert _verdicts("policy", policy) == (True, True)
    del rule["cites"]
    assert _verdicts("policy", policy) == (False, False)


KINDS = _schema("policy")["$defs"]["Obligation"]["properties"]["kind"]["enum"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_valid_example(kind: str) -> None:
    assert _verdicts("policy", _example(kind)) == (True, True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_misspelt_field_of_any_kind_is_refused(kind: str) -> None:
    policy = _example(kind)
    policy["obligations"][0]["wheer"] = {"production": True}
    assert _verdicts("policy", policy) == (False, False)


@pytest.mark.parametrize("kind", KINDS)
def test_the_fields_of_another_kind_are_refused(kind: str) -> None:
    policy = _example(kind)
    policy["obligations"][0].update({"organisation": "x", "exists": "y", "page": "z"})
    assert _verdicts("policy", policy) == (False, False)


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": "deadlines"},
        {"basis": "statute"},
        {"basis": "habit"},
        {"level": "optional"},
        {"cites": []},
        {"cites": ["licence", "licence"]},
        {"id": "Renewal"},
        {"each": "renewal..x"},
        {"before": {"days": 90}},
        {"before": {"days": 90, "months": 3, "of": "valid_until"}},
        {"before": {"working_days": 90, "of": "valid_until"}},
        {"before": {"days": -1, "of": "valid_until"}},
        {"before": {"days": "90", "of": "valid_until"}},
        {"within": {"days": 30, "after": "changed_on"}},
        {"done": {"at": "submitted_at"}},
        {"where": {"intention": None}},
        {"where": {"intention": {"oneOf": ["renew"]}}},
        {"where": {"intention": {"const": None}}},
        {"where": {"intention": {"enum": []}}},
        {"where": {"$ref": "#"}},
        {"where": {"anyOf": []}},
        {"applies": {}},
        {"applies": {"items": ["B99"]}},
        {"quote": {"zh": "应当提前90日"}},
    ],
    ids=lambda damage: json.dumps(damage, ensure_ascii=False),
)
def test_a_damaged_obligation_is_refused(damage: dict[str, Any]) -> None:
    policy = _example("dated")
    policy["obligations"][0].update(damage)
    assert _verdicts("policy", policy) == (False, False)


@pytest.mark.parametrize("missing", ["id", "title", "meaning", "fix", "quote", "kind", "cites"])
def test_an_obligation_lacks_nothing(missing: str) -> None:
    policy = _example("dated")
    del policy["obligations"][0][missing]
    assert _verdicts("policy", policy) == (False, False)


def _examples(schema: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield every schema inside a schema that carries examples, with each of them."""
    if isinstance(schema, list):
        for i, part in enumerate(schema):
            yield from _examples(part, f"{where}/{i}")
    if isinstance(schema, dict):
        # Inside `properties` the word is a property's name.
        if isinstance(schema.get("examples"), list):
            yield from ((where, schema, example) for example in schema["examples"])
        for key, part in schema.items():
            if key not in {"examples", "const", "enum"}:
                yield from _examples(part, f"{where}/{key}")


@pytest.mark.parametrize("name", ["policy", "statutes", "parameters"])
def test_the_examples_in_the_schemas_are_valid(name: str) -> None:
    whole, policy = _schema(name), Resource.from_contents(_schema("policy"))
    beside = Registry[Any]().with_resource("policy.schema.json", policy)
    for where, part, example in _examples(whole):
        alone = {**part, "$defs": whole["$defs"], "$schema": whole["$schema"]}
        assert jsonschema.Draft202012Validator(alone, registry=beside).is_valid(example), where


# ── words ───────────────────────────────────────────────────────────────────────────────────


def _digest(words: str) -> str:
    lines = [line for line in words.splitlines() if line]
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()[:8]


@of_every_file
def test_the_words_are_those_of_the_licence(path: Path) -> None:
    document = DOCUMENTS[path]
    bases = {one["basis"] for policy, one in OBLIGATIONS.values() if policy is document}
    if bases & {"licence", "both"}:
        assert _digest(document["text"]["zh"]) == PRINTED[document["id"]]
    else:
        assert document["id"] not in PRINTED


def test_the_form_of_the_licence_is_printed_without_what_one_holder_has_in_it() -> None:
    (form,) = (document for document in DOCUMENTS.values() if document["id"] == "LIC")
    paper = _folded((ROOT / "tests" / "data" / "paper" / "licence.txt").read_text("utf-8"))
    for line in form["text"]["zh"].split("\n"):
        assert _folded(line.removeprefix("（公司名称）")) in paper, line
    licence = _read(ROOT / "examples" / "etaoche" / "licence.yaml")
    of_one_holder = [licence[key] for key in ("number", "holder", "legal_representative")]
    printed = "".join(path.read_text("utf-8") for path in FILES)
    assert [word for word in of_one_holder if word in printed] == []


def _folded(text: str) -> str:
    """Return text without spaces and colons, which the form has at other places."""
    return re.sub(r"[\s:：]", "", text)


@of_every_file
def test_a_provision_begins_with_its_number(path: Path) -> None:
    document = DOCUMENTS[path]
    if re.fullmatch("SP[0-9]{2}", document["id"]):
        assert document["text"]["zh"].startswith(f"{document['article']}、你公司")
        assert document["text"]["zh"].endswith("。")
        number = int(document["id"].removeprefix("SP"))
        assert document["text"]["en"].startswith(f"{number}. ")


def _texts(value: Any, where: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        yield where, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, f"{where}/{key}")
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from _texts(part, f"{where}/{i}")


_HAN = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("path", sorted(POLICIES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_everything_is_said_in_both_languages(path: Path) -> None:
    for where, words in _texts(_read(path)):
        assert _HAN.search(words["zh"]), where
        assert re.search("[A-Za-z]{2}", words["en"]), where
        assert words["zh"].strip() != words["en"].strip(), where
        assert words["zh"] == words["zh"].strip(), where
        assert words["en"] == words["en"].strip(), where


@of_every_rule
def test_a_meaning_and_a_remedy_are_sentences(rule: str) -> None:
    _, obligation = OBLIGATIONS[rule]
    for name in ("meaning", "fix"):
        assert obligation[name]["zh"].endswith("。")
        assert obligation[name]["en"].endswith(".")
    assert not obligation["title"]["zh"].endswith("。")
    assert not obligation["title"]["en"].endswith(".")


_RULE = re.compile("(?:EVID|LIC|SP[0-9]{2}(?:-[0-9]{2})?)/[a-z0-9-]+(?:#[a-z0-9-]+)?")
_IN_CHINESE = re.compile("[a-z_]{2,}")
_IN_ENGLISH = re.compile("[a-z]+_[a-z_]+|[a-z]+[.][a-z]")
_SIGNS = set("`^$*|{}[]<>") | {chr(92)}


def _sentences(document: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what a policy says in words of its own."""
    for where, words in _texts(document):
        if not where.endswith(("/text", "/quote")):
            yield where, {lang: _RULE.sub("", said) for lang, said in words.items()}


@of_every_file
def test_a_sentence_names_facts_by_their_titles(path: Path) -> None:
    for where, words in _sentences(DOCUMENTS[path]):
        assert not _IN_CHINESE.search(words["zh"]), where
        assert not _IN_ENGLISH.search(words["en"]), where
        assert not _SIGNS & {*words["zh"], *words["en"]}, where


@of_every_rule
def test_a_remedy_deletes_no_evidence(rule: str) -> None:
    _, obligation = OBLIGATIONS[rule]
    assert not re.search("清单.?删|中删[去除]|删除(该|有害)", obligation["fix"]["zh"])
    assert not re.search("from the list|remove it from", obligation["fix"]["en"])


# ── law ─────────────────────────────────────────────────────────────────────────────────────


@of_every_rule
def test_a_duty_rests_on_the_licence_or_on_words_of_the_law(rule: str) -> None:
    _, obligation = OBLIGATIONS[rule]
    if obligation["basis"] == "licence":
        assert obligation["cites"][0] == "licence"
    elif obligation["basis"] == "own":
        assert "licence" not in obligation.get("cites", ())
    else:
        assert "licence" not in obligation["cites"]
        first = CITATIONS[obligation["cites"][0]]
        assert all("quote" in version for version in first["versions"])


@of_every_citation
def test_what_was_read_is_quoted(name: str) -> None:
    for version in CITATIONS[name]["versions"]:
        assert ("quote" in version) == (version["confidence"] != "unverified")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("csl-logs", "第二十一条第三项", "第二十三条第三项"),
        ("csl-illegal-content", "第四十七条", "第四十九条"),
        ("csl-cooperation", "第四十九条第二款", "第五十一条第二款"),
        ("csl-logs-fine", "第五十九条第一款", "第六十一条第一款"),
        ("csl-illegal-content-fine", "第六十八条第一款", "第六十九条第一款"),
    ],
)
def test_the_cybersecurity_law_is_renumbered_in_2026(name: str, before: str, after: str) -> None:
    old, new = CITATIONS[name]["versions"]
    assert (old["article"]["zh"], old["effective_to"]) == (before, "2025-12-31")
    assert (new["article"]["zh"], new["effective_from"]) == (after, "2026-01-01")


# ── numbers ─────────────────────────────────────────────────────────────────────────────────


LENGTHS = ("within", "ahead", "lasts", "at_most", "every", "reaches")


def _named(value: Any) -> Iterator[str]:
    """Yield every parameter that a policy names."""
    if isinstance(value, dict):
        if value.get("kind") == "dated":
            yield from (value[name] for name in LENGTHS if isinstance(value.get(name), str))
        if value.keys() == {"parameter"}:
            yield value["parameter"]
        else:
            for part in value.values():
                yield from _named(part)
    elif isinstance(value, list):
        for part in value:
            yield from _named(part)


TIMES = {"minutes", "hours", "days", "working_days", "months", "years", "calendar_years"}
OURS = {"default", "unverified"}


MANDATORY = [rule for rule, (_, one) in OBLIGATIONS.items() if one["level"] == "mandatory"]


def _times_written_out(value: Any) -> Iterator[int]:
    """Yield every length of time that a rule gives as a number of its own."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name in TIMES and isinstance(part, int):
                yield part
            else:
                yield from _times_written_out(part)
    elif isinstance(value, list):
        for part in value:
            yield from _times_written_out(part)


@for_each("rule", MANDATORY)
def test_what_is_mandatory_rests_on_no_number_of_our_own(rule: str) -> None:
    _, obligation = OBLIGATIONS[rule]
    values = [value for name in _named(obligation) for value in PARAMETERS[name]["values"]]
    assert not {value["confidence"] for value in values} & OURS
    # 0 and 1 are the day itself and the day after it; any other number has a source.
    assert set(_times_written_out(obligation)) <= {0, 1}


@of_every_parameter
def test_a_number_that_the_law_fixes_names_its_article(name: str) -> None:
    for value in PARAMETERS[name]["values"]:
        assert value["confidence"] == "default" or (value["article"] and value["from"])


def test_every_kind_of_regulated_content_is_listed() -> None:
    words = _schema("description")["$defs"]["RegulatedContent"]["enum"]
    listed = {value["value"] for value in PARAMETERS["p15.1.preapprovals"]["values"]}
    assert listed == {*words} - {None}
