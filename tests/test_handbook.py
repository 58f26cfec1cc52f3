"""The generated pages of ``docs/`` say what the policies, and the tables of types, say."""

from __future__ import annotations

import yaml
from handbook.legal_notes import OPEN
from handbook.pages import pages

from pytest_icp.kinds.policies import default_policies


def test_each_page_is_what_it_is_made_from() -> None:
    """One test: pages take seconds, and to know them beforehand each worker would make them."""
    stale = [path.name for path, text in pages() if path.read_text(encoding="utf-8") != text]
    assert not stale, "run python docs/handbook"


def test_what_is_open_belongs_to_a_provision_and_is_said_in_both_languages() -> None:
    known = {policy.id for policy in default_policies()}
    data = yaml.safe_load(OPEN.read_text("utf-8"))
    for entries in (data["duties"], data["questions"]):
        for entry in entries:
            assert set(entry.pop("provisions")) <= known
            assert all(
                text.keys() == {"zh", "en"} and all(text.values()) for text in entry.values()
            )


def test_of_each_text_that_is_cited_it_is_said_once_how_much_was_read() -> None:
    rules = [rule for policy in default_policies() for rule in policy.obligations]
    cited = {citation.statute.zh for rule in rules for citation in rule.cites}
    read = yaml.safe_load(OPEN.read_text("utf-8"))["texts"]
    named = [name for names in read.values() for name in names]
    assert sorted(named) == sorted(cited)
