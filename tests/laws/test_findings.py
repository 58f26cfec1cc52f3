"""A finding leads to the very element that it is about, whatever is hidden before it."""

from __future__ import annotations

import json

from hypothesis import given, reject

from pytest_icp import InputError, evaluate, load
from pytest_icp.authoring.strategies.trial import Document, value_at
from pytest_icp.facts.files.properties import property_at
from pytest_icp.law.jsontypes import tokens
from pytest_icp.rules.policy import part_id
from tests.laws.conftest import Court
from tests.laws.strategies import Situation, obligations, situations


@given(situations(changes=5))
def test_pointers_lead_to_the_subject(court: Court, situation: Situation) -> None:
    for rule, result in court.results(situation).items():
        for finding in result.findings:
            duty = obligations()[part_id(rule, finding.part)][1]
            each = tuple(duty.each.strip("/").replace("/", ".").split("."))
            names = tokens(finding.pointer)
            assert property_at("description", finding.pointer) is not None
            at, index = names[: len(each)], names[len(each) : len(each) + 1]
            # Of a list that is not known, the place is that of an element to write.
            known = situation.document.get(each[0]) is not None
            if known and at == each and index and index[0].isdecimal():
                element = value_at(situation.document, (*at, int(index[0])))
                assert element["id"] == finding.subject


@given(situations(changes=5))
def test_places_are_the_lines_of_the_subject(court: Court, situation: Situation) -> None:
    path = court.folder_of(situation.files) / "lines.icp.json"
    path.write_text(one_element_a_line(situation.document), "utf-8")
    lines = path.read_text("utf-8").splitlines()
    try:
        description = load(path, root=path.parent)
    except InputError:
        reject()
    for result in evaluate(description, as_of=situation.as_of):
        for finding in result.findings:
            names = tokens(finding.pointer)
            assert finding.location.path == path.name
            assert finding.location.line is not None
            line = lines[finding.location.line - 1]
            if len(names) > 1 and names[1].isdecimal() and situation.document.get(names[0]):
                element = situation.document[names[0]][int(names[1])]
                assert json.loads(line.rstrip(",")) == element


def one_element_a_line(document: Document) -> str:
    """Write a document so that each element of a list of subjects has a line of its own."""
    parts = []
    for name, value in document.items():
        key = json.dumps(name)
        if isinstance(value, list) and value:
            elements = ",\n".join(json.dumps(element) for element in value)
            parts.append(f"{key}: [\n{elements}\n]")
        else:
            parts.append(f"{key}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}"
