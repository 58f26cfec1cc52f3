from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.facts.files.properties import members
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


def test_every_top_level_fact_is_in_a_group() -> None:
    assert [name for name in TOP if name != "licence_file" and group_of(name) not in groups()] == []
