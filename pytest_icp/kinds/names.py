"""Names as people write them, and of whom they are (名称比对).

Spaces, brackets, width and traditional characters do not matter, and a branch (分公司) is no legal
person of its own: its name stands for the company.
"""

from __future__ import annotations

import re
import unicodedata

from pytest_icp.law.spellings import simplified

_BRACKETS = str.maketrans("【】〔〕[]{}「」『』", "()()()()()()")
_BRANCH = re.compile(r"(?<=公司)(?:\([^()]*分公司\)|[^()]*分公司|\([^()]*\)分公司)$")


def folded(name: str) -> str:
    """Return a name without spaces, with one kind of bracket, half-width, in lower case.

    Characters in their traditional form (繁体) are those of the same name.
    """
    half_width = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return simplified("".join(half_width.split()).casefold())


def plainly(name: str) -> str:
    """Return a name in normal form with single spaces, and nothing else changed."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def legal_person(name: str) -> str:
    """Return the folded name of the company, for that of a branch (分公司) of it as well."""
    return _BRANCH.sub("", folded(name))
