"""Environments by the names of folders, files and namespaces (环境)."""

from __future__ import annotations

import re
from collections.abc import Iterable

NOT_PRODUCTION = frozenset(
    {
        *("dev", "develop", "development", "local", "sandbox", "demo", "override"),
        *("test", "testing", "qa", "sit", "uat", "staging", "stage", "stg", "pre", "preprod"),
    }
)
"""What people call environments that serve no public."""

_KNOWN = {"prod", "production", "prd"} | NOT_PRODUCTION


def environment_in(names: Iterable[str]) -> str:
    """Return the first word in some names that is called like an environment, or nothing."""
    words = (word for name in names for word in re.split(r"[\W_]+", name.lower()))
    return next((word for word in words if word in _KNOWN), "")
