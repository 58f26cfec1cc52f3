from __future__ import annotations

import json
import re
from pathlib import Path

import html5lib
import pytest
from cmarkgfm import github_flavored_markdown_to_html
from msgspec.structs import replace

from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import Text
from pytest_icp.plugin.runs import rule_pages
from pytest_icp.reports.html import html
from pytest_icp.reports.markdown import comment, markdown
from pytest_icp.reports.sarif import sarif, sarif_for_github
from tests.runs import RUN, VIOLATED

SITE = "https://docs.example.com/icp"
POLICIES = default_policies()
OWN = replace(POLICIES[0], path=Path("/elsewhere/OWN.yaml"))
PAGE = f"{SITE}/en/rules/SP12/renewal.html"
LINKED = replace(RUN, docs_url=SITE, pages={VIOLATED.rule_id: PAGE})


def test_each_rule_of_the_package_has_a_page_in_the_language_of_the_run() -> None:
    pages = rule_pages(SITE, POLICIES, "en")
    assert pages["SP12/renewal"] == PAGE
    assert set(pages) == {rule.rule_id for one in POLICIES for rule in one.obligations}
    for language in ("zh", "both"):
        pages = rule_pages(SITE, POLICIES, language)
        assert pages["LIC/valid"] == f"{SITE}/zh/rules/LIC/valid.html"


def test_a_rule_of_ones_own_has_none() -> None:
    assert rule_pages(SITE, [OWN], "en") == {}
    assert rule_pages("", POLICIES, "en") == {}


@pytest.mark.parametrize("render", [sarif, sarif_for_github])
def test_sarif_leads_to_the_page(render: object) -> None:
    (run,) = json.loads(render(LINKED))["runs"]  # type: ignore[operator]
    told = {rule["id"]: rule.get("helpUri") for rule in run["tool"]["driver"]["rules"]}
    assert told.pop(VIOLATED.rule_id) == PAGE
    assert set(told.values()) == {None}
    assert run["tool"]["driver"]["informationUri"] == SITE


@pytest.mark.parametrize("render", [markdown, comment])
def test_markdown_leads_to_the_page(render: object) -> None:
    page = html5lib.parse(
        github_flavored_markdown_to_html(render(LINKED)),  # type: ignore[operator]
        namespaceHTMLElements=False,
    )
    links = [(link.get("href"), link.text) for link in page.iter("a")]
    assert (PAGE, VIOLATED.rule_id) in links
    assert {href for href, _ in links} == {PAGE}


@pytest.mark.parametrize("render", [sarif, markdown, comment, html])
def test_without_a_site_no_report_has_a_link(render: object) -> None:
    text = render(RUN)  # type: ignore[operator]
    assert "helpUri" not in text
    assert "informationUri" not in text
    assert not re.search(r"""\]\(https?:|href=["']?https?:""", text)


def test_a_page_is_that_of_the_rule_and_not_of_its_words() -> None:
    """A title that looks like a link does not become one beside the link that is meant."""
    tricked = replace(VIOLATED, title=Text("](https://evil.example)", "](https://evil.example)"))
    text = markdown(replace(LINKED, results=(tricked,)))
    page = html5lib.parse(github_flavored_markdown_to_html(text), namespaceHTMLElements=False)
    assert {link.get("href") for link in page.iter("a")} == {PAGE}
