from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.facts.files.properties import members
from pytest_icp.facts.files.schema_files import schema_document
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.facts.roles import asked_of, group_of, groups, roles

TOP = [name for name in members("description", "").names if name not in NOT_FACTS]


def every_fact(path: str = "", depth: int = 0) -> Iterator[str]:
    """Every fact of the schema; what contains itself is followed a little way."""
    made_of = members("description", path)
    if depth and (not made_of.names or depth > 4):
        yield path
        return
    for name in made_of.names:
        if name not in NOT_FACTS:
            yield from every_fact(f"{path}.{name}".lstrip("."), depth + 1)


def test_somebody_knows_every_fact() -> None:
    facts = list(every_fact())
    assert len(facts) > 400
    assert [fact for fact in facts if asked_of(fact) not in roles()] == []


def test_each_role_knows_something() -> None:
    assert {asked_of(fact) for fact in every_fact()} == roles().keys()


def test_every_top_level_fact_is_in_a_group() -> None:
    assert [name for name in TOP if name != "licence_file" and group_of(name) not in groups()] == []


def test_what_is_said_of_an_object_is_said_of_what_is_in_it_unless_it_says_otherwise() -> None:
    assert asked_of("data_stores.location.country") == "engineering"
    assert asked_of("data_stores.processors.contract.document") == "legal"
    assert asked_of("sites.icp_filing.number") == "compliance"


def test_of_what_the_schema_does_not_know_nobody_is_asked() -> None:
    assert asked_of("no_such_thing.at_all") == ""
    assert group_of("no_such_thing") == ""


def test_reports_know_the_same_roles() -> None:
    finding = schema_document("finding")
    assert finding["properties"]["asked_of"]["enum"] == list(roles())


def test_names_are_in_both_languages() -> None:
    for names in (roles(), groups()):
        assert all(text.zh and text.en and text.zh != text.en for text in names.values())
