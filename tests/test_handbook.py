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
    for entries in yaml.safe_load(OPEN.read_text("utf-8")).values():
        for entry in entries:
            assert set(entry.pop("provisions")) <= known
            assert all(
                text.keys() == {"zh", "en"} and all(text.values()) for text in entry.values()
            )
