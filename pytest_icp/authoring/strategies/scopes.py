"""Strategies for what a licence prints: its number, and the scope of its business."""

from __future__ import annotations

from hypothesis import strategies as st

from pytest_icp.law.catalogue import INTERNET_ITEMS
from pytest_icp.law.scope import render_scope

_ISSUERS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CATEGORIES = ("B2", "B1", "A2", "A1")
_CONTENT = ("新闻", "出版", "药品和医疗器械", "互联网视听节目", "网络文化")


@st.composite
def _numbers(draw: st.DrawFn) -> str:
    issuer = draw(st.sampled_from([*_ISSUERS, "合字"]))
    chosen = draw(st.sets(st.sampled_from(_CATEGORIES), min_size=1))
    year, serial = draw(st.integers(2000, 2030)), draw(st.integers(1, 9999))
    return f"{issuer}{'.'.join(sorted(chosen))}-{year}{serial:04}"


def licence_numbers() -> st.SearchStrategy[str]:
    """Return numbers of telecom licences (经营许可证编号) in their normal form.

    Examples shrink to ``京B2-20000001``.
    """
    return _numbers()


def scope_texts() -> st.SearchStrategy[str]:
    """Return scope texts (业务覆盖范围) of Internet information services, as licences print them.

    Each permits at least one of the five items, and may name pre-approved content.

    Examples shrink to a text that excludes nothing.
    """
    return st.builds(
        lambda excluded, content: render_scope(
            [code for code in INTERNET_ITEMS if code not in excluded], preapprovals=content
        ),
        st.sets(st.sampled_from(INTERNET_ITEMS), max_size=len(INTERNET_ITEMS) - 1),
        st.just([]) | st.lists(st.sampled_from(_CONTENT), unique=True, max_size=2),
    )
