"""Names in a sentence: the first of them, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_icp.law.text import Text

_SHOWN = 20


def listed(names: Sequence[str]) -> Text:
    """Return names with commas between them, a long list cut short."""
    shown, more = names[:_SHOWN], len(names) - _SHOWN
    zh = f" 等 {len(names)} 个" if more > 0 else ""
    en = f" and {more} more" if more > 0 else ""
    return Text(zh="、".join(shown) + zh, en=", ".join(shown) + en)
