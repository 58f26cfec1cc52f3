"""A list of names in a sentence, cut short when it is long."""

from __future__ import annotations

from collections.abc import Collection

from pytest_icp.law.text import Text

_SHOWN = 20


def listed(names: Collection[str]) -> Text:
    """Join names with commas; of a long list, show the first and count the rest."""
    shown, more = list(names)[:_SHOWN], len(names) - _SHOWN
    zh = f" 等 {len(names)} 个" if more > 0 else ""
    en = f" and {more} more" if more > 0 else ""
    return Text(zh="、".join(shown) + zh, en=", ".join(shown) + en)
