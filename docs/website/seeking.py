"""What the search knows beside the words of a page: what people call it, and how much it weighs."""

from __future__ import annotations

import math
import posixpath
import re
from collections import Counter, defaultdict
from pathlib import Path

import yaml

from pytest_icp.law.text import Text
from website.text import Pages

WORDS = Path(__file__).with_name("words.yaml")

_WEIGHTS = {"guides/": 1.5, "sources/": 1.2, "rules/": 1.1, "facts/": 0.8, "project/": 0.7}
_ALONE = 1.3
"""Guides come before facts; a page that stands in no folder is one to read, like a guide."""

_LINK = re.compile(r"\]\(([^)#:\s]+)\.md[)#]")


def called() -> dict[str, list[Text]]:
    """Return what people call the subject of a page in everyday language, by its name."""
    words: dict[str, list[Text]] = defaultdict(list)
    for row in yaml.load(WORDS.read_text("utf-8"), Loader=yaml.CSafeLoader):
        for name in [*(f"rules/{rule}" for rule in row.get("rules", ())), *row.get("pages", ())]:
            words[name].append(Text(row["zh"], row["en"]))
    return words


def weights(pages: Pages) -> dict[str, float]:
    """Return how much each page weighs: by what it is, and a little by how many lead to it."""
    used = Counter(
        posixpath.normpath(posixpath.join(posixpath.dirname(name), to))
        for name, text in pages.items()
        for to in set(_LINK.findall(text))
    )
    return {name: round(_weight(name) * (1 + math.log1p(used[name]) / 20), 3) for name in pages}


def _weight(name: str) -> float:
    alone = 1.0 if "/" in name else _ALONE
    return next((weight for start, weight in _WEIGHTS.items() if name.startswith(start)), alone)
