"""Who knows a fact (知情岗位), and what belongs together (分组), as the schema's marks say.

``x-icp-asked-of`` is said of an object or a list for all facts in it, and again where one differs;
``x-icp-group`` of each top-level fact. Their names in both languages are ``x-icp-roles`` and
``x-icp-groups`` of the schema itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pytest_icp.facts.files.properties import bilingual, mark
from pytest_icp.facts.files.schema_files import schema_document
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.text import Text

ENGINEERING = "engineering"
"""The role that knows what is deployed."""

DEPLOYED = "deployed"
"""The group of what is deployed and the licence; which facts are in it follows from who knows."""


def roles() -> Mapping[str, Text]:
    """Return the roles with their names, in the order in which they are listed."""
    return _named("x-icp-roles")


def groups() -> Mapping[str, Text]:
    """Return the groups with what they are about, in the order in which they are listed."""
    return _named("x-icp-groups")


@cache
def _named(keyword: str) -> Mapping[str, Text]:
    return {name: bilingual(words) for name, words in schema_document(SCHEMA)[keyword].items()}


@cache
def asked_of(path: str) -> str:
    """Return the role that knows the fact at a dotted path; empty where nobody is named."""
    names = path.split(".")
    nearest_first = (".".join(names[:end]) for end in range(len(names), 0, -1))
    marks = (mark(SCHEMA, each, "x-icp-asked-of") for each in nearest_first)
    return next((one for one in marks if isinstance(one, str)), "")


def group_of(path: str) -> str:
    """Return the group of the top-level fact that a dotted path begins with; empty if none."""
    return _group_of(path.partition(".")[0])


@cache
def _group_of(name: str) -> str:
    found = mark(SCHEMA, name, "x-icp-group")
    return found if isinstance(found, str) else ""
