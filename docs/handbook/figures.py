"""What people write and would have to count or list again: rules, provisions, kinds of sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from handbook.markdown import Lang
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.policy import Policy
from pytest_icp.sources.loading import KINDS

ROOT = Path(__file__).parents[2]

SAID: dict[Lang, dict[str, str]] = {
    "en": {
        "README.md": "turns them into {rules} pytest items",
        "docs/guides/scope.md": "All {rules} checks of {provisions} provisions",
        "docs/guides/compliance-officer.md": "taken apart into {printed} rules",
    },
    "zh": {
        "README.zh.md": "把这些要求变成{rules}个 pytest 测试项",
        "docs/guides/scope.zh.md": "{provisions} 条规定共 {rules} 项检查",
        "docs/guides/compliance-officer.zh.md": "被拆成{printed}项可以逐项核对的规则",
    },
}
"""The sentence of each page that has figures."""

TABLE = re.compile(r"(?:^\| `[A-Z]+[0-9-]*` \|.*\n)+", re.MULTILINE)
"""The rows of the table of provisions."""


SOURCES: dict[Lang, str] = {"en": ".md", "zh": ".zh.md"}
"""How the names of the pages of the kinds of sources end."""

LISTED = re.compile(r"(?:^\| \[`[a-z-]+`\]\(.*\n)+", re.MULTILINE)
"""The rows of the table of the kinds of sources."""


def pages() -> Iterator[tuple[Path, str]]:
    """Return each page that has figures, with those of today.

    Raises `ValueError` where a page says its sentence otherwise.
    """
    policies = default_policies()
    rules = {policy.id: len(policy.obligations) for policy in policies}
    figures = {
        "rules": sum(rules.values()),
        "provisions": len(rules),
        "printed": sum(rules[policy.id] for policy in policies if policy.is_printed),
    }
    for lang, said in SAID.items():
        for name, sentence in said.items():
            path = ROOT / name
            text = path.read_text(encoding="utf-8")
            if "/scope" in name:
                text = TABLE.sub(_rows(policies, lang), text, count=1)
            yield path, _with(text, sentence, figures)
        yield _list_of_sources(SOURCES[lang])


def _with(text: str, sentence: str, figures: dict[str, int]) -> str:
    written = re.sub(r"\\\{\w+\\\}", "[0-9]+", re.escape(sentence))
    text, found = re.subn(written, sentence.format(**figures), text)
    if found != 1:
        raise ValueError(f"no page says “{sentence}” once")
    return text


def _rows(policies: tuple[Policy, ...], lang: Lang) -> str:
    return "".join(
        f"| `{policy.id}` | {policy.title[lang]} | {len(policy.obligations)} |\n"
        for policy in policies
    )


def _list_of_sources(ending: str) -> tuple[Path, str]:
    """Return the list of the kinds of sources, with the title of each page; a new one is last."""
    folder = ROOT / "docs" / "sources"
    path = folder / f"README{ending}"
    text = path.read_text(encoding="utf-8")
    listed = dict.fromkeys(re.findall(r"^\| \[`([a-z-]+)`\]", text, re.MULTILINE))
    rows = []
    for kind in (one for one in {**listed, **KINDS} if one in KINDS):
        title = (folder / f"{kind}{ending}").read_text(encoding="utf-8").partition("\n")[0]
        rows.append(f"| [`{kind}`]({kind}{ending}) | {title.removeprefix('# ')} |\n")
    return path, LISTED.sub("".join(rows), text, count=1)
