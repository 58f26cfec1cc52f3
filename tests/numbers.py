"""Numbers as they are given out, for tests that look for them."""

from __future__ import annotations

from hypothesis import strategies as st

from pytest_icp.law.numbers import Numbers

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
CATEGORIES = ["A1", "A2", "B1", "B2"]
SERIALS = st.builds("{}{:04}".format, st.integers(1995, 2035), st.integers(0, 9999))
LICENCES = st.builds(
    "{}{}-{}".format,
    st.sampled_from([*PROVINCES, "合字", ""]),
    st.sets(st.sampled_from(CATEGORIES), min_size=1).map(lambda some: ".".join(sorted(some))),
    SERIALS,
)


def four(numbers: Numbers) -> tuple[list[str], ...]:
    return tuple(
        sorted(some)
        for some in (numbers.licences, numbers.certificates, numbers.filings, numbers.police)
    )
