"""Where the site of the manual explains each rule (规则页面的地址)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pytest_icp.reports.words import Language
from pytest_icp.rules.policy import Policy


def rule_pages(
    site: str, policies: Iterable[Policy], shipped: Path, language: Language
) -> Mapping[str, str]:
    """Return the address of the page of each rule that the package ships; none without a site.

    Rules of one's own, whose policies are not in the folder ``shipped``, have no page there. A run
    in both languages leads to the page in Chinese, the language of the licence.
    """
    if not site:
        return {}
    lang = "en" if language == "en" else "zh"
    return {
        rule.rule_id: f"{site}/{lang}/rules/{rule.rule_id}.html"
        for policy in policies
        if policy.path.is_relative_to(shipped)
        for rule in policy.obligations
    }
